"""Server-sent events: an execution as it happens."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Response
from marshmallow import fields, validate

from algoitny.api.authentication import Access, asking_again, optional_caller
from algoitny.api.blueprint import Blueprint
from algoitny.services.container import container
from algoitny.services.stream import ExecutionStream, Position, StreamEvent

EVENT_STREAM = "text/event-stream"
RETRY_MILLISECONDS = 2000

streams = Blueprint("stream", __name__, url_prefix="/api/execute", description="Executions")


class LastEventSchema(ma.Schema):
    """Where a client goes on."""

    last_event_id = fields.String(
        data_key="Last-Event-ID",
        load_default=lambda: None,
        allow_none=False,
        validate=validate.Regexp(
            r"[0-9]{1,9}-[0-9]{1,9}\Z", error="This must be the id of an event."
        ),
        metadata={
            "pattern": "^[0-9]{1,9}-[0-9]{1,9}$",
            "description": "The last event that was received: only later ones are sent.",
        },
    )


@streams.endpoint("GET", "/<ulid:history_id>/stream/", access=Access.PUBLIC)
@streams.request_headers(LastEventSchema)
@streams.also(HTTPStatus.NO_CONTENT, description="Nothing comes after that event.")
@streams.events(
    "`state` (state, attempt), then `test` for each test in order (index, verdict, time_ms, "
    "memory_kb), then `done` (state, verdict and the counts), after which the stream ends. A new "
    "attempt begins with `state` again, and its tests count anew. A comment every five seconds."
)
def stream(headers: Mapping[str, Any], history_id: str) -> Response:
    """Follow an execution event by event.

    What was missed is sent again to a client that names its last event; of an ended execution
    everything is sent at once. After ten minutes the stream ends, to be opened again; and within
    seconds when the client may not see the execution any more.
    """
    found = container().services.executions.stream(
        optional_caller(),
        history_id,
        after=_position(headers["last_event_id"]),
        again=asking_again(),
    )
    if found is None:
        return Response(status=HTTPStatus.NO_CONTENT)
    response = Response(_lines(found), mimetype=EVENT_STREAM)
    # Not the generator's affair: one that was never begun does not run its `finally`.
    response.call_on_close(found.close)
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Accel-Buffering"] = "no"  # proxies of the nginx family
    return response


def _lines(found: ExecutionStream) -> Iterator[str]:
    yield f"retry: {RETRY_MILLISECONDS}\n\n"
    for together in found.events():
        yield "".join(map(_line, together)) or ": time passes\n\n"


def _line(event: StreamEvent) -> str:
    number = f"{event.position.attempt}-{event.position.number}"
    data = json.dumps(event.data, separators=(",", ":"))
    return f"id: {number}\nevent: {event.kind}\ndata: {data}\n\n"


def _position(event_id: str | None) -> Position | None:
    if event_id is None:
        return None
    attempt, _, number = event_id.partition("-")
    return Position(int(attempt), int(number))
