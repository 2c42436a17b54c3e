"""Boxes kept ready: what a box that cannot be opened comes to."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from typing import cast

import pytest

from algoitny.domain.errors import JudgeFailure
from algoitny.judge.box import Box
from algoitny.judge.pool import BoxPool
from algoitny.judge.sandbox import TEST, BoxKind


class OpenBox:
    def is_alive(self) -> bool:
        return True

    def close(self) -> None:
        """Holds nothing."""


def opening(
    *fails: bool, error: Exception | None = None
) -> tuple[Callable[[BoxKind], Box], list[bool]]:
    """What opens boxes, or fails, in this order; and what is left of that."""
    left = list(fails)

    def open_box(kind: BoxKind) -> Box:
        if left.pop(0):
            raise error or JudgeFailure("killed")
        return cast("Box", OpenBox())

    return open_box, left


def test_a_box_that_was_killed_while_it_opened_is_replaced() -> None:
    open_box, left = opening(True, False)
    with closing(BoxPool(open_box, {TEST: 0})) as pool:
        assert pool.take(TEST).is_alive()
    assert not left


def test_who_takes_a_box_hears_of_the_second_failure() -> None:
    open_box, left = opening(True, True, False)
    with closing(BoxPool(open_box, {TEST: 0})) as pool:
        with pytest.raises(JudgeFailure, match="killed"):
            pool.take(TEST)
        assert left == [False]
        assert pool.take(TEST).is_alive()


def test_an_error_that_nobody_thought_of_is_told_and_leaves_the_pool_working() -> None:
    open_box, _ = opening(True, True, False, error=KeyError("unheard of"))
    with closing(BoxPool(open_box, {TEST: 0})) as pool:
        with pytest.raises(JudgeFailure, match="unheard of"):
            pool.take(TEST)
        assert pool.take(TEST).is_alive()
