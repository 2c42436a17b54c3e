"""How gunicorn serves `wsgi:app`; read by itself when it is started in this folder.

Sizes and addresses come from the settings, so that a deployment changes variables, not files.
"""

from __future__ import annotations

import gc
import json
import logging
import socket
import threading
from contextlib import suppress
from pathlib import Path

import structlog
from flask import Flask
from gunicorn import util
from gunicorn.glogging import Logger

# Loaded here once, for all workers to share after the fork: time and memory. Each worker still
# makes an application of its own, because clients of the store must not be shared.
import algoitny.app  # noqa: F401
from algoitny import metrics
from algoitny.api.requests import REQUEST_ID_HEADER
from algoitny.domain.clock import SystemClock
from algoitny.domain.errors import QueueUnavailable
from algoitny.domain.ids import UlidIds
from algoitny.logs import configure_logging
from algoitny.services.container import container
from algoitny.settings import settings_or_exit

log = structlog.get_logger(__name__)
ids = UlidIds(SystemClock())
settings = settings_or_exit()
configure_logging(settings.log_format, settings.log_level, process="web")


class StructuredLogger(Logger):
    """Hands gunicorn's own records to the process's logging; requests are logged by the API."""

    def setup(self, cfg: object) -> None:
        self.cfg = cfg
        self._access_log_enabled = False
        for log in (self.error_log, self.access_log):
            log.handlers.clear()
            log.propagate = True
            log.setLevel(logging.NOTSET)

    def reopen_files(self) -> None:
        """There are none."""


def write_problem(client: socket.socket, status: int, reason: str, message: str) -> None:
    """Answer what is not HTTP as a problem document; gunicorn itself would answer in HTML."""
    request_id = ids.new()
    log.info("request", status=status, request_id=request_id)
    problem = {
        "type": "/api/docs/errors#malformed-request",
        "title": reason,
        "status": status,
        "detail": message or reason,
        "instance": request_id,
    }
    body = json.dumps(problem).encode()
    head = (
        f"HTTP/1.1 {status} {reason}\r\nConnection: close\r\n"
        f"Content-Type: application/problem+json\r\nContent-Length: {len(body)}\r\n"
        f"{REQUEST_ID_HEADER}: {request_id}\r\n\r\n"
    )
    util.write_nonblock(client, head.encode("latin-1") + body)


util.write_error = write_problem

bind = (
    f"[{settings.bind}]:{settings.port}"
    if ":" in settings.bind
    else (f"{settings.bind}:{settings.port}")
)
worker_class = "gthread"
limit_request_line = 8190
"""Bytes; a long cursor is then refused by the API, which names it."""
workers = settings.web_workers
threads = settings.web_threads
backlog = 512
keepalive = 30
timeout = 60
graceful_timeout = 5
logger_class = StructuredLogger
control_socket_disable = True
WARMING_SECONDS = 5.0
"""What a worker waits at most before it serves: while the store is silent, all tries may take
longer than a probe of `/livez` waits, or gunicorn for a worker (`timeout`)."""
# The heartbeat file of each worker; on a disk it can block for as long as the disk does.
_memory = Path("/dev/shm")  # noqa: S108 - gunicorn makes its file there safely
worker_tmp_dir = str(_memory) if _memory.is_dir() else None


def post_worker_init(worker: object) -> None:
    """Ask the worker's application something before its first client does, who would wait while
    it connects to the store and the broker and loads what only requests need."""
    app: Flask = worker.wsgi  # type: ignore[attr-defined]  # gunicorn has no types
    warming = threading.Thread(target=warm, args=(app,), name="warm", daemon=True)
    warming.start()
    warming.join(WARMING_SECONDS)
    # All of this stays. To look through it for garbage takes a tenth of a second, in which nobody
    # is answered.
    gc.freeze()


def warm(app: Flask) -> None:
    app.test_client().get("/readyz")
    with suppress(QueueUnavailable):
        container(app).queue.connect()


def child_exit(_server: object, worker: object) -> None:
    """A worker that is gone has no waiting clients."""
    metrics.forget_process(worker.pid)  # type: ignore[attr-defined]  # gunicorn has no types
