"""Who solved most, by period."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from marshmallow import fields

from algoitny.api.authentication import Access
from algoitny.api.blueprint import Blueprint
from algoitny.api.fields import Instant
from algoitny.api.paging import LINK_HEADER, NextCursorSchema, PageQuerySchema, page_answer
from algoitny.domain.errors import InvalidInput
from algoitny.domain.period import ALL, parse_period
from algoitny.services.container import container

leaderboards = Blueprint(
    "leaderboard", __name__, url_prefix="/api/leaderboard", description="Leaderboard"
)


class PeriodParameter(fields.String):
    """`all`, a year, a month or a week (ISO 8601), of UTC days."""

    def __init__(self, **kwargs: Any) -> None:
        pattern = r"^(all|\d{4}|\d{4}-\d{2}|\d{4}-W\d{2})$"
        super().__init__(metadata={"pattern": pattern, "example": "2025-03"}, **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        try:
            return parse_period(super()._deserialize(value, *args, **kwargs))
        except InvalidInput as error:
            raise ma.ValidationError(error.detail) from None


class LeaderboardQuerySchema(PageQuerySchema):
    """Which board."""

    period = PeriodParameter(load_default=lambda: ALL, allow_none=False)


class LeaderboardLineSchema(ma.Schema):
    """One place. Equals share a rank."""

    rank = fields.Integer(required=True)
    user_identifier = fields.String(required=True, metadata={"description": "A pseudonym."})
    solved = fields.Integer(
        required=True,
        metadata={"description": "Different problems, each counted when first solved."},
    )


class LeaderboardPageSchema(NextCursorSchema):
    """A page of a board."""

    period = fields.String(required=True)
    published_at = Instant(
        required=True,
        allow_none=True,
        metadata={"description": "When this board was published; null while there is none."},
    )
    items = fields.List(fields.Nested(LeaderboardLineSchema), required=True)


@leaderboards.endpoint("GET", "/", access=Access.PUBLIC, errors=(HTTPStatus.BAD_REQUEST,))
@leaderboards.query(LeaderboardQuerySchema)
@leaderboards.answer(HTTPStatus.OK, LeaderboardPageSchema, headers=LINK_HEADER)
def get_leaderboard(query: Mapping[str, Any]) -> tuple[Mapping[str, object], dict[str, str]]:
    """The users who solved most problems in a period, best first.

    Counted every few minutes, long years and a long `all` once an hour. There are boards of all
    years and months, and of this week and the eight before it.
    """
    found = container().services.leaderboards.show(
        query["period"], limit=query["limit"], cursor=query["cursor"]
    )
    page, headers = page_answer(found.page)
    return {"period": found.period, "published_at": found.published_at, **page}, headers
