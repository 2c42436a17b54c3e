"""Hints of an execution."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import url_for
from marshmallow import fields, validate

from algoitny.api.authentication import Access, current_caller
from algoitny.api.blueprint import Blueprint
from algoitny.api.fields import Instant, Whole
from algoitny.api.idempotency import REPLAYED_HEADER, IdempotencySchema, body_digest
from algoitny.api.quota import QUOTA_HEADERS, UsageSchema, quota_headers
from algoitny.domain.hint import LEVELS, HintState
from algoitny.domain.token import Scope
from algoitny.domain.usage import Action
from algoitny.services.container import container

hints = Blueprint("hints", __name__, url_prefix="/api/history", description="Hints")


class HintSchema(ma.Schema):
    """A hint; `text` is empty while it is PENDING."""

    level = fields.Integer(required=True)
    state = fields.String(required=True, validate=validate.OneOf(list(HintState)))
    text = fields.String(required=True)
    created_at = Instant(required=True)


class HintsSchema(ma.Schema):
    """The hints so far, by level."""

    items = fields.List(fields.Nested(HintSchema), required=True)


class HintWantedSchema(ma.Schema):
    """Which hint; without `level` the next one."""

    level = Whole(LEVELS[0], LEVELS[-1], load_default=None)


class HintAnswerSchema(ma.Schema):
    """The hint as it is now, and the day's use of hints."""

    hint = fields.Nested(HintSchema, required=True)
    usage = fields.Nested(UsageSchema, required=True)


@hints.endpoint(
    "GET",
    "/<ulid:history_id>/hints/",
    access=Access.SIGNED_IN,
    errors=(HTTPStatus.FORBIDDEN,),
)
@hints.answer(HTTPStatus.OK, HintsSchema)
def list_hints(history_id: str) -> Mapping[str, object]:
    """The hints so far on an execution of mine."""
    return {"items": container().services.hints.list(current_caller(), history_id)}


@hints.endpoint(
    "POST",
    "/<ulid:history_id>/hints/generate/",
    access=Access.SIGNED_IN,
    scope=Scope.EXECUTE,
    errors=(HTTPStatus.FORBIDDEN, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS),
)
@hints.body(HintWantedSchema, required=False)
@hints.request_headers(IdempotencySchema)
@hints.also(HTTPStatus.OK, HintAnswerSchema, description="The hint was there already.")
@hints.answer(
    HTTPStatus.ACCEPTED,
    HintAnswerSchema,
    description="It is being written; ask again in a moment.",
    headers={
        "Location": "Where to ask for it.",
        REPLAYED_HEADER: "`true` when this is the first answer again.",
        **QUOTA_HEADERS,
    },
)
def generate_hint(
    body: Mapping[str, Any], headers: Mapping[str, Any], history_id: str
) -> tuple[Mapping[str, object], HTTPStatus, dict[str, str]]:
    """Ask for a hint on a failed execution of mine.

    One unit of the day's hints is used when a new one is begun, and given back if it fails.
    """
    answer = container().services.hints.request(
        current_caller(),
        history_id,
        body["level"],
        key=headers["idempotency_key"],
        body_digest=body_digest(body),
    )
    used = (answer.current_count, answer.limit)
    shown = {"hint": answer.hint, "usage": {"current_count": used[0], "limit": used[1]}}
    answer_headers = (
        {REPLAYED_HEADER: "true"} if answer.replayed else quota_headers({Action.HINT: used})
    )
    if answer.hint.state is HintState.READY:
        return shown, HTTPStatus.OK, answer_headers
    address = url_for("hints.list_hints", history_id=history_id)
    return shown, HTTPStatus.ACCEPTED, {"Location": address, **answer_headers}
