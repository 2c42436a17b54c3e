"""Backups that DynamoDB keeps, and tables made from them.

A restored table lacks what a backup does not hold (expiry, stream, point-in-time recovery, tags,
scaling, deletion protection): it is brought up to its declaration before the call returns.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from algoitny.domain.clock import Clock
from algoitny.domain.errors import NotFound, StoreRejected, StoreUnavailable
from algoitny.models.kit.errors import STORE_ERRORS, error_code, store_errors, translate
from algoitny.models.kit.table import Ensured, ensure_table, patience_of, wait_until_active
from algoitny.models.kit.table_clients import Clients
from algoitny.models.kit.table_declaration import Table

LONGEST_STEP = 10.0
"""Seconds between two looks: copying a table takes minutes."""

_ABSENT = frozenset({"BackupNotFoundException", "TableNotFoundException"})
_TAKEN = frozenset({"TableAlreadyExistsException", "TableInUseException"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """One backup of one table; `status` is AVAILABLE when it can be restored."""

    arn: str
    name: str
    table: str
    status: str
    created_at: datetime
    size_bytes: int


def create_backup(
    clients: Clients, table: Table, name: str, *, timeout: float = 600, clock: Clock | None = None
) -> Backup:
    """Begin a backup and wait until it can be restored. Raises NotFound without a table,
    StoreRejected, StoreUnavailable."""
    try:
        answer = clients.tables.create_backup(TableName=table.name, BackupName=name)
    except STORE_ERRORS as error:
        if error_code(error) in _ABSENT:
            raise NotFound(f"The table {table.name} does not exist.") from error
        raise translate(error) from error
    arn = answer["BackupDetails"]["BackupArn"]
    for _ in patience_of(timeout, clock, longest_step=LONGEST_STEP).rounds():
        backup = get_backup(clients, arn)
        if backup.status == "AVAILABLE":
            return backup
    raise StoreUnavailable(f"The backup {arn} was not ready in time.")


def get_backup(clients: Clients, arn: str) -> Backup:
    """Raises NotFound."""
    try:
        description = clients.tables.describe_backup(BackupArn=arn)["BackupDescription"]
    except STORE_ERRORS as error:
        if error_code(error) in _ABSENT:
            raise NotFound(f"The backup {arn} does not exist.") from error
        raise translate(error) from error
    details = description["BackupDetails"]
    return _backup({**details, "TableName": description["SourceTableDetails"]["TableName"]})


def list_backups(clients: Clients, tables: Sequence[Table]) -> tuple[Backup, ...]:
    """All backups of these tables, oldest first."""
    found: list[Backup] = []
    for table in tables:
        request: dict[str, Any] = {"TableName": table.name}
        while True:
            with store_errors():
                answer = clients.tables.list_backups(**request)
            found.extend(_backup(summary) for summary in answer.get("BackupSummaries", ()))
            last = answer.get("LastEvaluatedBackupArn")
            if not last:
                break
            request["ExclusiveStartBackupArn"] = last
    return tuple(sorted(found, key=lambda backup: (backup.created_at, backup.arn)))


def restore_backup(
    clients: Clients,
    arn: str,
    table: Table,
    *,
    lenient: bool = False,
    timeout: float = 6 * 3600,
    clock: Clock | None = None,
) -> Ensured:
    """Make a new table from a backup and bring it up to what `table` declares.

    Raises NotFound; StoreRejected when there is a table of that name already; TableDiffers when
    the backup is of a table with other keys or indexes; StoreUnavailable.
    """
    try:
        clients.tables.restore_table_from_backup(
            TargetTableName=table.name, BackupArn=arn, **_overrides(table)
        )
    except STORE_ERRORS as error:
        code = error_code(error)
        if code in _ABSENT:
            raise NotFound(f"The backup {arn} does not exist.") from error
        if code in _TAKEN:
            raise StoreRejected(f"There is a table {table.name} already.") from error
        raise translate(error) from error
    wait_until_active(clients, table, patience_of(timeout, clock, longest_step=LONGEST_STEP))
    return ensure_table(clients, table, lenient=lenient, clock=clock)


def _overrides(table: Table) -> dict[str, Any]:
    """The declared billing, whatever the source had when it was copied."""
    request = table.create_request()
    overrides = {"BillingModeOverride": request["BillingMode"]}
    if "ProvisionedThroughput" in request:
        overrides["ProvisionedThroughputOverride"] = request["ProvisionedThroughput"]
        overrides["GlobalSecondaryIndexOverride"] = request["GlobalSecondaryIndexes"]
    return overrides


def _backup(details: dict[str, Any]) -> Backup:
    return Backup(
        arn=details["BackupArn"],
        name=details["BackupName"],
        table=details["TableName"],
        status=details["BackupStatus"],
        created_at=details["BackupCreationDateTime"],
        size_bytes=details.get("BackupSizeBytes", 0),
    )
