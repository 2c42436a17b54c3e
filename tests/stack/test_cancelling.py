"""A running program is killed when its execution is cancelled, long before its time is up."""

from __future__ import annotations

import uuid

import psutil
import pytest

from tests.stack.running import Client, wait_until

pytestmark = pytest.mark.stack


def judged_program(mark: str) -> bool:
    """Whether a process that calls itself so runs anywhere."""
    for process in psutil.process_iter():
        try:
            if process.name() == mark:
                return True
        except psutil.Error:
            continue
    return False


@pytest.fixture
def patient_problem(admin: Client) -> dict[str, str]:
    """It names a problem of several tests, each of which may last longer than this test."""
    number = uuid.uuid4().hex[:8]
    key = {"platform": "test", "problem_number": number}
    problem = key | {"title": "Wait", "time_limit_ms": 20_000}
    assert admin.post("/api/register/problem/", problem).status == 201
    tests = [{"input": f"{n}\n", "output": "", "is_sample": n == 0} for n in range(3)]
    answer = admin.put(f"/api/problems/test/{number}/testcases/", {"testcases": tests})
    assert answer.status == 200, answer
    done = admin.post("/api/register/toggle-completion/", key | {"is_completed": True})
    assert done.status == 200, done
    return {"platform": "test", "problem_identifier": number}


def test_it_stops_at_once(client: Client, patient_problem: dict[str, str]) -> None:
    learner = client.signed_in(f"{uuid.uuid4().hex}@example.org")
    mark = f"m{uuid.uuid4().hex[:10]}"
    program = f"""
#include <sys/prctl.h>
#include <unistd.h>
int main(void) {{ prctl(PR_SET_NAME, "{mark}"); sleep(600); return 0; }}
"""
    answer = learner.post("/api/execute/", {**patient_problem, "language": "c", "code": program})
    address = f"/api/execute/{answer.body['task_id']}/"
    wait_until(lambda: judged_program(mark), "the program runs")
    cancelled = learner.call("DELETE", address)
    assert (cancelled.status, cancelled.body["state"]) == (200, "CANCELLED")
    wait_until(lambda: not judged_program(mark), "the program is gone")
    assert learner.get(address).body["state"] == "CANCELLED"
    # Killed in its first test, or each of the others would have begun one after it.
    assert learner.get(address).body["progress"]["done"] == 0
