"""What lists and changes show of a problem: everything but its texts."""

from __future__ import annotations

import marshmallow as ma
from marshmallow import fields

from algoitny.api.fields import Instant
from algoitny.api.paging import NextCursorSchema


class ProblemLineSchema(ma.Schema):
    """A line of a list."""

    id = fields.Integer(required=True, metadata={"description": "The integer for `problem_id`."})
    platform = fields.String(required=True, attribute="key.platform")
    problem_number = fields.String(required=True, attribute="key.number")
    title = fields.String(required=True)
    tags = fields.List(fields.String(), required=True)
    language = fields.String(
        required=True, allow_none=True, metadata={"description": "Of the reference solution."}
    )
    time_limit_ms = fields.Integer(required=True)
    memory_limit_mb = fields.Integer(required=True)
    is_completed = fields.Boolean(required=True)
    test_case_count = fields.Integer(required=True)
    created_at = Instant(required=True)
    updated_at = Instant(required=True)


class ProblemSummarySchema(ProblemLineSchema):
    """A problem without its texts."""

    needs_review = fields.Boolean(required=True)


class ProblemPageSchema(NextCursorSchema):
    """A page of problems."""

    items = fields.List(fields.Nested(ProblemLineSchema), required=True)
