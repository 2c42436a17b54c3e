"""Verdicts in the real sandbox: every class in every language, and the edges of each."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Callable

import pytest

from algoitny.domain.errors import InvalidInput, LanguageUnavailable
from algoitny.domain.verdict import Verdict
from algoitny.judge import Cancelled, Case, CaseResult, Judge, Limits
from algoitny.judge.declarations import load_languages
from algoitny.judge.limits import effective_limits
from tests.judge.conftest import cases
from tests.judge.test_box import busy_runners_of, has_forked

pytestmark = pytest.mark.service

Submit = Callable[..., CaseResult]

SUM = {
    "python3": "a, b = map(int, input().split())\nprint(a + b)\n",
    "c": '#include <stdio.h>\nint main(void) { long a, b; scanf("%ld %ld", &a, &b);'
    ' printf("%ld\\n", a + b); }\n',
    "cpp": "#include <bits/stdc++.h>\nint main() { long a, b; std::cin >> a >> b;"
    " std::cout << a + b << std::endl; }\n",
}
FOR_EVER = {
    "python3": "while True: pass",
    "c": "int main(void) { for (volatile int i = 0;; i++) {} }",
    "cpp": "int main() { for (volatile int i = 0;; i = 1) {} }",
}
IDLE = {
    "python3": "import time\ntime.sleep(60)",
    "c": "#include <unistd.h>\nint main(void) { sleep(60); }",
    "cpp": "#include <thread>\nusing namespace std; int main() { this_thread::sleep_for(60s); }",
}
HUNGRY = {
    "python3": "x = []\nwhile True: x.append(bytearray(100000))",
    "c": "#include <stdlib.h>\n#include <string.h>\nint main(void) { for (;;) {"
    " volatile char *p = malloc(65536); for (int i = 0; p && i < 65536; i += 4096) p[i] = 1; } }",
    "cpp": "#include <vector>\nint main() { std::vector<long> v; for (;;) v.push_back(1); }",
}
LOUD = {
    "python3": "while True: print('x' * 1000)",
    "c": '#include <stdio.h>\nint main(void) { for (;;) puts("xxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"); }',
    "cpp": '#include <iostream>\nint main() { for (;;) std::cout << "xxxxxxxxxxxxxxxx\\n"; }',
}
CRASH = {
    "python3": ("raise ValueError('no')", "exit code 1: ValueError: no"),
    "c": (
        "int main(void) { return *(volatile int *)0; }",
        "signal 11 (segmentation fault)",
    ),
    "cpp": (
        '#include <stdexcept>\nint main() { throw std::runtime_error("no"); }',
        "signal 6 (aborted): std::runtime_error: no",
    ),
}
BROKEN = {
    "python3": "print('no end'\n",
    "c": "int main(void) { return nothing; }\n",
    "cpp": "int main() { std::cout << 1; }\n",
}
LANGUAGES = list(SUM)


@pytest.mark.parametrize("language", LANGUAGES)
def test_right_and_wrong(judge: Judge, language: str) -> None:
    heard: list[tuple[int, Verdict]] = []
    judgement = judge.judge(
        language,
        SUM[language],
        cases((b"1 2\n", b"3\n"), (b"5 5\n", b"11\n"), (b"-1 1\n", b"0")),
        limits=Limits(),
        on_test=lambda index, result: heard.append((index, result.verdict)),
    )
    verdicts = [test.verdict for test in judgement.tests]
    assert verdicts == [Verdict.AC, Verdict.WA, Verdict.AC]
    assert heard == list(enumerate(verdicts))
    assert judgement.verdict is Verdict.WA
    assert judgement.compile.ok
    first, second, _ = judgement.tests
    assert (first.name, first.output, first.stderr, first.exit) == ("1", b"3\n", b"", 0)
    assert 0 < first.time_ms <= first.wall_ms + 20
    assert first.memory_kb > 100
    assert second.status == "wrong answer: token 1 differs"


def test_without_an_answer_any_output_will_do(judge: Judge) -> None:
    judgement = judge.judge(
        "python3",
        "print(input() * 3000)\nraise SystemExit(int(input()))",
        [Case(name=code, input=f"ab\n{code}\n".encode(), answer=None) for code in "03"],
        limits=Limits(excerpt_bytes=5000),
    )
    good, bad = judgement.tests
    assert (good.verdict, good.status, good.exit) == (Verdict.AC, "exit code 0", 0)
    assert (bad.verdict, bad.status, bad.exit) == (Verdict.RTE, "exit code 3", 3)
    assert 4900 < len(good.output) <= 5000


@pytest.mark.parametrize("language", LANGUAGES)
def test_time_limit(submit: Submit, language: str) -> None:
    found = submit(language, FOR_EVER[language], time_ms=300, wall_ms=600_000)
    assert (found.verdict, found.exit) == (Verdict.TLE, None)
    assert 300 < found.time_ms < 10_000, "it was ended for its time, not by the clock"


@pytest.mark.parametrize("language", LANGUAGES)
def test_idle(submit: Submit, language: str) -> None:
    found = submit(language, IDLE[language], wall_ms=300)
    assert (found.verdict, found.exit) == (Verdict.ILE, None)
    assert found.wall_ms >= 300
    assert found.time_ms < 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_memory_limit(submit: Submit, language: str) -> None:
    found = submit(language, HUNGRY[language], memory_mb=48, time_ms=5000)
    assert found.verdict is Verdict.MLE
    assert found.status == "memory limit of 48 MiB exceeded"


@pytest.mark.parametrize("language", LANGUAGES)
def test_output_limit(submit: Submit, language: str) -> None:
    found = submit(language, LOUD[language], output_bytes=100_000, time_ms=10_000)
    assert found.verdict is Verdict.OLE
    assert found.time_ms < 5000, "it was ended for its output, not for its time"
    assert len(found.output) <= 4096
    assert b"bytes cut" in found.output


@pytest.mark.parametrize("language", LANGUAGES)
def test_crash(submit: Submit, language: str) -> None:
    source, words = CRASH[language]
    found = submit(language, source)
    assert (found.verdict, found.status) == (Verdict.RTE, words)


@pytest.mark.parametrize("language", LANGUAGES)
def test_compile_error(judge: Judge, language: str) -> None:
    judgement = judge.judge(language, BROKEN[language], cases((b"", b"")), limits=Limits())
    assert judgement.verdict is Verdict.CE
    assert judgement.tests == ()
    assert not judgement.compile.ok
    assert "main." in judgement.compile.message
    assert "/box" not in judgement.compile.message


def test_a_flood_of_template_errors_is_cut_and_clean(judge: Judge) -> None:
    source = (
        "#include <utility>\ntemplate <int N> struct T {\n"
        " std::pair<int, T *> m; int f(T) { return m + nothing<N>(); } };\n"
        + "".join(f"int g{n}() {{ return T<{n}>().f(1) + __FILE__.x; }}\n" for n in range(25))
        + "int main() { return g9(); }\n"
    )
    judgement = judge.judge("cpp", source, cases((b"", b"")), limits=Limits())
    message = judgement.compile.message
    assert judgement.verdict is Verdict.CE
    assert message.startswith("main.cpp: In ")
    assert "bytes cut" in message
    assert 2000 < len(message.encode()) <= 4096
    assert not re.search(r"/box|/tmp", message)


@pytest.mark.parametrize(
    "read",
    [
        "import sys; data = sys.stdin.read()",
        "data = open(0).read()",
        "data = open('/dev/stdin').read()",
        "import os; data = ''\nwhile part := os.read(0, 999): data += part.decode()",
    ],
)
@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 300_000])
def test_all_of_the_input_arrives(submit: Submit, read: str, size: int) -> None:
    source = f"{read}\nprint(len(data), data[-1:])"
    given = (b"x" * size)[:-1] + b"y" * bool(size)
    answer = f"{size} {'y' if size else ''}".encode()
    assert submit("python3", source, given=given, answer=answer).verdict is Verdict.AC


def test_output_that_fills_a_pipe_as_the_program_ends(submit: Submit) -> None:
    """The runner's answer may overtake what still waits to be read."""
    source = (
        "#define _GNU_SOURCE\n#include <fcntl.h>\n#include <unistd.h>\nstatic char x[1000000];\n"
        "int main(void) { fcntl(1, F_SETPIPE_SZ, 1 << 20);"
        " for (int i = 0; i < 1000000; i++) x[i] = 'x'; return write(1, x, 1000000) != 1000000; }"
    )
    for _ in range(5):
        assert submit("c", source, answer=b"x" * 1_000_000).verdict is Verdict.AC


def test_five_megabytes_each_way(submit: Submit) -> None:
    data = b"".join(b"%d\n" % number for number in range(750_000))
    source = (
        "#include <stdio.h>\nint main(void) { int c; while ((c = getchar()) != EOF) putchar(c); }"
    )
    found = submit("c", source, given=data, answer=data, checker="exact")
    assert found.verdict is Verdict.AC


@pytest.mark.parametrize("source", ["print('held')", "import os; os.close(0); print('held')"])
def test_input_need_not_be_read(submit: Submit, source: str) -> None:
    found = submit("python3", source, given=b"x" * 5_000_000, answer=b"held")
    assert found.verdict is Verdict.AC


def test_reading_and_writing_at_once_does_not_lock_up(submit: Submit) -> None:
    """The program answers while its input is still coming: both pipes are full at times."""
    source = "import sys\nfor line in sys.stdin: sys.stdout.write(line); sys.stderr.write(line)"
    data = b"x" * 99 + b"\n"
    found = submit("python3", source, given=data * 30_000, answer=data * 30_000, time_ms=10_000)
    assert found.verdict is Verdict.AC
    assert len(found.stderr) <= 4096
    assert b"bytes cut" in found.stderr


def test_a_dying_parent_with_the_right_answer(submit: Submit) -> None:
    source = (
        "import os, time\nprint('held', flush=True)\n"
        "if os.fork() == 0: time.sleep(60); print('more')\n"
    )
    found = submit("python3", source, answer=b"held")
    assert (found.verdict, found.output) == (Verdict.AC, b"held\n")


def test_deep_recursion_within_the_memory_limit(submit: Submit) -> None:
    source = (
        "#include <stdio.h>\nint deep(volatile int n) { return n ? 1 + deep(n - 1) : 0; }\n"
        'int main(void) { printf("%d\\n", deep(1000000)); }'
    )
    assert submit("c", source, answer=b"1000000", memory_mb=256).verdict is Verdict.AC


def test_memory_that_is_only_reserved_is_not_used(submit: Submit) -> None:
    source = (
        "#include <stdio.h>\n#include <stdlib.h>\nstatic char table[200 << 20];\n"
        'int main(void) { char *p = malloc(100 << 20); table[5] = 1; puts(p ? "held" : "none"); }'
    )
    assert submit("c", source, answer=b"held", memory_mb=128).verdict is Verdict.AC


@pytest.mark.parametrize(("megabytes", "verdict"), [(57, Verdict.AC), (70, Verdict.MLE)])
@pytest.mark.parametrize("linger", [0, 1])
def test_the_step_to_too_much_memory(
    submit: Submit, megabytes: int, verdict: Verdict, linger: int
) -> None:
    """Within 110 % of the limit, whether it is sampled or seen only at the end."""
    source = (
        "#include <stdlib.h>\n#include <unistd.h>\nint main(void) {"
        f" volatile char *p = malloc({megabytes} << 20);"
        f" for (long i = 0; i < {megabytes} << 20; i += 4096) p[i] = 1;"
        f" usleep({linger} * 50000); }}"
    )
    assert submit("c", source, memory_mb=64).verdict is verdict


def test_threads_and_their_stacks(submit: Submit) -> None:
    source = (
        "#include <iostream>\n#include <thread>\n#include <vector>\n"
        "int main() { std::vector<std::thread> all; long sum[6] = {};\n"
        " for (int t = 0; t < 6; t++) all.emplace_back([&, t] { sum[t] = t; });\n"
        " for (auto &t : all) t.join(); std::cout << sum[5] << '\\n'; }"
    )
    assert submit("cpp", source, answer=b"5").verdict is Verdict.AC


def test_python_threads_with_large_stacks(submit: Submit) -> None:
    source = (
        "import sys, threading\nsys.setrecursionlimit(300000)\nthreading.stack_size(1 << 27)\n"
        "def deep(n): return n and 1 + deep(n - 1)\n"
        "t = threading.Thread(target=lambda: print(deep(50000)))\nt.start()\nt.join()\n"
    )
    assert submit("python3", source, answer=b"50000").verdict is Verdict.AC


def test_shared_pages_of_children_count_once(submit: Submit) -> None:
    """Ten processes that share 30 MiB use 30, not 300."""
    source = (
        "#include <stdio.h>\n#include <stdlib.h>\n#include <string.h>\n#include <sys/wait.h>\n"
        "#include <unistd.h>\nint main(void) { long n = 30 << 20; volatile char *p = malloc(n);\n"
        " for (long i = 0; i < n; i += 4096) p[i] = 1;\n"
        " for (int i = 0; i < 9; i++) if (!fork()) { usleep(60000); _exit(p[4096] - 1); }\n"
        ' while (wait(0) > 0) {} puts("held"); }'
    )
    found = submit("c", source, answer=b"held", memory_mb=64)
    assert found.verdict is Verdict.AC
    assert found.memory_kb < 64 * 1024


def test_the_answer_is_in_no_status(submit: Submit) -> None:
    found = submit("python3", "print('mine')", answer=b"SECRETANSWER 42")
    assert "SECRET" not in repr(found)


def test_a_name_in_other_letters(submit: Submit) -> None:
    assert submit("Python", "print(1)", answer=b"1").verdict is Verdict.AC


def test_wrong_arguments(judge: Judge) -> None:
    one = cases((b"", b""))
    with pytest.raises(LanguageUnavailable):
        judge.judge("cobol", "", one, limits=Limits())
    with pytest.raises(InvalidInput):
        judge.judge("c", "", one, limits=Limits(), checker="nothing")
    with pytest.raises(InvalidInput):
        judge.judge("c", "", [], limits=Limits())


def test_cancelled_while_a_test_runs(judge: Judge) -> None:
    ended: list[CaseResult] = []
    source = "import os, time\nos.fork()\ntime.sleep(60)"

    def cancelled() -> bool:
        return any(map(has_forked, busy_runners_of(os.getpid())))

    with pytest.raises(Cancelled):
        judge.judge(
            "python3",
            source,
            cases((b"", b"")),
            limits=Limits(wall_ms=90_000),
            on_test=lambda _, result: ended.append(result),
            cancelled=cancelled,
        )
    assert not ended, "it was not waited for"


def test_cancelled_before_it_began(judge: Judge) -> None:
    with pytest.raises(Cancelled):
        judge.judge("c", SUM["c"], cases((b"", b"")), limits=Limits(), cancelled=lambda: True)


def test_a_callback_that_fails_leaves_the_judge_usable(judge: Judge, submit: Submit) -> None:
    def fail(index: int, result: CaseResult) -> None:
        raise RuntimeError("the channel is down")

    with pytest.raises(RuntimeError):
        judge.judge("python3", "print(1)", cases((b"", b"1")), limits=Limits(), on_test=fail)
    assert submit("python3", "print(1)", answer=b"1").verdict is Verdict.AC


def test_several_threads_share_a_judge(judge: Judge) -> None:
    found: dict[int, bytes] = {}

    def one(number: int) -> None:
        given = b"%d %d" % (number, number)
        judgement = judge.judge("c", SUM["c"], cases((given, b"")), limits=Limits())
        found[number] = judgement.tests[0].output

    threads = [threading.Thread(target=one, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {number: b"%d\n" % (2 * number) for number in range(6)}


def test_limits_of_a_language() -> None:
    python = load_languages().get("python3")
    assert effective_limits(python, Limits(memory_mb=1)).memory_mb == python.memory_floor_mb
    assert effective_limits(python, Limits(memory_mb=512)).memory_mb == 512
