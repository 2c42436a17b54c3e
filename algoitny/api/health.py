"""Whether this process lives and can serve: can somebody sign in, does the broker answer?"""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import marshmallow as ma
import structlog
from marshmallow import fields, validate

from algoitny import __version__
from algoitny.api.authentication import Access
from algoitny.api.blueprint import Blueprint
from algoitny.api.fields import Instant
from algoitny.domain.errors import AlgoItnyError, StoreUnavailable
from algoitny.services.container import container

log = structlog.get_logger(__name__)

health = Blueprint("health", __name__, description="Is it up?")


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
    """As `/readyz`, with version and time."""
    return {**_check(), "version": __version__, "time": container().clock.now()}


def _check() -> Mapping[str, object]:
    try:
        container().services.plans.check()
    except AlgoItnyError as error:
        raise StoreUnavailable("The table is not usable.") from error
    broker = _broker()
    status = "degraded" if broker == "down" else "ok"
    return {"status": status, "checks": {"store": "ok", "broker": broker}}


def _broker() -> str:
    try:
        container().queue.check()
    except AlgoItnyError as error:
        log.warning("broker down", reason=error.detail)
        return "down"
    return "ok"
