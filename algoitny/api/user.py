"""The caller's account, and what they used today."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Response
from marshmallow import fields, validate

from algoitny.api.authentication import Access, current_caller, forget_cookies
from algoitny.api.blueprint import Blueprint
from algoitny.api.etag import ETAG_HEADER, IF_MATCH_ERRORS, IfMatchSchema, etag, matching
from algoitny.api.fields import LONGEST_EMAIL, Flag, Instant, Line, Text
from algoitny.api.quota import QUOTA_HEADERS, UsageSchema, quota_headers
from algoitny.domain.access import Caller
from algoitny.domain.clock import next_reset
from algoitny.domain.plan import UNLIMITED
from algoitny.domain.usage import Action
from algoitny.services.container import container

account = Blueprint("account", __name__, url_prefix="/api/account", description="Account")


class AccountSchema(ma.Schema):
    """A user, as they and administrators see them."""

    id = fields.String(required=True, attribute="user.id")
    email = fields.String(required=True, attribute="user.email")
    name = fields.String(required=True, attribute="user.name")
    picture = fields.String(required=True, allow_none=True, attribute="user.picture")
    plan = fields.String(required=True, attribute="user.plan")
    is_admin = fields.Boolean(required=True)
    is_active = fields.Boolean(required=True, attribute="user.is_active")
    created_at = Instant(required=True, attribute="user.created_at")


class AccountChangeSchema(ma.Schema):
    """The fields to change."""

    name = Line(max_length=64, load_default=lambda: None, allow_none=True)
    picture = Text(
        max_bytes=2000,
        load_default=lambda: None,
        allow_none=True,
        metadata={
            "description": "The address of an image; an empty text removes it.",
            "format": "uri",
        },
    )

    @ma.validates("picture")
    def _is_web_address(self, value: str | None, **_: Any) -> None:
        if value:
            validate.URL(schemes={"http", "https"})(value)


class ConfirmationSchema(ma.Schema):
    """Confirms that the account is to be deleted."""

    confirm = Text(
        max_bytes=LONGEST_EMAIL,
        required=True,
        metadata={"description": "The account's own e-mail address."},
    )
    keep_public_history = Flag(
        load_default=False,
        metadata={"description": "Public executions stay, without any name."},
    )


class ActionUsageSchema(UsageSchema):
    """Units used on this UTC day, and what is left of them."""

    remaining = fields.Integer(
        required=True, allow_none=True, metadata={"description": "null: unlimited."}
    )


class PlanUsageSchema(ma.Schema):
    """Today's use against the plan's limits."""

    plan = fields.String(required=True)
    executions = fields.Nested(ActionUsageSchema, required=True)
    hints = fields.Nested(ActionUsageSchema, required=True)
    runs = fields.Nested(ActionUsageSchema, required=True)
    reset_time = Instant(required=True)


@account.endpoint("GET", "/", access=Access.SIGNED_IN)
@account.answer(HTTPStatus.OK, AccountSchema, headers=ETAG_HEADER)
def get_account() -> tuple[Caller, dict[str, str]]:
    """Who I am."""
    caller = current_caller()
    return caller, etag(caller.user.version)


@account.endpoint(
    "PATCH", "/", access=Access.SIGNED_IN, errors=(HTTPStatus.NOT_FOUND, *IF_MATCH_ERRORS)
)
@account.request_headers(IfMatchSchema)
@account.body(AccountChangeSchema)
@account.answer(HTTPStatus.OK, AccountSchema, headers=ETAG_HEADER)
def update_account(
    headers: Mapping[str, Any], body: Mapping[str, str | None]
) -> tuple[Caller, dict[str, str]]:
    """Change name or picture."""
    services = container().services
    with matching(headers) as expected:
        user = services.accounts.update(
            current_caller(),
            name=body["name"],
            picture=body["picture"],
            expected_version=expected,
        )
    return services.users.describe(user), etag(user.version)


@account.endpoint(
    "DELETE", "/", access=Access.SIGNED_IN, errors=(HTTPStatus.NOT_FOUND, *IF_MATCH_ERRORS)
)
@account.request_headers(IfMatchSchema)
@account.body(ConfirmationSchema)
@account.no_content("The account is gone; what it owned is erased within minutes.")
def delete_account(headers: Mapping[str, Any], body: Mapping[str, Any]) -> Response:
    """Delete the account, with everything in it.

    Every session and API token is refused from then on. `confirm` is the account's e-mail address.
    With `keep_public_history` public executions stay, anonymous; nobody can change them then.
    """
    with matching(headers) as expected:
        container().services.accounts.delete(
            current_caller(),
            confirm=body["confirm"],
            keep_public_history=body["keep_public_history"],
            expected_version=expected,
        )
    response = Response(status=HTTPStatus.NO_CONTENT)
    forget_cookies(response)
    return response


@account.endpoint("GET", "/plan-usage/", access=Access.SIGNED_IN)
@account.answer(HTTPStatus.OK, PlanUsageSchema, headers=QUOTA_HEADERS)
def get_plan_usage() -> tuple[Mapping[str, object], dict[str, str]]:
    """What I used today, of what my plan allows."""
    caller = current_caller()
    day = container().usage.get_day(caller.user.id)
    used = {
        Action.EXECUTION: (day.executions, caller.plan.max_executions_per_day),
        Action.HINT: (day.hints, caller.plan.max_hints_per_day),
        Action.RUN: (day.runs, container().services.runs.max_runs_per_day),
    }
    body = {
        "plan": caller.plan.name,
        "executions": _usage(*used[Action.EXECUTION]),
        "hints": _usage(*used[Action.HINT]),
        "runs": _usage(*used[Action.RUN]),
        "reset_time": next_reset(container().clock.now()),
    }
    return body, quota_headers(used)


def _usage(count: int, limit: int) -> Mapping[str, int | None]:
    remaining = None if limit == UNLIMITED else max(0, limit - count)
    return {"current_count": count, "limit": limit, "remaining": remaining}
