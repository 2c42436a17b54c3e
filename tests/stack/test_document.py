"""The running server against its own OpenAPI document: whatever the document allows to be sent, and
much that it does not, is answered as the document says, and never with a 500.

A stack of its own: what is tried changes plans and users.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stack.conftest import ADMIN
from tests.stack.running import ROOT, Stack

pytestmark = pytest.mark.stack

EXAMPLES = 6
SEED = 20
"""The same requests every time: a find is then a change's doing."""

APART = "/(logout|stream)/"
"""One ends the session that asks, the other answers for as long as one listens."""

HOOKS = "tests.stack.sent_archives"

RULES_BEYOND_SCHEMAS = "positive_data_acceptance"
"""Two fields that exclude each other, a time that is past, a cursor: refused though well formed."""


@pytest.fixture
def own(tmp_path: Path) -> Iterator[Stack]:
    with Stack(tmp_path / "data", ADMIN_EMAILS=ADMIN, SWEEP_SECONDS="3600").running() as running:
        yield running


def test_no_answer_breaks_the_document(own: Stack, tmp_path: Path) -> None:
    admin = own.client().signed_in(ADMIN)
    tried = subprocess.run(
        [
            *(sys.executable, "-m", "schemathesis.cli", "run"),
            f"{own.base}/api/openapi.json",
            *("--header", f"Authorization: {admin.headers['Authorization']}"),
            *("--phases", "examples,coverage,fuzzing,stateful"),
            *("--max-examples", str(EXAMPLES), "--seed", str(SEED)),
            # Two threads that parse Python at once, as Hypothesis does, may fail in CPython 3.11.
            *("--workers", "1"),
            *("--exclude-path-regex", APART, "--exclude-checks", RULES_BEYOND_SCHEMAS),
            *("--request-timeout", "60", "--continue-on-failure", "--no-color"),
        ],
        cwd=tmp_path,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SCHEMATHESIS_HOOKS": HOOKS},
        capture_output=True,
        text=True,
        timeout=1200,
        check=False,
    )
    assert tried.returncode == 0, tried.stdout[-20_000:] + tried.stderr
    assert "Stateful" in tried.stdout
