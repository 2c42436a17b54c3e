"""Public executions that stay when their author is erased: nothing tells whose they were."""

from __future__ import annotations

import pytest

from algoitny.domain.erasure import QUIET, Erasure
from algoitny.domain.history import ANONYMOUS, History
from algoitny.domain.repositories import Repositories
from algoitny.domain.user import User
from algoitny.domain.verdict import Verdict
from tests.builders import KEY, a_finished_hint, a_user, admitted, done, running
from tests.clock import FixedClock

pytestmark = pytest.mark.slow


@pytest.fixture
def ada(repositories: Repositories, clock: FixedClock) -> User:
    return repositories.users.create_user(a_user(clock))


def published(
    repositories: Repositories, clock: FixedClock, user: User, **given: object
) -> History:
    """A public execution with all that it can have of its author."""
    history = done(
        repositories,
        clock,
        Verdict.WA,
        user_id=user.id,
        user_identifier="Ada Lovelace",
        is_code_public=True,
        metadata={"ip": "192.0.2.1"},
        webhook_url="https://ada.example.org/hook",
        **given,
    )
    hint(repositories, history, user)
    clock.advance(1)
    return history


def hint(repositories: Repositories, history: History, user: User) -> None:
    found = a_finished_hint(history, user_id=user.id, text="Dear Ada")
    repositories.histories.update_hints(history.id, (found,))


def bury(repositories: Repositories, user: User, *, keep: bool = True) -> Erasure:
    repositories.users.delete_user(user.id, keep_public_history=keep)
    return repositories.erasures.claim(user.id, lease_seconds=3600)


def erase(repositories: Repositories, erasure: Erasure) -> None:
    for _ in range(30):
        if not repositories.erasures.remove_some(erasure):
            return
    pytest.fail("never done")


def test_public_executions_stay_without_a_name(
    repositories: Repositories, clock: FixedClock, ada: User
) -> None:
    histories = repositories.histories
    kept = published(repositories, clock, ada)
    private = done(repositories, clock, user_id=ada.id)
    unfinished = [
        make(repositories, clock, user_id=ada.id, is_code_public=True)
        for make in (admitted, running)
    ]
    erasure = bury(repositories, ada)
    assert erasure.keeps_public_history
    erase(repositories, erasure)
    stored = histories.get_history(kept.id, consistent=True)
    assert stored is not None
    assert (stored.user_id, stored.user_identifier) == (None, ANONYMOUS)
    assert (stored.metadata, stored.webhook_url) == (None, None)
    assert (stored.verdict, stored.created_at) == (kept.verdict, kept.created_at)
    assert histories.get_source(kept.id) == "print(1)"
    assert repositories.hints.list_hints(kept.id) == ()
    assert not repositories.outbox.list_due()
    for gone in (private, *unfinished):
        assert histories.get_history(gone.id, consistent=True) is None
    for page in (
        histories.list_public_history(),
        histories.search_by_language("python3"),
        histories.search_by_platform(KEY.platform),
    ):
        lines = [(line.id, line.user_id, line.user_identifier) for line in page.items]
        assert lines == [(kept.id, None, ANONYMOUS)]
    assert [each.id for each in histories.list_problem_executions(KEY).items] == [kept.id]
    assert histories.list_user_history(ada.id).items == ()
    assert list(repositories.erasures.owned_by(ada.id)) == []


def test_who_does_not_say_so_keeps_nothing(
    repositories: Repositories, clock: FixedClock, ada: User
) -> None:
    history = published(repositories, clock, ada)
    erase(repositories, bury(repositories, ada, keep=False))
    assert repositories.histories.get_history(history.id, consistent=True) is None
    assert repositories.histories.list_public_history().items == ()


def test_what_came_late_is_taken_away_too(
    repositories: Repositories, clock: FixedClock, ada: User
) -> None:
    histories = repositories.histories
    histories_kept = [published(repositories, clock, ada) for _ in range(12)]
    kept = histories_kept[0]
    erasure = bury(repositories, ada)
    erase(repositories, erasure)
    hint(repositories, kept, ada)  # by a request that began before
    clock.advance(QUIET.total_seconds())
    assert repositories.erasures.remove_some(erasure) == 10
    assert repositories.erasures.remove_some(erasure) == 2
    assert repositories.erasures.remove_some(erasure) == 0
    assert repositories.hints.list_hints(kept.id) == ()
    stored = histories.get_history(kept.id, consistent=True)
    assert stored is not None
    assert stored.user_id is None


def test_only_public_executions_with_a_result_are_made_anonymous(
    repositories: Repositories, clock: FixedClock
) -> None:
    histories = repositories.histories
    for history in (
        done(repositories, clock),
        running(repositories, clock, is_code_public=True),
        admitted(repositories, clock, is_code_public=True),
    ):
        assert not histories.anonymise_history(history.id)
        histories.forget_author(history.id)
        assert histories.get_history(history.id) == history
    assert not histories.anonymise_history("ghost")
    histories.forget_author("ghost")


def test_making_anonymous_can_be_repeated(
    repositories: Repositories, clock: FixedClock, ada: User
) -> None:
    histories = repositories.histories
    history = published(repositories, clock, ada)
    others = published(repositories, clock, repositories.users.create_user(a_user(clock)))
    for _ in range(2):
        assert histories.anonymise_history(history.id)
    once = histories.get_history(history.id)
    for _ in range(2):
        histories.forget_author(history.id)
    assert histories.get_history(history.id) == once
    assert histories.get_history(others.id) == others
    # What an administrator takes off the lists is forgotten all the same.
    withdrawn = published(repositories, clock, ada)
    assert histories.anonymise_history(withdrawn.id)
    histories.update_public_status(withdrawn.id, is_code_public=False)
    histories.forget_author(withdrawn.id)
    stored = histories.get_history(withdrawn.id)
    assert stored is not None
    assert (stored.user_id, stored.is_code_public) == (None, False)
