"""What a table is, as the store describes it, and how that differs from what is declared."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from algoitny.domain.errors import StoreRejected
from algoitny.models.kit.errors import STORE_ERRORS, error_code, store_errors, translate
from algoitny.models.kit.table_clients import Clients, MissingApi, lacks_api
from algoitny.models.kit.table_declaration import (
    ON_DEMAND,
    PROVISIONED,
    STREAM_VIEW,
    Scaled,
    Table,
)

RECOVERY = "point-in-time recovery"
PROTECTION = "deletion protection"
STREAM = "stream"
EXPIRY = "time to live"
SCALING = "auto scaling"
TAG = "tag "
TAGS = "tags"
BILLING = "billing"

_BILLING_NAMES = {ON_DEMAND: "on demand", PROVISIONED: "provisioned"}


class Kind(StrEnum):
    """What can be done about a difference."""

    STRUCTURE = "structure"
    """Only a migration, or another table, mends it."""
    OPTION = "option"
    """Creating again mends it."""
    SURPLUS = "surplus"
    """More than is declared, or moving by itself: reported, and let alone."""


@dataclass(frozen=True, slots=True)
class Difference:
    part: str
    found: object
    declared: object
    kind: Kind

    def __str__(self) -> str:
        return f"{self.part} is {self.found!r}, declared {self.declared!r}"


@dataclass(frozen=True, slots=True, kw_only=True)
class TableState:
    """DescribeTable's answer, and what other requests tell. None where the endpoint does not offer
    it: `missing` names those."""

    description: Mapping[str, Any]
    expiry: Mapping[str, Any]
    recovery: bool | None
    tags: Mapping[str, str] | None
    scaling: Mapping[str, str] | None
    """What is scaled, by its name, in the words of Bounds."""
    missing: tuple[str, ...]

    @property
    def protected(self) -> bool:
        return bool(self.description.get("DeletionProtectionEnabled"))

    @property
    def is_active(self) -> bool:
        indexes = self.description.get("GlobalSecondaryIndexes") or ()
        states = [
            self.description.get("TableStatus"),
            *(index.get("IndexStatus") for index in indexes),
        ]
        return all(state in {None, "ACTIVE"} for state in states)

    @property
    def billing(self) -> str:
        summary = self.description.get("BillingModeSummary") or {}
        return str(summary.get("BillingMode", PROVISIONED))

    @property
    def expires_by(self) -> str | None:
        if self.expiry.get("TimeToLiveStatus") not in {"ENABLED", "ENABLING"}:
            return None
        return str(self.expiry["AttributeName"])

    @property
    def stream(self) -> str | None:
        return (self.description.get("StreamSpecification") or {}).get("StreamViewType")


def describe_table(clients: Clients, table: Table) -> TableState | None:
    """All there is to know of the table; None when there is no such table.

    Scaling is asked for only where capacity is provisioned.
    """
    description = _describe(clients.tables, table.name)
    if description is None:
        return None
    with store_errors():
        expiry = clients.tables.describe_time_to_live(TableName=table.name)
    missing: list[str] = []

    def optional(what: str, read: Callable[[], Any]) -> Any:
        try:
            return read()
        except MissingApi:
            missing.append(what)
        except STORE_ERRORS as error:
            if not lacks_api(error):
                raise translate(error) from error
            missing.append(what)
        return None

    return TableState(
        description=description,
        expiry=expiry["TimeToLiveDescription"],
        recovery=optional(RECOVERY, lambda: _recovery(clients.tables, table.name)),
        tags=optional(TAGS, lambda: _tags(clients.tables, description["TableArn"])),
        scaling=optional(SCALING, lambda: _scaling(clients, table)),
        missing=tuple(missing),
    )


def differences(table: Table, state: TableState) -> tuple[Difference, ...]:
    """Everything that is declared and not so, and indexes that are not declared."""
    return tuple(
        difference
        for difference in (*_structure(table, state), *_options(table, state))
        if difference.found != difference.declared
    )


def _structure(table: Table, state: TableState) -> Iterator[Difference]:
    found, wanted = state.description, table.schema
    yield Difference("key schema", _keys(found), _keys(wanted), Kind.STRUCTURE)
    found_indexes, wanted_indexes = _indexes(found), _indexes(wanted)
    for name in sorted(found_indexes.keys() | wanted_indexes.keys()):
        yield Difference(
            f"index {name}", found_indexes.get(name), wanted_indexes.get(name), Kind.STRUCTURE
        )
    yield Difference("key attributes", _types(found), _types(wanted), Kind.STRUCTURE)
    billing = PROVISIONED if table.options.provisioned else ON_DEMAND
    yield Difference(
        BILLING,
        _BILLING_NAMES.get(state.billing, state.billing),
        _BILLING_NAMES[billing],
        Kind.STRUCTURE,
    )


def _options(table: Table, state: TableState) -> Iterator[Difference]:
    options = table.options
    yield Difference(STREAM, state.stream, STREAM_VIEW, Kind.OPTION)
    yield Difference(EXPIRY, state.expires_by, options.ttl_attribute, Kind.OPTION)
    kind = Kind.OPTION if options.protected else Kind.SURPLUS
    if state.recovery is not None:
        yield Difference(RECOVERY, state.recovery, options.protected, kind)
    yield Difference(PROTECTION, state.protected, options.protected, kind)
    for key, value in options.tags.items():
        if state.tags is not None:
            yield Difference(TAG + key, state.tags.get(key), value, Kind.OPTION)
    if state.billing != PROVISIONED:
        return
    for scaled in table.scaled():
        if state.scaling is not None:
            found = state.scaling.get(scaled.name)
            yield Difference(scaled.name, found, str(scaled.bounds), Kind.OPTION)
        yield _capacity(scaled, state)


def _capacity(scaled: Scaled, state: TableState) -> Difference:
    """Scaling moves it, also back into its bounds when these are set anew: so it is let alone."""
    bounds = scaled.bounds
    described: Mapping[str, Any] = state.description
    if scaled.index is not None:
        described = next(
            (
                index
                for index in state.description.get("GlobalSecondaryIndexes") or ()
                if index["IndexName"] == scaled.index
            ),
            {},
        )
    units = (described.get("ProvisionedThroughput") or {}).get(f"{scaled.kind}CapacityUnits", 0)
    between = f"{bounds.minimum} to {bounds.maximum}"
    found = between if bounds.minimum <= units <= bounds.maximum else str(units)
    return Difference(scaled.name.replace("scaling", "capacity"), found, between, Kind.SURPLUS)


def _describe(client: Any, name: str) -> dict[str, Any] | None:
    try:
        description: dict[str, Any] | None = client.describe_table(TableName=name).get("Table")
    except STORE_ERRORS as error:
        if error_code(error) == "ResourceNotFoundException":
            return None
        raise translate(error) from error
    if description is None:  # a server of something else, whose pages botocore reads as nothing
        raise StoreRejected("What answers at this endpoint is not DynamoDB.")
    return description


def _recovery(client: Any, name: str) -> bool:
    backups = client.describe_continuous_backups(TableName=name)["ContinuousBackupsDescription"]
    recovery = backups.get("PointInTimeRecoveryDescription") or {}
    return recovery.get("PointInTimeRecoveryStatus") == "ENABLED"


def _tags(client: Any, arn: str) -> dict[str, str]:
    tags: dict[str, str] = {}
    request = {"ResourceArn": arn}
    while True:
        answer = client.list_tags_of_resource(**request)
        tags |= {tag["Key"]: tag["Value"] for tag in answer.get("Tags", ())}
        if not answer.get("NextToken"):
            return tags
        request["NextToken"] = answer["NextToken"]


def _scaling(clients: Clients, table: Table) -> dict[str, str]:
    """What has both a scalable target and a policy that aims at a utilisation."""
    found: dict[str, str] = {}
    for scaled in table.scaled():
        which = {"ServiceNamespace": "dynamodb", "ScalableDimension": scaled.dimension}
        targets = clients.scaling.describe_scalable_targets(ResourceIds=[scaled.resource], **which)[
            "ScalableTargets"
        ]
        policies = clients.scaling.describe_scaling_policies(ResourceId=scaled.resource, **which)
        aims = [
            policy["TargetTrackingScalingPolicyConfiguration"]["TargetValue"]
            for policy in policies["ScalingPolicies"]
            if "TargetTrackingScalingPolicyConfiguration" in policy
        ]
        if targets:
            bounds = f"{targets[0]['MinCapacity']} to {targets[0]['MaxCapacity']}"
            aim = " and ".join(f"{value:g} %" for value in aims) or "no utilisation"
            found[scaled.name] = f"{bounds} at {aim}"
    return found


def _keys(schema: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((key["KeyType"], key["AttributeName"]) for key in schema["KeySchema"]))


def _types(schema: Mapping[str, Any]) -> dict[str, str]:
    return {
        each["AttributeName"]: each["AttributeType"]
        for each in schema.get("AttributeDefinitions", ())
    }


def _indexes(schema: Mapping[str, Any]) -> dict[str, tuple[object, ...]]:
    return {
        index["IndexName"]: (
            _keys(index),
            index["Projection"]["ProjectionType"],
            tuple(sorted(index["Projection"].get("NonKeyAttributes") or ())),
        )
        for index in schema.get("GlobalSecondaryIndexes") or ()
    }
