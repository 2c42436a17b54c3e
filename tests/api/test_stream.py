"""Server-sent events over HTTP: their form, resuming, the cap, and what hidden tests tell."""

from __future__ import annotations

import json

import pytest

from algoitny.domain.ports import LAST_SEQUENCE
from tests.api.bodies import RUN
from tests.api.refusal import check
from tests.api.world import HIDDEN, LEARNER


def events(answer):
    """(id, kind, data) of each event in a stream's text."""
    found = []
    for block in answer.text.split("\n\n"):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if line[:1] != ":")
        if "event" in fields:
            found.append((fields["id"], fields["event"], json.loads(fields["data"])))
    return found


def path(history_id):
    return f"/api/execute/{history_id}/stream/"


def test_an_ended_execution_is_sent_at_once(world):
    answer = world.get(path(world.failed), LEARNER)
    assert answer.status_code == 200
    assert answer.mimetype == "text/event-stream"
    assert answer.headers["Cache-Control"] == "no-store"
    assert "Content-Encoding" not in answer.headers
    assert answer.text.startswith("retry: 2000\n\n")
    assert [(number, kind) for number, kind, _ in events(answer)] == [
        ("1-0", "state"),
        ("1-1", "test"),
        ("1-2", "test"),
        (f"1-{LAST_SEQUENCE}", "done"),
    ]
    assert events(answer)[2][2] == {"index": 1, "verdict": "WA", "time_ms": 20, "memory_kb": 2000}


def test_a_hidden_test_tells_nothing_of_its_data(world):
    for role in (LEARNER, "admin"):
        assert HIDDEN not in world.get(path(world.failed), role).text


def test_going_on_after_the_last_event(world):
    answer = world.get(path(world.failed), LEARNER, headers={"Last-Event-ID": "1-1"})
    assert [number for number, _, _ in events(answer)] == ["1-2", f"1-{LAST_SEQUENCE}"]
    end = world.get(path(world.failed), LEARNER, headers={"Last-Event-ID": f"1-{LAST_SEQUENCE}"})
    assert end.status_code == 204


@pytest.mark.parametrize("given", ["1", "a-b", "1-2-3", "-1-0", "9999999999-0", "1-\u0663", ""])
def test_an_id_that_is_none_is_named(world, given):
    answer = world.get(path(world.failed), LEARNER, headers={"Last-Event-ID": given})
    assert answer.status_code == 422
    assert answer.json["errors"][0]["pointer"] == "/headers/Last-Event-ID"


def test_time_that_passes_is_told(world):
    history_id = world.submit().json["history_id"]
    world.channel.meanwhile = lambda: None
    answer = world.get(path(history_id))
    assert ": time passes" in answer.text
    assert [kind for _, kind, _ in events(answer)] == ["state"]


def test_a_stream_beyond_the_cap_is_refused_until_one_is_closed(make_world):
    world = make_world(max_waiting_clients=1)
    history_id = world.submit().json["history_id"]
    headers = {"Authorization": f"Bearer {world.tokens['user']}"}
    open_stream = world.app.test_client().get(path(history_id), headers=headers, buffered=False)
    assert open_stream.status_code == 200
    refused = world.get(path(history_id))
    assert refused.status_code == 503
    assert refused.json["type"].endswith("#overloaded")
    # The client goes away before it has read anything.
    open_stream.close()
    assert world.get(path(history_id)).status_code == 200


def sign_out(world):
    assert world.post("/api/auth/logout/").status_code in (200, 204)


def deactivate(world):
    world.store.users.deactivate_user(world.users["user"])


def delete_account(world):
    world.store.users.delete_user(world.users["user"])


def revoke_token(world):
    (token,) = world.store.tokens.list_tokens(world.users["user"]).items
    world.store.tokens.revoke_token(world.users["user"], token.id)


@pytest.mark.parametrize("end", [sign_out, deactivate, delete_account, revoke_token])
def test_a_stream_ends_with_the_right_to_listen(world, end):
    history_id = world.submit().json["history_id"]
    token = world.tokens["user"]
    if end is revoke_token:
        token = world.api_token("user", "read")
    headers = {"Authorization": f"Bearer {token}"}
    began = world.clock.monotonic()
    world.channel.meanwhile = lambda: end(world)
    answer = world.get(path(history_id), headers=headers)
    assert [kind for _, kind, _ in events(answer)] == ["state"]
    assert world.clock.monotonic() - began <= 15
    assert world.get(path(history_id), headers=headers).status_code == 401


def test_a_long_poll_ends_with_the_right_to_listen(world):
    history_id = world.submit().json["history_id"]
    run_id = world.post("/api/execute/run/", json=RUN).json["id"]
    for address in (f"/api/execute/{history_id}/", f"/api/execute/run/{run_id}/"):
        world.tokens["user"] = world.sign_in("user")
        world.channel.meanwhile = lambda: sign_out(world)
        check(world.get(f"{address}?wait=30"), 401, None)
