"""Hostile programs: each says in its first lines what it tries and which verdicts are right.

`held` is what a program prints when nothing it tried worked. All are bounded, so that they could
do no harm to a machine whose sandbox fails. Those that take seconds are `make test-hostile`'s.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from algoitny.judge import Judge, open_judge
from tests.judge.attacks import HERE, Attack, read_attacks
from tests.judge.conftest import cases

pytestmark = [pytest.mark.service, pytest.mark.alone]

SECRET = "HOSTILE_SECRET"
RUNS = read_attacks("hostile")
COMPILES = read_attacks("hostile_compile")
REFUSED = ("kernel_", "checker_", "network_", "file_", "environment_", "host_", "output_")
MEASURED = [attack for attack in RUNS if not attack.path.name.startswith(REFUSED)]
"""Those that control groups could matter to."""


def marked(attacks: list[Attack]) -> list[object]:
    return [
        pytest.param(
            program,
            id=program.path.name,
            marks=[pytest.mark.hostile] if program.is_long else [],
        )
        for program in attacks
    ]


@pytest.fixture(scope="module")
def sampling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Judge]:
    """A judge whose worker may make no control groups."""
    scratch = tmp_path_factory.mktemp("sampling")
    with open_judge(scratch_dir=scratch, sandbox="bubblewrap", cgroups="off") as opened:
        yield opened


def run(judge: Judge, program: Attack) -> None:
    wanted = program.expected
    given = program.text("given").replace("{nice}", str(os.nice(0))).encode()
    answer = program.text("answer", "held").encode() + b"\n"
    for _ in range(int(program.text("submissions", "1"))):
        judgement = judge.judge(
            program.language,
            program.source,
            cases(*[(given, answer)] * len(wanted)),
            limits=program.limits,
            checker=program.text("checker", "tokens"),
        )
        assert judgement.compile.ok, judgement.compile.message
        found = [test.verdict for test in judgement.tests]
        assert all(one in allowed for one, allowed in zip(found, wanted, strict=True)), [
            (test.verdict, test.status, test.output[:300], test.stderr[:300])
            for test in judgement.tests
        ]


@pytest.mark.parametrize("program", marked(RUNS))
def test_running(judge: Judge, program: Attack, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(SECRET, SECRET)
    run(judge, program)


@pytest.mark.hostile
@pytest.mark.parametrize("program", marked(MEASURED))
def test_running_without_control_groups(sampling: Judge, program: Attack) -> None:
    run(sampling, program)


@pytest.mark.parametrize("program", marked(COMPILES))
def test_compiling(judge: Judge, program: Attack) -> None:
    judgement = judge.judge(
        program.language, program.source, cases((b"", b"held")), limits=program.limits
    )
    (allowed,) = program.expected
    assert judgement.verdict in allowed, judgement
    said = judgement.compile.message
    assert len(said.encode()) < 5000
    for private in ("root:", str(HERE), os.environ.get("HOME", "/root") + "/"):
        assert private not in said


def test_there_are_enough_of_them() -> None:
    assert len(RUNS) + len(COMPILES) >= 200


def test_each_says_what_it_tries() -> None:
    assert not [attack.path.name for attack in RUNS + COMPILES if not attack.about]
