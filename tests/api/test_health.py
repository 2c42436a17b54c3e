"""Liveness and readiness."""

from __future__ import annotations

from unittest.mock import Mock

from algoitny import __version__
from algoitny.domain.errors import StoreRejected, StoreUnavailable
from algoitny.services.plan import PlanService
from tests.api.world import CREATED


def test_all_is_well(world):
    assert world.get("/livez", "anonymous").json == {"status": "ok"}
    checks = {"store": "ok", "broker": "ok"}
    assert world.get("/readyz", "anonymous").json == {"status": "ok", "checks": checks}
    assert world.get("/api/health/", "anonymous").json == {
        "status": "ok",
        "checks": checks,
        "version": __version__,
        "time": CREATED,
    }


def test_a_broker_that_is_down_degrades(world, monkeypatch):
    monkeypatch.setattr(world.queue, "is_down", True)
    for path in ("/readyz", "/api/health/"):
        answer = world.get(path, "anonymous")
        assert answer.status_code == 200
        assert answer.json["status"] == "degraded"
        assert answer.json["checks"] == {"store": "ok", "broker": "down"}


def test_a_store_that_is_down(world, monkeypatch):
    for error in (StoreUnavailable("no"), StoreRejected("no table")):
        monkeypatch.setattr(PlanService, "check", Mock(side_effect=error))
        for path in ("/readyz", "/api/health/"):
            answer = world.get(path, "anonymous")
            assert answer.status_code == 503
            assert answer.json["type"].endswith("#store-unavailable")
            assert int(answer.headers["Retry-After"]) >= 1
        assert world.get("/livez", "anonymous").status_code == 200


def test_why_it_is_down_is_for_the_log_alone(world, monkeypatch, logged):
    monkeypatch.setattr(PlanService, "check", Mock(side_effect=StoreRejected("no table")))
    for path in ("/readyz", "/api/health/"):
        assert "no table" not in world.get(path, "anonymous").text
        (entry,) = [each for each in logged if each["event"] == "dependency unavailable"]
        assert entry["reason"] == "no table"
        logged.clear()


def test_probes_do_not_care_for_tokens(world):
    for path in ("/livez", "/readyz"):
        assert world.get(path, "deactivated").status_code == 200
