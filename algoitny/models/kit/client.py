"""What botocore's client is told, so that it spends less time on each request, and tries again what
it does not by itself.

botocore walks through every value of an answer along the service's description; a page of items is
thousands of values that need nothing but to be handed on, bytes excepted. It also builds its long
`User-Agent` anew for every request.
"""

from __future__ import annotations

import random
from base64 import b64decode
from typing import Any

from botocore.config import Config  # type: ignore[import-untyped]  # botocore ships no types
from botocore.parsers import JSONParser, ResponseParserFactory  # type: ignore[import-untyped]  # see above
from botocore.session import Session  # type: ignore[import-untyped]  # see above

_PLAIN = frozenset({"S", "N", "BOOL", "NULL", "SS", "NS"})
"""Kinds of values that mean in Python what they are in JSON."""


CONFLICT = "TransactionConflictException"
CONFLICT_TRIES = 8
"""The first one too; together within about three seconds."""
_FIRST_PAUSE, _LONGEST_PAUSE = 0.02, 1.0
_RANDOM = random.SystemRandom()


def retry_conflicts(client: Any) -> None:
    """Let the client send single writes again that a transaction on the same item was in the way
    of. Nothing happened then, and the next moment it may; botocore tells its caller at once."""
    client.meta.events.register("needs-retry.dynamodb", _pause, unique_id="conflicts")


def _pause(response: Any, attempts: int, **_: Any) -> float | None:
    """Seconds until the next try; None for an answer that has nothing to do with a conflict."""
    code = "" if response is None else response[1].get("Error", {}).get("Code", "")
    if code != CONFLICT or attempts >= CONFLICT_TRIES:
        return None
    return _RANDOM.uniform(0, min(_LONGEST_PAUSE, _FIRST_PAUSE * 2**attempts))


def tune(session: Session, *, user_agent: str) -> None:
    """Let the clients that the session will make parse items quickly, and send a fixed name."""
    session.register_component("response_parser_factory", _Parsers())
    session.set_default_client_config(Config(user_agent=user_agent))


class _Parsers(ResponseParserFactory):  # type: ignore[misc]  # see above
    def create_parser(self, protocol_name: str) -> Any:
        if protocol_name == "json":
            return _ItemParser(**self._defaults)
        return super().create_parser(protocol_name)


class _ItemParser(JSONParser):  # type: ignore[misc]  # see above
    """Hands items on as they came; everything else is parsed as ever."""

    def _handle_map(self, shape: Any, value: Any) -> Any:
        if shape.value.name != "AttributeValue":
            return super()._handle_map(shape, value)
        return {name: _value(typed) for name, typed in value.items()}


def _value(typed: dict[str, Any]) -> dict[str, Any]:
    for kind, content in typed.items():
        if kind not in _PLAIN:
            return {kind: _content(kind, content)}
    return typed


def _content(kind: str, content: Any) -> Any:
    if kind == "B":
        return b64decode(content)
    if kind == "BS":
        return [b64decode(each) for each in content]
    if kind == "L":
        return [_value(each) for each in content]
    if kind == "M":
        return {name: _value(each) for name, each in content.items()}
    return content
