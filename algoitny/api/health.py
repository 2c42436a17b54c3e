"""Whether this process lives and can serve.

What is checked comes from `app.extensions["algoitny_health"]`, a `HealthChecks` that whoever
wires the app may put there; without it the container's repositories and queue are asked.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import cast

import marshmallow as ma
import structlog
from flask import Flask, current_app
from marshmallow import fields, validate

from algoitny import __version__
from algoitny.api.authentication import Access
from algoitny.api.blueprint import Blueprint
from algoitny.api.fields import Instant
from algoitny.domain.errors import AlgoItnyError, StoreUnavailable
from algoitny.services.container import container

log = structlog.get_logger(__name__)

EXTENSION = "algoitny_health"

NOBODY = "0" * 26
"""A user id that is never given out."""

health = Blueprint("health", __name__, description="Is it up?")


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthChecks:
    """Each returns when its dependency is usable and raises an AlgoItnyError, soon, otherwise.

    `store` reads one item.
    """

    store: Callable[[], object]
    broker: Callable[[], object]


class AliveSchema(ma.Schema):
    """The process answers."""

    status = fields.String(required=True)


class ChecksSchema(ma.Schema):
    """What this process depends on."""

    store = fields.String(required=True, validate=validate.OneOf(["ok"]))
    broker = fields.String(required=True, validate=validate.OneOf(["ok", "down"]))


class ReadySchema(ma.Schema):
    """`degraded`: the broker is down; submissions are accepted and judged once it is back."""

    status = fields.String(required=True, validate=validate.OneOf(["ok", "degraded"]))
    checks = fields.Nested(ChecksSchema, required=True)


class SummarySchema(ReadySchema):
    """For a person who looks."""

    version = fields.String(required=True)
    time = Instant(required=True)


def register_health(app: Flask) -> None:
    """Put default checks where nobody put others."""
    app.extensions.setdefault(EXTENSION, HealthChecks(store=_ask_store, broker=_ask_broker))


@health.endpoint("GET", "/livez", access=Access.OPEN)
@health.answer(HTTPStatus.OK, AliveSchema)
def livez() -> Mapping[str, str]:
    """The process is up; nothing else is asked."""
    return {"status": "ok"}


@health.endpoint("GET", "/readyz", access=Access.OPEN, errors=(HTTPStatus.SERVICE_UNAVAILABLE,))
@health.answer(HTTPStatus.OK, ReadySchema)
def readyz() -> Mapping[str, object]:
    """The table is usable, so requests may be sent here."""
    return _check()


@health.endpoint(
    "GET", "/api/health/", access=Access.OPEN, errors=(HTTPStatus.SERVICE_UNAVAILABLE,)
)
@health.answer(HTTPStatus.OK, SummarySchema)
def get_health() -> Mapping[str, object]:
    """The same with version and time."""
    return {**_check(), "version": __version__, "time": container().clock.now()}


def _check() -> Mapping[str, object]:
    checks = cast("HealthChecks", current_app.extensions[EXTENSION])
    try:
        checks.store()
    except AlgoItnyError as error:
        raise StoreUnavailable("The table is not usable.") from error
    broker = _broker(checks)
    status = "degraded" if broker == "down" else "ok"
    return {"status": status, "checks": {"store": "ok", "broker": broker}}


def _broker(checks: HealthChecks) -> str:
    try:
        checks.broker()
    except AlgoItnyError as error:
        log.warning("broker down", reason=error.detail)
        return "down"
    return "ok"


def _ask_store() -> None:
    container().users.get_user_by_id(NOBODY)


def _ask_broker() -> None:
    container().queue.check()
