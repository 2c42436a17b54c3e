"""Who makes this request, and the tokens that say so. What they may do is the services' affair.

Access and refresh tokens are JWTs of PyJWT's; their times come from the injected clock, so that is
also what they are checked against. A browser may keep them in cookies, whose use for a
change needs the session's CSRF token in a header. API tokens are secrets without content.
"""

from __future__ import annotations

import hmac
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from functools import partial
from typing import Any

import jwt
from flask import Flask, Response, after_this_request, current_app, g, request

from algoitny.domain.access import Caller
from algoitny.domain.errors import Forbidden, NotAuthenticated
from algoitny.domain.ids import is_ulid
from algoitny.domain.token import Scope
from algoitny.services.container import container
from algoitny.services.presence import Again
from algoitny.services.session import TOKEN_PREFIX
from algoitny.settings import Settings

ALGORITHM = "HS256"
ISSUER = "algoitny"
CLOCK_SKEW_SECONDS = 60
"""What two web machines' clocks may differ by."""

CONFIGURATION = "ALGOITNY_TOKENS"

ACCESS_COOKIE = "algoitny_access"
REFRESH_COOKIE = "algoitny_refresh"
CSRF_COOKIE = "algoitny_csrf"
CSRF_HEADER = "X-CSRF-Token"
REFRESH_PATH = "/api/auth/"
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


class Access(Enum):
    """Who may call a route at all."""

    OPEN = "open"
    """Anybody; a token is not even looked at."""
    PUBLIC = "public"
    """Anybody; a token is optional, but a bad one is refused."""
    SIGNED_IN = "signed in"
    REGISTRAR = "registrar"
    """Whose plan, or role, allows registering problems."""
    ADMIN = "admin"


@dataclass(frozen=True, slots=True)
class TokenRules:
    """What tokens are signed with, how long they are good, whether cookies go over TLS only."""

    key: str
    access: timedelta
    refresh: timedelta
    secure: bool


@dataclass(frozen=True, slots=True)
class Tokens:
    """A session's tokens; `csrf` is part of both."""

    user_id: str
    family: str
    access: str
    refresh: str
    csrf: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class RefreshToken:
    """One that is ours and not expired; whether it is still good only the session knows."""

    user_id: str
    family: str
    text: str
    from_cookie: bool


class _Expired(NotAuthenticated):
    """The session may go on, with new tokens for its refresh token."""


def register_tokens(app: Flask, settings: Settings) -> None:
    """Configure signing."""
    app.config[CONFIGURATION] = TokenRules(
        key=settings.secret_key.get_secret_value(),
        access=timedelta(minutes=settings.access_token_minutes),
        refresh=timedelta(days=settings.session_days),
        secure=not settings.embedded,
    )


def make_tokens(user_id: str, family: str, *, csrf: str | None = None) -> Tokens:
    """New tokens for a session. The refresh token is never the same twice."""
    now = container().clock.now()
    rules: TokenRules = current_app.config[CONFIGURATION]
    csrf = csrf or secrets.token_urlsafe(16)

    def signed(kind: str, life: timedelta) -> str:
        claims = {
            "iss": ISSUER,
            "sub": user_id,
            "type": kind,
            "iat": int(now.timestamp()),
            "exp": int((now + life).timestamp()),
            "jti": container().ids.new(),
            "fam": family,
            "csrf": csrf,
        }
        return jwt.encode(claims, rules.key, algorithm=ALGORITHM)

    return Tokens(
        user_id=user_id,
        family=family,
        access=signed("access", rules.access),
        refresh=signed("refresh", rules.refresh),
        csrf=csrf,
        expires_at=now + rules.refresh,
    )


def authenticate(access: Access, scope: Scope | None) -> None:
    """Find out who calls, before anything of the request is read.

    User and session are read for each request, so one that is deactivated or signed out is out at
    once. An API token must have the route's scope; without one the route is not for them. Raises
    NotAuthenticated and Forbidden.
    """
    g.caller = g.family = g.again = None
    if access is Access.OPEN:
        return
    header = request.headers.get("Authorization")
    if header is not None:
        _authenticate_bearer(header, scope)
    elif ACCESS_COOKIE in request.cookies:
        _authenticate_cookie(request.cookies[ACCESS_COOKIE])
    elif access is not Access.PUBLIC:
        raise NotAuthenticated("Sign in and send the access token in an Authorization header.")
    if access is Access.REGISTRAR and not current_caller().can_register:
        raise Forbidden("Your plan does not allow registering problems.")
    if access is Access.ADMIN and not current_caller().is_admin:
        raise Forbidden("Only administrators may do this.")


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


def asking_again() -> Again | None:
    """What finds out anew who calls, also when the request's context is gone; None for an
    anonymous request."""
    again: Again | None = g.get("again")
    return again


def presented_refresh_token(text: str | None) -> RefreshToken:
    """The refresh token of a body, else of the cookie. Raises NotAuthenticated."""
    from_cookie = text is None
    token = text or request.cookies.get(REFRESH_COOKIE, "")
    claims = _claims(token, "refresh")
    if from_cookie:
        _check_csrf(claims)
    return RefreshToken(claims["sub"], claims["fam"], token, from_cookie)


def keep_in_cookies(response: Response, tokens: Tokens) -> None:
    """Out of reach of scripts but for the CSRF token, which they have to send back."""
    rules: TokenRules = current_app.config[CONFIGURATION]
    for name, value, life, path, hidden in (
        (ACCESS_COOKIE, tokens.access, rules.access, "/", True),
        (REFRESH_COOKIE, tokens.refresh, rules.refresh, REFRESH_PATH, True),
        (CSRF_COOKIE, tokens.csrf, rules.refresh, "/", False),
    ):
        response.set_cookie(
            name,
            value,
            max_age=life,
            path=path,
            httponly=hidden,
            secure=rules.secure,
            samesite="Lax",
        )


def forget_cookies(response: Response) -> Response:
    """Remove what `keep_in_cookies` set."""
    for name, path in ((ACCESS_COOKIE, "/"), (REFRESH_COOKIE, REFRESH_PATH), (CSRF_COOKIE, "/")):
        response.delete_cookie(name, path=path)
    return response


def _authenticate_bearer(header: str, scope: Scope | None) -> None:
    scheme, _, token = header.partition(" ")
    token = token.strip()
    if scheme.lower() != "bearer" or not token:
        raise NotAuthenticated("The Authorization header must be: Bearer, a space, the token.")
    if not token.startswith(TOKEN_PREFIX):
        _enter(_claims(token, "access"))
        return
    sessions = container().services.sessions
    g.caller, scopes = sessions.token_caller(token)
    g.again = lambda: sessions.token_caller(token)[0]
    if scope is None:
        raise Forbidden("API tokens may not do this: sign in.")
    if scope not in scopes:
        raise Forbidden(f"The token lacks the scope {scope}.")


def _authenticate_cookie(token: str) -> None:
    try:
        claims = _claims(token, "access")
        if request.method not in SAFE_METHODS:
            _check_csrf(claims)
        _enter(claims)
    except _Expired:
        raise
    except NotAuthenticated:
        # No script can remove them, and with them every page would be refused.
        after_this_request(forget_cookies)
        raise


def _enter(claims: Mapping[str, Any]) -> None:
    sessions = container().services.sessions
    g.family = claims["fam"]
    g.again = partial(sessions.caller, claims["sub"], claims["fam"])
    g.caller = g.again()


def _check_csrf(claims: Mapping[str, Any]) -> None:
    given, wanted = request.headers.get(CSRF_HEADER, ""), str(claims.get("csrf", ""))
    if not wanted or not hmac.compare_digest(given.encode(), wanted.encode()):
        raise Forbidden(f"Send the cookie {CSRF_COOKIE} in the header {CSRF_HEADER} as well.")


def _claims(token: str, kind: str) -> Mapping[str, Any]:
    rules: TokenRules = current_app.config[CONFIGURATION]
    try:
        claims: Mapping[str, Any] = jwt.decode(
            token,
            rules.key,
            algorithms=[ALGORITHM],
            issuer=ISSUER,
            leeway=CLOCK_SKEW_SECONDS,
            options={"verify_exp": False},
        )
    except (jwt.PyJWTError, ValueError, RecursionError):
        raise NotAuthenticated(f"The {kind} token is not valid.") from None
    expires = claims.get("exp")
    ids = (claims.get("sub"), claims.get("fam"))
    named = all(isinstance(one, str) and is_ulid(one) for one in ids)
    if claims.get("type") != kind or not isinstance(expires, int) or not named:
        raise NotAuthenticated(f"The {kind} token is not valid.")
    if expires <= container().clock.now().timestamp():
        raise _Expired(f"The {kind} token has expired; sign in again.")
    return claims
