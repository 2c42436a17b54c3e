"""One readable log: records of children, other output, the supervisor's own lines."""

from __future__ import annotations

import io
import json
import re
from pathlib import Path

from algoitny.embedded.terminal import Terminal, plain
from algoitny.setting_values import LogFormat


def printed(line: str, log_format: LogFormat = LogFormat.CONSOLE) -> str:
    stream = io.StringIO()
    Terminal(stream, log_format).pass_on("web", line)
    return stream.getvalue()


def test_a_record_becomes_a_line_with_its_process_and_pairs() -> None:
    record = {"event": "request", "level": "info", "process": "web", "status": 200, "path": "/a b"}
    line = printed(json.dumps({**record, "timestamp": "2026-01-02T03:04:05Z"}))
    assert re.fullmatch(r'\d\d:\d\d:\d\d  web      request status=200 path="/a b"\n', line)


def test_a_warning_is_told_without_colours_too() -> None:
    line = printed(json.dumps({"event": "broker down", "level": "warning", "process": "web"}))
    assert line.endswith("web      warning: broker down\n")
    assert "\x1b" not in line


def test_other_output_is_passed_on_under_the_name_of_who_printed_it() -> None:
    assert printed("Traceback (most recent call last):").endswith(
        "  web      Traceback (most recent call last):\n"
    )
    assert printed('{"not": "ours"}').endswith('web      {"not": "ours"}\n')


def test_secrets_in_other_output_are_hidden() -> None:
    assert "hunter2" not in printed("connecting to redis://:hunter2@127.0.0.1:6379/0")


def test_json_stays_json_and_all_else_becomes_it() -> None:
    given = {"event": "request", "level": "info", "process": "web", "status": 200}
    assert json.loads(printed(json.dumps(given), LogFormat.JSON)) == given
    wrapped = json.loads(printed("Segmentation fault", LogFormat.JSON))
    assert (wrapped["event"], wrapped["process"]) == ("Segmentation fault", "web")


def test_what_the_stream_cannot_show_is_escaped(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w", encoding="ascii") as stream:
        Terminal(stream).pass_on("web", "naïve \udcff")
    assert r"na\xefve \udcff" in (tmp_path / "log").read_text()


def test_nobody_reading_any_more_is_no_reason_to_fail() -> None:
    class Closed(io.StringIO):
        def write(self, _: str) -> int:
            raise BrokenPipeError

    terminal = Terminal(Closed())
    terminal.say("stack", "one")
    terminal.say("stack", "two")


def test_last_words_of_a_record_are_its_message_and_exception() -> None:
    assert plain(json.dumps({"event": "failed", "exception": "ValueError: x"})) == (
        "failed\nValueError: x"
    )
    assert plain("as it is") == "as it is"
