"""The offline hints: what each rule recognises, and what no hint may ever do."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import product

import pytest

from algoitny.domain.hint import LEVELS, HintRequest
from algoitny.domain.history import History, TestResult
from algoitny.domain.problem import Problem, ProblemKey, ProblemSummary, TestCase
from algoitny.domain.verdict import State, Verdict
from algoitny.providers.hint import OfflineHintProvider
from algoitny.providers.hints import Evidence, compiling, compose, crash, overflow, pattern, slow
from algoitny.providers.hints.evidence import Bounds
from algoitny.providers.hints.source import TokenSource
from algoitny.providers.hints.wording import about
from algoitny.services.demo import read_index
from algoitny.services.package import ExampleSubmission, Expectation, Package

NOW = datetime(2026, 5, 4, tzinfo=UTC)
KEY = ProblemKey(platform="sample", number="1")
SECRET = "73519284"
"""Stands in everything of a hidden test; no hint may show it."""

AC, WA, TLE, RTE, CE = Verdict.AC, Verdict.WA, Verdict.TLE, Verdict.RTE, Verdict.CE
TRACEBACK = (
    'Traceback (most recent call last):\n  File "main.py", line {line}, in <module>\n{end}\n'
)


def request(
    code: str,
    verdict: Verdict = WA,
    *,
    level: int = 1,
    language: str = "python3",
    constraints: str = "1 ≤ n ≤ 20 000, 1 ≤ x ≤ 10^9",
    sample: Verdict = AC,
    sample_output: str = "1\n",
    error: str = "",
    status: str = "exit code 1",
    compile_message: str = "",
    solution: str | None = None,
) -> HintRequest:
    """An execution of one sample and two hidden tests, of which the second fails."""
    results = (
        TestResult(
            test_case_id="00001",
            verdict=sample,
            status=status,
            output=sample_output,
            error=error,
            is_sample=True,
        ),
        TestResult(test_case_id="00002", verdict=AC, status="accepted", output=SECRET),
        TestResult(
            test_case_id="00003", verdict=verdict, status=status, output=SECRET, error=error
        ),
    )
    history = History(
        id="h",
        user_id="u",
        user_identifier="learner",
        problem=KEY,
        problem_title="Title",
        language=language,
        is_code_public=False,
        state=State.DONE,
        verdict=verdict,
        created_at=NOW,
        updated_at=NOW,
    )
    summary = ProblemSummary(id=1, key=KEY, title="Title", created_at=NOW, updated_at=NOW)
    return HintRequest(
        level=level,
        problem=Problem(summary=summary, constraints=constraints, solution_code=solution),
        language=language,
        code=code,
        history=history,
        compile_message=compile_message,
        results=() if verdict is CE else results,
        samples=(TestCase(number=1, input=b"x\n", output=b"Ahoy 4.5\n", is_sample=True),),
    )


def write(code: str, verdict: Verdict = WA, **changes: object) -> str:
    return OfflineHintProvider().write(request(code, verdict, **changes))  # type: ignore[arg-type]  # named as in `request`


def check(text: str, level: int) -> None:
    """What holds for every hint."""
    words = len(text.split())
    assert 80 <= words <= 160, f"{words} words: {text}"
    assert len(re.findall(r"\w+", text)) >= 80, text
    assert SECRET not in text
    assert not re.search(r"[{}]", text), text
    if level < 4:
        assert "```" not in text
        assert "\n" not in text
    else:
        assert text.count("```") == 2


def failing_submissions() -> Iterator[tuple[Package, ExampleSubmission]]:
    for _, package in read_index():
        for submission in package.submissions:
            if submission.expectation is not Expectation.ACCEPTED:
                yield package, submission


SUBMISSIONS = [
    pytest.param(package, submission, id=f"{package.name}/{submission.path}")
    for package, submission in failing_submissions()
]
SHOWN = {
    Expectation.WRONG_ANSWER: (WA,),
    Expectation.TIME_LIMIT_EXCEEDED: (TLE,),
    Expectation.RUN_TIME_ERROR: (RTE, Verdict.MLE),
}


@pytest.mark.parametrize(("package", "submission"), SUBMISSIONS)
def test_every_level_for_every_sample_submission(
    package: Package, submission: ExampleSubmission
) -> None:
    error = TRACEBACK.format(line=3, end=f"ValueError: invalid literal for int(): '{SECRET}'")
    for verdict, sample in product(SHOWN[submission.expectation], (False, True)):
        texts = [
            write(
                submission.code,
                verdict,
                level=level,
                language=submission.language,
                constraints=package.constraints,
                sample=verdict if sample else AC,
                error=error,
                status="signal 11 (segmentation fault)",
            )
            for level in LEVELS
        ]
        for level, text in zip(LEVELS, texts, strict=True):
            check(text, level)
            for solution in package.submissions:
                if solution.expectation is Expectation.ACCEPTED:
                    assert not shared_run(text, solution.code, submission.code), text
        assert len(set(texts)) == 4


def shared_run(text: str, solution: str, own: str, *, length: int = 8) -> set[tuple[str, ...]]:
    """Runs of tokens that a hint shares with a solution, and that the learner does not have."""

    def runs(source: str) -> set[tuple[str, ...]]:
        tokens: Sequence[str] = re.findall(r"\w+|[^\w\s]", source)
        return {tuple(tokens[at : at + length]) for at in range(len(tokens) - length + 1)}

    return (runs(text) & runs(solution)) - runs(own)


@pytest.mark.parametrize(
    ("words", "case"),
    [(rule.WORDS, case) for rule in RULES_WITH_WORDS for case in rule.WORDS.cases]
    if (RULES_WITH_WORDS := (compiling, crash, overflow, pattern, slow))
    else [],
)
def test_all_words_have_the_length_of_a_hint(words: object, case: str) -> None:
    """Each case with the shortest and with the longest that its slots can hold."""
    long = "`" + "w" * 30 + "`"
    reach = overflow._reach(Bounds(value=10**18, size=10**5))
    slots = [
        {"line": 1, "name": "`x`", "where": "line 1", "tool": "`t`", "steps": "", "reach": ""},
        {
            "line": 65000,
            "name": long,
            "where": "its first message",
            "tool": "all warnings (`-Wall`)",
            "steps": "With 2·10^4 things this comes to about 4·10^8 steps. A compiled program "
            "manages some 10^9 simple steps a second at best.",
            "reach": reach,
        },
    ]
    openings = (
        "The system ended the program with signal 11",
        "The program ended with an exit code other than 0",
    )
    for filling, opening, level, sample, verdict in product(
        slots, openings, LEVELS, (AC, WA), (WA, CE)
    ):
        evidence = Evidence.of(request("x = 1", verdict, sample=sample))
        advice = words.advice(case, opening=opening, **filling)  # type: ignore[attr-defined]  # Words
        check(compose(evidence, advice, level), level)


@pytest.mark.parametrize("level", LEVELS)
def test_same_request_same_words(level: int) -> None:
    code = "for i in range(n):\n    for j in range(n):\n        pass\n"
    assert len({write(code, TLE, level=level) for _ in range(3)}) == 1


def test_opening_tells_the_pattern_of_verdicts() -> None:
    only_hidden = write("print(1)")
    assert "test 3 is the first to fail, and 2 of 3 tests pass" in only_hidden
    assert "only hidden tests fail" in only_hidden
    with_sample = write("print(1)", sample=WA)
    assert "test 1 is the first to fail, and 1 of 3" in with_sample
    assert "A sample is among" in with_sample


# --- integer overflow ---------------------------------------------------------------------------

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


# --- too slow -----------------------------------------------------------------------------------


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


# --- run-time errors ----------------------------------------------------------------------------


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


# --- compile errors -----------------------------------------------------------------------------


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


# --- what is left -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("Ahoy\n4.5", "only blanks or line ends"),
        ("AHOY 4.5\n", "in other letters"),
        ("", "wrote nothing"),
        ("Enter x: Ahoy 4.5\n", "something else is printed before it"),
        ("Avast 9\n", "you can run exactly this case"),
    ],
)
def test_failing_sample_is_compared(output: str, words: str) -> None:
    text = write("print(1)", sample=WA, sample_output=output)
    assert words in text
    check(text, 1)


def test_nearly_right_numbers() -> None:
    asked = request("print(1)", sample=WA, sample_output="4\n")
    sample = TestCase(number=1, input=b"", output=b"4.5\n", is_sample=True)
    near = HintRequest(**{**_fields(asked), "samples": (sample,)})
    assert "nearly right" in OfflineHintProvider().write(near)


def _fields(asked: HintRequest) -> dict[str, object]:
    return {name: getattr(asked, name) for name in HintRequest.__slots__}


@pytest.mark.parametrize("verdict", [verdict for verdict in Verdict if verdict not in (AC, CE)])
@pytest.mark.parametrize("level", LEVELS)
def test_every_verdict_has_a_general_hint(verdict: Verdict, level: int) -> None:
    check(write("x", verdict, level=level, language="kotlin"), level)


HOSTILE = [
    "(" * 65536,
    "[" * 65536,
    "{" * 65536,
    "-" * 65535 + "1",
    "not " * 16000 + "1",
    "1+" * 32000 + "1",
    "a" + ".b" * 32000,
    "a" + "()" * 32000,
    "if 1: pass\n" + "elif 1: pass\n" * 5000,
    "lambda:" * 9000 + "1",
    "for(" * 16000,
    "for(;;)" * 9000,
    "for(;;){" * 8000,
    "while(x)" * 8000 + ";",
    "int " * 16000,
    "int a=" * 10000,
    "int a[" * 10000,
    "int a," * 10000 + "a;a+=a;" * 500,
    "a*" * 32000,
    "a]" * 32000 + "+=b",
    "/*" * 32768,
    '"' * 65535,
    "'\\" * 32768,
    "\n" * 65536,
    "é" * 32768,
    "\ud7ff\u202e" * 10000,
    "[x for x in " * 5000,
    "def f():\n f()+f()\n" * 3000,
]


@pytest.mark.parametrize("code", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_python_gets_its_hint(code: str) -> None:
    check(write(code, TLE), 1)


@pytest.mark.parametrize("code", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_tokens_get_their_hint_in_linear_work(
    code: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    looks = 0
    look = TokenSource.text

    def counted(source: TokenSource, at: int) -> str:
        nonlocal looks
        looks += 1
        return look(source, at)

    monkeypatch.setattr(TokenSource, "text", counted)
    for verdict in (WA, TLE):
        check(write(code, verdict, language="cpp", constraints="n ≤ 10^6"), 1)
    assert looks < 100 * len(code)


def test_execution_without_results_gets_a_general_hint() -> None:
    asked = request("x", WA)
    bare = HintRequest(**{**_fields(asked), "results": ()})
    for level in LEVELS:
        check(OfflineHintProvider().write(HintRequest(**{**_fields(bare), "level": level})), level)


def test_hints_never_depend_on_the_output_of_hidden_tests() -> None:
    asked = request("print(1)", sample=WA)
    changed = tuple(replace(r, output="" if not r.is_sample else r.output) for r in asked.results)
    blank = HintRequest(**{**_fields(asked), "results": changed})
    assert OfflineHintProvider().write(asked) == OfflineHintProvider().write(blank)


def test_hints_never_depend_on_the_solution() -> None:
    code = "for i in range(n):\n    for j in range(n):\n        pass"
    for level in LEVELS:
        assert write(code, TLE, level=level) == write(
            code, TLE, level=level, solution="known = {}\nfor item in items:\n    pass\n"
        )
