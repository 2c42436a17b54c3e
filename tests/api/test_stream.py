"""Server-sent events over HTTP: their form, resuming, the cap, and what hidden tests tell."""

from __future__ import annotations

import json

import pytest

from algoitny.domain.ports import LAST_SEQUENCE
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
