"""Everything that is stored about oneself."""

from __future__ import annotations

from collections import Counter

import pytest

from algoitny.domain.errors import StoreUnavailable
from algoitny.domain.history_results import TestProgress
from algoitny.domain.verdict import Verdict
from tests.api.refusal import check
from tests.api.world import HIDDEN, LEARNER, SUM

EXPORT = "/api/account/export/"


def export(world, role=LEARNER):
    answer = world.get(EXPORT, role)
    assert answer.status_code == 200, answer.text
    return answer


def of_kind(answer, kind):
    return [item for item in answer.json["items"] if item["kind"] == kind]


def test_everything_is_there(world):
    world.api_token(LEARNER, "read")
    answer = export(world)
    assert "Content-Length" not in answer.headers
    assert answer.headers["Content-Disposition"].startswith("attachment")
    found = Counter(item["kind"] for item in answer.json["items"])
    for kind in ("user", "session", "token", "day", "usage_log", "stats", "history", "source"):
        assert found[kind] == 1, kind
    assert of_kind(answer, "user")[0]["fields"]["email"] == f"{LEARNER}@example.org"
    (source,) = of_kind(answer, "source")
    assert source == {"kind": "source", "part_of": world.failed, "fields": {"code": "print(3)"}}


def test_nothing_of_hidden_tests_and_no_secrets(world):
    secret = world.api_token(LEARNER, "read")
    answer = export(world)
    assert HIDDEN not in answer.text
    assert secret not in answer.text
    assert "digest" not in answer.text
    (results,) = of_kind(answer, "results")
    sample, hidden = results["fields"]["tests"]
    assert (sample["output"], hidden["output"], hidden["verdict"]) == ("3\n", "", "WA")


@pytest.mark.parametrize("role", ["registrar", "admin"])
def test_who_sees_hidden_tests_anyway_has_them(world, role):
    world.judge(world.submit(role).json["history_id"])
    assert HIDDEN in export(world, role).text


def test_of_a_problem_that_is_gone(world):
    world.judge(world.submit("registrar").json["history_id"])
    world.store.problems.delete_problem(SUM)
    assert HIDDEN not in export(world, "registrar").text


def test_while_an_execution_runs(world):
    history_id = world.submit().json["history_id"]
    history = world.store.histories.claim(history_id, lease_seconds=30)
    progress = TestProgress(index=1, verdict=Verdict.AC, time_ms=1, memory_kb=1)
    world.store.histories.put_progress(history, (progress,))
    (shown,) = of_kind(export(world, "user"), "history")
    assert shown["fields"]["state"] == "RUNNING"


def test_nothing_of_others(world):
    assert of_kind(export(world, "user"), "history") == []
    assert world.users[LEARNER] not in export(world, "user").text


def test_a_store_that_is_away_is_an_error_and_not_half_an_answer(world, monkeypatch):
    def away(_):
        raise StoreUnavailable("throttled")
        yield

    monkeypatch.setattr(world.store.erasures, "owned_by", away)
    check(world.get(EXPORT), 503, None)
