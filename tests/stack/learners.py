"""Learners as Locust plays them: they sign in, read, submit, follow, look back and ask for hints.

    .venv/bin/locust -f tests/stack/learners.py --host http://127.0.0.1:8000

The stack needs the sample problems, and development sign-in or `--tokens`. Another verdict than the
solution must get, a 429 before the day's limit, any other refusal: each is a failure in Locust's
table. "submission to verdict" there is the time that a learner waits, queue included.

Not a test: `test_load.py` runs it against a stack of its own and looks into the store afterwards.
"""

from __future__ import annotations

import itertools
import json
import random
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import gevent
import requests
from gevent.pool import Group
from locust import HttpUser, events, task
from locust.argument_parser import LocustArgumentParser
from locust.clients import ResponseContextManager
from locust.env import Environment
from locust.exception import StopUser
from urllib3 import PoolManager

SAMPLES = Path(__file__).parents[2] / "algoitny" / "samples"

ANSWER_SECONDS = 90.0
"""How long an answer or the next line of a stream may take; the server waits at most 30 s."""

LONGEST_SECONDS = 600.0
"""After which a learner stops waiting for a verdict or a hint."""

SLOW_C = """#include <stdio.h>
int main(void) {
    long long a, b;
    if (scanf("%lld %lld", &a, &b) != 2) return 1;
    for (volatile int turns = 0; a == 0 && b == 0;) turns ^= 1;
    printf("%lld\\n", a + b);
    return 0;
}
"""
"""Right but for one test, on which it uses up its time: all of them would take a minute."""


@dataclass(frozen=True, slots=True)
class Solution:
    """What a learner sends, and what the judge has to say to it."""

    number: str
    language: str
    code: str
    verdict: str


def sample(path: str) -> str:
    """A solution that comes with the sample problems."""
    package, file = path.split("/", 1)
    return (SAMPLES / package / "submissions" / file).read_text(encoding="utf-8")


RIGHT_PYTHON = sample("twolanterns/accepted/whole_input.py")
RIGHT_C = sample("twolanterns/accepted/wide.c")

MIX = (
    Solution("1000", "python3", RIGHT_PYTHON, "AC"),
    Solution("1006", "c", sample("nightwatch/accepted/two_lists.c"), "AC"),
    Solution("1000", "python3", sample("twolanterns/wrong_answer/floats.py"), "WA"),
    Solution("1000", "c", RIGHT_C, "AC"),
    Solution("1000", "python3", RIGHT_PYTHON + "print(\n", "CE"),
    Solution("1000", "c", sample("twolanterns/wrong_answer/narrow.c"), "WA"),
    Solution("1006", "python3", sample("nightwatch/accepted/events.py"), "AC"),
    Solution("1000", "c", RIGHT_C.rstrip().removesuffix("}"), "CE"),
    Solution("1007", "python3", sample("mossystairs/accepted/three_numbers.py"), "AC"),
    Solution("1000", "c", SLOW_C, "TLE"),
)
"""Half of them right, one slow: all learners together send them in this order, again and again."""


@events.init_command_line_parser.add_listener
def _options(parser: LocustArgumentParser) -> None:
    parser.add_argument(
        "--crowd",
        default="learner",
        help="Learners sign in as CROWD-1@example.org, CROWD-2@example.org, …",
    )
    parser.add_argument(
        "--tokens",
        default="",
        help="A file of API tokens with the scopes read and execute, one a line, used in turn "
        "instead of development sign-in.",
    )
    parser.add_argument(
        "--at-once",
        type=int,
        default=1,
        help="Submissions that a learner sends before it follows them; it stops at the second "
        "refusal for the day's limit.",
    )
    parser.add_argument(
        "--visits", type=int, default=0, help="Visits after which a learner leaves; 0: stays."
    )
    parser.add_argument(
        "--pause", type=float, default=3.0, help="Seconds between two visits, on average."
    )
    parser.add_argument(
        "--journal",
        default="",
        help="A file to add a JSON line to for each answer to a submission: who sent it, the "
        "status, the execution's id, the verdict that it must get.",
    )


class Refused(Exception):
    """An answer that is told as a failure already; the visit, or the tab, ends with it."""


class Learner(HttpUser):
    """Visits until it is stopped, or as often as `--visits` says."""

    numbers = itertools.count(1)
    solutions = itertools.cycle(MIX)
    ways = itertools.cycle(("stream", "long poll", "poll"))
    left = 0

    def __init__(self, environment: Environment) -> None:
        # Of its own, as a browser's; a connection for each tab.
        self.pool_manager = PoolManager(maxsize=100)
        super().__init__(environment)

    def on_start(self) -> None:
        self.number = next(Learner.numbers)
        self.options = self.environment.parsed_options
        self.email = f"{self.options.crowd}-{self.number}@example.org"
        self.visits = 0
        self.tabs = Group()

    def on_stop(self) -> None:
        self.tabs.kill()

    def wait_time(self) -> float:
        return random.uniform(0.5, 1.5) * float(self.options.pause)

    @task
    def visit(self) -> None:
        if self.visits and self.visits == self.options.visits:
            self.leave()
        self.visits += 1
        try:
            self.sign_in()
            self.read()
            sent = list(self.submit())
            for task_id, solution, begun in sent:
                self.tabs.spawn(self.follow, task_id, solution, begun)
            self.tabs.join()
            self.look_back([task_id for task_id, _, _ in sent])
            failed = [task_id for task_id, solution, _ in sent if solution.verdict != "AC"]
            if failed:
                self.ask_for_a_hint(failed[0])
        except Refused:
            return

    def leave(self) -> None:
        """The last one to go ends the run."""
        Learner.left += 1
        runner = self.environment.runner
        if Learner.left == runner.target_user_count:
            gevent.spawn(runner.quit)
        raise StopUser

    def sign_in(self) -> None:
        if self.options.tokens:
            tokens = Path(self.options.tokens).read_text(encoding="utf-8").split()
            access = tokens[self.number % len(tokens)]
        else:
            access = self.ask("POST", "/api/auth/dev/", json={"email": self.email})["access"]
        self.client.headers["Authorization"] = f"Bearer {access}"

    def read(self) -> None:
        listed = self.ask("GET", "/api/problems/?platform=sample&limit=20")["items"]
        number = random.choice(listed)["problem_number"]
        self.ask("GET", f"/api/problems/sample/{number}/", "/api/problems/…/")

    def submit(self) -> Iterator[tuple[str, Solution, float]]:
        """Ids of what was accepted, and when it was sent."""
        refusals = 0
        for _ in range(self.options.at_once):
            solution, begun = next(Learner.solutions), time.perf_counter()
            answer = self.ask(
                "POST",
                "/api/execute/",
                or_over_limit=True,
                json={
                    "platform": "sample",
                    "problem_identifier": solution.number,
                    "language": solution.language,
                    "code": solution.code,
                },
                headers={"Idempotency-Key": uuid.uuid4().hex},
            )
            task_id = answer.get("task_id")
            self.note(task_id, solution)
            if task_id:
                yield task_id, solution, begun
                continue
            refusals += 1
            if refusals == 2:
                return

    def note(self, task_id: str | None, solution: Solution) -> None:
        if not self.options.journal:
            return
        line = {
            "learner": self.email,
            "status": 202 if task_id else 429,
            "task_id": task_id,
            "verdict": solution.verdict,
        }
        with Path(self.options.journal).open("a", encoding="utf-8") as journal:
            journal.write(json.dumps(line) + "\n")

    def follow(self, task_id: str, solution: Solution, begun: float) -> None:
        """One browser tab: it shows the verdict, in one of the three ways that there are."""
        way = next(Learner.ways)
        address = f"/api/execute/{task_id}/"
        try:
            if way == "stream":
                self.watch(address)
            while (ended := self.status(address, way))["state"] in ("QUEUED", "RUNNING"):
                waited = time.perf_counter() - begun
                if waited > LONGEST_SECONDS:
                    break
                if way == "poll":
                    gevent.sleep(min(1 + waited / 10, 5))
        except Refused:
            return
        right = (ended["state"], ended["verdict"]) == ("DONE", solution.verdict)
        said = f"{ended['state']} {ended['verdict']} instead of {solution.verdict}"
        self.environment.events.request.fire(
            request_type=way,
            name="submission to verdict",
            response_time=(time.perf_counter() - begun) * 1000,
            response_length=0,
            exception=None if right else AssertionError(said),
            context={},
        )

    def watch(self, address: str) -> None:
        """Read the stream to its end; it may be cut, and whoever reads it asks afterwards."""
        with self.open("GET", f"{address}stream/", "/api/execute/…/stream/", stream=True) as answer:
            if answer.status_code not in (200, 204):
                raise refusal(answer)
            try:
                for line in answer.iter_lines():
                    if line == b"event: done":
                        break
            except requests.RequestException as error:
                answer.failure(error)
            answer.close()

    def status(self, address: str, way: str) -> Any:
        if way == "long poll":
            return self.ask("GET", f"{address}?wait=20", "/api/execute/…/?wait=20")
        return self.ask("GET", address, "/api/execute/…/")

    def look_back(self, sent: list[str]) -> None:
        """The history, newest first, has all of it."""
        with self.open("GET", "/api/history/?limit=100", "/api/history/") as answer:
            if answer.status_code != 200:
                raise refusal(answer)
            missing = set(sent) - {entry["id"] for entry in answer.json()["items"]}
            if missing:
                answer.failure(f"{len(missing)} of {len(sent)} are not in the history")
        for task_id in sent[-1:]:
            self.ask("GET", f"/api/history/{task_id}/", "/api/history/…/")
        self.ask("GET", "/api/account/plan-usage/")

    def ask_for_a_hint(self, task_id: str) -> None:
        begun = time.perf_counter()
        while time.perf_counter() - begun < LONGEST_SECONDS:
            answer = self.ask(
                "POST",
                f"/api/history/{task_id}/hints/generate/",
                "/api/history/…/hints/generate/",
                or_over_limit=True,
                json={"level": 1},
            )
            if "hint" not in answer:
                return
            if answer["hint"]["state"] == "READY":
                break
            gevent.sleep(0.5)
        self.ask("GET", f"/api/history/{task_id}/hints/", "/api/history/…/hints/")

    def ask(
        self, method: str, path: str, name: str = "", *, or_over_limit: bool = False, **others: Any
    ) -> Any:
        """The body of a 200 or 202, or, where that may be, of a 429 at the day's limit."""
        with self.open(method, path, name, **others) as answer:
            if answer.status_code in (200, 202):
                return answer.json()
            if answer.status_code == 429 and or_over_limit:
                body = answer.json()
                if body["type"].endswith("#quota-exceeded") and (
                    body["current_count"] == body["limit"]
                ):
                    answer.success()
                    return body
            raise refusal(answer)

    def open(self, method: str, path: str, name: str, **others: Any) -> ResponseContextManager:
        return self.client.request(
            method,
            path,
            name=name or path.partition("?")[0],
            catch_response=True,
            timeout=ANSWER_SECONDS,
            **others,
        )


def refusal(answer: ResponseContextManager) -> Refused:
    """To be raised; the answer is a failure in Locust's table from here on."""
    answer.failure(f"{answer.status_code} {(answer.text or '')[:300]}")
    return Refused()
