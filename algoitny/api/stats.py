"""One's own statistics."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from marshmallow import fields, validate

from algoitny.api.authentication import Access, current_caller
from algoitny.api.blueprint import Blueprint
from algoitny.api.fields import WholeParameter
from algoitny.domain.usage import KEPT_DAYS
from algoitny.domain.verdict import Verdict
from algoitny.services.container import container

DEFAULT_DAYS = 30

statistics = Blueprint("stats", __name__, url_prefix="/api/account/stats", description="Account")


class StatsQuerySchema(ma.Schema):
    """How far back the days go."""

    days = WholeParameter(
        1,
        KEPT_DAYS,
        load_default=DEFAULT_DAYS,
        metadata={"description": "UTC days in `by_day`, today included."},
    )


class VerdictCountSchema(ma.Schema):
    """Executions with one verdict."""

    verdict = fields.String(required=True, validate=validate.OneOf(list(Verdict)))
    executions = fields.Integer(required=True)


class LanguageCountSchema(ma.Schema):
    """Executions in one language."""

    language = fields.String(required=True)
    executions = fields.Integer(required=True)


class PlatformCountSchema(ma.Schema):
    """Executions against one platform's problems, and how many of these are solved."""

    platform = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "null: all platforms after the first twelve, counted together."},
    )
    executions = fields.Integer(required=True)
    solved = fields.Integer(required=True)


class DaySchema(ma.Schema):
    """What was used on one UTC day."""

    day = fields.Date(required=True)
    executions = fields.Integer(required=True)
    hints = fields.Integer(required=True)
    runs = fields.Integer(required=True)


class StatsSchema(ma.Schema):
    """Executions that have a verdict, ever, deleted ones included; and the last days' use."""

    executions = fields.Integer(required=True)
    accepted = fields.Integer(required=True)
    solved = fields.Integer(
        required=True, metadata={"description": "Different problems with an accepted execution."}
    )
    streak_days = fields.Integer(
        required=True,
        metadata={
            "description": "Days in a row with an execution, up to today or yesterday; "
            f"at most {KEPT_DAYS}."
        },
    )
    by_verdict = fields.List(fields.Nested(VerdictCountSchema), required=True)
    by_language = fields.List(fields.Nested(LanguageCountSchema), required=True)
    by_platform = fields.List(fields.Nested(PlatformCountSchema), required=True)
    by_day = fields.List(
        fields.Nested(DaySchema),
        required=True,
        metadata={"description": "Days with any use, oldest first."},
    )


@statistics.endpoint("GET", "/", access=Access.SIGNED_IN)
@statistics.query(StatsQuerySchema)
@statistics.answer(HTTPStatus.OK, StatsSchema)
def get_stats(query: Mapping[str, Any]) -> Mapping[str, object]:
    """My statistics: totals by verdict, language and platform, problems solved, the last days.

    Each of the lists of totals adds up to `executions`. Deleting history does not change them.
    """
    found = container().services.stats.of(current_caller(), days=query["days"])
    totals = found.totals
    return {
        "executions": totals.executions,
        "accepted": totals.accepted,
        "solved": totals.solved,
        "streak_days": found.streak_days,
        "by_verdict": _counts("verdict", totals.by_verdict),
        "by_language": _counts("language", totals.by_language),
        "by_platform": totals.by_platform,
        "by_day": found.days,
    }


def _counts(name: str, counts: Mapping[str, int]) -> list[Mapping[str, object]]:
    """Most first."""
    ordered = sorted(counts.items(), key=lambda count: (-count[1], count[0]))
    return [{name: key, "executions": number} for key, number in ordered]
