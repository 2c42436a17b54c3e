"""The locks: complete, hashed, in step with each other and with the documents."""

from __future__ import annotations

import configparser
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
LOCKS = ("run", "dev", "compiler")


def pinned(name: str) -> dict[str, str]:
    """Version by package of one lock."""
    text = (ROOT / "requirements" / f"{name}.lock").read_text()
    return dict(re.findall(r"^([a-z0-9][\w.-]*)(?:\[[\w,]+\])?==([\w.]+)", text, re.MULTILINE))


def wanted(*extras: str) -> set[str]:
    """Packages that setup.cfg names for these extras, or without any."""
    setup = configparser.ConfigParser()
    setup.read(ROOT / "setup.cfg")
    texts = [setup["options"]["install_requires"]]
    texts += [setup["options.extras_require"][extra] for extra in extras]
    lines = "\n".join(texts).split("\n")
    return {re.split(r"[^\w.-]", line)[0].lower().replace("_", "-") for line in lines if line}


@pytest.mark.parametrize("name", LOCKS)
def test_every_pin_has_hashes_and_no_address(name: str) -> None:
    text = (ROOT / "requirements" / f"{name}.lock").read_text()
    assert pinned(name)
    for entry in re.split(r"\n(?=\S)", text.strip()):
        assert "--hash=sha256:" in entry, entry
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


def test_what_develops_also_runs() -> None:
    assert pinned("run").items() <= pinned("dev").items()


def test_the_locks_hold_what_setup_names() -> None:
    assert wanted("embedded") <= pinned("run").keys()
    assert wanted("embedded", "dev") <= pinned("dev").keys()
    assert pinned("compiler").keys() == {"ziglang"}


def test_the_document_names_every_direct_dependency_at_its_version() -> None:
    text = (ROOT / "docs" / "dependencies.md").read_text()
    versions = pinned("dev") | pinned("compiler")
    for package in wanted("embedded", "dev", "compiler"):
        if package.startswith("types-") or package == "celery-types":
            continue
        named = rf"^\| {re.escape(package)}\b.*\| {re.escape(versions[package])}"
        row = re.search(named, text, re.MULTILINE)
        assert row, f"docs/dependencies.md: {package} {versions[package]}"
