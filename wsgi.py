"""The web application for a WSGI server: `gunicorn wsgi:app`; also what `flask` commands load."""

from __future__ import annotations

from pydantic import ValidationError

from algoitny.app import create_app
from algoitny.settings import load_settings, problems_of

try:
    settings = load_settings()
except ValidationError as error:
    raise SystemExit(problems_of(error)) from None

app = create_app(settings)
