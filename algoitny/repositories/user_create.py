"""New users: each with the locks of e-mail and Google subject, alone or many in a transaction."""

from __future__ import annotations

from collections.abc import Sequence

from algoitny.domain.errors import AlgoItnyError, AlreadyExists, StoreUnavailable
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.user import User
from algoitny.models.kit.batch import batch_get
from algoitny.models.kit.keys import Key
from algoitny.models.kit.transaction import Transaction
from algoitny.models.user import UniqueLockItem, UserItem, lock_keys, user_key
from algoitny.repositories.user_change import read_user, taken

TOGETHER = 25
"""Users in one transaction: 75 writes of the 100 that DynamoDB takes."""

Outcome = AlgoItnyError | None
"""Why a user was not created."""


class UserCreation:
    """Creates users."""

    def __init__(self, *, ids: Ids, patience: Patience) -> None:
        self._ids = ids
        self._patience = patience

    def create(self, user: User) -> User:
        """The user as stored. Raises AlreadyExists."""
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        created = _add(transaction, user)
        # A repeat of our own request finds our user, whoever has the same e-mail does not.
        transaction.commit(written=lambda: read_user(user.id, consistent=True) == created)
        return created

    def create_many(self, users: Sequence[User]) -> list[Outcome]:
        """An outcome for each user, in order. A store that is away is not asked for the rest."""
        outcomes: list[Outcome] = []
        for first in range(0, len(users), TOGETHER):
            outcomes += self._create_chunk(users[first : first + TOGETHER])
            if isinstance(outcomes[-1], StoreUnavailable):
                break
        return outcomes + outcomes[-1:] * (len(users) - len(outcomes))

    def _create_chunk(self, chunk: Sequence[User]) -> list[Outcome]:
        try:
            self._create_together(chunk)
        except StoreUnavailable as error:
            return self._what_happened(chunk, error)
        except AlgoItnyError:
            # One spoils it for all: find out who, and create the others.
            return self._create_each(chunk)
        return [None] * len(chunk)

    def _create_together(self, chunk: Sequence[User]) -> None:
        keys = [key for user in chunk for key in (user_key(user.id), *lock_keys(user))]
        if len(set(keys)) < len(keys):
            raise AlreadyExists("Two of them cannot both be created.")
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        for user in chunk:
            _add(transaction, user)
        transaction.commit()

    def _create_each(self, chunk: Sequence[User]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for user in chunk:
            try:
                self.create(user)
            except AlgoItnyError as error:
                outcomes.append(error)
                if isinstance(error, StoreUnavailable):
                    break
            else:
                outcomes.append(None)
        return outcomes + outcomes[-1:] * (len(chunk) - len(outcomes))

    def _what_happened(self, chunk: Sequence[User], error: StoreUnavailable) -> list[Outcome]:
        """All were created, or none: the answer was lost, or there was none."""
        try:
            keys = [user_key(user.id) for user in chunk]
            found = batch_get(UserItem, keys, patience=self._patience, consistent=True)
        except StoreUnavailable:
            return [error] * len(chunk)
        return [None if _is_stored(user, found) else error for user in chunk]


def _add(transaction: Transaction, user: User) -> User:
    """Puts the user and the locks into the transaction; the user as they will be stored."""
    for lock in lock_keys(user):
        transaction.put(
            UniqueLockItem.of(lock, user.id),
            condition=UniqueLockItem.absent(),
            refused=lambda lock=lock: taken(lock, user),  # type: ignore[misc]
        )
    item = UserItem.of(user)
    transaction.put(
        item,
        condition=UserItem.absent(),
        refused=lambda: AlreadyExists("This user id is taken."),
    )
    return item.record()


def _is_stored(user: User, found: dict[Key, UserItem]) -> bool:
    item = found.get(user_key(user.id))
    stored = item is not None and item.entity_type == UserItem.TYPE
    return item is not None and stored and item.record() == UserItem.of(user).record()
