"""Which languages can be submitted."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import marshmallow as ma
from marshmallow import fields

from algoitny.api.authentication import Access
from algoitny.api.blueprint import Blueprint
from algoitny.services.container import container

languages = Blueprint(
    "languages", __name__, url_prefix="/api/languages", description="Programming languages"
)


class LanguageSchema(ma.Schema):
    """A language, and whether a judge machine that is up has it."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    version = fields.String(required=True, allow_none=True)
    compile_command = fields.String(required=True, allow_none=True)
    run_command = fields.String(required=True)
    is_available = fields.Boolean(required=True)


class LanguagesSchema(ma.Schema):
    """All languages."""

    items = fields.List(fields.Nested(LanguageSchema), required=True)


@languages.endpoint("GET", "/", access=Access.PUBLIC)
@languages.answer(HTTPStatus.OK, LanguagesSchema)
def list_languages() -> Mapping[str, object]:
    """All languages, with version, commands and whether they can be run now."""
    return {"items": container().services.languages.list()}
