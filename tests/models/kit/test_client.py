"""What botocore's client is told: its name, and the conflicts that another moment may end."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest
from botocore.awsrequest import AWSResponse

from algoitny.domain.errors import StoreUnavailable
from algoitny.models.kit import client
from algoitny.models.kit.binding import connection_of
from algoitny.models.kit.client import CONFLICT, CONFLICT_TRIES, name_itself
from algoitny.models.kit.operations import update
from algoitny.models.sequence import SequenceItem, sequence_key
from tests.models.kit.botocores import API, Raw, refusal


def test_it_names_itself() -> None:
    session = botocore.session.Session()
    name_itself(session, "tuned")
    client = session.create_client(
        "dynamodb", region_name="us-east-1", aws_access_key_id="x", aws_secret_access_key="x"
    )
    sent: list[str] = []

    def note(request: Any, **_: Any) -> Any:
        sent.append(request.headers["User-Agent"].decode())
        raise ConnectionAbortedError

    client.meta.events.register("before-send.dynamodb", note)
    with pytest.raises(ConnectionAbortedError):
        client.list_tables()
    assert sent[0].startswith("tuned")


class InTheWay:
    """A transaction on the item that is written, for so many of the next requests."""

    def __init__(self, times: int) -> None:
        self.left = times
        self.sent = 0

    def __call__(self, **_: object) -> AWSResponse | None:
        self.sent += 1
        if self.left == 0:
            return None
        self.left -= 1
        return AWSResponse("http://store", 400, {}, Raw(refusal(f"{API}#{CONFLICT}")))


@pytest.mark.parametrize("times", [3, CONFLICT_TRIES])
def test_a_write_that_a_transaction_is_in_the_way_of_is_tried_again(
    memory_table: None, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    monkeypatch.setattr(client, "_LONGEST_PAUSE", 0.0)
    events = connection_of(SequenceItem).connection.client.meta.events
    fault = InTheWay(times)
    events.register_first("before-send.dynamodb.UpdateItem", fault)
    key, actions = sequence_key("x"), [SequenceItem.last.set(5)]
    try:
        if times < CONFLICT_TRIES:
            assert update(SequenceItem, key, actions).last == 5
            assert fault.sent == times + 1
        else:
            with pytest.raises(StoreUnavailable):
                update(SequenceItem, key, actions)
            assert fault.sent == CONFLICT_TRIES
    finally:
        events.unregister("before-send.dynamodb.UpdateItem", fault)
