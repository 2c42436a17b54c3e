"""The README's commands, word for word, against the running stack."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.stack.guides import SHELL, run_script, scripts
from tests.stack.running import ROOT, Stack

pytestmark = pytest.mark.stack


def test_the_main_job(stack: Stack, tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text()
    main_job = text[text.index("## The main job") : text.index("## Without a server")]
    learner, registrar = scripts(main_job, "sh")
    ran = run_script(
        learner + registrar, *SHELL, stack=stack, email="grace@example.org", folder=tmp_path
    )
    assert '"verdict":"WA"' in ran.stdout
    assert '"state":"READY"' in ran.stdout
    last = json.loads(ran.stdout.splitlines()[-1])
    assert (last["verdict"], last["passed_count"]) == ("AC", 2)
