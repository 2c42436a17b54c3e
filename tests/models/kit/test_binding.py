"""Binding: one client for all models of a table, made before it is needed; capacity counted."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest
from pynamodb.attributes import UnicodeAttribute
from pynamodb.models import Model

from algoitny.domain.errors import StoreRejected, StoreUnavailable
from algoitny.models import MODELS, TableItem, bind_models, bound_tables
from algoitny.models.history import HistoryItem
from algoitny.models.kit.binding import connection_of
from algoitny.models.kit.capacity import collect_capacity
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import get, put, query
from algoitny.models.layout import hybrid, single
from algoitny.models.plan import PlanItem
from algoitny.models.user import UniqueLockItem, UserItem
from tests.faults import Faults


def test_all_models_share_one_client(table: None) -> None:
    assert len({id(connection_of(model).connection.client) for model in MODELS}) == 1
    assert {model.Meta.table_name for model in MODELS} == {"algoitny_test"}


def test_each_family_of_the_hybrid_layout_has_its_table(table: None) -> None:
    bind_models(layout=hybrid("Algo"), region="us-east-1")
    assert {model: model.Meta.table_name for model in MODELS} == {
        model: connection_of(model).table_name for model in MODELS
    }
    assert connection_of(UserItem).table_name == "Algo-Users"
    assert connection_of(UniqueLockItem).table_name == "Algo-Users"
    assert connection_of(PlanItem).table_name == "Algo-Plans"
    assert connection_of(HistoryItem).table_name == "Algo-Main"
    assert len({id(connection_of(model).connection.client) for model in MODELS}) == 1
    assert list(bound_tables()) == ["Algo-Main", "Algo-Users", "Algo-Plans"]
    bind_models(layout=single("algo"), region="us-east-1")
    assert {connection_of(model).table_name for model in MODELS} == {"algo"}


def test_every_entity_is_bound() -> None:
    def below(model: type[TableItem]) -> set[type[TableItem]]:
        return {model}.union(*(below(each) for each in model.__subclasses__()))

    assert set(MODELS) == below(TableItem)
    assert len({model.TYPE for model in MODELS}) == len(MODELS)


def test_a_later_call_replaces_an_earlier_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY", raising=False)
    for number in range(2):
        endpoint = f"http://127.0.0.{number + 1}:1"
        bind_models(
            layout=single(f"table-{number}"),
            region="eu-west-1",
            endpoint=endpoint,
            connect_timeout=0.5,
            read_timeout=7,
            attempts=3,
        )
        client = connection_of(UserItem).connection.client
        assert client.meta.endpoint_url == endpoint
        assert client.meta.region_name == "eu-west-1"
        assert client.meta.config.read_timeout == 7
        assert client.meta.config.connect_timeout == 0.5
        assert client.meta.config.retries["total_max_attempts"] == 3
        assert connection_of(UserItem).table_name == f"table-{number}"


def test_an_unbound_model_says_so() -> None:
    class Unbound(Model):
        class Meta:
            table_name = "x"

        key = UnicodeAttribute(hash_key=True)

    with pytest.raises(RuntimeError, match="bind"):
        connection_of(Unbound)


def test_a_misspelt_stored_name_is_no_silent_none(table: None) -> None:
    with pytest.raises(ValueError, match="does not exist"):
        UserItem("a", "b", e_mail="x")


def test_what_requests_consumed_is_counted_per_thread(table: None) -> None:
    put(TableItem("C#1", "a"))
    with collect_capacity() as outer:
        get(TableItem, Key("C#1", "a"))
        with collect_capacity() as inner:
            put(TableItem("C#1", "b"))
            query(TableItem, "C#1")
        elsewhere = threading.Thread(target=lambda: None)
        elsewhere.start()
        elsewhere.join()
    get(TableItem, Key("C#1", "a"))
    assert outer.operations == ["GetItem", "PutItem", "Query"]
    assert inner.operations == ["PutItem", "Query"]
    assert (outer.requests, inner.requests) == (3, 2)
    assert outer.rcu > inner.rcu > 0
    assert outer.wcu == inner.wcu > 0


def test_refused_requests_are_counted_too(table: None) -> None:
    with collect_capacity() as consumed, pytest.raises(StoreRejected):
        query(TableItem, "")
    assert (consumed.requests, consumed.errors) == (1, 1)


def test_other_threads_are_not_counted(faults: Faults) -> None:
    def elsewhere() -> None:
        get(TableItem, Key("C#1", "a"))

    with collect_capacity() as consumed:
        thread = threading.Thread(target=elsewhere)
        thread.start()
        thread.join()
    assert consumed.requests == 0
    assert len(faults.sent("GetItem")) == 1


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        ({"AWS_ACCESS_KEY_ID": "half"}, "AWS_SECRET_ACCESS_KEY"),
        ({"AWS_PROFILE": "nobodys"}, "nobodys"),
        ({"AWS_PROFILE": "gone"}, "no-such-program"),
    ],
)
def test_credentials_that_cannot_be_had_are_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, environment: dict[str, str], said: str
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID", raising=False)
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY", raising=False)
    configuration = tmp_path / "config"
    configuration.write_text("[profile gone]\ncredential_process = /no-such-program\n")
    monkeypatch.setenv("AWS_CONFIG_FILE", str(configuration))
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(StoreUnavailable, match=said):
        bind_models(layout=single("algo"), region="us-east-1", endpoint="http://store.example")
