"""A problem with a checker of its own, from its registration to what a learner sees."""

from __future__ import annotations

import json
import uuid

import pytest

from tests.stack.running import Client

pytestmark = pytest.mark.stack

SECRET = "73519284"
CHECKER = f"""
import sys
# The answer is {SECRET}.
number, most = int(open(sys.argv[1]).read()), int(sys.argv[4])
text = sys.stdin.read().strip()
if text == "crash":
    raise ValueError(open(sys.argv[2]).read())
right = text.isdigit() and 1 < int(text) <= most and number % int(text) == 0
open(sys.argv[3] + "judgemessage.txt", "w").write(open(sys.argv[2]).read())
if not right:
    open(sys.argv[3] + "teammessage.txt", "w").write("this is no divisor")
sys.exit(42 if right else 43)
"""


@pytest.fixture(scope="module")
def number(admin: Client) -> str:
    """Of the problem to print any divisor."""
    number = uuid.uuid4().hex[:8]
    key = {"platform": "test", "problem_number": number}
    problem = key | {
        "title": "A divisor",
        "checker": "custom 1000",
        "checker_language": "python3",
        "checker_code": CHECKER,
    }
    assert admin.post("/api/register/problem/", problem).status == 201
    tests = [
        {"input": "12\n", "output": "2\n", "is_sample": True},
        {"input": f"{SECRET}\n", "output": f"{SECRET}\n", "is_sample": False},
    ]
    assert admin.put(f"/api/problems/test/{number}/testcases/", {"testcases": tests}).status == 200
    done = admin.post("/api/register/toggle-completion/", key | {"is_completed": True})
    assert done.status == 200
    return number


def test_any_right_answer_is_accepted(client: Client, number: str) -> None:
    learner = client.signed_in(f"{uuid.uuid4().hex}@example.org")
    seen = []

    def judged(code: str) -> dict[str, object]:
        body = {
            "platform": "test",
            "problem_identifier": number,
            "language": "python3",
            "code": code,
        }
        accepted = learner.post("/api/execute/", body)
        assert accepted.status == 202, accepted
        done = learner.finished(accepted.body["history_id"])
        seen.append(learner.get(f"/api/history/{done['id']}/").body)
        return done

    def prints(sample: str, hidden: str) -> str:
        return f"print('{sample}' if int(input()) == 12 else '{hidden}')"

    for sample in ("2", "3", "12"):
        assert judged(prints(sample, "4"))["verdict"] == "AC"
    assert judged(prints("5", "5"))["verdict"] == "WA"
    first, second = seen[-1]["test_results"]
    assert first["status"] == "wrong answer: this is no divisor"
    assert (second["verdict"], second["status"]) == ("WA", "wrong answer")

    before = learner.get("/api/account/plan-usage/").body
    failed = judged(prints("crash", "crash"))
    assert (failed["state"], failed["verdict"]) == ("FAILED", None)
    assert learner.get("/api/account/plan-usage/").body == before, "not charged"

    seen.append(learner.get(f"/api/problems/test/{number}/").body)
    assert SECRET not in json.dumps(seen)
