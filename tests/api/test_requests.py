"""What every answer has: request id, log line, security headers, CORS, compression."""

from __future__ import annotations

import gzip
import json

import pytest
import structlog

from algoitny.setting_values import Environment


def test_a_request_id_of_the_client(world):
    answer = world.get("/api/languages/", headers={"X-Request-Id": "build-7.a_B"})
    assert answer.headers["X-Request-Id"] == "build-7.a_B"


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "é", "<script>", "a;b"])
def test_request_ids_that_are_not_taken(world, given):
    answer = world.get("/api/languages/", headers={"X-Request-Id": given})
    assert answer.headers["X-Request-Id"] != given
    assert len(answer.headers["X-Request-Id"]) == 26


def test_one_log_line_a_request(world, logged):
    world.get("/api/problems/sample/1%23a/?x=secret-value", headers={"X-Request-Id": "r-1"})
    world.get("/api/nothing/", "anonymous")
    lines = [line for line in logged if line["event"] == "request"]
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("GET", "/api/problems/<platform:platform>/<problem_number:number>/", 422),
        ("GET", None, 404),
    ]
    assert lines[0]["request_id"] == "r-1"
    assert [line["user_id"] for line in lines] == [world.users["user"], None]
    assert lines[0]["ms"] >= 0


def test_neither_code_nor_tokens_are_logged(world, logged):
    world.submit(code="print('code-marker')", headers={"Idempotency-Key": "key-marker"})
    world.submit(code="code-marker\0")
    world.post("/api/execute/", data='{"code-marker', content_type="application/json")
    assert [entry["status"] for entry in logged] == [202, 422, 400]
    for secret in ("code-marker", "key-marker", world.tokens["user"]):
        assert secret not in repr(logged)


def test_context_does_not_outlive_the_request(world):
    world.get("/api/languages/")
    assert structlog.contextvars.get_contextvars() == {}


@pytest.mark.parametrize("path", ["/api/languages/", "/nothing", "/livez", "/api/openapi.json"])
def test_security_headers(world, path):
    headers = world.get(path, "anonymous").headers
    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"
    assert "Strict-Transport-Security" not in headers


def test_pages_may_load_what_is_ours(world):
    policy = world.get("/api/docs").headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy


def test_strict_transport_outside_the_embedded_stack(world):
    client = world.app_with(environment=Environment.PRODUCTION).test_client()
    assert "max-age=" in client.get("/livez").headers["Strict-Transport-Security"]


ORIGIN = "https://page.example.org"


def test_cors_for_the_listed_origins(world):
    client = world.app_with(cors_origins=ORIGIN).test_client()
    answer = client.get("/livez", headers={"Origin": ORIGIN})
    assert answer.headers["Access-Control-Allow-Origin"] == ORIGIN
    assert "X-Request-Id" in answer.headers["Access-Control-Expose-Headers"]
    assert "Origin" in answer.headers["Vary"]
    preflight = client.options(
        "/api/execute/", headers={"Origin": ORIGIN, "Access-Control-Request-Method": "POST"}
    )
    assert preflight.status_code == 200
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "Idempotency-Key" in preflight.headers["Access-Control-Allow-Headers"]
    assert "Access-Control-Allow-Credentials" not in preflight.headers


@pytest.mark.parametrize("origin", ["https://evil.example.org", "null", ORIGIN + ".evil", "*"])
def test_cors_for_no_others(world, origin):
    client = world.app_with(cors_origins=ORIGIN).test_client()
    answer = client.get("/livez", headers={"Origin": origin})
    assert "Access-Control-Allow-Origin" not in answer.headers
    assert "Origin" in answer.headers["Vary"]


def test_no_cors_at_all_by_default(world):
    answer = world.get("/livez", headers={"Origin": ORIGIN})
    assert not [name for name, _ in answer.headers if name.startswith("Access-Control")]


def test_large_answers_are_compressed(world):
    plain = world.client.get("/api/openapi.json")
    packed = world.client.get("/api/openapi.json", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert int(packed.headers["Content-Length"]) == len(packed.data) < len(plain.data) / 4
    assert json.loads(gzip.decompress(packed.data)) == plain.json
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Content-Encoding" not in plain.headers
    assert "Accept-Encoding" in plain.headers["Vary"]


@pytest.mark.parametrize("accepted", ["identity", "gzip;q=0", "br"])
def test_only_for_who_takes_it(world, accepted):
    answer = world.client.get("/api/openapi.json", headers={"Accept-Encoding": accepted})
    assert "Content-Encoding" not in answer.headers


def test_small_answers_are_not(world):
    answer = world.client.get("/livez", headers={"Accept-Encoding": "gzip"})
    assert "Content-Encoding" not in answer.headers
