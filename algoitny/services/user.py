"""Accounts: signing in, and who a user id stands for in this request."""

from __future__ import annotations

from collections.abc import Collection

from algoitny.domain.access import Caller
from algoitny.domain.clock import Clock
from algoitny.domain.errors import (
    AlreadyExists,
    NotAuthenticated,
    NotFound,
    StaleVersion,
    StoreRejected,
)
from algoitny.domain.identity import Identity
from algoitny.domain.ids import Ids
from algoitny.domain.plan import Plan
from algoitny.domain.user import User, UserRepository, fold_email
from algoitny.services.plan import PlanService


class UserService:
    """Signs users in and resolves callers."""

    def __init__(
        self,
        *,
        users: UserRepository,
        plans: PlanService,
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
        user = self._note_sign_in(user)
        if fold_email(user.email) != fold_email(email):
            # The look-up by e-mail lags: the address was this user's until a moment ago.
            raise NotAuthenticated("This account has another address now.")
        return self.describe(user)

    def sign_in_with(self, identity: Identity) -> Caller:
        """The user with this account elsewhere: by its subject; else by its verified e-mail, which
        is linked to it then; else created.

        Raises NotAuthenticated for a deactivated user, and when the address belongs to somebody
        with another such account.
        """
        user = self._users.get_user_by_google_id(identity.subject)
        if user is None:
            user = self._users.get_user_by_email(identity.email)
            if user is None:
                user = self._create(identity.email, identity)
            self._refuse_inactive(user)
            user = self._link(user, identity)
        self._refuse_inactive(user)
        return self.describe(self._note_sign_in(user))

    def caller(self, user_id: str) -> Caller:
        """Who makes this request. Raises NotAuthenticated when they are gone or deactivated, as of
        this moment."""
        return self.admit(self._users.get_user_by_id(user_id, consistent=True))

    def admit(self, user: User | None) -> Caller:
        """Who makes a request, as just read. Raises NotAuthenticated when they are gone or
        deactivated."""
        if user is None:
            raise NotAuthenticated("This account no longer exists.")
        self._refuse_inactive(user)
        return self.describe(user)

    def describe(self, user: User) -> Caller:
        """A user with what their plan and role allow, active or not."""
        is_admin = user.is_admin or self.is_named_admin(user)
        return Caller(user=user, plan=self._plan(user), is_admin=is_admin)

    def is_named_admin(self, user: User) -> bool:
        """An administrator by the settings, whatever is stored."""
        return fold_email(user.email) in self._admin_emails

    def _link(self, user: User, identity: Identity) -> User:
        if user.google_id == identity.subject:
            return user
        if user.google_id is not None or fold_email(user.email) != fold_email(identity.email):
            # Another account has the address; or the look-up lags, and it was this user's until a
            # moment ago.
            raise NotAuthenticated("This address belongs to an account that is linked elsewhere.")
        try:
            return self._users.update_user(
                user.id, google_id=identity.subject, expected_version=user.version
            )
        except (AlreadyExists, StaleVersion, NotFound):
            # Another sign-in of the same person was faster, or the account changed meanwhile.
            linked = self._users.get_user_by_google_id(identity.subject)
            if linked is None:
                raise NotAuthenticated("The account has just changed; sign in again.") from None
            return linked

    def _note_sign_in(self, user: User) -> User:
        try:
            return self._users.update_user(user.id, last_sign_in_at=self._clock.now())
        except NotFound:
            raise NotAuthenticated("This account no longer exists.") from None

    def _create(self, email: str, identity: Identity | None = None) -> User:
        now = self._clock.now()
        user = User(
            id=self._ids.new(),
            email=email.strip(),
            name=(identity and identity.name) or email.strip().partition("@")[0],
            picture=identity.picture if identity else None,
            google_id=identity.subject if identity else None,
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
