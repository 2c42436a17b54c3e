"""How gunicorn serves `wsgi:app`; read by itself when it is started in this folder.

Sizes and addresses come from the settings, so that a deployment changes variables, not files.
"""

from __future__ import annotations

import logging
from pathlib import Path

from gunicorn.glogging import Logger

# Loaded here once, for all workers to share after the fork: time and memory. Each worker still
# makes an application of its own, because clients of the store must not be shared.
import algoitny.app  # noqa: F401
from algoitny.logs import configure_logging
from algoitny.settings import load_settings

settings = load_settings()
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


bind = (
    f"[{settings.bind}]:{settings.port}"
    if ":" in settings.bind
    else (f"{settings.bind}:{settings.port}")
)
worker_class = "gthread"
workers = settings.web_workers
threads = settings.web_threads
backlog = 512
keepalive = 30
timeout = 60
graceful_timeout = 5
logger_class = StructuredLogger
control_socket_disable = True
# The heartbeat file of each worker; on a disk it can block for as long as the disk does.
_memory = Path("/dev/shm")  # noqa: S108 - gunicorn makes its file there safely
worker_tmp_dir = str(_memory) if _memory.is_dir() else None
