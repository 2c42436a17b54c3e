"""Changes that hold for one version only: `ETag` and `If-Match` (RFC 9110, 13.1.1).

The tag is the version of the row. A change without `If-Match` is made to the record as it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from marshmallow import fields

from algoitny.api.errors import PreconditionFailed
from algoitny.domain.errors import StaleVersion

ETAG_HEADER = {"ETag": "The version; `If-Match` with it changes this version only."}
IF_MATCH_ERRORS = (HTTPStatus.CONFLICT, HTTPStatus.PRECONDITION_FAILED)

NEVER = 0
"""No record has this version: a tag that is not ours matches nothing."""

_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"')
_OURS = re.compile(r'"([1-9][0-9]{0,14})"')


class IfMatch(fields.String):
    """One tag as the version that it stands for; None for `*`, any version."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs).strip()
        if text == "*":
            return None
        if not _TAG.fullmatch(text):
            raise ma.ValidationError("This must be one entity tag, as ETag gave it, or *.")
        ours = _OURS.fullmatch(text)
        return int(ours[1]) if ours else NEVER


class IfMatchSchema(ma.Schema):
    """Which version a change is based on."""

    if_match = IfMatch(
        data_key="If-Match",
        load_default=lambda: None,
        allow_none=False,
        metadata={"description": "The `ETag` that was read; 412 when it is no longer current."},
    )


def etag(version: int) -> dict[str, str]:
    """The header of an answer that shows this version."""
    return {"ETag": f'"{version}"'}


@contextmanager
def matching(headers: Mapping[str, Any]) -> Iterator[int | None]:
    """The version that a change has to find, None for any. What turns out stale within is a failed
    precondition when the client had one, and the conflict that it is otherwise."""
    expected: int | None = headers["if_match"]
    try:
        yield expected
    except StaleVersion as error:
        if expected is None:
            raise
        raise PreconditionFailed(
            "It has changed since that version: read it again, and repeat the change if it still "
            "applies."
        ) from error
