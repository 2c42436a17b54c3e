"""`/metrics`: what it counts, and who may read it."""

from __future__ import annotations

import pytest
from prometheus_client.parser import text_string_to_metric_families

from algoitny.domain.errors import NotFound
from tests.api.world import make_settings

pytestmark = pytest.mark.slow

HERE = {"base_url": "http://localhost"}


def value(answer, name, **labels):
    """The sum of the samples of this name that have these labels."""
    return sum(
        sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
        if sample.name == name and labels.items() <= sample.labels.items()
    )


def read(world, **changes):
    answer = world.client.get("/metrics", **{**HERE, **changes})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    return answer


def test_requests_are_counted_by_route_and_status(world):
    route = "/api/problems/<problem_id:problem_id>/"
    before = value(read(world), "algoitny_http_request_seconds_count", route=route, status="404")
    world.get("/api/problems/77/")
    world.get("/api/problems/78/")
    after = value(read(world), "algoitny_http_request_seconds_count", route=route, status="404")
    assert after == before + 2


def test_an_address_that_is_none_makes_no_label_of_its_own(world):
    world.client.open("/nowhere-at-all", method="BREW")
    text = read(world).text
    assert "nowhere" not in text
    assert "BREW" not in text


def calls(world, repository, method, outcome):
    labels = {"repository": repository, "method": method, "outcome": outcome}
    return value(read(world), "algoitny_store_call_seconds_count", **labels)


def test_calls_of_repositories_are_counted_by_outcome(world):
    before = calls(world, "plans", "get_plan", "ok")
    world.store.plans.get_plan("Free")
    assert calls(world, "plans", "get_plan", "ok") == before + 1

    before = calls(world, "users", "update_subscription_plan", "refused")
    with pytest.raises(NotFound):
        world.store.users.update_subscription_plan("nobody", "Free")
    assert calls(world, "users", "update_subscription_plan", "refused") == before + 1


def test_waiting_clients_come_and_go(make_world):
    world = make_world(max_waiting_clients=3)
    before = value(read(world), "algoitny_waiting_clients")
    path = f"/api/execute/{world.submit().json['history_id']}/stream/"
    headers = {"Authorization": f"Bearer {world.tokens['user']}"}
    stream = world.app.test_client().get(path, headers=headers, buffered=False)
    assert value(read(world), "algoitny_waiting_clients") == before + 1
    stream.close()
    assert value(read(world), "algoitny_waiting_clients") == before


ELSEWHERE = {"base_url": "http://algoitny.example.org"}


def test_elsewhere_only_the_token_opens_them(world):
    app = world.app_with(metrics_token="secret-of-prometheus")
    client = app.test_client()
    good = {"Authorization": "Bearer secret-of-prometheus"}
    assert client.get("/metrics", headers=good, **ELSEWHERE).status_code == 200
    for headers in (
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer secret"},
        {"Authorization": f"Bearer {world.tokens['admin']}"},
        {"Authorization": "Bearer s\u00e9cret"},
    ):
        answer = client.get("/metrics", headers=headers, **ELSEWHERE)
        assert answer.status_code == 404
        assert answer.mimetype == "application/problem+json"


def test_without_a_token_nobody_from_elsewhere_reads_them(world):
    for headers in ({}, {"Authorization": "Bearer "}):
        assert world.client.get("/metrics", headers=headers, **ELSEWHERE).status_code == 404
    assert world.client.get("/metrics", headers={"Via": "a proxy"}, **HERE).status_code == 404
    production = world.app_with(environment="production")
    assert production.test_client().get("/metrics", **HERE).status_code == 404


def test_the_settings_keep_the_token_secret():
    assert "hush" not in repr(make_settings(metrics_token="hush"))
