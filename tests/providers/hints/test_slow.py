"""Too slow: the shapes that are found, and those that only look like them."""

from __future__ import annotations

import pytest

from tests.providers.hints.asking import TLE, check, write


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("for i in range(n):\n    for j in range(n):\n        pass", "line 2: a loop stands there"),
        (
            "m = [[0 for x in v] for y in v]\nwhile a:\n  for y in v:\n    for x in v: f()",
            "line 4:",
        ),
        ("while a:\n  for x in v:\n    pass", "line 2: a loop stands there"),
        ("for i in range(n):\n  t = sum(x for x in v)", "line 2: a loop stands there"),
        ("def f():\n  for x in v: pass\nfor i in v:\n  f()", "line 2: a loop stands there"),
        ("for i in range(n):\n  t = text.split()[i]", "line 2: `text` is taken apart"),
        ("for i in range(n):\n  t = sum(v[i:i + k])", "line 2: `v` is taken apart"),
        ("for i in range(n):\n  t = max(v)", "line 2: `v` is taken apart"),
        ("while v:\n  v.pop(0)", "line 2: `v` is changed at its front"),
        ("while v:\n  v = v[1:]", "line 2: `v` is changed at its front"),
        ("for i in w:\n  k = v.index(i)", "line 2: `v` is changed at its front"),
        ("def f(n):\n  return f(n - 1) + f(n - 2)", "`f` calls itself more than once"),
        ("i = 0\nwhile i < n:\n  i += 1", "line 2: the loop runs once for every single unit"),
    ],
)
def test_slow_python_is_found(code: str, words: str) -> None:
    text = write(code, TLE)
    assert words in text
    check(text, 1)


@pytest.mark.parametrize(
    "code",
    [
        "for i in range(n):\n    for d in range(4):\n        pass",
        "for i in range(n):\n    for d in (1, -1):\n        pass",
        "for line in lines:\n    parts = line.split()",
        "def f(row):\n  return max(row)\nfor r in rows:\n  f(r)",
        "@cache\ndef f(n):\n  return f(n - 1) + f(n - 2)",
        "def f(n):\n  memo[n] = f(n - 1) + f(n - 2)",
        "while v:\n  v.pop()",
        "for i in v: pass\nfor j in v: pass",
        "this is no python",
    ],
)
def test_slow_python_is_not_claimed(code: str) -> None:
    text = write(code, TLE, constraints="n ≤ 20 000")
    assert "still working when the time is over" in text


def test_slow_reading_needs_much_input() -> None:
    code = "for i in range(n):\n    x = input()"
    assert "`input` is called there" in write(code, TLE, constraints="n ≤ 10^6")
    assert "`input` is called there" not in write(code, TLE, constraints="n ≤ 10^4")


def test_quadratic_is_fine_for_small_sizes() -> None:
    code = "for i in range(n):\n    for j in range(n):\n        pass"
    assert "loop stands there" not in write(code, TLE, constraints="n ≤ 500")


def test_steps_are_estimated() -> None:
    code = "for i in range(n):\n    for j in range(n):\n        pass"
    assert "With 2·10^4 things this comes to about 4·10^8 steps" in write(code, TLE, level=2)


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("for(i=0;i<n;i++)\n for(j=0;j<n;j++) x++;", "line 2: a loop stands there"),
        ("for(;;) {\n while(x) { y(); } }", "line 2: a loop stands there"),
        ("while(n)\n v.erase(v.begin());", "line 2: `v` is changed at its front"),
        ("for(i=0;i<n;i++)\n x += strlen(s);", "line 2: `s` is taken apart"),
    ],
)
def test_slow_tokens_are_found(code: str, words: str) -> None:
    assert words in write(code, TLE, language="cpp", constraints="n ≤ 20 000")


@pytest.mark.parametrize(
    "code",
    [
        "for(i=0;i<n;i++) for(d=0;d<4;d++) x++;",
        "for(d=0;d<4;d++) for(i=0;i<n;i++) x++;",
        "for(i=0;i<n;i++) x++; for(j=0;j<n;j++) y++;",
        "for(i=0;i<n;i++) { x++; } while(y) y--;",
        "for(i=0;i<n;i++) if(x) { y(); } while(y) y--;",
        "do { x--; } while(x); for(;;) y();",
    ],
)
def test_slow_tokens_are_not_claimed(code: str) -> None:
    assert "loop stands there" not in write(code, TLE, language="c", constraints="n ≤ 20 000")


def test_slow_reading_in_cpp() -> None:
    code = "for(i=0;i<n;i++) cin >> x;"
    assert "`cin` is called" in write(code, TLE, language="cpp", constraints="n ≤ 10^6")
    quick = "ios::sync_with_stdio(false); " + code
    assert "`cin` is called" not in write(quick, TLE, language="cpp", constraints="n ≤ 10^6")
