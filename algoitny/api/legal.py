"""Terms and privacy: the texts that come with the package, or those of whoever runs the site."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

import marshmallow as ma
from flask import Flask, current_app
from marshmallow import fields, validate

from algoitny.api.authentication import Access
from algoitny.api.blueprint import Blueprint
from algoitny.domain.errors import NotFound
from algoitny.setting_values import LEGAL_NAMES
from algoitny.settings import Settings

TEXTS = "ALGOITNY_LEGAL"
OWN = Path(__file__).parent / "legal_texts"

legal = Blueprint("legal", __name__, url_prefix="/api/legal", description="Terms and privacy")


class LegalTextSchema(ma.Schema):
    """One of the texts, in Markdown."""

    name = fields.String(required=True, validate=validate.OneOf(LEGAL_NAMES))
    text = fields.String(required=True)


def register_legal(app: Flask, settings: Settings) -> None:
    """Read the texts now: nobody who asks for one waits for the disk."""
    folder = settings.legal_dir or OWN
    app.config[TEXTS] = {
        name: (folder / f"{name}.md").read_text(encoding="utf-8") for name in LEGAL_NAMES
    }


@legal.endpoint("GET", "/<platform:name>/", access=Access.OPEN)
@legal.answer(HTTPStatus.OK, LegalTextSchema)
def get_legal_text(name: str) -> Mapping[str, str]:
    """`terms` or `privacy`."""
    texts: Mapping[str, str] = current_app.config[TEXTS]
    if name not in texts:
        raise NotFound("There is no such text.")
    return {"name": name, "text": texts[name]}
