"""The web application for a WSGI server: `gunicorn wsgi:app`; also what `flask` commands load."""

from __future__ import annotations

import os
import sys

from algoitny.app import create_app
from algoitny.domain.errors import StoreUnavailable
from algoitny.settings import settings_or_exit

NEVER_LOADS = 4
"""Tells gunicorn to end, and not to try again and again with another process."""

try:
    app = create_app(settings_or_exit())
except StoreUnavailable as error:
    sys.stderr.write(f"{error.detail}\n")
    sys.exit(1 if os.environ.get("FLASK_RUN_FROM_CLI") else NEVER_LOADS)
