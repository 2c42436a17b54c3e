"""Hostile programs as their files declare themselves: in the comment that each begins with.

// expect: AC TLE|ILE      the allowed verdicts of each test in turn
// answer: 1e400000        what the tests should print; `held` when nothing is said
// given: 1 2              what the tests read; nothing when nothing is said; `{nice}` is how nice
//                         whoever runs the tests is, which boxes inherit
// checker: floats         `tokens` when nothing is said
// limits: time_ms=300     in place of those of `LIMITS`
// submissions: 2          judged so often, each as a submission of its own
// long: yes               takes seconds: not among those of `make test`
// And what it tries, in words.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from algoitny.domain.verdict import Verdict
from algoitny.judge import Limits

HERE = Path(__file__).parent
LIMITS = Limits(time_ms=1000, memory_mb=64, wall_ms=1500, output_bytes=1 << 20)
LANGUAGES = {".py": "python3", ".c": "c", ".cpp": "cpp", ".java": "java", ".js": "javascript"}
KEYS = frozenset({"expect", "answer", "given", "checker", "limits", "submissions", "long"})


@dataclass(frozen=True, slots=True)
class Attack:
    path: Path
    source: str
    about: str
    header: Mapping[str, str]

    @property
    def language(self) -> str:
        return LANGUAGES[self.path.suffix]

    @property
    def expected(self) -> list[set[Verdict]]:
        """The allowed verdicts of each test."""
        return [
            {Verdict(name) for name in test.split("|")} for test in self.header["expect"].split()
        ]

    @property
    def limits(self) -> Limits:
        changes = (part.split("=") for part in self.header.get("limits", "").split())
        return dataclasses.replace(LIMITS, **{name: int(value) for name, value in changes})

    @property
    def is_long(self) -> bool:
        return "long" in self.header

    def text(self, key: str, default: str = "") -> str:
        return self.header.get(key, default)


def read_attacks(folder: str) -> list[Attack]:
    return [_read(path) for path in sorted((HERE / folder).iterdir())]


def _read(path: Path) -> Attack:
    source = path.read_text()
    words = []
    header = {}
    for line in source.splitlines():
        comment = re.match(r"(?://|#) (.*)", line)
        if comment is None:
            break
        key, colon, value = comment[1].partition(": ")
        if colon and key in KEYS:
            header[key] = value
        else:
            words.append(comment[1])
    return Attack(path=path, source=source, about=" ".join(words), header=header)
