"""The web application for a WSGI server: `gunicorn wsgi:app`; also what `flask` commands load."""

from __future__ import annotations

from algoitny.app import create_app
from algoitny.settings import settings_or_exit

app = create_app(settings_or_exit())
