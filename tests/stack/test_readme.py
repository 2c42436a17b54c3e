"""The README's commands, word for word, against the running stack."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.stack.running import ROOT, Stack

pytestmark = pytest.mark.stack

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.DOTALL | re.MULTILINE)


def test_the_main_job(stack: Stack, tmp_path: Path) -> None:
    text = (ROOT / "README.md").read_text()
    main_job = text[text.index("## The main job") : text.index("## Without a server")]
    learner, registrar = BLOCK.findall(main_job)
    script = (learner + registrar).replace("http://127.0.0.1:8000", stack.base)
    script = script.replace("grace@example.org", stack.environment["ADMIN_EMAILS"])
    ran = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr + ran.stdout
    assert '"verdict":"WA"' in ran.stdout
    assert '"state":"READY"' in ran.stdout
    last = json.loads(ran.stdout.splitlines()[-1])
    assert (last["verdict"], last["passed_count"]) == ("AC", 2)
