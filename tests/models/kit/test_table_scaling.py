"""Provisioned capacity and its scaling: of the table, and of every index."""

from __future__ import annotations

import botocore.session
import pytest

from algoitny.models import bind_models
from algoitny.models.base import TableItem
from algoitny.models.kit.table import Ensured, TableDiffers, delete_table, ensure_table
from algoitny.models.kit.table_clients import Clients, MissingApi
from algoitny.models.kit.table_declaration import Bounds, Provisioned, Table, Throughput
from algoitny.models.kit.table_state import Kind, TableState, describe_table, differences
from algoitny.models.layout import single
from algoitny.models.tables import StorageOptions, create_tables, declared_tables

pytestmark = pytest.mark.slow

READ = Bounds(minimum=5, maximum=100)
WRITE = Bounds(minimum=6, maximum=200, utilisation=60)
BUSY = Bounds(minimum=20, maximum=900, utilisation=50)
PROVISIONED = Provisioned(
    table=Throughput(read=READ, write=WRITE),
    indexes={"GSI2": Throughput(read=READ, write=BUSY)},
)
OPTIONS = StorageOptions(provisioned=PROVISIONED, has_scaling=True, lenient=False)


@pytest.fixture
def clients(table: None) -> Clients:
    bind_models(layout=single("provisioned"), region="us-east-1")
    return Clients(TableItem, has_scaling=True)


def declared(options: StorageOptions = OPTIONS) -> Table:
    return declared_tables(options)[0]


def ensure(clients: Clients, options: StorageOptions = OPTIONS) -> Ensured:
    return ensure_table(clients, declared(options), lenient=options.lenient)


def described(clients: Clients) -> TableState:
    state = describe_table(clients, declared())
    assert state is not None
    return state


def targets() -> dict[tuple[str, str], tuple[int, int]]:
    scaling = botocore.session.get_session().create_client("application-autoscaling", "us-east-1")
    found = scaling.describe_scalable_targets(ServiceNamespace="dynamodb")["ScalableTargets"]
    return {
        (each["ResourceId"], each["ScalableDimension"].split(":")[-1]): (
            each["MinCapacity"],
            each["MaxCapacity"],
        )
        for each in found
    }


def test_everything_that_can_run_short_is_scaled(clients: Clients) -> None:
    assert ensure(clients) == Ensured(table="provisioned", made=True, notes=())
    reading, writing = "ReadCapacityUnits", "WriteCapacityUnits"
    assert targets() == {
        ("table/provisioned", reading): (5, 100),
        ("table/provisioned", writing): (6, 200),
        ("table/provisioned/index/GSI1", reading): (5, 100),
        ("table/provisioned/index/GSI1", writing): (6, 200),
        ("table/provisioned/index/GSI2", reading): (5, 100),
        ("table/provisioned/index/GSI2", writing): (20, 900),
        ("table/provisioned/index/GSI3", reading): (5, 100),
        ("table/provisioned/index/GSI3", writing): (6, 200),
    }
    state = described(clients)
    assert state.billing == "PROVISIONED"
    assert state.scaling is not None
    assert state.scaling["write scaling of index GSI2"] == "20 to 900 at 50 %"
    assert differences(declared(), state) == ()


def test_each_policy_aims_at_the_utilisation_of_its_own_dimension(clients: Clients) -> None:
    ensure(clients)
    answer = clients.scaling.describe_scaling_policies(ServiceNamespace="dynamodb")
    policies = {
        each["PolicyName"]: each["TargetTrackingScalingPolicyConfiguration"]
        for each in answer["ScalingPolicies"]
    }
    assert len(policies) == 8
    for name, policy in policies.items():
        kind = name.split(":")[-1]
        metric = policy["PredefinedMetricSpecification"]["PredefinedMetricType"]
        assert metric == f"DynamoDB{kind}CapacityUtilization"
    assert policies["table/provisioned/index/GSI2:Write"]["TargetValue"] == 50
    assert policies["table/provisioned:Read"]["TargetValue"] == 70


@pytest.mark.slow
def test_again_changes_nothing_and_other_bounds_are_set(clients: Clients) -> None:
    ensure(clients)
    before = targets()
    assert not ensure(clients).made
    assert targets() == before
    wider = Provisioned(table=Throughput(read=READ, write=BUSY))
    options = StorageOptions(provisioned=wider, has_scaling=True)
    found = differences(declared(options), described(clients))
    parts = {each.part: each.kind for each in found}
    assert parts["write scaling of the table"] is Kind.OPTION
    assert parts["write capacity of the table"] is Kind.SURPLUS
    ensure(clients, options)
    assert targets()["table/provisioned", "WriteCapacityUnits"] == (20, 900)


@pytest.mark.slow
def test_a_target_that_somebody_took_away_comes_back(clients: Clients) -> None:
    ensure(clients)
    clients.scaling.deregister_scalable_target(
        ServiceNamespace="dynamodb",
        ResourceId="table/provisioned/index/GSI3",
        ScalableDimension="dynamodb:index:ReadCapacityUnits",
    )
    (missing,) = differences(declared(), described(clients))
    assert str(missing) == "read scaling of index GSI3 is None, declared '5 to 100 at 70 %'"
    ensure(clients)
    assert differences(declared(), described(clients)) == ()


def test_another_billing_is_not_changed(clients: Clients) -> None:
    ensure(clients, StorageOptions())
    with pytest.raises(TableDiffers, match="billing is 'on demand', declared 'provisioned'"):
        ensure(clients)
    assert targets() == {}


def test_without_auto_scaling_an_error_or_a_note(clients: Clients) -> None:
    without = Clients(TableItem)
    with pytest.raises(MissingApi, match="This endpoint has no auto scaling"):
        ensure_table(without, declared())
    done = ensure_table(without, declared(), lenient=True)
    assert done.notes == ("auto scaling",)
    assert targets() == {}


def test_the_other_tables_are_on_demand(table: None) -> None:
    tables = declared_tables(OPTIONS)
    assert [each.options.provisioned is not None for each in tables] == [True]
    (done,) = create_tables(StorageOptions())
    assert not done.made


def test_deleting_takes_the_targets_away(clients: Clients) -> None:
    ensure(clients)
    assert delete_table(clients, declared())
    assert targets() == {}
