"""Running code on one's own input."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import url_for
from marshmallow import fields, validate

from algoitny.api.authentication import Access, asking_again, current_caller
from algoitny.api.blueprint import Blueprint, Links
from algoitny.api.execution import WaitSchema
from algoitny.api.fields import Instant, Line, Text
from algoitny.api.idempotency import REPLAYED_HEADER, IdempotencySchema, body_digest
from algoitny.api.quota import QUOTA_HEADERS, UsageSchema, quota_headers
from algoitny.domain.run import Run, RunResult
from algoitny.domain.text import CODE_LIMIT_BYTES
from algoitny.domain.token import Scope
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State, Verdict
from algoitny.services.container import container
from algoitny.services.run import INPUT_LIMIT_BYTES, NewRun

OUTCOMES = ("OK", "TLE", "ILE", "MLE", "OLE", "RTE", "CE")

runs = Blueprint("run", __name__, url_prefix="/api/execute/run", description="Runs on own input")


class NewRunSchema(ma.Schema):
    """Code, and what it reads."""

    code = Text(max_bytes=CODE_LIMIT_BYTES, min_length=1, required=True)
    language = Line(
        max_length=32,
        required=True,
        metadata={"example": "python3", "description": "One of `/api/languages/`, or an alias."},
    )
    input = Text(max_bytes=INPUT_LIMIT_BYTES, load_default="")


class RunLinksSchema(ma.Schema):
    """Where to go on."""

    self_ = fields.String(required=True, data_key="self", attribute="self")


class AdmittedRunSchema(ma.Schema):
    """An accepted run."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(list(State)))
    usage = fields.Nested(UsageSchema, required=True)
    links = fields.Nested(RunLinksSchema, required=True)


class RunSchema(ma.Schema):
    """A run now."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(list(State)))
    language = fields.String(required=True)
    outcome = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([*OUTCOMES, None]),
        metadata={"description": "null until it has ended, and when the judge failed."},
    )
    status = fields.String(
        required=True, metadata={"description": "The outcome, or why there is none, in words."}
    )
    output = fields.String(required=True, metadata={"description": "Cut to 64 KiB."})
    error = fields.String(required=True, metadata={"description": "Standard error, cut."})
    compile_message = fields.String(required=True)
    exit = fields.Integer(
        required=True,
        allow_none=True,
        metadata={"description": "null when a signal or the judge ended the program."},
    )
    time_ms = fields.Integer(required=True)
    memory_kb = fields.Integer(required=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)
    links = fields.Nested(RunLinksSchema, required=True)


@runs.endpoint(
    "POST",
    "/",
    access=Access.SIGNED_IN,
    errors=(HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS),
    scope=Scope.EXECUTE,
    links=Links(("run_get_run",), {"run_id": "id"}),
)
@runs.body(NewRunSchema)
@runs.request_headers(IdempotencySchema)
@runs.answer(
    HTTPStatus.ACCEPTED,
    AdmittedRunSchema,
    headers={
        "Location": "Where to ask for the result.",
        REPLAYED_HEADER: "`true` when this is the first answer again.",
        **QUOTA_HEADERS,
    },
)
def submit(
    body: Mapping[str, Any], headers: Mapping[str, Any]
) -> tuple[Mapping[str, object], dict[str, str]]:
    """Run code on your own input.

    It is no execution: nothing is compared, counted as one, or kept in history. One unit of the
    day's runs is used; what came of it is kept for ten minutes.
    """
    admitted = container().services.runs.submit(
        current_caller(),
        NewRun(
            code=body["code"],
            language=body["language"],
            input=body["input"],
            idempotency_key=headers["idempotency_key"],
            body_digest=body_digest(body),
        ),
    )
    links = _links(admitted.run_id)
    answer_headers = {"Location": links["self"]}
    if admitted.replayed:
        answer_headers[REPLAYED_HEADER] = "true"
    else:
        answer_headers |= quota_headers({Action.RUN: (admitted.current_count, admitted.limit)})
    return {
        "id": admitted.run_id,
        "state": State.QUEUED,
        "usage": {"current_count": admitted.current_count, "limit": admitted.limit},
        "links": links,
    }, answer_headers


@runs.endpoint("GET", "/<ulid:run_id>/", access=Access.SIGNED_IN)
@runs.query(WaitSchema)
@runs.answer(HTTPStatus.OK, RunSchema)
def get_run(query: Mapping[str, int], run_id: str) -> Mapping[str, object]:
    """The result of one of my runs.

    With `wait` the answer comes when the run has ended or the time is up.
    """
    services, caller = container().services, current_caller()
    if query["wait"]:
        return _shown(
            services.runs.wait(caller, run_id, seconds=query["wait"], again=asking_again())
        )
    return _shown(services.runs.status(caller, run_id))


def _shown(run: Run) -> Mapping[str, object]:
    result = run.result or RunResult(verdict=Verdict.SE, status=run.reason)
    shown = {name: getattr(run, name) for name in Run.__slots__}
    shown |= {name: getattr(result, name) for name in RunResult.__slots__}
    return shown | {"outcome": _outcome(run), "links": _links(run.id)}


def _outcome(run: Run) -> str | None:
    if run.result is None:
        return None
    # Nothing was expected of it, so there is nothing to accept.
    return "OK" if run.result.verdict is Verdict.AC else run.result.verdict.value


def _links(run_id: str) -> dict[str, str]:
    return {"self": url_for("run.get_run", run_id=run_id)}
