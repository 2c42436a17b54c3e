"""Reading requests strictly: one meaning for each body, and an error that names the place.

JSON pointers in errors: into the body as they are (`/code`, `/testcases/0/input`), query
parameters under `/query/`, headers under `/headers/`. What a value may be is the schemas' affair.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from socket import socket
from typing import Any, NoReturn

import marshmallow as ma
from flask import Request, request
from webargs.flaskparser import FlaskParser
from webargs.multidictproxy import MultiDictProxy
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge

from algoitny.api.errors import MOST_FIELD_ERRORS, MalformedRequest, UnsupportedMediaType
from algoitny.domain.errors import FieldError, InvalidInput

JSON = "application/json"

CONNECTION = "gunicorn.socket"
"""Where gunicorn's environment has the client's; other servers have none."""

SILENCE_SECONDS = 30.0
"""How long a body may stand still on its way."""

LONGEST_INTEGER = 20
"""Digits; converting longer ones costs time that grows with their square."""

MOST_MEMBERS = 1000
"""Of one list or object; twice what the longest list, a problem's tests, may have."""

LONGEST_SEGMENT = 64
"""Characters of a client's own key that a pointer repeats."""

SCHEMA_ERRORS = "_schema"
"""Where marshmallow puts an error that belongs to an object, not to one of its fields."""

_PREFIX = {"json": "", "query": "/query", "headers": "/headers"}


@dataclass(frozen=True, slots=True)
class _Bad:
    """Stands in a parsed body for what JSON may hold and we do not take."""

    detail: str


class _Duplicates(dict[str, Any]):
    """An object that named a key twice."""

    names: tuple[str, ...] = ()


class _Reader:
    """Hooks for `json.loads`; `found` tells whether anything bad was left in the tree."""

    def __init__(self) -> None:
        self.found = False

    def integer(self, digits: str) -> object:
        if len(digits) > LONGEST_INTEGER:
            return self._bad(f"An integer of {len(digits)} digits is too long.")
        return int(digits)

    def number(self, digits: str) -> object:
        number = float(digits)
        return number if math.isfinite(number) else self._bad("The number is out of range.")

    def constant(self, name: str) -> object:
        return self._bad(f"{name} is not JSON.")

    def pairs(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) == len(pairs):
            return result
        self.found = True
        seen: set[str] = set()
        duplicates = _Duplicates(result)
        duplicates.names = tuple(
            name
            for name, _ in pairs
            if name in seen or seen.add(name)  # type: ignore[func-returns-value]  # None: seen now
        )
        return duplicates

    def _bad(self, detail: str) -> _Bad:
        self.found = True
        return _Bad(detail)


def parse_json(data: bytes) -> object:
    """The value, or MalformedRequest: not UTF-8, not JSON, a key twice, NaN, nested too deeply."""
    reader = _Reader()
    try:
        value = json.loads(
            data.decode(),
            parse_int=reader.integer,
            parse_float=reader.number,
            parse_constant=reader.constant,
            object_pairs_hook=reader.pairs,
        )
    except UnicodeDecodeError as error:
        raise MalformedRequest.field("", f"Not UTF-8 at byte {error.start}.") from None
    except json.JSONDecodeError as error:
        raise MalformedRequest.field(
            "", f"Not JSON: {error.msg} at line {error.lineno}, column {error.colno}."
        ) from None
    except RecursionError:
        raise MalformedRequest.field("", "Nested too deeply.") from None
    if reader.found:
        raise MalformedRequest.fields(islice(_faults(value), MOST_FIELD_ERRORS))
    return value


def _faults(value: object) -> Iterator[FieldError]:
    """Where the bad things are; without recursion, since a body may be nested deeply."""
    rest: list[tuple[str, object]] = [("", value)]
    while rest:
        pointer, item = rest.pop()
        if isinstance(item, _Bad):
            yield FieldError(pointer, item.detail)
        elif isinstance(item, dict):
            if isinstance(item, _Duplicates):
                for name in item.names:
                    yield FieldError(pointer + segment(name), "Given more than once.")
            rest.extend((pointer + segment(key), child) for key, child in item.items())
        elif isinstance(item, list):
            rest.extend((f"{pointer}/{index}", child) for index, child in enumerate(item))


def segment(key: object) -> str:
    """One segment of a JSON pointer (RFC 6901), cut when it is somebody's long key."""
    text = str(key)
    if len(text) > LONGEST_SEGMENT:
        text = text[:LONGEST_SEGMENT] + "…"
    return "/" + text.replace("~", "~0").replace("/", "~1")


def field_errors(messages: object, pointer: str) -> Iterator[FieldError]:
    """marshmallow's nested messages, flat."""
    if isinstance(messages, Mapping):
        for key, inner in messages.items():
            own = key == SCHEMA_ERRORS and pointer.count("/") > 0
            yield from field_errors(inner, pointer if own else pointer + segment(key))
    elif isinstance(messages, list):
        for message in messages:
            yield FieldError(pointer, str(message))
    else:
        yield FieldError(pointer, str(messages))


class StrictParser(FlaskParser):
    """webargs' parser, without its leniency: no unknown query parameter, none given twice, JSON
    only as JSON; errors are ours."""

    DEFAULT_UNKNOWN_BY_LOCATION = {  # noqa: RUF012 - the base class declares it so
        **FlaskParser.DEFAULT_UNKNOWN_BY_LOCATION,
        "query": ma.RAISE,
    }

    def load_json(self, req: Request, schema: ma.Schema) -> Any:  # noqa: ARG002 - the interface's
        """The body as an object; an empty body is an object without fields."""
        data = _read(req)
        if not data:
            return {}
        if len(data) == req.max_content_length != req.content_length:
            # A body that does not say its length is silently cut at the limit.
            raise RequestEntityTooLarge
        _require_json(req)
        value = parse_json(data)
        if not isinstance(value, dict):
            raise InvalidInput.field("", "A JSON object is expected.")
        _refuse_crowds(value)
        return value

    def load_querystring(self, req: Request, schema: ma.Schema) -> MultiDictProxy:
        refuse_repeated_parameters()
        return self._makeproxy(req.args, schema)

    def handle_error(self, error: ma.ValidationError, *_: Any, **__: Any) -> NoReturn:
        assert isinstance(error.messages, dict)  # noqa: S101 - webargs puts the location there
        ((location, messages),) = error.messages.items()
        found = field_errors(messages, _PREFIX[location])
        raise InvalidInput.fields(islice(found, MOST_FIELD_ERRORS))


def refuse_repeated_parameters() -> None:
    """Raises InvalidInput: of two values, nobody knows which one counts."""
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if twice:
        raise InvalidInput.fields(
            FieldError("/query" + segment(name), "Given more than once.") for name in twice
        )


def refuse_parameters() -> None:
    """Raises InvalidInput when there are query parameters, for routes that take none."""
    if request.args:
        raise InvalidInput.fields(
            FieldError("/query" + segment(name), "Unknown field.") for name in request.args
        )


@contextmanager
def reading(req: Request) -> Iterator[None]:
    """Turns what servers raise into MalformedRequest: each has errors of its own for a body in
    broken chunks. Nor is a client waited for that has fallen silent: it would keep a thread, and
    maybe one of the few places for large bodies, for as long as this process runs."""
    connection: socket | None = req.environ.get(CONNECTION)
    usual = None if connection is None else connection.gettimeout()
    try:
        if connection is not None:
            connection.settimeout(SILENCE_SECONDS)
        yield
    except HTTPException:
        raise
    except TimeoutError as error:
        raise MalformedRequest(
            f"No more of the body arrived for {SILENCE_SECONDS:g} seconds."
        ) from error
    except Exception as error:
        raise MalformedRequest("The body could not be read.") from error
    finally:
        if connection is not None:
            connection.settimeout(usual)


def check_whole(req: Request, size: int) -> None:
    """`size` bytes of a body came. Raises MalformedRequest: half a request must not be taken for a
    whole one."""
    if req.content_length is not None and size < req.content_length:
        raise MalformedRequest("The body is shorter than its Content-Length says.")


def _read(req: Request) -> bytes:
    """The whole body, or MalformedRequest."""
    with reading(req):
        data = req.get_data(cache=False)
    check_whole(req, len(data))
    return data


def _refuse_crowds(value: Any, pointer: str = "") -> None:
    """Raises InvalidInput for a list or object with more members than any field may have, before
    the schemas look at each of them, which takes far longer than reading them did."""
    if not isinstance(value, dict | list):
        return
    if len(value) > MOST_MEMBERS:
        raise InvalidInput.field(pointer, f"{len(value)} members; {MOST_MEMBERS} are too many.")
    members = value.items() if isinstance(value, dict) else enumerate(value)
    for name, member in members:
        if isinstance(member, dict | list):
            _refuse_crowds(member, pointer + segment(str(name)))


def require_plain(req: Request) -> None:
    """Raises UnsupportedMediaType for a body that is compressed on its way."""
    if req.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise UnsupportedMediaType("The body must not be compressed.")


def _require_json(req: Request) -> None:
    require_plain(req)
    if req.mimetype != JSON:
        raise UnsupportedMediaType(f"Send the body as {JSON}.")
    if req.mimetype_params.get("charset", "utf-8").lower() not in ("utf-8", "utf8"):
        raise UnsupportedMediaType("Send the body in UTF-8.")
