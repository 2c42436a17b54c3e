"""What a table should be: keys and indexes from the models, the rest from the deployment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from pynamodb.models import Model

from algoitny.models.kit.binding import connection_of

STREAM_VIEW = "NEW_AND_OLD_IMAGES"

PROVISIONED = "PROVISIONED"
ON_DEMAND = "PAY_PER_REQUEST"

SCALED = ("Read", "Write")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    """Between how many capacity units scaling moves, and the utilisation (%) that it aims at."""

    minimum: int
    maximum: int
    utilisation: int = 70

    def __str__(self) -> str:
        return f"{self.minimum} to {self.maximum} at {self.utilisation} %"


@dataclass(frozen=True, slots=True, kw_only=True)
class Throughput:
    """Reading and writing of a table, or of one of its indexes."""

    read: Bounds
    write: Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Provisioned:
    """Capacity that is scaled automatically. An index that is not named has the table's bounds;
    one that is short of capacity throttles writes to its table."""

    table: Throughput
    indexes: Mapping[str, Throughput] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableOptions:
    """What a table has beside keys and indexes. `protected`: point-in-time recovery and deletion
    protection. On demand unless `provisioned` is given."""

    ttl_attribute: str
    protected: bool
    tags: Mapping[str, str] = field(default_factory=dict)
    provisioned: Provisioned | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Scaled:
    """One thing that is scaled: `resource` and `dimension` in the words of Application Auto
    Scaling, `index` None for the table itself."""

    name: str
    resource: str
    dimension: str
    index: str | None
    kind: str
    bounds: Bounds


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A table as declared. `label` is what it is for, whatever its name: the same in a copy."""

    label: str
    name: str
    schema: Mapping[str, Any]
    options: TableOptions

    @property
    def indexes(self) -> tuple[str, ...]:
        return tuple(index["IndexName"] for index in self.schema["GlobalSecondaryIndexes"])

    def scaled(self) -> Iterator[Scaled]:
        """Reading and writing, of the table and of every index; nothing when it is on demand."""
        provisioned = self.options.provisioned
        if provisioned is None:
            return
        for index in (None, *self.indexes):
            throughput = provisioned.indexes.get(index or "", provisioned.table)
            for kind, bounds in zip(SCALED, (throughput.read, throughput.write), strict=True):
                yield Scaled(
                    name=f"{kind.lower()} scaling of {f'index {index}' if index else 'the table'}",
                    resource=f"table/{self.name}" + (f"/index/{index}" if index else ""),
                    dimension=f"dynamodb:{'index' if index else 'table'}:{kind}CapacityUnits",
                    index=index,
                    kind=kind,
                    bounds=bounds,
                )

    def create_request(self) -> dict[str, Any]:
        """CreateTable's parameters; provisioned capacity begins at the minimum."""
        request: dict[str, Any] = {
            "TableName": self.name,
            "BillingMode": ON_DEMAND,
            "StreamSpecification": {"StreamEnabled": True, "StreamViewType": STREAM_VIEW},
            "DeletionProtectionEnabled": self.options.protected,
            **self.schema,
        }
        if self.options.tags:
            request["Tags"] = tag_list(self.options.tags)
        capacity: dict[str | None, dict[str, int]] = {}
        for scaled in self.scaled():
            units = capacity.setdefault(scaled.index, {})
            units[f"{scaled.kind}CapacityUnits"] = scaled.bounds.minimum
        if capacity:
            request["BillingMode"] = PROVISIONED
            request["ProvisionedThroughput"] = capacity[None]
            request["GlobalSecondaryIndexes"] = [
                {**index, "ProvisionedThroughput": capacity[index["IndexName"]]}
                for index in self.schema["GlobalSecondaryIndexes"]
            ]
        return request


def tag_list(tags: Mapping[str, str]) -> list[dict[str, str]]:
    """As DynamoDB takes them."""
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def declare(label: str, root: type[Model], options: TableOptions) -> Table:
    """The table that `root` is bound to, with its keys and indexes."""
    return Table(
        label=label,
        name=connection_of(root).table_name,
        schema=declared_schema(root),
        options=options,
    )


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
