"""Problem documents, and that all errors are there: in the table, in the docs."""

from __future__ import annotations

import re
from pathlib import Path

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


def raising(world, error):
    """Make a route raise, and call it."""
    endpoint = "languages.list_languages"

    def fail():
        raise error

    world.app.view_functions[endpoint] = fail
    return world.get("/api/languages/", "anonymous")


@pytest.mark.parametrize("kind", sorted(tree(), key=lambda kind: kind.slug))
def test_each_as_a_document(world, kind):
    error = kind.__new__(kind)
    AlgoItnyError.__init__(error, "A sentence.")
    if issubclass(kind, errors.InvalidInput):
        error.errors = (errors.FieldError("/code", "Why."),)
    if kind is errors.QuotaExceeded:
        error = kind("hint", 5, 5, next_reset(world.clock.now()))
    world.document.check_answer = lambda *_: None  # a made-up answer of this route
    answer = raising(world, error)
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
        assert body["errors"] == [{"pointer": "/code", "detail": "Why."}]


def test_what_nobody_expected(world, capsys):
    answer = raising(world, ZeroDivisionError("secret-detail"))
    assert answer.status_code == 500
    assert answer.json == {
        "type": TYPE_PREFIX + "internal-error",
        "title": "Internal error",
        "status": 500,
        "detail": OUR_FAULT,
        "instance": answer.headers["X-Request-Id"],
    }
    assert "secret-detail" not in answer.text
    logged = capsys.readouterr().out
    assert "ZeroDivisionError" in logged
    assert answer.headers["X-Request-Id"] in logged


def test_the_store_is_down(world):
    answer = raising(world, StoreUnavailable("throttled"))
    assert (answer.status_code, answer.headers["Retry-After"]) == (503, "2")


@pytest.mark.parametrize(("error", "status"), [(ImATeapot(), 400), (ServiceUnavailable(), 500)])
def test_errors_of_the_framework(world, error, status):
    world.document.check_answer = lambda *_: None  # a made-up answer of this route
    answer = raising(world, error)
    assert answer.status_code == answer.json["status"] == status
