"""Personal API tokens: for programs that act for their user."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Response, url_for
from marshmallow import fields, validate

from algoitny.api.authentication import Access, current_caller
from algoitny.api.blueprint import Blueprint, Links
from algoitny.api.fields import Instant, InstantParameter, Line
from algoitny.api.paging import LINK_HEADER, NextCursorSchema, PageQuerySchema, page_answer
from algoitny.domain.token import ApiToken, Scope
from algoitny.services.container import container

tokens = Blueprint("token", __name__, url_prefix="/api/account/tokens", description="API tokens")


class NewTokenSchema(ma.Schema):
    """What a token may do, and until when."""

    name = Line(max_length=100, required=True, metadata={"example": "my laptop"})
    scopes = fields.List(
        fields.String(validate=validate.OneOf(list(Scope))),
        required=True,
        validate=validate.Length(min=1, max=len(Scope)),
    )
    expires_at = InstantParameter(
        load_default=lambda: None,
        allow_none=True,
        metadata={"description": "null: until it is revoked."},
    )


class Scopes(fields.List[str]):
    """A set, in an order that is always the same."""

    def _serialize(self, value: Any, *_: Any, **__: Any) -> list[str]:
        return sorted(value)


class TokenSchema(ma.Schema):
    """A token, without its secret."""

    id = fields.String(required=True)
    name = fields.String(required=True)
    scopes = Scopes(fields.String(), required=True)
    created_at = Instant(required=True)
    expires_at = Instant(required=True, allow_none=True)
    last_used_at = Instant(required=True, allow_none=True)


class CreatedTokenSchema(TokenSchema):
    """A new token with its secret, which is never shown again."""

    secret = fields.String(required=True, metadata={"description": "Send it as a bearer token."})


class TokenPageSchema(NextCursorSchema):
    """A page of tokens."""

    items = fields.List(fields.Nested(TokenSchema), required=True)


@tokens.endpoint("GET", "/", access=Access.SIGNED_IN, errors=(HTTPStatus.BAD_REQUEST,), scope=None)
@tokens.query(PageQuerySchema)
@tokens.answer(HTTPStatus.OK, TokenPageSchema, headers=LINK_HEADER)
def list_tokens(query: Mapping[str, Any]) -> tuple[Mapping[str, object], dict[str, str]]:
    """My API tokens, newest first."""
    found = container().services.sessions.list_tokens(
        current_caller(), limit=query["limit"], cursor=query["cursor"]
    )
    return page_answer(found)


@tokens.endpoint(
    "POST", "/", access=Access.SIGNED_IN, links=Links(("token_revoke_token",), {"token_id": "id"})
)
@tokens.body(NewTokenSchema)
@tokens.answer(
    HTTPStatus.CREATED,
    CreatedTokenSchema,
    headers={"Location": "The token's address, where it can be revoked."},
)
def create_token(body: Mapping[str, Any]) -> tuple[Mapping[str, object], dict[str, str]]:
    """Make an API token.

    Only its digest is stored. No token can manage tokens, the account or secrets.
    """
    expires: datetime | None = body["expires_at"]
    new = container().services.sessions.create_token(
        current_caller(),
        name=body["name"],
        scopes=frozenset(map(Scope, body["scopes"])),
        expires_at=expires,
    )
    shown = {name: getattr(new.token, name) for name in ApiToken.__slots__}
    address = url_for("token.revoke_token", token_id=new.token.id)
    return {**shown, "secret": new.secret}, {"Location": address}


@tokens.endpoint("DELETE", "/<ulid:token_id>/", access=Access.SIGNED_IN)
@tokens.no_content("It is refused from now on.")
def revoke_token(token_id: str) -> Response:
    """Revoke an API token."""
    container().services.sessions.revoke_token(current_caller(), token_id)
    return Response(status=HTTPStatus.NO_CONTENT)
