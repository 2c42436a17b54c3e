"""Records as people make them: names, titles, code and results of the size that they have in life.

Measured costs and sizes mean something only for such ones; `tests.builders` has the smallest that
work. Ids are fixed, so that requests made of them can be compared.
"""

from __future__ import annotations

from typing import Any

from algoitny.domain.history import History, Submission
from algoitny.domain.history_results import Outcome, Results, TestResult
from algoitny.domain.idempotency import IdempotencyKey
from algoitny.domain.ids import UlidIds
from algoitny.domain.problem import Problem, ProblemKey, ProblemSummary, TestCase
from algoitny.domain.repositories import Repositories
from algoitny.domain.user import User, pseudonym
from algoitny.domain.verdict import Verdict
from tests.clock import FixedClock

GRACE = "01JPA0GRACE0000000000000H0"
KEY = ProblemKey(platform="baekjoon", number="11286")
TITLE = "Absolute Value Heap, or the Island Ferry"
TESTS = 20
NEVER_OVER = 50
"""A plan's limit: the day's counter is read and checked, and lets everything through."""

CODE = '''\
import heapq
import sys


def read_islands(lines):
    """Number of islands, ferries with their fares, and the two ends of the journey."""
    islands, ferries = map(int, next(lines).split())
    leaving = [[] for _ in range(islands + 1)]
    for _ in range(ferries):
        here, there, fare = map(int, next(lines).split())
        leaving[here].append((there, fare))
        leaving[there].append((here, fare))
    start, goal = map(int, next(lines).split())
    return leaving, start, goal


def cheapest(leaving, start, goal):
    """Dijkstra with a heap; old entries stay in it and are skipped when they come up."""
    unknown = float("inf")
    paid = [unknown] * len(leaving)
    came_from = [0] * len(leaving)
    paid[start] = 0
    waiting = [(0, start)]
    while waiting:
        so_far, island = heapq.heappop(waiting)
        if so_far > paid[island]:
            continue
        if island == goal:
            break
        for there, fare in leaving[island]:
            total = so_far + fare
            if total < paid[there]:
                paid[there] = total
                came_from[there] = island
                heapq.heappush(waiting, (total, there))
    return paid[goal], came_from


def way_back(came_from, start, goal):
    """The islands of the journey, in the order in which one sees them."""
    way = [goal]
    while way[-1] != start:
        way.append(came_from[way[-1]])
    way.reverse()
    return way


def main():
    lines = iter(sys.stdin.buffer.read().splitlines())
    leaving, start, goal = read_islands(lines)
    total, came_from = cheapest(leaving, start, goal)
    if total == float("inf"):
        print(-1)
        return
    way = way_back(came_from, start, goal)
    print(total)
    print(len(way))
    # One line, as the statement wants it: no blank at its end, and nothing after
    # it, or the checker of the old site would not have taken the answer.
    print(" ".join(str(island) for island in way))


if __name__ == "__main__":
    sys.setrecursionlimit(1 << 16)
    main()
'''
"""2 KB, the size that the promised figures are for."""

STATEMENT = "\n\n".join(
    f"""{number}. A group of islands is joined by ferries. Every ferry goes both ways between two of
them and takes a fare of its own, which is the same in both directions and does not change with the
season. From island {number} a traveller wants to reach another one, changing as often as needed,
for as little money as possible. Print what the journey costs, how many islands it touches, the two
ends included, and their numbers in the order in which the traveller sees them."""
    for number in range(1, 6)
)


def grace(clock: FixedClock, **given: Any) -> User:
    """Somebody who signed up with Google."""
    values: dict[str, Any] = {
        "id": GRACE,
        "email": "grace.brewster.hopper@example.org",
        "name": "Grace Brewster Hopper",
        "picture": "https://lh3.googleusercontent.com/a/ACg8ocJ3y0bq6sM1kR9dXw7VtQe5zPnLhUfGaYcB=s96-c",
        "google_id": "104827364519283746501",
        "plan": "Free",
        "created_at": clock.now(),
        "updated_at": clock.now(),
    }
    return User(**values | given)


def a_problem(clock: FixedClock, **given: Any) -> Problem:
    """A registered problem with a statement of 2 KB."""
    values: dict[str, Any] = {
        "id": 0,
        "key": KEY,
        "title": TITLE,
        "tags": ("graphs", "shortest-paths", "priority-queue", "implementation"),
        "language": "python3",
        "is_completed": True,
        "owner_id": GRACE,
        "created_at": clock.now(),
        "updated_at": clock.now(),
    }
    return Problem(
        summary=ProblemSummary(**values | given),
        statement=STATEMENT,
        constraints="1 ≤ islands ≤ 20 000, 0 ≤ ferries ≤ 300 000, 1 ≤ fare ≤ 10 000",
        url=f"https://www.acmicpc.net/problem/{KEY.number}",
        solution_code=CODE,
    )


def some_tests(count: int = TESTS) -> tuple[TestCase, ...]:
    """Of about 2 KB each; three are samples."""
    return tuple(
        TestCase(
            number=number,
            input=b"".join(b"%d %d %d\n" % (n, n * 7 % 97, n * number) for n in range(150)),
            output=b"%d\n3\n1 %d 9\n" % (number * 12345, number),
            is_sample=number <= 3,
        )
        for number in range(1, count + 1)
    )


def a_submission(
    clock: FixedClock, summary: ProblemSummary | None = None, **given: Any
) -> Submission:
    """Grace's, for the problem; 2 KB of code."""
    values: dict[str, Any] = {
        "id": UlidIds(clock).new(),
        "user_id": GRACE,
        "user_identifier": pseudonym(GRACE),
        "problem": summary or a_problem(clock).summary,
        "language": "python3",
        "code": CODE,
        "is_code_public": False,
        "created_at": clock.now(),
    }
    return Submission(**values | given)


def a_key(key: str = "5b0c1e0e-6f3f-4a56-9d57-2f6b0f0c9a11") -> IdempotencyKey:
    """As browsers make them, with the answer of `POST /api/execute/`."""
    return IdempotencyKey(
        key=key,
        route="POST /api/execute/",
        body_digest="9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
        answer={
            "message": "Code execution started",
            "task_id": "01JPA0HISTORY0000000000000",
            "usage": {"current": 7, "limit": NEVER_OVER, "remaining": 43},
        },
    )


def some_results(count: int = TESTS, *, output_bytes: int = 12) -> Results:
    """All passed; each wrote about `output_bytes`, different ones."""
    return Results(
        tests=tuple(
            TestResult(
                test_case_id=str(number),
                verdict=Verdict.AC,
                status="accepted",
                output=_printed(number, output_bytes),
                time_ms=20 + number * 7 % 31,
                memory_kb=9_000 + number * 37 % 411,
                is_sample=number <= 3,
            )
            for number in range(1, count + 1)
        )
    )


def an_outcome(verdict: Verdict = Verdict.AC, count: int = TESTS) -> Outcome:
    passed = count if verdict is Verdict.AC else count - 1
    return Outcome(
        verdict=verdict,
        result_summary=f"{passed} of {count} tests passed",
        passed_count=passed,
        failed_count=count - passed,
        total_count=count,
        max_time_ms=47,
        max_memory_kb=9_411,
    )


def running(repositories: Repositories, clock: FixedClock, **given: Any) -> History:
    """An execution that a worker has claimed."""
    histories = repositories.histories
    history = histories.create_history(a_submission(clock, **given), limit=NEVER_OVER)
    assert history.user_id is not None
    histories.enter_running_set(history.user_id, history.id, capacity=2)
    return histories.claim(history.id, lease_seconds=30)


def done(
    repositories: Repositories, clock: FixedClock, verdict: Verdict = Verdict.AC, **given: Any
) -> History:
    """One that has ended, results and all."""
    history = running(repositories, clock, **given)
    repositories.histories.put_results(history, some_results())
    return repositories.histories.complete(history, an_outcome(verdict))


def _printed(seed: int, size: int) -> str:
    """Numbers as a program prints them: they compress, but not to nothing."""
    text, state = "", seed
    while len(text) < size:
        state = (state * 48271 + 11) % 2147483647
        text += f"{state % 100_000} "
    return text[: size - 1] + "\n"
