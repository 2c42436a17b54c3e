"""The one log of the embedded stack: what children print and what the supervisor says."""

from __future__ import annotations

import json
import os
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from algoitny.logs import redact, render_console
from algoitny.setting_values import LogFormat


class Terminal:
    """Children log JSON into their pipes; here it becomes lines for people, or stays JSON."""

    def __init__(self, stream: TextIO, log_format: LogFormat = LogFormat.CONSOLE) -> None:
        self._stream = stream
        self._format = log_format
        self._colours = stream.isatty() and "NO_COLOR" not in os.environ
        self._lock = threading.Lock()

    def say(self, process: str, message: str, level: str = "info", **pairs: object) -> None:
        """One line of the supervisor's own; a message of several lines stays together."""
        self._write(_record(process, message, level) | pairs)

    def pass_on(self, process: str, line: str) -> None:
        """A line that a child printed: one of its records, or anything else as it is."""
        record = _parsed(line)
        if record is None:
            record = dict(redact(None, "", _record(process, line, "info")))
        self._write(record)

    def _write(self, record: dict[str, Any]) -> None:
        if self._format is LogFormat.JSON:
            text = json.dumps(record, default=str)
        else:
            text = render_console(record, colours=self._colours)
        text = text.encode(self._stream.encoding or "utf-8", "backslashreplace").decode(
            self._stream.encoding or "utf-8"
        )
        with self._lock:
            try:
                self._stream.write(text + "\n")
                self._stream.flush()
            except OSError:
                # Nobody reads any more; that is no reason to stop serving.
                self._stream = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115


def plain(line: str) -> str:
    """What a line that a child printed says: a record's message and exception, or the line."""
    record = _parsed(line)
    if record is None:
        return line
    return "\n".join(str(record[key]) for key in ("event", "exception") if record.get(key))


def _record(process: str, message: str, level: str) -> dict[str, Any]:
    now = datetime.now(UTC).isoformat().replace("+00:00", "Z")
    return {"event": message, "level": level, "process": process, "timestamp": now}


def _parsed(line: str) -> dict[str, Any] | None:
    if not line.startswith("{"):
        return None
    try:
        record = json.loads(line)
    except ValueError:
        return None
    return record if isinstance(record, dict) and "event" in record else None
