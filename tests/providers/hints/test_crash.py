"""Run-time errors: explained, without repeating what a program writes about itself."""

from __future__ import annotations

import pytest

from algoitny.domain.hint import LEVELS
from tests.providers.hints.asking import RTE, SECRET, TRACEBACK, check, write


@pytest.mark.parametrize(
    ("end", "words"),
    [
        ("IndexError: list index out of range", "a position outside the list"),
        ("RecursionError: maximum recursion depth exceeded", "called one another too deeply"),
        ("ZeroDivisionError: division by zero", "divided by zero"),
        (f"KeyError: '{SECRET}'", "a key was looked up"),
        ("EOFError: EOF when reading a line", "when the input had ended"),
        ("TypeError: unsupported operand", "a kind that it cannot work with"),
        ("AttributeError: no attribute", "a kind that it cannot work with"),
        ("NameError: name 'x' is not defined", "no value at that moment"),
        ("AssertionError", "assertion of your own"),
        ("MemoryError", "no memory left"),
        (f"json.decoder.ValueError: {SECRET}", "the right kind that it cannot use"),
    ],
)
def test_python_exceptions(end: str, words: str) -> None:
    error = TRACEBACK.format(line=2, end=end)
    text = write("a\nb\nc", RTE, error=error)
    name = end.partition(":")[0].rpartition(".")[2]
    assert f"Python stopped in line 2 with {name}: " in text
    assert words in text
    for level in LEVELS:
        check(write("a\nb\nc", RTE, error=error, level=level), level)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("a, b = map(int, input().split())", "another number of values"),
        ("n = int(input())", "to become a number and is none"),
        ("best = max(values)", "a value of the right kind"),
        ("f(a, b=int(x))", "to become a number and is none"),
    ],
)
def test_value_errors_by_what_the_line_does(line: str, words: str) -> None:
    error = TRACEBACK.format(line=2, end="ValueError: " + SECRET)
    assert words in write(f"import sys\n{line}\n", RTE, error=error)


@pytest.mark.parametrize(
    ("status", "stderr", "words"),
    [
        ("signal 11 (segmentation fault)", "", "signal 11: it touched memory"),
        ("signal 8 (floating point exception)", "", "signal 8: something was divided by zero"),
        ("signal 6 (aborted)", "", "signal 6: it gave up"),
        (
            "signal 6 (aborted)",
            "terminate called after throwing an instance of 'std::bad_alloc'",
            "`std::bad_alloc`, uncaught: there was no memory",
        ),
        (
            "signal 6 (aborted)",
            "terminate called after throwing an instance of 'std::out_of_range'",
            "a position outside",
        ),
        ("exit code 3", "", "an exit code other than 0"),
        ("signal 31 (bad system call)", "", "broke off before it had answered"),
    ],
)
def test_native_crashes(status: str, stderr: str, words: str) -> None:
    text = write("int main() {}", RTE, language="c", status=status, error=stderr)
    assert words in text
    check(text, 1)


@pytest.mark.parametrize(
    "error",
    [
        f"{SECRET}Error: x\n",
        f"Number{SECRET}Error: x\n",
        TRACEBACK.format(line=SECRET, end="IndexError: x"),
        TRACEBACK.format(line=4, end="IndexError: x"),
        f'  File "<string>", line 1\nE{SECRET}: x\n',
        f"terminate called after throwing an instance of 'std::x{SECRET}'",
    ],
)
def test_what_a_program_writes_about_itself_is_not_repeated(error: str) -> None:
    """An exception's name and line could carry what was read from a hidden test."""
    for language in ("python3", "cpp"):
        text = write("a\nb\nc", RTE, error=error, language=language, status=f"exit code {SECRET}")
        check(text, 1)
        assert "line 4" not in text


def test_a_frame_of_the_library_is_not_the_learners_line() -> None:
    error = (
        'Traceback (most recent call last):\n  File "main.py", line 3, in <module>\n'
        '  File "/usr/lib/python3.11/heapq.py", line 1, in heappop\nIndexError: x\n'
    )
    assert "in line 3 with IndexError" in write("a\nb\nc", RTE, error=error)
