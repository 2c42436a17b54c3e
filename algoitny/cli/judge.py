"""`flask judge`: try a solution against a folder of tests, and ask what the sandbox enforces.

Works without a store or a broker (`rejudge`, in a module of its own, does not). It prints what the
judge finds and decides nothing itself.
"""

from __future__ import annotations

import json
import math
import os
import re
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

import click
from flask import current_app
from flask.cli import AppGroup

from algoitny.domain.errors import InvalidInput, JudgeFailure
from algoitny.judge import (
    Case,
    CaseResult,
    CustomChecker,
    Judge,
    Judgement,
    Limits,
    Probe,
    check_checker,
    custom_flags,
    examine,
    load_languages,
    open_judge,
)

BAD_INPUT = 2
JUDGE_FAILED = 3
MAX_TIME_S = 3600.0
MAX_MEMORY_MB = 64 * 1024

judge = AppGroup("judge", help="Run solutions in the sandbox, and examine it.")


@dataclass(frozen=True, slots=True)
class _Place:
    sandbox: str
    cgroups: str
    scratch: Path


def _place_options(command: Any) -> Any:
    scratch = click.option(
        "--scratch",
        type=click.Path(file_okay=False, path_type=Path),
        help="Folder for the judge's files. Default: DATA_DIR/judge, or a temporary one.",
    )
    sandbox = click.option(
        "--sandbox",
        type=click.Choice(["bubblewrap", "none"]),
        help="Default: the setting SANDBOX. `none` isolates nothing: only for code you trust.",
    )
    return scratch(sandbox(command))


@judge.command("run")
@click.option(
    "--language",
    required=True,
    metavar="L",
    help="An id or alias: python3, c, cpp, java, javascript, …",
)
@click.option(
    "--source", required=True, type=click.Path(path_type=Path), help="The program to judge."
)
@click.option(
    "--tests",
    required=True,
    type=click.Path(path_type=Path),
    help="A folder of NAME.in and NAME.ans files.",
)
@click.option(
    "--time-limit",
    type=click.FloatRange(0, MAX_TIME_S, min_open=True),
    default=1.0,
    show_default=True,
    metavar="S",
    help="CPU seconds of a test.",
)
@click.option(
    "--memory-limit",
    type=click.IntRange(1, MAX_MEMORY_MB),
    default=256,
    show_default=True,
    metavar="MB",
    help="Memory of a test, in MiB.",
)
@click.option(
    "--checker",
    metavar="NAME",
    help="exact, tokens, lines, case-insensitive, unordered-lines, or e.g. 'floats 1e-6', "
    "'default float_tolerance 1e-6', 'lines presentation'; with --checker-source 'custom FLAG…'. "
    "Default: tokens.",
)
@click.option(
    "--checker-source",
    type=click.Path(path_type=Path),
    help="A program with the interface of Kattis/ICPC output validators (docs/checkers.md), in the "
    "language that its name ends in.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the result as one JSON document.")
@_place_options
def run_command(
    *,
    language: str,
    source: Path,
    tests: Path,
    time_limit: float,
    memory_limit: int,
    checker: str | None,
    checker_source: Path | None,
    as_json: bool,
    sandbox: str | None,
    scratch: Path | None,
) -> None:
    """Judge one program against a folder of tests.

    \b
    Examples:
      flask judge run --language python3 --source sum.py --tests tests/
      flask judge run --language cpp --source sum.cpp --tests tests/ \\
          --time-limit 2 --memory-limit 512 --checker 'floats 1e-9' --json
      flask judge run --language cpp --source path.cpp --tests tests/ \\
          --checker-source is_path.py

    Exit code: 0 when there is a verdict, whichever it is; 2 when the input is bad; 3 when the
    judge itself failed.
    """
    if math.isnan(time_limit):
        _refuse("The --time-limit must be a number of seconds.")
    cases = _read_cases(tests)
    code = _read_source(source)
    limits = Limits(time_ms=max(1, round(time_limit * 1000)), memory_mb=memory_limit)
    try:
        wanted = _checker(checker, checker_source)
        with _open(_place(sandbox, scratch)) as opened:
            judgement = opened.judge(language, code, cases, limits=limits, checker=wanted)
    except InvalidInput as error:
        _refuse(error.detail)
    except JudgeFailure as error:
        _give_up(error)
    if as_json:
        click.echo(json.dumps(_document(judgement), ensure_ascii=False))
    else:
        _print(judgement)


@judge.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print the findings as one JSON document.")
@_place_options
def doctor_command(*, as_json: bool, sandbox: str | None, scratch: Path | None) -> None:
    """Open a box, attack it, and say what is enforced and how.

    \b
    Examples:
      flask judge doctor
      flask judge doctor --json

    Exit code: 0 when everything that is promised holds; 1 when something does not; 3 when no box
    can be opened at all.
    """
    try:
        with _open(_place(sandbox, scratch)) as opened:
            facts, probes = examine(opened)
    except JudgeFailure as error:
        _give_up(error)
    holds = all(probe.ok for probe in probes)
    if as_json:
        found = [{"name": p.name, "ok": p.ok, "how": p.how, "found": p.found} for p in probes]
        click.echo(json.dumps({"ok": holds, "facts": facts, "probes": found}))
    else:
        _print_findings(facts, probes)
    sys.exit(0 if holds else 1)


def _place(sandbox: str | None, scratch: Path | None) -> _Place:
    """From options, else the application's settings."""
    settings = current_app.extensions.get("algoitny_settings")
    kind = sandbox or (str(settings.sandbox) if settings else "bubblewrap")
    cgroups = str(settings.judge_cgroups) if settings else "auto"
    if scratch is None and settings is not None:
        scratch = Path(settings.data_dir).absolute() / "judge"
    scratch = scratch or Path(tempfile.gettempdir(), f"algoitny-judge-{os.geteuid()}")
    return _Place(kind, cgroups, scratch)


def _open(place: _Place) -> Judge:
    if place.sandbox == "none":
        click.echo("warning: no sandbox: the program can do whatever you can", err=True)
    return open_judge(scratch_dir=place.scratch, sandbox=place.sandbox, cgroups=place.cgroups)


def _read_cases(folder: Path) -> list[Case]:
    """All tests, in the order in which people number them."""
    if not folder.is_dir():
        _refuse(f"There is no folder {folder}.")
    inputs = {path.stem: path for path in folder.glob("*.in")}
    answers = {path.stem: path for path in folder.glob("*.ans")}
    if not inputs and not answers:
        _refuse(f"There are no tests in {folder}: it should hold NAME.in and NAME.ans files.")
    for name in sorted(inputs.keys() ^ answers.keys()):
        there, missing = (".in", ".ans") if name in inputs else (".ans", ".in")
        _refuse(f"The test {name} has {name}{there} but no {name}{missing} in {folder}.")
    try:
        return [
            Case(name=name, input=inputs[name].read_bytes(), answer=answers[name].read_bytes())
            for name in sorted(inputs, key=_natural)
        ]
    except OSError as error:
        _refuse(f"A test cannot be read: {error}.")


def _natural(name: str) -> list[tuple[int, str]]:
    """`2` before `10`."""
    return [
        (int(part), "") if part.isdecimal() else (-1, part) for part in re.split(r"(\d+)", name)
    ]


def _read_source(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "surrogateescape")
    except OSError as error:
        _refuse(f"The source cannot be read: {error}.")


def _checker(spec: str | None, source: Path | None) -> str | CustomChecker:
    """Raises InvalidInput."""
    spec = spec or ("tokens" if source is None else "custom")
    check_checker(spec)
    flags = custom_flags(spec)
    if flags is None and source is None:
        return spec
    if flags is None or source is None:
        _refuse("The --checker custom and --checker-source go together.")
    language = next((one for one in load_languages().all() if one.is_named_like(source)), None)
    if language is None:
        _refuse(f"No language is known for the file name {source.name}.")
    try:
        code = source.read_bytes()
    except OSError as error:
        _refuse(f"The checker cannot be read: {error}.")
    return CustomChecker(language=language.id, code=code, flags=flags)


def _refuse(message: str) -> NoReturn:
    click.echo(f"error: {message}", err=True)
    sys.exit(BAD_INPUT)


def _give_up(error: JudgeFailure) -> NoReturn:
    click.echo(f"judge failure: {error.detail}", err=True)
    if error.complaint:
        click.echo(error.complaint, err=True)
    sys.exit(JUDGE_FAILED)


def _document(judgement: Judgement) -> dict[str, object]:
    """The fixed shape that scripts rely on; a test that a custom checker left a message of has one
    member more."""
    return {
        "verdict": judgement.verdict.value,
        "compile": {"ok": judgement.compile.ok, "message": judgement.compile.message},
        "tests": [
            {
                "name": test.name,
                "verdict": test.verdict.value,
                "time_ms": test.time_ms,
                "wall_ms": test.wall_ms,
                "memory_kb": test.memory_kb,
                "exit": test.exit,
                "output": test.output.decode("utf-8", "replace"),
                "stderr": test.stderr.decode("utf-8", "replace"),
                **_judge_message(test),
            }
            for test in judgement.tests
        ],
    }


def _judge_message(test: CaseResult) -> dict[str, str]:
    message = test.judge_message.decode("utf-8", "replace")
    return {"judge_message": message} if message else {}


def _print(judgement: Judgement) -> None:
    if judgement.compile.message:
        click.echo(judgement.compile.message, err=True)
    for test in judgement.tests:
        click.echo(
            f"{test.name:20} {test.verdict.value:4} {test.time_ms:6} ms {test.memory_kb:8} KiB"
            f"  {test.status}"
        )
        for line in test.judge_message.decode("utf-8", "replace").splitlines():
            click.echo(f"    {line}")
    click.echo(judgement.verdict.value)


def _print_findings(facts: dict[str, str], probes: list[Probe]) -> None:
    for name, value in facts.items():
        click.echo(f"{name:14} {value}")
    for probe in probes:
        click.echo(f"{'ok' if probe.ok else 'NOT':4} {probe.name}: {probe.how} ({probe.found})")
