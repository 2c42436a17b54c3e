"""Administration: users, usage, the review queue, the audit log."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from marshmallow import fields

from algoitny.api.authentication import Access, current_caller
from algoitny.api.blueprint import Blueprint
from algoitny.api.etag import ETAG_HEADER, IF_MATCH_ERRORS, IfMatchSchema, etag, matching
from algoitny.api.fields import LONGEST_EMAIL, Flag, Instant, Line, Text
from algoitny.api.paging import LINK_HEADER, NextCursorSchema, PageQuerySchema, page_answer
from algoitny.api.problem_line import ProblemPageSchema, ProblemSummarySchema
from algoitny.api.user import AccountSchema
from algoitny.domain.access import Caller
from algoitny.domain.clock import utc_day
from algoitny.domain.page import Page
from algoitny.domain.plan import NAME_LENGTH
from algoitny.domain.problem import ProblemKey, ProblemSummary
from algoitny.domain.token import Scope
from algoitny.services.container import container

NOTES_LIMIT_BYTES = 4000

administration = Blueprint(
    "administration", __name__, url_prefix="/api/admin", description="Administration"
)
ADMIN: Mapping[str, Any] = {"access": Access.ADMIN, "scope": Scope.ADMIN}


class Day(fields.String):
    """A date in a query string, `2025-03-14`; without the day it is the first of the month."""

    def __init__(self, *, pattern: str, **kwargs: Any) -> None:
        super().__init__(
            load_default=lambda: None,
            allow_none=False,
            metadata={"pattern": f"^{pattern}$", **kwargs.pop("metadata", {})},
            **kwargs,
        )
        self.pattern = pattern

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        try:
            if re.fullmatch(self.pattern, text):
                return date.fromisoformat(text if len(text) == 10 else f"{text}-01")
        except ValueError:
            pass
        raise ma.ValidationError(f"Not a date of the form {self.metadata['example']}.")


class UserQuerySchema(PageQuerySchema):
    """Which users."""

    plan = Line(max_length=NAME_LENGTH, load_default=lambda: None, allow_none=False)
    email = Text(
        max_bytes=LONGEST_EMAIL,
        min_length=1,
        load_default=lambda: None,
        allow_none=False,
        metadata={"description": "Only the user with this address, in any spelling."},
    )


class UserSchema(AccountSchema):
    """A user, for administrators."""

    last_sign_in_at = Instant(required=True, allow_none=True, attribute="user.last_sign_in_at")


class UserPageSchema(NextCursorSchema):
    """A page of users."""

    items = fields.List(fields.Nested(UserSchema), required=True)


class UserChangeSchema(ma.Schema):
    """The fields to change, all at once."""

    plan = Line(max_length=NAME_LENGTH)
    is_active = Flag(metadata={"description": "false: signed out everywhere, and refused."})
    is_admin = Flag()


class UsageQuerySchema(PageQuerySchema):
    """Which day."""

    day = Day(
        pattern=r"[0-9]{4}-[0-9]{2}-[0-9]{2}",
        metadata={"description": "A UTC day; today when left out.", "example": "2025-03-14"},
    )


class UserDaySchema(ma.Schema):
    """What a user consumed."""

    user_id = fields.String(required=True)
    executions = fields.Integer(required=True, attribute="usage.executions")
    hints = fields.Integer(required=True, attribute="usage.hints")
    runs = fields.Integer(required=True, attribute="usage.runs")


class UsagePageSchema(NextCursorSchema):
    """A page of a day's usage."""

    day = fields.String(required=True, metadata={"format": "date"})
    items = fields.List(fields.Nested(UserDaySchema), required=True)


class VerifySchema(ma.Schema):
    """Notes, which are kept in the audit log."""

    notes = Text(max_bytes=NOTES_LIMIT_BYTES, load_default="")


class SendBackSchema(ma.Schema):
    """What the owner has to change."""

    notes = Text(max_bytes=NOTES_LIMIT_BYTES, min_length=1, required=True)


class AuditQuerySchema(PageQuerySchema):
    """Which month."""

    month = Day(
        pattern=r"[0-9]{4}-[0-9]{2}",
        metadata={
            "description": "A UTC month; the current one when left out.",
            "example": "2025-03",
        },
    )


class AuditLineSchema(ma.Schema):
    """Who did what to what; `details` as the action has them."""

    id = fields.String(required=True)
    at = Instant(required=True)
    actor = fields.String(required=True)
    action = fields.String(required=True)
    subject = fields.String(required=True)
    details = fields.Raw(required=True, metadata={"type": "object"})


class AuditPageSchema(NextCursorSchema):
    """A page of the audit log."""

    items = fields.List(fields.Nested(AuditLineSchema), required=True)


@administration.endpoint("GET", "/users/", errors=(HTTPStatus.BAD_REQUEST,), **ADMIN)
@administration.query(UserQuerySchema)
@administration.answer(HTTPStatus.OK, UserPageSchema, headers=LINK_HEADER)
def list_users(query: Mapping[str, Any]) -> tuple[Mapping[str, object], dict[str, str]]:
    """Users by plan, oldest first; or the one with an address."""
    services = container().services
    found = services.admin.list_users(**query)
    users = tuple(services.users.describe(user) for user in found.items)
    return page_answer(Page(users, found.next_cursor))


@administration.endpoint("GET", "/users/<ulid:user_id>/", **ADMIN)
@administration.answer(HTTPStatus.OK, UserSchema, headers=ETAG_HEADER)
def get_user(user_id: str) -> tuple[Caller, dict[str, str]]:
    """One user."""
    services = container().services
    user = services.admin.get_user(user_id)
    return services.users.describe(user), etag(user.version)


@administration.endpoint("PATCH", "/users/<ulid:user_id>/", errors=IF_MATCH_ERRORS, **ADMIN)
@administration.request_headers(IfMatchSchema)
@administration.body(UserChangeSchema)
@administration.answer(HTTPStatus.OK, UserSchema, headers=ETAG_HEADER)
def update_user(
    headers: Mapping[str, Any], body: Mapping[str, Any], user_id: str
) -> tuple[Caller, dict[str, str]]:
    """Change a user's plan or rights.

    Whoever is deactivated is signed out everywhere at once. Nobody can take away their own rights.
    """
    services = container().services
    with matching(headers) as expected:
        user = services.admin.change_user(
            user_id, actor=current_caller().user.id, expected_version=expected, **body
        )
    return services.users.describe(user), etag(user.version)


@administration.endpoint("GET", "/usage-stats/", errors=(HTTPStatus.BAD_REQUEST,), **ADMIN)
@administration.query(UsageQuerySchema)
@administration.answer(HTTPStatus.OK, UsagePageSchema, headers=LINK_HEADER)
def get_usage_of_day(query: Mapping[str, Any]) -> tuple[Mapping[str, object], dict[str, str]]:
    """What every user consumed on a day, by user id; kept for 90 days."""
    day: date = query["day"] or utc_day(container().clock.now())
    found = container().services.admin.usage_of_day(
        day, limit=query["limit"], cursor=query["cursor"]
    )
    body, headers = page_answer(found)
    return {"day": day.isoformat(), **body}, headers


@administration.endpoint("GET", "/problems/review/", errors=(HTTPStatus.BAD_REQUEST,), **ADMIN)
@administration.query(PageQuerySchema)
@administration.answer(HTTPStatus.OK, ProblemPageSchema, headers=LINK_HEADER)
def list_review(query: Mapping[str, Any]) -> tuple[Mapping[str, object], dict[str, str]]:
    """Problems that wait for a review, newest first."""
    return page_answer(container().services.admin.list_review(**query))


@administration.endpoint(
    "POST",
    "/problems/<platform:platform>/<problem_number:number>/verify/",
    errors=IF_MATCH_ERRORS,
    **ADMIN,
)
@administration.request_headers(IfMatchSchema)
@administration.body(VerifySchema)
@administration.answer(HTTPStatus.OK, ProblemSummarySchema, headers=ETAG_HEADER)
def verify_problem(
    headers: Mapping[str, Any], body: Mapping[str, str], platform: str, number: str
) -> tuple[ProblemSummary, dict[str, str]]:
    """Approve a problem: it no longer needs review."""
    with matching(headers) as expected:
        problem = container().services.admin.verify(
            ProblemKey(platform=platform, number=number),
            actor=current_caller().user.id,
            notes=body["notes"],
            expected_version=expected,
        )
    return problem, etag(problem.version)


@administration.endpoint(
    "POST",
    "/problems/<platform:platform>/<problem_number:number>/send-back/",
    errors=IF_MATCH_ERRORS,
    **ADMIN,
)
@administration.request_headers(IfMatchSchema)
@administration.body(SendBackSchema)
@administration.answer(HTTPStatus.OK, ProblemSummarySchema, headers=ETAG_HEADER)
def send_problem_back(
    headers: Mapping[str, Any], body: Mapping[str, str], platform: str, number: str
) -> tuple[ProblemSummary, dict[str, str]]:
    """Send a problem back: a draft again, with notes for its owner."""
    with matching(headers) as expected:
        problem = container().services.admin.send_back(
            ProblemKey(platform=platform, number=number),
            actor=current_caller().user.id,
            notes=body["notes"],
            expected_version=expected,
        )
    return problem, etag(problem.version)


@administration.endpoint("GET", "/audit/", errors=(HTTPStatus.BAD_REQUEST,), **ADMIN)
@administration.query(AuditQuerySchema)
@administration.answer(HTTPStatus.OK, AuditPageSchema, headers=LINK_HEADER)
def list_audit(query: Mapping[str, Any]) -> tuple[Mapping[str, object], dict[str, str]]:
    """Who changed what in a month, newest first."""
    month: date = query["month"] or utc_day(container().clock.now())
    return page_answer(
        container().services.admin.list_audit(month, limit=query["limit"], cursor=query["cursor"])
    )
