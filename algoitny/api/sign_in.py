"""Signing in with a browser: to Google's pages and back, without a script of theirs in ours."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

import marshmallow as ma
from flask import Response, after_this_request, current_app, request

from algoitny.api.authentication import CONFIGURATION, Access, TokenRules, keep_in_cookies
from algoitny.api.blueprint import Blueprint
from algoitny.api.fields import LocalPath, Text
from algoitny.api.session import begin_session
from algoitny.services.container import container
from algoitny.services.sign_in import TICKET_LIFE

PATH = "/api/auth/google/"
CALLBACK_PATH = f"{PATH}callback/"
"""What is registered at Google, after the public address."""

TICKET_COOKIE = "algoitny_sign_in"
CANCELLED = "sign_in=cancelled"

LONGEST_NEXT = 512
"""Characters; whatever they are, percent-encoded the server still reads the address."""
LONGEST_CODE = 512
"""Twice what Google's codes may have."""
LONGEST_WORD = 64

page_sign_in = Blueprint("google", __name__, url_prefix=PATH, description="Signing in")


class StartSchema(ma.Schema):
    """Where to go afterwards."""

    next = LocalPath(
        max_length=LONGEST_NEXT,
        load_default="/",
        metadata={"description": "Path on this site to end up at, percent-encoded."},
    )


class CallbackSchema(ma.Schema):
    """What Google adds to the address: a code or an error, and things of its own."""

    state = Text(max_bytes=LONGEST_WORD, min_length=1, required=True)
    code = Text(max_bytes=LONGEST_CODE, min_length=1, load_default=lambda: None)
    error = Text(max_bytes=LONGEST_WORD, min_length=1, load_default=lambda: None)

    @ma.validates_schema
    def _has_an_outcome(self, values: Mapping[str, Any], **_: Any) -> None:
        if values.get("code") is None and values.get("error") is None:
            raise ma.ValidationError("Neither a code nor an error.", "code")


@page_sign_in.endpoint("GET", "/start/", access=Access.OPEN, errors=(HTTPStatus.NOT_FOUND,))
@page_sign_in.query(StartSchema)
@page_sign_in.elsewhere("To Google's page. Sets a cookie that is good for ten minutes.")
def start(query: Mapping[str, str]) -> Response:
    """Sign in at Google's page.

    For browsers, which come back to the next address. 404 where this is not set up.
    """
    address, ticket = container().services.sign_ins.begin(query["next"])
    response = _redirect(address)
    rules: TokenRules = current_app.config[CONFIGURATION]
    response.set_cookie(
        TICKET_COOKIE,
        ticket,
        max_age=TICKET_LIFE,
        path=PATH,
        httponly=True,
        secure=rules.secure,
        samesite="Lax",
    )
    return response


@page_sign_in.endpoint(
    "GET",
    "/callback/",
    access=Access.OPEN,
    errors=(HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND, HTTPStatus.SERVICE_UNAVAILABLE),
)
@page_sign_in.query(CallbackSchema, others=True)
@page_sign_in.elsewhere(
    f"To `next`: signed in, with cookies; or not, with `{CANCELLED}` in the query, when the person "
    "cancelled."
)
def callback(query: Mapping[str, str | None]) -> Response:
    """Come back from Google's page.

    For browsers, sent by Google. The first time makes an account on the default plan. Only the
    browser that began is let in, once.
    """
    sign_ins = container().services.sign_ins
    attempt = sign_ins.resume(request.cookies.get(TICKET_COOKIE, ""), query["state"] or "")
    after_this_request(_forget_ticket)
    caller = sign_ins.finish(attempt, code=query["code"], error=query["error"])
    if caller is None:
        return _redirect(_with_parameter(attempt.next, CANCELLED))
    response = _redirect(attempt.next)
    keep_in_cookies(response, begin_session(caller))
    return response


def _redirect(address: str) -> Response:
    headers = {"Location": address, "Cache-Control": "no-store"}
    return Response(status=HTTPStatus.FOUND, headers=headers)


def _forget_ticket(response: Response) -> Response:
    response.delete_cookie(TICKET_COOKIE, path=PATH)
    return response


def _with_parameter(path: str, parameter: str) -> str:
    address, mark, fragment = path.partition("#")
    return f"{address}{'&' if '?' in address else '?'}{parameter}{mark}{fragment}"
