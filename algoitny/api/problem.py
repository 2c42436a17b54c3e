"""The catalogue: reading problems, registering them, their tests."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Response, url_for
from marshmallow import fields, validate

from algoitny.api.authentication import Access, current_caller, optional_caller
from algoitny.api.blueprint import Blueprint, Links
from algoitny.api.etag import ETAG_HEADER, IF_MATCH_ERRORS, IfMatchSchema, etag, matching
from algoitny.api.fields import Flag, Line, Platform, ProblemNumber, Text, Whole
from algoitny.api.paging import LINK_HEADER, PageQuerySchema, page_answer
from algoitny.api.problem_line import ProblemPageSchema, ProblemSummarySchema
from algoitny.api.testcase import TestCaseSchema, encoded
from algoitny.domain.problem import ProblemKey, ProblemSummary
from algoitny.domain.text import CODE_LIMIT_BYTES
from algoitny.domain.token import Scope
from algoitny.services.container import container
from algoitny.services.problem import ProblemDetail
from algoitny.services.problem_change import ProblemFields

STATEMENT_LIMIT_BYTES = 128 * 1024
CONSTRAINTS_LIMIT_BYTES = 16 * 1024
REASON_LIMIT_BYTES = 1000

problems = Blueprint("problems", __name__, url_prefix="/api/problems", description="Problems")
registration = Blueprint(
    "registration", __name__, url_prefix="/api/register", description="Registering problems"
)

LOCATION_HEADER = {"Location": "The problem's address."}


class ProblemQuerySchema(PageQuerySchema):
    """Which problems."""

    platform = Platform(load_default=lambda: None, allow_none=False)
    language = Line(
        max_length=32,
        load_default=lambda: None,
        allow_none=False,
        metadata={"description": "Of the reference solution."},
    )
    tag = Line(max_length=40, load_default=lambda: None, allow_none=False)
    title = Line(
        max_length=300,
        data_key="q",
        load_default=lambda: None,
        allow_none=False,
        metadata={"description": "Words, each of which begins some word of the title."},
    )


class Owner(StrEnum):
    OWN = "own"
    ALL = "all"


class DraftQuerySchema(PageQuerySchema):
    """Whose drafts."""

    scope = fields.String(load_default=Owner.OWN, validate=validate.OneOf(list(Owner)))


class ProblemSchema(ProblemSummarySchema):
    """A problem with its statement and sample tests; the rest is for its editors."""

    checker = fields.String(
        required=True, metadata={"description": "Described in docs/checkers.md."}
    )
    checker_language = fields.String(allow_none=True, metadata={"description": "Only for editors."})
    checker_code = fields.String(allow_none=True, metadata={"description": "Only for editors."})
    stop_on_first_failure = fields.Boolean(
        required=True,
        metadata={"description": "Whether judging a submission stops at its first failed test."},
    )
    statement = fields.String(required=True)
    constraints = fields.String(required=True)
    url = fields.String(required=True, allow_none=True)
    testcases = fields.List(
        fields.Nested(TestCaseSchema), required=True, metadata={"description": "The samples."}
    )
    solution_code = fields.String(allow_none=True, metadata={"description": "Only for editors."})
    review_notes = fields.String(allow_none=True, metadata={"description": "Only for editors."})


class ProblemKeySchema(ma.Schema):
    """Which problem."""

    platform = Platform(required=True)
    problem_number = ProblemNumber(required=True)


class NewProblemSchema(ProblemKeySchema):
    """A problem to register."""

    title = Line(max_length=300, required=True)
    statement = Text(max_bytes=STATEMENT_LIMIT_BYTES, load_default="")
    constraints = Text(max_bytes=CONSTRAINTS_LIMIT_BYTES, load_default="")
    url = Text(max_bytes=2000, load_default=None, metadata={"format": "uri"})
    tags = fields.List(Line(max_length=40), load_default=list, validate=validate.Length(max=20))
    solution_code = Text(max_bytes=CODE_LIMIT_BYTES, min_length=1, load_default=None)
    language = Line(max_length=32, load_default=None)
    time_limit_ms = Whole(100, 20_000, load_default=1000)
    memory_limit_mb = Whole(16, 1024, load_default=256)
    checker = Line(max_length=200, load_default="tokens")
    checker_language = Line(max_length=32, load_default=None)
    checker_code = Text(
        max_bytes=CODE_LIMIT_BYTES,
        min_length=1,
        load_default=None,
        metadata={"description": "The program of the checker `custom`. At most 65536 bytes."},
    )
    stop_on_first_failure = Flag(
        load_default=False,
        metadata={"description": "Whether judging a submission stops at its first failed test."},
    )

    @ma.validates("url")
    def _is_web_address(self, value: str | None, **_: Any) -> None:
        if value is not None:
            validate.URL(schemes={"http", "https"})(value)

    @ma.validates("tags")
    def _are_distinct(self, value: list[str], **_: Any) -> None:
        if len(set(value)) != len(value):
            raise ma.ValidationError("A tag is given twice.")


class SavedProblemSchema(NewProblemSchema):
    """What is known of a problem so far: fields that are left out stay as they are."""

    def on_bind_field(self, field_name: str, field_obj: fields.Field[Any]) -> None:
        """No field has a default, and none but the key is needed."""
        super().on_bind_field(field_name, field_obj)
        field_obj.load_default = ma.missing
        field_obj.required = field_name in ProblemKeySchema().fields


class DeletionSchema(ProblemKeySchema):
    """Which problem to delete, and why."""

    reason = Text(max_bytes=REASON_LIMIT_BYTES, min_length=1, required=True)


class CompletionSchema(ProblemKeySchema):
    """Publish (`true`) or withdraw."""

    is_completed = Flag(required=True)


@problems.endpoint("GET", "/", access=Access.PUBLIC, errors=(HTTPStatus.BAD_REQUEST,))
@problems.query(ProblemQuerySchema)
@problems.answer(HTTPStatus.OK, ProblemPageSchema, headers=LINK_HEADER)
def list_problems(query: Mapping[str, Any]) -> tuple[Mapping[str, object], dict[str, str]]:
    """Published problems.

    Newest first; with `platform`, that platform's in the order of their numbers; with `language`,
    `tag` or `q` by title. Several filters hold together.
    """
    return page_answer(container().services.problems.list_completed(**query))


@problems.endpoint("GET", "/drafts/", access=Access.REGISTRAR, errors=(HTTPStatus.BAD_REQUEST,))
@problems.query(DraftQuerySchema)
@problems.answer(HTTPStatus.OK, ProblemPageSchema, headers=LINK_HEADER)
def list_drafts(query: Mapping[str, Any]) -> tuple[Mapping[str, object], dict[str, str]]:
    """My problems that are not published, by title.

    With `scope=all` everybody's drafts, newest first, for administrators and plans that show all
    problems.
    """
    found = container().services.problems.list_drafts(
        current_caller(),
        everybodys=query["scope"] == Owner.ALL,
        limit=query["limit"],
        cursor=query["cursor"],
    )
    return page_answer(found)


@problems.endpoint("GET", "/registered/", access=Access.REGISTRAR, errors=(HTTPStatus.BAD_REQUEST,))
@problems.query(PageQuerySchema)
@problems.answer(HTTPStatus.OK, ProblemPageSchema, headers=LINK_HEADER)
def list_registered(query: Mapping[str, Any]) -> tuple[Mapping[str, object], dict[str, str]]:
    """All problems that I registered, by title."""
    return page_answer(container().services.problems.list_registered(current_caller(), **query))


@problems.endpoint("GET", "/<problem_id:problem_id>/", access=Access.PUBLIC)
@problems.answer(HTTPStatus.OK, ProblemSchema, headers=ETAG_HEADER)
def get_problem_by_id(problem_id: int) -> tuple[Mapping[str, object], dict[str, str]]:
    """A problem by the integer that older clients know."""
    return _shown(container().services.problems.detail(optional_caller(), problem_id))


@problems.endpoint("GET", "/<platform:platform>/<problem_number:number>/", access=Access.PUBLIC)
@problems.answer(HTTPStatus.OK, ProblemSchema, headers=ETAG_HEADER)
def get_problem(platform: str, number: str) -> tuple[Mapping[str, object], dict[str, str]]:
    """A problem with its sample tests."""
    key = ProblemKey(platform=platform, number=number)
    return _shown(container().services.problems.detail(optional_caller(), key))


@registration.endpoint(
    "POST",
    "/problem/",
    access=Access.REGISTRAR,
    scope=Scope.REGISTER,
    errors=(HTTPStatus.CONFLICT,),
    links=Links(
        (
            "problems_get_problem",
            "testcases_get_tests",
            "testcases_replace_tests",
            "administration_verify_problem",
            "administration_send_problem_back",
        ),
        {"platform": "platform", "number": "problem_number"},
    ),
)
@registration.body(NewProblemSchema)
@registration.answer(HTTPStatus.CREATED, ProblemSchema, headers={**LOCATION_HEADER, **ETAG_HEADER})
def register_problem(body: Mapping[str, Any]) -> tuple[Mapping[str, object], dict[str, str]]:
    """Register a problem: a draft until it has tests and is completed."""
    key = _key(body)
    problem = container().services.registration.register(current_caller(), key, _fields(body))
    detail = ProblemDetail(problem=problem, samples=(), is_editor=True)
    shown, headers = _shown(detail)
    return shown, _location(key) | headers


@registration.endpoint(
    "PUT",
    "/problem/",
    access=Access.REGISTRAR,
    scope=Scope.REGISTER,
    errors=(HTTPStatus.NOT_FOUND, *IF_MATCH_ERRORS),
)
@registration.request_headers(IfMatchSchema)
@registration.body(NewProblemSchema)
@registration.answer(HTTPStatus.OK, ProblemSchema, headers=ETAG_HEADER)
def change_problem(
    headers: Mapping[str, Any], body: Mapping[str, Any]
) -> tuple[Mapping[str, object], dict[str, str]]:
    """Change a problem: all fields are replaced, those left out by their defaults.

    Its tests stay, and whether it is published.
    """
    with matching(headers) as expected:
        changed = container().services.registration.change(
            current_caller(), _key(body), _fields(body), expected_version=expected
        )
    return _shown(container().services.problems.edited(changed))


@registration.endpoint(
    "DELETE",
    "/problem/",
    access=Access.REGISTRAR,
    scope=Scope.REGISTER,
    errors=(HTTPStatus.NOT_FOUND, *IF_MATCH_ERRORS),
)
@registration.request_headers(IfMatchSchema)
@registration.body(DeletionSchema)
@registration.no_content("It is in no list any more, and nothing can be submitted against it.")
def delete_problem(headers: Mapping[str, Any], body: Mapping[str, str]) -> Response:
    """Delete a problem.

    Its platform and number stay taken. Executions keep their history; administrators still see it.
    """
    with matching(headers) as expected:
        container().services.registration.delete(
            current_caller(), _key(body), reason=body["reason"], expected_version=expected
        )
    return Response(status=HTTPStatus.NO_CONTENT)


@registration.endpoint(
    "POST",
    "/save/",
    access=Access.REGISTRAR,
    scope=Scope.REGISTER,
    errors=(HTTPStatus.NOT_FOUND, *IF_MATCH_ERRORS),
)
@registration.request_headers(IfMatchSchema)
@registration.body(SavedProblemSchema)
@registration.answer(HTTPStatus.OK, ProblemSchema, headers=ETAG_HEADER)
@registration.also(
    HTTPStatus.CREATED,
    ProblemSchema,
    description="It is a new draft.",
    headers={**LOCATION_HEADER, **ETAG_HEADER},
)
def save_problem(
    headers: Mapping[str, Any], body: Mapping[str, Any]
) -> tuple[Mapping[str, object], int, dict[str, str]]:
    """Save what is known of a problem so far.

    Makes a draft (which needs a title), or changes the fields that are given.
    """
    key = _key(body)
    known = {name: value for name, value in body.items() if value is not None}
    with matching(headers) as expected:
        saved, is_new = container().services.registration.save(
            current_caller(), key, _given(known), expected_version=expected
        )
    shown, answer_headers = _shown(container().services.problems.edited(saved))
    if is_new:
        return shown, HTTPStatus.CREATED, _location(key) | answer_headers
    return shown, HTTPStatus.OK, answer_headers


@registration.endpoint(
    "POST",
    "/toggle-completion/",
    access=Access.REGISTRAR,
    scope=Scope.REGISTER,
    errors=(HTTPStatus.NOT_FOUND, *IF_MATCH_ERRORS),
)
@registration.request_headers(IfMatchSchema)
@registration.body(CompletionSchema)
@registration.answer(HTTPStatus.OK, ProblemSummarySchema, headers=ETAG_HEADER)
def set_completion(
    headers: Mapping[str, Any], body: Mapping[str, Any]
) -> tuple[ProblemSummary, dict[str, str]]:
    """Publish a problem, or withdraw it."""
    with matching(headers) as expected:
        problem = container().services.registration.complete(
            current_caller(),
            _key(body),
            is_completed=body["is_completed"],
            expected_version=expected,
        )
    return problem, etag(problem.version)


def _key(body: Mapping[str, Any]) -> ProblemKey:
    return ProblemKey(platform=body["platform"], number=body["problem_number"])


def _location(key: ProblemKey) -> dict[str, str]:
    address = url_for("problems.get_problem", platform=key.platform, number=key.number)
    return {"Location": address}


def _fields(body: Mapping[str, Any]) -> ProblemFields:
    return ProblemFields(**_given(body))


def _given(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields of a problem that are in the body."""
    return {
        name: tuple(value) if name == "tags" else value
        for name, value in body.items()
        if name not in ProblemKeySchema().fields
    }


def _shown(detail: ProblemDetail) -> tuple[Mapping[str, object], dict[str, str]]:
    problem, summary = detail.problem, detail.problem.summary
    shown = {name: getattr(summary, name) for name in ProblemSummary.__slots__}
    shown |= {
        "statement": problem.statement,
        "constraints": problem.constraints,
        "url": problem.url,
        "testcases": encoded(detail.samples),
    }
    if detail.is_editor:
        program = problem.checker_program
        shown |= {
            "solution_code": problem.solution_code,
            "review_notes": problem.review_notes,
            "checker_language": program.language if program else None,
            "checker_code": program.code if program else None,
        }
    return shown, etag(summary.version)
