"""Integer overflow: found where the constraints allow it, and not claimed elsewhere."""

from __future__ import annotations

import pytest

from algoitny.providers.hints.evidence import Bounds
from algoitny.providers.hints.wording import about
from tests.providers.hints.asking import RTE, WA, check, write

C_MAIN = "int main() {{\n  int n, t = 0;\n  cin >> n;\n  {body}\n  cout << t;\n}}\n"


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ('int main(){ int a; scanf("%d", &a); }', "`a` is read into 32 bits"),
        ("int f(int a, int b) {\n return a * b; }", "line 2, where `a` is multiplied"),
        ("vector<int> v(9);\nlong long t = v[i] * v[j];", "line 2, where `v` is multiplied"),
        ("int t = 0;\nt += x[i];", "line 2, where `t` grows"),
        ("int x[9], t;\nt *= x[0];", "line 2, where `t` grows"),
        ("long long a, b;\nint s = a + b;", "the 32-bit `s` takes the result"),
        ("int d[9];\nd[b] = d[a] + t;", "line 2, where `d` grows"),
        ("map<int, int> m;\nm[k] += other->second;", "`m` grows"),
        ("unsigned int u = 0; u += x;", "`u` grows"),
    ],
)
def test_overflow_is_found(code: str, words: str) -> None:
    text = write(code, language="cpp", constraints="1 ≤ n ≤ 10^5, x ≤ 10^10")
    assert words in text
    check(text, 1)


@pytest.mark.parametrize(
    "code",
    [
        "long long t = 0; t += x;",
        "int64_t t = 0; t += x;",
        "#define int long long\nint t = 0; t += x;",
        "int t = 0; t += 1;",
        "int t = 0; t++;",
        "int a, b; long long t = (long long)a * b;",
        "int a, b; long long t = 1LL * a * b;",
        "int *p; int *q = p;",
        'const char *s = "int t; t += x";',
        "// int t; t += x;\n/* int t; t += x; */",
        "unsigned long long t = 0; t += x;",
        "long int t = 0; t += x;",
        "int t = 0; t = t + 1;",
    ],
)
def test_overflow_is_not_claimed(code: str) -> None:
    assert "32" not in write(code, language="cpp", constraints="1 ≤ n ≤ 10^5, x ≤ 10^9")


@pytest.mark.parametrize(
    "changes",
    [
        {"constraints": "1 ≤ n ≤ 100, 0 ≤ x ≤ 1000"},
        {"sample": WA},
        {"language": "java"},
        {"verdict": RTE},
    ],
)
def test_overflow_needs_large_numbers_right_samples_and_c(changes: dict[str, object]) -> None:
    arguments = {"verdict": WA, "language": "cpp", **changes}
    assert "32" not in write("int t = 0; t += x;", **arguments)  # type: ignore[arg-type]  # named as in `request`


def test_overflow_names_what_the_constraints_allow() -> None:
    text = write(
        "int t = 0; t += x;",
        level=2,
        language="c",
        constraints="1 ≤ n ≤ 20 000, |x| ≤ 1 000 000",
    )
    assert "as large as 10^6" in text
    assert "2·10^4 of them" in text


@pytest.mark.parametrize(
    ("text", "size", "value"),
    [
        ("1 ≤ n ≤ 20 000", 20_000, 20_000),
        ("1 <= n, m <= 2*10^5; |x| < 10^9", 200_000, 10**9),
        (r"$1 \le n \leq 2 \cdot 10^{5}$ and $a_i \le 10^9$", 200_000, 10**9),
        ("1≤n≤10⁵\n−10¹⁸ ≤ a, b ≤ 10¹⁸", 10**5, 10**18),
        ("n ≤ 1,000,000", 10**6, 10**6),
        ("N is at most 10**4", 10**4, 10**4),
        ("The memory limit is 64 MiB.", None, None),
        ("0 ≤ s < e ≤ 20 000 000", None, 20_000_000),
        ("", None, None),
    ],
)
def test_bounds(text: str, size: int | None, value: int | None) -> None:
    assert Bounds.of(text) == Bounds(size=size, value=value)


@pytest.mark.parametrize(
    ("number", "text"),
    [
        (900, "900"),
        (20_000, "2·10^4"),
        (64_000_000, "6.4·10^7"),
        (10**12, "10^12"),
        (99_999, "10^5"),
    ],
)
def test_about(number: int, text: str) -> None:
    assert about(number) == text
