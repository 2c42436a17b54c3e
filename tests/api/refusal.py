"""How every refusal looks."""

from __future__ import annotations


def check(answer, status, pointer):
    """It is a problem document of this status that names this place."""
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    body = answer.json
    assert body["status"] == status
    assert body["detail"]
    if pointer is not None:
        assert pointer in [bad["pointer"] for bad in body["errors"]], body
