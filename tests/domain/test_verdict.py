"""Which verdict an execution gets."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algoitny.domain.verdict import State, Verdict, overall

FAILURES = [verdict for verdict in Verdict if verdict not in (Verdict.AC, Verdict.SE)]


@given(st.integers(1, 50))
def test_all_passed_is_accepted(count: int) -> None:
    assert overall([Verdict.AC] * count) is Verdict.AC


@given(
    st.lists(st.just(Verdict.AC)),
    st.sampled_from(FAILURES),
    st.lists(st.sampled_from([Verdict.AC, *FAILURES])),
)
def test_the_first_failure_decides(
    before: list[Verdict], failure: Verdict, after: list[Verdict]
) -> None:
    assert overall([*before, failure, *after]) is failure


@given(st.lists(st.sampled_from(list(Verdict))), st.lists(st.sampled_from(list(Verdict))))
def test_a_system_error_anywhere_is_the_judges_fault(
    before: list[Verdict], after: list[Verdict]
) -> None:
    assert overall([*before, Verdict.SE, *after]) is Verdict.SE


def test_no_test_is_no_verdict() -> None:
    with pytest.raises(ValueError, match="without tests"):
        overall([])


def test_what_has_ended() -> None:
    assert {state for state in State if state.ended} == {
        State.DONE,
        State.FAILED,
        State.CANCELLED,
    }


def test_every_verdict_has_words() -> None:
    assert len({verdict.words for verdict in Verdict}) == len(Verdict)
