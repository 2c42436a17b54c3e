"""What every request has: an id, a log line, security headers, CORS, compression.

Never in the log: bodies, tokens, query values.
"""

from __future__ import annotations

import gzip
import re

import structlog
from flask import Flask, Response, g, request

from algoitny import metrics
from algoitny.api.authentication import optional_caller
from algoitny.services.container import container
from algoitny.settings import Settings

log = structlog.get_logger(__name__)

REQUEST_ID_HEADER = "X-Request-Id"
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

COMPRESS_FROM_BYTES = 1024
_JSON = ("application/json", "application/problem+json")

API_POLICY = "default-src 'none'; frame-ancestors 'none'"
PAGE_POLICY = (
    "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "img-src 'self' data:; object-src 'none'"
)

_EXPOSED = (
    "ETag, Idempotent-Replayed, Link, Location, RateLimit, RateLimit-Policy, Retry-After, "
    "X-Request-Id"
)
_ALLOWED_HEADERS = (
    "Authorization, Content-Type, Idempotency-Key, If-Match, Last-Event-ID, X-Request-Id"
)
_ALLOWED_METHODS = "GET, POST, PUT, PATCH, DELETE"
_PREFLIGHT_SECONDS = "600"


def register_request_hooks(app: Flask, settings: Settings) -> None:
    """Register the hooks, in the order in which they have to run."""

    @app.before_request
    def _begin() -> None:
        given = request.headers.get(REQUEST_ID_HEADER, "")
        g.started = container().clock.monotonic()
        g.request_id = given if _REQUEST_ID.fullmatch(given) else container().ids.new()
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=g.request_id)

    @app.after_request
    def _finish(response: Response) -> Response:
        _compress(response)
        _secure(response, settings)
        _share(response, settings)
        response.headers[REQUEST_ID_HEADER] = g.request_id
        _log(response)
        return response

    @app.teardown_request
    def _end(_: BaseException | None) -> None:
        structlog.contextvars.clear_contextvars()


def _log(response: Response) -> None:
    caller = optional_caller()
    # The rule, not the path: a path may hold anything.
    route = request.url_rule.rule if request.url_rule else None
    seconds = container().clock.monotonic() - g.started
    metrics.HTTP_SECONDS.labels(
        request.method if route else "other", route or "none", response.status_code
    ).observe(seconds)
    log.info(
        "request",
        method=request.method,
        route=route,
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        user_id=caller.user.id if caller else None,
    )


def _secure(response: Response, settings: Settings) -> None:
    headers = response.headers
    is_page = response.mimetype == "text/html"
    headers.setdefault("Content-Security-Policy", PAGE_POLICY if is_page else API_POLICY)
    headers.setdefault("X-Content-Type-Options", "nosniff")
    headers.setdefault("X-Frame-Options", "DENY")
    headers.setdefault("Referrer-Policy", "no-referrer")
    headers.setdefault("Cross-Origin-Opener-Policy", "same-origin")
    if response.mimetype in _JSON:
        headers.setdefault("Cache-Control", "no-store")
    if not settings.embedded:
        headers.setdefault("Strict-Transport-Security", "max-age=31536000")


def _share(response: Response, settings: Settings) -> None:
    """CORS for the origins of the allow-list. No cookies are involved, so no credentials."""
    if not settings.cors_origins:
        return
    response.vary.add("Origin")
    origin = request.headers.get("Origin")
    if origin not in settings.cors_origins:
        return
    response.headers["Access-Control-Allow-Origin"] = origin
    response.headers["Access-Control-Expose-Headers"] = _EXPOSED
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        response.headers["Access-Control-Allow-Methods"] = _ALLOWED_METHODS
        response.headers["Access-Control-Allow-Headers"] = _ALLOWED_HEADERS
        response.headers["Access-Control-Max-Age"] = _PREFLIGHT_SECONDS


def _compress(response: Response) -> None:
    if response.mimetype not in _JSON or response.direct_passthrough or response.is_streamed:
        return
    response.vary.add("Accept-Encoding")
    data = response.get_data()
    if len(data) < COMPRESS_FROM_BYTES or request.accept_encodings["gzip"] <= 0:
        return
    response.set_data(gzip.compress(data, compresslevel=5, mtime=0))
    response.headers["Content-Encoding"] = "gzip"
