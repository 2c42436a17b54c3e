"""Signing in, staying signed in, signing out."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Response, g, jsonify
from marshmallow import fields, validate

from algoitny.api.authentication import (
    Access,
    Tokens,
    forget_cookies,
    keep_in_cookies,
    make_tokens,
    presented_refresh_token,
)
from algoitny.api.blueprint import Blueprint
from algoitny.api.fields import LONGEST_EMAIL, Flag, Text
from algoitny.api.origin import comes_from_this_machine
from algoitny.api.user import AccountSchema
from algoitny.domain.access import Caller
from algoitny.domain.errors import NotFound
from algoitny.services.container import container

LONGEST_TOKEN = 8192

sessions = Blueprint("auth", __name__, url_prefix="/api/auth", description="Signing in")
dev_sign_in = Blueprint("dev", __name__, url_prefix="/api/auth", description="Signing in")


class CookiesSchema(ma.Schema):
    """Where the tokens go."""

    cookies = Flag(
        load_default=False,
        metadata={
            "description": "For pages: set the tokens as cookies that scripts cannot read. What "
            "changes something then needs the cookie algoitny_csrf in the header X-CSRF-Token."
        },
    )


class DevSignInSchema(CookiesSchema):
    """Whom to sign in as."""

    email = Text(
        max_bytes=LONGEST_EMAIL,
        required=True,
        metadata={"format": "email", "example": "ada@example.org"},
    )

    @ma.validates("email")
    def _is_address(self, value: str, **_: Any) -> None:
        if not (value.isascii() and value.isprintable()):
            # The validator lets internationalised names through; no mail system here does.
            raise ma.ValidationError("Not a valid email address.")
        validate.Email()(value)


class GoogleSignInSchema(CookiesSchema):
    """A Google ID token, made for this site."""

    token = Text(max_bytes=LONGEST_TOKEN, min_length=1, required=True)
    nonce = Text(
        max_bytes=256,
        min_length=1,
        load_default=lambda: None,
        allow_none=True,
        metadata={"description": "The nonce that the token was requested with, if any."},
    )


class RefreshSchema(ma.Schema):
    """The refresh token; without one, the cookie's."""

    refresh = Text(
        max_bytes=LONGEST_TOKEN, min_length=1, load_default=lambda: None, allow_none=True
    )


class TokensSchema(ma.Schema):
    """A session's tokens; null where they are in cookies."""

    access = fields.String(
        required=True, allow_none=True, metadata={"description": "Send it as a bearer token."}
    )
    refresh = fields.String(
        required=True,
        allow_none=True,
        metadata={"description": "Good for one use: exchange it at /api/auth/refresh/."},
    )


class SignedInSchema(TokensSchema):
    """A new session, and whose it is."""

    user = fields.Nested(AccountSchema, required=True)


@sessions.endpoint(
    "POST",
    "/google/",
    access=Access.OPEN,
    errors=(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE),
)
@sessions.body(GoogleSignInSchema)
@sessions.answer(HTTPStatus.OK, SignedInSchema)
def sign_in_with_google(body: Mapping[str, Any]) -> Response:
    """Sign in with a Google ID token.

    The first time makes an account on the default plan. 404 where this is not set up.
    """
    caller = container().services.sessions.sign_in_with_google(body["token"], nonce=body["nonce"])
    return _signed_in(caller, in_cookies=body["cookies"])


@sessions.endpoint(
    "POST",
    "/refresh/",
    access=Access.OPEN,
    errors=(HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN, HTTPStatus.SERVICE_UNAVAILABLE),
)
@sessions.body(RefreshSchema)
@sessions.answer(HTTPStatus.OK, TokensSchema)
def refresh(body: Mapping[str, str | None]) -> Response:
    """Exchange the refresh token for new tokens.

    Each is good once. One that is used a second time ends the session, because then somebody
    else has it too.
    """
    presented = presented_refresh_token(body["refresh"])
    new = make_tokens(presented.user_id, presented.family)
    container().services.sessions.rotate(
        presented.user_id,
        presented.family,
        presented=presented.text,
        new=new.refresh,
        expires_at=new.expires_at,
    )
    return _tokens(new, in_cookies=presented.from_cookie)


@sessions.endpoint("POST", "/logout/", access=Access.SIGNED_IN)
@sessions.no_content("Access and refresh token are refused from now on.")
def sign_out() -> Response:
    """End this session, on this device only."""
    caller: Caller = g.caller
    container().services.sessions.end(caller.user.id, g.family)
    response = Response(status=HTTPStatus.NO_CONTENT)
    forget_cookies(response)
    return response


@dev_sign_in.endpoint(
    "POST",
    "/dev/",
    access=Access.OPEN,
    errors=(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE),
)
@dev_sign_in.body(DevSignInSchema)
@dev_sign_in.answer(HTTPStatus.OK, SignedInSchema)
def sign_in(body: Mapping[str, Any]) -> Response:
    """Sign in without a password.

    Only in the embedded stack, and only from the machine that it runs on.
    """
    caller = container().services.users.sign_in(body["email"])
    return _signed_in(caller, in_cookies=body["cookies"])


@dev_sign_in.before_request  # type: ignore[untyped-decorator]  # the library's
def _only_from_here() -> None:
    if not comes_from_this_machine():
        raise NotFound("There is nothing at this address.")


def begin_session(caller: Caller) -> Tokens:
    """The tokens of a new session."""
    new = make_tokens(caller.user.id, container().ids.new())
    container().services.sessions.begin(
        new.user_id, new.family, refresh=new.refresh, expires_at=new.expires_at
    )
    return new


def _signed_in(caller: Caller, *, in_cookies: bool) -> Response:
    new = begin_session(caller)
    return _tokens(new, in_cookies=in_cookies, user=AccountSchema().dump(caller))


def _tokens(new: Tokens, *, in_cookies: bool, **more: object) -> Response:
    shown = {
        "access": None if in_cookies else new.access,
        "refresh": None if in_cookies else new.refresh,
    }
    response = jsonify(shown | more)
    if in_cookies:
        keep_in_cookies(response, new)
    return response
