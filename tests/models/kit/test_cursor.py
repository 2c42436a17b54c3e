"""Cursors: they open only where, for whom and while they were issued."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algoitny.domain.errors import InvalidCursor
from algoitny.models.kit.cursor import LIFETIME, Cursors
from tests.clock import FixedClock

SECRET = "s" * 32
SCOPE = ("list_things", "owner", "")
POSITIONS = st.dictionaries(st.text(max_size=8), st.text(max_size=40), max_size=4)


def issue(cursors: Cursors, position: dict[str, str] | None = None) -> str:
    cursor = cursors.issue(SCOPE, {"PK": "a"} if position is None else position)
    assert cursor is not None
    return cursor


@given(POSITIONS)
def test_a_position_comes_back(position: dict[str, str]) -> None:
    cursors = Cursors(SECRET, FixedClock())
    assert cursors.open(SCOPE, issue(cursors, position)) == position


def test_no_cursor_is_the_first_page_and_no_position_the_last() -> None:
    cursors = Cursors(SECRET, FixedClock())
    assert cursors.open(SCOPE, None) is None
    assert cursors.issue(SCOPE, None) is None


@pytest.mark.parametrize(
    "scope",
    [
        ("list_others", "owner", ""),
        ("list_things", "somebody", ""),
        ("list_things", "owner", "c"),
        ("list_things", "owner"),
        ("list_thingsowner", "", ""),
    ],
)
def test_another_list_owner_or_filter_is_refused(scope: tuple[str, ...]) -> None:
    cursors = Cursors(SECRET, FixedClock())
    with pytest.raises(InvalidCursor):
        cursors.open(scope, issue(cursors))


def test_it_is_good_for_a_day() -> None:
    clock = FixedClock()
    cursors = Cursors(SECRET, clock)
    cursor = issue(cursors)
    clock.advance(LIFETIME.total_seconds() - 1)
    assert cursors.open(SCOPE, cursor) == {"PK": "a"}
    clock.advance(2)
    with pytest.raises(InvalidCursor):
        cursors.open(SCOPE, cursor)


def test_a_machine_whose_clock_is_behind_takes_it() -> None:
    ahead, behind = FixedClock(), FixedClock()
    ahead.advance(5)
    assert Cursors(SECRET, behind).open(SCOPE, issue(Cursors(SECRET, ahead))) == {"PK": "a"}


def test_another_secret_is_refused() -> None:
    clock = FixedClock()
    with pytest.raises(InvalidCursor):
        Cursors("t" * 32, clock).open(SCOPE, issue(Cursors(SECRET, clock)))


@given(st.data())
def test_a_cut_or_changed_cursor_is_refused(data: st.DataObject) -> None:
    cursors = Cursors(SECRET, FixedClock())
    cursor = issue(cursors)
    at = data.draw(st.integers(0, len(cursor) - 1))
    # The last letter of base64 has spare bits, so the change there must move the others.
    letter = data.draw(st.sampled_from(string.ascii_letters + string.digits))
    changed = cursor[:at] + letter + cursor[at + 1 :]
    for bad in {cursor[:at], *({changed} if changed != cursor and at < len(cursor) - 1 else ())}:
        with pytest.raises(InvalidCursor):
            cursors.open(SCOPE, bad)


SCOPES = st.lists(st.text(max_size=8), max_size=4).map(tuple)


@given(SCOPES, SCOPES)
def test_a_cursor_opens_under_its_own_scope_only(
    issued: tuple[str, ...], opened: tuple[str, ...]
) -> None:
    cursors = Cursors(SECRET, FixedClock())
    cursor = cursors.issue(issued, {"PK": "a"})
    if issued == opened:
        assert cursors.open(opened, cursor) == {"PK": "a"}
    else:
        with pytest.raises(InvalidCursor):
            cursors.open(opened, cursor)


@given(POSITIONS, POSITIONS)
def test_a_signature_fits_no_other_content(one: dict[str, str], other: dict[str, str]) -> None:
    cursors = Cursors(SECRET, FixedClock())
    content, signature = (
        issue(cursors, one).rpartition(".")[0],
        issue(cursors, other).rpartition(".")[2],
    )
    if one == other:
        assert cursors.open(SCOPE, f"{content}.{signature}") == one
    else:
        with pytest.raises(InvalidCursor):
            cursors.open(SCOPE, f"{content}.{signature}")


@given(st.text(max_size=50))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursor):
        Cursors(SECRET, FixedClock()).open(SCOPE, text)


@pytest.mark.parametrize("text", ["\ud800", "x" * 100_000, "é.é", "a.b.c"])
def test_hostile_text_is_refused(text: str) -> None:
    with pytest.raises(InvalidCursor):
        Cursors(SECRET, FixedClock()).open(SCOPE, text)
