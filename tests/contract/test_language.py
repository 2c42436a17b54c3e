"""What workers announce."""

from __future__ import annotations

from algoitny.domain.repositories import Repositories
from tests.clock import FixedClock


def test_a_worker_is_heard_until_it_is_silent_for_ten_minutes(
    repositories: Repositories, clock: FixedClock
) -> None:
    languages = repositories.languages
    assert languages.announced() == []
    languages.announce("worker#1", {"c": "gcc 12"})
    clock.advance(300)
    languages.announce("worker#2", {"c": "gcc 13", "python3": "3.11"})
    languages.announce("worker#2", {"python3": "3.12"})
    assert sorted(languages.announced(), key=str) == [{"c": "gcc 12"}, {"python3": "3.12"}]
    clock.advance(301)
    assert languages.announced() == [{"python3": "3.12"}]
    clock.advance(600)
    assert languages.announced() == []
