"""What the settings say about the tables, in the words of the models."""

from __future__ import annotations

from algoitny.models.kit.table_declaration import Bounds, Provisioned, Throughput
from algoitny.models.layout import Layout, hybrid, single
from algoitny.models.tables import StorageOptions
from algoitny.setting_values import IndexCapacity, TableBilling, TableLayout
from algoitny.settings import Settings


def layout_of(settings: Settings) -> Layout:
    """Which tables the settings name."""
    if settings.table_layout is TableLayout.HYBRID:
        return hybrid(settings.table_prefix)
    return single(settings.table_name)


def storage_options(settings: Settings) -> StorageOptions:
    """How the tables should be. The main one of three is provisioned unless the settings say
    otherwise, as its load is the steady one."""
    billing = settings.table_billing
    if billing is None and settings.table_layout is TableLayout.HYBRID:
        billing = TableBilling.PROVISIONED
    protected = settings.table_protection
    own_store = settings.dynamodb_endpoint is not None
    scaling_endpoint = settings.autoscaling_endpoint or settings.localstack_url or None
    return StorageOptions(
        protected=not settings.embedded if protected is None else protected,
        tags={"Application": "algoitny", "Environment": settings.environment.value},
        provisioned=_provisioned(settings) if billing is TableBilling.PROVISIONED else None,
        lenient=settings.embedded,
        has_scaling=scaling_endpoint is not None or not own_store,
        scaling_endpoint=scaling_endpoint,
    )


def _provisioned(settings: Settings) -> Provisioned:
    return Provisioned(
        table=_throughput(settings, IndexCapacity()),
        indexes={
            name: _throughput(settings, given) for name, given in settings.index_capacity.items()
        },
    )


def _throughput(settings: Settings, given: IndexCapacity) -> Throughput:
    """What is not given is as for the table."""
    utilisation = given.utilisation or settings.table_utilisation
    return Throughput(
        read=Bounds(
            minimum=given.read_min or settings.table_read_min,
            maximum=given.read_max or settings.table_read_max,
            utilisation=utilisation,
        ),
        write=Bounds(
            minimum=given.write_min or settings.table_write_min,
            maximum=given.write_max or settings.table_write_max,
            utilisation=utilisation,
        ),
    )
