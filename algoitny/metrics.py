"""What is counted for Prometheus: every metric of the product, declared once.

With PROMETHEUS_MULTIPROC_DIR set, all processes that share the folder are summed up; the library
reads it when it is imported, so it has to be there before.
"""

from __future__ import annotations

import os
from pathlib import Path

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    generate_latest,
    multiprocess,
)

CONTENT_TYPE = CONTENT_TYPE_LATEST
FOLDER = "PROMETHEUS_MULTIPROC_DIR"

_QUICK = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
_SLOW = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)

HTTP_SECONDS = Histogram(
    "algoitny_http_request_seconds",
    "Time to an answer's first byte.",
    ["method", "route", "status"],
    buckets=_QUICK,
)
WAITING_CLIENTS = Gauge(
    "algoitny_waiting_clients",
    "Open streams and long polls.",
    multiprocess_mode="livesum",
)
STORE_SECONDS = Histogram(
    "algoitny_store_call_seconds",
    "Time of a repository's call; outcome is ok, refused, unavailable or error.",
    ["repository", "method", "outcome"],
    buckets=_QUICK,
)
STORE_UNITS = Counter(
    "algoitny_store_capacity_units",
    "Capacity units as the store reports them; kind is read or write.",
    ["repository", "method", "kind"],
)
STORE_RETRIES = Counter(
    "algoitny_store_retries",
    "Requests that had to be sent again: throttled, failed or not answered.",
    ["repository", "method"],
)
TASK_SECONDS = Histogram(
    "algoitny_task_seconds",
    "Time of a background task; state is Celery's.",
    ["task", "state"],
    buckets=_SLOW,
)
QUEUE_SECONDS = Histogram(
    "algoitny_execution_queue_seconds",
    "From an execution's admission to its first attempt.",
    buckets=_SLOW,
)
EXECUTIONS = Counter(
    "algoitny_executions_ended",
    "Executions that ended; verdict is empty when the judge failed.",
    ["state", "verdict", "language"],
)
REJUDGES = Counter(
    "algoitny_rejudges_ended",
    "Executions that were judged again; outcome is changed, unchanged or failed.",
    ["outcome"],
)
RUNS = Counter(
    "algoitny_runs_ended",
    "Runs on own input that ended; verdict is empty when the judge failed.",
    ["state", "verdict", "language"],
)
COMPILES = Counter(
    "algoitny_compiles",
    "Submissions to compile; outcome is hit (compiled before) or miss.",
    ["language", "outcome"],
)
TEST_READS = Counter(
    "algoitny_test_reads",
    "Sets of tests that were needed; outcome is hit (on this machine's disk) or miss.",
    ["outcome"],
)
HINTS = Counter("algoitny_hints_ended", "Hints that became ready or failed.", ["state", "level"])
CHANNEL_FAILURES = Counter(
    "algoitny_channel_failures",
    "Times that the event channel failed; operation is send, wait, announce or listen.",
    ["operation", "reason"],
)
OUTBOUND_SECONDS = Histogram(
    "algoitny_outbound_seconds",
    "Time of a request to somebody else's server; outcome is ok or failed.",
    ["target", "outcome"],
    buckets=_QUICK,
)


def render() -> bytes:
    """All metrics as Prometheus reads them, of all processes that share the folder."""
    if FOLDER not in os.environ:
        return generate_latest(REGISTRY)
    registry = CollectorRegistry()
    multiprocess.MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return generate_latest(registry)


def forget_process(process_id: int) -> None:
    """Take a process that has ended out of what only the living count for."""
    if FOLDER in os.environ:
        multiprocess.mark_process_dead(process_id)  # type: ignore[no-untyped-call]


def prepare_folder(folder: Path) -> Path:
    """An empty folder for the processes of a new start; what an old one left is removed."""
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.db"):
        old.unlink(missing_ok=True)
    return folder
