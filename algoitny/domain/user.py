"""Users: who signs in, on which plan."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from algoitny.domain.errors import AlgoItnyError
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
    """The form in which two spellings of one address are equal: Unicode's canonical caseless match.

    Case, and whether an accent is a character of its own, are how an address was typed. Letters
    that only look alike (`ﬁ` and `fi`, full width) are kept apart: they are other mailboxes.
    """
    composed = unicodedata.normalize("NFC", email.strip())
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", composed).casefold())


def pseudonym(user_id: str) -> str:
    """How a user is shown in public: stable, and tells nothing about the person."""
    return "learner-" + hashlib.sha256(f"public-name:{user_id}".encode()).hexdigest()[:10]


class UserRepository(Protocol):
    """Access to users, under the original system's method names.

    `expected_version` is the version that the caller has read: StaleVersion when the user has
    changed since. Without it a change holds for the user as they are. A deleted user is nowhere.
    """

    def create_user(self, user: User) -> User:
        """Store a new user; raises AlreadyExists when the e-mail, the Google subject or the id is
        taken. That the plan exists is the caller's to know."""
        ...

    def get_user_by_id(self, user_id: str, *, consistent: bool = False) -> User | None: ...

    def get_users(self, user_ids: Collection[str]) -> dict[str, User]:
        """Those of these users who exist, by id."""
        ...

    def get_user_by_email(self, email: str) -> User | None:
        """The user with this address, in any spelling; one created a moment ago is found too."""
        ...

    def get_user_by_google_id(self, google_id: str) -> User | None:
        """A user created a moment ago is found too."""
        ...

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
        """Change what is given, all at once; `""` unlinks the Google subject and clears the
        picture.

        Raises NotFound, StaleVersion; AlreadyExists when another user has the e-mail or subject;
        InvalidInput when there is no such plan.
        """
        ...

    def update_subscription_plan(
        self, user_id: str, plan: str, *, expected_version: int | None = None
    ) -> User:
        """Raises InvalidInput when there is no such plan, NotFound, StaleVersion."""
        ...

    def activate_user(self, user_id: str) -> User:
        """Raises NotFound."""
        ...

    def deactivate_user(self, user_id: str) -> User:
        """Raises NotFound."""
        ...

    def delete_user(
        self,
        user_id: str,
        *,
        expected_version: int | None = None,
        keep_public_history: bool = False,
    ) -> None:
        """Free the e-mail and the Google subject at once; what the user owns is due for erasure,
        or else for being made anonymous, as far as it is public history.

        Raises NotFound, also the second time; StaleVersion. The id is never used again.
        """
        ...

    def list_users(
        self, *, limit: int = 20, cursor: str | None = None, plan: str | None = None
    ) -> Page[User]:
        """Users on one plan, oldest first; without one on all plans, one plan after the other."""
        ...

    def user_exists(self, email: str) -> bool: ...

    def is_admin(self, user_id: str, admin_emails: Collection[str]) -> bool:
        """Granted, or the e-mail is in `admin_emails`; False for an unknown or inactive user."""
        ...

    def batch_create_users(
        self, users: Sequence[User]
    ) -> tuple[tuple[User, AlgoItnyError | None], ...]:
        """Create each; beside each user, in order, why they were not created, or None. A user who
        is stored just so already counts as created, so a batch may be sent again."""
        ...
