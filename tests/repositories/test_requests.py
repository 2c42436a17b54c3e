"""The exact requests of the main access patterns: which operation, which index, how many."""

from __future__ import annotations

import inspect
import pkgutil
from typing import Any

import pytest

import algoitny.repositories as package
from algoitny.domain.errors import QuotaExceeded
from algoitny.domain.repositories import Repositories
from algoitny.domain.usage import Action
from tests.builders import (
    KEY,
    a_key,
    a_problem,
    a_session,
    a_submission,
    a_token,
    a_user,
    an_outcome,
    done,
    running,
    some_tests,
)
from tests.clock import FixedClock
from tests.faults import Faults


@pytest.fixture
def table(memory_table: None) -> None:
    """What is sent does not depend on who answers."""


def operations(faults: Faults) -> list[str]:
    return [name for name, _ in faults.requests]


def writes(faults: Faults) -> list[tuple[str, str, str]]:
    """(kind, partition key, sort key) of the last transaction's writes, in order."""
    found = []
    for entry in faults.sent("TransactWriteItems")[-1]["TransactItems"]:
        ((kind, request),) = entry.items()
        key = request.get("Key") or request["Item"]
        found.append((kind, key["PK"]["S"], key["SK"]["S"]))
    return found


def condition(request: dict[str, Any]) -> str:
    """The condition with names and values put in."""
    text: str = request["ConditionExpression"]
    for name, stored in request.get("ExpressionAttributeNames", {}).items():
        text = text.replace(name, stored)
    for name, value in request.get("ExpressionAttributeValues", {}).items():
        text = text.replace(name, str(next(iter(value.values()))))
    return text


def test_admission_is_a_get_and_one_transaction(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    submission = a_submission(clock, "U1", id="H1")
    repositories.histories.create_history(submission, limit=5, idempotency=a_key())
    assert operations(faults) == ["GetItem", "TransactWriteItems"]
    key, counter, summary, source, log = writes(faults)
    assert key[0] == "Put"
    assert key[1].startswith("IDK#U1#")
    assert counter == ("Update", "USR#U1#ULOG", "CNT#20250314")
    assert summary == ("Put", "HIST#H1", "META")
    assert source == ("Put", "HIST#H1", "SRC")
    assert log[:2] == ("Put", "USR#U1#ULOG")
    assert log[2] == "ULOG#20250314#1741944413589000#execution#H1"
    items = faults.sent("TransactWriteItems")[0]["TransactItems"]
    update = items[1]["Update"]
    assert condition(update) == "(attribute_not_exists (exe) OR exe < 5)"
    assert faults.sent("GetItem")[0]["ConsistentRead"] is False


def test_without_limit_and_key_admission_has_no_condition_on_the_count(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    repositories.histories.create_history(a_submission(clock), limit=-1)
    assert operations(faults) == ["TransactWriteItems"]
    update = faults.sent("TransactWriteItems")[0]["TransactItems"][0]["Update"]
    assert "ConditionExpression" not in update


def test_a_refusal_by_quota_reads_only(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    repositories.histories.create_history(a_submission(clock), limit=1)
    faults.requests.clear()
    with pytest.raises(QuotaExceeded):
        repositories.histories.create_history(a_submission(clock), limit=1)
    assert operations(faults) == ["GetItem"] * 3


def test_an_attempt_is_three_writes_and_a_read(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    history = repositories.histories.create_history(a_submission(clock, "U1", id="H1"), limit=-1)
    faults.requests.clear()
    repositories.histories.enter_running_set("U1", history.id, capacity=2)
    claimed = repositories.histories.claim(history.id, lease_seconds=30)
    repositories.histories.complete(claimed, an_outcome())
    assert operations(faults) == ["UpdateItem", "UpdateItem", "GetItem", "TransactWriteItems"]
    entering, claiming = faults.sent("UpdateItem")
    assert (
        condition(entering)
        == "((attribute_not_exists (rng) OR size (rng) < 2) OR contains (rng, H1))"
    )
    assert entering["Key"]["PK"] == {"S": "UST#U1"}
    assert condition(claiming).startswith("(sta = QUEUED OR (sta = RUNNING AND lse < ")
    assert writes(faults) == [
        ("Update", "HIST#H1", "META"),
        ("Put", "UST#U1", "SLV#baekjoon#1000"),
        ("Update", "UST#U1", "STATS"),
        ("Update", "PCNT#baekjoon#1000", "04"),
    ]
    ending = faults.sent("TransactWriteItems")[0]["TransactItems"][0]["Update"]
    assert condition(ending) == "((sta = RUNNING AND att = 1) AND pub = False)"


def test_a_public_ending_puts_the_public_row_in_the_same_transaction(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    history = running(repositories, clock, id="H1", user_id="U1", is_code_public=True)
    repositories.histories.fail(history, reason="x")
    assert writes(faults) == [
        ("Update", "HIST#H1", "META"),
        ("Put", "HIST#H1", "LST"),
        ("Update", "UST#U1", "STATS"),
        ("Update", "USR#U1#ULOG", "CNT#20250314"),
    ]


def test_pages_are_one_query_of_their_index(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    done(repositories, clock, is_code_public=True)
    repositories.problems.create_problem(a_problem(clock, is_completed=True))
    faults.requests.clear()
    repositories.histories.list_user_history("ann", limit=20)
    repositories.histories.list_public_history(limit=20)
    repositories.problems.list_completed_problems(limit=20)
    repositories.problems.list_completed_problems(limit=20, platform="baekjoon")
    repositories.problems.list_draft_problems(limit=20)
    assert operations(faults) == ["Query"] * 5
    sent = faults.sent("Query")
    assert [request["IndexName"] for request in sent] == ["GSI1", "GSI2", "GSI1", "GSI2", "GSI1"]
    assert all(request["Limit"] == 20 for request in sent)
    assert all("FilterExpression" not in request for request in sent)
    assert [request["ScanIndexForward"] for request in sent] == [False, False, False, True, False]


def test_every_list_of_executions_is_one_query_of_its_index(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    done(repositories, clock, is_code_public=True)
    histories = repositories.histories
    day = clock.now().date()
    for look_up, index, partition in (
        (lambda: histories.search_by_language("python3"), "GSI1", "PUBLIC#L#python3"),
        (lambda: histories.search_by_platform("boj"), "GSI2", "PUBLIC#P#boj"),
        (lambda: histories.list_problem_executions(KEY), "GSI3", "PROB#baekjoon#1000"),
        (histories.list_deleted, "GSI3", "QUEUE#DEL"),
        (histories.get_recent_public_history_count, "GSI2", "PUBLIC#00"),
        (lambda: repositories.usage.list_daily_usage(day), "GSI3", "ULOG#20250314"),
        (lambda: repositories.usage.get_usage_logs("ann", start=day), None, "USR#ann#ULOG"),
    ):
        faults.requests.clear()
        look_up()
        (request,) = faults.sent("Query")
        assert request.get("IndexName") == index
        assert partition in {next(iter(each.values())) for each in values(request)}
        assert "FilterExpression" not in request


def values(request: dict[str, Any]) -> list[dict[str, str]]:
    found: list[dict[str, str]] = list(request["ExpressionAttributeValues"].values())
    return found


def test_a_cancellation_is_one_transaction(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    submission = a_submission(clock, "U1", id="H1", is_code_public=True)
    history = repositories.histories.create_history(submission, limit=-1)
    faults.requests.clear()
    repositories.histories.cancel(history)
    assert operations(faults) == ["TransactWriteItems"]
    assert writes(faults) == [
        ("Update", "HIST#H1", "META"),
        ("Put", "HIST#H1", "LST"),
        ("Update", "UST#U1", "STATS"),
        ("Update", "USR#U1#ULOG", "CNT#20250314"),
    ]
    ending = faults.sent("TransactWriteItems")[0]["TransactItems"][0]["Update"]
    assert condition(ending) == "((sta = QUEUED AND att = 0) AND pub = True)"


def test_a_deletion_takes_everything_off_the_lists_in_one_transaction(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    history = done(repositories, clock, id="H1", is_code_public=True)
    faults.requests.clear()
    repositories.histories.delete_history(history.id)
    assert operations(faults) == [
        *("GetItem", "TransactWriteItems", "GetItem", "Query", "BatchWriteItem"),
    ]
    assert writes(faults) == [
        ("Delete", "HIST#H1", "META"),
        ("Delete", "HIST#H1", "LST"),
        ("Put", "HIST#H1", "DEL"),
        ("Update", "UST#ann", "GONE"),
    ]
    removal = faults.sent("TransactWriteItems")[0]["TransactItems"][0]["Delete"]
    assert condition(removal) == "(((sta = DONE AND ratt = 1) AND att = 1) AND pub = True)"


def test_publishing_is_an_update_before_the_end_and_a_transaction_after_it(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    history = running(repositories, clock, id="H1")
    faults.requests.clear()
    repositories.histories.update_public_status(history.id, is_code_public=True)
    assert operations(faults) == ["GetItem", "UpdateItem", "GetItem"]
    ended = done(repositories, clock, id="H2")
    faults.requests.clear()
    repositories.histories.update_public_status(ended.id, is_code_public=True)
    assert operations(faults) == ["GetItem", "TransactWriteItems", "GetItem"]
    assert writes(faults) == [("Update", "HIST#H2", "META"), ("Put", "HIST#H2", "LST")]


def test_look_ups(repositories: Repositories, clock: FixedClock, faults: Faults) -> None:
    user = repositories.users.create_user(a_user(clock, google_id="g"))
    problem = repositories.problems.create_problem(a_problem(clock)).summary
    summary = repositories.problems.replace_testcases(KEY, some_tests())
    for look_up, expected in (
        (lambda: repositories.users.get_user_by_id(user.id), ["GetItem"]),
        (lambda: repositories.users.get_user_by_email(user.email), ["Query"]),
        (lambda: repositories.users.get_user_by_google_id("g"), ["GetItem", "GetItem"]),
        (lambda: repositories.users.list_users(plan="Free"), ["Query", "BatchGetItem"]),
        (repositories.plans.list_plans, ["Query"]),
        (lambda: repositories.problems.get_problem(KEY), ["BatchGetItem"]),
        (lambda: repositories.problems.resolve_id(problem.id), ["GetItem"]),
        (lambda: repositories.problems.get_testcases(summary), ["Query"]),
        (
            lambda: repositories.problems.get_sample_testcases(summary),
            ["GetItem", "BatchGetItem"],
        ),
        (lambda: repositories.usage.check_rate_limit("u", Action.RUN, 5), ["GetItem"]),
        (lambda: repositories.usage.get_usage_summary("u", 90), ["Query"]),
        (lambda: repositories.stats.get_problem_stats(KEY), ["Query"]),
        (lambda: repositories.histories.count_user_history("u"), ["GetItem"]),
        (
            lambda: repositories.histories.list_unfinished(created_before=clock.now()),
            ["Query"] * 4,
        ),
    ):
        faults.requests.clear()
        look_up()
        assert operations(faults) == expected


def test_nothing_ever_scans() -> None:
    for module in pkgutil.iter_modules(package.__path__):
        source = inspect.getsource(__import__(f"{package.__name__}.{module.name}", fromlist=["x"]))
        assert ".scan(" not in source


def test_names_move_in_one_transaction_that_holds_for_the_version_read(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    users = repositories.users
    user = users.create_user(a_user(clock, id="U1", email="old@x.org", google_id="g-1"))
    assert writes(faults) == [
        ("Put", "EMAIL#old@x.org", "UNQ"),
        ("Put", "GID#g-1", "UNQ"),
        ("Put", "USR#U1", "META"),
    ]
    faults.requests.clear()
    users.update_user(user.id, email="New@x.org", google_id="")
    assert operations(faults) == ["GetItem", "TransactWriteItems"]
    assert writes(faults) == [
        ("Update", "USR#U1", "META"),
        ("Delete", "EMAIL#old@x.org", "UNQ"),
        ("Delete", "GID#g-1", "UNQ"),
        ("Put", "EMAIL#new@x.org", "UNQ"),
    ]
    moving, giving_up, *_ = faults.sent("TransactWriteItems")[0]["TransactItems"]
    assert condition(moving["Update"]) == "(tp = user AND v = 1)"
    assert condition(giving_up["Delete"]) == "uid = U1"
    users.delete_user(user.id)
    assert writes(faults) == [
        ("Put", "USR#U1", "META"),
        ("Delete", "EMAIL#new@x.org", "UNQ"),
    ]
    burying = faults.sent("TransactWriteItems")[-1]["TransactItems"][0]["Put"]
    assert condition(burying) == "(tp = user AND v = 2)"


def test_signing_in_is_one_request_each(
    repositories: Repositories, clock: FixedClock, faults: Faults
) -> None:
    token = repositories.tokens.create_token(a_token(clock))
    session = repositories.sessions.create_session(a_session(clock, digest="d1"))
    for call, expected in (
        (lambda: repositories.tokens.get_token(token.digest), ["GetItem"]),
        (lambda: repositories.tokens.list_tokens("ann"), ["Query"]),
        (lambda: repositories.tokens.note_use(token), ["UpdateItem"]),
        (lambda: repositories.tokens.revoke_token("ann", token.id), ["Query", "DeleteItem"]),
        (lambda: repositories.sessions.get_session("ann", "F1"), ["GetItem"]),
        (lambda: repositories.sessions.list_sessions("ann"), ["Query"]),
        (
            lambda: repositories.sessions.rotate_session(
                "ann", "F1", presented="d1", new="d2", expires_at=session.expires_at
            ),
            ["UpdateItem"],
        ),
        (lambda: repositories.webhook_secrets.get_webhook_secret("ann"), ["GetItem"]),
        (lambda: repositories.users.user_exists("a@x.org"), ["GetItem"]),
    ):
        faults.requests.clear()
        call()
        assert operations(faults) == expected
