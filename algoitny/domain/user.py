"""Users: who signs in, on which plan."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from algoitny.domain.page import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class User:
    """A person. `email` is stored as given and compared without regard to case."""

    id: str
    email: str
    name: str
    plan: str
    picture: str | None = None
    google_id: str | None = None
    is_active: bool = True
    is_admin: bool = False
    last_sign_in_at: datetime | None = None
    created_at: datetime
    updated_at: datetime
    version: int = 1


def fold_email(email: str) -> str:
    """The form in which two spellings of one address are equal."""
    return email.strip().casefold()


def pseudonym(user_id: str) -> str:
    """How a user is shown in public: stable, and tells nothing about the person."""
    return "learner-" + hashlib.sha256(f"public-name:{user_id}".encode()).hexdigest()[:10]


class UserRepository(Protocol):
    """Access to users, under the original system's method names."""

    def create_user(self, user: User) -> User:
        """Store a new user; raises AlreadyExists when the e-mail or Google subject is taken."""
        ...

    def get_user_by_id(self, user_id: str, *, consistent: bool = False) -> User | None: ...

    def get_user_by_email(self, email: str) -> User | None:
        """By any spelling of the address; a user created a moment ago is found too."""
        ...

    def get_user_by_google_id(self, google_id: str) -> User | None: ...

    def update_user(
        self,
        user_id: str,
        *,
        name: str | None = None,
        picture: str | None = None,
        last_sign_in_at: datetime | None = None,
        is_admin: bool | None = None,
    ) -> User:
        """Change what is given; raises NotFound."""
        ...

    def update_subscription_plan(self, user_id: str, plan: str) -> User: ...

    def activate_user(self, user_id: str) -> User: ...

    def deactivate_user(self, user_id: str) -> User: ...

    def list_users(self, *, plan: str, limit: int = 20, cursor: str | None = None) -> Page[User]:
        """Users on one plan, oldest first."""
        ...

    def user_exists(self, email: str) -> bool: ...

    def is_admin(self, user_id: str, admin_emails: Collection[str]) -> bool:
        """Granted, or the e-mail is in `admin_emails`; False for an unknown or inactive user."""
        ...

    def batch_create_users(self, users: Sequence[User]) -> tuple[tuple[User, str | None], ...]:
        """Create each; beside each user why it was refused, or None."""
        ...
