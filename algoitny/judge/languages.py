"""The declared languages: read from a data file, found by id or alias, shown as commands.

What of them this machine can run is found by `toolchain`; how they are run is the judge's matter.
"""

from __future__ import annotations

import os
import threading
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from importlib import resources
from pathlib import Path
from typing import Any

from algoitny.domain.errors import LanguageUnavailable
from algoitny.judge.toolchain import Identity, Tool, find_tool

LANGUAGES_VARIABLE = "ALGOITNY_LANGUAGES"


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """One declaration; `languages.toml` says what each field means."""

    id: str
    name: str
    kind: str
    source: str
    tool: tuple[str, ...]
    run: tuple[str, ...]
    version: tuple[str, ...]
    version_pattern: str
    compile: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    artifact: str | None = None
    static_library: str | None = None
    time_factor: float = 1.0
    memory_floor_mb: int = 1
    stack_mb: int = 0
    memory_errors: tuple[str, ...] = ()

    @property
    def program(self) -> str:
        """Name of the file that a test runs."""
        return self.artifact or self.source

    @property
    def compile_command(self) -> str | None:
        """As a person would type it, for showing."""
        return _shown(self, self.compile) or None

    @property
    def run_command(self) -> str:
        return _shown(self, self.run)


class Languages:
    """All declarations, and, found once and on demand, the tools that this machine has."""

    def __init__(self, languages: Sequence[Language], identity: Identity | None = None) -> None:
        self._languages = {language.id: language for language in languages}
        self._names = {
            name.lower(): item.id for item in languages for name in (*item.aliases, item.id)
        }
        self.identity = identity or Identity.current()
        self._tools: dict[str, Tool | None] = {}
        self._lock = threading.Lock()

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
            raise LanguageUnavailable.field("/language", f"Unknown language; one of: {known}.")
        return self._languages[language]

    def tool(self, name: str) -> Tool:
        """What runs a language here. Raises LanguageUnavailable when nothing does."""
        language = self.get(name)
        tool = self._find(language)
        if tool is None:
            raise LanguageUnavailable.field(
                "/language",
                f"{language.name} is not installed here: none of {', '.join(language.tool)} "
                "was found, or the judge's user cannot read it.",
            )
        return tool

    def installed_versions(self) -> dict[str, str]:
        """id → version of every language that this machine can run."""
        found = ((language.id, self._find(language)) for language in self.all())
        return {name: tool.version for name, tool in found if tool is not None}

    def tools(self) -> Mapping[str, Tool]:
        """Every language that this machine can run, by id, with its tool."""
        found = ((language.id, self._find(language)) for language in self.all())
        return {name: tool for name, tool in found if tool is not None}

    def _find(self, language: Language) -> Tool | None:
        with self._lock:
            if language.id not in self._tools:
                self._tools[language.id] = find_tool(
                    kind=language.kind,
                    candidates=language.tool,
                    version=language.version,
                    version_pattern=language.version_pattern,
                    static_library=language.static_library,
                    identity=self.identity,
                )
            return self._tools[language.id]


def load_languages(path: Path | None = None) -> Languages:
    """From `path`, else from the file that ALGOITNY_LANGUAGES names, else from the package.

    Raises ValueError for a declaration that is not one.
    """
    named = path or os.environ.get(LANGUAGES_VARIABLE)
    if named:
        text = Path(named).read_text(encoding="utf-8")
    else:
        text = (resources.files(__package__) / "languages.toml").read_text(encoding="utf-8")
    return Languages([_language(entry) for entry in tomllib.loads(text)["language"]])


_TYPES: dict[str, type | tuple[type, ...]] = {
    "tuple[str, ...]": tuple,
    "str": str,
    "str | None": str,
    "float": (int, float),
    "int": int,
}


def _language(entry: Mapping[str, Any]) -> Language:
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    name = f"language {entry.get('id')!r}"
    for field in fields(Language):
        if field.name in values and not isinstance(values[field.name], _TYPES[str(field.type)]):
            raise ValueError(f"{name}: {field.name} is a {field.type}")
    try:
        language = Language(**values)
    except TypeError as error:
        raise ValueError(f"{name}: {error}") from error
    for file in (language.source, language.program):
        if "/" in file or file.startswith("."):
            raise ValueError(f"{name}: {file!r} is not a plain file name")
    if language.kind not in ("python", "native"):
        raise ValueError(f"{name}: kind is `python` or `native`")
    if language.time_factor <= 0 or language.memory_floor_mb < 1 or language.stack_mb < 0:
        raise ValueError(f"{name}: limits are positive")
    return language


def fill(command: Sequence[str], values: Mapping[str, str]) -> list[str]:
    """A command with its {placeholders} replaced; what becomes empty is left out."""
    return [text for text in (_replace(part, values) for part in command) if text]


def _replace(part: str, values: Mapping[str, str]) -> str:
    for name, value in values.items():
        part = part.replace("{" + name + "}", value)
    return part


def _shown(language: Language, command: Sequence[str]) -> str:
    values = {
        "tool": Path(language.tool[0]).name,
        "static": "-static",
        "source": language.source,
        "artifact": language.artifact or "",
        "program": f"./{language.artifact}" if language.artifact else language.source,
    }
    parts = fill(command, values)
    return " ".join(f'"{part}"' if " " in part else part for part in parts)
