"""The embedded store: ministack's DynamoDB, and its SQS, on loopback, as a process of its own.

It keeps everything in memory and writes its state on a clean stop. Not for production.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import shutil
import sys
from collections.abc import Mapping
from pathlib import Path

from algoitny.embedded.ports import LOOPBACK

STATE_FILE = "dynamodb.json"
ACCESS_KEY = "embedded"
"""Any credentials will do, but always the same: a key may choose the account, and so the data."""


def command(port: int, state_dir: Path) -> tuple[str, ...]:
    """How the supervisor starts it."""
    module = "algoitny.embedded.store"
    return (sys.executable, "-m", module, "--port", str(port), "--state-dir", str(state_dir))


def environment(port: int, state_dir: Path) -> Mapping[str, str]:
    """What ministack reads when it is imported: two services, and nothing but those."""
    return {
        "GATEWAY_PORT": str(port),
        "BIND_HOST": LOOPBACK,
        "MINISTACK_HOST": LOOPBACK,
        "SERVICES": "dynamodb,sqs",
        "PERSIST_STATE": "1",
        "STATE_DIR": str(state_dir),
        "LOG_LEVEL": "WARNING",
        "SFTP_ENABLED": "0",
        "IOT_MTLS_ENABLED": "0",
        "MINISTACK_WORKER_THREADS": "8",
        # It removes containers that it takes for its own; there are none, so let it find none.
        "DOCKER_HOST": f"unix://{state_dir}/no-docker.sock",
    }


def keep_copy(state_dir: Path) -> None:
    """Raises SystemExit when the saved state is damaged: ministack would start with nothing, and
    write that nothing over it at the next stop. A good one is kept beside as `.previous`."""
    state = state_dir / STATE_FILE
    if not state.exists():
        return
    try:
        with state.open(encoding="utf-8") as file:
            json.load(file)
    except (OSError, ValueError) as error:
        raise SystemExit(
            f"The saved data in {state} cannot be read ({error}). Put {STATE_FILE}.previous of the "
            "same folder in its place, or move it away to start empty."
        ) from error
    shutil.copy2(state, state.with_name(f"{STATE_FILE}.previous"))


def main(arguments: list[str] | None = None) -> None:
    """Serve until SIGTERM, then save."""
    parser = argparse.ArgumentParser(prog="algoitny.embedded.store")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state-dir", type=Path, required=True)
    options = parser.parse_args(arguments)
    keep_copy(options.state_dir)
    os.environ.update(environment(options.port, options.state_dir))

    # Imported here, because it reads the environment then.
    from hypercorn.asyncio import serve  # noqa: PLC0415
    from hypercorn.config import Config  # noqa: PLC0415
    from ministack.app import app  # noqa: PLC0415

    config = Config()
    config.bind = [f"{LOOPBACK}:{options.port}"]
    config.loglevel = "WARNING"
    config.keep_alive_timeout = 75
    config.graceful_timeout = 2
    asyncio.run(serve(app, config))


if __name__ == "__main__":
    main()
