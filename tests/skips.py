"""Skips that nobody expects are failures where every test is meant to run.

In force where EXPECTED_SKIPS is set, as `.ci/run` does: to words of the reasons that may be given,
with semicolons between them. Hooks of pytest, for `conftest.py`.
"""

from __future__ import annotations

import os

import pytest

_found: list[str] = []


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    _note(report)


def pytest_collectreport(report: pytest.CollectReport) -> None:
    _note(report)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if _found and session.exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _found:
        terminalreporter.section("skipped although nobody expects it", red=True)
    for line in _found:
        terminalreporter.line(line)


def _note(report: pytest.TestReport | pytest.CollectReport) -> None:
    expected = os.environ.get("EXPECTED_SKIPS")
    if expected is None or not report.skipped or hasattr(report, "wasxfail"):
        return
    # Where a test was skipped, on which line, and why.
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    if not any(words.strip() in reason for words in expected.split(";") if words.strip()):
        _found.append(f"{report.nodeid}: {reason}")
