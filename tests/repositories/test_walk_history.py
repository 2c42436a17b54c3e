"""Random walks over executions while the store fails: after every step all rows tell one story.

Whatever the outcome of a call was, known or not: summaries, public rows, index keys, the statistics
of users and problems, markers, running places, counters and logs agree with each other.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pytest

from algoitny.domain.history import History
from algoitny.domain.history_results import Results
from algoitny.domain.problem import ProblemKey
from algoitny.domain.repositories import Repositories
from algoitny.domain.verdict import State, Verdict
from tests.builders import a_key, a_problem, a_submission, an_outcome
from tests.clock import FixedClock
from tests.faults import Faults
from tests.store import on_store_too
from tests.walks import Rows, Walk, all_rows, number

pytestmark = pytest.mark.slow

USERS = ("ann", "bob")
PROBLEMS = tuple(ProblemKey(platform="baekjoon", number=text) for text in ("1", "2"))
STEPS = 40


@dataclass
class World:
    """Executions that are there, those deleted with how they had ended, and stale attempts."""

    repositories: Repositories
    clock: FixedClock
    walk: Walk
    there: list[str] = field(default_factory=list)
    gone: list[tuple[str, str, str, str]] = field(default_factory=list)
    held: dict[str, History] = field(default_factory=dict)

    def stored(self, history_id: str) -> History | None:
        return self.repositories.histories.get_history(history_id, consistent=True)

    def admit(self) -> None:
        chance = self.walk.chance
        submission = a_submission(
            self.clock,
            chance.choice(USERS),
            problem=a_problem(self.clock, chance.choice(PROBLEMS)).summary,
            is_code_public=chance.random() < 0.5,
            webhook_url=chance.choice((None, "https://example.org/")),
        )
        key = chance.choice((None, a_key(submission.id)))
        create = self.repositories.histories.create_history
        admitted = self.walk.attempt(
            "admit", lambda: create(submission, limit=100, idempotency=key)
        )
        is_there = self.stored(submission.id) is not None
        assert is_there or admitted is None
        if is_there:
            self.there.append(submission.id)

    def claim(self, history: History) -> None:
        histories, user_id = self.repositories.histories, history.user_id
        assert user_id is not None
        has_place = self.walk.attempt(
            "enter", lambda: histories.enter_running_set(user_id, history.id, capacity=3)
        )
        claimed = has_place and self.walk.attempt(
            "claim", lambda: histories.claim(history.id, lease_seconds=10)
        )
        if claimed:
            self.held[history.id] = claimed
            return
        now = self.stored(history.id)
        if now is None or now.state is not State.RUNNING:
            histories.leave_running_set(user_id, history.id)

    def end(self, history: History) -> None:
        histories = self.repositories.histories
        verdict = self.walk.chance.choice((Verdict.AC, Verdict.WA))
        way = self.walk.chance.choice(("complete", "complete", "fail", "cancel", "results"))
        if way == "fail":
            self.walk.attempt(way, lambda: histories.fail(history, reason="x"))
        elif way == "cancel":
            self.walk.attempt(way, lambda: histories.cancel(history))
        elif way == "complete" and history.state is State.RUNNING:
            self.walk.attempt(way, lambda: histories.complete(history, an_outcome(verdict)))
        elif history.state is State.RUNNING:
            self.walk.attempt(way, lambda: histories.put_results(history, Results(tests=())))

    def publish(self, history: History) -> None:
        wanted = self.walk.chance.random() < 0.5
        update = self.repositories.histories.update_public_status
        marked = self.walk.attempt(
            f"publish {wanted}", lambda: update(history.id, is_code_public=wanted)
        )
        if marked is not None:
            assert marked.is_code_public == wanted

    def delete(self, history: History) -> None:
        self.walk.attempt("delete", lambda: self.repositories.histories.delete_history(history.id))
        if self.stored(history.id) is None:
            self.there.remove(history.id)
            state = history.state if history.state.ended else State.CANCELLED
            verdict = "" if history.verdict is None else history.verdict.value
            self.gone.append((history.user_id or "", state.value, verdict, str(history.problem)))

    def step(self) -> None:
        self.clock.advance(self.walk.chance.choice((0.001, 1, 5, 20)))
        what = self.walk.chance.choice(
            (*("admit",) * 3, *("claim",) * 3, *("end",) * 4, *("publish",) * 2, "delete")
        )
        if what == "admit" or not self.there:
            return self.admit()
        now = self.stored(self.walk.chance.choice(self.there))
        assert now is not None
        if what == "end":
            # Often somebody who does not know what has happened since.
            known = self.held.get(now.id, now)
            return self.end(known if self.walk.chance.random() < 0.8 else now)
        return {"claim": self.claim, "publish": self.publish, "delete": self.delete}[what](now)


def text(row: dict[str, Any], name: str) -> str:
    return str(row.get(name, {}).get("S", ""))


def check_summaries(rows: Rows) -> None:
    for (partition, sort), row in rows.items():
        if not partition.startswith("HIST#"):
            continue
        if sort == "LST":
            assert (partition, "META") in rows
        if sort != "META":
            continue
        ended = text(row, "sta") not in {"QUEUED", "RUNNING"}
        shown = ended and row["pub"]["BOOL"]
        assert ((partition, "LST") in rows, "GSI2PK" in row) == (shown, shown)
        assert text(row, "GSI3PK").startswith("PROB#" if ended else "QUEUE#")
        assert (partition, "SRC") in rows
        assert not ended or not {"lse", "clm"} & row.keys()


def check_counts(rows: Rows, gone: list[tuple[str, str, str, str]]) -> None:
    all_ = gone + [
        (text(row, "uid"), text(row, "sta"), text(row, "ver"), text(row, "pid"))
        for (partition, sort), row in rows.items()
        if partition.startswith("HIST#") and sort == "META"
    ]
    for user in USERS:
        own = [each for each in all_ if each[0] == user]
        done = [each for each in own if each[1] == "DONE"]
        accepted = [each for each in done if each[2] == "AC"]
        solved = {each[3] for each in accepted}
        stats = rows.get((f"UST#{user}", "STATS"))
        counted = [number(stats, name) for name in ("exe", "acc", "slv")]
        assert counted == [len(done), len(accepted), len(solved)]
        for parts in ("v#", "l#", "p#"):
            named = [name for name in stats or {} if name.startswith(parts)]
            assert sum(number(stats, name) for name in named) == len(done)
        removed = [each for each in gone if each[0] == user and each[1] == "DONE"]
        assert number(rows.get((f"UST#{user}", "GONE")), "exe") == len(removed)
        markers = [key for key in rows if key[0] == f"UST#{user}" and key[1].startswith("SLV#")]
        assert len(markers) == number(stats, "s#baekjoon") == len(solved)
        for running in (stats or {}).get("rng", {}).get("SS", ()):
            assert text(rows[f"HIST#{running}", "META"], "sta") == "RUNNING"
        days = [rows[key] for key in rows if key[0] == f"USR#{user}#ULOG" and key[1][0] == "C"]
        logs = [key for key in rows if key[0] == f"USR#{user}#ULOG" and key[1][0] == "U"]
        given_back = sum(number(day, "gvb") for day in days)
        assert len(logs) == len(own)
        assert sum(number(day, "exe") for day in days) == len(own) - given_back
        assert given_back <= min(5, sum(each[1] in {"FAILED", "CANCELLED"} for each in own))
    for problem in PROBLEMS:
        shards = [row for key, row in rows.items() if key[0] == f"PCNT#{problem}"]
        done = [each for each in all_ if each[1] == "DONE" and each[3] == str(problem)]
        assert sum(number(shard, "exe") for shard in shards) == len(done)


@on_store_too
@pytest.mark.parametrize("seed", range(4))
def test_all_rows_tell_one_story(
    repositories: Repositories, clock: FixedClock, faults: Faults, seed: int
) -> None:
    world = World(repositories, clock, Walk(seed, faults))
    for _ in range(STEPS):
        world.step()
        rows = all_rows()
        check_summaries(rows)
        check_counts(rows, world.gone)
    clock.advance(hours=2)
    for history_id in repositories.histories.list_deleted():
        repositories.histories.delete_history(history_id)
    left = {key[0] for key in all_rows() if key[0].startswith("HIST#")}
    assert left == {f"HIST#{history_id}" for history_id in world.there}
