"""The main job over HTTP, as the README tells it, against the running stack."""

from __future__ import annotations

import uuid

import pytest

from tests.stack.running import Client
from tests.waiting import wait_until

pytestmark = pytest.mark.stack

RIGHT = "a, b = map(int, input().split())\nprint(a + b)\n"
SECRET = "hidden-marker-73519"


@pytest.fixture
def learner(client: Client) -> Client:
    return client.signed_in(f"{uuid.uuid4().hex}@example.org")


@pytest.fixture(scope="module")
def sum_problem(admin: Client) -> str:
    """A problem registered over the API: its number on the platform `test`."""
    number = uuid.uuid4().hex[:8]
    answer = admin.post(
        "/api/register/problem/",
        {
            "platform": "test",
            "problem_number": number,
            "title": "Sum",
            "statement": "Add two numbers.",
            "time_limit_ms": 1000,
            "memory_limit_mb": 128,
        },
    )
    assert answer.status == 201, answer
    refused = admin.post(
        "/api/register/toggle-completion/",
        {"platform": "test", "problem_number": number, "is_completed": True},
    )
    assert (refused.status, refused.body["type"].rpartition("#")[2]) == (409, "no-tests")
    tests = [
        {"input": "1 2\n", "output": "3\n", "is_sample": True},
        {"input": "2147483647 2147483647\n", "output": "4294967294\n", "is_sample": False},
        {"input": f"5 6\n{SECRET}\n", "output": "11\n", "is_sample": False},
    ]
    answer = admin.put(f"/api/problems/test/{number}/testcases/", {"testcases": tests})
    assert answer.status == 200, answer
    answer = admin.post(
        "/api/register/toggle-completion/",
        {"platform": "test", "problem_number": number, "is_completed": True},
    )
    assert answer.status == 200, answer
    return number


def submit(client: Client, number: str, language: str, code: str) -> dict[str, object]:
    answer = client.post(
        "/api/execute/",
        {"platform": "test", "problem_identifier": number, "language": language, "code": code},
    )
    assert answer.status == 202, answer
    return client.finished(answer.body["task_id"])


def test_from_sign_in_to_a_hint(client: Client, learner: Client) -> None:
    problems = client.get("/api/problems/?limit=100").body["items"]
    assert len(problems) >= 6
    first = problems[-1]
    by_number = client.get(f"/api/problems/{first['platform']}/{first['problem_number']}/").body
    by_id = client.get(f"/api/problems/{first['id']}/").body
    assert by_id == by_number

    accepted = learner.post(
        "/api/execute/",
        {
            "platform": first["platform"],
            "problem_identifier": first["problem_number"],
            "language": "python",
            "code": "print('certainly not')",
        },
    )
    assert accepted.status == 202
    assert accepted.body["usage"] == {"current_count": 1, "limit": 50}
    assert accepted.body["message"]
    finished = learner.finished(accepted.body["task_id"])
    assert (finished["state"], finished["verdict"]) == ("DONE", "WA")
    assert finished["total_count"] == first["test_case_count"]

    mine = learner.get("/api/history/").body
    assert [entry["id"] for entry in mine["items"]] == [accepted.body["task_id"]]
    detail = learner.get(f"/api/history/{accepted.body['task_id']}/").body
    assert detail["code"] == "print('certainly not')"
    assert len(detail["test_results"]) == first["test_case_count"]
    assert client.get(f"/api/history/{accepted.body['task_id']}/").status == 404

    hints = f"/api/history/{accepted.body['task_id']}/hints/"
    asked = learner.post(hints + "generate/", {})
    assert asked.status == 202, asked
    ready = wait_until(
        lambda: [hint for hint in learner.get(hints).body["items"] if hint["state"] == "READY"],
        "the hint is written",
    )
    assert ready[0]["level"] == 1
    assert 80 <= len(ready[0]["text"].split()) <= 160
    again = learner.post(hints + "generate/", {"level": 1})
    assert again.status == 200
    usage = learner.get("/api/account/plan-usage/").body
    assert (usage["executions"]["current_count"], usage["hints"]["current_count"]) == (1, 1)


def test_the_integer_form_means_the_same_problem(learner: Client, sum_problem: str) -> None:
    problem = learner.get(f"/api/problems/test/{sum_problem}/").body
    answer = learner.post(
        "/api/execute/", {"problem_id": problem["id"], "language": "python3", "code": RIGHT}
    )
    assert answer.status == 202, answer
    finished = learner.finished(answer.body["task_id"])
    assert (finished["verdict"], finished["passed_count"]) == ("AC", 3)


@pytest.mark.parametrize(
    ("language", "code", "verdict"),
    [
        ("python3", RIGHT, "AC"),
        ("python3", "a, b = map(int, input().split())\nprint(a - b)", "WA"),
        ("python3", "while True: pass", "TLE"),
        ("python3", "x = bytearray(10**9)\nx[::4096] = b'1' * len(x[::4096])", "MLE"),
        ("python3", "while True: print('x' * 10**6)", "OLE"),
        ("python3", "print(1 // 0)", "RTE"),
        ("python3", "def", "CE"),
        (
            "c",
            '#include <stdio.h>\nint main(){long a,b;scanf("%ld %ld",&a,&b);printf("%ld\\n",a+b);}',
            "AC",
        ),
        (
            "c",
            '#include <stdio.h>\nint main(){int a,b;scanf("%d %d",&a,&b);printf("%d\\n",a+b);}',
            "WA",
        ),
        ("c", "int main(){return 0", "CE"),
        ("c", "int main(){int *p=0; return *p;}", "RTE"),
        (
            "cpp",
            "#include <iostream>\nint main(){long long a,b;std::cin>>a>>b;std::cout<<a+b;}",
            "AC",
        ),
        ("cpp", "int main(){volatile long i=0; while(true) i=i+1;}", "TLE"),
    ],
)
def test_verdicts(client: Client, sum_problem: str, language: str, code: str, verdict: str) -> None:
    learner = client.signed_in(f"{uuid.uuid4().hex}@example.org")
    assert submit(learner, sum_problem, language, code)["verdict"] == verdict


def test_a_program_that_prints_its_input_shows_no_hidden_test(
    learner: Client, sum_problem: str
) -> None:
    code = "import sys\ndata = sys.stdin.read()\nprint(data)\nprint(data, file=sys.stderr)\n"
    finished = submit(learner, sum_problem, "python3", code)
    entry = learner.get(f"/api/history/{finished['id']}/").body
    assert len(entry["test_results"]) == 3
    assert SECRET not in repr(finished)
    assert SECRET not in repr(entry)


def test_the_same_key_is_one_execution(learner: Client, sum_problem: str) -> None:
    body = {
        "platform": "test",
        "problem_identifier": sum_problem,
        "language": "python3",
        "code": RIGHT,
    }
    first = learner.post("/api/execute/", body, {"Idempotency-Key": "k-1"})
    again = learner.post("/api/execute/", body, {"Idempotency-Key": "k-1"})
    assert (first.status, again.status) == (202, 202)
    assert again.body == first.body
    assert again.headers["idempotent-replayed"] == "true"
    other = learner.post("/api/execute/", body | {"code": "x"}, {"Idempotency-Key": "k-1"})
    assert other.status == 422
    assert learner.get("/api/account/plan-usage/").body["executions"]["current_count"] == 1


def test_a_public_execution_is_on_the_timeline(
    client: Client, learner: Client, sum_problem: str
) -> None:
    body = {
        "platform": "test",
        "problem_identifier": sum_problem,
        "language": "python3",
        "code": RIGHT,
        "is_code_public": True,
    }
    accepted = learner.post("/api/execute/", body).body
    learner.finished(accepted["task_id"])
    public = client.get("/api/history/?scope=public").body["items"]
    assert accepted["task_id"] in [entry["id"] for entry in public]
    entry = client.get(f"/api/history/{accepted['task_id']}/").body
    assert entry["code"] == RIGHT
    assert "@" not in entry["user_identifier"]
