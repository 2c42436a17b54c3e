"""Items as lines of DynamoDB JSON, and a digest of a set of items that no order changes."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

_MODULUS = 1 << 256


def to_line(item: Mapping[str, Any]) -> str:
    """One item, always written alike: names and members of sets in order, bytes in base64."""
    return json.dumps(
        {name: _encoded(value) for name, value in item.items()},
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )


def from_line(line: str) -> dict[str, Any]:
    """The item, as botocore takes it. Raises ValueError for what `to_line` did not write."""
    item = json.loads(line)
    if not isinstance(item, dict):
        raise ValueError("a line is no item")  # noqa: TRY004 - a bad value, not a caller's mistake
    return {name: _decoded(value) for name, value in item.items()}


class ItemsDigest:
    """Counts items and adds up their digests, so that any order, and any split, gives the same."""

    def __init__(self) -> None:
        self.items = 0
        self._sum = 0

    def add(self, line: str) -> None:
        self.items += 1
        self._sum += int.from_bytes(sha256(line.encode()).digest(), "big")

    def merge(self, other: ItemsDigest) -> None:
        self.items += other.items
        self._sum += other._sum

    def hexdigest(self) -> str:
        return f"{self._sum % _MODULUS:064x}"


def _encoded(value: Mapping[str, Any]) -> dict[str, Any]:
    ((kind, content),) = value.items()
    if kind == "B":
        return {kind: base64.b64encode(content).decode()}
    if kind == "BS":
        return {kind: sorted(base64.b64encode(part).decode() for part in content)}
    if kind in {"SS", "NS"}:
        return {kind: sorted(content)}
    if kind == "L":
        return {kind: [_encoded(part) for part in content]}
    if kind == "M":
        return {kind: {name: _encoded(part) for name, part in content.items()}}
    return {kind: content}


def _decoded(value: Mapping[str, Any]) -> dict[str, Any]:
    ((kind, content),) = value.items()
    if kind == "B":
        return {kind: base64.b64decode(content, validate=True)}
    if kind == "BS":
        return {kind: [base64.b64decode(part, validate=True) for part in content]}
    if kind == "L":
        return {kind: [_decoded(part) for part in content]}
    if kind == "M":
        return {kind: {name: _decoded(part) for name, part in content.items()}}
    return {kind: content}
