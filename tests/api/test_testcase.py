"""Tests of a problem that come as a zip archive over HTTP."""

from __future__ import annotations

import base64
import errno
import io
import random
import tempfile

import pytest

from algoitny.api.blueprint import BODY_LIMIT_BYTES, UPLOAD_LIMIT_BYTES, _room_for_body
from algoitny.api.testcase import ZIP
from algoitny.domain.problem import TestCase
from algoitny.services import testcase
from tests.api.test_bad_input import check
from tests.api.test_registration import audit
from tests.api.world import DRAFT
from tests.archives import pairs, with_flag, zipped

pytestmark = pytest.mark.slow

PATH = f"/api/problems/{DRAFT.platform}/{DRAFT.number}/"
TESTS = f"{PATH}testcases/"
METHODS = ("PUT", "POST")
BYTES = {
    "sample/1.in": b"\xff\0",
    "sample/1.ans": b"\x80",
    "secret/1.in": b"1\r\n",
    "secret/1.ans": b"",
}


def send(world, archive, method="PUT", role="registrar", headers=None, **arguments):
    return world.request(
        method, TESTS, role, data=archive, content_type=ZIP, headers=headers, **arguments
    )


def kept(world):
    summary = world.store.problems.get_problem_summary(DRAFT, consistent=True)
    return world.store.problems.get_testcases(summary)


def test_a_set_is_replaced_by_what_the_archive_holds(world):
    answer = send(world, zipped(BYTES))
    assert (answer.status_code, answer.json["test_case_count"]) == (200, 2)
    assert kept(world) == (
        TestCase(number=1, input=b"\xff\0", output=b"\x80", is_sample=True),
        TestCase(number=2, input=b"1\r\n", output=b""),
    )
    read = world.get(TESTS, "registrar")
    assert read.headers["ETag"] == answer.headers["ETag"]
    assert read.json["testcases"] == [
        {"input": "/wA=", "output": "gA==", "encoding": "base64", "is_sample": True},
        {"input": "1\r\n", "output": "", "is_sample": False},
    ]


def test_tests_are_added_after_the_last(world):
    before = kept(world)
    answer = send(world, zipped(pairs("a", "b")), "POST")
    assert (answer.status_code, answer.json["test_case_count"]) == (200, 4)
    after = kept(world)
    assert after[:2] == before
    assert [(test.number, test.input) for test in after[2:]] == [(3, b"a.in\n"), (4, b"b.in\n")]


def test_for_one_version_only(world):
    tag = world.get(TESTS, "registrar").headers["ETag"]
    for method in METHODS:
        archive = zipped(pairs("1"))
        assert send(world, archive, method, headers={"If-Match": tag}).status_code == 200
        before = world.stored()
        check(send(world, archive, method, headers={"If-Match": tag}), 412, None)
        assert world.stored() == before
        tag = world.get(TESTS, "registrar").headers["ETag"]


def test_by_whom(world):
    world.store.users.update_subscription_plan(world.users["other"], "Pro")
    before = world.stored()
    for role, status in (("anonymous", 401), ("user", 403), ("other", 403)):
        for method in METHODS:
            check(send(world, zipped(pairs("1")), method, role), status, None)
    assert world.stored() == before


def test_what_an_administrator_does_is_noted(world):
    for method, count in (("PUT", 1), ("POST", 2)):
        assert send(world, zipped(pairs("1")), method, "admin").status_code == 200
        noted = ("problem.tests", f"problem {DRAFT}", {"test_case_count": count})
        assert audit(world)[0] == noted


ARCHIVE = zipped(pairs("sample/1", "secret/2"))

BAD = {
    "nothing": (lambda: b"", 400, ""),
    "no archive": (lambda: b'{"testcases": []}', 400, ""),
    "cut": (lambda: ARCHIVE[:-30], 400, ""),
    "damaged": (lambda: zipped(pairs("1"), 0).replace(b"1.in\n", b"2.in\n"), 400, "/1.in"),
    "no answer": (lambda: zipped({"data/secret/1.in": b""}), 422, "/data/secret/1.in"),
    "another file": (lambda: zipped(pairs("1") | {"~.txt": b""}), 422, "/~0.txt"),
    "outside": (lambda: zipped(pairs("../1")), 422, "/../1.in"),
    "encrypted": (lambda: with_flag(zipped(pairs("1")), 1), 422, "/1.in"),
    "no tests": (lambda: zipped({}), 422, ""),
    "10,000 tests": (lambda: zipped(pairs(*map(str, range(10_000)))), 422, ""),
}


@pytest.mark.parametrize("name", BAD)
def test_what_is_refused_stores_nothing(world, name):
    pack, status, pointer = BAD[name]
    archive = pack()
    before = world.stored()
    for method in METHODS:
        check(send(world, archive, method), status, pointer)
    assert world.stored() == before


def test_more_than_a_problem_may_have(world, monkeypatch):
    monkeypatch.setattr(testcase, "MOST_BYTES", 1000)
    before = world.stored()
    for method in METHODS:
        check(send(world, zipped({"1.in": bytes(1001), "1.ans": b""}), method), 413, "")
    assert world.stored() == before


def test_bodies_that_are_not_whole_or_too_large(world):
    before = world.stored()
    half = {"CONTENT_LENGTH": str(len(ARCHIVE) + 1), "wsgi.input_terminated": True}
    check(send(world, ARCHIVE, environ_overrides=half), 400, None)
    large = {"CONTENT_LENGTH": str(UPLOAD_LIMIT_BYTES + 1)}
    check(send(world, ARCHIVE, environ_overrides=large), 413, "")
    compressed = send(world, ARCHIVE, headers={"Content-Encoding": "gzip"})
    check(compressed, 415, None)
    assert world.stored() == before


def test_a_body_of_unsaid_length(world):
    """In chunks, as a program sends what it is still packing; up to the limit."""
    chunked = {"HTTP_TRANSFER_ENCODING": "chunked", "wsgi.input_terminated": True}
    assert send(world, ARCHIVE, environ_overrides=chunked).status_code == 200
    assert len(kept(world)) == 2

    class Endless(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, buffer):
            return len(buffer)

    endless = {**chunked, "wsgi.input": Endless()}
    check(send(world, b"", environ_overrides=endless), 413, "")


def test_other_media_types(world):
    answer = world.request(
        "PUT", TESTS, "registrar", data=ARCHIVE, content_type="application/x-tar"
    )
    check(answer, 415, None)
    assert answer.json["detail"] == f"Send the body as application/json or {ZIP}."
    elsewhere = world.request("PUT", "/api/account/plan/", data=ARCHIVE, content_type=ZIP)
    check(elsewhere, 415, None)


@pytest.mark.parametrize("method", METHODS)
def test_what_only_the_store_finds_is_told_by_its_place_in_what_was_sent(world, method):
    """No row can hold it, and there is no object store."""
    noise = random.Random(1).randbytes(310 * 1024)
    before = kept(world)
    packed = zipped(pairs("a") | {"b.in": noise, "b.ans": b""})
    check(send(world, packed, method), 413, "/b.in")
    tests = [{"input": "", "output": ""}, {"input": base64.b64encode(noise).decode(), "output": ""}]
    tests[1]["encoding"] = "base64"
    answer = world.request(method, TESTS, "registrar", json={"testcases": tests})
    check(answer, 413, "/testcases/1")
    assert kept(world) == before


def test_more_seconds_than_a_submission_may_take(world):
    slow = {"platform": DRAFT.platform, "problem_number": DRAFT.number, "time_limit_ms": 20_000}
    assert world.post("/api/register/save/", "registrar", json=slow).status_code == 200
    before = world.stored()
    check(send(world, zipped(pairs(*map(str, range(31))))), 422, "")
    assert world.stored() == before


def test_no_room_for_an_upload(world, monkeypatch):
    before = world.stored()

    def full(**_):
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(tempfile, "TemporaryFile", full)
    check(send(world, ARCHIVE), 503, None)
    assert world.stored() == before


def test_few_large_ones_are_read_at_once(world):
    with _room_for_body(UPLOAD_LIMIT_BYTES, None), _room_for_body(UPLOAD_LIMIT_BYTES, None):
        large = zipped(pairs("1"), 0) + bytes(BODY_LIMIT_BYTES)
        check(send(world, large), 503, None)
        assert send(world, ARCHIVE).status_code == 200


def test_both_forms_are_in_the_document(world):
    rule = "/api/problems/<platform:platform>/<problem_number:number>/testcases/"
    for method in METHODS:
        body = world.document.operation(method, rule)["requestBody"]
        assert set(body["content"]) == {"application/json", ZIP}
        assert body["required"] is True
        assert "sample" in body["description"]
