"""The secret that one's webhooks are signed with."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

import marshmallow as ma
from flask import Response, url_for
from marshmallow import fields

from algoitny.api.authentication import Access, current_caller
from algoitny.api.blueprint import Blueprint
from algoitny.api.fields import Instant
from algoitny.services.container import container
from algoitny.services.webhook_secret import NewSecret

webhook_secrets = Blueprint(
    "webhook_secret",
    __name__,
    url_prefix="/api/account/webhook-secret",
    description="Webhook secret",
)


class WebhookSecretSchema(ma.Schema):
    """Whether there is a secret."""

    exists = fields.Boolean(required=True)
    updated_at = Instant(required=True, allow_none=True)


class NewWebhookSecretSchema(ma.Schema):
    """A new secret, which is never shown again."""

    secret = fields.String(
        required=True,
        metadata={
            "description": "`whsec_` and Base64, as libraries for Standard Webhooks expect it."
        },
    )
    updated_at = Instant(required=True)


@webhook_secrets.endpoint("GET", "/", access=Access.SIGNED_IN, scope=None)
@webhook_secrets.answer(HTTPStatus.OK, WebhookSecretSchema)
def get_secret() -> Mapping[str, object]:
    """Whether I have a secret, and since when."""
    made_at = container().services.webhook_secrets.made_at(current_caller())
    return {"exists": made_at is not None, "updated_at": made_at}


@webhook_secrets.endpoint("POST", "/", access=Access.SIGNED_IN, scope=None)
@webhook_secrets.answer(
    HTTPStatus.CREATED,
    NewWebhookSecretSchema,
    headers={"Location": "Where to look it up and delete it: this address."},
)
def make_secret() -> tuple[NewSecret, dict[str, str]]:
    """Make a secret, in place of the one before.

    From then on all messages are signed with it.
    """
    new = container().services.webhook_secrets.make(current_caller())
    return new, {"Location": url_for("webhook_secret.get_secret")}


@webhook_secrets.endpoint("DELETE", "/", access=Access.SIGNED_IN, scope=None)
@webhook_secrets.no_content("Nothing is delivered any more.")
def delete_secret() -> Response:
    """Delete the secret.

    Messages that were not delivered yet are given up.
    """
    container().services.webhook_secrets.delete(current_caller())
    return Response(status=HTTPStatus.NO_CONTENT)
