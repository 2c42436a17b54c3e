"""Every record of a process through one renderer, and no secret in any."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from algoitny.domain.secret import REDACTED
from algoitny.logs import _CHATTY, configure_logging, redact
from algoitny.setting_values import LogFormat


@pytest.fixture(autouse=True)
def restored() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    logging.captureWarnings(capture=False)
    structlog.contextvars.clear_contextvars()
    structlog.reset_defaults()
    for name in _CHATTY:
        logging.getLogger(name).setLevel(logging.NOTSET)


def configured(log_format: LogFormat = LogFormat.JSON, level: str = "INFO") -> io.StringIO:
    stream = io.StringIO()
    configure_logging(log_format, level, "web", stream=stream)
    return stream


def records(stream: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_record_says_when_where_and_in_what_context() -> None:
    stream = configured()
    structlog.contextvars.bind_contextvars(request_id="r1", user_id="u1", execution_id="e1")
    structlog.get_logger("algoitny.api").info("request", status=200)
    (record,) = records(stream)
    assert record.pop("timestamp").endswith("Z")
    assert record == {
        "event": "request",
        "level": "info",
        "logger": "algoitny.api",
        "process": "web",
        "request_id": "r1",
        "user_id": "u1",
        "execution_id": "e1",
        "status": 200,
    }


@pytest.mark.parametrize("name", ["gunicorn.error", "celery.worker", "botocore.retryhandler"])
def test_records_of_libraries_come_out_the_same_way(name: str) -> None:
    stream = configured()
    structlog.contextvars.bind_contextvars(request_id="r1")
    logging.getLogger(name).warning("waited %d s", 3)
    (record,) = records(stream)
    assert (record["event"], record["logger"], record["request_id"]) == ("waited 3 s", name, "r1")
    assert (record["level"], record["process"]) == ("warning", "web")


def test_a_traceback_is_in_the_record_of_its_error() -> None:
    stream = configured()
    try:
        raise ValueError("broken")
    except ValueError:
        structlog.get_logger().exception("failed")
    (record,) = records(stream)
    assert record["exception"].endswith("ValueError: broken")


def test_the_level_counts_for_both_kinds() -> None:
    stream = configured(level="WARNING")
    structlog.get_logger().info("no")
    logging.getLogger("x").info("no")
    structlog.get_logger().warning("yes")
    logging.getLogger("x").warning("yes")
    assert [record["event"] for record in records(stream)] == ["yes", "yes"]


def test_what_is_said_of_every_message_is_left_to_debug() -> None:
    stream = configured()
    logging.getLogger("celery.beat").info("sending")
    assert records(stream) == []
    stream = configured(level="DEBUG")
    logging.getLogger("celery.beat").info("sending")
    assert len(records(stream)) == 1


def test_configuring_again_replaces() -> None:
    first, second = configured(), configured()
    structlog.get_logger().info("once")
    assert first.getvalue() == ""
    assert len(records(second)) == 1


def test_warnings_are_records() -> None:
    stream = configured()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        # Within `catch_warnings` the capture has to be made anew.
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn("old-fashioned", DeprecationWarning, stacklevel=1)
        logging.captureWarnings(capture=False)
    assert "old-fashioned" in records(stream)[0]["event"]


@pytest.mark.parametrize(
    "key",
    [
        *("authorization", "Authorization", "token", "access_token", "accessToken", "id-token"),
        *("secret", "SECRET_KEY", "password", "code", "source_code", "api_key", "Set-Cookie"),
        *("client_secret", "code_verifier"),
    ],
)
def test_keys_that_name_secrets_lose_their_values(key: str) -> None:
    assert redact(None, "", {key: "hunter2"}) == {key: REDACTED}
    assert redact(None, "", {"body": {"list": [{key: "hunter2"}]}}) == {
        "body": {"list": [{key: REDACTED}]}
    }


@pytest.mark.parametrize("key", ["status_code", "exit_code", "tokens", "event", "codec", "path"])
def test_other_keys_keep_theirs(key: str) -> None:
    assert redact(None, "", {key: "value"}) == {key: "value"}


def test_an_absent_secret_is_seen_to_be_absent() -> None:
    assert redact(None, "", {"token": None}) == {"token": None}


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("sent Authorization: Bearer abc.def-1", "sent Authorization: Bearer [redacted]"),
        ("Basic dXNlcjpwYXNz failed", "Basic [redacted] failed"),
        ("no redis://:pw@host:1/0", "no redis://[redacted]@host:1/0"),
        ("no amqp://user:pw@host", "no amqp://[redacted]@host"),
        ("got eyJhbGciOi.eyJzdWIi.sig-1 twice", "got [redacted] twice"),
        ("GET http://127.0.0.1:8000/a@b", "GET http://127.0.0.1:8000/a@b"),
        ("basic arithmetic", "basic arithmetic"),
    ],
)
def test_texts_lose_what_looks_like_a_secret(text: str, left: str) -> None:
    assert redact(None, "", {"event": text}) == {"event": left}


def test_a_traceback_loses_it_as_well() -> None:
    stream = configured()
    try:
        raise ConnectionError("redis://:hunter2@127.0.0.1")
    except ConnectionError:
        structlog.get_logger().exception("failed")
    assert "hunter2" not in stream.getvalue()


def test_a_line_for_people() -> None:
    stream = configured(LogFormat.CONSOLE)
    structlog.get_logger().warning(
        "slow", seconds=1.5, path="/a b", empty="", user_id=None, odd="\x1b[2J"
    )
    line = stream.getvalue()
    expected = '  web      warning: slow seconds=1.5 path="/a b" empty="" odd="\\u001b[2J"\n'
    assert line[8:] == expected


def test_a_traceback_for_people_follows_indented() -> None:
    stream = configured(LogFormat.CONSOLE)
    try:
        raise ValueError("broken")
    except ValueError:
        structlog.get_logger().exception("failed")
    first, *rest = stream.getvalue().splitlines()
    assert first.endswith("error: failed")
    assert rest[0] == "          Traceback (most recent call last):"
    assert rest[-1] == "          ValueError: broken"


def test_colours_only_on_a_terminal() -> None:
    class Tty(io.StringIO):
        def isatty(self) -> bool:
            return True

    tty = Tty()
    configure_logging(LogFormat.CONSOLE, "INFO", "web", stream=tty)
    structlog.get_logger().error("red")
    assert "\x1b[31merror: red\x1b[0m" in tty.getvalue()


@pytest.mark.parametrize("log_format", list(LogFormat))
def test_any_text_can_be_logged(log_format: LogFormat) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="utf-8", errors="backslashreplace")
    configure_logging(log_format, "INFO", "web", stream=stream)
    structlog.get_logger().info("odd \udcff \x00", value=object())
    stream.flush()
    assert b"odd" in raw.getvalue()
