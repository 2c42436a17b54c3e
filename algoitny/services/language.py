"""Which languages can be submitted now: what is declared, and what live workers announced."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Protocol

from algoitny.domain.clock import Clock
from algoitny.domain.errors import InvalidInput, LanguageUnavailable
from algoitny.domain.language import LanguageInfo, LanguageRepository

CACHE_SECONDS = 10.0
NOBODY_SECONDS = 1.0
"""When no worker is up one may be any moment, as right after the start."""


class DeclaredLanguage(Protocol):
    """A language as the judge's data file declares it."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def compile_command(self) -> str | None: ...
    @property
    def run_command(self) -> str: ...


class DeclaredLanguages(Protocol):
    """The judge's declarations."""

    def normalise(self, name: str) -> str | None:
        """The id behind an id or alias; None when it is neither."""
        ...

    def all(self) -> Sequence[DeclaredLanguage]: ...

    def installed_versions(self) -> dict[str, str]: ...


class LanguageService:
    """Answers what can be submitted; announcements are cached for a few seconds."""

    def __init__(
        self, *, declared: DeclaredLanguages, announced: LanguageRepository, clock: Clock
    ) -> None:
        self._declared = declared
        self._announced = announced
        self._clock = clock
        self._lock = threading.Lock()
        self._cached: tuple[float, dict[str, str] | None] | None = None

    def list(self) -> tuple[LanguageInfo, ...]:
        """Every declared language, with its version on a live worker."""
        versions = self._versions() or {}
        return tuple(
            LanguageInfo(
                id=language.id,
                name=language.name,
                version=versions.get(language.id),
                compile_command=language.compile_command,
                run_command=language.run_command,
                is_available=language.id in versions,
            )
            for language in self._declared.all()
        )

    def require(self, name: str, *, pointer: str = "/language") -> str:
        """The id of a language that can be run now. Raises InvalidInput for an unknown name and
        LanguageUnavailable when no live worker has it. While no worker is up at all, any declared
        language is taken: the execution waits for one."""
        language = self.known(name, pointer=pointer)
        versions = self._versions()
        if versions is not None and language not in versions:
            raise LanguageUnavailable.field(
                pointer, f"The language {language} is not installed on any judge machine."
            )
        return language

    def known(self, name: str, *, pointer: str = "/language") -> str:
        """The id behind an id or alias, installed or not. Raises InvalidInput when it is neither,
        naming the field (`pointer`) and the choices."""
        language = self._declared.normalise(name)
        if language is None:
            known = ", ".join(item.id for item in self._declared.all())
            raise InvalidInput.field(pointer, f"Unknown language; choose one of: {known}.")
        return language

    def announce(self, worker: str) -> None:
        """Called by a worker to say what it can run."""
        self._announced.announce(worker, self._declared.installed_versions())

    def _versions(self) -> dict[str, str] | None:
        """id → version over all live workers; None when there is none."""
        now = self._clock.monotonic()
        with self._lock:
            if self._cached is None or now > self._cached[0]:
                workers = self._announced.announced()
                merged = {k: v for worker in workers for k, v in worker.items()}
                fresh_until = now + (CACHE_SECONDS if workers else NOBODY_SECONDS)
                self._cached = (fresh_until, merged if workers else None)
            return self._cached[1]
