"""The catalogue: reading problems, registering them, their tests."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import url_for
from marshmallow import fields, validate

from algoitny.api.authentication import Access, current_caller, optional_caller
from algoitny.api.blueprint import UPLOAD_LIMIT_BYTES, Blueprint
from algoitny.api.fields import Flag, Instant, Line, Platform, ProblemNumber, Text, Whole
from algoitny.api.paging import LINK_HEADER, NextCursorSchema, PageQuerySchema, page_answer
from algoitny.domain.problem import ProblemKey, ProblemSummary, TestCase
from algoitny.domain.text import CODE_LIMIT_BYTES
from algoitny.services.container import container
from algoitny.services.problem import MOST_TESTS, ProblemDetail, ProblemFields

STATEMENT_LIMIT_BYTES = 128 * 1024
CONSTRAINTS_LIMIT_BYTES = 16 * 1024
BASE64 = "base64"

problems = Blueprint("problems", __name__, url_prefix="/api/problems", description="Problems")
registration = Blueprint(
    "registration", __name__, url_prefix="/api/register", description="Registering problems"
)


class ProblemQuerySchema(PageQuerySchema):
    """Which problems."""

    platform = Platform(load_default=lambda: None, allow_none=False)


class ProblemSummarySchema(ma.Schema):
    """A line of a list."""

    id = fields.Integer(required=True, metadata={"description": "The integer for `problem_id`."})
    platform = fields.String(required=True, attribute="key.platform")
    problem_number = fields.String(required=True, attribute="key.number")
    title = fields.String(required=True)
    tags = fields.List(fields.String(), required=True)
    language = fields.String(
        required=True, allow_none=True, metadata={"description": "Of the reference solution."}
    )
    time_limit_ms = fields.Integer(required=True)
    memory_limit_mb = fields.Integer(required=True)
    is_completed = fields.Boolean(required=True)
    needs_review = fields.Boolean(required=True)
    test_case_count = fields.Integer(required=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)


class ProblemPageSchema(NextCursorSchema):
    """A page of problems."""

    items = fields.List(fields.Nested(ProblemSummarySchema), required=True)


class TestCaseSchema(ma.Schema):
    """One test. Data that are not UTF-8 come and go as Base64 (RFC 4648, 4)."""

    __test__ = False  # not a test class, whatever its name makes pytest think

    input = Text(max_bytes=UPLOAD_LIMIT_BYTES, required=True)
    output = Text(max_bytes=UPLOAD_LIMIT_BYTES, required=True)
    is_sample = Flag(load_default=False)
    encoding = fields.String(
        validate=validate.OneOf([BASE64]),
        metadata={"description": "Of `input` and `output`; absent: they are the text itself."},
    )

    @ma.validates_schema(skip_on_field_errors=True)
    def _decodes(self, data: Mapping[str, Any], **_: Any) -> None:
        for name in ("input", "output"):
            try:
                _decode(data, name)
            except binascii.Error:
                raise ma.ValidationError("Not Base64.", name) from None


class TestCasesSchema(ma.Schema):
    """A problem's whole set of tests, in order."""

    __test__ = False

    testcases = fields.List(
        fields.Nested(TestCaseSchema),
        required=True,
        validate=validate.Length(min=1, max=MOST_TESTS),
    )


class ProblemSchema(ProblemSummarySchema):
    """A problem with its statement and sample tests; the rest is for its editors."""

    checker = fields.String(required=True)
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
    checker = Line(max_length=32, load_default="tokens")

    @ma.validates("url")
    def _is_web_address(self, value: str | None, **_: Any) -> None:
        if value is not None:
            validate.URL(schemes={"http", "https"})(value)

    @ma.validates("tags")
    def _are_distinct(self, value: list[str], **_: Any) -> None:
        if len(set(value)) != len(value):
            raise ma.ValidationError("A tag is given twice.")


class CompletionSchema(ProblemKeySchema):
    """Publish (`true`) or withdraw."""

    is_completed = Flag(required=True)


@problems.endpoint("GET", "/", access=Access.PUBLIC, errors=(HTTPStatus.BAD_REQUEST,))
@problems.query(ProblemQuerySchema)
@problems.answer(HTTPStatus.OK, ProblemPageSchema, headers=LINK_HEADER)
def list_problems(query: Mapping[str, Any]) -> tuple[Mapping[str, object], dict[str, str]]:
    """Published problems.

    Newest first; with `platform`, that platform's in the order of their numbers.
    """
    return page_answer(container().services.problems.list_completed(**query))


@problems.endpoint("GET", "/<problem_id:problem_id>/", access=Access.PUBLIC)
@problems.answer(HTTPStatus.OK, ProblemSchema)
def get_problem_by_id(problem_id: int) -> Mapping[str, object]:
    """A problem by the integer that older clients know."""
    return _shown(container().services.problems.detail(optional_caller(), problem_id))


@problems.endpoint("GET", "/<platform:platform>/<problem_number:number>/", access=Access.PUBLIC)
@problems.answer(HTTPStatus.OK, ProblemSchema)
def get_problem(platform: str, number: str) -> Mapping[str, object]:
    """A problem with its sample tests."""
    key = ProblemKey(platform=platform, number=number)
    return _shown(container().services.problems.detail(optional_caller(), key))


@problems.endpoint(
    "GET", "/<platform:platform>/<problem_number:number>/testcases/", access=Access.REGISTRAR
)
@problems.answer(HTTPStatus.OK, TestCasesSchema)
def get_tests(platform: str, number: str) -> Mapping[str, object]:
    """All tests, for the problem's editors; what is read here can be put again."""
    key = ProblemKey(platform=platform, number=number)
    return {"testcases": _encoded(container().services.problems.tests(current_caller(), key))}


@problems.endpoint(
    "PUT",
    "/<platform:platform>/<problem_number:number>/testcases/",
    access=Access.REGISTRAR,
    errors=(HTTPStatus.CONFLICT,),
    body_limit=UPLOAD_LIMIT_BYTES,
)
@problems.body(TestCasesSchema)
@problems.answer(HTTPStatus.OK, ProblemSummarySchema)
def replace_tests(body: Mapping[str, Any], platform: str, number: str) -> ProblemSummary:
    """Replace the whole set of tests at once.

    Executions that run already finish on the set they began with. At most 64 MiB.
    """
    tests = tuple(
        TestCase(
            number=position,
            input=_decode(test, "input"),
            output=_decode(test, "output"),
            is_sample=test["is_sample"],
        )
        for position, test in enumerate(body["testcases"], start=1)
    )
    key = ProblemKey(platform=platform, number=number)
    return container().services.problems.replace_tests(current_caller(), key, tests)


@registration.endpoint(
    "POST",
    "/problem/",
    access=Access.REGISTRAR,
    errors=(HTTPStatus.CONFLICT,),
)
@registration.body(NewProblemSchema)
@registration.answer(
    HTTPStatus.CREATED, ProblemSchema, headers={"Location": "The problem's address."}
)
def register_problem(body: Mapping[str, Any]) -> tuple[Mapping[str, object], dict[str, str]]:
    """Register a problem: a draft until it has tests and is completed."""
    given = {name: value for name, value in body.items() if name not in ProblemKeySchema().fields}
    key = _key(body)
    wanted = ProblemFields(**{**given, "tags": tuple(given["tags"])})
    problem = container().services.problems.register(current_caller(), key, wanted)
    detail = ProblemDetail(problem=problem, samples=(), is_editor=True)
    address = url_for("problems.get_problem", platform=key.platform, number=key.number)
    return _shown(detail), {"Location": address}


@registration.endpoint(
    "POST",
    "/toggle-completion/",
    access=Access.REGISTRAR,
    errors=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT),
)
@registration.body(CompletionSchema)
@registration.answer(HTTPStatus.OK, ProblemSummarySchema)
def set_completion(body: Mapping[str, Any]) -> ProblemSummary:
    """Publish a problem, or withdraw it."""
    return container().services.problems.set_completion(
        current_caller(), _key(body), is_completed=body["is_completed"]
    )


def _key(body: Mapping[str, Any]) -> ProblemKey:
    return ProblemKey(platform=body["platform"], number=body["problem_number"])


def _shown(detail: ProblemDetail) -> Mapping[str, object]:
    problem, summary = detail.problem, detail.problem.summary
    shown = {name: getattr(summary, name) for name in ProblemSummary.__slots__}
    shown |= {
        "statement": problem.statement,
        "constraints": problem.constraints,
        "url": problem.url,
        "testcases": _encoded(detail.samples),
    }
    if detail.is_editor:
        shown |= {"solution_code": problem.solution_code, "review_notes": problem.review_notes}
    return shown


def _encoded(tests: Sequence[TestCase]) -> list[dict[str, object]]:
    return [_encode(test) for test in tests]


def _encode(test: TestCase) -> dict[str, object]:
    shown: dict[str, object] = {"is_sample": test.is_sample}
    try:
        text = {"input": test.input.decode(), "output": test.output.decode()}
    except UnicodeDecodeError:
        text = {
            "input": base64.b64encode(test.input).decode(),
            "output": base64.b64encode(test.output).decode(),
            "encoding": BASE64,
        }
    return {**text, **shown}


def _decode(test: Mapping[str, Any], name: str) -> bytes:
    """Raises binascii.Error."""
    text: str = test[name]
    if "encoding" not in test:
        return text.encode()
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise binascii.Error from error
