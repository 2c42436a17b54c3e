"""Reading history: one's own, and what everybody made public."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from algoitny.api.authentication import Access, current_caller, optional_caller
from algoitny.api.blueprint import Blueprint
from algoitny.api.fields import Instant, Line, Platform
from algoitny.api.hint import HintSchema
from algoitny.api.paging import LINK_HEADER, NextCursorSchema, PageQuerySchema, page_answer
from algoitny.domain.errors import InvalidInput
from algoitny.domain.history import History
from algoitny.domain.verdict import State, Verdict
from algoitny.services.container import container

histories = Blueprint("history", __name__, url_prefix="/api/history", description="History")


class Scope(StrEnum):
    OWN = "own"
    PUBLIC = "public"


class HistoryQuerySchema(PageQuerySchema):
    """Which entries. The filters go with one's own history."""

    scope = fields.String(load_default=Scope.OWN, validate=validate.OneOf(list(Scope)))
    platform = Platform(load_default=lambda: None, allow_none=False)
    language = Line(max_length=32, load_default=lambda: None, allow_none=False)
    verdict = fields.String(
        load_default=lambda: None, allow_none=False, validate=validate.OneOf(list(Verdict))
    )

    @ma.validates_schema(skip_on_field_errors=True)
    def _filters_own(self, data: Mapping[str, Any], **_: Any) -> None:
        filters = [name for name in ("platform", "language", "verdict") if data[name] is not None]
        if data["scope"] == Scope.PUBLIC and filters:
            raise ma.ValidationError(
                {name: ["The public list cannot be filtered."] for name in filters}
            )


class HistorySchema(ma.Schema):
    """A line of a list."""

    id = fields.String(required=True)
    platform = fields.String(required=True, attribute="problem.platform")
    problem_number = fields.String(required=True, attribute="problem.number")
    problem_title = fields.String(required=True)
    language = fields.String(required=True)
    state = fields.String(required=True, validate=validate.OneOf(list(State)))
    verdict = fields.String(
        required=True, allow_none=True, validate=validate.OneOf([*Verdict, None])
    )
    result_summary = fields.String(required=True)
    passed_count = fields.Integer(required=True)
    failed_count = fields.Integer(required=True)
    total_count = fields.Integer(required=True)
    is_code_public = fields.Boolean(required=True)
    user_identifier = fields.String(
        required=True, metadata={"description": "A chosen name or a pseudonym."}
    )
    max_time_ms = fields.Integer(required=True)
    max_memory_kb = fields.Integer(required=True)
    created_at = Instant(required=True)


class HistoryPageSchema(NextCursorSchema):
    """A page of history."""

    items = fields.List(fields.Nested(HistorySchema), required=True)


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

    One's own; with `scope=public`, and then without signing in, those that everybody made public.
    """
    service = container().services.histories
    if query["scope"] == Scope.PUBLIC:
        return page_answer(service.list_public(limit=query["limit"], cursor=query["cursor"]))
    page = service.list_own(
        current_caller(),
        limit=query["limit"],
        cursor=query["cursor"],
        platform=query["platform"],
        language=_language(query["language"]),
        verdict=Verdict(query["verdict"]) if query["verdict"] else None,
    )
    return page_answer(page)


@histories.endpoint("GET", "/<execution_id:history_id>/", access=Access.PUBLIC)
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
    language = container().services.languages.normalise(name)
    if language is None:
        raise InvalidInput.field("/query/language", "Unknown language.")
    return language
