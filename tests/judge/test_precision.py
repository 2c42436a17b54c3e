"""The time limit where it decides: 90 % of it is enough and 120 % is too much, however busy the
machine is."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator

import pytest

from algoitny.domain.verdict import Verdict
from tests.judge.conftest import Submit

pytestmark = [pytest.mark.service, pytest.mark.alone]

LIMIT_MS = 300
PROGRAMS = {
    "c": (
        "#include <stdio.h>\n#include <time.h>\nint main(void) {{ struct timespec t;"
        " do clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); while (t.tv_nsec < {microseconds}000);"
        ' puts("held"); }}'
    ),
    "python3": (
        "import time\nwhile time.process_time() < {microseconds} / 1e6: pass\nprint('held')\n"
    ),
}


@pytest.fixture
def busy() -> Iterator[None]:
    """Every processor has something else to do."""
    burners = [
        subprocess.Popen([sys.executable, "-c", "while True: pass"])
        for _ in range(os.cpu_count() or 1)
    ]
    yield
    for burner in burners:
        burner.kill()
        burner.wait()


@pytest.mark.usefixtures("busy")
@pytest.mark.parametrize(
    ("language", "times"),
    [("c", 5), ("python3", 5), pytest.param("c", 50, marks=pytest.mark.hostile)],
)
@pytest.mark.parametrize(("share", "verdict"), [(0.9, Verdict.AC), (1.2, Verdict.TLE)])
def test_near_the_time_limit(
    submit: Submit, share: float, verdict: Verdict, language: str, times: int
) -> None:
    source = PROGRAMS[language].format(microseconds=round(LIMIT_MS * share * 1000))
    found = Counter(
        submit(language, source, answer=b"held", time_ms=LIMIT_MS, wall_ms=60_000).verdict
        for _ in range(times)
    )
    print(f"\n{language}, {share:.0%} of the limit: {dict(found)}")
    assert found == {verdict: times}
