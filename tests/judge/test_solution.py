"""Python submissions that only define `solution`: when they are one, and what it is called with."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator

import pytest

from algoitny.domain.verdict import Verdict
from algoitny.judge import CaseResult, Judge, Limits, python_harness
from algoitny.judge.python_solution import UnusableSolution, kinds_of
from tests.judge.conftest import cases

ALONE = [
    "def solution(): return 1",
    '"""Adds."""\nimport sys, math\nfrom collections import *\ndef solution(): pass',
    "MOD = 10 ** 9 + 7\nINF = float('inf')\nA, B = 1, [0] * 5\nN: int = 3\ndef solution(): pass",
    "import sys\nsys.setrecursionlimit(10 ** 6)\ndef solution(): pass",
    "from sys import setrecursionlimit\nsetrecursionlimit(10 ** 6)\ndef solution(): pass",
    "import sys\ninput = sys.stdin.readline\nprint = sys.stdout.write\ndef solution(): pass",
    "import functools\n@functools.lru_cache(maxsize=None)\ndef f(n): return n\ndef solution(): f(1)",
    "from functools import cache\n@cache\ndef f(n): return f(n)\ndef solution(): f(1)",
    "def helper():\n    print(solution())\ndef solution(): pass",
    "class Node:\n    '''One.'''\n    count = 0\n    def __init__(self): print(1)\ndef solution(): Node()",
    "from dataclasses import dataclass\n@dataclass(order=True)\nclass P:\n    x: int = 0\ndef solution(): pass",
    "from collections import namedtuple\nP = namedtuple('P', 'x y')\ndef solution(): pass",
    "key = lambda x: print(x)\ndef solution(): pass",
    "PRIMES = [n for n in range(2, 50) if n % 2]\ndef solution(): pass",
    "DIGITS = {str(n): n for n in range(10)}\nbest = sorted({3, 1}, reverse=True)\ndef solution(): pass",
    "def solution(): return 1\ndef solution(): return 2",
    "def solution(): return solution",
    "...\npass\ndef solution(): pass",
    "from typing import List\ndef f(a: List[int]): pass\ndef solution() -> List[List[int]]: pass",
    "import typing as t\ndef f(a: t.Dict[str, t.Optional[int]]): pass\ndef solution(): pass",
    "class Node:\n    next: 'Node | None' = None\ndef f(a: list[Node], b: Node | None): pass\ndef solution(): pass",
    "from typing import Generic, TypeVar\nT = TypeVar('T')\nclass Stack(Generic[T]): pass\ndef solution(): pass",
    "import collections, math\nqueue = collections.deque([1])\nINF = math.inf * 2\ndef solution(): pass",
    "from dataclasses import dataclass, field\n@dataclass\nclass P:\n"
    "    x: list[int] = field(default_factory=list)\ndef solution(): pass",
]

PROGRAMS = [
    "print(solution)",
    "def solve(): return 1",
    "def solution(): return 1\nprint(solution())",
    "def solution(): return 1\nsolution()",
    "def solution(): return 1\nif __name__ == '__main__':\n    print(solution())",
    "def solution(): return 1\nanswer = solution()",
    "def solution(): return 1\nx = [solution() for _ in range(1)]",
    "def solution(): return 1\nx = max([1], key=lambda one: solution())",
    "def solution(): return 1\ndef f(): print(1)\nx = max([1], key=f)",
    "from collections import defaultdict\ndef solution(): return 1\nx = defaultdict(solution)[5]",
    "def solution(): return 1\nrun = solution\nx = list(run())",
    "def solution(): return 1\nn = int(input())",
    "def solution(): return 1\nfor x in (1,): pass",
    "def solution(): return 1\nwith open('/dev/null'): pass",
    "def solution(): return 1\nimport sys\nsys.stdout.write('x')",
    "def solution(): return 1\nimport sys\nsys.stdin = None",
    "def solution(): return 1\nx = 1\nx += 1\ndel x",
    "def run(f): f()\n@run\ndef solution(): return 1",
    "import atexit\n@atexit.register\ndef solution(): print(1)",
    "def cache(f): f()\n@cache\ndef solution(): return 1",
    "def setrecursionlimit(n): print(n)\nsetrecursionlimit(5)\ndef solution(): return 1",
    "def len(x): print(x)\nn = len([])\ndef solution(): return 1",
    "def f(x=print(1)): pass\ndef solution(): return 1",
    "def f(x: print(1)): pass\ndef solution(): return 1",
    "class A:\n    print(1)\ndef solution(): return 1",
    "def f(x: list[print(1)]): pass\ndef solution(): return 1",
    "class A(list[print(1)]): pass\ndef solution(): return 1",
    "from collections import defaultdict\ndef list(): print(1)\nx = defaultdict(list)[5]\ndef solution(): return 1",
    "class A:\n    def __init_subclass__(cls): print(1)\nclass B(A): pass\ndef solution(): return 1",
    "class A:\n    def __class_getitem__(cls, n): print(n)\nx = A[1]\ndef solution(): return 1",
    "class M(type):\n    def __new__(*a): print(1)\nclass B(metaclass=M): pass\ndef solution(): return 1",
    "def solution(): return 1\nsolution = 5",
    "solution = lambda: 5",
    "async def solution(): return 1",
    "class solution: pass",
    "import solution",
    "class Solution:\n    def solution(self): return 1",
    "try:\n    def solution(): return 1\nexcept ValueError: pass",
    "x = (y := 1)\ndef solution(): return 1",
]


@pytest.mark.parametrize("source", ALONE)
def test_alone(source: str) -> None:
    compile(source, "main.py", "exec")
    assert kinds_of(source.encode()) == ([], 0)


@pytest.mark.parametrize("source", PROGRAMS)
def test_programs_are_left_alone(source: str) -> None:
    compile(source, "main.py", "exec")
    assert kinds_of(source.encode()) is None


@pytest.mark.parametrize(
    ("parameters", "kinds", "needed"),
    [
        ("a", [""], 1),
        ("a: str", ["str"], 1),
        ("a, b: int, c: float", ["", "int", "float"], 3),
        ("a, /, b, c=1", ["", "", ""], 2),
        ("*rest", ["*"], 0),
        ("n, *rest: int, key=1, **more", ["", "*int"], 1),
        ("a: list, b: 'list[int]'", ["list", "list[int]"], 2),
        ("a: List[float], b: typing.List[str]", ["list[float]", "list[str]"], 2),
        ("a: list[list[int]]", ["list[list[int]]"], 1),
        ("a: list[list]", ["list[list]"], 1),
        ("a: dict, b: list[dict], c: 'no type', d: int | None, e: 5", ["", "list", "", "", ""], 5),
    ],
)
def test_parameters(parameters: str, kinds: list[str], needed: int) -> None:
    assert kinds_of(f"def solution({parameters}): pass".encode()) == (kinds, needed)


@pytest.mark.parametrize("parameters", ["a, *, b", "a: list[list[int]], b"])
def test_parameters_that_nothing_fits(parameters: str) -> None:
    with pytest.raises(UnusableSolution):
        kinds_of(f"def solution({parameters}): pass".encode())


CALLS: list[tuple[list[str], str, list[object]]] = [
    ([""], "3 4\nfive\n", ["3 4\nfive\n"]),
    (["str"], " x \n", [" x \n"]),
    (["int"], "7\n", [7]),
    (["", ""], "3 4\n", [3, 4]),
    (["", ""], "3\n\n4", [3, 4]),
    (["", "", "", "", "", ""], "-5 +2 2.50 0101 1e5 x", [-5, 2, 2.5, "0101", "1e5", "x"]),
    (["", "", "", "", "", ""], "0 1_0 -0.5 inf --1 ٣", [0, "1_0", -0.5, "inf", "--1", "٣"]),
    (["str", "float", "int"], "12 3 007", ["12", 3.0, 7]),
    (["", "list[int]"], "3\n1 2 3\n", [3, [1, 2, 3]]),
    (["", "list"], "3\n1 2.5\nx\n", [3, [1, 2.5, "x"]]),
    (["", "list[int]"], "0\n\n", [0, []]),
    (["list[int]", "list[int]"], "1 2\n3 4\n", [[1, 2], [3, 4]]),
    (["list[int]", "list[int]"], "\n3 4\n", [[], [3, 4]]),
    (["int", "list[str]", "list[float]"], "2 a b\n1 2\n", [2, ["a", "b"], [1.0, 2.0]]),
    (["int", "list[int]", "int"], "2\n5 6\n7\n", [2, [5, 6], 7]),
    (["int", "list[int]", "int"], "0\n\n7\n", [0, [], 7]),
    (["list[list[int]]"], "1 2\n\n3\n", [[[1, 2], [3]]]),
    (["int", "int", "list[list[str]]"], "1 2\n..# #\n#\n", [1, 2, [["..#", "#"], ["#"]]]),
    (["list"], "1\n2\n", [[1, 2]]),
    (["", "*"], "2\n4 5\n6", [2, 4, 5, 6]),
    (["*int"], "", []),
]


@pytest.mark.parametrize(("kinds", "given", "expected"), CALLS)
def test_calls(
    kinds: list[str], given: str, expected: list[object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(given))
    called: list[object] = []
    python_harness.main(lambda *arguments: called.append(arguments), kinds, len(kinds))
    assert called == [tuple(expected)]
    assert [type(one) for one in called[0]] == [type(one) for one in expected]  # type: ignore[attr-defined]


def test_defaults_stand_in_for_what_the_input_lacks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("1\n"))
    called: list[object] = []
    python_harness.main(lambda *arguments: called.append(arguments), ["", "", "list"], 1)
    assert called == [(1,)]


@pytest.mark.parametrize(
    ("kinds", "given", "words"),
    [
        (["", ""], "1\n", "takes 2 values, the input has 1"),
        (["", ""], "3\n1 2 3\n", "2 more: say which parameter is a list"),
        (["int"], "x", "invalid literal"),
    ],
)
def test_input_that_does_not_fit(
    kinds: list[str], given: str, words: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(given))
    with pytest.raises(ValueError, match=words):
        python_harness.main(print, kinds, len(kinds))


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        (None, ""),
        (5, "5\n"),
        (0, "0\n"),
        (True, "True\n"),
        (2.5, "2.5\n"),
        ("a b", "a b\n"),
        ("", "\n"),
        ([], "\n"),
        ([1, 2.0, "x"], "1 2.0 x\n"),
        ((1, (2, 3)), "1\n2 3\n"),
        ([[1, 2], [], "abc"], "1 2\n\nabc\n"),
        ({1: 2}, "{1: 2}\n"),
    ],
)
def test_answers(answer: object, shown: str, capsys: pytest.CaptureFixture[str]) -> None:
    python_harness.main(lambda: answer, [], 0)
    assert capsys.readouterr().out == shown


Solve = Callable[..., CaseResult]


@pytest.fixture(params=["prepared", "plain"])
def solve(request: pytest.FixtureRequest, judge: Judge) -> Iterator[Solve]:
    """Judge a source on one test; `plain` ones are started afresh, as their text asks for."""
    note = "" if request.param == "prepared" else "\n# gc.get_objects"

    def run(source: str, given: bytes = b"", answer: bytes = b"") -> CaseResult:
        judgement = judge.judge("python3", source + note, cases((given, answer)), limits=Limits())
        assert judgement.compile.ok, judgement.compile.message
        assert judgement.compile.message == ""
        return judgement.tests[0]

    return run


@pytest.mark.service
@pytest.mark.parametrize(
    ("source", "given", "answer"),
    [
        ("def solution(a, b):\n    return a + b", b"3 4\n", b"7\n"),
        ("def solution():\n    return int(input()) + int(input())", b"3\n4\n", b"7\n"),
        ("def solution(text):\n    print(len(text))", b"3\n4\n", b"4\n"),
        ("def solution(n, *rest: int):\n    return [n, sum(rest)]", b"2\n3 4\n", b"2 7\n"),
        ("# -*- coding: latin-1 -*-\ndef solution(a):\n    return len('é')", b"", b"2\n"),
        (
            "list = str = print = len = open = None\ndef solution(a, b: 'list[int]'): return [b]",
            b"1 2 3",
            b"2 3",
        ),
        (
            "from __future__ import annotations\ndef solution(a: list[int]): return sum(a)",
            b"1 2",
            b"3",
        ),
        ("from typing import List\ndef solution(a: List[int]) -> int: return sum(a)", b"1 2", b"3"),
        ("def solution(n: int):\n    return solution(n - 1) + 1 if n else 0", b"900", b"900"),
        (
            "import re\nX = r'\\d'\ndef solution(a):\n    return re.findall('\\d', a)",
            b"a1b2",
            b"1 2",
        ),
        ("def solution(a):\r\n    return a\r\n", b"x", b"x\n"),
        (
            "def solution(n, numbers: list[int]):\n    return max(numbers), sum(numbers)",
            b"3\n4 9 2\n",
            b"9 15\n",
        ),
        (
            "def solution(rows, columns, grid: list[list[str]]):\n"
            "    return [row[::-1] for row in grid]",
            b"1 2\na b\n",
            b"b a\n",
        ),
    ],
)
def test_judged(solve: Solve, source: str, given: bytes, answer: bytes) -> None:
    found = solve(source, given, answer)
    assert found.verdict is Verdict.AC, (found.output, found.stderr)


@pytest.mark.service
def test_its_errors_have_the_learners_lines(solve: Solve) -> None:
    found = solve("def solution(a, b):\n\n    return a // b\n", b"1 0")
    assert found.verdict is Verdict.RTE
    assert "ZeroDivisionError" in found.status
    assert b'"/box/main.py", line 3, in solution' in found.stderr
    assert len(found.stderr) < 700


@pytest.mark.service
def test_a_program_that_calls_solution_itself(solve: Solve) -> None:
    found = solve("def solution():\n    print(1)\n\nsolution()\n", answer=b"1\n")
    assert (found.verdict, found.output) == (Verdict.AC, b"1\n")


@pytest.mark.service
@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("def solution(a, *, b):\n    return a", "solution: a parameter behind *"),
        ("def solution(a:\n    return a", "main.py"),
        ("def solution(a):\n    return " + "-" * 50_000 + "a", ""),
    ],
)
def test_does_not_compile(judge: Judge, source: str, words: str) -> None:
    judgement = judge.judge("python3", source, cases((b"", b"")), limits=Limits())
    assert judgement.verdict is Verdict.CE
    assert words in judgement.compile.message
    assert "/box" not in judgement.compile.message
    assert "python_solution" not in judgement.compile.message


@pytest.mark.service
def test_each_test_calls_it(judge: Judge) -> None:
    source = "def solution(a, b):\n    return a + b"
    pairs = [(f"{n} {n}".encode(), str(2 * n).encode()) for n in range(5)]
    judgement = judge.judge("python3", source, cases(*pairs), limits=Limits())
    assert judgement.verdict is Verdict.AC
