"""Submitting code and following its execution."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import url_for
from marshmallow import fields, validate

from algoitny.api.authentication import (
    Access,
    asking_again,
    current_caller,
    optional_caller,
)
from algoitny.api.blueprint import Blueprint, Links
from algoitny.api.fields import (
    LARGEST_ID,
    Flag,
    Line,
    Platform,
    ProblemNumber,
    Text,
    Whole,
    WholeParameter,
)
from algoitny.api.history import OutcomeSchema
from algoitny.api.idempotency import REPLAYED_HEADER, IdempotencySchema, body_digest
from algoitny.api.quota import QUOTA_HEADERS, UsageSchema, quota_headers
from algoitny.domain.history import ADDRESS_LIMIT_BYTES, History
from algoitny.domain.problem import ProblemKey
from algoitny.domain.text import CODE_LIMIT_BYTES
from algoitny.domain.token import Scope
from algoitny.domain.usage import Action
from algoitny.domain.verdict import State, Verdict
from algoitny.services.container import container
from algoitny.services.execution import ExecutionStatus, NewExecution

LONGEST_WAIT_SECONDS = 30

executions = Blueprint("execute", __name__, url_prefix="/api/execute", description="Executions")


class NewExecutionSchema(ma.Schema):
    """Code for a problem, named either by `platform` and `problem_identifier` or by
    `problem_id`."""

    code = Text(max_bytes=CODE_LIMIT_BYTES, min_length=1, required=True)
    language = Line(
        max_length=32,
        required=True,
        metadata={"example": "python3", "description": "One of `/api/languages/`, or an alias."},
    )
    platform = Platform()
    problem_identifier = ProblemNumber()
    problem_id = Whole(1, LARGEST_ID, metadata={"description": "An older client's integer."})
    is_code_public = Flag(load_default=False)
    webhook_url = Line(
        max_length=ADDRESS_LIMIT_BYTES,
        load_default=lambda: None,
        allow_none=True,
        metadata={
            "format": "uri",
            "example": "https://example.org/hook",
            "description": "Gets a signed message when the execution has ended.",
        },
    )

    @ma.validates_schema(pass_original=True, skip_on_field_errors=False)
    def _names_one_problem(
        self, _data: Mapping[str, Any], given: Mapping[str, Any], **_: Any
    ) -> None:
        natural = [name for name in ("platform", "problem_identifier") if name in given]
        if "problem_id" in given:
            if natural:
                raise ma.ValidationError(
                    "Give either problem_id, or platform and problem_identifier.", "problem_id"
                )
            return
        errors = {
            name: ["Missing, and there is no problem_id either."]
            for name in ("platform", "problem_identifier")
            if name not in given
        }
        if errors:
            raise ma.ValidationError(errors)


class LinksSchema(ma.Schema):
    """Where to go on."""

    self_ = fields.String(required=True, data_key="self", attribute="self")
    stream = fields.String(required=True)
    history = fields.String(required=True)
    hints = fields.String(required=True)


class AdmittedSchema(ma.Schema):
    """An accepted submission. `task_id` and `history_id` are the execution's id."""

    message = fields.String(required=True)
    task_id = fields.String(required=True)
    history_id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(list(State)))
    usage = fields.Nested(UsageSchema, required=True)
    links = fields.Nested(LinksSchema, required=True)


class WaitSchema(ma.Schema):
    """How long to wait for the end."""

    wait = WholeParameter(
        0,
        LONGEST_WAIT_SECONDS,
        load_default=0,
        metadata={"description": "Seconds; the answer comes as soon as the execution has ended."},
    )


class ProgressSchema(ma.Schema):
    """Tests that are done, of how many."""

    done = fields.Integer(required=True)
    total = fields.Integer(required=True, allow_none=True)


class TestLineSchema(ma.Schema):
    """How one test ended; its data are in the history entry, as far as one may see them."""

    __test__ = False  # not a test class, whatever its name makes pytest think

    test_case_id = fields.String(required=True)
    verdict = fields.String(required=True, validate=validate.OneOf(list(Verdict)))
    passed = fields.Boolean(required=True)
    time_ms = fields.Integer(required=True)
    memory_kb = fields.Integer(required=True)


class StatusSchema(OutcomeSchema):
    """An execution now."""

    progress = fields.Nested(ProgressSchema, required=True)
    compile_message = fields.String(required=True)
    tests = fields.List(fields.Nested(TestLineSchema), required=True)
    links = fields.Nested(LinksSchema, required=True)


@executions.endpoint(
    "POST",
    "/",
    access=Access.SIGNED_IN,
    scope=Scope.EXECUTE,
    errors=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT, HTTPStatus.TOO_MANY_REQUESTS),
    links=Links(
        (
            "execute_get_status",
            "execute_cancel",
            "stream_stream",
            "history_get_history",
            "history_update_history",
            "history_delete_history",
            "hints_generate_hint",
        ),
        {"history_id": "task_id"},
    ),
)
@executions.body(NewExecutionSchema)
@executions.request_headers(IdempotencySchema)
@executions.answer(
    HTTPStatus.ACCEPTED,
    AdmittedSchema,
    headers={
        "Location": "Where to follow the execution.",
        REPLAYED_HEADER: "`true` when this is the first answer again.",
        **QUOTA_HEADERS,
    },
)
def submit(
    body: Mapping[str, Any], headers: Mapping[str, Any]
) -> tuple[Mapping[str, object], dict[str, str]]:
    """Submit code.

    It is judged in the background; one unit of the day's executions is used.
    """
    admitted = container().services.executions.submit(
        current_caller(),
        NewExecution(
            code=body["code"],
            language=body["language"],
            problem=_wanted(body),
            is_code_public=body["is_code_public"],
            webhook_url=body["webhook_url"],
            idempotency_key=headers["idempotency_key"],
            body_digest=body_digest(body),
        ),
    )
    usage = {"current_count": admitted.current_count, "limit": admitted.limit}
    links = _links(admitted.history_id)
    answer_headers = {"Location": links["self"]}
    if admitted.replayed:
        answer_headers[REPLAYED_HEADER] = "true"
    else:
        answer_headers |= quota_headers(
            {Action.EXECUTION: (admitted.current_count, admitted.limit)}
        )
    return {
        "message": "The code was accepted and waits to be judged.",
        "task_id": admitted.history_id,
        "history_id": admitted.history_id,
        "state": State.QUEUED,
        "usage": usage,
        "links": links,
    }, answer_headers


@executions.endpoint("GET", "/<ulid:history_id>/", access=Access.PUBLIC)
@executions.query(WaitSchema)
@executions.answer(HTTPStatus.OK, StatusSchema)
def get_status(query: Mapping[str, int], history_id: str) -> Mapping[str, object]:
    """How far an execution has come, and how each test ended.

    With `wait` the answer comes when the execution has ended or the time is up.
    """
    services, caller = container().services, optional_caller()
    if query["wait"]:
        return _shown(
            services.executions.wait(
                caller, history_id, seconds=query["wait"], again=asking_again()
            )
        )
    return _shown(services.executions.status(caller, history_id))


@executions.endpoint(
    "DELETE",
    "/<ulid:history_id>/",
    access=Access.SIGNED_IN,
    scope=Scope.EXECUTE,
    errors=(HTTPStatus.CONFLICT,),
)
@executions.answer(HTTPStatus.OK, StatusSchema)
def cancel(history_id: str) -> Mapping[str, object]:
    """Cancel an execution.

    One that waits for its turn gives its unit of the day back, one that runs does not.
    """
    return _shown(container().services.executions.cancel(current_caller(), history_id))


def _shown(status: ExecutionStatus) -> Mapping[str, object]:
    history = status.history
    shown = {name: getattr(history, name) for name in History.__slots__}
    shown |= {"progress": _progress(status), "links": _links(history.id)}
    if not history.state.ended:
        return {**shown, "compile_message": "", "tests": ()}
    results = container().services.histories.results(optional_caller(), history)
    return {**shown, "compile_message": results.compile_message, "tests": results.tests}


def _progress(status: ExecutionStatus) -> Mapping[str, int | None]:
    if status.history.state.ended:
        return {"done": status.tests_done, "total": status.history.total_count}
    problem = container().problems.get_problem_summary(status.history.problem)
    return {"done": status.tests_done, "total": problem.test_case_count if problem else None}


def _wanted(body: Mapping[str, Any]) -> ProblemKey | int:
    if "problem_id" in body:
        number: int = body["problem_id"]
        return number
    return ProblemKey(platform=body["platform"], number=body["problem_identifier"])


def _links(history_id: str) -> dict[str, str]:
    return {
        "self": url_for("execute.get_status", history_id=history_id),
        "stream": url_for("stream.stream", history_id=history_id),
        "history": url_for("history.get_history", history_id=history_id),
        "hints": url_for("hints.list_hints", history_id=history_id),
    }
