"""Logging of every process: structlog and the standard library through one renderer.

One JSON object a line, or a readable line where a person watches. What must not be logged is
removed here as a safety net; callers do not pass it in the first place.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any, TextIO

import structlog
from structlog.typing import Processor

from algoitny.domain.secret import REDACTED, names_secret
from algoitny.setting_values import LogFormat

_SECRET_TEXT = re.compile(
    r"(?P<scheme>\b(?:Bearer|Basic)\s+)[\w.~+/=-]+"
    r"|(?P<url>://)[^/@\s]*:[^/@\s]*(?=@)"
    r"|\beyJ[\w-]+\.[\w-]+\.[\w-]*"
)
"""An Authorization header's value, a URL's user and password, a JSON web token."""

_CHATTY = (
    *("celery.app.trace", "celery.beat", "celery.worker.strategy", "kombu"),
    *("botocore", "pynamodb"),
)
"""Loggers that say at INFO what the product says itself, or what nobody asked."""

_COLOURS = {"debug": "2", "warning": "33", "error": "31", "critical": "31"}
_PLAIN_KEYS = frozenset({"event", "exception", "level", "logger", "process", "stack", "timestamp"})


def configure_logging(
    format: LogFormat,  # noqa: A002 - the setting's own name
    level: str,
    process: str,
    *,
    stream: TextIO | None = None,
) -> None:
    """Send all records of this process to `stream` (stderr), from `level` on.

    May be called again; the last call wins. `process` names the process in each record.
    """
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="timestamp"),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        _name_process(process),
        redact,
    ]
    structlog.configure(
        processors=[
            structlog.stdlib.filter_by_level,
            *shared,
            structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=False,
    )
    stream = stream or sys.stderr
    renderer: Processor
    if format is LogFormat.JSON:
        renderer = structlog.processors.JSONRenderer(default=str)
    else:
        colours = stream.isatty()
        renderer = _console_renderer(colours)
    handler = logging.StreamHandler(stream)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in _CHATTY:
        logging.getLogger(name).setLevel(
            logging.NOTSET if level == "DEBUG" else max(logging.WARNING, root.level)
        )
    logging.captureWarnings(capture=True)


def redact(
    _logger: object, _method: str, event_dict: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """A structlog processor: hide the values of keys that name secrets, and secrets in texts."""
    for key, value in event_dict.items():
        event_dict[key] = _without_secrets(key, value)
    return event_dict


def render_console(record: Mapping[str, Any], *, colours: bool) -> str:
    """One record as `HH:MM:SS  process  message key=value`, local time; a traceback follows it."""
    level = str(record.get("level", "info"))
    message = str(record.get("event", ""))
    if level in ("warning", "error", "critical"):
        message = f"{level}: {message}"
    if colours and level in _COLOURS:
        message = f"\x1b[{_COLOURS[level]}m{message}\x1b[0m"
    pairs = [
        f"{key}={_value(value)}"
        for key, value in record.items()
        if key not in _PLAIN_KEYS and value is not None
    ]
    if pairs and colours:
        pairs = ["\x1b[2m" + " ".join(pairs) + "\x1b[0m"]
    process = f"{record.get('process') or '-':<7}"
    if colours:
        process = f"\x1b[36m{process}\x1b[0m"
    lines = [" ".join([f"{_clock(record.get('timestamp'))}  {process}  {message}", *pairs])]
    for key in ("stack", "exception"):
        lines += [f"          {line}" for line in str(record.get(key, "")).splitlines()]
    return "\n".join(lines)


def _console_renderer(colours: bool) -> Processor:  # noqa: FBT001 - private, one caller
    def render(_logger: object, _method: str, event_dict: MutableMapping[str, Any]) -> str:
        return render_console(event_dict, colours=colours)

    return render


def _name_process(process: str) -> Processor:
    def name(
        _logger: object, _method: str, event_dict: MutableMapping[str, Any]
    ) -> MutableMapping[str, Any]:
        event_dict.setdefault("process", process)
        return event_dict

    return name


def _without_secrets(key: str, value: object) -> object:
    if names_secret(key) and value is not None:
        return REDACTED
    if isinstance(value, str):
        return _SECRET_TEXT.sub(_hide, value)
    if isinstance(value, Mapping):
        return {inner: _without_secrets(str(inner), item) for inner, item in value.items()}
    if isinstance(value, list | tuple):
        return [_without_secrets("", item) for item in value]
    return value


def _hide(found: re.Match[str]) -> str:
    return (found["scheme"] or found["url"] or "") + REDACTED


def _clock(timestamp: object) -> str:
    try:
        instant = datetime.fromisoformat(str(timestamp))
    except ValueError:
        instant = datetime.now(UTC)
    return f"{instant.astimezone():%H:%M:%S}"


def _value(value: object) -> str:
    """Quoted where a reader could not tell where it ends, or a terminal would obey it."""
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    if isinstance(value, str) and (
        not text or not text.isprintable() or any(mark in text for mark in ' "=')
    ):
        return json.dumps(text)
    return text
