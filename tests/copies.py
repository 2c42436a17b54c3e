"""Many rows from one, put straight into the table: the right way takes too long for hundreds."""

from __future__ import annotations

from itertools import islice
from typing import Any

from ulid import ULID

from algoitny.domain.history import History
from algoitny.domain.job import Job
from algoitny.domain.problem import ProblemSummary
from algoitny.models import TableItem
from algoitny.models.history import HISTORY_PARTITION
from algoitny.models.job import job_key
from algoitny.models.kit.binding import connection_of
from algoitny.models.problem import problem_partition

Row = dict[str, dict[str, Any]]


def copy_executions(
    history: History, count: int, *, skip: int = 0, summaries_only: bool = False
) -> list[str]:
    """The execution's rows again under `count` later ids, one millisecond apart; the ids.

    Nothing else is changed: no counter knows of them. `skip` leaves as many ids out, which an
    earlier call has used.
    """
    rows = _rows(HISTORY_PARTITION(history=history.id))
    if summaries_only:
        rows = [row for row in rows if row["SK"]["S"] == "META"]
    ids = _later(history.id, skip + count)[skip:]
    _copy(rows, history.id, ids)
    return ids


def copy_problems(summary: ProblemSummary, count: int) -> None:
    """The problem's rows again under `count` higher numbers."""
    number = int(summary.key.number)
    copies = [str(number + more) for more in range(1, count + 1)]
    _copy(_rows(problem_partition(summary.key)), str(number), copies)


def copy_jobs(job: Job, count: int) -> None:
    """The job's rows again under `count` later ids."""
    _copy(_rows(job_key(job.id).partition), job.id, _later(job.id, count))


def _rows(partition: str) -> list[Row]:
    connection = connection_of(TableItem)
    client: Any = connection.connection.client
    rows: list[Row] = client.query(
        TableName=connection.table_name,
        KeyConditionExpression="PK = :pk",
        ExpressionAttributeValues={":pk": {"S": partition}},
    )["Items"]
    return rows


def _copy(rows: list[Row], old: str, copies: list[str]) -> None:
    connection = connection_of(TableItem)
    client: Any = connection.connection.client
    puts = ({"PutRequest": {"Item": _renamed(row, old, copy)}} for copy in copies for row in rows)
    while chunk := list(islice(puts, 25)):
        client.batch_write_item(RequestItems={connection.table_name: chunk})


def _later(ulid: str, count: int) -> list[str]:
    """One millisecond apart."""
    first = int(ULID.from_str(ulid))
    return [str(ULID.from_int(first + (number << 80))) for number in range(1, count + 1)]


def _renamed(row: Row, old: str, new: str) -> Row:
    return {
        name: {"S": value["S"].replace(old, new)} if "S" in value else value
        for name, value in row.items()
    }
