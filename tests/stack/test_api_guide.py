"""The examples of docs/api.md, word for word, against the running stack: one script a language."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.stack.guides import SHELL, run_script, scripts
from tests.stack.running import ROOT, Stack

pytestmark = pytest.mark.stack

# Tells what curl was answered, which `curl -s` keeps to itself.
TELLING = """
curl() { command curl -w '%{stderr}ANSWER %{http_code} %{method} %{url_effective}\\n' "$@"; }
"""
REFUSED = [("409", "DELETE", "/api/execute/")]
"""What the guide says is refused."""


def run(
    stack: Stack, folder: Path, language: str, *command: str, before: str = ""
) -> subprocess.CompletedProcess[str]:
    """All of the guide's examples in a language."""
    examples = scripts((ROOT / "docs" / "api.md").read_text(), language)
    assert examples
    script = "\n".join([before, *examples])
    return run_script(script, *command, stack=stack, email="ada@example.org", folder=folder)


def test_curl(stack: Stack, tmp_path: Path) -> None:
    ran = run(stack, tmp_path, "sh", *SHELL, before=TELLING)
    answers = re.findall(r"^ANSWER (\d+) (\w+) http://[^/]+(\S+)", ran.stderr, re.MULTILINE)
    refused = [answer for answer in answers if not answer[0].startswith("2")]
    assert [(code, method, path[:13]) for code, method, path in refused] == REFUSED
    assert len(answers) > 30
    assert '"verdict":"WA"' in ran.stdout


def test_python(stack: Stack, tmp_path: Path) -> None:
    said = run(stack, tmp_path, "python", sys.executable, "-").stdout.splitlines()
    assert "DONE WA" in said
    assert "6" in said
    assert "412" in said


def test_javascript(stack: Stack, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("node is not installed: apt-get install nodejs")
    said = run(stack, tmp_path, "js", node, "--input-type=module").stdout.splitlines()
    assert "DONE WA" in said
    assert "event: done" in "\n".join(said)
    assert "6" in said
