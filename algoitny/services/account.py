"""A user's own account: changing name, picture and plan, and deleting it."""

from __future__ import annotations

from algoitny.domain.access import Caller
from algoitny.domain.errors import Forbidden, InvalidInput, StaleVersion
from algoitny.domain.session import SessionRepository
from algoitny.domain.user import User, UserRepository, fold_email
from algoitny.services.plan import PlanService


class AccountService:
    """What users do with their own accounts. `expected_version` is that of the account: a change
    raises StaleVersion when it is another by now, and NotFound when the account is gone."""

    def __init__(
        self, *, users: UserRepository, plans: PlanService, sessions: SessionRepository
    ) -> None:
        self._users = users
        self._plans = plans
        self._sessions = sessions

    def update(
        self,
        caller: Caller,
        *,
        name: str | None,
        picture: str | None,
        expected_version: int | None,
    ) -> User:
        """Change what is given; an empty picture removes it."""
        if name is None and picture is None:
            raise InvalidInput("Nothing to change: give name or picture.")
        return self._users.update_user(
            caller.user.id, name=name, picture=picture, expected_version=expected_version
        )

    def change_plan(self, caller: Caller, name: str, *, expected_version: int | None) -> User:
        """Raises InvalidInput when there is no such plan, Forbidden for one that is not free."""
        plan = self._plans.get_plan(name)
        if plan is None:
            raise InvalidInput.field("/plan", "There is no such plan.")
        if name == caller.user.plan:
            # Written again, it would undo what an administrator has changed at this moment.
            if expected_version not in (None, caller.user.version):
                raise StaleVersion("The account has changed.")
            return caller.user
        if not plan.is_active:
            raise Forbidden(f"The plan {name} is not offered any more.")
        if plan.price > 0:
            raise Forbidden(f"The plan {name} is not free: ask an administrator for it.")
        return self._users.update_user(caller.user.id, plan=name, expected_version=expected_version)

    def delete(
        self,
        caller: Caller,
        *,
        confirm: str,
        keep_public_history: bool,
        expected_version: int | None,
    ) -> None:
        """Sign out everywhere at once; what the account owns is erased within minutes, or, as far
        as it is public history and is to be kept, made anonymous. `confirm` is its e-mail address,
        else InvalidInput."""
        if fold_email(confirm) != fold_email(caller.user.email):
            raise InvalidInput.field("/confirm", "This is not the account's e-mail address.")
        self._users.delete_user(
            caller.user.id,
            expected_version=expected_version,
            keep_public_history=keep_public_history,
        )
        self._sessions.revoke_all(caller.user.id)
