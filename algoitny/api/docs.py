"""The pages about the API: Swagger UI, and what each error `type` points at.

Swagger UI's files come from the flask_swagger_ui package, of which nothing else is used.
"""

from __future__ import annotations

from dataclasses import dataclass
from http import HTTPStatus
from importlib.resources import files
from pathlib import Path

from flask import Blueprint, Response, render_template, send_from_directory
from werkzeug.exceptions import NotFound

from algoitny.api.errors import STATUS

docs = Blueprint("docs", __name__, url_prefix="/api/docs", template_folder="templates")

ASSETS = frozenset(
    {
        "favicon-32x32.png",
        "index.css",
        "swagger-ui-bundle.js",
        "swagger-ui-standalone-preset.js",
        "swagger-ui.css",
    }
)
OWN_ASSETS = frozenset({"swagger.js"})

_OWN = Path(__file__).parent / "static"
_SWAGGER_UI = Path(str(files("flask_swagger_ui"))) / "dist"

ASSET_SECONDS = 86_400


@dataclass(frozen=True, slots=True, order=True)
class ErrorEntry:
    """An error as the page lists it."""

    slug: str
    title: str
    status: HTTPStatus
    meaning: str


@docs.get("/")
def swagger() -> str:
    """The whole API, to read and try out."""
    return render_template("swagger.html")


@docs.get("/errors")
def errors() -> str:
    """What the `type` of a problem document leads to."""
    entries = {
        ErrorEntry(
            slug=kind.slug,
            title=kind.title,
            status=status,
            meaning=(kind.__doc__ or "").partition("\n")[0],
        )
        for kind, status in STATUS.items()
    }
    return render_template("errors.html", errors=sorted(entries))


@docs.get("/assets/<name>")
def asset(name: str) -> Response:
    """A script, style sheet or picture of the page."""
    if name not in ASSETS | OWN_ASSETS:
        raise NotFound
    folder = _OWN if name in OWN_ASSETS else _SWAGGER_UI
    return send_from_directory(folder, name, max_age=ASSET_SECONDS)
