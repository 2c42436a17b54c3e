"""What is to be judged again, and how far that is."""

from __future__ import annotations

from datetime import timedelta

from algoitny.domain.problem import ProblemKey
from algoitny.domain.rejudge import Rejudged, Selection
from algoitny.domain.verdict import Verdict
from tests.clock import FixedClock

KEY = ProblemKey(platform="baekjoon", number="1000")


def test_a_selection_and_a_checkpoint_survive_being_stored(clock: FixedClock) -> None:
    now = clock.now()
    full = Selection(
        problem=KEY,
        user_id="U",
        language="c",
        verdict=Verdict.WA,
        since=now,
        until=now + timedelta(1),
    )
    for selection in (full, Selection(problem=KEY), Selection(execution_id="H")):
        assert Selection.of_json(selection.as_json()) == selection
    rejudged = Rejudged(after="H", in_flight={"H": Verdict.AC, "I": None}, selected=3, failed=1)
    assert Rejudged.of_json(rejudged.as_json()) == rejudged
    assert Rejudged.of_json(None) == Rejudged()
