"""Checkers that are programs: what they get, what their ends mean, and whose fault they are."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from algoitny.domain.errors import JudgeFailure, LanguageUnavailable
from algoitny.domain.verdict import Verdict
from algoitny.judge import (
    Cancelled,
    Case,
    CaseResult,
    CustomChecker,
    Judge,
    Judgement,
    Limits,
    custom,
)
from algoitny.judge import judge as judging
from algoitny.judge.pool import TRIES
from algoitny.judge.records import MIB
from algoitny.judge.sandbox import TEST
from tests.judge.conftest import cases
from tests.waiting import wait_until

pytestmark = pytest.mark.service

ECHO = "import sys\nsys.stdout.buffer.write(sys.stdin.buffer.read())"
Check = Callable[..., Judgement]

DIVISOR = """
import sys
given, answer, feedback = open(sys.argv[1]), open(sys.argv[2]), sys.argv[3]
number, output = int(given.read()), sys.stdin.read().split()
right = len(output) == 1 and output[0].isdigit() and int(output[0]) > 1
right = right and number % int(output[0]) == 0
with open(feedback + "judgemessage.txt", "w") as message:
    print("the answer was", answer.read(), file=message)
if not right:
    with open(feedback + "teammessage.txt", "w") as message:
        print("no\\tdivisor\\x00", *output, file=message)
sys.exit(42 if right else 43)
"""


@pytest.fixture
def check(judge: Judge) -> Check:
    """Judge a program that writes its input, on tests, with a checker in Python."""

    def run(
        checker: str,
        *pairs: tuple[bytes, bytes],
        flags: tuple[str, ...] = (),
        language: str = "python3",
    ) -> Judgement:
        return judge.judge(
            "python3",
            ECHO,
            cases(*pairs),
            limits=Limits(),
            checker=CustomChecker(language=language, code=checker.encode(), flags=flags),
        )

    return run


def test_what_it_rejects_may_be_the_last_test(judge: Judge) -> None:
    judgement = judge.judge(
        "python3",
        "print({'12': 4, '15': 7}[input()])",
        cases((b"12", b"2"), (b"15", b"3"), (b"16", b"8")),
        limits=Limits(),
        checker=CustomChecker(language="python3", code=DIVISOR.encode()),
        stop_on_first_failure=True,
    )
    assert [test.verdict for test in judgement.tests] == [Verdict.AC, Verdict.WA]


def test_several_answers_are_right(judge: Judge) -> None:
    judgement = judge.judge(
        "python3",
        "print({'12': 4, '15': 5, '16': 3}[input()])",
        cases((b"12", b"2"), (b"15", b"3"), (b"16", b"8")),
        limits=Limits(),
        checker=CustomChecker(language="python3", code=DIVISOR.encode()),
    )
    first, second, third = judgement.tests
    assert [test.verdict for test in judgement.tests] == [Verdict.AC, Verdict.AC, Verdict.WA]
    assert (first.status, second.status) == ("accepted", "accepted")
    assert third.status == "wrong answer: no divisor 3"
    assert [test.judge_message for test in judgement.tests] == [
        b"the answer was 2\n",
        b"the answer was 3\n",
        b"the answer was 8\n",
    ]


def test_a_compiled_checker(check: Check) -> None:
    source = """
#include <fstream>
#include <iostream>
int main(int argc, char **argv) {
    std::ifstream answer(argv[2]);
    std::string wanted, found;
    answer >> wanted;
    std::cin >> found;
    return argc == 4 && wanted == found ? 42 : 43;
}
"""
    judgement = check(source, (b"a", b"a"), (b"a", b"b"), language="cpp")
    assert [test.verdict for test in judgement.tests] == [Verdict.AC, Verdict.WA]
    assert judgement.tests[1].status == "wrong answer"


def test_its_arguments_files_and_place(check: Check) -> None:
    """Files are read-only, the feedback folder ends in a separator and is as new for each test;
    nothing of the tests before is there."""
    source = """
import os, sys
assert sys.argv[3].endswith("/") and sys.argv[4:] == ["case_sensitive", "0.5"], sys.argv
for path in sys.argv[1:3]:
    try:
        open(path, "w")
    except OSError:
        continue
    raise SystemExit("written to")
assert sorted(os.listdir(os.path.dirname(sys.argv[1]))) == ["answer", "input", "main.py"]
assert open(sys.argv[1], "rb").read() == sys.stdin.buffer.read()
assert open(sys.argv[2], "rb").read() == b"answer"
assert os.listdir(sys.argv[3]) == [], os.listdir(sys.argv[3])
os.makedirs(sys.argv[3] + "some/where")
open(sys.argv[3] + "teammessage.txt", "w").write("from before")
os.remove(sys.argv[3] + "teammessage.txt")
open(sys.argv[3] + "left", "w").write("from before")
sys.exit(42)
"""
    pairs = [(b"\0in\xff%d" % number, b"answer") for number in range(3)]
    judgement = check(source, *pairs, flags=("case_sensitive", "0.5"))
    assert judgement.verdict is Verdict.AC


@pytest.mark.parametrize(
    ("checker", "words"),
    [
        ("import sys; sys.exit(0)", "exit code 0, which is neither 42 nor 43"),
        ("import sys; sys.exit(1)", "exit code 1"),
        ("import os; os.kill(os.getpid(), 11)", "signal 11"),
        ("raise ValueError('SECRET')", "exit code 1"),
        ("print('x' * (2 << 20)); raise SystemExit(42)", "printed more than"),
        ("import time; time.sleep(60)", "exceeded its time limit"),
        ("while True: pass", "exceeded its time limit"),
        ("x = []\nwhile True: x.append(bytearray(1 << 20))", "exceeded its memory limit"),
    ],
)
def test_what_is_no_decision_is_the_judges_failure(
    check: Check, monkeypatch: pytest.MonkeyPatch, checker: str, words: str
) -> None:
    is_slow = "time limit" in words
    few = Limits(
        time_ms=300 if is_slow else 10_000,
        wall_ms=600 if is_slow else 60_000,
        memory_mb=100,
        output_bytes=MIB,
    )
    monkeypatch.setattr(custom, "LIMITS", few)
    with pytest.raises(JudgeFailure) as caught:
        check(checker, (b"SECRET", b"SECRET"))
    assert words in caught.value.detail
    assert "SECRET" not in caught.value.detail, "details are stored and logged"


def test_all_tests_together_have_a_limit_too(check: Check, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of which each is far from its own."""
    slow = "import time\ntime.sleep(0.2)\nraise SystemExit(42)"
    assert check(slow, *[(b"", b"")] * 4).verdict is Verdict.AC
    monkeypatch.setattr(custom, "ALL_SECONDS", 0.7)
    with pytest.raises(JudgeFailure, match="over all tests"):
        check(slow, *[(b"", b"")] * 4)


def test_what_it_says_is_for_the_setter(check: Check) -> None:
    source = (
        "import sys\nopen(sys.argv[3] + 'judgemessage.txt', 'w').write('on line 3')\n"
        "print('no such file', file=sys.stderr)\nsys.exit(2)"
    )
    with pytest.raises(JudgeFailure) as caught:
        check(source, (b"", b""))
    assert caught.value.complaint == "on line 3\nno such file\n"


def test_one_that_does_not_compile(check: Check) -> None:
    with pytest.raises(JudgeFailure) as caught:
        check("int main() { return SECRET; }", (b"", b""), language="c")
    assert caught.value.detail == "The checker does not compile."
    assert "SECRET" in caught.value.complaint


def test_a_language_that_is_not_there(check: Check) -> None:
    with pytest.raises(LanguageUnavailable):
        check("", (b"", b""), language="cobol")


@pytest.mark.parametrize(
    "checker",
    [
        "raise SystemExit(42)",
        "import os; os.read(0, 1000); os._exit(42)",
        "import os; os.close(0); os._exit(42)",
        "import sys; sys.exit(42 if len(sys.stdin.read()) == 15_000_000 else 43)",
    ],
)
def test_it_need_not_read_what_it_gets(judge: Judge, checker: str) -> None:
    judgement = judge.judge(
        "python3",
        "print('x' * 14_999_999)",
        cases((b"", b"")),
        limits=Limits(),
        checker=CustomChecker(language="python3", code=checker.encode()),
    )
    assert judgement.verdict is Verdict.AC


def test_hostile_messages(check: Check) -> None:
    """Links, folders and gigantic messages are none; others are cut."""
    source = """
import os, sys
which, feedback = open(sys.argv[1]).read(), sys.argv[3]
for name in ("teammessage.txt", "judgemessage.txt"):
    if which == "link":
        os.symlink(sys.argv[2], feedback + name)
    elif which == "folder":
        os.mkdir(feedback + name)
    else:
        open(feedback + name, "wb").write(b"\\xff<b>" * int(which))
sys.exit(43)
"""
    names = (b"link", b"folder", b"2000000", b"50000", b"2")
    judgement = check(source, *((name, b"SECRET") for name in names))
    tests = judgement.tests
    assert [test.verdict for test in tests] == [Verdict.WA] * 5
    assert [test.status for test in tests[:3]] == ["wrong answer"] * 3
    assert [test.judge_message for test in tests[:3]] == [b""] * 3
    assert len(tests[3].status) < 400
    assert len(tests[3].judge_message) <= 4096
    assert tests[4].status == "wrong answer: \ufffd<b>\ufffd<b>"


def test_the_answers_are_never_in_the_learners_box(judge: Judge) -> None:
    """A program that looks for them at every test, after a checker has had them."""
    source = """
import os
found = []
for top in ("/box", "/tmp", "/dev/shm", "/var"):
    for folder, _, names in os.walk(top):
        found += [name for name in names if name not in ("main.py",)]
print(found)
"""
    judgement = judge.judge(
        "python3",
        source,
        cases((b"", b"SECRET"), (b"", b"SECRET")),
        limits=Limits(),
        checker=CustomChecker(language="python3", code=b"raise SystemExit(42)"),
    )
    assert [test.output for test in judgement.tests] == [b"[]\n", b"[]\n"]


def test_only_outputs_of_programs_that_ended_well_are_checked(judge: Judge) -> None:
    judgement = judge.judge(
        "python3",
        "import sys; sys.exit(1)",
        cases((b"", b"")),
        limits=Limits(),
        checker=CustomChecker(language="python3", code=b"raise SystemExit(42)"),
    )
    assert judgement.verdict is Verdict.RTE


def test_cancelled_while_it_runs(judge: Judge) -> None:
    started = threading.Event()
    threading.Timer(0.5, started.set).start()
    with pytest.raises(Cancelled):
        judge.judge(
            "python3",
            "",
            cases((b"", b"")),
            limits=Limits(),
            checker=CustomChecker(language="python3", code=b"while True: pass"),
            cancelled=started.is_set,
        )


def test_boxes_that_died_while_they_waited_are_replaced(
    judge: Judge, monkeypatch: pytest.MonkeyPatch
) -> None:
    comparisons: list[custom.CustomComparison] = []

    def compare(*arguments: Any) -> custom.CustomComparison:
        comparisons.append(custom.CustomComparison(*arguments))
        return comparisons[-1]

    def kill_what_waits(index: int, _: CaseResult) -> None:
        if index == 0:
            idle = comparisons[0]._idle
            # More than a test has tries.
            idle.extend(judge.open_box(TEST) for _ in range(TRIES))
            for box in idle:
                os.kill(box.pid, signal.SIGKILL)
            wait_until(lambda: not any(box.is_alive() for box in idle), "all are gone")

    monkeypatch.setattr(judging, "CustomComparison", compare)
    judgement = judge.judge(
        "python3",
        ECHO,
        cases((b"12", b"12"), (b"15", b"15")),
        limits=Limits(),
        checker=CustomChecker(language="python3", code=b"raise SystemExit(42)"),
        on_test=kill_what_waits,
    )
    assert [test.verdict for test in judgement.tests] == [Verdict.AC] * 2


def test_threads_share_a_judge_with_checkers(judge: Judge) -> None:
    found: dict[int, Verdict] = {}
    checker = CustomChecker(language="python3", code=DIVISOR.encode())

    def one(number: int) -> None:
        tests = [Case(name="1", input=b"%d" % number, answer=b"2")]
        found[number] = judge.judge(
            "python3", "print(7)", tests, limits=Limits(), checker=checker
        ).verdict

    threads = [threading.Thread(target=one, args=(number,)) for number in (7, 8, 14, 15)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {7: Verdict.AC, 8: Verdict.WA, 14: Verdict.AC, 15: Verdict.WA}


def test_nothing_of_it_stays(judge: Judge, scratch: Path, check: Check) -> None:
    check("raise SystemExit(42)", (b"", b"SECRETANSWER"))
    left = [path for path in scratch.rglob("*") if path.is_file()]
    assert not [path for path in left if b"SECRETANSWER" in path.read_bytes()]
