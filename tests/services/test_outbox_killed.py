"""A worker killed between sending and noting it: the receiver is told again, under the same id."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from algoitny.domain.clock import SystemClock
from algoitny.domain.ids import UlidIds
from algoitny.domain.repositories import Repositories
from algoitny.models import bind_models
from algoitny.models.layout import single
from algoitny.providers.webhook import WebhookSender, new_secret
from algoitny.repositories import build_repositories
from algoitny.services.outbox import LEASE_SECONDS, OutboxService
from tests.builders import done
from tests.clock import FixedClock

pytestmark = pytest.mark.service

SECRET = new_secret()


class OneSecret:
    """Everybody's."""

    def open(self, user_id: str) -> str | None:
        return SECRET


def service(repositories: Repositories, clock: Any) -> OutboxService:
    return OutboxService(
        outbox=repositories.outbox,
        histories=repositories.histories,
        secrets=OneSecret(),
        sender=WebhookSender(clock, allow_private=True),
        clock=clock,
    )


def deliver_and_die(endpoint: str, table: str) -> None:
    """In a process of its own; SIGKILL comes when the receiver has answered."""
    bind_models(layout=single(table), region="us-east-1", endpoint=endpoint, attempts=4)
    clock = SystemClock()
    repositories = build_repositories(clock=clock, ids=UlidIds(clock), secret_key="s" * 40)
    repositories.outbox.done = lambda _: os.kill(os.getpid(), signal.SIGKILL)  # type: ignore[method-assign]
    service(repositories, clock).deliver()


@pytest.fixture
def told() -> Iterator[tuple[str, list[str | None]]]:
    """A receiver's address, and the ids of what it was told."""
    ids: list[str | None] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            ids.append(self.headers["webhook-id"])
            self.send_response(204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/hook", ids
        finally:
            server.shutdown()
            thread.join()


def test_it_is_told_again(
    stored: Repositories, store_endpoint: str, store_table: str, told: tuple[str, list[str | None]]
) -> None:
    url, ids = told
    history = done(stored, FixedClock(SystemClock().now()), webhook_url=url)
    worker = multiprocessing.get_context("spawn").Process(
        target=deliver_and_die, args=(store_endpoint, store_table)
    )
    worker.start()
    worker.join(timeout=120)
    assert worker.exitcode == -signal.SIGKILL
    assert ids == [f"{history.id}-0001"]

    assert service(stored, SystemClock()).deliver().delivered == 0  # the dead one's lease holds
    later = FixedClock(SystemClock().now() + timedelta(seconds=LEASE_SECONDS))
    after = build_repositories(clock=later, ids=UlidIds(later), secret_key="s" * 40)
    assert service(after, later).deliver().delivered == 1
    assert ids == [f"{history.id}-0001"] * 2
    assert after.outbox.get(history.id, "0001") is None
