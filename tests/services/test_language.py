"""What can be submitted: what workers announced, and what is taken while nobody has."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import InvalidInput, LanguageUnavailable
from algoitny.services.language import CACHE_SECONDS, NOBODY_SECONDS, LanguageService
from tests.services.world import World

PYTHON = {"python3": "3.13.5"}


@pytest.fixture
def languages(world: World) -> LanguageService:
    return world.languages


def available(languages: LanguageService) -> list[str]:
    return [language.id for language in languages.list() if language.is_available]


def test_a_worker_that_has_just_begun_is_seen_at_once(
    world: World, languages: LanguageService
) -> None:
    assert available(languages) == []
    world.store.languages.announce("judge@1", PYTHON)
    world.clock.advance(NOBODY_SECONDS + 0.1)
    assert available(languages) == ["python3"]
    assert NOBODY_SECONDS < CACHE_SECONDS


def test_while_no_worker_is_up_what_is_declared_is_taken(
    world: World, languages: LanguageService
) -> None:
    assert languages.require("rust") == "rust"
    with pytest.raises(InvalidInput, match="one of: python3, "):
        languages.require("cobol")
    world.store.languages.announce("judge@1", PYTHON)
    world.clock.advance(NOBODY_SECONDS + 0.1)
    assert languages.require("py") == "python3"
    with pytest.raises(LanguageUnavailable):
        languages.require("rust")


def test_announcements_are_read_rarely(
    world: World, languages: LanguageService, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.store.languages.announce("judge@1", PYTHON)
    assert available(languages) == ["python3"]
    with monkeypatch.context() as patch:
        patch.delattr(type(world.store.languages), "announced")
        world.clock.advance(CACHE_SECONDS)
        assert available(languages) == ["python3"]
    world.store.languages.announce("judge@2", {"c": "14"})
    world.clock.advance(0.1)
    assert available(languages) == ["python3", "c"]
