"""HTTP: Flask blueprints and marshmallow schemas. No rule of the product is decided here."""

from __future__ import annotations

from typing import cast

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from algoitny import __version__
from algoitny.api.admin import administration
from algoitny.api.authentication import register_tokens
from algoitny.api.blueprint import BODY_LIMIT_BYTES, SECURITY_SCHEME, Api
from algoitny.api.converters import CONVERTERS, register_converters
from algoitny.api.docs import docs
from algoitny.api.errors import register_error_handlers
from algoitny.api.execution import executions
from algoitny.api.export import exports
from algoitny.api.health import health
from algoitny.api.hint import hints
from algoitny.api.history import histories
from algoitny.api.language import languages
from algoitny.api.leaderboard import leaderboards
from algoitny.api.legal import legal, register_legal
from algoitny.api.metrics import register_metrics
from algoitny.api.plan import admin_plans, offers, own_plan
from algoitny.api.problem import problems, registration
from algoitny.api.rejudge import rejudges
from algoitny.api.requests import register_request_hooks
from algoitny.api.run import runs
from algoitny.api.session import dev_sign_in, sessions
from algoitny.api.sign_in import page_sign_in
from algoitny.api.stats import statistics
from algoitny.api.stream import streams
from algoitny.api.testcase import testcases
from algoitny.api.token import tokens
from algoitny.api.user import account
from algoitny.api.webhook_secret import webhook_secrets
from algoitny.settings import Settings

__all__ = ["register_api"]

OPENAPI_VERSION = "3.1.0"


def register_api(app: Flask, settings: Settings) -> None:
    """Put the HTTP API on `app`, whose container must be in place already."""
    app.config.update(
        MAX_CONTENT_LENGTH=BODY_LIMIT_BYTES,
        API_TITLE="AlgoItny",
        API_VERSION=__version__,
        OPENAPI_VERSION=OPENAPI_VERSION,
        OPENAPI_URL_PREFIX="/api",
        OPENAPI_JSON_PATH="openapi.json",
    )
    # What matters most stands first in a schema, so let it stand first in the answer.
    cast("DefaultJSONProvider", app.json).sort_keys = False
    # With and without the final slash, and never a redirect, which would be HTML.
    app.url_map.strict_slashes = False
    app.url_map.merge_slashes = False
    register_converters(app)
    register_request_hooks(app, settings)
    register_error_handlers(app)
    register_tokens(app, settings)
    register_legal(app, settings)
    api = Api(app, spec_kwargs=_SPEC)
    for converter, schema in CONVERTERS.items():
        api.register_converter(converter, lambda _, schema=schema: dict(schema))
    blueprints = [
        sessions,
        page_sign_in,
        offers,
        account,
        own_plan,
        exports,
        statistics,
        tokens,
        webhook_secrets,
        executions,
        runs,
        streams,
        histories,
        hints,
        leaderboards,
        problems,
        testcases,
        registration,
        admin_plans,
        administration,
        rejudges,
        languages,
        legal,
        health,
    ]
    if settings.embedded:
        blueprints.insert(0, dev_sign_in)
    for blueprint in blueprints:
        api.register_blueprint(blueprint)
    app.register_blueprint(docs)
    register_metrics(app, settings)


_SPEC = {
    "info": {
        "description": "Practise algorithm problems: submit code, get a verdict for each test, "
        "ask for hints. Paths work with and without the final slash. Errors are problem "
        "documents (RFC 9457); unknown fields and query parameters are refused.",
    },
    "components": {
        "securitySchemes": {
            SECURITY_SCHEME: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
        }
    },
}
