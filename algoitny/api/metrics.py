"""`/metrics` for Prometheus: for who has the token; in the embedded stack for this machine too."""

from __future__ import annotations

import hmac

from flask import Blueprint, Flask, Response, current_app, request

from algoitny import metrics as counted
from algoitny.api.origin import comes_from_this_machine
from algoitny.domain.errors import NotFound
from algoitny.settings import Settings

ACCESS = "ALGOITNY_METRICS"

metrics = Blueprint("metrics", __name__)


def register_metrics(app: Flask, settings: Settings) -> None:
    """Serve them on `app`."""
    app.config[ACCESS] = (settings.metrics_token.get_secret_value(), settings.embedded)
    app.register_blueprint(metrics)


@metrics.get("/metrics")
def show() -> Response:
    """All of them, in Prometheus's own format. Nobody else learns that there is such an address."""
    token, embedded = current_app.config[ACCESS]
    if not (_has(token) or (embedded and comes_from_this_machine())):
        raise NotFound("There is nothing at this address.")
    response = Response(counted.render(), content_type=counted.CONTENT_TYPE)
    response.headers["Cache-Control"] = "no-store"
    return response


def _has(token: str) -> bool:
    given = request.headers.get("Authorization", "").encode()
    return bool(token) and hmac.compare_digest(given, f"Bearer {token}".encode())
