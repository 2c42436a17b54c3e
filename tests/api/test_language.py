"""The list of languages."""

from __future__ import annotations


def test_languages(world):
    items = world.get("/api/languages/", "anonymous").json["items"]
    assert [(item["id"], item["version"], item["is_available"]) for item in items] == [
        ("python3", "3.11.2", True),
        ("c", "12.2", True),
        ("rust", None, False),
    ]
    assert items[0]["compile_command"] is None
    assert items[1]["compile_command"] == "cc main.c"
    assert items[1]["run_command"] == "./main"


def test_a_language_that_no_machine_has(world):
    answer = world.submit(language="rust")
    assert answer.status_code == 422
    assert answer.json["type"].endswith("#language-unavailable")
