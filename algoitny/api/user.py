"""Signing in on one's own machine, the own account, and what was used today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

import marshmallow as ma
from flask import current_app, request
from marshmallow import fields, validate

from algoitny.api.authentication import LIFE, Access, current_caller, issue_access_token
from algoitny.api.blueprint import Blueprint
from algoitny.api.fields import Instant, Text
from algoitny.api.quota import QUOTA_HEADERS, UsageSchema, quota_headers
from algoitny.domain.access import Caller
from algoitny.domain.clock import next_reset
from algoitny.domain.errors import NotFound
from algoitny.domain.plan import UNLIMITED
from algoitny.domain.usage import Action
from algoitny.services.container import container

LONGEST_EMAIL = 254
"""RFC 5321's limit on a path, less the angle brackets."""

account = Blueprint("account", __name__, url_prefix="/api/account", description="Who I am")
dev_sign_in = Blueprint("auth", __name__, url_prefix="/api/auth", description="Signing in")


class DevSignInSchema(ma.Schema):
    """Whom to sign in as."""

    email = Text(
        max_bytes=LONGEST_EMAIL,
        required=True,
        metadata={"format": "email", "example": "ada@example.org"},
    )

    @ma.validates("email")
    def _is_address(self, value: str, **_: Any) -> None:
        if not (value.isascii() and value.isprintable()):
            # The validator lets internationalised names through; no mail system here does.
            raise ma.ValidationError("Not a valid email address.")
        validate.Email()(value)


class AccountSchema(ma.Schema):
    """A user, as they and administrators see them."""

    id = fields.String(required=True, attribute="user.id")
    email = fields.String(required=True, attribute="user.email")
    name = fields.String(required=True, attribute="user.name")
    picture = fields.String(required=True, allow_none=True, attribute="user.picture")
    plan = fields.String(required=True, attribute="plan.name")
    is_admin = fields.Boolean(required=True)
    is_active = fields.Boolean(required=True, attribute="user.is_active")
    created_at = Instant(required=True, attribute="user.created_at")


class SignedInSchema(ma.Schema):
    """An access token and whose it is."""

    access = fields.String(required=True, metadata={"description": "Send it as a bearer token."})
    user = fields.Nested(AccountSchema, required=True)


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
    reset_time = Instant(required=True)


@dev_sign_in.endpoint(
    "POST", "/dev/", access=Access.OPEN, errors=(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)
)
@dev_sign_in.body(DevSignInSchema)
@dev_sign_in.answer(HTTPStatus.OK, SignedInSchema)
def sign_in(body: Mapping[str, str]) -> Mapping[str, object]:
    """Sign in without a password.

    Only in the embedded stack, and only from the machine that it runs on.
    """
    caller = container().services.users.sign_in(body["email"])
    life: timedelta = current_app.config[LIFE]
    return {"access": issue_access_token(caller.user.id, life), "user": caller}


@dev_sign_in.before_request  # type: ignore[untyped-decorator]  # the library's
def _only_from_here() -> None:
    if not (_is_loopback(request.remote_addr) and _is_loopback(_host_name()) and not _forwarded()):
        raise NotFound("There is nothing at this address.")


@account.endpoint("GET", "/", access=Access.SIGNED_IN)
@account.answer(HTTPStatus.OK, AccountSchema)
def get_account() -> Caller:
    """Who I am."""
    return current_caller()


@account.endpoint("GET", "/plan-usage/", access=Access.SIGNED_IN)
@account.answer(HTTPStatus.OK, PlanUsageSchema, headers=QUOTA_HEADERS)
def get_plan_usage() -> tuple[Mapping[str, object], dict[str, str]]:
    """What I used today, of what my plan allows."""
    caller = current_caller()
    day = container().usage.get_day(caller.user.id)
    used = {
        Action.EXECUTION: (day.executions, caller.plan.max_executions_per_day),
        Action.HINT: (day.hints, caller.plan.max_hints_per_day),
    }
    body = {
        "plan": caller.plan.name,
        "executions": _usage(*used[Action.EXECUTION]),
        "hints": _usage(*used[Action.HINT]),
        "reset_time": next_reset(container().clock.now()),
    }
    return body, quota_headers(used)


def _usage(count: int, limit: int) -> Mapping[str, int | None]:
    remaining = None if limit == UNLIMITED else max(0, limit - count)
    return {"current_count": count, "limit": limit, "remaining": remaining}


def _host_name() -> str | None:
    try:
        return urlsplit(f"//{request.headers.get('Host', '')}").hostname
    except ValueError:
        return None


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def _forwarded() -> bool:
    """Whether a proxy stands between: then the peer's address says nothing of the client."""
    return any(
        name.lower().startswith("x-forwarded") or name.lower() in ("forwarded", "x-real-ip", "via")
        for name, _ in request.headers
    )
