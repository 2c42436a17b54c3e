"""Liveness and readiness."""

from __future__ import annotations

from algoitny import __version__
from algoitny.api.health import EXTENSION, HealthChecks
from algoitny.domain.errors import StoreRejected, StoreUnavailable


def break_store(world, error):
    def fail():
        raise error

    world.app.extensions[EXTENSION] = HealthChecks(store=fail, broker=world.queue.check)


def test_all_is_well(world):
    assert world.get("/livez", "anonymous").json == {"status": "ok"}
    checks = {"store": "ok", "broker": "ok"}
    assert world.get("/readyz", "anonymous").json == {"status": "ok", "checks": checks}
    assert world.get("/api/health/", "anonymous").json == {
        "status": "ok",
        "checks": checks,
        "version": __version__,
        "time": "2026-03-04T05:06:07.000089Z",
    }


def test_a_broker_that_is_down_degrades(world):
    world.queue.is_down = True
    for path in ("/readyz", "/api/health/"):
        answer = world.get(path, "anonymous")
        assert answer.status_code == 200
        assert answer.json["status"] == "degraded"
        assert answer.json["checks"] == {"store": "ok", "broker": "down"}


def test_a_store_that_is_down(world):
    for error in (StoreUnavailable("no"), StoreRejected("no table")):
        break_store(world, error)
        for path in ("/readyz", "/api/health/"):
            answer = world.get(path, "anonymous")
            assert answer.status_code == 503
            assert answer.json["type"].endswith("#store-unavailable")
            assert int(answer.headers["Retry-After"]) >= 1
        assert world.get("/livez", "anonymous").status_code == 200


def test_probes_do_not_care_for_tokens(world):
    for path in ("/livez", "/readyz"):
        assert world.get(path, "deactivated").status_code == 200
