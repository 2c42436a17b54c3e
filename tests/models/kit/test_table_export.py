"""Copies of tables in folders: whole, at a bounded rate, or not there at all."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from algoitny.domain.errors import InvalidInput, StoreUnavailable
from algoitny.models import bind_models
from algoitny.models.base import TableItem
from algoitny.models.kit.keys import Key
from algoitny.models.kit.operations import get, put
from algoitny.models.kit.table_clients import Clients
from algoitny.models.kit.table_export import Throttle, export_tables
from algoitny.models.kit.table_import import (
    DamagedExport,
    NotEmpty,
    import_tables,
    read_manifest,
)
from algoitny.models.layout import hybrid, single
from algoitny.models.tables import StorageOptions, create_tables, declared_tables
from tests.clock import FixedClock
from tests.faults import Faults, throttled, unreachable

pytestmark = pytest.mark.slow

ITEMS = 30


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "copies" / "monday"


@pytest.fixture
def filled(table: None) -> None:
    for number in range(ITEMS):
        put(TableItem(f"A#{number}", "META", version=number))


def fresh() -> None:
    """Go on with another, empty table."""
    bind_models(layout=single("algoitny_copy"), region="us-east-1")
    create_tables()


def export(folder: Path, **options: Any) -> Any:
    tables = declared_tables(StorageOptions())
    # moto in this process takes one thread at a time.
    return export_tables(Clients(TableItem), tables, folder, **{"segments": 1, **options})


def restore(folder: Path, **options: Any) -> Any:
    return import_tables(Clients(TableItem), declared_tables(StorageOptions()), folder, **options)


def test_what_was_exported_can_be_restored_elsewhere(filled: None, folder: Path) -> None:
    told: list[int] = []
    (exported,) = export(folder, progress=told.append)
    assert (exported.items, sum(told)) == (ITEMS, ITEMS)
    assert read_manifest(folder) == (exported,)
    fresh()
    told.clear()
    assert restore(folder, progress=told.append) == (exported,)
    assert sum(told) == ITEMS
    for number in range(ITEMS):
        item = get(TableItem, Key(f"A#{number}", "META"))
        assert item is not None
        assert item.version == number
    (again,) = export(folder.with_name("tuesday"))
    assert again.digest == exported.digest


def test_a_folder_that_is_there_is_not_touched(filled: None, folder: Path) -> None:
    folder.mkdir(parents=True)
    with pytest.raises(InvalidInput, match="is there already"):
        export(folder)
    assert list(folder.parent.iterdir()) == [folder]
    assert list(folder.iterdir()) == []


def test_an_export_that_fails_leaves_nothing(filled: None, folder: Path, faults: Faults) -> None:
    faults.add("Scan", *[unreachable] * 10)
    with pytest.raises(StoreUnavailable):
        export(folder, clock=FixedClock(), pause=lambda _: None)
    assert list(folder.parent.iterdir()) == []


def test_throttled_scans_and_writes_are_tried_again(
    filled: None, folder: Path, faults: Faults
) -> None:
    faults.add("Scan", throttled, throttled)
    (exported,) = export(folder, pause=lambda _: None)
    assert exported.items == ITEMS
    assert faults.left == 0


def test_left_over_items_are_written_until_all_are(filled: None, folder: Path) -> None:
    export(folder)
    fresh()
    faults = Faults()

    def half(call: Any) -> Any:
        request = faults.requests[-1][1]["RequestItems"]
        return {"UnprocessedItems": {name: items[5:] for name, items in request.items()}}

    faults.add("BatchWriteItem", throttled, half)
    with pytest.raises(Exception, match="items that differ from the 30"):
        restore(folder, pause=lambda _: None)
    sent = [len(each["RequestItems"]["algoitny_copy"]) for each in faults.sent("BatchWriteItem")]
    faults.remove()
    assert sent == [25, 25, 20, 5]  # the five that the fault swallowed are what differs
    restore(folder, merge=True)
    (again,) = export(folder.with_name("again"))
    assert again.digest == read_manifest(folder)[0].digest


def test_a_table_with_items_is_refused(filled: None, folder: Path) -> None:
    export(folder)
    with pytest.raises(NotEmpty, match="--merge"):
        restore(folder)
    put(TableItem("A#0", "META", version=1000))
    put(TableItem("B#0", "META", version=1000))
    restore(folder, merge=True)
    found = [get(TableItem, Key(key, "META")) for key in ("A#0", "B#0")]
    assert [item and item.version for item in found] == [0, 1000]


@pytest.mark.parametrize(
    "damage", ["cut", "gone", "manifest", "no manifest", "format", "elsewhere"]
)
def test_a_damaged_copy_is_refused_before_anything_is_written(
    filled: None, folder: Path, damage: str
) -> None:
    export(folder)
    fresh()
    (path,) = folder.glob("*.zst")
    manifest = folder / "manifest.json"
    if damage == "cut":
        path.write_bytes(path.read_bytes()[:-3])
    elif damage == "gone":
        path.unlink()
    elif damage == "manifest":
        manifest.write_text("{")
    elif damage == "no manifest":
        manifest.unlink()
    elif damage == "format":
        manifest.write_text(manifest.read_text().replace('"format": 1', '"format": 2'))
    else:
        outside = folder.parent / path.name
        path.rename(outside)
        manifest.write_text(manifest.read_text().replace(path.name, f"../{path.name}"))
    with pytest.raises(DamagedExport):
        restore(folder)
    assert not Clients(TableItem).tables.scan(TableName="algoitny_copy")["Items"]


def test_a_count_that_is_wrong_is_found(filled: None, folder: Path) -> None:
    export(folder)
    fresh()
    path = folder / "manifest.json"
    manifest = json.loads(path.read_text())
    manifest["tables"][0]["items"] -= 1
    path.write_text(json.dumps(manifest))
    with pytest.raises(Exception, match="30 items that differ from the 29"):
        restore(folder)


def test_a_copy_of_another_layout_is_refused(filled: None, folder: Path) -> None:
    export(folder)
    bind_models(layout=hybrid("Algo"), region="us-east-1")
    with pytest.raises(DamagedExport, match="those of this layout are main, users, plans"):
        restore(folder)


def test_all_threads_together_keep_the_rate() -> None:
    clock = FixedClock()
    pauses: list[float] = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        clock.advance(seconds)

    throttle = Throttle(10, clock, pause)
    for _ in range(8):
        throttle.spend(5)
    assert sum(pauses) == pytest.approx(4.0)
    clock.advance(100)
    pauses.clear()
    throttle.spend(5)
    assert pauses == [pytest.approx(0.5)], "an idle minute is no credit"


def test_a_page_is_paid_for_by_what_it_held(filled: None, folder: Path) -> None:
    clock = FixedClock()
    pauses: list[float] = []
    put(TableItem("BIG", "META", entity_type="x" * 160_000))
    export(folder, rate=2.0, clock=clock, pause=pauses.append)
    assert pauses[0] >= 160_000 / 8192 / 2.0
