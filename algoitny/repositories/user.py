"""Users: one row each, found by id, e-mail and Google subject; listed by plan.

How they are created and changed is in `user_create` and `user_change`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from algoitny.domain.clock import Clock
from algoitny.domain.errors import AlgoItnyError, InvalidInput
from algoitny.domain.ids import Ids
from algoitny.domain.page import Page
from algoitny.domain.patience import Patience
from algoitny.domain.user import User, fold_email
from algoitny.models.base import Gsi1, Gsi2
from algoitny.models.kit.batch import batch_get
from algoitny.models.kit.cursor import Cursors, Position
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import checked_limit, get, query, query_all
from algoitny.models.plan import PLAN_SORT, PLANS, PlanItem, plan_key
from algoitny.models.user import (
    PLAN_USERS,
    UniqueLockItem,
    UserItem,
    email_lock_key,
    email_partition,
    google_lock_key,
    user_key,
)
from algoitny.repositories.user_change import UserChanges, read_user
from algoitny.repositories.user_create import UserCreation

PLANS_A_CALL = 10
"""Plans that one page over all of them asks; a page may be short."""


class DynamoUserRepository:
    """Implements `UserRepository`."""

    def __init__(self, *, clock: Clock, ids: Ids, cursors: Cursors, patience: Patience) -> None:
        self._cursors = cursors
        self._patience = patience
        self._creation = UserCreation(ids=ids, patience=self._patience)
        self._changes = UserChanges(clock=clock, ids=ids, patience=self._patience)

    def create_user(self, user: User) -> User:
        """One transaction: the user and the locks of e-mail and Google subject; 8 WCU.

        Raises AlreadyExists.
        """
        return self._creation.create(user)

    def get_user_by_id(self, user_id: str, *, consistent: bool = False) -> User | None:
        """One Get; 0.5 RCU, 1 when consistent."""
        return read_user(user_id, consistent=consistent)

    def get_users(self, user_ids: Collection[str]) -> dict[str, User]:
        """A BatchGet for each hundred; 0.5 RCU a user."""
        keys = [user_key(user_id) for user_id in user_ids if user_id]
        items = batch_get(UserItem, keys, patience=self._patience).values()
        users = (item.record() for item in items if item.entity_type == UserItem.TYPE)
        return {user.id: user for user in users}

    def get_user_by_email(self, email: str) -> User | None:
        """One Query of GSI1, 0.5 RCU; on a miss the lock and the user, since the index lags."""
        if not fold_email(email):
            return None
        found = query(UserItem, email_partition(email), index=Gsi1, limit=1)
        if found.items:
            return found.items[0].record()
        user = self._holder(email_lock_key(email), consistent=True)
        return user if user is not None and fold_email(user.email) == fold_email(email) else None

    def get_user_by_google_id(self, google_id: str) -> User | None:
        """Get lock, Get user; 1 RCU. On a miss both again, consistent."""
        if not google_id:
            return None
        for consistent in (False, True):
            user = self._holder(google_lock_key(google_id), consistent=consistent)
            if user is not None and user.google_id == google_id:
                return user
        return None

    def update_user(
        self,
        user_id: str,
        *,
        email: str | None = None,
        google_id: str | None = None,
        name: str | None = None,
        picture: str | None = None,
        last_sign_in_at: datetime | None = None,
        plan: str | None = None,
        is_active: bool | None = None,
        is_admin: bool | None = None,
        expected_version: int | None = None,
    ) -> User:
        """One Update, 3 WCU with its indexes; when e-mail or Google subject is given a Get first,
        and one transaction when a lock moves, 9 WCU. With a plan a Get of that first.

        Plans are never deleted, so one that was seen is still there when the user gets it.
        Raises NotFound, StaleVersion, AlreadyExists, InvalidInput.
        """
        if plan is not None:
            _check_plan(plan)
        given: dict[str, Any] = {
            "email": email,
            "google_id": google_id,
            "name": name,
            "picture": picture,
            "last_sign_in_at": last_sign_in_at,
            "plan": plan,
            "is_active": is_active,
            "is_admin": is_admin,
        }
        changes = {field: value for field, value in given.items() if value is not None}
        for field in ("google_id", "picture"):
            if changes.get(field) == "":
                changes[field] = None
        return self._changes.change(user_id, changes, expected_version=expected_version)

    def update_subscription_plan(
        self, user_id: str, plan: str, *, expected_version: int | None = None
    ) -> User:
        """One Get of the plan, one Update, which moves the user in the list by plan too; 4 WCU.

        Raises InvalidInput, NotFound, StaleVersion.
        """
        return self.update_user(user_id, plan=plan, expected_version=expected_version)

    def activate_user(self, user_id: str) -> User:
        """One Update; 3 WCU. Raises NotFound."""
        return self._changes.change(user_id, {"is_active": True}, expected_version=None)

    def deactivate_user(self, user_id: str) -> User:
        """One Update; 3 WCU. Raises NotFound."""
        return self._changes.change(user_id, {"is_active": False}, expected_version=None)

    def delete_user(
        self,
        user_id: str,
        *,
        expected_version: int | None = None,
        keep_public_history: bool = False,
    ) -> None:
        """One Get, one transaction: a tombstone instead of the user, both locks gone; 9 WCU.

        Raises NotFound, StaleVersion.
        """
        self._changes.delete(
            user_id, expected_version=expected_version, keep_public_history=keep_public_history
        )

    def list_users(
        self, *, limit: int = 20, cursor: str | None = None, plan: str | None = None
    ) -> Page[User]:
        """One Query of GSI2 for the keys, one BatchGet for the users; without a plan one Query of
        the plans before, and as many of these pairs as it takes, at most ten."""
        scope = ("list_users", "all") if plan is None else ("list_users", "plan", plan)
        start = self._cursors.open(scope, cursor)
        limit = checked_limit(limit)
        if plan is None:
            users, position = self._on_all_plans(limit, start)
        else:
            users, position = self._on_plan(plan, limit, start)
        return Page(tuple(users), self._cursors.issue(scope, position))

    def user_exists(self, email: str) -> bool:
        """One Get of the lock; 0.5 RCU. A moment old: `create_user` decides."""
        return bool(fold_email(email)) and get(UniqueLockItem, email_lock_key(email)) is not None

    def is_admin(self, user_id: str, admin_emails: Collection[str]) -> bool:
        """One Get; 0.5 RCU."""
        user = self.get_user_by_id(user_id)
        if user is None or not user.is_active:
            return False
        return user.is_admin or fold_email(user.email) in {
            fold_email(email) for email in admin_emails
        }

    def batch_create_users(
        self, users: Sequence[User]
    ) -> tuple[tuple[User, AlgoItnyError | None], ...]:
        """A transaction for each 25; of a refused one, a transaction for each user. 8 WCU each.

        Raises nothing: whatever went wrong stands beside the users.
        """
        return tuple(zip(users, self._creation.create_many(users), strict=True))

    def _on_plan(
        self, plan: str, limit: int, start: Position | None
    ) -> tuple[list[User], Position | None]:
        part = query(UserItem, PLAN_USERS(plan=plan), index=Gsi2, limit=limit, start=start)
        keys = [Key(item.pk, item.sk) for item in part.items]
        found = batch_get(UserItem, keys, patience=self._patience)
        # The index lags: a user who has left, or has left the plan, is not on this list any more.
        users = (found[key] for key in keys if key in found)
        present = (item.record() for item in users if item.entity_type == UserItem.TYPE)
        return [user for user in present if user.plan == plan], part.position

    def _on_all_plans(
        self, limit: int, start: Position | None
    ) -> tuple[list[User], Position | None]:
        """A position is the plan, and where within its users; without the latter, its first."""
        names = query_all(PlanItem, PLANS, sort=PlanItem.sk.startswith(PLAN_SORT.prefix()))
        first = "" if start is None else PLAN_SORT(name=start["plan"])
        plans = [item.name for item in names if item.sk >= first]
        within = None if start is None or len(start) == 1 else start
        users: list[User] = []
        for plan in plans[:PLANS_A_CALL]:
            if len(users) == limit:
                return users, {"plan": plan}
            inside = within and {name: at for name, at in within.items() if name != "plan"}
            found, position = self._on_plan(plan, limit - len(users), inside)
            users += found
            if position is not None:
                return users, {"plan": plan, **position}
            within = None
        rest = plans[PLANS_A_CALL:]
        return users, {"plan": rest[0]} if rest else None

    @staticmethod
    def _holder(lock: Key, *, consistent: bool) -> User | None:
        holder = get(UniqueLockItem, lock, consistent=consistent)
        return None if holder is None else read_user(holder.user_id, consistent=consistent)


def _check_plan(name: str) -> None:
    if not name or get(PlanItem, plan_key(name), consistent=True) is None:
        raise InvalidInput.field("/plan", "There is no such plan.")
