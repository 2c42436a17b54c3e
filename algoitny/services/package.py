"""Reads a problem package, a folder in the Kattis/ICPC layout of 2025-09, into one record.

It reads and refuses; it neither stores nor runs anything. What is missing or not supported is
InvalidInput whose field is the file within the package.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import yaml

from algoitny.domain.errors import InvalidInput
from algoitny.domain.problem import TestCase
from algoitny.domain.verdict import Verdict
from algoitny.judge import check_checker

FORMAT = "2025-09"
DEFAULT_MEMORY_MB = 2048
"""What the format calls the typical system default."""

LANGUAGES = {
    ".py": "python3",
    ".c": "c",
    ".cc": "cpp",
    ".cpp": "cpp",
    ".cxx": "cpp",
    ".java": "java",
    ".js": "javascript",
    ".rs": "rust",
    ".go": "go",
    ".kt": "kotlin",
}
"""By file ending, of the format's table those that the judge knows."""

_KEYS = frozenset(
    {
        *("problem_format_version", "type", "name", "uuid", "version", "credits", "source"),
        *("license", "rights_owner", "embargo_until", "limits", "keywords", "languages"),
        *("allow_file_writing", "constants"),
    }
)
_UNSUPPORTED_FOLDERS = {
    "output_validator": "A custom output validator",
    "static_validator": "A static validator",
    "include": "Code that is added to submissions",
}
_CONSTRAINTS = re.compile(r"^## +Constraints *\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)


class Expectation(StrEnum):
    """What an example submission shows, by its folder's name."""

    ACCEPTED = "accepted"
    WRONG_ANSWER = "wrong_answer"
    TIME_LIMIT_EXCEEDED = "time_limit_exceeded"
    RUN_TIME_ERROR = "run_time_error"
    REJECTED = "rejected"
    BRUTE_FORCE = "brute_force"

    @property
    def failures(self) -> frozenset[Verdict]:
        """The failures that it allows. The format knows three kinds: memory, output and exit
        codes are all run-time errors."""
        return _FAILURES[self]

    def met_by(self, verdicts: Iterable[Verdict]) -> bool:
        """Whether these verdicts, one a test, are what the folder promises."""
        failed = {verdict for verdict in verdicts if verdict is not Verdict.AC}
        if self is Expectation.ACCEPTED:
            return not failed
        if self is Expectation.REJECTED:
            return bool(failed & self.failures)
        return bool(failed) and failed <= self.failures


_WRONG = frozenset({Verdict.WA, Verdict.PE})
_SLOW = frozenset({Verdict.TLE, Verdict.ILE})
_CRASH = frozenset({Verdict.RTE, Verdict.MLE, Verdict.OLE})
_FAILURES: dict[Expectation, frozenset[Verdict]] = {
    Expectation.ACCEPTED: frozenset(),
    Expectation.WRONG_ANSWER: _WRONG,
    Expectation.TIME_LIMIT_EXCEEDED: _SLOW,
    Expectation.RUN_TIME_ERROR: _CRASH,
    Expectation.REJECTED: _WRONG | _SLOW | _CRASH,
    Expectation.BRUTE_FORCE: _SLOW | _CRASH,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ExampleSubmission:
    """A program that comes with the problem; `path` is relative to `submissions/`."""

    path: str
    language: str
    code: str
    expectation: Expectation


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """A problem as its package describes it."""

    name: str
    title: str
    statement: str
    constraints: str
    tags: tuple[str, ...]
    time_limit_ms: int
    memory_limit_mb: int
    checker: str
    tests: tuple[TestCase, ...]
    submissions: tuple[ExampleSubmission, ...]

    @property
    def solution(self) -> ExampleSubmission:
        """The first accepted submission: the reference."""
        return next(s for s in self.submissions if s.expectation is Expectation.ACCEPTED)


def read_package(folder: Path) -> Package:
    """The package in `folder`. Raises InvalidInput."""
    metadata = _yaml(folder, "problem.yaml")
    _refuse_unsupported(folder, metadata)
    limits = metadata.get("limits", {})
    if not isinstance(limits, Mapping):
        raise _invalid("problem.yaml", "`limits` is not a map.")
    statement, constraints = _statement(folder)
    return Package(
        name=folder.name,
        title=_title(metadata),
        statement=statement,
        constraints=constraints,
        tags=_tags(metadata),
        time_limit_ms=round(_positive(limits, "time_limit", None) * 1000),
        memory_limit_mb=round(_positive(limits, "memory", DEFAULT_MEMORY_MB)),
        checker=_checker(folder),
        tests=_tests(folder),
        submissions=_submissions(folder),
    )


def _invalid(path: str, detail: str) -> InvalidInput:
    return InvalidInput.field(f"/{path}", f"{path}: {detail}")


def _bytes(folder: Path, path: str) -> bytes:
    file = folder / path
    if file.is_symlink():
        raise _invalid(path, "Links are not supported.")
    try:
        return file.read_bytes()
    except OSError:
        raise _invalid(path, "Missing, or not a readable file.") from None


def _text(folder: Path, path: str) -> str:
    try:
        return _bytes(folder, path).decode()
    except UnicodeDecodeError:
        raise _invalid(path, "Not UTF-8.") from None


def _yaml(folder: Path, path: str) -> Mapping[str, Any]:
    try:
        found = yaml.safe_load(_text(folder, path))
    except yaml.YAMLError:
        raise _invalid(path, "Not YAML.") from None
    if not isinstance(found, Mapping):
        raise _invalid(path, "Not a map of keys to values.")
    return found


def _refuse_unsupported(folder: Path, metadata: Mapping[str, Any]) -> None:
    version = str(metadata.get("problem_format_version", "legacy"))
    if version != FORMAT:
        raise _invalid("problem.yaml", f"Format {version} is not supported, only {FORMAT}.")
    unknown = sorted(set(map(str, metadata)) - _KEYS)
    if unknown:
        raise _invalid("problem.yaml", f"Unknown keys: {', '.join(unknown)}.")
    kind = metadata.get("type", "pass-fail")
    if kind not in ("pass-fail", ["pass-fail"]):
        raise _invalid("problem.yaml", f"Problems of type {kind} are not supported.")
    if metadata.get("constants"):
        raise _invalid("problem.yaml", "Constants are not supported.")
    for name, feature in _UNSUPPORTED_FOLDERS.items():
        if (folder / name).exists():
            raise _invalid(name, f"{feature} is not supported.")


def _title(metadata: Mapping[str, Any]) -> str:
    name = metadata.get("name")
    if isinstance(name, Mapping):
        name = name.get("en")
    if not isinstance(name, str) or not name.strip():
        raise _invalid("problem.yaml", "`name` is missing, or has no English form.")
    return name.strip()


def _tags(metadata: Mapping[str, Any]) -> tuple[str, ...]:
    keywords = metadata.get("keywords", [])
    if not isinstance(keywords, list) or not all(isinstance(word, str) for word in keywords):
        raise _invalid("problem.yaml", "`keywords` is not a sequence of strings.")
    return tuple(keywords)


def _positive(limits: Mapping[str, Any], key: str, default: float | None) -> float:
    value = limits.get(key, default)
    if value is None:
        raise _invalid(
            "problem.yaml", f"`limits.{key}` is missing; it is not inferred from submissions."
        )
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 < value < 10**6:
        raise _invalid("problem.yaml", f"`limits.{key}` is not a positive number.")
    return value


def _statement(folder: Path) -> tuple[str, str]:
    """The text without its section "Constraints", and that section's body."""
    text = _text(folder, "statement/problem.en.md")
    found = _CONSTRAINTS.search(text)
    if found is None:
        return text.strip(), ""
    return (text[: found.start()] + text[found.end() :]).strip(), found[1].strip()


def _checker(folder: Path) -> str:
    """The judge's name of what the default output validator is asked to do."""
    asked: list[list[str]] = []
    for part in ("data/sample", "data/secret"):
        path = f"{part}/test_group.yaml"
        group = _yaml(folder, path) if (folder / path).exists() else {}
        if set(group) - {"output_validator_args"}:
            raise _invalid(path, "Only `output_validator_args` is supported.")
        arguments = group.get("output_validator_args", [])
        if not isinstance(arguments, list) or not all(isinstance(a, str) for a in arguments):
            raise _invalid(path, "`output_validator_args` is not a sequence of strings.")
        if (folder / part).exists():
            asked.append(arguments)
    if any(arguments != asked[0] for arguments in asked):
        raise _invalid("data", "Different validator arguments for groups are not supported.")
    return checker_of(asked[0] if asked else [])


def checker_of(arguments: Sequence[str]) -> str:
    """The checker for arguments of the format's default output validator.

    Raises InvalidInput for those that no checker does.
    """
    spec = " ".join(["default", *arguments])
    if any(argument.split() != [argument] for argument in arguments):
        raise _invalid("data", f"Validator arguments {list(arguments)} are not supported.")
    try:
        check_checker(spec)
    except InvalidInput as error:
        raise _invalid("data", f"Not supported: {error.errors[0].detail}") from None
    return spec


def _tests(folder: Path) -> tuple[TestCase, ...]:
    """Samples first, each part in the order of its names."""
    found: list[tuple[bytes, bytes, bool]] = []
    for part in ("sample", "secret"):
        names = sorted(path.stem for path in (folder / "data" / part).glob("*.in"))
        for path in sorted((folder / "data" / part).iterdir()) if names else ():
            if path.is_dir():
                raise _invalid(f"data/{part}/{path.name}", "Groups and files are not supported.")
        found += [
            (
                _bytes(folder, f"data/{part}/{name}.in"),
                _bytes(folder, f"data/{part}/{name}.ans"),
                part == "sample",
            )
            for name in names
        ]
    if all(is_sample for _, _, is_sample in found):
        raise _invalid("data/secret", "No secret test; groups are not supported.")
    return tuple(
        TestCase(number=number, input=given, output=answer, is_sample=is_sample)
        for number, (given, answer, is_sample) in enumerate(found, 1)
    )


def _submissions(folder: Path) -> tuple[ExampleSubmission, ...]:
    if (folder / "submissions" / "submissions.yaml").exists():
        raise _invalid("submissions/submissions.yaml", "Expectations of its own: not supported.")
    found = []
    for expectation in Expectation:
        for path in sorted((folder / "submissions" / expectation).glob("[!.]*")):
            name = f"{expectation}/{path.name}"
            language = LANGUAGES.get(path.suffix)
            if language is None or path.is_dir():
                raise _invalid(f"submissions/{name}", "Not one file in a known language.")
            found.append(
                ExampleSubmission(
                    path=name,
                    language=language,
                    code=_text(folder, f"submissions/{name}"),
                    expectation=expectation,
                )
            )
    if not any(submission.expectation is Expectation.ACCEPTED for submission in found):
        raise _invalid("submissions/accepted", "No accepted submission.")
    return tuple(found)
