"""What administrators do to users and problems; each change is a line of the audit log.

The line is written after the change: one that could not be written is an error, and repeating the
request writes it. Where there is nothing to repeat then, it is written before. `actor` is who did
it, a user's id or somebody at a shell.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import partial
from typing import Any

from algoitny.domain.audit import AuditLine, AuditRepository
from algoitny.domain.errors import Conflict, Forbidden, InvalidInput, NotFound
from algoitny.domain.page import Page
from algoitny.domain.patience import Patience
from algoitny.domain.problem import ProblemKey, ProblemLine, ProblemRepository, ProblemSummary
from algoitny.domain.session import SessionRepository
from algoitny.domain.usage import UsageRepository, UserDay
from algoitny.domain.user import User, UserRepository
from algoitny.services.plan import PlanService
from algoitny.services.user import UserService
from algoitny.services.versions import on_top


class AdminService:
    """Users, usage, the review queue and the audit log. Changes raise StaleVersion when the record
    is not of `expected_version` any more."""

    def __init__(
        self,
        *,
        accounts: UserService,
        plans: PlanService,
        users: UserRepository,
        sessions: SessionRepository,
        problems: ProblemRepository,
        usage: UsageRepository,
        audit: AuditRepository,
        patience: Patience,
    ) -> None:
        self._accounts = accounts
        self._plans = plans
        self._users = users
        self._sessions = sessions
        self._problems = problems
        self._usage = usage
        self._audit = audit
        self._patience = patience

    def list_users(
        self, *, plan: str | None, email: str | None, limit: int, cursor: str | None
    ) -> Page[User]:
        """All users, those on a plan, or the one with an e-mail address."""
        if email is None:
            return self._users.list_users(limit=limit, cursor=cursor, plan=plan)
        user = self._users.get_user_by_email(email)
        found = user is not None and plan in (None, user.plan)
        return Page((user,) if user is not None and found else (), None)

    def get_user(self, user_id: str) -> User:
        """The user as they are now. Raises NotFound."""
        user = self._users.get_user_by_id(user_id, consistent=True)
        if user is None:
            raise NotFound("No such user.")
        return user

    def change_user(
        self,
        user_id: str,
        *,
        actor: str,
        plan: str | None = None,
        is_active: bool | None = None,
        is_admin: bool | None = None,
        expected_version: int | None = None,
    ) -> User:
        """Change what is given, all at once; whoever is deactivated is signed out everywhere.

        Raises NotFound, Forbidden (one's own rights), Conflict (an administrator by the settings),
        InvalidInput (no such plan, one that nobody new gets, nothing to change).
        """
        given = {"plan": plan, "is_active": is_active, "is_admin": is_admin}
        changes: dict[str, Any] = {
            name: value for name, value in given.items() if value is not None
        }
        if not changes:
            raise InvalidInput("Nothing to change: give at least one field.")
        if user_id == actor and False in (is_active, is_admin):
            raise Forbidden("You cannot take away your own rights: ask another administrator.")

        def made() -> tuple[User, User]:
            before = self.get_user(user_id)
            self._check_change(before, changes)
            version = before.version if expected_version is None else expected_version
            return before, self._users.update_user(user_id, **changes, expected_version=version)

        before, after = on_top(made, expected_version=expected_version, patience=self._patience)
        if is_active is False:
            self._sessions.revoke_all(user_id)
        self._audit.append(
            actor=actor,
            action="user.update",
            subject=f"user {user_id}",
            details={"old": {name: getattr(before, name) for name in changes}, "new": changes},
        )
        return after

    def erase_user(self, user_id: str, *, actor: str) -> None:
        """Delete an account at once, and all that it owns in the background. Raises NotFound."""
        self.get_user(user_id)
        self._audit.append(actor=actor, action="user.erase", subject=f"user {user_id}")
        self._users.delete_user(user_id)
        self._sessions.revoke_all(user_id)

    def usage_of_day(self, day: date, *, limit: int, cursor: str | None) -> Page[UserDay]:
        """What every user consumed on a UTC day, by user id."""
        return self._usage.list_daily_usage(day, limit=limit, cursor=cursor)

    def list_review(self, *, limit: int, cursor: str | None) -> Page[ProblemLine]:
        """Problems that wait for an administrator, newest first."""
        return self._problems.list_problems_needing_review(limit=limit, cursor=cursor)

    def verify(
        self, key: ProblemKey, *, actor: str, notes: str = "", expected_version: int | None = None
    ) -> ProblemSummary:
        """Approve a problem. The notes go to the audit log only. Raises NotFound."""
        after = self._review(key, expected_version, self._problems.verify_problem)
        self._note_review(actor, "problem.verify", key, notes)
        return after

    def send_back(
        self, key: ProblemKey, *, actor: str, notes: str, expected_version: int | None = None
    ) -> ProblemSummary:
        """Make a problem a draft again, with notes for its owner. Raises NotFound."""
        send_back = partial(self._problems.send_back, notes=notes)
        after = self._review(key, expected_version, send_back)
        self._note_review(actor, "problem.send_back", key, notes)
        return after

    def list_audit(self, month: date, *, limit: int, cursor: str | None) -> Page[AuditLine]:
        """Lines of the UTC month that this day is in, newest first."""
        return self._audit.list_month(month, limit=limit, cursor=cursor)

    def _check_change(self, user: User, changes: Mapping[str, Any]) -> None:
        if changes.get("is_admin") is False and self._accounts.is_named_admin(user):
            raise Conflict("The settings make this user an administrator (ADMIN_EMAILS).")
        plan = changes.get("plan", user.plan)
        new_plan = None if plan == user.plan else self._plans.get_plan(plan)
        if new_plan is not None and not new_plan.is_active:
            raise InvalidInput.field(
                "/plan", f"The plan {plan} is inactive: no further user can get it."
            )

    def _review(
        self,
        key: ProblemKey,
        expected_version: int | None,
        change: Callable[..., ProblemSummary],
    ) -> ProblemSummary:
        def made() -> ProblemSummary:
            summary = self._problems.get_problem_summary(key, consistent=True)
            if summary is None or summary.is_deleted:
                raise NotFound("No such problem.")
            version = summary.version if expected_version is None else expected_version
            return change(key, expected_version=version)

        return on_top(made, expected_version=expected_version, patience=self._patience)

    def _note_review(self, actor: str, action: str, key: ProblemKey, notes: str) -> None:
        details = {"notes": notes} if notes else None
        self._audit.append(actor=actor, action=action, subject=f"problem {key}", details=details)
