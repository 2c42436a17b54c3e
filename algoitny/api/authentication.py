"""Access tokens, and who makes this request. What they may do is the services' affair.

Tokens are flask-jwt-extended's; their times come from the injected clock, so that is also what
they are checked against.
"""

from __future__ import annotations

from datetime import timedelta
from enum import Enum

import jwt
from flask import Flask, g, request
from flask_jwt_extended import JWTManager, create_access_token, decode_token
from flask_jwt_extended.exceptions import JWTExtendedException

from algoitny.domain.access import Caller
from algoitny.domain.errors import Forbidden, NotAuthenticated
from algoitny.domain.ids import is_ulid
from algoitny.services.container import container
from algoitny.settings import Settings

ALGORITHM = "HS256"
ISSUER = "algoitny"
CLOCK_SKEW_SECONDS = 60
"""What two web machines' clocks may differ by."""

LIFE = "ALGOITNY_ACCESS_TOKEN_LIFE"


class Access(Enum):
    """Who may call a route at all."""

    OPEN = "open"
    """Anybody; a token is not even looked at."""
    PUBLIC = "public"
    """Anybody; a token is optional, but a bad one is refused."""
    SIGNED_IN = "signed in"
    REGISTRAR = "registrar"
    """Whose plan, or role, allows registering problems."""


def register_tokens(app: Flask, settings: Settings) -> None:
    """Configure signing."""
    app.config.update(
        JWT_SECRET_KEY=settings.secret_key.get_secret_value(),
        JWT_ALGORITHM=ALGORITHM,
        JWT_DECODE_ALGORITHMS=[ALGORITHM],
        JWT_TOKEN_LOCATION=["headers"],
        JWT_ENCODE_NBF=False,
        JWT_ENCODE_ISSUER=ISSUER,
        JWT_DECODE_ISSUER=ISSUER,
        JWT_DECODE_LEEWAY=CLOCK_SKEW_SECONDS,
    )
    app.config[LIFE] = timedelta(minutes=settings.access_token_minutes)
    JWTManager(app)


def issue_access_token(user_id: str, life: timedelta) -> str:
    """A token for this user that is good for `life` from now."""
    now = container().clock.now()
    claims = {
        "iat": int(now.timestamp()),
        "exp": int((now + life).timestamp()),
        "jti": container().ids.new(),
    }
    token: str = create_access_token(user_id, additional_claims=claims, expires_delta=False)
    return token


def authenticate(access: Access) -> None:
    """Find out who calls, before anything of the request is read.

    The user is read for each request, so a deactivated one is out at once. Raises
    NotAuthenticated and Forbidden.
    """
    g.caller = None
    if access is Access.OPEN:
        return
    header = request.headers.get("Authorization")
    if header is not None:
        caller = container().services.users.caller(_user_id(header))
        g.caller = caller
        if access is Access.REGISTRAR and not caller.can_register:
            raise Forbidden("Your plan does not allow registering problems.")
    elif access is not Access.PUBLIC:
        raise NotAuthenticated("Sign in and send the access token in an Authorization header.")


def current_caller() -> Caller:
    """Who calls a route that needs a sign-in."""
    caller = optional_caller()
    if caller is None:
        raise NotAuthenticated
    return caller


def optional_caller() -> Caller | None:
    """Who calls; None for an anonymous request."""
    caller: Caller | None = g.get("caller")
    return caller


def _user_id(header: str) -> str:
    scheme, _, token = header.partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise NotAuthenticated("The Authorization header must be: Bearer, a space, the token.")
    try:
        claims = decode_token(token.strip(), allow_expired=True)
    except (jwt.PyJWTError, JWTExtendedException, ValueError, RecursionError):
        raise NotAuthenticated("The access token is not valid.") from None
    user_id, expires, kind = claims.get("sub"), claims.get("exp"), claims.get("type")
    if kind != "access" or not isinstance(expires, int) or not is_ulid(str(user_id)):
        raise NotAuthenticated("The access token is not valid.")
    if expires <= container().clock.now().timestamp():
        raise NotAuthenticated("The access token has expired; sign in again.")
    return str(user_id)
