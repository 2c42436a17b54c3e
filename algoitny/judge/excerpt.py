"""Cutting what programs and compilers say to a size that can be stored and shown."""

from __future__ import annotations

import re
from collections.abc import Mapping

from algoitny.judge.records import EXCERPT_BYTES


class Excerpt:
    """Collects a stream of any length in bounded memory: its head, its tail, and its size."""

    def __init__(self, limit: int = EXCERPT_BYTES) -> None:
        self._limit = limit
        self._head = bytearray()
        self._tail = bytearray()
        self._size = 0

    def add(self, data: bytes) -> None:
        self._size += len(data)
        room = self._limit - len(self._head)
        if room > 0:
            self._head += data[:room]
            data = data[room:]
        self._tail += data
        if len(self._tail) > self._limit:
            del self._tail[: -self._limit]

    def render(self) -> bytes:
        """The whole stream, or head and tail with the cut marked, within the limit."""
        if self._size <= self._limit:
            return bytes(self._head)
        marker = b"\n[... %d bytes cut ...]\n"
        room = self._limit - len(marker) - len(str(self._size))
        head, tail = room - room // 4, room // 4
        front = _until_character(self._head[:head])
        back = _from_character((self._head + self._tail)[-tail:])
        return front + marker % (self._size - len(front) - len(back)) + back


def cut(data: bytes, limit: int = EXCERPT_BYTES) -> bytes:
    """`data` within `limit` bytes, head and tail kept, the cut marked."""
    excerpt = Excerpt(limit)
    excerpt.add(data[:limit])
    if len(data) > limit:
        excerpt.add(data[limit:-limit] if len(data) > 2 * limit else b"")
        excerpt.add(data[max(limit, len(data) - limit) :])
    return excerpt.render()


def _until_character(data: bytes | bytearray) -> bytes:
    """Without a UTF-8 character that was cut at the end."""
    for back in range(1, min(4, len(data)) + 1):
        byte = data[-back]
        if byte & 0xC0 != 0x80:
            width = 4 if byte >= 0xF0 else 3 if byte >= 0xE0 else 2 if byte >= 0xC0 else 1
            return bytes(data if width <= back else data[:-back])
    return bytes(data)


def _from_character(data: bytes | bytearray) -> bytes:
    """Without the rest of a UTF-8 character that was cut at the start."""
    start = 0
    while start < min(3, len(data)) and data[start] & 0xC0 == 0x80:
        start += 1
    return bytes(data[start:])


def one_line(data: bytes, most: int) -> str:
    """What a program said as a line of at most `most` characters that any page may show."""
    text = "".join(c if c.isprintable() else " " for c in data.decode("utf-8", "replace"))
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1] + "…"


def compiler_message(raw: bytes, paths: Mapping[str, str]) -> str:
    """A compiler's words as text, with each folder of `paths` (path → what may be shown of it; a
    final slash of both is dropped where none follows) replaced.

    Where an excerpt was cut, the words at the cut go too: they may be the half of a path, which
    nothing would recognise.
    """
    text = _CUT.sub(r"\n[... \1 bytes cut ...]\n", raw.decode("utf-8", "replace"))
    text = text.replace("\0", "")
    for path, shown in sorted(paths.items(), key=lambda item: -len(item[0])):
        bare = path.rstrip("/")
        text = text.replace(f"{bare}/", shown)
        text = re.sub(re.escape(bare) + r"(?![\w.+-])", shown.rstrip("/") or ".", text)
    return text.rstrip().lstrip("\r\n")


_CUT = re.compile(r"\S*\n\[\.\.\. (\d+) bytes cut \.\.\.\]\n\S*")
