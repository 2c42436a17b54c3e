"""Runs a Supervisor over shell scripts, in a process of its own: it reaps and ends every child of
its process, so it cannot run inside the one that runs the tests."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from pathlib import Path
from typing import Any

from algoitny.embedded.supervisor import Pace, Program, Supervisor
from algoitny.embedded.terminal import Terminal
from algoitny.setting_values import LogFormat


def program(fields: dict[str, Any]) -> Program:
    """`script` is for the shell; `ready_file` makes it ready once that file is there."""
    script = fields.pop("script")
    ready_file = fields.pop("ready_file", None)
    command = fields.pop("command", None) or ("sh", "-c", script)
    if "if_orphaned" in fields:
        fields["if_orphaned"] = signal.Signals(fields["if_orphaned"])
    if "log_file" in fields:
        fields["log_file"] = Path(fields["log_file"])

    async def ready() -> bool:
        return os.access(ready_file, os.F_OK)

    return Program(command=command, ready=ready if ready_file else None, **fields)


def main() -> int:
    given = json.loads(sys.argv[1])
    terminal = Terminal(sys.stdout, LogFormat.JSON)
    supervisor = Supervisor(
        [program(fields) for fields in given["programs"]],
        terminal,
        on_ready=lambda: terminal.say("stack", "ready"),
        pace=Pace(**given.get("pace", {})),
    )
    return asyncio.run(supervisor.run())


if __name__ == "__main__":
    sys.exit(main())
