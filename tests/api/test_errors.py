"""Problem documents, and that all errors are there: in the table, in the docs."""

from __future__ import annotations

import re
from pathlib import Path
from unittest.mock import Mock

import pytest
from werkzeug.exceptions import ImATeapot, ServiceUnavailable

from algoitny.api.errors import OUR_FAULT, STATUS, TYPE_PREFIX, status_of
from algoitny.domain import errors
from algoitny.domain.clock import next_reset
from algoitny.domain.errors import AlgoItnyError, StoreUnavailable

DOCS = Path(__file__).parents[2] / "docs" / "errors.md"


def tree(kind=AlgoItnyError):
    """The class and all below it that a client can tell apart: those with a slug of their own."""
    if "slug" in vars(kind):
        yield kind
    for below in kind.__subclasses__():
        yield from tree(below)


def test_every_class_has_a_status():
    assert set(STATUS) == set(tree())


def test_a_class_without_a_slug_is_shown_as_the_one_it_is_made_from():
    class Stale(errors.StaleVersion):
        pass

    assert status_of(Stale) == STATUS[errors.StaleVersion]
    assert Stale.slug == "stale-version"


def test_slugs_are_distinct():
    slugs = [kind.slug for kind in tree()]
    assert len(set(slugs)) == len(slugs)


def sections():
    """slug → text, of docs/errors.md."""
    parts = re.split(r"^## (.+)$", DOCS.read_text(), flags=re.MULTILINE)
    return dict(zip(parts[1::2], parts[2::2], strict=True))


def test_the_docs_have_a_heading_for_each():
    assert set(sections()) == {kind.slug for kind in tree()}


def test_the_docs_name_the_status_of_each():
    text = sections()
    for kind, status in STATUS.items():
        assert f"**{status.value}**" in text[kind.slug], kind.slug
        assert "What to do:" in text[kind.slug], kind.slug


def test_the_page_that_types_point_at(world):
    page = world.client.get(TYPE_PREFIX.rstrip("#"))
    assert page.mimetype == "text/html"
    assert {f'id="{kind.slug}"' in page.text for kind in tree()} == {True}


@pytest.fixture
def raising(world, monkeypatch):
    """Makes a route raise, and calls it."""

    def call(error):
        fail = Mock(side_effect=error)
        monkeypatch.setitem(world.app.view_functions, "languages.list_languages", fail)
        return world.client.get("/api/languages/")

    return call


@pytest.mark.parametrize("kind", sorted(tree(), key=lambda kind: kind.slug))
def test_each_as_a_document(raising, world, kind):
    error = kind.__new__(kind)
    AlgoItnyError.__init__(error, "A sentence.")
    if issubclass(kind, errors.InvalidInput):
        error.errors = (errors.FieldError("/code", "Why."),)
    if kind is errors.QuotaExceeded:
        error = kind("hint", 5, 5, next_reset(world.clock.now()))
    answer = raising(error)
    body = answer.json
    assert answer.status_code == body["status"] == STATUS[kind]
    assert answer.content_type == "application/problem+json"
    assert body["type"] == TYPE_PREFIX + kind.slug
    assert body["title"] == kind.title
    assert body["instance"] == answer.headers["X-Request-Id"]
    assert body["detail"] == (OUR_FAULT if body["status"] == 500 else error.detail)
    assert ("Retry-After" in answer.headers) == (body["status"] in (429, 503))
    assert ("WWW-Authenticate" in answer.headers) == (body["status"] == 401)
    if issubclass(kind, errors.InvalidInput):
        (named,) = body["errors"]
        assert named["pointer"] == ("/query/cursor" if kind is errors.InvalidCursor else "/code")


def test_what_nobody_expected(raising, logged):
    answer = raising(ZeroDivisionError("secret-detail"))
    assert answer.status_code == 500
    assert answer.json == {
        "type": TYPE_PREFIX + "internal-error",
        "title": "Internal error",
        "status": 500,
        "detail": OUR_FAULT,
        "instance": answer.headers["X-Request-Id"],
    }
    assert "secret-detail" not in answer.text
    (failure,) = [entry for entry in logged if entry["log_level"] == "error"]
    assert isinstance(failure["exc_info"], ZeroDivisionError)
    assert failure["request_id"] == answer.json["instance"]


def test_the_store_is_down(raising):
    answer = raising(StoreUnavailable("throttled"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


@pytest.mark.parametrize(("error", "status"), [(ImATeapot(), 400), (ServiceUnavailable(), 500)])
def test_errors_of_the_framework(raising, error, status):
    answer = raising(error)
    assert answer.status_code == answer.json["status"] == status
