"""The scripts of a guide, word for word, as somebody runs them who reads it."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.stack.running import Stack

SHELL = ("bash", "-euo", "pipefail", "-s")


def scripts(guide: str, language: str) -> list[str]:
    """All of a language, in their order."""
    fence = re.compile(rf"^```{language}\n(.*?)^```$", re.DOTALL | re.MULTILINE)
    return fence.findall(guide)


def run_script(
    script: str, *command: str, stack: Stack, email: str, folder: Path
) -> subprocess.CompletedProcess[str]:
    """On this stack, with the administrator's address for `email`: the guides need all rights."""
    script = script.replace("http://127.0.0.1:8000", stack.base)
    script = script.replace(email, stack.environment["ADMIN_EMAILS"])
    ran = subprocess.run(
        command,
        input=script,
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=600,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr + ran.stdout
    return ran
