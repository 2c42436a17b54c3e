"""Programs that hide what they use, blame the judge, or reach beyond their box; and right programs
that look strange."""

from __future__ import annotations

import pytest

from algoitny.domain.verdict import Verdict
from tests.judge.conftest import Submit

pytestmark = [pytest.mark.service, pytest.mark.alone]

HIDDEN_BEHIND_A_DEAD_FIRST_THREAD = """
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>
static void *work(void *unused) {
    usleep(20000);
    size_t size = 100 << 20;
    volatile char *p = mmap(0, size, 3, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    for (size_t i = 0; i < size; i += 4096) p[i] = 1;
    usleep(300000);
    _exit(0);
}
int main() {
    signal(SIGCHLD, SIG_IGN);
    if (!fork()) {
        pthread_t thread;
        pthread_create(&thread, 0, work, 0);
        pthread_exit(0);
    }
    while (wait(0) > 0);
    puts("ok");
}
"""

LOADER_THAT_IS_NOT_THERE = """
__attribute__((section(".interp"), used)) const char loader[] = "/nonexistent";
int main() { return 0; }
"""

TWENTY_THREADS = """
#include <cstdio>
#include <cstdlib>
#include <thread>
#include <unistd.h>
#include <vector>
int main() {
    std::vector<std::thread> threads;
    for (int i = 0; i < 20; i++)
        threads.emplace_back([] { *(volatile char *)malloc(1000) = 1; usleep(30000); });
    for (auto &thread : threads) thread.join();
    puts("ok");
}
"""

NEGATIVE_LENGTH = """
int main(int count, char **) { int *p = new int[-count]; p[0] = 1; return p[0]; }
"""


def test_memory_behind_a_dead_first_thread_counts(submit: Submit) -> None:
    result = submit("c", HIDDEN_BEHIND_A_DEAD_FIRST_THREAD, answer=b"ok", memory_mb=64)
    assert result.verdict is Verdict.MLE


def test_memory_in_sockets_is_bounded(submit: Submit) -> None:
    source = (
        "import socket\n"
        "a, b = socket.socketpair()\n"
        "try:\n"
        "    a.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 24)\n"
        "except PermissionError:\n"
        "    print('refused')\n"
    )
    assert submit("python3", source, answer=b"refused").verdict is Verdict.AC


@pytest.mark.parametrize("language", ["c", "cpp"])
def test_a_program_without_its_loader_is_its_authors_fault(submit: Submit, language: str) -> None:
    source = LOADER_THAT_IS_NOT_THERE
    result = submit(language, source if language == "c" else f'extern "C" {{{source}}}')
    assert result.verdict is Verdict.RTE
    assert "could not be started" in result.status


@pytest.mark.parametrize("memory_mb", [64, 256])
def test_threads_may_be_many(submit: Submit, memory_mb: int) -> None:
    assert submit("cpp", TWENTY_THREADS, answer=b"ok", memory_mb=memory_mb).verdict is Verdict.AC


@pytest.mark.parametrize("end", ["exit()", "quit()", "exit(0)", "import sys; sys.exit()"])
def test_the_usual_ways_to_end_a_python_program(submit: Submit, end: str) -> None:
    assert submit("python3", f"print('ok')\n{end}\n", answer=b"ok").verdict is Verdict.AC


def test_a_negative_length_is_no_lack_of_memory(submit: Submit) -> None:
    assert submit("cpp", NEGATIVE_LENGTH).verdict is Verdict.RTE


@pytest.mark.parametrize(
    "attempt",
    [
        "import fcntl, os; fcntl.flock(os.open('/etc/ld.so.cache', 0), fcntl.LOCK_EX)",
        "import fcntl, os; fcntl.lockf(os.open('/etc/ld.so.cache', 0), fcntl.LOCK_SH)",
        "import fcntl, os; fcntl.fcntl(os.pipe()[1], 1031, 1 << 20)",
    ],
)
def test_what_reaches_beyond_the_box_is_refused(submit: Submit, attempt: str) -> None:
    source = f"try:\n    {attempt}\nexcept PermissionError:\n    print('refused')\n"
    assert submit("python3", source, answer=b"refused").verdict is Verdict.AC


def test_the_hosts_command_line_is_covered(submit: Submit) -> None:
    source = "try:\n    open('/proc/cmdline')\nexcept PermissionError:\n    print('covered')\n"
    assert submit("python3", source, answer=b"covered").verdict is Verdict.AC
