"""Creates a table from what its root model declares, and compares the two."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pynamodb.models import Model

from algoitny.domain.clock import Clock, SystemClock
from algoitny.domain.errors import StoreRejected, StoreUnavailable
from algoitny.models.kit.binding import connection_of
from algoitny.models.kit.errors import STORE_ERRORS, error_code, store_errors, translate
from algoitny.models.kit.patience import Patience

STREAM_VIEW = "NEW_AND_OLD_IMAGES"


class SchemaDiffers(StoreRejected):
    """The table that is there is not the one that the models declare; `differences` in words."""

    def __init__(self, table: str, differences: tuple[str, ...]) -> None:
        what = "; ".join(differences)
        super().__init__(f"The table {table} differs from what is declared: {what}.")
        self.differences = differences


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOptions:
    """What a table has beside keys and indexes. `protected`: point-in-time recovery and deletion
    protection."""

    ttl_attribute: str
    protected: bool
    tags: Mapping[str, str] = field(default_factory=dict)


def ensure_table(
    root: type[Model], options: TableOptions, *, timeout: float = 60, clock: Clock | None = None
) -> bool:
    """Create the table that `root` is bound to unless it is there; whether this call made it.

    Waits (`timeout` seconds) until table and indexes can be used. Several processes may call it at
    once. Raises SchemaDiffers, StoreUnavailable.
    """
    client: Any = connection_of(root).connection.client
    name = connection_of(root).table_name
    made = _describe(client, name) is None and _create(client, name, root, options)
    patience = Patience(
        clock=clock or SystemClock(), tries=1000, deadline=timeout, first_step=0.1, longest_step=2
    )
    description = _wait_until_active(client, name, patience)
    differences = schema_differences(root, description)
    if differences:
        raise SchemaDiffers(name, differences)
    _expire(client, name, options.ttl_attribute)
    if options.protected:
        _protect(client, name, description)
    return made


def describe_table(root: type[Model]) -> dict[str, Any] | None:
    """DescribeTable's answer with `TimeToLive` and `PointInTimeRecovery` added, or None."""
    client: Any = connection_of(root).connection.client
    name = connection_of(root).table_name
    description = _describe(client, name)
    if description is None:
        return None
    with store_errors():
        ttl = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    try:
        backups = client.describe_continuous_backups(TableName=name)
        recovery = backups["ContinuousBackupsDescription"]["PointInTimeRecoveryDescription"]
        status = recovery["PointInTimeRecoveryStatus"]
    except STORE_ERRORS:
        status = "UNKNOWN"  # some local stores do not have it
    return {**description, "TimeToLive": ttl, "PointInTimeRecovery": status}


def schema_differences(root: type[Model], description: Mapping[str, Any]) -> tuple[str, ...]:
    """What of keys, indexes and stream is not as declared, one sentence each."""
    declared = declared_schema(root)
    differences = [
        f"{part} is {found!r}, declared {wanted!r}"
        for part, wanted, found in (
            ("key schema", _keys(declared), _keys(description)),
            (
                "stream",
                STREAM_VIEW,
                (description.get("StreamSpecification") or {}).get("StreamViewType"),
            ),
        )
        if wanted != found
    ]
    wanted_indexes = {
        index["IndexName"]: _index(index) for index in declared["GlobalSecondaryIndexes"]
    }
    found_indexes = {
        index["IndexName"]: _index(index)
        for index in description.get("GlobalSecondaryIndexes") or ()
    }
    for name in sorted(wanted_indexes.keys() | found_indexes.keys()):
        wanted, found = wanted_indexes.get(name), found_indexes.get(name)
        if wanted != found:
            differences.append(f"index {name} is {found!r}, declared {wanted!r}")
    types, found_types = _types(declared), _types(description)
    if types != found_types:
        differences.append(f"key attributes are {found_types!r}, declared {types!r}")
    return tuple(differences)


def declared_schema(root: type[Model]) -> dict[str, Any]:
    """Keys and indexes of the root model as CreateTable takes them."""
    schema = root._get_schema()  # noqa: SLF001 - PynamoDB shows it to nobody else
    return {
        "AttributeDefinitions": schema["attribute_definitions"],
        "KeySchema": sorted(schema["key_schema"], key=lambda key: key["KeyType"]),
        "GlobalSecondaryIndexes": [
            {
                "IndexName": index["index_name"],
                "KeySchema": sorted(index["key_schema"], key=lambda key: key["KeyType"]),
                "Projection": index["projection"],
            }
            for index in schema["global_secondary_indexes"]
        ],
    }


def _describe(client: Any, name: str) -> dict[str, Any] | None:
    try:
        description: dict[str, Any] = client.describe_table(TableName=name)["Table"]
    except STORE_ERRORS as error:
        if error_code(error) == "ResourceNotFoundException":
            return None
        raise translate(error) from error
    return description


def _create(client: Any, name: str, root: type[Model], options: TableOptions) -> bool:
    request = {
        "TableName": name,
        "BillingMode": "PAY_PER_REQUEST",
        "StreamSpecification": {"StreamEnabled": True, "StreamViewType": STREAM_VIEW},
        "DeletionProtectionEnabled": options.protected,
        **declared_schema(root),
    }
    if options.tags:
        request["Tags"] = [{"Key": key, "Value": value} for key, value in options.tags.items()]
    try:
        client.create_table(**request)
    except STORE_ERRORS as error:
        if error_code(error) == "ResourceInUseException":
            return False  # another process was faster
        raise translate(error) from error
    return True


def _wait_until_active(client: Any, name: str, patience: Patience) -> dict[str, Any]:
    for _ in patience.rounds():
        description = _describe(client, name)
        if description is not None and _is_active(description):
            return description
    raise StoreUnavailable(f"The table {name} was not ready in time.")


def _is_active(description: Mapping[str, Any]) -> bool:
    indexes = description.get("GlobalSecondaryIndexes") or ()
    states = [description.get("TableStatus"), *(index.get("IndexStatus") for index in indexes)]
    return all(state in {None, "ACTIVE"} for state in states)


def _expire(client: Any, name: str, attribute: str) -> None:
    if _expires(client, name):
        return
    try:
        client.update_time_to_live(
            TableName=name,
            TimeToLiveSpecification={"Enabled": True, "AttributeName": attribute},
        )
    except STORE_ERRORS as error:
        # Another process may have done it between our question and our request.
        if not _expires(client, name):
            raise translate(error) from error


def _expires(client: Any, name: str) -> bool:
    with store_errors():
        ttl = client.describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    return ttl.get("TimeToLiveStatus") in {"ENABLED", "ENABLING"}


def _protect(client: Any, name: str, description: Mapping[str, Any]) -> None:
    with store_errors():
        client.update_continuous_backups(
            TableName=name, PointInTimeRecoverySpecification={"PointInTimeRecoveryEnabled": True}
        )
        if not description.get("DeletionProtectionEnabled"):
            client.update_table(TableName=name, DeletionProtectionEnabled=True)


def _keys(schema: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key["KeyType"], key["AttributeName"]) for key in schema["KeySchema"]))


def _types(schema: Mapping[str, Any]) -> dict[str, str]:
    return {
        each["AttributeName"]: each["AttributeType"]
        for each in schema.get("AttributeDefinitions", ())
    }


def _index(index: Mapping[str, Any]) -> tuple[object, ...]:
    projection = index["Projection"]
    attributes = tuple(sorted(projection.get("NonKeyAttributes") or ()))
    return _keys(index), projection["ProjectionType"], attributes
