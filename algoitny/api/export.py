"""Everything that is stored about oneself, as it is read: nobody's history is held in memory."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http import HTTPStatus
from itertools import chain

import marshmallow as ma
from flask import Response
from marshmallow import fields

from algoitny.api.authentication import Access, current_caller
from algoitny.api.blueprint import Blueprint
from algoitny.api.fields import Instant
from algoitny.domain.clock import rfc3339
from algoitny.domain.erasure import OwnedRecord
from algoitny.domain.plain import plain
from algoitny.services.container import container

exports = Blueprint("exports", __name__, url_prefix="/api/account/export", description="Account")


class OwnedRecordSchema(ma.Schema):
    """One stored record."""

    kind = fields.String(required=True)
    part_of = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "The execution or job that it belongs to."},
    )
    fields_ = fields.Raw(required=True, data_key="fields", metadata={"type": "object"})


class ExportSchema(ma.Schema):
    """Everything, one record after the other."""

    exported_at = Instant(required=True)
    items = fields.List(fields.Nested(OwnedRecordSchema), required=True)


@exports.endpoint("GET", "/", access=Access.SIGNED_IN, scope=None)
@exports.answer(
    HTTPStatus.OK,
    ExportSchema,
    headers={"Content-Disposition": "Says that this is a file to save."},
)
def export_account() -> Response:
    """Everything that is stored about me.

    Without secrets, and of hidden tests what the history shows. An answer that ends early is no
    JSON document: ask again.
    """
    records = container().services.exports.records(current_caller())
    # A store that is away is an error, and not an answer that ends early.
    first = next(records, None)
    begun = chain([] if first is None else [first], records)
    response = Response(
        _document(rfc3339(container().clock.now()), begun), mimetype="application/json"
    )
    response.headers["Content-Disposition"] = 'attachment; filename="algoitny-export.json"'
    return response


def _document(exported_at: str, records: Iterator[OwnedRecord]) -> Iterator[str]:
    yield f'{{"exported_at": "{exported_at}", "items": ['
    separator = "\n"
    for record in records:
        shown = {"kind": record.kind, "part_of": record.part_of, "fields": record.fields}
        yield separator + json.dumps(shown, default=plain)
        separator = ",\n"
    yield "\n]}\n"
