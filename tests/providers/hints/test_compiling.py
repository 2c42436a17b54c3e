"""Compile errors: where to look, and what the first message means."""

from __future__ import annotations

import pytest

from algoitny.domain.hint import LEVELS
from tests.providers.hints.asking import CE, check, write


@pytest.mark.parametrize(
    ("message", "words"),
    [
        ("main.c:2:5: error: 'x' undeclared (first use)", ("line 2", "a name that it does not")),
        ("main.cpp:1:9: error: expected ';' before '}'", ("line 1", "something that has to stand")),
        ("main.cpp:3:1: error: no matching function for call", ("line 3", "types do not fit")),
        ('  File "main.py", line 2\nIndentationError: expected', ("line 2", "indentation")),
        ("main.c:900:1: error: strange", ("its first message", "not what the language allows")),
        ("", ("its first message", "not what the language allows")),
    ],
)
def test_compile_errors(message: str, words: tuple[str, str]) -> None:
    where, meaning = words
    for level in LEVELS:
        text = write("a\nb\nc", CE, language="c", compile_message=message, level=level)
        check(text, level)
        assert where in text or level > 2
        assert meaning in text or level != 2
