"""Bad bodies and keys to every route: a clear 4xx that says where, nothing stored or charged."""

from __future__ import annotations

import gzip
import io
import json

import pytest

from algoitny.api.blueprint import BODY_LIMIT_BYTES, UPLOAD_LIMIT_BYTES
from algoitny.api.errors import MOST_FIELD_ERRORS
from tests.api.bodies import JSON_ROUTES, SUBMISSION, TESTS_PATH, role_for
from tests.api.refusal import check
from tests.api.world import DRAFT, EMPTY


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
