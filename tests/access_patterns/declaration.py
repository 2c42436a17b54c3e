"""What one access pattern is, and the decorator that declares it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from tests.access_patterns.world import World

Call = Callable[[], object]
Arrange = Callable[[World], Call]


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """`id` is its number in the list of access patterns. `method` is `repository.method`.

    `sends` are its requests as `rendering.py` writes them. `reads` and `writes` bound its cost, in
    units. `way` says which way it goes, where the method has several.
    """

    id: str
    method: str
    sends: tuple[str, ...]
    reads: float
    writes: float
    way: str
    arrange: Arrange

    @property
    def repository(self) -> str:
        return self.method.partition(".")[0]

    @property
    def method_name(self) -> str:
        return self.method.partition(".")[2]


_DECLARED: list[Pattern] = []


def pattern(
    id_: str, method: str, *sends: str, reads: float = 0, writes: float = 0, way: str = ""
) -> Callable[[Arrange], Arrange]:
    """Declares a pattern: the function prepares a world and returns the call to measure."""

    def declare(arrange: Arrange) -> Arrange:
        _DECLARED.append(
            Pattern(
                id=id_,
                method=method,
                sends=sends,
                reads=reads,
                writes=writes,
                way=way,
                arrange=arrange,
            )
        )
        return arrange

    return declare


def all_patterns() -> tuple[Pattern, ...]:
    """All, by file and then as they are declared."""
    for path in _files():
        import_module(f"{__package__}.{path.stem}")
    return tuple(_DECLARED)


def _files() -> Iterator[Path]:
    yield from sorted(Path(__file__).parent.glob("patterns_*.py"))
