"""Which languages the workers that are alive can run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageInfo:
    """One language as the API shows it; `version` is None where no live worker has it."""

    id: str
    name: str
    version: str | None
    compile_command: str | None
    run_command: str
    is_available: bool


class LanguageRepository(Protocol):
    """What the workers announced; a worker that fell silent is forgotten after ten minutes."""

    def announce(self, worker: str, versions: dict[str, str]) -> None:
        """Say that `worker` runs these languages (id → version)."""
        ...

    def announced(self) -> Sequence[dict[str, str]]:
        """What each live worker announced; empty when none is."""
        ...
