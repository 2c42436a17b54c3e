"""A problem's tests: reading, replacing, adding and removing them."""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial
from http import HTTPStatus
from typing import IO, Any

import marshmallow as ma
from marshmallow import fields, validate

from algoitny.api.authentication import Access, current_caller
from algoitny.api.blueprint import UPLOAD_LIMIT_BYTES, Blueprint
from algoitny.api.etag import ETAG_HEADER, IF_MATCH_ERRORS, IfMatchSchema, etag, matching
from algoitny.api.fields import Flag, Text
from algoitny.api.problem_line import ProblemSummarySchema
from algoitny.domain.errors import InvalidInput
from algoitny.domain.problem import ProblemKey, ProblemSummary, TestCase
from algoitny.domain.token import Scope
from algoitny.services.container import container
from algoitny.services.problem_change import MOST_TESTS
from algoitny.services.testcase import ArchivedTests, read_tests

BASE64 = "base64"
ZIP = "application/zip"
SENT_AS = (
    "JSON, or a zip of `NAME.in` and `NAME.ans`: all in one place, or in the folders `sample` and "
    "`secret`, which may be in `data`. Samples come first, each part in the order of its names."
)
_TESTS = re.compile(r"/testcases(?:/([0-9]+))?")
PATH = "/<platform:platform>/<problem_number:number>/testcases/"

testcases = Blueprint("testcases", __name__, url_prefix="/api/problems", description="Problems")


class TestCaseSchema(ma.Schema):
    """One test. Data that are not UTF-8, or hold NUL, come and go as Base64 (RFC 4648, 4)."""

    __test__ = False  # not a test class, whatever its name makes pytest think

    input = Text(max_bytes=UPLOAD_LIMIT_BYTES, required=True)
    output = Text(max_bytes=UPLOAD_LIMIT_BYTES, required=True)
    is_sample = Flag(load_default=False)
    encoding = fields.String(
        validate=validate.OneOf([BASE64]),
        metadata={"description": "How `input` and `output` are encoded; absent: not at all."},
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


class StoredTestCasesSchema(ma.Schema):
    """A problem's tests, in order; none before the first were given."""

    __test__ = False

    testcases = fields.List(fields.Nested(TestCaseSchema), required=True)


@testcases.endpoint("GET", PATH, access=Access.REGISTRAR)
@testcases.answer(HTTPStatus.OK, StoredTestCasesSchema, headers=ETAG_HEADER)
def get_tests(platform: str, number: str) -> tuple[Mapping[str, object], dict[str, str]]:
    """All tests, for the problem's editors; what is read here can be put again.

    The ETag is the problem's.
    """
    key = ProblemKey(platform=platform, number=number)
    problem, tests = container().services.problems.tests(current_caller(), key)
    return {"testcases": encoded(tests)}, etag(problem.version)


@testcases.endpoint(
    "PUT",
    PATH,
    access=Access.REGISTRAR,
    scope=Scope.REGISTER,
    errors=IF_MATCH_ERRORS,
    body_limit=UPLOAD_LIMIT_BYTES,
)
@testcases.request_headers(IfMatchSchema)
@testcases.body_or_file(TestCasesSchema, ZIP, description=SENT_AS)
@testcases.answer(HTTPStatus.OK, ProblemSummarySchema, headers=ETAG_HEADER)
def replace_tests(
    headers: Mapping[str, Any], body: Mapping[str, Any] | IO[bytes], platform: str, number: str
) -> tuple[ProblemSummary, dict[str, str]]:
    """Replace the whole set of tests at once.

    Executions that run already finish on the set they began with. At most 64 MiB.
    """
    key = ProblemKey(platform=platform, number=number)
    with matching(headers) as expected, _given(body) as tests:
        problem = container().services.registration.replace_tests(
            current_caller(), key, tests, expected_version=expected
        )
    return problem, etag(problem.version)


@testcases.endpoint(
    "POST",
    PATH,
    access=Access.REGISTRAR,
    scope=Scope.REGISTER,
    errors=IF_MATCH_ERRORS,
    body_limit=UPLOAD_LIMIT_BYTES,
)
@testcases.request_headers(IfMatchSchema)
@testcases.body_or_file(TestCasesSchema, ZIP, description=SENT_AS)
@testcases.answer(HTTPStatus.OK, ProblemSummarySchema, headers=ETAG_HEADER)
def add_tests(
    headers: Mapping[str, Any], body: Mapping[str, Any] | IO[bytes], platform: str, number: str
) -> tuple[ProblemSummary, dict[str, str]]:
    """Add tests after the last one.

    Sent twice they are added twice: `If-Match` prevents it.
    """
    key = ProblemKey(platform=platform, number=number)
    with matching(headers) as expected, _given(body) as tests:
        problem = container().services.registration.add_tests(
            current_caller(), key, tests, expected_version=expected
        )
    return problem, etag(problem.version)


@testcases.endpoint(
    "DELETE",
    f"{PATH}<test_number:test>/",
    access=Access.REGISTRAR,
    scope=Scope.REGISTER,
    errors=IF_MATCH_ERRORS,
)
@testcases.request_headers(IfMatchSchema)
@testcases.answer(HTTPStatus.OK, ProblemSummarySchema, headers=ETAG_HEADER)
def remove_test(
    headers: Mapping[str, Any], platform: str, number: str, test: int
) -> tuple[ProblemSummary, dict[str, str]]:
    """Remove one test, by its number from 1.

    Those after it move up, so send `If-Match`: its number may be another test's by now.
    """
    key = ProblemKey(platform=platform, number=number)
    with matching(headers) as expected:
        problem = container().services.registration.remove_test(
            current_caller(), key, test, expected_version=expected
        )
    return problem, etag(problem.version)


def encoded(tests: Sequence[TestCase]) -> list[dict[str, object]]:
    """As `TestCaseSchema` has them."""
    return [_encode(test) for test in tests]


def _encode(test: TestCase) -> dict[str, object]:
    data = {"input": test.input, "output": test.output}
    shown: dict[str, object] = {"is_sample": test.is_sample}
    if all(map(_is_text, data.values())):
        return {name: value.decode() for name, value in data.items()} | shown
    packed = {name: base64.b64encode(value).decode() for name, value in data.items()}
    return {**packed, "encoding": BASE64, **shown}


def _is_text(data: bytes) -> bool:
    """Whether it is taken as text again, which holds no NUL."""
    try:
        return "\0" not in data.decode()
    except UnicodeDecodeError:
        return False


def _decode(test: Mapping[str, Any], name: str) -> bytes:
    """Raises binascii.Error."""
    text: str = test[name]
    if "encoding" not in test:
        return text.encode()
    try:
        return base64.b64decode(text, validate=True)
    except ValueError as error:
        raise binascii.Error from error


@contextmanager
def _given(body: Mapping[str, Any] | IO[bytes]) -> Iterator[Collection[TestCase]]:
    """The tests in a body, numbered from 1; what is found wrong with one of an archive within the
    block names its file there."""
    if isinstance(body, Mapping):
        yield _decoded(body)
        return
    tests = read_tests(body)
    try:
        yield tests
    except InvalidInput as error:
        error.relocate(partial(_place, tests))
        raise


def _place(tests: ArchivedTests, pointer: str) -> str:
    """Where in an archive is what a pointer names as if the tests had come as JSON."""
    found = _TESTS.fullmatch(pointer)
    if found is None:
        return pointer
    return tests.pointer(int(found[1])) if found[1] else ""


def _decoded(body: Mapping[str, Any]) -> tuple[TestCase, ...]:
    """The tests in a body, numbered from 1."""
    return tuple(
        TestCase(
            number=position,
            input=_decode(test, "input"),
            output=_decode(test, "output"),
            is_sample=test["is_sample"],
        )
        for position, test in enumerate(body["testcases"], start=1)
    )
