"""Reading history: one's own, and what everybody made public."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Response
from marshmallow import fields, validate

from algoitny.api.authentication import Access, current_caller, optional_caller
from algoitny.api.blueprint import Blueprint
from algoitny.api.fields import Flag, Instant, InstantParameter, Line, Platform
from algoitny.api.hint import HintSchema
from algoitny.api.paging import LINK_HEADER, NextCursorSchema, PageQuerySchema, page_answer
from algoitny.domain.history import History
from algoitny.domain.history_filter import HistoryFilter
from algoitny.domain.verdict import State, Verdict
from algoitny.services.container import container

histories = Blueprint("history", __name__, url_prefix="/api/history", description="History")


class Scope(StrEnum):
    OWN = "own"
    PUBLIC = "public"


class HistoryQuerySchema(PageQuerySchema):
    """Which entries."""

    scope = fields.String(load_default=Scope.OWN, validate=validate.OneOf(list(Scope)))
    platform = Platform(load_default=lambda: None, allow_none=False)
    language = Line(max_length=32, load_default=lambda: None, allow_none=False)
    verdict = fields.String(
        load_default=lambda: None, allow_none=False, validate=validate.OneOf(list(Verdict))
    )
    since = InstantParameter(
        load_default=lambda: None,
        allow_none=False,
        metadata={"description": "Submitted then or later; whole milliseconds count."},
    )
    until = InstantParameter(
        load_default=lambda: None,
        allow_none=False,
        metadata={"description": "Submitted before; whole milliseconds count."},
    )


class OutcomeSchema(ma.Schema):
    """An execution, and what came of it so far."""

    id = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(list(State)))
    verdict = fields.String(
        required=True, allow_none=True, validate=validate.OneOf([*Verdict, None])
    )
    rejudge = fields.String(
        required=True,
        allow_none=True,
        validate=validate.OneOf([State.QUEUED, State.RUNNING, None]),
        metadata={
            "description": "While it is judged again: whether that waits or runs; all else is the "
            "old result until then. Otherwise null, and always in public lists."
        },
    )
    result_summary = fields.String(
        required=True,
        metadata={"description": "In words; empty until the end, and in public lists."},
    )
    passed_count = fields.Integer(required=True)
    failed_count = fields.Integer(required=True)
    total_count = fields.Integer(
        required=True,
        metadata={"description": "Tests that were not run are neither passed nor failed."},
    )
    max_time_ms = fields.Integer(required=True)
    max_memory_kb = fields.Integer(required=True)


class HistorySchema(OutcomeSchema):
    """A line of a list."""

    platform = fields.String(required=True, attribute="problem.platform")
    problem_number = fields.String(required=True, attribute="problem.number")
    problem_title = fields.String(required=True)
    language = fields.String(required=True)
    is_code_public = fields.Boolean(required=True)
    user_identifier = fields.String(
        required=True,
        metadata={"description": "A chosen name or a pseudonym; `anonymous` without an author."},
    )
    created_at = Instant(
        required=True, metadata={"description": "In public lists only to the millisecond."}
    )


class HistoryPageSchema(NextCursorSchema):
    """A page of history."""

    items = fields.List(fields.Nested(HistorySchema), required=True)


class PublicationSchema(ma.Schema):
    """Who may see an execution."""

    is_code_public = Flag(required=True)


class TestResultSchema(ma.Schema):
    """How one test ended. Of a hidden test `output` and `error` are empty."""

    __test__ = False  # not a test class, whatever its name makes pytest think

    test_case_id = fields.String(required=True)
    verdict = fields.String(required=True, validate=validate.OneOf(list(Verdict)))
    passed = fields.Boolean(required=True)
    status = fields.String(required=True)
    output = fields.String(required=True)
    error = fields.String(required=True)
    time_ms = fields.Integer(required=True)
    memory_kb = fields.Integer(required=True)


class HistoryDetailSchema(HistorySchema):
    """An entry with its code and results."""

    code = fields.String(required=True)
    compile_message = fields.String(required=True)
    test_results = fields.List(fields.Nested(TestResultSchema), required=True)
    hints = fields.List(
        fields.Nested(HintSchema),
        required=True,
        metadata={"description": "Empty for everybody but the person who wrote the code."},
    )


@histories.endpoint("GET", "/", access=Access.PUBLIC, errors=(HTTPStatus.BAD_REQUEST,))
@histories.query(HistoryQuerySchema)
@histories.answer(HTTPStatus.OK, HistoryPageSchema, headers=LINK_HEADER)
def list_history(query: Mapping[str, Any]) -> tuple[Mapping[str, object], dict[str, str]]:
    """Executions, newest first.

    My own; or everybody's public ones with `scope=public`, for which nobody has to sign in.
    All filters hold together; a page may then be short and still have a next one.
    """
    service = container().services.histories
    only = HistoryFilter(
        platform=query["platform"],
        language=_language(query["language"]),
        verdict=Verdict(query["verdict"]) if query["verdict"] else None,
        since=query["since"],
        until=query["until"],
    )
    page = {"limit": query["limit"], "cursor": query["cursor"]}
    if query["scope"] == Scope.PUBLIC:
        return page_answer(service.list_public(only, **page))
    return page_answer(service.list_own(current_caller(), only, **page))


@histories.endpoint(
    "PATCH",
    "/<ulid:history_id>/",
    access=Access.SIGNED_IN,
    errors=(HTTPStatus.FORBIDDEN,),
)
@histories.body(PublicationSchema)
@histories.answer(HTTPStatus.OK, HistorySchema)
def update_history(body: Mapping[str, bool], history_id: str) -> History:
    """Publish an execution, or withdraw it.

    Until it has ended nobody else sees it.
    """
    return container().services.histories.publish(
        current_caller(), history_id, is_code_public=body["is_code_public"]
    )


@histories.endpoint(
    "DELETE",
    "/<ulid:history_id>/",
    access=Access.SIGNED_IN,
    errors=(HTTPStatus.FORBIDDEN,),
)
@histories.no_content("It is gone, with code, results and hints.")
def delete_history(history_id: str) -> Response:
    """Delete an execution.

    One that has not ended is cancelled first. Totals stay as they are.
    """
    container().services.histories.delete(current_caller(), history_id)
    return Response(status=HTTPStatus.NO_CONTENT)


@histories.endpoint("GET", "/<ulid:history_id>/", access=Access.PUBLIC)
@histories.answer(HTTPStatus.OK, HistoryDetailSchema)
def get_history(history_id: str) -> Mapping[str, object]:
    """One execution with its code, results and hints."""
    detail = container().services.histories.detail(optional_caller(), history_id)
    shown = {name: getattr(detail.history, name) for name in History.__slots__}
    return {
        **shown,
        "code": detail.code,
        "compile_message": detail.results.compile_message,
        "test_results": detail.results.tests,
        "hints": detail.hints,
    }


def _language(name: str | None) -> str | None:
    if name is None:
        return None
    return container().services.languages.known(name, pointer="/query/language")
