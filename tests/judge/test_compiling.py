"""A compiler that the machine does not let work is the judge's fault, never the submission's."""

from __future__ import annotations

import pytest

from algoitny.domain.errors import JudgeFailure
from algoitny.domain.verdict import Verdict
from algoitny.judge import Judge, Limits, compiling
from tests.judge.conftest import cases


@pytest.mark.service
def test_no_process_for_the_compiler(judge: Judge, monkeypatch: pytest.MonkeyPatch) -> None:
    said = "gcc: fatal error: cannot execute 'cc1': vfork: Resource temporarily unavailable"
    monkeypatch.setattr(
        compiling, "fill", lambda *_: ["/bin/sh", "-c", f'echo "{said}" >&2; exit 1']
    )
    with pytest.raises(JudgeFailure, match="no process left"):
        judge.judge("c", "int main(void) { return 1; }", cases((b"", b"")), limits=Limits())


@pytest.mark.service
def test_a_source_that_only_speaks_of_it(judge: Judge) -> None:
    source = (
        "#error fork: Resource temporarily unavailable\n"
        "int thread(void) { return Cannot allocate memory; }\n"
    )
    judgement = judge.judge("c", source, cases((b"", b"")), limits=Limits())
    assert judgement.verdict is Verdict.CE


@pytest.mark.parametrize(
    ("message", "refused"),
    [
        (b"gcc: fatal error: cannot execute 'cc1': vfork: Resource temporarily unavailable", True),
        (b"collect2: fatal error: posix_spawn: Cannot allocate memory", True),
        (b'Failed to start thread "GC Thread#0" - pthread_create failed (EAGAIN)', True),
        (b"cc1plus: out of memory allocating 65536 bytes", False),
        (b"virtual memory exhausted: Cannot allocate memory", False),
        (b"main.c: In function 'thread_EAGAIN':", False),
        (b"main.c:1:2: error: #error fork: Resource temporarily unavailable", False),
        (b"    1 | #error fork: Resource temporarily unavailable", False),
    ],
)
def test_what_tells_it(message: bytes, refused: bool) -> None:
    said = b"first line\n" + message + b"\nlast line"
    assert bool(compiling.REFUSED_PROCESS.search(said)) is refused
