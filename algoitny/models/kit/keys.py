"""Key templates: written once, used to build keys, to parse them and to ask for their prefixes.

Not here: which keys there are; each entity declares its own.
"""

from __future__ import annotations

import re
from datetime import date
from string import Formatter
from typing import NamedTuple

from algoitny.domain.clock import format_date, parse_date
from algoitny.domain.errors import InvalidInput, TooLarge

PARTITION_LIMIT_BYTES = 2048
"""AWS's limit of a partition key's length; local stores accept more."""
SORT_LIMIT_BYTES = 1024
"""AWS's limit of a sort key's length."""

Part = str | int | date

_DIGITS = re.compile(r"[0-9]+")


class Key(NamedTuple):
    """The primary key of one item."""

    partition: str
    sort: str


def escape(text: str) -> str:
    """`text` without `#`, the separator: percent-encoding of `#` and `%`, nothing else."""
    return text.replace("%", "%25").replace("#", "%23")


def unescape(text: str) -> str:
    """The inverse of `escape`."""
    return text.replace("%23", "#").replace("%25", "%")


def natural(text: str) -> str:
    """A form that sorts as people count: each run of digits gets its two-digit length in front,
    then `!` and the text itself, which keeps `7` and `07` apart."""
    folded = _DIGITS.sub(lambda run: f"{min(len(run[0]), 99):02d}{run[0]}", text)
    return f"{folded}!{text}"


def unnatural(text: str) -> str:
    """The inverse of `natural`; ValueError for what `natural` never made."""
    for cut in (match.start() for match in re.finditer("!", text)):
        if natural(text[cut + 1 :]) == text:
            return text[cut + 1 :]
    raise ValueError(f"not a natural order form: {text!r}")


class KeyTemplate:
    """One key's shape, e.g. `TC#{version:06}#{number:05}`.

    Fields: `{name}` text (escaped), `{name:05}` a non-negative number of at most so many digits
    (zero-padded), `{name:day}` a date as yyyymmdd, `{name:natural}` text in natural order.
    """

    def __init__(self, template: str, *, limit_bytes: int) -> None:
        self.template = template
        self._limit = limit_bytes
        self._pieces: list[tuple[str, str | None, str]] = [
            (literal, name, spec or "") for literal, name, spec, _ in Formatter().parse(template)
        ]
        self._pattern = re.compile(
            "".join(
                re.escape(literal) + (f"(?P<{name}>{_field_pattern(spec)})" if name else "")
                for literal, name, spec in self._pieces
            ),
            re.DOTALL,
        )

    def __call__(self, **parts: Part) -> str:
        """The key. Raises InvalidInput for a part that no key can hold, TooLarge past the limit."""
        return self._checked(self._join(parts, complete=True))

    def prefix(self, **parts: Part) -> str:
        """What all keys with these leading parts begin with."""
        return self._checked(self._join(parts, complete=False))

    def parse(self, key: str) -> dict[str, Part]:
        """The parts of a key. Raises ValueError when the template did not make it."""
        match = self._pattern.fullmatch(key)
        if match is None:
            raise ValueError(f"{key!r} is not a {self.template}")
        specs = {name: spec for _, name, spec in self._pieces if name}
        return {name: _parse_part(specs[name], text) for name, text in match.groupdict().items()}

    def _join(self, parts: dict[str, Part], *, complete: bool) -> str:
        rest = dict(parts)
        key = ""
        for literal, name, spec in self._pieces:
            key += literal
            if name is None:
                continue
            if name not in rest:
                if complete:
                    raise TypeError(f"{self.template} needs {name}")
                break
            key += _build_part(name, spec, rest.pop(name))
        if rest:
            raise TypeError(f"{self.template} has no place for {', '.join(sorted(rest))}")
        return key

    def _checked(self, key: str) -> str:
        try:
            size = len(key.encode())
        except UnicodeEncodeError:
            raise InvalidInput("A key cannot hold a lone surrogate.") from None
        if size > self._limit:
            raise TooLarge(f"A key of {size} bytes; the store takes {self._limit}.")
        return key


def partition_key(template: str) -> KeyTemplate:
    """A template of partition keys."""
    return KeyTemplate(template, limit_bytes=PARTITION_LIMIT_BYTES)


def sort_key(template: str) -> KeyTemplate:
    """A template of sort keys."""
    return KeyTemplate(template, limit_bytes=SORT_LIMIT_BYTES)


def _field_pattern(spec: str) -> str:
    if spec == "day":
        return "[0-9]{8}"
    if spec.isdigit():
        return f"[0-9]{{{int(spec)}}}"
    return "[^#]+"


def _build_part(name: str, spec: str, part: Part) -> str:
    if spec == "day":
        if not isinstance(part, date):
            raise TypeError(f"{name} must be a date")
        return format_date(part)
    if spec.isdigit():
        if not isinstance(part, int):
            raise TypeError(f"{name} must be an int")
        if part < 0 or len(str(part)) > int(spec):
            raise InvalidInput(f"{name} is {part}; a key holds 0 to {'9' * int(spec)}.")
        return f"{part:0{int(spec)}d}"
    if not isinstance(part, str):
        raise TypeError(f"{name} must be text")
    if not part:
        raise InvalidInput(f"{name} must not be empty.")
    return escape(natural(part) if spec == "natural" else part)


def _parse_part(spec: str, text: str) -> Part:
    if spec == "day":
        return parse_date(text)
    if spec.isdigit():
        return int(text)
    plain = unescape(text)
    return unnatural(plain) if spec == "natural" else plain
