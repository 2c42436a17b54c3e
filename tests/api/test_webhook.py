"""Webhooks over HTTP: the secret, and the address that a submission names."""

from __future__ import annotations

import pytest

PATH = "/api/account/webhook-secret/"
URL = "https://example.org/hook"


def test_the_secrets_life(world):
    assert world.get(PATH).json == {"exists": False, "updated_at": None}
    made = world.post(PATH)
    assert made.status_code == 201
    assert made.json["secret"].startswith("whsec_")
    assert world.get(PATH).json == {"exists": True, "updated_at": made.json["updated_at"]}
    assert world.post(PATH).json["secret"] != made.json["secret"]
    assert world.get(PATH, "other").json["exists"] is False
    assert world.request("DELETE", PATH).status_code == 204
    assert world.request("DELETE", PATH).status_code == 204
    assert world.get(PATH).json["exists"] is False


def test_a_submission_may_name_an_address(world):
    world.post(PATH)
    answer = world.submit(webhook_url=URL)
    assert answer.status_code == 202
    history = world.store.histories.get_history(answer.json["history_id"])
    assert history.webhook_url == URL
    world.judge(history.id)
    (delivery,) = world.store.outbox.list_due()
    assert (delivery.history_id, delivery.url) == (history.id, URL)
    assert URL not in world.get(f"/api/execute/{history.id}/").text
    assert URL not in world.get(f"/api/history/{history.id}/").text


def test_null_is_no_address(world):
    key = {"Idempotency-Key": "k-1"}
    first = world.submit(headers=key)
    again = world.submit(headers=key, webhook_url=None)
    assert (again.status_code, again.json) == (202, first.json)


def test_without_a_secret_there_is_nothing_to_sign_with(world):
    before = world.stored()
    answer = world.submit(webhook_url=URL)
    assert answer.status_code == 422
    assert answer.json["errors"] == [
        {
            "pointer": "/webhook_url",
            "detail": "There is no secret to sign with: make one with "
            "POST /api/account/webhook-secret/.",
        }
    ]
    assert world.stored() == before


@pytest.mark.parametrize(
    "url",
    [
        "ftp://example.org/",
        "https://",
        "https://user:password@example.org/",
        "https://example.org:0/",
        "https://exämple.org/",
        "http://127.0.0.1/",
        "http://[::1]:8000/",
        "http://169.254.169.254/latest/meta-data/",
        "https://example.org/" + "x" * 500,
        "",
        7,
    ],
)
def test_what_is_no_receivers_address(world, url):
    world.post(PATH)
    before = world.stored()
    answer = world.submit(webhook_url=url)
    assert answer.status_code == 422, answer.text
    assert [error["pointer"] for error in answer.json["errors"]] == ["/webhook_url"]
    assert world.stored() == before


def test_private_addresses_where_they_are_allowed(make_world):
    world = make_world(webhooks_to_private=True)
    world.post(PATH)
    assert world.submit(webhook_url="http://127.0.0.1:9/").status_code == 202
