"""Accounts: signing in, and who a user id stands for in this request."""

from __future__ import annotations

from collections.abc import Collection

from algoitny.domain.access import Caller
from algoitny.domain.clock import Clock
from algoitny.domain.errors import AlreadyExists, NotAuthenticated, StoreRejected
from algoitny.domain.ids import Ids
from algoitny.domain.plan import Plan, PlanRepository
from algoitny.domain.user import User, UserRepository, fold_email


class UserService:
    """Signs users in and resolves callers."""

    def __init__(
        self,
        *,
        users: UserRepository,
        plans: PlanRepository,
        clock: Clock,
        ids: Ids,
        admin_emails: Collection[str],
        default_plan: str,
    ) -> None:
        self._users = users
        self._plans = plans
        self._clock = clock
        self._ids = ids
        self._admin_emails = frozenset(fold_email(email) for email in admin_emails)
        self._default_plan = default_plan

    def sign_in(self, email: str) -> Caller:
        """The user with this verified e-mail, created on the default plan at the first sign-in.

        Raises NotAuthenticated for a deactivated user.
        """
        user = self._users.get_user_by_email(email) or self._create(email)
        self._refuse_inactive(user)
        user = self._users.update_user(user.id, last_sign_in_at=self._clock.now())
        return self._caller(user)

    def caller(self, user_id: str) -> Caller:
        """Who makes this request. Raises NotAuthenticated when they are gone or deactivated."""
        user = self._users.get_user_by_id(user_id)
        if user is None:
            # The index of users lags nothing here, but an eventually consistent read may miss a
            # user who was created a moment ago.
            user = self._users.get_user_by_id(user_id, consistent=True)
        if user is None:
            raise NotAuthenticated("This account no longer exists.")
        self._refuse_inactive(user)
        return self._caller(user)

    def _create(self, email: str) -> User:
        now = self._clock.now()
        user = User(
            id=self._ids.new(),
            email=email.strip(),
            name=email.strip().partition("@")[0],
            plan=self._default_plan,
            created_at=now,
            updated_at=now,
        )
        try:
            return self._users.create_user(user)
        except AlreadyExists:
            # Two first sign-ins at once: the other one made the account.
            existing = self._users.get_user_by_email(email)
            if existing is None:
                raise
            return existing

    def _caller(self, user: User) -> Caller:
        is_admin = user.is_admin or fold_email(user.email) in self._admin_emails
        return Caller(user=user, plan=self._plan(user), is_admin=is_admin)

    def _plan(self, user: User) -> Plan:
        plan = self._plans.get_plan(user.plan)
        if plan is None:
            raise StoreRejected(
                f"The plan {user.plan!r} does not exist; create the standard plans."
            )
        return plan

    @staticmethod
    def _refuse_inactive(user: User) -> None:
        if not user.is_active:
            raise NotAuthenticated("This account is deactivated.")
