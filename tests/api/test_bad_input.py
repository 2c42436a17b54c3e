"""Bad input to every route: a clear 4xx that names the field, nothing stored, nothing charged."""

from __future__ import annotations

import gzip
import io
import json

import pytest

from algoitny.api.blueprint import BODY_LIMIT_BYTES, UPLOAD_LIMIT_BYTES
from algoitny.api.errors import MOST_FIELD_ERRORS
from tests.api.world import DRAFT, EMPTY, LEARNER, SUM

pytestmark = pytest.mark.slow

SUBMISSION = {
    "code": "print(3)",
    "language": "python3",
    "platform": SUM.platform,
    "problem_identifier": SUM.number,
}
RUN = {"code": "print(input())", "language": "python3", "input": "1"}
PROBLEM = {"platform": "new", "problem_number": "1", "title": "A new one"}
TESTS = {"testcases": [{"input": "1", "output": "2", "is_sample": True}]}
TESTS_PATH = f"/api/problems/{DRAFT.platform}/{DRAFT.number}/testcases/"

JSON_ROUTES = {
    "dev sign-in": ("POST", "/api/auth/dev/", {"email": "new@example.org"}),
    "execute": ("POST", "/api/execute/", SUBMISSION),
    "run": ("POST", "/api/execute/run/", RUN),
    "register": ("POST", "/api/register/problem/", PROBLEM),
    "complete": (
        "POST",
        "/api/register/toggle-completion/",
        {"platform": DRAFT.platform, "problem_number": DRAFT.number, "is_completed": True},
    ),
    "tests": ("PUT", TESTS_PATH, TESTS),
    "more tests": ("POST", TESTS_PATH, TESTS),
    "save": ("POST", "/api/register/save/", PROBLEM),
    "delete problem": (
        "DELETE",
        "/api/register/problem/",
        {"platform": DRAFT.platform, "problem_number": DRAFT.number, "reason": "A copy."},
    ),
    "account": ("PATCH", "/api/account/", {"name": "Grace"}),
    "plan": (
        "POST",
        "/api/admin/plans/",
        {"name": "Class", "max_hints_per_day": 1, "max_executions_per_day": 1},
    ),
    "hints": ("POST", "/api/history/{failed}/hints/generate/", {"level": 1}),
}


def raw(text, content_type="application/json", **headers):
    data = text if isinstance(text, bytes) else text.encode()
    return {"data": data, "content_type": content_type, "headers": headers}


def with_member(body, member):
    """`body` as JSON text with one more member, which may be what json.dumps cannot write."""
    return json.dumps(body)[:-1] + ", " + member + "}"


BAD_BODIES = {
    "cut": (lambda b: raw(json.dumps(b)[:-1]), 400, ""),
    "not JSON": (raw("code=1"), 400, ""),
    "two values": (lambda b: raw(json.dumps(b) * 2), 400, ""),
    "byte order mark": (lambda b: raw(b"\xef\xbb\xbf" + json.dumps(b).encode()), 400, ""),
    "not UTF-8": (raw(b'{"code": "\xff"}'), 400, ""),
    "nested deeply": (raw("[" * 100_000 + "]" * 100_000), 400, ""),
    "field nested deeply": (
        lambda b: raw(with_member(b, '"x":' + "[" * 400 + "]" * 400)),
        422,
        "/x",
    ),
    "a key twice": (lambda b: raw(with_member(b, f'"{next(iter(b))}": 1')), 400, "/{first}"),
    "an inner key twice": (lambda b: raw(with_member(b, '"x": [{"y": 1, "y": 1}]')), 400, "/x/0/y"),
    "NaN": (lambda b: raw(with_member(b, '"x": NaN')), 400, "/x"),
    "-Infinity": (lambda b: raw(with_member(b, '"x": [-Infinity]')), 400, "/x/0"),
    "a number beyond range": (lambda b: raw(with_member(b, '"x": 1e999')), 400, "/x"),
    "an endless integer": (lambda b: raw(with_member(b, '"x": ' + "9" * 5000)), 400, "/x"),
    "a list": (lambda b: raw(json.dumps([b])), 422, ""),
    "null": (raw("null"), 422, ""),
    "a string": (raw('"x"'), 422, ""),
    "an unknown field": (lambda b: raw(with_member(b, '"state": "DONE"')), 422, "/state"),
    "marshmallow's own key": (lambda b: raw(with_member(b, '"_schema": 1')), 422, "/_schema"),
    "slash and tilde": (lambda b: raw(with_member(b, '"a/b~": 1')), 422, "/a~1b~0"),
    "surrogate in a key": (lambda b: raw(with_member(b, r'"\ud800": 1')), 422, "/\ud800"),
    "a long key": (lambda b: raw(with_member(b, f'"{"k" * 9000}": 1')), 422, "/" + "k" * 64 + "…"),
    "form": (raw("email=a%40b.c", "application/x-www-form-urlencoded"), 415, None),
    "text": (lambda b: raw(json.dumps(b), "text/plain"), 415, None),
    "no type": (lambda b: raw(json.dumps(b), ""), 415, None),
    "another charset": (
        lambda b: raw(json.dumps(b), "application/json; charset=utf-16"),
        415,
        None,
    ),
    "compressed": (
        lambda b: raw(gzip.compress(json.dumps(b).encode()), **{"Content-Encoding": "gzip"}),
        415,
        None,
    ),
}


def check(answer, status, pointer):
    """It is a problem document of this status that names this place."""
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    body = answer.json
    assert body["status"] == status
    assert body["detail"]
    if pointer is not None:
        assert pointer in [bad["pointer"] for bad in body["errors"]], body


def role_for(path):
    if "register" in path or "problems" in path:
        return "registrar"
    if "admin" in path:
        return "admin"
    return LEARNER if "history" in path else "user"


@pytest.mark.parametrize("route", JSON_ROUTES)
def test_bodies_that_no_route_takes(world, route):
    method, path, body = JSON_ROUTES[route]
    path = path.format(failed=world.failed)
    before = world.stored()
    for name, (make, status, pointer) in BAD_BODIES.items():
        print(name)
        sent = make(body) if callable(make) else make
        answer = world.request(method, path, role_for(path), **sent)
        check(answer, status, pointer and pointer.replace("{first}", next(iter(body))))
    check(world.request(method, path + "?x=1", role_for(path), json=body), 422, "/query/x")
    assert world.stored() == before


@pytest.mark.parametrize("route", [name for name in JSON_ROUTES if "tests" not in name])
def test_body_of_more_than_a_mebibyte(world, route):
    method, path, body = JSON_ROUTES[route]
    path = path.format(failed=world.failed)
    before = world.stored()
    big = {**body, "code": "x" * BODY_LIMIT_BYTES}
    check(world.request(method, path, role_for(path), json=big), 413, "")
    assert world.stored() == before


def test_tests_of_more_than_64_mebibytes(world):
    before = world.stored()
    answer = world.request(
        "PUT",
        TESTS_PATH,
        "registrar",
        content_type="application/json",
        environ_overrides={"CONTENT_LENGTH": str(UPLOAD_LIMIT_BYTES + 1)},
    )
    check(answer, 413, "")
    assert world.stored() == before


def test_a_body_that_does_not_say_its_length_is_cut_off_too(world):
    body = json.dumps({**SUBMISSION, "code": "x" * BODY_LIMIT_BYTES}).encode()
    chunked = {"wsgi.input": io.BytesIO(body), "wsgi.input_terminated": True, "CONTENT_LENGTH": ""}
    answer = world.post("/api/execute/", content_type="application/json", environ_overrides=chunked)
    check(answer, 413, "")


def test_many_bad_fields_are_not_all_repeated(world):
    body = SUBMISSION | {f"x{number}": 1 for number in range(900)}
    answer = world.post("/api/execute/", json=body)
    check(answer, 422, None)
    assert len(answer.json["errors"]) == MOST_FIELD_ERRORS


WRONG_TEXT = {"number": 1, "list": ["x"], "object": {"x": 1}, "true": True, "null": None}
BAD_TEXT = {**WRONG_TEXT, "NUL": "a\0b", "surrogate": "a\udc80", "empty": ""}
BAD_LINE = {**BAD_TEXT, "newline": "a\nb", "control": "a\x1bb", "spaces": " a", "blank": "  "}
BAD_PLATFORM = {
    **BAD_LINE,
    "upper case": "Sample",
    "hash": "sam#ple",
    "long": "p" * 33,
    "not ASCII": "sämple",
    "final newline": "sample\n",
}
BAD_NUMBER = {**BAD_LINE, "slash": "a/b", "dots": "..", "long": "1" * 65}
BAD_FLAG = {"text": "true", "one": 1, "zero": 0, "null": None, "list": []}
BAD_INTEGER = {
    "text": "1",
    "fraction": 1.5,
    "whole fraction": 100.0,
    "true": True,
    "null": None,
    "negative": -1,
    "zero": 0,
    "huge": 10**19,
    "list": [1],
}


def without_null(values):
    """For optional fields: null is the same as absent."""
    return {name: value for name, value in values.items() if value is not None}


FIELDS = {
    "execute": {
        "code": {**BAD_TEXT, "blank": " \n\t", "long": "x" * 65_537, "long in bytes": "é" * 32_769},
        "language": {**BAD_LINE, "unknown": "cobol", "not installed": "rust", "long": "p" * 33},
        "platform": BAD_PLATFORM,
        "problem_identifier": BAD_NUMBER,
        "problem_id": {**BAD_INTEGER, "beyond": 2**53},
        "is_code_public": BAD_FLAG,
    },
    "register": {
        "platform": BAD_PLATFORM,
        "problem_number": BAD_NUMBER,
        "title": {**BAD_LINE, "long": "t" * 301, "very long": "t" * 10_000},
        "statement": {**WRONG_TEXT, "NUL": "\0", "surrogate": "\ud800", "long": "s" * 131_073},
        "constraints": {**WRONG_TEXT, "NUL": "\0", "surrogate": "\ud800", "long": "s" * 16_385},
        "url": {
            **without_null(BAD_TEXT),
            "not an address": "example",
            "script": "javascript:alert(1)",
            "long": "https://example.org/" + "x" * 2000,
        },
        "tags": {
            "text": "a",
            "many": [f"t{n}" for n in range(21)],
            "twice": ["a", "a"],
            "null": None,
        },
        "tags/0": {**BAD_LINE, "long": "t" * 41},
        "solution_code": {"number": 1, "NUL": "\0", "surrogate": "\ud800", "long": "x" * 65_537},
        "language": {"number": 1, "unknown": "cobol", "empty": ""},
        "time_limit_ms": {**BAD_INTEGER, "low": 99, "high": 20_001},
        "memory_limit_mb": {**BAD_INTEGER, "low": 15, "high": 1025},
        "stop_on_first_failure": BAD_FLAG,
        "checker": {
            **BAD_LINE,
            "unknown": "magic",
            "long": "custom " + "x" * 200,
            "wide": "default float_relative_tolerance 2",
        },
        "checker_code": {
            "number": 1,
            "empty": "",
            "NUL": "\0",
            "surrogate": "\ud800",
            "long": "x" * 65_537,
            "no custom checker": "exit(42)",
        },
        "checker_language": {"number": 1, "empty": "", "no custom checker": "c"},
    },
    "complete": {
        "platform": BAD_PLATFORM,
        "problem_number": BAD_NUMBER,
        "is_completed": BAD_FLAG,
    },
    "tests": {
        "testcases": {
            "empty": [],
            "object": {},
            "null": None,
            "text": "x",
            "too many": TESTS["testcases"] * 10_000,
        },
        "testcases/0": {"null": None, "text": "x", "list": []},
        "testcases/0/input": {**WRONG_TEXT, "NUL": "\0", "surrogate": "\ud800"},
        "testcases/0/output": {**WRONG_TEXT, "NUL": "\0", "surrogate": "\ud800"},
        "testcases/0/is_sample": BAD_FLAG,
        "testcases/0/encoding": {"null": None, "unknown": "hex", "number": 1},
        "testcases/0/weight": {"unknown field": 1},
    },
    "delete problem": {"reason": {**BAD_TEXT, "long": "x" * 1001}},
    "save": {
        "title": {**BAD_LINE, "long": "t" * 301},
        "tags": {"text": "a", "twice": ["a", "a"]},
        "time_limit_ms": {**BAD_INTEGER, "low": 99},
        "checker": {**BAD_LINE, "unknown": "magic"},
    },
    "hints": {"level": {**without_null(BAD_INTEGER), "high": 5}},
    "dev sign-in": {
        "email": {
            **BAD_TEXT,
            "no at": "ada",
            "no domain": "ada@",
            "two lines": "ada@example.org\nbcc: x@example.org",
            "final newline": "ada@example.org\n",
            "spaces": " ada@example.org",
            "not ASCII": "äda@example.org",
            "long": "a" * 250 + "@example.org",
        }
    },
}
"""Of each route, of each field, values that are refused with a pointer to that field."""


def changed(body, pointer, value):
    """A copy of `body` with the value at `pointer` replaced."""
    body = json.loads(json.dumps(body))
    *parents, last = pointer.split("/")
    place = body
    for name in parents:
        place = place[int(name) if name.isdigit() else name]
    if last.isdigit():
        place[int(last) :] = [value]
    else:
        place[last] = value
    return body


@pytest.mark.parametrize(
    ("route", "pointer"),
    [(route, pointer) for route, fields in FIELDS.items() for pointer in fields],
)
def test_bad_values(world, route, pointer):
    method, path, body = JSON_ROUTES[route]
    path = path.format(failed=world.failed)
    if pointer == "problem_id":
        body = {"code": "x", "language": "python3"}
    if pointer.startswith("tags/"):
        body = {**body, "tags": []}
    before = world.stored()
    for name, value in FIELDS[route][pointer].items():
        print(name)
        sent = changed(body, pointer, value)
        check(world.request(method, path, role_for(path), json=sent), 422, "/" + pointer)
    assert world.stored() == before


@pytest.mark.parametrize(
    ("route", "missing"),
    [
        ("execute", "code"),
        ("execute", "language"),
        ("execute", "platform"),
        ("execute", "problem_identifier"),
        ("register", "platform"),
        ("register", "problem_number"),
        ("register", "title"),
        ("complete", "is_completed"),
        ("tests", "testcases"),
        ("dev sign-in", "email"),
    ],
)
def test_missing_fields(world, route, missing):
    method, path, body = JSON_ROUTES[route]
    before = world.stored()
    sent = {name: value for name, value in body.items() if name != missing}
    check(world.request(method, path, role_for(path), json=sent), 422, "/" + missing)
    check(world.request(method, path, role_for(path)), 422, "/" + missing)
    assert world.stored() == before


def test_either_form_of_naming_the_problem_but_not_both(world):
    before = world.stored()
    for more in ({"problem_id": 1}, {"problem_id": 1, "platform": None}):
        check(
            world.submit(**more), 422, "/problem_id" if None not in more.values() else "/platform"
        )
    check(world.post("/api/execute/", json={"code": "x", "language": "c"}), 422, "/platform")
    assert world.stored() == before


def test_a_solution_needs_its_language(world):
    before = world.stored()
    body = PROBLEM | {"solution_code": "print(1)"}
    check(world.post("/api/register/problem/", "registrar", json=body), 422, "/language")
    assert world.stored() == before


def test_base64_that_is_none(world):
    before = world.stored()
    for text in ("%%%%", "abc", "YWJj\n", "é"):
        sent = {"testcases": [{"input": "YQ==", "output": text, "encoding": "base64"}]}
        answer = world.request("PUT", TESTS_PATH, "registrar", json=sent)
        check(answer, 422, "/testcases/0/output")
    assert world.stored() == before


@pytest.mark.parametrize("key", ["", "a b", "é", "k" * 129, "a\tb"])
def test_bad_idempotency_keys(world, key):
    before = world.stored()
    check(world.submit(headers={"Idempotency-Key": key}), 422, "/headers/Idempotency-Key")
    assert world.stored() == before


def test_submitting_against_what_cannot_be_judged(world):
    before = world.stored()
    unknown = {"problem_identifier": "404"}
    check(world.submit(**unknown), 404, None)
    check(world.submit(problem_identifier=DRAFT.number), 404, None)
    by_id = {"code": "x", "language": "c", "problem_id": 10**12}
    check(world.post("/api/execute/", json=by_id), 404, None)
    empty = world.submit("registrar", problem_identifier=EMPTY.number)
    check(empty, 409, None)
    assert empty.json["type"].endswith("#no-tests")
    check(world.submit("anonymous"), 401, None)
    assert world.stored() == before
