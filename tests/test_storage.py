"""What the settings say about the tables."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from algoitny.models.kit.table_declaration import Bounds
from algoitny.models.layout import hybrid, single
from algoitny.settings import Settings
from algoitny.storage import layout_of, storage_options


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)


def settings(**given: Any) -> Settings:
    return Settings(**{"secret_key": "k" * 32, **given})


def test_one_table_on_demand_unless_told_otherwise() -> None:
    assert layout_of(settings(table_name="mine")) == single("mine")
    assert storage_options(settings()).provisioned is None
    assert storage_options(settings(table_billing="provisioned")).provisioned is not None


def test_the_main_one_of_three_is_provisioned() -> None:
    given = {"table_layout": "hybrid", "table_prefix": "Mine"}
    assert layout_of(settings(**given)) == hybrid("Mine")
    assert storage_options(settings(**given)).provisioned is not None
    assert storage_options(settings(**given, table_billing="on_demand")).provisioned is None


def test_an_index_has_its_tables_capacity_where_none_is_given(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("INDEX_CAPACITY", '{"GSI2": {"write_max": 50, "utilisation": 40}}')
    given = settings(table_billing="provisioned", table_write_min=7, table_read_max=99)
    provisioned = storage_options(given).provisioned
    assert provisioned is not None
    assert provisioned.table.write == Bounds(minimum=7, maximum=1000, utilisation=70)
    assert set(provisioned.indexes) == {"GSI2"}
    assert provisioned.indexes["GSI2"].write == Bounds(minimum=7, maximum=50, utilisation=40)
    assert provisioned.indexes["GSI2"].read == Bounds(minimum=5, maximum=99, utilisation=40)


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"table_write_min": 20, "table_write_max": 10}, "TABLE_WRITE_MIN"),
        ({"index_capacity": {"GSI1": {"read_min": 2000}}}, "INDEX_CAPACITY of GSI1"),
        ({"index_capacity": {"GSI7": {}}}, "GSI1"),
        ({"index_capacity": {"GSI1": {"reads": 1}}}, "reads"),
        ({"index_capacity": "{"}, "index_capacity"),
        ({"table_utilisation": 95}, "90"),
        ({"table_name": "a b"}, "table_name"),
    ],
)
def test_what_cannot_be_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        settings(**given)


def test_tables_are_protected_outside_the_embedded_stack() -> None:
    assert storage_options(settings()).protected
    assert not storage_options(settings(environment="embedded")).protected
    assert storage_options(settings(environment="embedded", table_protection=True)).protected
    assert not storage_options(settings(table_protection=False)).protected
    assert not storage_options(settings()).lenient
    assert storage_options(settings(environment="embedded")).lenient


def test_another_store_has_no_auto_scaling_unless_it_is_named() -> None:
    def scaling(**given: str) -> tuple[bool, str | None]:
        options = storage_options(settings(**given))
        return options.has_scaling, options.scaling_endpoint

    one, other = "http://127.0.0.1:1", "http://127.0.0.1:2"
    assert scaling() == (True, None)
    assert scaling(dynamodb_endpoint=one) == (False, None)
    assert scaling(localstack_url=one) == (True, one)
    assert scaling(dynamodb_endpoint=one, autoscaling_endpoint=other) == (True, other)
    assert scaling(localstack_url=one, autoscaling_endpoint=other) == (True, other)
