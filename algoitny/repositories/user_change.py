"""Changes of users: conditional on what was read, with the locks moving in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from algoitny.domain.clock import Clock
from algoitny.domain.errors import AlreadyExists, NotFound, StaleVersion, StoreUnavailable
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.user import User
from algoitny.models.base import changed_at
from algoitny.models.erasure import ErasureItem
from algoitny.models.kit.attributes import whole_milliseconds
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import get, update
from algoitny.models.kit.transaction import Transaction
from algoitny.models.kit.versions import counted_up
from algoitny.models.user import UniqueLockItem, UserItem, email_lock_key, lock_keys, user_key

_LOCKED = frozenset({"email", "google_id"})


def read_user(user_id: str, *, consistent: bool = False) -> User | None:
    """The user under this id; None for nobody and for a deleted one."""
    return user_of(get(UserItem, user_key(user_id), consistent=consistent) if user_id else None)


def user_of(item: UserItem | None) -> User | None:
    """Whom a row stands for; None for a deleted user's, which is a tombstone."""
    return None if item is None or item.entity_type != UserItem.TYPE else item.record()


def taken(lock: Key, user: User) -> AlreadyExists:
    """Somebody else holds a lock that the user needs."""
    if lock == email_lock_key(user.email):
        return AlreadyExists("This e-mail address has an account.")
    return AlreadyExists("This Google account is signed up.")


class UserChanges:
    """Changes and deletes users."""

    def __init__(self, *, clock: Clock, ids: Ids, patience: Patience) -> None:
        self._clock = clock
        self._ids = ids
        self._patience = patience

    def change(
        self, user_id: str, changes: Mapping[str, Any], *, expected_version: int | None
    ) -> User:
        """Give fields of a user new values; None clears one. Raises NotFound, StaleVersion,
        AlreadyExists."""
        changes = {
            field: whole_milliseconds(value) if field == "last_sign_in_at" and value else value
            for field, value in changes.items()
        }
        if not user_id:
            raise NotFound("No such user.")
        if not _LOCKED.intersection(changes):
            return self._update(user_id, changes, expected_version)
        for _ in self._patience.rounds():
            user = self._as_expected(user_id, expected_version)
            try:
                return self._move(user, changes)
            except StaleVersion:
                # Whoever named no version means the user as they are by now.
                if expected_version is not None:
                    raise
        raise StaleVersion("The account keeps changing.")

    def delete(
        self, user_id: str, *, expected_version: int | None, keep_public_history: bool = False
    ) -> None:
        """Raises NotFound, StaleVersion."""
        for _ in self._patience.rounds():
            user = self._as_expected(user_id, expected_version)
            try:
                return self._bury(user, keep_public_history=keep_public_history)
            except StaleVersion:
                if expected_version is not None:
                    raise
        raise StaleVersion("The account keeps changing.")

    def _as_expected(self, user_id: str, expected_version: int | None) -> User:
        user = read_user(user_id, consistent=True)
        if user is None:
            raise NotFound("No such user.")
        if expected_version is not None and user.version != expected_version:
            raise StaleVersion
        return user

    def _update(
        self, user_id: str, changes: Mapping[str, Any], expected_version: int | None
    ) -> User:
        """One Update: no lock moves."""
        now = whole_milliseconds(self._clock.now())
        condition = (
            UserItem.present()
            if expected_version is None
            else UserItem.unchanged_since(expected_version)
        )
        try:
            return update(
                UserItem,
                user_key(user_id),
                [
                    *UserItem.changing(changes),
                    UserItem.updated.set(now),
                    counted_up(UserItem.version),
                ],
                condition=condition,
                refused=StaleVersion,
            ).record()
        except (StaleVersion, StoreUnavailable):
            # An earlier try may have happened although nobody heard its answer.
            stored = read_user(user_id, consistent=True)
            if stored is None:
                raise NotFound("No such user.") from None
            next_version = stored.version if expected_version is None else expected_version + 1
            if (
                stored.version == next_version
                and stored.updated_at == changed_at(now, stored.created_at)
                and _has(stored, changes)
            ):
                return stored
            raise

    def _move(self, user: User, changes: Mapping[str, Any]) -> User:
        """One transaction: the user, the locks let go and those taken. Raises StaleVersion."""
        now = changed_at(self._clock.now(), user.created_at)
        changed = replace(user, **changes, updated_at=now, version=user.version + 1)
        before, after = lock_keys(user), lock_keys(changed)
        if before == after:
            return self._update(user.id, changes, user.version)
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        transaction.update(
            UserItem,
            user_key(user.id),
            [*UserItem.changing(changes), UserItem.updated.set(now), counted_up(UserItem.version)],
            condition=UserItem.unchanged_since(user.version),
            refused=StaleVersion,
        )
        for lock in before:
            if lock not in after:
                self._let_go(transaction, lock, user)
        for lock in after:
            if lock not in before:
                transaction.put(
                    UniqueLockItem.of(lock, user.id),
                    condition=UniqueLockItem.absent(),
                    refused=lambda lock=lock: taken(lock, changed),  # type: ignore[misc]
                )

        def written() -> bool:
            stored = read_user(user.id, consistent=True)
            # Each version is made by one write; later ones may have followed.
            return stored == changed or (
                stored is not None and stored.version > changed.version and _has(stored, changes)
            )

        transaction.commit(written=written)
        return changed

    def _bury(self, user: User, *, keep_public_history: bool) -> None:
        """One transaction: a tombstone instead of the user, both locks let go."""
        now = self._clock.now()
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        transaction.put(
            ErasureItem.of(user.id, now, keep_public_history=keep_public_history),
            condition=UserItem.unchanged_since(user.version),
            refused=StaleVersion,
        )
        for lock in lock_keys(user):
            self._let_go(transaction, lock, user)

        def written() -> bool:
            item = get(ErasureItem, user_key(user.id), consistent=True)
            buried = item is not None and item.entity_type == ErasureItem.TYPE
            return item is not None and buried and item.created_at == now

        transaction.commit(written=written)

    @staticmethod
    def _let_go(transaction: Transaction, lock: Key, user: User) -> None:
        transaction.delete(
            UniqueLockItem, lock, condition=UniqueLockItem.held_by(user.id), refused=StaleVersion
        )


def _has(user: User, changes: Mapping[str, Any]) -> bool:
    return all(getattr(user, field) == value for field, value in changes.items())
