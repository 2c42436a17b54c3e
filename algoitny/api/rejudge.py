"""Judging executions again, for administrators."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import url_for
from marshmallow import fields, validate

from algoitny.api.admin import ADMIN
from algoitny.api.authentication import current_caller
from algoitny.api.blueprint import Blueprint
from algoitny.api.fields import (
    Instant,
    InstantParameter,
    Line,
    Platform,
    ProblemNumber,
    WholeParameter,
)
from algoitny.api.idempotency import REPLAYED_HEADER, IdempotencySchema
from algoitny.api.paging import LINK_HEADER, NextCursorSchema, PageQuerySchema, page_answer
from algoitny.domain.ids import ULID_PATTERN
from algoitny.domain.job import PROGRESS_LIMIT, JobState
from algoitny.domain.page import Page
from algoitny.domain.problem import ProblemKey
from algoitny.domain.rejudge import Selection
from algoitny.domain.verdict import Verdict
from algoitny.services.container import container
from algoitny.services.idempotency import Repeatable
from algoitny.services.rejudge import ROUTE, RejudgeJob

rejudges = Blueprint(
    "rejudge", __name__, url_prefix="/api/admin/rejudge", description="Judging executions again"
)


class Id(fields.String):
    """The id of an execution or of a user."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            validate=validate.Regexp(f"{ULID_PATTERN}\\Z", error="Not an id."),
            metadata={"pattern": f"^{ULID_PATTERN}$", **kwargs.pop("metadata", {})},
            **kwargs,
        )


class SelectionSchema(ma.Schema):
    """One execution; or those of a problem, of a user, or of both, that the rest lets pass."""

    execution_id = Id()
    platform = Platform()
    problem_number = ProblemNumber()
    user_id = Id()
    language = Line(max_length=32)
    verdict = fields.String(
        validate=validate.OneOf(list(Verdict)), metadata={"description": "The verdict until now."}
    )
    since = InstantParameter(metadata={"description": "Submitted then or later."})
    until = InstantParameter(
        metadata={"description": "Submitted before; never includes what follows this request."}
    )

    @ma.validates_schema
    def _names_something(self, data: Mapping[str, Any], **_: Any) -> None:
        for name, other in (("platform", "problem_number"), ("problem_number", "platform")):
            if name in data and other not in data:
                raise ma.ValidationError(f"Required together with {name}.", other)
        if not {"execution_id", "platform", "user_id"} & data.keys():
            raise ma.ValidationError("Name an execution, a problem or a user.", "execution_id")
        if "execution_id" in data and len(data) > 1:
            raise ma.ValidationError(
                "An execution is named alone, without anything else.", "execution_id"
            )


class RejudgeLinksSchema(ma.Schema):
    """Where to go on."""

    self_ = fields.String(required=True, data_key="self", attribute="self")
    progress = fields.String(required=True)


class RequestedSchema(ma.Schema):
    """An accepted request."""

    id = fields.String(required=True, metadata={"description": "The job's id."})
    state = fields.String(required=True, validate=validate.OneOf(list(JobState)))
    message = fields.String(required=True)
    links = fields.Nested(RejudgeLinksSchema, required=True)


class CountsSchema(ma.Schema):
    """Executions: how many were chosen so far, and what came of them."""

    selected = fields.Integer(required=True)
    in_flight = fields.Integer(
        required=True,
        metadata={"description": "Waiting or running now; or when the job was cancelled."},
    )
    changed = fields.Integer(
        required=True, metadata={"description": "Those with another verdict now."}
    )
    unchanged = fields.Integer(required=True)
    failed = fields.Integer(
        required=True, metadata={"description": "The judge failed: the old result stays."}
    )
    skipped = fields.Integer(
        required=True,
        metadata={"description": "Gone, cancelled, or taken by another job meanwhile."},
    )


class RejudgeSchema(ma.Schema):
    """A job that judges executions again."""

    id = fields.String(required=True, attribute="job.id")
    state = fields.String(
        required=True, attribute="job.state", validate=validate.OneOf(list(JobState))
    )
    title = fields.String(
        required=True,
        attribute="job.title",
        metadata={"description": "What was asked for.", "example": "problem baekjoon#1000, WA"},
    )
    requested_by = fields.String(required=True, attribute="job.user_id")
    executions = fields.Nested(CountsSchema, required=True)
    error = fields.String(required=True, attribute="job.error")
    created_at = Instant(required=True, attribute="job.created_at")
    updated_at = Instant(required=True, attribute="job.updated_at")
    links = fields.Nested(RejudgeLinksSchema, required=True)


class RejudgePageSchema(NextCursorSchema):
    """A page of such jobs."""

    items = fields.List(fields.Nested(RejudgeSchema), required=True)


class RejudgeQuerySchema(PageQuerySchema):
    """Which jobs."""

    state = fields.String(
        load_default=JobState.PROCESSING.value, validate=validate.OneOf(list(JobState))
    )


class LinesQuerySchema(ma.Schema):
    """Which lines."""

    after = WholeParameter(
        0, PROGRESS_LIMIT, load_default=0, metadata={"description": "Lines after this number."}
    )
    limit = WholeParameter(1, 100, load_default=100)


class LineSchema(ma.Schema):
    """What changed, failed or was skipped."""

    number = fields.Integer(required=True)
    message = fields.String(required=True)
    at = Instant(required=True)


class LinesSchema(ma.Schema):
    """Lines of progress, in order."""

    items = fields.List(fields.Nested(LineSchema), required=True)


@rejudges.endpoint("POST", "/", errors=(HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT), **ADMIN)
@rejudges.body(SelectionSchema)
@rejudges.request_headers(IdempotencySchema)
@rejudges.answer(
    HTTPStatus.ACCEPTED,
    RequestedSchema,
    headers={
        "Location": "Where to follow the job.",
        REPLAYED_HEADER: "`true` when this is the first answer again.",
    },
)
def request_rejudge(
    body: Mapping[str, Any], headers: Mapping[str, Any]
) -> tuple[Mapping[str, object], dict[str, str]]:
    """Judge executions again, with the tests and limits that their problem has now.

    In the background, a few at a time, while no learner waits. Everybody sees the old result until
    the new one takes its place, and statistics follow. Nobody is charged.
    """
    selection = _selection(body)
    repeatable = Repeatable.of(
        ROUTE, key=headers["idempotency_key"], body_digest=_digest(selection)
    )
    job_id, is_repeated = container().services.rejudges.request(
        selection, actor=current_caller().user.id, repeatable=repeatable
    )
    links = _links(job_id)
    answer_headers = {"Location": links["self"]}
    if is_repeated:
        answer_headers[REPLAYED_HEADER] = "true"
    return {
        "id": job_id,
        "state": JobState.PENDING,
        "message": "The executions will be judged again.",
        "links": links,
    }, answer_headers


@rejudges.endpoint("GET", "/", errors=(HTTPStatus.BAD_REQUEST,), **ADMIN)
@rejudges.query(RejudgeQuerySchema)
@rejudges.answer(HTTPStatus.OK, RejudgePageSchema, headers=LINK_HEADER)
def list_rejudges(query: Mapping[str, Any]) -> tuple[Mapping[str, object], dict[str, str]]:
    """Rejudge jobs in one state, newest first."""
    found = container().services.rejudges.list(
        JobState(query["state"]), limit=query["limit"], cursor=query["cursor"]
    )
    return page_answer(Page(tuple(_shown(job) for job in found.items), found.next_cursor))


@rejudges.endpoint("GET", "/<ulid:job_id>/", **ADMIN)
@rejudges.answer(HTTPStatus.OK, RejudgeSchema)
def get_rejudge(job_id: str) -> Mapping[str, object]:
    """How far a job has come."""
    return _shown(container().services.rejudges.find(job_id))


@rejudges.endpoint("GET", "/<ulid:job_id>/progress/", **ADMIN)
@rejudges.query(LinesQuerySchema)
@rejudges.answer(HTTPStatus.OK, LinesSchema)
def list_lines(query: Mapping[str, int], job_id: str) -> Mapping[str, object]:
    """What a job has changed, failed at and skipped, for 30 days; a thousand lines at most."""
    lines = container().services.rejudges.progress(
        job_id, after=query["after"], limit=query["limit"]
    )
    return {"items": lines}


@rejudges.endpoint("DELETE", "/<ulid:job_id>/", errors=(HTTPStatus.CONFLICT,), **ADMIN)
@rejudges.answer(HTTPStatus.OK, RejudgeSchema)
def cancel_rejudge(job_id: str) -> Mapping[str, object]:
    """Cancel a job: no more executions begin; those that wait or run are still judged."""
    return _shown(container().services.rejudges.cancel(job_id, actor=current_caller().user.id))


def _selection(body: Mapping[str, Any]) -> Selection:
    problem = None
    if "platform" in body:
        problem = ProblemKey(platform=body["platform"], number=body["problem_number"])
    return Selection(
        execution_id=body.get("execution_id"),
        problem=problem,
        user_id=body.get("user_id"),
        language=body.get("language"),
        verdict=Verdict(body["verdict"]) if "verdict" in body else None,
        since=body.get("since"),
        until=body.get("until"),
    )


def _digest(selection: Selection) -> str:
    return hashlib.sha256(json.dumps(selection.as_json(), sort_keys=True).encode()).hexdigest()


def _shown(found: RejudgeJob) -> Mapping[str, object]:
    return {
        "job": found.job,
        "executions": found.rejudged.counts(),
        "links": _links(found.job.id),
    }


def _links(job_id: str) -> dict[str, str]:
    return {
        "self": url_for("rejudge.get_rejudge", job_id=job_id),
        "progress": url_for("rejudge.list_lines", job_id=job_id),
    }
