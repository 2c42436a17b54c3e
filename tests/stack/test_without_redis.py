"""A machine without any Redis: the store's queues carry the work, and nothing carries news."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.stack.running import Stack, wait_until

pytestmark = pytest.mark.stack

WITHOUT_REDIS = """
from algoitny.embedded import broker
from algoitny.embedded.__main__ import main
broker.find_server = lambda: None
raise SystemExit(main())
"""


def test_from_submission_to_hint(tmp_path: Path) -> None:
    stack = Stack(tmp_path / "data")
    stack.command = [sys.executable, "-c", WITHOUT_REDIS]
    stack.start()
    try:
        learner = stack.client().signed_in("ada@example.org")
        accepted = learner.post(
            "/api/execute/",
            {
                "platform": "sample",
                "problem_identifier": "1001",
                "language": "python3",
                "code": "print(0)",
            },
        )
        assert accepted.status == 202, accepted
        finished = learner.finished(accepted.body["task_id"])
        assert (finished["state"], finished["verdict"]) == ("DONE", "WA")
        hints = f"/api/history/{accepted.body['task_id']}/hints/"
        assert learner.post(hints + "generate/", {}).status == 202
        wait_until(
            lambda: [hint["state"] for hint in learner.get(hints).body["items"]] == ["READY"],
            "the hint is written",
        )
        assert learner.get("/readyz").body["checks"]["broker"] == "ok"
    finally:
        assert stack.stop() == 0
