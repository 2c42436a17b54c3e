"""Users: one row each, found by id, e-mail and Google subject; listed by plan."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from pynamodb.expressions.update import Action

from algoitny.domain.clock import Clock
from algoitny.domain.errors import AlgoItnyError, AlreadyExists, NotFound
from algoitny.domain.ids import Ids
from algoitny.domain.page import Page
from algoitny.domain.user import User, fold_email
from algoitny.models.base import Gsi1, Gsi2
from algoitny.models.kit.batch import batch_get
from algoitny.models.kit.cursor import Cursors
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import get, query, update
from algoitny.models.kit.patience import Patience
from algoitny.models.kit.transaction import Transaction
from algoitny.models.user import (
    PLAN_USERS,
    UniqueLockItem,
    UserItem,
    email_lock_key,
    email_partition,
    google_lock_key,
    user_key,
)


class DynamoUserRepository:
    """Implements `UserRepository`."""

    def __init__(
        self, *, clock: Clock, ids: Ids, cursors: Cursors, patience: Patience | None = None
    ) -> None:
        self._clock = clock
        self._ids = ids
        self._cursors = cursors
        self._patience = patience or Patience(clock=clock)

    def create_user(self, user: User) -> User:
        """One transaction: the user and the locks of e-mail and Google subject; 8 WCU."""
        item = UserItem.of(user)
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        transaction.put(
            self._lock(email_lock_key(user.email), user.id),
            condition=UniqueLockItem.absent(),
            refused=lambda: AlreadyExists("This e-mail address has an account."),
        )
        if user.google_id is not None:
            transaction.put(
                self._lock(google_lock_key(user.google_id), user.id),
                condition=UniqueLockItem.absent(),
                refused=lambda: AlreadyExists("This Google account is signed up."),
            )
        transaction.put(
            item,
            condition=UserItem.absent(),
            refused=lambda: AlreadyExists("This user id is taken."),
        )
        created = item.record()
        # A repeat of our own request finds our user, whoever has the same e-mail does not.
        transaction.commit(written=lambda: self.get_user_by_id(user.id, consistent=True) == created)
        return created

    def get_user_by_id(self, user_id: str, *, consistent: bool = False) -> User | None:
        """One Get; 0.5 RCU."""
        if not user_id:
            return None
        item = get(UserItem, user_key(user_id), consistent=consistent)
        return None if item is None else item.record()

    def get_user_by_email(self, email: str) -> User | None:
        """One Query of GSI1, 0.5 RCU; on a miss the lock and the user, since the index lags."""
        if not fold_email(email):
            return None
        found = query(UserItem, email_partition(email), index=Gsi1, limit=1)
        if found.items:
            return found.items[0].record()
        return self._locked(email_lock_key(email))

    def get_user_by_google_id(self, google_id: str) -> User | None:
        """Get lock, Get user; 2 RCU."""
        return self._locked(google_lock_key(google_id)) if google_id else None

    def update_user(
        self,
        user_id: str,
        *,
        name: str | None = None,
        picture: str | None = None,
        last_sign_in_at: datetime | None = None,
        is_admin: bool | None = None,
    ) -> User:
        """One Update; no key is made of these."""
        actions: list[Action] = []
        if name is not None:
            actions.append(UserItem.name.set(name))
        if picture is not None:
            actions.append(UserItem.picture.set(picture))
        if last_sign_in_at is not None:
            actions.append(UserItem.last_sign_in.set(last_sign_in_at))
        if is_admin is not None:
            actions.append(UserItem.is_admin.set(is_admin))
        return self._change(user_id, actions)

    def update_subscription_plan(self, user_id: str, plan: str) -> User:
        """One Update, which moves the user in the list by plan too."""
        return self._change(
            user_id, [UserItem.plan.set(plan), UserItem.gsi2_pk.set(PLAN_USERS(plan=plan))]
        )

    def activate_user(self, user_id: str) -> User:
        """One Update. Raises NotFound."""
        return self._change(user_id, [UserItem.is_active.set(True)])

    def deactivate_user(self, user_id: str) -> User:
        """One Update. Raises NotFound."""
        return self._change(user_id, [UserItem.is_active.set(False)])

    def list_users(self, *, plan: str, limit: int = 20, cursor: str | None = None) -> Page[User]:
        """One Query of GSI2 for the keys, one BatchGet for the users."""
        scope = ("list_users", plan)
        part = query(
            UserItem,
            PLAN_USERS(plan=plan),
            index=Gsi2,
            limit=limit,
            start=self._cursors.open(scope, cursor),
        )
        keys = [Key(item.pk, item.sk) for item in part.items]
        found = batch_get(UserItem, keys, patience=self._patience)
        # The index lags: a user who has left the plan meanwhile is not on this list any more.
        users = (found[key].record() for key in keys if key in found)
        return Page(
            tuple(user for user in users if user.plan == plan),
            self._cursors.issue(scope, part.position),
        )

    def user_exists(self, email: str) -> bool:
        """One consistent Get of the lock; 1 RCU."""
        if not fold_email(email):
            return False
        return get(UniqueLockItem, email_lock_key(email), consistent=True) is not None

    def is_admin(self, user_id: str, admin_emails: Collection[str]) -> bool:
        """One Get; 0.5 RCU."""
        user = self.get_user_by_id(user_id)
        if user is None or not user.is_active:
            return False
        return user.is_admin or fold_email(user.email) in {
            fold_email(email) for email in admin_emails
        }

    def batch_create_users(self, users: Sequence[User]) -> tuple[tuple[User, str | None], ...]:
        """A transaction each, so that one taken e-mail spoils nobody else's account."""
        return tuple((user, self._try_create(user)) for user in users)

    def _try_create(self, user: User) -> str | None:
        try:
            self.create_user(user)
        except AlgoItnyError as error:
            return error.detail
        return None

    def _change(self, user_id: str, actions: list[Action]) -> User:
        if not user_id:
            raise NotFound("No such user.")
        return update(
            UserItem,
            user_key(user_id),
            [*actions, UserItem.updated.set(self._clock.now()), UserItem.version.add(1)],
            condition=UserItem.present(),
            refused=lambda: NotFound("No such user."),
        ).record()

    def _locked(self, lock: Key) -> User | None:
        holder = get(UniqueLockItem, lock, consistent=True)
        return None if holder is None else self.get_user_by_id(holder.user_id, consistent=True)

    @staticmethod
    def _lock(key: Key, user_id: str) -> UniqueLockItem:
        return UniqueLockItem(key.partition, key.sort, user_id=user_id)
