"""Creates a table as it is declared, brings an existing one up to that, and deletes it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from algoitny.domain.clock import Clock, SystemClock
from algoitny.domain.errors import AlgoItnyError, StoreRejected, StoreUnavailable
from algoitny.domain.patience import Patience
from algoitny.models.kit.errors import STORE_ERRORS, error_code, store_errors, translate
from algoitny.models.kit.table_clients import Clients, MissingApi, lacks_api
from algoitny.models.kit.table_declaration import STREAM_VIEW, Table, tag_list
from algoitny.models.kit.table_state import (
    EXPIRY,
    PROTECTION,
    RECOVERY,
    SCALING,
    STREAM,
    TAG,
    TAGS,
    Difference,
    Kind,
    TableState,
    describe_table,
    differences,
)

MENDS = 12
"""Several processes may mend at once and refuse each other, and a table that is just made refuses
point-in-time recovery for some seconds. What is not right after that stays wrong."""


class TableDiffers(StoreRejected):
    """The table that is there is not the one that is declared."""

    def __init__(self, table: str, found: Sequence[Difference]) -> None:
        what = "; ".join(str(difference) for difference in found)
        super().__init__(f"The table {table} differs from what is declared: {what}.")
        self.differences = tuple(found)


class TableProtected(StoreRejected):
    """Deletion protection is on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ensured:
    """`made`: this call created it. `notes`: what the endpoint does not offer, and was left out."""

    table: str
    made: bool
    notes: tuple[str, ...]


def ensure_table(
    clients: Clients,
    table: Table,
    *,
    lenient: bool = False,
    timeout: float = 60,
    clock: Clock | None = None,
) -> Ensured:
    """Create the table unless it is there, wait (`timeout` seconds) until table and indexes can be
    used, and set what of stream, expiry, protection, tags and scaling is not as declared.

    Several processes may call it at once. A table of another structure or billing is left as it
    is: TableDiffers. What the endpoint has no API for is MissingApi, or a note when `lenient`.
    Raises StoreUnavailable, StoreRejected too.
    """
    patience = patience_of(timeout, clock)
    made = describe_table(clients, table) is None and _create(clients, table)
    state = wait_until_active(clients, table, patience)
    notes = _left_out(table, state)
    if notes and not lenient:
        raise MissingApi(" and no ".join(notes))
    failure: AlgoItnyError | None = None
    for _ in replace(patience, tries=MENDS, longest_step=5).rounds():
        found = differences(table, state)
        broken = [each for each in found if each.kind is Kind.STRUCTURE]
        if broken:
            raise TableDiffers(table.name, found)
        wrong = [each for each in found if each.kind is Kind.OPTION]
        if not wrong:
            return Ensured(table=table.name, made=made, notes=notes)
        failure = _mend(clients, table, state, wrong)
        state = wait_until_active(clients, table, patience)
    wrong = [each for each in differences(table, state) if each.kind is Kind.OPTION]
    if wrong:
        raise failure or TableDiffers(table.name, wrong)
    return Ensured(table=table.name, made=made, notes=notes)


def delete_table(
    clients: Clients,
    table: Table,
    *,
    unprotect: bool = False,
    timeout: float = 600,
    clock: Clock | None = None,
) -> bool:
    """Delete the table with all that is in it and wait until it is gone; whether there was one.

    Raises TableProtected unless `unprotect`; StoreUnavailable.
    """
    state = describe_table(clients, table)
    if state is None:
        return False
    if state.protected:
        if not unprotect:
            raise TableProtected(f"The table {table.name} is protected from being deleted.")
        with store_errors():
            clients.tables.update_table(TableName=table.name, DeletionProtectionEnabled=False)
        wait_until_active(clients, table, patience_of(timeout, clock))
    for scaled in table.scaled() if state.scaling else ():
        if scaled.name in (state.scaling or {}):
            with store_errors():
                clients.scaling.deregister_scalable_target(
                    ServiceNamespace="dynamodb",
                    ResourceId=scaled.resource,
                    ScalableDimension=scaled.dimension,
                )
    with store_errors():
        clients.tables.delete_table(TableName=table.name)
    for _ in patience_of(timeout, clock).rounds():
        if describe_table(clients, table) is None:
            return True
    raise StoreUnavailable(f"The table {table.name} was not gone in time.")


def wait_until_active(clients: Clients, table: Table, patience: Patience) -> TableState:
    """Raises StoreUnavailable when it takes longer than the patience lasts."""
    for _ in patience.rounds():
        state = describe_table(clients, table)
        if state is not None and state.is_active:
            return state
    raise StoreUnavailable(f"The table {table.name} was not ready in time.")


def patience_of(timeout: float, clock: Clock | None, *, longest_step: float = 2) -> Patience:
    """To wait `timeout` seconds for a table, however often that means to look."""
    return Patience(
        clock=clock or SystemClock(),
        tries=100_000,
        deadline=timeout,
        first_step=0.1,
        longest_step=longest_step,
    )


def _create(clients: Clients, table: Table) -> bool:
    try:
        clients.tables.create_table(**table.create_request())
    except STORE_ERRORS as error:
        if error_code(error) == "ResourceInUseException":
            return False  # another process was faster
        raise translate(error) from error
    return True


def _left_out(table: Table, state: TableState) -> tuple[str, ...]:
    """What is declared and the endpoint cannot do."""
    wanted = {
        RECOVERY: table.options.protected,
        TAGS: bool(table.options.tags),
        SCALING: table.options.provisioned is not None,
    }
    return tuple(what for what in state.missing if wanted[what])


def _mend(
    clients: Clients, table: Table, state: TableState, wrong: Sequence[Difference]
) -> AlgoItnyError | None:
    """Set what is wrong; the last failure, since another process may do the same just now."""
    steps = {
        STREAM: lambda: _stream(clients.tables, table.name),
        EXPIRY: lambda: _expire(clients.tables, table, state),
        RECOVERY: lambda: _recover(clients.tables, table.name),
        PROTECTION: lambda: _protect(clients.tables, table.name),
        TAG: lambda: _tag(clients.tables, table, state),
        SCALING: lambda: _scale(clients, table),
    }
    failure: AlgoItnyError | None = None
    for step in dict.fromkeys(_step_of(difference.part) for difference in wrong):
        failure = _try(step, steps[step]) or failure
    return failure


def _step_of(part: str) -> str:
    if part.startswith(TAG):
        return TAG
    return part if part in {STREAM, EXPIRY, RECOVERY, PROTECTION} else SCALING


def _try(what: str, step: Callable[[], None]) -> AlgoItnyError | None:
    try:
        step()
    except STORE_ERRORS as error:
        if lacks_api(error):
            raise MissingApi(what) from error
        return translate(error)
    return None


def _stream(client: Any, name: str) -> None:
    client.update_table(
        TableName=name,
        StreamSpecification={"StreamEnabled": True, "StreamViewType": STREAM_VIEW},
    )


def _expire(client: Any, table: Table, state: TableState) -> None:
    if state.expires_by is None:
        client.update_time_to_live(
            TableName=table.name,
            TimeToLiveSpecification={
                "Enabled": True,
                "AttributeName": table.options.ttl_attribute,
            },
        )


def _recover(client: Any, name: str) -> None:
    client.update_continuous_backups(
        TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
    )


def _protect(client: Any, name: str) -> None:
    client.update_table(TableName=name, DeletionProtectionEnabled=True)


def _tag(client: Any, table: Table, state: TableState) -> None:
    client.tag_resource(
        ResourceArn=state.description["TableArn"], Tags=tag_list(table.options.tags)
    )


def _scale(clients: Clients, table: Table) -> None:
    """Both requests replace what is there, so they may be sent again."""
    for scaled in table.scaled():
        which = {
            "ServiceNamespace": "dynamodb",
            "ResourceId": scaled.resource,
            "ScalableDimension": scaled.dimension,
        }
        clients.scaling.register_scalable_target(
            **which, MinCapacity=scaled.bounds.minimum, MaxCapacity=scaled.bounds.maximum
        )
        clients.scaling.put_scaling_policy(
            **which,
            PolicyName=f"{scaled.resource}:{scaled.kind}",
            PolicyType="TargetTrackingScaling",
            TargetTrackingScalingPolicyConfiguration={
                "TargetValue": float(scaled.bounds.utilisation),
                "PredefinedMetricSpecification": {
                    "PredefinedMetricType": f"DynamoDB{scaled.kind}CapacityUtilization"
                },
            },
        )
