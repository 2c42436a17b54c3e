"""What was compiled before, on this machine's disk, for whoever submits the same source again.

An entry is written from what a compile box handed out, and read only when it is whole. Compile
errors are not kept: one may have been the machine's.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path

from algoitny.judge.kept_files import KeptFiles
from algoitny.judge.languages import Language
from algoitny.judge.toolchain import Tool

FORMAT = 1
_DIGEST_BYTES = 32
_HEAD_BYTES = 4


@dataclass(frozen=True, slots=True)
class Compiled:
    """What the compiler said, and what it made; None when the source itself runs."""

    message: str
    artifact: bytes | None


class CompileCache:
    """Threads may share one."""

    def __init__(self, files: KeptFiles) -> None:
        self._files = files

    def key(self, language: Language, tool: Tool, code: bytes) -> str:
        """Names this source, and everything that decides what becomes of it. A program that was
        replaced has other times, whatever version it says it is."""
        files = {name: hashlib.sha256(content).hexdigest() for name, content in language.contents}
        parts = [
            *(FORMAT, language.id, language.source, language.artifact, language.compile, files),
            *(tool.version, tool.is_static),
            {name: (path, _times(path)) for name, path in tool.programs.items()},
            hashlib.sha256(code).hexdigest(),
        ]
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

    def find(self, key: str) -> Compiled | None:
        """None too for an entry that is damaged, which is removed."""
        descriptor = self._files.open(key)
        if descriptor is None:
            return None
        with os.fdopen(descriptor, "rb") as file:
            compiled = _read(key, file.read())
        if compiled is None:
            self._files.remove(key)
        return compiled

    def keep(self, key: str, compiled: Compiled) -> None:
        """Without an entry, because there is no room, the next one compiles again."""
        head = {"message": compiled.message, "has_artifact": compiled.artifact is not None}
        text = json.dumps(head).encode()
        body = len(text).to_bytes(_HEAD_BYTES, "big") + text + (compiled.artifact or b"")
        self._files.keep(key, (_digest(key, body), body), _DIGEST_BYTES + len(body))


def _times(path: str) -> list[int]:
    try:
        state = Path(path).stat()
    except OSError:
        return []
    return [state.st_mtime_ns, state.st_ctime_ns, state.st_size]


def _read(key: str, content: bytes) -> Compiled | None:
    body = memoryview(content)[_DIGEST_BYTES:]
    if content[:_DIGEST_BYTES] != _digest(key, body):
        return None
    end = _HEAD_BYTES + int.from_bytes(body[:_HEAD_BYTES], "big")
    head = json.loads(bytes(body[_HEAD_BYTES:end]))
    return Compiled(head["message"], bytes(body[end:]) if head["has_artifact"] else None)


def _digest(key: str, body: bytes | memoryview) -> bytes:
    """Over the key too: an entry under another's name is as bad as a damaged one."""
    total = hashlib.sha256(key.encode())
    total.update(body)
    return total.digest()
