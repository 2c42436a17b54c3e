"""Lists: the parameters and the answer that all of them share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import marshmallow as ma
from flask import request, url_for
from marshmallow import fields

from algoitny.api.fields import Cursor, WholeParameter
from algoitny.domain.page import Page

DEFAULT_LIMIT = 20
LARGEST_LIMIT = 100

LINK_HEADER = {"Link": 'The next page, as `rel="next"` (RFC 8288); absent on the last one.'}


class PageQuerySchema(ma.Schema):
    """`limit` and `cursor`."""

    limit = WholeParameter(
        1,
        LARGEST_LIMIT,
        load_default=DEFAULT_LIMIT,
        metadata={"description": "The most items on a page."},
    )
    cursor = Cursor(
        load_default=lambda: None,
        allow_none=False,
        metadata={"description": "`next_cursor` of the page before; good for a day."},
    )


class NextCursorSchema(ma.Schema):
    """What every page ends with. A page may be short; only a null cursor ends the list."""

    next_cursor = fields.String(required=True, allow_none=True)


def page_answer(page: Page[Any]) -> tuple[Mapping[str, object], dict[str, str]]:
    """The body (for a schema to dump) and the `Link` header of a page."""
    body = {"items": page.items, "next_cursor": page.next_cursor}
    if page.next_cursor is None:
        return body, {}
    assert request.endpoint is not None  # noqa: S101 - we are in its view
    parameters: dict[str, Any] = {**request.args.to_dict(), "cursor": page.next_cursor}
    following = url_for(request.endpoint, **(request.view_args or {}), **parameters)
    return body, {"Link": f'<{following}>; rel="next"'}
