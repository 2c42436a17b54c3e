"""A problem's tests in a zip archive: `NAME.in` and `NAME.ans`, as a problem package has them.

Either all in one place, or in the folders `sample` and `secret`, which may be in `data`; a folder
around all of it counts for nothing. Samples come first, and each part is in the order of its names,
character by character, as the package format of 2025-09 orders tests. Groups, and files that say
more than tests can hold, are refused rather than left out.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from algoitny.domain.errors import FieldError, InvalidInput, TooLarge
from algoitny.domain.problem import TestCase
from algoitny.services.archive import Archive, Member, pointer_to
from algoitny.services.problem_change import MOST_BYTES, MOST_TESTS

MOST_MEMBERS = 5 * MOST_TESTS
"""Two a test, as many that macOS adds, and folders."""

SAMPLE, SECRET, DATA = "sample", "secret", "data"
INPUT, ANSWER = ".in", ".ans"

_LAYOUTS = (
    frozenset({""}),
    frozenset({SAMPLE, SECRET}),
    frozenset({f"{DATA}/{SAMPLE}", f"{DATA}/{SECRET}"}),
)


@dataclass(frozen=True, slots=True)
class _Pair:
    given: Member
    answer: Member
    is_sample: bool


class ArchivedTests(Collection[TestCase]):
    """Tests in an open archive, numbered from 1: one is in memory only while somebody works with
    it, and is unpacked again for whoever comes next."""

    def __init__(self, archive: Archive, pairs: Sequence[_Pair]) -> None:
        self._archive = archive
        self._pairs = pairs

    def __len__(self) -> int:
        return len(self._pairs)

    def __iter__(self) -> Iterator[TestCase]:
        """Raises MalformedArchive."""
        for number, pair in enumerate(self._pairs, start=1):
            yield TestCase(
                number=number,
                input=self._archive.read(pair.given),
                output=self._archive.read(pair.answer),
                is_sample=pair.is_sample,
            )

    def __contains__(self, test: object) -> bool:
        return any(test == one for one in self)

    def pointer(self, position: int) -> str:
        """Where in the archive a test is, by its place in the set from 0."""
        return self._pairs[position].given.pointer


def read_tests(file: IO[bytes]) -> ArchivedTests:
    """The tests in a zip archive, every byte of which has been looked at; `file` has to stay open
    as long as they are used. Raises MalformedArchive, TooLarge, InvalidInput, naming members."""
    archive = Archive(file, most_members=MOST_MEMBERS)
    pairs = _pairs(archive.members)
    size = 0
    for pair in pairs:
        for member in (pair.given, pair.answer):
            for chunk in archive.chunks(member):
                size += len(chunk)
                if size > MOST_BYTES:
                    raise TooLarge.field(
                        "", f"The tests are larger than the {MOST_BYTES} bytes that are accepted."
                    )
    return ArchivedTests(archive, pairs)


def _pairs(members: Sequence[Member]) -> tuple[_Pair, ...]:
    around = _folder_around(members)
    files: dict[tuple[str, str], dict[str, Member]] = {}
    bad: list[FieldError] = []
    folders: set[str] = set()
    for member in members:
        folder, _, file = member.name.removeprefix(around).rpartition("/")
        folders.add(folder)
        name, ending = _split(file)
        if not any(folders <= layout for layout in _LAYOUTS):
            folders.remove(folder)
            detail = (
                "Tests are in one place, or in the folders `sample` and `secret`, "
                "which may be in `data`; groups are not supported."
            )
            bad.append(FieldError(member.pointer, detail))
        elif not name:
            bad.append(FieldError(member.pointer, "Not a test: neither NAME.in nor NAME.ans."))
        else:
            files.setdefault((folder, name), {})[ending] = member
    for parts in files.values():
        for ending, other in ((INPUT, ANSWER), (ANSWER, INPUT)):
            if other not in parts:
                stem = parts[ending].name.removesuffix(ending)
                detail = f"{pointer_to(stem)[1:]}{other} is missing."
                bad.append(FieldError(parts[ending].pointer, detail))
    if bad:
        raise InvalidInput.fields(bad)
    if not files:
        raise InvalidInput.field("", "The archive holds no tests.")
    if len(files) > MOST_TESTS:
        raise InvalidInput.field("", f"{len(files)} tests; at most {MOST_TESTS} are accepted.")
    return tuple(
        _Pair(parts[INPUT], parts[ANSWER], is_sample=folder.endswith(SAMPLE))
        for (folder, _), parts in sorted(files.items(), key=lambda item: item[0])
    )


def _folder_around(members: Sequence[Member]) -> str:
    """One folder that all are in and that means nothing, with its slash."""
    tops = {member.name.partition("/")[0] for member in members if "/" in member.name}
    if len(tops) != 1 or any("/" not in member.name for member in members):
        return ""
    (top,) = tops
    return "" if top in (DATA, SAMPLE, SECRET) else f"{top}/"


def _split(file: str) -> tuple[str, str]:
    """Name and ending; no name when it is no part of a test."""
    for ending in (INPUT, ANSWER):
        if file.endswith(ending):
            return file.removesuffix(ending), ending
    return "", ""
