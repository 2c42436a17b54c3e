"""How many submissions a second get through the whole stack: sent over HTTP, queued, judged, read.

One worker process judges Python submissions of 20 tests, each another source. Eight learners send
the next one when they have seen the verdict of the last, so that it never waits for work. Beside it
the same submissions judged in this process, one after the other, without a stack; and the processor
time that the stack takes for one, which tells where the time goes on a busy machine too.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from itertools import count
from pathlib import Path

import psutil

from algoitny.domain.problem import Problem, ProblemKey, ProblemSummary, TestCase
from algoitny.domain.verdict import Verdict
from algoitny.judge import open_judge
from algoitny.services.container import Container
from bench.figure import Figure, report
from bench.http import Client, container_of
from bench.judge import ANSWER, GIVEN, PYTHON, TESTS, throughput
from bench.start import make_run

LEARNERS = 8
WARM_UP_SECONDS, SECONDS = 4, 20
KEY = ProblemKey(platform="bench", number="1")


def judged_alone() -> float:
    """Submissions a second of a judge that nothing else is asked of."""
    with (
        tempfile.TemporaryDirectory() as folder,
        open_judge(scratch_dir=Path(folder), sandbox="bubblewrap") as judge,
    ):
        return throughput(judge, "python3", PYTHON, None).value


def add_problem(container: Container) -> None:
    now = container.clock.now()
    container.problems.create_problem(
        Problem(
            summary=ProblemSummary(
                id=0, key=KEY, title="Sum", is_completed=True, created_at=now, updated_at=now
            )
        )
    )
    container.problems.replace_testcases(
        KEY, [TestCase(number=n, input=GIVEN, output=ANSWER) for n in range(1, TESTS + 1)]
    )


def learn(port: int, container: Container, until: float, number: int) -> list[float]:
    """When each of one learner's submissions had its verdict."""
    signed_in = Client(port).post("/api/auth/dev/", {"email": f"bench-{number}@example.org"})
    user_id = signed_in["user"]["id"]
    container.users.update_subscription_plan(user_id, "Unlimited")
    client, ended = Client(port, signed_in["access"]), []
    submission = {
        "platform": KEY.platform,
        "problem_identifier": KEY.number,
        "language": "python3",
    }
    for turn in count():
        if time.perf_counter() > until:
            break
        code = f"{PYTHON}# {number} {turn}"
        task_id = client.post("/api/execute/", {**submission, "code": code})["task_id"]
        client.wait_for("done", f"/api/execute/{task_id}/stream/")
        ended.append(time.perf_counter())
    verdicts = {entry.verdict for entry in container.histories.list_user_history(user_id).items}
    if verdicts != {Verdict.AC}:
        raise SystemExit(f"not all were right: {verdicts}")
    return ended


def processor_ms(data_dir: str) -> Counter[str]:
    """What each kind of process has taken since it started; Redis hides whose it is, and boxes."""
    used: Counter[str] = Counter()
    for process in psutil.process_iter():
        try:
            environment = process.environ()
            if environment.get("DATA_DIR") == data_dir:
                times = process.cpu_times()
                used[environment.get("PROCESS", "store")] += 1000 * (times.user + times.system)
        except psutil.Error:
            continue
    return used


def through_the_stack(workers: int) -> tuple[list[int], Counter[str]]:
    """Submissions that had their verdict, by second; milliseconds of processors for each."""
    os.environ["JUDGE_WORKERS"] = str(workers)
    with tempfile.TemporaryDirectory() as data_dir, make_run(data_dir) as started:
        container = container_of(data_dir)
        add_problem(container)
        before, begun = processor_ms(data_dir), time.perf_counter() + WARM_UP_SECONDS
        work = partial(learn, started.port, container, begun + SECONDS)
        with ThreadPoolExecutor(LEARNERS) as pool:
            ended = [at - begun for ends in pool.map(work, range(LEARNERS)) for at in ends]
        used = processor_ms(data_dir) - before
    each = Counter({name: taken / len(ended) for name, taken in used.items()})
    return [sum(second <= at < second + 1 for at in ended) for second in range(SECONDS)], each


def main() -> None:
    alone = judged_alone()
    figures = []
    for workers, bar in ((1, 12), (2, None)):
        samples, each = through_the_stack(workers)
        figures.append(
            Figure(
                what=f"Python submissions of {TESTS} tests through the whole stack, "
                f"{LEARNERS} learners, worker processes: {workers}",
                value=float(f"{sum(samples) / SECONDS:.3g}"),
                unit="a second",
                samples=samples,
                bar=bar,
                more_is_better=True,
                peer="judged by one worker without a stack",
                peer_value=alone,
            )
        )
    figures.append(
        Figure(
            what="processor time of the stack for one of these, boxes and Redis aside",
            value=float(f"{each.total():.3g}"),
            unit="ms",
            peer=", ".join(f"{name} {taken:.1f}" for name, taken in each.most_common(3)),
        )
    )
    report(figures)


if __name__ == "__main__":
    main()
