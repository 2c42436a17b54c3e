"""Every error as a problem document (RFC 9457): the status of each class, and the handlers.

The tree itself is `algoitny.domain.errors`; here are only its HTTP sides and the errors that
nothing but HTTP knows. `docs/errors.md` has a heading for each slug.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from http import HTTPStatus

import structlog
from flask import Flask, Response, g, request
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import MethodNotAllowed as WrongMethod
from werkzeug.exceptions import NotFound as NotFoundHere

from algoitny.api.quota import quota_headers
from algoitny.domain import errors as domain
from algoitny.domain.errors import AlgoItnyError, FieldError, InvalidInput, NotAuthenticated
from algoitny.domain.usage import Action
from algoitny.services.container import container

log = structlog.get_logger(__name__)

PROBLEM_JSON = "application/problem+json"

TYPE_PREFIX = "/api/docs/errors#"
"""`type` is this and the slug; the server lists all of them at that address."""

CURSOR_POINTER = "/query/cursor"
"""The store, which checks cursors, does not know where they came from."""

MOST_FIELD_ERRORS = 50
"""A body can hold any number of bad fields; an answer does not name more than this."""


class MalformedRequest(InvalidInput):
    """Not HTTP, JSON or UTF-8 as the standards have them, so that no field can be judged."""

    slug = "malformed-request"
    title = "Malformed request"


class UnsupportedMediaType(AlgoItnyError):
    """A body that is not JSON in UTF-8, nor a file where one is taken."""

    slug = "unsupported-media-type"
    title = "Unsupported media type"


class MethodNotAllowed(AlgoItnyError):
    """The address exists, but not for this method; `Allow` lists those that do."""

    slug = "method-not-allowed"
    title = "Method not allowed"


class PreconditionFailed(AlgoItnyError):
    """`If-Match` names a version that is not the current one."""

    slug = "precondition-failed"
    title = "Changed since it was read"


STATUS: Mapping[type[AlgoItnyError], HTTPStatus] = {
    AlgoItnyError: HTTPStatus.INTERNAL_SERVER_ERROR,
    domain.InvalidInput: HTTPStatus.UNPROCESSABLE_ENTITY,
    domain.InvalidCursor: HTTPStatus.BAD_REQUEST,
    domain.LanguageUnavailable: HTTPStatus.UNPROCESSABLE_ENTITY,
    domain.KeyReused: HTTPStatus.UNPROCESSABLE_ENTITY,
    domain.MalformedArchive: HTTPStatus.BAD_REQUEST,
    domain.TooLarge: HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
    domain.NotAuthenticated: HTTPStatus.UNAUTHORIZED,
    domain.Forbidden: HTTPStatus.FORBIDDEN,
    domain.NotFound: HTTPStatus.NOT_FOUND,
    domain.Conflict: HTTPStatus.CONFLICT,
    domain.AlreadyExists: HTTPStatus.CONFLICT,
    domain.NoTests: HTTPStatus.CONFLICT,
    domain.NothingFailed: HTTPStatus.CONFLICT,
    domain.NotFinished: HTTPStatus.CONFLICT,
    domain.DuplicateRequest: HTTPStatus.CONFLICT,
    domain.StaleAttempt: HTTPStatus.CONFLICT,
    domain.StaleVersion: HTTPStatus.CONFLICT,
    domain.QuotaExceeded: HTTPStatus.TOO_MANY_REQUESTS,
    domain.Overloaded: HTTPStatus.SERVICE_UNAVAILABLE,
    domain.Unavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    domain.StoreUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    domain.QueueUnavailable: HTTPStatus.SERVICE_UNAVAILABLE,
    domain.StoreRejected: HTTPStatus.INTERNAL_SERVER_ERROR,
    domain.JudgeFailure: HTTPStatus.INTERNAL_SERVER_ERROR,
    MalformedRequest: HTTPStatus.BAD_REQUEST,
    UnsupportedMediaType: HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
    MethodNotAllowed: HTTPStatus.METHOD_NOT_ALLOWED,
    PreconditionFailed: HTTPStatus.PRECONDITION_FAILED,
}

RETRY_AFTER_SECONDS = 2
"""After a 503: about as long as the queue's breaker stays open."""

OUR_FAULT = "Something went wrong on our side. Quote the request id when you report it."


def status_of(kind: type[AlgoItnyError]) -> HTTPStatus:
    """The status of a class, or of its nearest base in the table."""
    return next(STATUS[base] for base in kind.__mro__ if base in STATUS)


def problem(error: AlgoItnyError) -> Response:
    """The problem document of `error`, with the headers that belong to it."""
    status = status_of(type(error))
    body: dict[str, object] = {
        "type": TYPE_PREFIX + error.slug,
        "title": error.title,
        "status": int(status),
        "detail": OUR_FAULT if status is HTTPStatus.INTERNAL_SERVER_ERROR else error.detail,
        "instance": g.request_id,
        **error.extras,
    }
    response = Response(status=status, mimetype=PROBLEM_JSON)
    match error:
        case domain.InvalidCursor():
            body["errors"] = [{"pointer": CURSOR_POINTER, "detail": error.detail}]
        case InvalidInput(errors=errors) if errors:
            body["errors"] = [
                {"pointer": bad.pointer, "detail": bad.detail} for bad in errors[:MOST_FIELD_ERRORS]
            ]
        case NotAuthenticated():
            response.headers["WWW-Authenticate"] = _challenge()
        case domain.QuotaExceeded():
            used = {Action(error.action): (error.count, error.limit)}
            response.headers.update(quota_headers(used))
            seconds = (error.reset_time - container().clock.now()).total_seconds()
            response.headers["Retry-After"] = str(max(1, math.ceil(seconds)))
    if status is HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    response.set_data(json.dumps(body))
    return response


def from_http(error: HTTPException) -> AlgoItnyError:
    """What Flask and Werkzeug raise themselves, as one of ours."""
    match error.code:
        case HTTPStatus.NOT_FOUND:
            return domain.NotFound("There is nothing at this address.")
        case HTTPStatus.METHOD_NOT_ALLOWED:
            return MethodNotAllowed(f"{request.method} is not possible here.")
        case HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            most = request.max_content_length
            sentence = f"The body is too large: at most {most} bytes are accepted here."
            return domain.TooLarge(sentence, (FieldError("", sentence),))
        case HTTPStatus.UNSUPPORTED_MEDIA_TYPE:
            return UnsupportedMediaType()
        case code if code is not None and 400 <= code < 500:
            return MalformedRequest(error.description or error.name)
        case _:
            return AlgoItnyError()


def register_error_handlers(app: Flask) -> None:
    """From here on no error leaves this app as HTML or with a stack trace."""

    @app.errorhandler(AlgoItnyError)
    def _ours(error: AlgoItnyError) -> Response:
        if status_of(type(error)) is HTTPStatus.INTERNAL_SERVER_ERROR:
            log.error("request failed", slug=error.slug, exc_info=error)
        elif isinstance(error, domain.Unavailable):
            # What a probe answers anybody does not say why; whoever reads the log wants to know.
            cause = error.__cause__
            reason = cause.detail if isinstance(cause, AlgoItnyError) else error.detail
            log.warning("dependency unavailable", slug=error.slug, reason=reason)
        return problem(error)

    @app.errorhandler(HTTPException)
    def _http(error: HTTPException) -> Response:
        if isinstance(error, WrongMethod) and not _is_address(app, error):
            error = NotFoundHere()
        response = problem(from_http(error))
        for name, value in error.get_headers():
            if name.lower() not in ("content-type", "content-length"):
                response.headers[name] = value
        return response

    @app.errorhandler(Exception)
    def _unexpected(error: Exception) -> Response:
        log.error("request failed", exc_info=error)
        return problem(AlgoItnyError())


def _is_address(app: Flask, error: WrongMethod) -> bool:
    """Werkzeug tells a wrong method before it looks at the parameters, so also of an address that
    can name nothing by any method."""
    adapter = app.create_url_adapter(request)
    return adapter is not None and any(
        adapter.test(method=method) for method in error.valid_methods or ()
    )


def _challenge() -> str:
    """RFC 6750, 3: the error code only when a token came."""
    challenge = 'Bearer realm="algoitny"'
    return (
        f'{challenge}, error="invalid_token"' if "Authorization" in request.headers else challenge
    )
