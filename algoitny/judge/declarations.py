"""Reading the declarations of languages from a data file, and saying what is wrong with one."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import fields, replace
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from algoitny.judge.languages import Language, Languages

LANGUAGES_VARIABLE = "ALGOITNY_LANGUAGES"
COMMANDS = ("ask", "compile", "rewrite", "run", "version")
KNOWN = frozenset(
    {
        "tool",
        "static",
        "source",
        "artifact",
        "program",
        "box",
        "scratch",
        "memory",
        "heap",
        "prefix",
    }
)
"""Placeholders of commands, besides the names of `needs`."""


def load_languages(path: Path | None = None) -> Languages:
    """From `path`, else from the file that ALGOITNY_LANGUAGES names, else from the package.

    Raises ValueError for a declaration that is not one.
    """
    named = path or os.environ.get(LANGUAGES_VARIABLE)
    file: Traversable = Path(named) if named else resources.files(__package__) / "languages.toml"
    folder: Traversable = Path(named).parent if named else resources.files(__package__)
    entries = tomllib.loads(file.read_text(encoding="utf-8"))["language"]
    return Languages([_with_contents(_language(entry), folder) for entry in entries])


def _with_contents(language: Language, folder: Traversable) -> Language:
    try:
        contents = tuple((name, (folder / name).read_bytes()) for name in language.compile_files)
    except OSError as error:
        raise ValueError(f"language {language.id!r}: compile_files: {error}") from error
    return replace(language, contents=contents)


_TYPES: dict[str, type | tuple[type, ...]] = {
    "tuple[str, ...]": tuple,
    "str": str,
    "str | None": str,
    "float": (int, float),
    "int": int,
    "bool": bool,
}


def _language(entry: Mapping[str, Any]) -> Language:
    values: dict[str, Any] = {
        key: tuple(value) if isinstance(value, list) else value for key, value in entry.items()
    }
    name = f"language {entry.get('id')!r}"
    for field in fields(Language):
        if field.name in values and not _fits(values[field.name], str(field.type)):
            raise ValueError(f"{name}: {field.name} is a {field.type}")
    try:
        language = Language(**values)
    except TypeError as error:
        raise ValueError(f"{name}: {error}") from error
    for complaint in _complaints(language):
        raise ValueError(f"{name}: {complaint}")
    return language


def _fits(value: object, wanted: str) -> bool:
    if not isinstance(value, _TYPES.get(wanted, ())):
        return False
    return not isinstance(value, tuple) or all(isinstance(part, str) for part in value)


def _complaints(language: Language) -> Iterator[str]:
    """What is wrong with a declaration whose fields are of the right types."""
    for file in (language.source, language.program, *language.compile_files):
        if "/" in file or file.startswith("."):
            yield f"{file!r} is not a plain file name"
    if not language.run:
        yield "run is empty"
    if language.prepared and not language.stack_mb:
        yield "a prepared interpreter needs a stack_mb"
    if language.prepared and language.artifact:
        yield "a prepared interpreter runs the source"
    if language.artifact and not language.compile:
        yield "without a compile command there is no artifact"
    if bool(language.rewrite) != bool(language.rewrite_word):
        yield "rewrite and rewrite_word belong together"
    amounts = (
        *(language.time_factor, language.compile_seconds, language.compile_memory_mb),
        language.heap_percent,
    )
    extras = (language.stack_mb, language.memory_extra_mb, language.extra_processes)
    if min(*amounts, language.memory_floor_mb) <= 0 or min(extras) < 0:
        yield "limits are positive"
    yield from _unknown_placeholders(language)
    yield from _wrong_patterns(language)


def _wrong_patterns(language: Language) -> Iterator[str]:
    try:
        groups = re.compile(language.version_pattern).groups
    except re.error as error:
        yield f"version_pattern is none: {error}"
    else:
        if groups < 1:
            yield "version_pattern has no group"


def _unknown_placeholders(language: Language) -> Iterator[str]:
    known = KNOWN.union(language.needs)
    for command in COMMANDS:
        for part in getattr(language, command):
            for name in set(re.findall(r"{(\w+)}", part)) - known:
                yield f"{command}: nothing is called {{{name}}}"
