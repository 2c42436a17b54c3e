"""A receiver that fails first is told again by the running stack, under the same id."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from tests.stack.running import Client
from tests.waiting import wait_until

pytestmark = pytest.mark.stack


@dataclass
class Receiver:
    """`/failing` answers 500 and then 204; `/moved` leads to `/secret`; all is noted."""

    port: int
    got: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def messages(self, path: str) -> list[tuple[dict[str, str], bytes]]:
        return [(headers, body) for where, headers, body in self.got if where == path]


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            there.got.append((self.path, headers, body))
            if self.path == "/moved":
                self.send_response(307)
                self.send_header("Location", there.url("/secret"))
            else:
                self.send_response(500 if len(there.messages(self.path)) == 1 else 204)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        there = Receiver(server.server_port)
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield there
        finally:
            server.shutdown()
            thread.join()


def test_it_arrives_signed_at_the_second_try(client: Client, receiver: Receiver) -> None:
    learner = client.signed_in(f"{uuid.uuid4().hex}@example.org")
    secret = learner.post("/api/account/webhook-secret/", None).body["secret"]

    def submit(path: str) -> str:
        answer = learner.post(
            "/api/execute/",
            {
                "platform": "sample",
                "problem_identifier": "1001",
                "language": "python3",
                "code": "print(0)",
                "webhook_url": receiver.url(path),
            },
        )
        assert answer.status == 202, answer
        execution_id: str = answer.body["task_id"]
        return execution_id

    submit("/moved")
    execution_id = submit("/failing")
    wait_until(lambda: len(receiver.messages("/failing")) == 2, "it is told twice")

    (first, told), (second, again) = receiver.messages("/failing")
    assert told == again
    assert first["webhook-id"] == second["webhook-id"]
    assert json.loads(told)["type"] == "execution.ended"
    data = json.loads(told)["data"]
    assert (data["id"], data["state"], data["verdict"]) == (execution_id, "DONE", "WA")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{second['webhook-id']}.{second['webhook-timestamp']}.".encode() + again
    expected = base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
    assert second["webhook-signature"] == f"v1,{expected}"

    wait_until(lambda: receiver.messages("/moved"), "the other is told too")
    assert receiver.messages("/secret") == []
