"""`python -m algoitny.embedded`: what `make run` executes."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

from algoitny.embedded.data_dir import open_data_dir
from algoitny.embedded.errors import CannotStart
from algoitny.embedded.stack import ROOT, Stack, build_stack
from algoitny.embedded.supervisor import SELF, Supervisor
from algoitny.embedded.terminal import Terminal
from algoitny.setting_values import LogFormat


def main() -> int:
    """0 after a clean stop, 1 when it cannot start, 130 when interrupted before the start."""
    data_dir_path = Path(os.environ.get("DATA_DIR") or ".data").absolute()
    json_lines = os.environ.get("LOG_FORMAT") == LogFormat.JSON
    terminal = Terminal(sys.stdout, LogFormat.JSON if json_lines else LogFormat.CONSOLE)
    try:
        with open_data_dir(data_dir_path) as data_dir:
            os.chdir(ROOT)
            stack = build_stack(os.environ, data_dir)
            terminal.say(SELF, _plan(stack))
            supervisor = Supervisor(
                stack.programs,
                terminal,
                on_ready=lambda: terminal.say(
                    SELF,
                    f"ready: {stack.url}  (API: {stack.url}/api/docs, data: {data_dir_path}; "
                    "Ctrl-C stops everything)",
                ),
            )
            return asyncio.run(supervisor.run())
    except CannotStart as error:
        terminal.say(SELF, f"cannot start. {error}", "error")
        return 1
    except KeyboardInterrupt:
        return 130


def _plan(stack: Stack) -> str:
    names = ", ".join(program.name for program in stack.programs)
    given = []
    if not stack.own_store:
        endpoint = stack.settings.store_endpoint or f"AWS in {stack.settings.aws_region}"
        given.append(f"store given: {endpoint}")
    if not stack.own_broker:
        given.append("broker given by BROKER_URL")
    return f"starting {names}" + "".join(f"; {sentence}" for sentence in given)


if __name__ == "__main__":
    sys.exit(main())
