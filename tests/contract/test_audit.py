"""The audit log."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from random import Random

import pytest

from algoitny.domain.audit import AuditLine
from algoitny.domain.errors import InvalidCursor, TooLarge
from algoitny.domain.repositories import Repositories
from tests.clock import FixedClock


def appended(repositories: Repositories, subject: str = "user 01H", **details: object) -> AuditLine:
    return repositories.audit.append(
        actor="01J", action="user.update", subject=subject, details=details
    )


def test_lines_of_a_month_newest_first(repositories: Repositories, clock: FixedClock) -> None:
    audit = repositories.audit
    month = clock.now().date()
    assert audit.list_month(month).items == ()
    lines = []
    for number in range(5):
        clock.advance(0.001234)
        lines.append(appended(repositories, f"user {number}", plan=["Free", "Pro"], n=number))
    assert [line.details["n"] for line in lines] == list(range(5))
    assert lines[0].at < lines[1].at <= clock.now()
    first = audit.list_month(month.replace(day=1), limit=3)
    rest = audit.list_month(month, limit=3, cursor=first.next_cursor)
    assert [*first.items, *rest.items] == lines[::-1]
    with pytest.raises(InvalidCursor):
        audit.list_month(month + timedelta(days=40), cursor=first.next_cursor)


def test_a_month_is_utc(repositories: Repositories, clock: FixedClock) -> None:
    last = datetime(2025, 3, 31, 23, 59, 59, 999_999, tzinfo=UTC)
    clock.advance((last - clock.now()).total_seconds())
    march = appended(repositories)
    clock.advance(0.000_001)
    april = appended(repositories)
    assert repositories.audit.list_month(date(2025, 3, 31)).items == (march,)
    assert repositories.audit.list_month(date(2025, 4, 1)).items == (april,)
    assert repositories.audit.list_month(date(2024, 3, 31)).items == ()


def test_a_secret_is_never_kept(repositories: Repositories) -> None:
    line = appended(
        repositories,
        token="t",
        webhookSecret="s",
        nested={"list": [{"password": "p", "name": "Ada"}]},
        status_code=200,
    )
    assert line.details == {
        "token": "[redacted]",
        "webhookSecret": "[redacted]",
        "nested": {"list": [{"password": "[redacted]", "name": "Ada"}]},
        "status_code": 200,
    }
    assert repositories.audit.list_month(line.at.date()).items == (line,)


def test_details_have_a_bound(repositories: Repositories, clock: FixedClock) -> None:
    with pytest.raises(TooLarge):
        appended(repositories, noise=Random(1).randbytes(20_000).hex())
    assert repositories.audit.list_month(clock.now().date()).items == ()
    bare = repositories.audit.append(actor="cli", action="table.create", subject="table")
    assert bare.details == {}
