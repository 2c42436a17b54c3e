"""Bad and missing fields of every body: a clear 422 that names the field, nothing stored."""

from __future__ import annotations

import json

import pytest

from tests.api.bodies import JSON_ROUTES, PROBLEM, TESTS, TESTS_PATH, role_for
from tests.api.refusal import check

pytestmark = pytest.mark.slow

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
