"""The declared languages: found by id or alias, shown as commands, with the tools of this machine.

`declarations` reads them from a data file, `toolchain` finds what this machine can run; how they
are run is the judge's matter.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from pathlib import Path

from algoitny.domain.errors import LanguageUnavailable
from algoitny.judge.toolchain import Identity, Tool, ToolMissing, Wanted, find_tool

LANGUAGES_VARIABLE = "ALGOITNY_LANGUAGES"
COMMANDS = ("ask", "compile", "run", "version")
KNOWN = frozenset(
    {"tool", "static", "source", "artifact", "program", "box", "scratch", "memory", "prefix"}
)
"""Placeholders of commands, besides the names of `needs`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One declaration; `languages.toml` says what each field means.

    `contents` are the files that compiling needs, by name, as they were read with the declaration.
    """

    id: str
    name: str
    source: str
    tool: tuple[str, ...]
    run: tuple[str, ...]
    version: tuple[str, ...]
    version_pattern: str
    needs: tuple[str, ...] = ()
    install: str = ""
    ask: tuple[str, ...] = ()
    compile: tuple[str, ...] = ()
    rewrite_word: str = ""
    rewrite: tuple[str, ...] = ()
    compile_files: tuple[str, ...] = ()
    compile_folders: tuple[str, ...] = ()
    compile_seconds: int = 10
    compile_memory_mb: int = 1024
    folders: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    artifact: str | None = None
    static_library: str | None = None
    time_factor: float = 1.0
    memory_floor_mb: int = 1
    memory_extra_mb: int = 0
    heap_percent: int = 100
    address_space: bool = True
    extra_processes: int = 0
    stack_mb: int = 0
    memory_errors: tuple[str, ...] = ()
    prepared: bool = False
    contents: tuple[tuple[str, bytes], ...] = ()

    @property
    def program(self) -> str:
        """Name of the file that a test runs."""
        return self.artifact or self.source

    def is_named_like(self, path: Path) -> bool:
        """Whether a file is called as this language's sources are."""
        endings = (Path(self.source).suffix, *(f".{alias}" for alias in (*self.aliases, self.id)))
        return path.suffix.lower() in endings

    @property
    def starts_itself(self) -> bool:
        """Whether what was compiled is what the kernel starts, and no interpreter of it."""
        return self.run[0] == "{program}"

    def as_written(self, code: bytes) -> Language:
        """How a source with the word that asks for it is compiled: rewritten."""
        if not self.rewrite or self.rewrite_word.encode() not in code:
            return self
        return replace(self, compile=self.rewrite, artifact=self.source)

    @property
    def compile_command(self) -> str | None:
        """As a person would type it, for showing."""
        return _shown(self, self.compile) or None

    @property
    def run_command(self) -> str:
        """The same for a test."""
        return _shown(self, self.run)


class Languages:
    """All declarations, and, found once and on demand, the tools that this machine has."""

    def __init__(self, languages: Sequence[Language], identity: Identity | None = None) -> None:
        self._languages = {language.id: language for language in languages}
        self._names = {
            name.lower(): item.id for item in languages for name in (*item.aliases, item.id)
        }
        self.identity = identity or Identity.current()
        self._tools: dict[str, Tool | ToolMissing] = {}
        self._locks = {language.id: threading.Lock() for language in languages}

    def all(self) -> tuple[Language, ...]:
        return tuple(self._languages.values())

    def normalise(self, name: str) -> str | None:
        """The id behind an id or alias in any case; None when it is neither."""
        return self._names.get(name.strip().lower())

    def get(self, name: str) -> Language:
        """By id or alias. Raises LanguageUnavailable for an unknown one."""
        language = self.normalise(name)
        if language is None:
            known = ", ".join(self._languages)
            raise LanguageUnavailable.field(
                "/language", f"Unknown language; choose one of: {known}."
            )
        return self._languages[language]

    def tool(self, name: str) -> Tool:
        """What runs a language here. Raises LanguageUnavailable when nothing does."""
        language = self.get(name)
        tool = self._find(language)
        if isinstance(tool, ToolMissing):
            raise LanguageUnavailable.field(
                "/language", f"{language.name} is not installed here: {tool}."
            )
        return tool

    def installed_versions(self) -> dict[str, str]:
        """id → version of every language that this machine can run."""
        return {name: tool.version for name, tool in self.tools().items()}

    def tools(self) -> Mapping[str, Tool]:
        """Every language that this machine can run, by id, with its tool."""
        if len(self._tools) < len(self._languages):
            with ThreadPoolExecutor(len(self._languages)) as threads:  # each waits for programs
                list(threads.map(self._find, self.all()))
        found = ((language.id, self._find(language)) for language in self.all())
        return {name: tool for name, tool in found if isinstance(tool, Tool)}

    def missing(self) -> Mapping[str, str]:
        """Every other, by id, with the reason and what would help."""
        return {
            language.id: f"{found}." + (f" Debian: {language.install}" if language.install else "")
            for language in self.all()
            if isinstance(found := self._find(language), ToolMissing)
        }

    def _find(self, language: Language) -> Tool | ToolMissing:
        with self._locks[language.id]:
            if language.id not in self._tools:
                self._tools[language.id] = _looked_for(language, self.identity)
            return self._tools[language.id]


def _looked_for(language: Language, identity: Identity) -> Tool | ToolMissing:
    wanted = Wanted(**{field.name: getattr(language, field.name) for field in fields(Wanted)})
    try:
        return find_tool(wanted, identity)
    except ToolMissing as missing:
        return missing


def run_command(
    language: Language, tool: Tool, *, inside: str, scratch: str, memory_mb: int
) -> list[str]:
    """What starts a test of a program, in a box with these two folders."""
    values = {
        **tool.programs,
        "program": f"{inside}/{language.program}",
        "memory": str(memory_mb),
        "heap": str(memory_mb * language.heap_percent // 100),
        "box": inside,
        "scratch": scratch,
    }
    return fill(language.run, values)


def fill(command: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """A command with its {placeholders} replaced; what becomes empty is left out."""
    return [text for text in (_replace(part, values) for part in command) if text]


def _replace(part: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        part = part.replace("{" + name + "}", value)
    return part


def _shown(language: Language, command: Sequence[str]) -> str:
    values = {
        **{name: name for name in language.needs},
        "tool": Path(language.tool[0]).name,
        "static": "-static" if language.static_library else "",
        "source": language.source,
        "artifact": language.artifact or "",
        "program": f"./{language.program}" if language.starts_itself else language.program,
        "memory": "${MEMORY_MB}",
        "heap": "${HEAP_MB}",
    }
    parts = [part.removeprefix("{box}/").replace("{scratch}", ".") for part in command]
    parts = fill(parts, values)
    return " ".join(f'"{part}"' if " " in part else part for part in parts)
