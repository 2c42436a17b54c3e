"""The tables of the bound layout as they should be: the models' keys, the deployment's options."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from algoitny.models import bound_tables
from algoitny.models.base import TableItem
from algoitny.models.kit.table import Ensured, ensure_table
from algoitny.models.kit.table_clients import Clients
from algoitny.models.kit.table_declaration import Provisioned, Table, TableOptions, declare


@dataclass(frozen=True, slots=True, kw_only=True)
class StorageOptions:
    """What a deployment decides of its tables.

    `protected`: point-in-time recovery and deletion protection. `provisioned` is the main table's
    capacity; the other tables are on demand. `lenient`: what the endpoint does not offer is left
    out with a note. Auto scaling is at `scaling_endpoint`, or at AWS; nowhere unless `has_scaling`.
    """

    protected: bool = False
    tags: Mapping[str, str] = field(default_factory=dict)
    provisioned: Provisioned | None = None
    lenient: bool = True
    has_scaling: bool = False
    scaling_endpoint: str | None = None


def declared_tables(options: StorageOptions) -> tuple[Table, ...]:
    """Every table that the models are bound to, the main one first."""
    expiry: str = TableItem.expires.attr_name
    return tuple(
        declare(
            model.FAMILY.value,
            model,
            TableOptions(
                ttl_attribute=expiry,
                protected=options.protected,
                tags=options.tags,
                provisioned=options.provisioned if model is TableItem else None,
            ),
        )
        for model in bound_tables().values()
    )


def table_clients(options: StorageOptions) -> Clients:
    """What the tables are administered with."""
    return Clients(
        TableItem, has_scaling=options.has_scaling, scaling_endpoint=options.scaling_endpoint
    )


def create_tables(
    options: StorageOptions | None = None, *, timeout: float = 60
) -> tuple[Ensured, ...]:
    """Create the tables that are not there, and bring the others up to what is declared.

    Raises TableDiffers, MissingApi, StoreUnavailable; see `ensure_table`.
    """
    options = options or StorageOptions()
    clients = table_clients(options)
    return tuple(
        ensure_table(clients, table, lenient=options.lenient, timeout=timeout)
        for table in declared_tables(options)
    )
