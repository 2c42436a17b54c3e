"""A machine without any Redis: the store's queues carry the work, the table carries the news."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.stack.running import Stack
from tests.waiting import wait_until

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
    try:
        stack.start()
        learner = stack.client().signed_in("ada@example.org")
        accepted = learner.post(
            "/api/execute/",
            {
                "platform": "sample",
                "problem_identifier": "1001",
                "language": "python3",
                "code": "import time\ntime.sleep(1)\nprint(0)",
            },
        )
        assert accepted.status == 202, accepted
        address = f"/api/execute/{accepted.body['task_id']}/"

        def under_way() -> bool:
            status = learner.get(address).body
            assert status["state"] in ("QUEUED", "RUNNING"), "it ended before any test was seen"
            return status["progress"]["done"] > 0

        wait_until(under_way, "a test is seen while others still run")
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
        code = stack.stop()
    assert code == 0
