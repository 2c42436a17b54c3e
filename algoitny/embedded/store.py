"""The embedded store: ministack's DynamoDB, and its SQS, on loopback, as a process of its own.

Everything is in memory. What DynamoDB acknowledges is in a journal first (see `durable`); queues
are written on a clean stop only. Not for production.
"""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import logging
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from socket import socket

from uvicorn import Config, Server

from algoitny.embedded.journal import Damaged
from algoitny.embedded.ports import LOOPBACK

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


def main(arguments: list[str] | None = None) -> None:
    """Serve until SIGTERM, then write a snapshot."""
    parser = argparse.ArgumentParser(prog="algoitny.embedded.store")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state-dir", type=Path, required=True)
    options = parser.parse_args(arguments)
    os.environ.update(environment(options.port, options.state_dir))
    asyncio.run(_serve(options.port, options.state_dir))


async def _serve(port: int, state_dir: Path) -> None:
    # Imported here, because ministack reads the environment then.
    from ministack.app import app  # noqa: PLC0415
    from ministack.services import dynamodb  # noqa: PLC0415

    from algoitny.embedded.durable import DurableDynamoDB  # noqa: PLC0415

    durable = DurableDynamoDB(dynamodb, state_dir)
    try:
        _lock(state_dir)
        durable.load()
    except BlockingIOError as error:
        raise SystemExit(f"Another store already uses {state_dir}: stop it first.") from error
    except Damaged as error:
        raise SystemExit(str(error)) from error
    except OSError as error:
        raise SystemExit(f"The data in {state_dir} cannot be used: {error}.") from error
    durable.install()
    await _Server(
        Config(
            app,
            host=LOOPBACK,
            port=port,
            http="httptools",
            ws="none",
            lifespan="on",
            access_log=False,
            log_config=None,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=2,
        )
    ).serve()
    await durable.close()


class _Server(Server):
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop serving on one, and no more: Uvicorn's own way ends the process with it as soon as
        nothing is served, when the snapshot is still to be written."""
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, self.handle_exit, number, None)
        yield

    async def shutdown(self, sockets: list[socket] | None = None) -> None:
        """Cut off without a word what has not ended by itself: workers that are gone leave their
        long polls behind, and Uvicorn tells of each with a traceback."""
        logging.getLogger("uvicorn.error").addFilter(_is_no_cut)
        await super().shutdown(sockets)


def _is_no_cut(record: logging.LogRecord) -> bool:
    error = record.exc_info[1] if record.exc_info else None
    is_cut = isinstance(error, asyncio.CancelledError)
    return not is_cut and not record.getMessage().endswith("graceful shutdown exceeded")


def _lock(state_dir: Path) -> None:
    """Until this process ends, however that is; two would write into each other's journal."""
    fcntl.flock(os.open(state_dir, os.O_RDONLY | os.O_DIRECTORY), fcntl.LOCK_EX | fcntl.LOCK_NB)


if __name__ == "__main__":
    main()
