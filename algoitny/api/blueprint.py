"""flask-smorest's blueprint and API with what every route here has: access control before the
body is read, strict parsing, and its error answers in the OpenAPI document.

The decorators are typed here once, because the library is not.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from copy import deepcopy
from dataclasses import dataclass
from functools import cached_property, wraps
from http import HTTPStatus
from typing import Any, Literal, TypeVar, cast

import flask_smorest  # type: ignore[import-untyped]  # ships no types
import marshmallow as ma
from flask import Response, request
from flask_smorest.utils import prepare_response  # type: ignore[import-untyped]  # ships no types
from werkzeug.exceptions import HTTPException

from algoitny.api.authentication import Access, authenticate
from algoitny.api.errors import PROBLEM_JSON, UnsupportedMediaType
from algoitny.api.parsing import (
    JSON,
    StrictParser,
    refuse_parameters,
    refuse_repeated_parameters,
)
from algoitny.api.receiving import received
from algoitny.domain.errors import Overloaded
from algoitny.domain.token import Scope

View = TypeVar("View", bound=Callable[..., Any])

BODY_LIMIT_BYTES = 1024 * 1024
UPLOAD_LIMIT_BYTES = 64 * 1024 * 1024

SECURITY_SCHEME = "bearerAuth"

_SECURITY: Mapping[Access, list[dict[str, list[str]]]] = {
    Access.OPEN: [],
    Access.PUBLIC: [{}, {SECURITY_SCHEME: []}],
    Access.SIGNED_IN: [{SECURITY_SCHEME: []}],
    Access.REGISTRAR: [{SECURITY_SCHEME: []}],
    Access.ADMIN: [{SECURITY_SCHEME: []}],
}

_uploads = threading.BoundedSemaphore(2)
"""Large bodies that a process holds at once: each takes several times its size while parsed."""


class FieldErrorSchema(ma.Schema):
    """One bad field."""

    pointer = ma.fields.String(
        required=True,
        metadata={
            "description": "JSON pointer into the body; query parameters are under `/query/`, "
            "headers under `/headers/`, files in an archive by their names there."
        },
    )
    detail = ma.fields.String(required=True)


class ProblemDocumentSchema(ma.Schema):
    """An error, as RFC 9457 has it."""

    type = ma.fields.String(required=True, metadata={"example": "/api/docs/errors#not-found"})
    title = ma.fields.String(required=True)
    status = ma.fields.Integer(required=True)
    detail = ma.fields.String(required=True)
    instance = ma.fields.String(required=True, metadata={"description": "The request id."})
    errors = ma.fields.List(ma.fields.Nested(FieldErrorSchema))
    action = ma.fields.String(metadata={"description": "429: what was counted."})
    current_count = ma.fields.Integer(metadata={"description": "429: used today."})
    limit = ma.fields.Integer(metadata={"description": "429: the day's limit."})
    reset_time = ma.fields.String(
        metadata={"description": "429: when the count starts again.", "format": "date-time"}
    )


@dataclass(frozen=True, slots=True)
class Links:
    """Operations (`<blueprint>_<view>`) that go on from an answer, and which parameter of theirs
    takes which member of its body."""

    operations: tuple[str, ...]
    parameters: Mapping[str, str]

    def document(self) -> dict[str, object]:
        """As OpenAPI has it."""
        taken = {name: f"$response.body#/{member}" for name, member in self.parameters.items()}
        return {
            operation: {"operationId": operation, "parameters": taken}
            for operation in self.operations
        }


class Api(flask_smorest.Api):  # type: ignore[misc]  # an untyped base
    """The OpenAPI document; errors are handled by `algoitny.api.errors`."""

    ERROR_SCHEMA = ProblemDocumentSchema
    DEFAULT_ERROR_RESPONSE_NAME = None

    def _register_error_handlers(self) -> None:
        """They are registered elsewhere."""

    @cached_property
    def _document(self) -> bytes:
        """It is the same for as long as the app runs, and takes long to write."""
        return cast("Response", super()._openapi_json()).get_data()

    def _openapi_json(self) -> Response:
        return Response(self._document, mimetype="application/json")

    def _register_responses(self) -> None:
        for status in HTTPStatus:
            if status >= HTTPStatus.BAD_REQUEST:
                response = {"description": status.phrase, "schema": self.ERROR_SCHEMA}
                prepare_response(response, self.spec, PROBLEM_JSON)
                self.spec.components.response(status.name, response, lazy=True)

    def _register_pagination_header(self) -> None:
        """Pages here have cursors, no numbers."""

    def handle_http_exception(self, error: HTTPException) -> None:
        """Never registered, so never called."""
        raise error


class Blueprint(flask_smorest.Blueprint):  # type: ignore[misc]  # an untyped base
    """Routes of one entity."""

    ARGUMENTS_PARSER = StrictParser()

    def endpoint(
        self,
        method: str,
        rule: str,
        *,
        access: Access,
        errors: tuple[HTTPStatus, ...] = (),
        body_limit: int = BODY_LIMIT_BYTES,
        scope: Scope | Literal["usual"] | None = "usual",
        links: Links | None = None,
    ) -> Callable[[View], View]:
        """One operation. `errors` are those beyond what every such route can answer. `scope` is
        what an API token needs; None keeps all of them out. Usually they may read, and what
        changes something is not for them."""
        needed = (Scope.READ if method == "GET" else None) if scope == "usual" else scope

        def decorator(view: View) -> View:
            guarded = _guarded(view, access, needed, body_limit)
            operation = f"{self.name}_{view.__name__}"
            _document(guarded, rule, access, errors, operation, links)
            self.add_url_rule(rule, view.__name__, guarded, methods=[method])
            return view

        return decorator

    def body(self, schema: type[ma.Schema], *, required: bool = True) -> Callable[[View], View]:
        """Passes the JSON body, loaded; InvalidInput and others when it does not fit."""
        return self._typed(self.arguments(schema, location="json", required=required))

    def body_or_file(
        self, schema: type[ma.Schema], media_type: str, *, description: str
    ) -> Callable[[View], View]:
        """Passes the JSON body, loaded; or, when it is sent as `media_type`, a file that holds it,
        for as long as the view runs."""
        content = {media_type: {"schema": {"type": "string", "format": "binary"}}}

        def decorator(view: View) -> View:
            takes_json = self.body(schema)(view)

            @wraps(takes_json)
            def takes_either(*args: Any, **kwargs: Any) -> Any:
                if request.mimetype == media_type:
                    with received(request) as file:
                        return view(*args, file, **kwargs)
                if request.mimetype not in ("", JSON):
                    raise UnsupportedMediaType(f"Send the body as {JSON} or {media_type}.")
                return takes_json(*args, **kwargs)

            documentation = deepcopy(getattr(takes_json, "_apidoc", {}))
            documentation["manual_doc"] = {
                "requestBody": {"content": content, "description": description}
            }
            takes_either._apidoc = documentation  # type: ignore[attr-defined]  # noqa: SLF001 - as below
            return takes_either  # type: ignore[return-value]  # wraps() keeps the signature

        return decorator

    def query(self, schema: type[ma.Schema], *, others: bool = False) -> Callable[[View], View]:
        """Passes the query parameters, loaded. `others` may be there, for addresses that somebody
        else's server makes; they are dropped."""
        unknown = ma.EXCLUDE if others else ma.RAISE
        return self._typed(self.arguments(schema, location="query", unknown=unknown))

    def request_headers(self, schema: type[ma.Schema]) -> Callable[[View], View]:
        """Passes the request's headers that the schema names."""
        return self._typed(self.arguments(schema, location="headers"))

    def answer(
        self,
        status: HTTPStatus,
        schema: type[ma.Schema],
        *,
        description: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Callable[[View], View]:
        """The answer: an object for `schema` to dump; `headers` maps names to descriptions."""
        return self._typed(
            self.response(
                int(status), schema, description=description, headers=_documented(headers)
            )
        )

    def also(
        self,
        status: HTTPStatus,
        schema: type[ma.Schema] | None = None,
        *,
        description: str,
        headers: Mapping[str, str] | None = None,
    ) -> Callable[[View], View]:
        """Documents a second good answer, which the view gives by naming its status; without a
        schema it has no body."""
        return self._typed(
            self.alt_response(
                int(status),
                schema=schema,
                description=description,
                success=True,
                headers=_documented(headers),
            )
        )

    def no_content(self, description: str) -> Callable[[View], View]:
        """The answer has no body; the view makes it."""
        return self._typed(self.response(int(HTTPStatus.NO_CONTENT), description=description))

    def elsewhere(self, description: str) -> Callable[[View], View]:
        """The answer sends a browser to another address; the view makes it."""
        return self._typed(
            self.response(
                int(HTTPStatus.FOUND),
                description=description,
                headers=_documented({"Location": "The address."}),
            )
        )

    def events(self, description: str) -> Callable[[View], View]:
        """The answer is a stream of server-sent events, which the view makes itself."""
        return self._typed(
            self.response(
                int(HTTPStatus.OK),
                {"type": "string"},
                content_type="text/event-stream",
                description=description,
            )
        )

    @staticmethod
    def _typed(decorator: Any) -> Callable[[View], View]:
        typed: Callable[[View], View] = decorator
        return typed


def _documented(headers: Mapping[str, str] | None) -> dict[str, object] | None:
    """Headers by name, with their descriptions, as OpenAPI has them."""
    if headers is None:
        return None
    return {
        name: {"description": text, "schema": {"type": "string"}} for name, text in headers.items()
    }


def _guarded(view: View, access: Access, scope: Scope | None, body_limit: int) -> View:
    takes_query = any(item["in"] == "query" for item in _arguments(view))

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        authenticate(access, scope)
        if takes_query:
            refuse_repeated_parameters()
        else:
            refuse_parameters()
        request.max_content_length = body_limit
        with _room_for_body(body_limit, request.content_length):
            return view(*args, **kwargs)

    return guarded  # type: ignore[return-value]  # wraps() keeps the signature


@contextmanager
def _room_for_body(body_limit: int, length: int | None) -> Iterator[None]:
    small = length is not None and length <= BODY_LIMIT_BYTES
    if body_limit <= BODY_LIMIT_BYTES or small:
        yield
        return
    if not _uploads.acquire(blocking=False):
        raise Overloaded("Other large uploads are being read; try again in a moment.")
    try:
        yield
    finally:
        _uploads.release()


def _arguments(view: Callable[..., Any]) -> list[dict[str, Any]]:
    documentation = getattr(view, "_apidoc", {})
    parameters: list[dict[str, Any]] = documentation.get("arguments", {}).get("parameters", [])
    return parameters


def _document(
    view: Callable[..., Any],
    rule: str,
    access: Access,
    errors: tuple[HTTPStatus, ...],
    operation: str,
    links: Links | None,
) -> None:
    """Add the answers that follow from what the route takes, so that no view repeats them."""
    statuses = {HTTPStatus.INTERNAL_SERVER_ERROR, HTTPStatus.UNPROCESSABLE_ENTITY, *errors}
    if access is not Access.OPEN:
        # Forbidden: an API token without the scope, a cookie without its CSRF token.
        statuses |= {
            HTTPStatus.UNAUTHORIZED,
            HTTPStatus.FORBIDDEN,
            HTTPStatus.SERVICE_UNAVAILABLE,
        }
    if "<" in rule:
        statuses.add(HTTPStatus.NOT_FOUND)
    if any(item["in"] == "json" for item in _arguments(view)):
        statuses |= {
            HTTPStatus.BAD_REQUEST,
            HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        }
    documentation: dict[str, Any] = deepcopy(getattr(view, "_apidoc", {}))
    responses = documentation.setdefault("response", {}).setdefault("responses", {})
    if links is not None:
        for good in next(iter(responses.values())):  # the only answer until here
            good["links"] = links.document()
    for status in sorted(statuses):
        responses.setdefault(int(status), []).append(status.name)
    manual = documentation.setdefault("manual_doc", {})
    manual["security"] = _SECURITY[access]
    manual["operationId"] = operation
    view._apidoc = documentation  # type: ignore[attr-defined]  # noqa: SLF001 - where flask-smorest looks
