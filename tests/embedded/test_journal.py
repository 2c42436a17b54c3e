"""The journal's files: what a kill, a loss of power and damage may do to them."""

from __future__ import annotations

import asyncio
import os
import resource
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algoitny.embedded.journal import Changes, Damaged, Journal, decode, encode

State = dict[str, Any]


@contextmanager
def opened(folder: Path, **others: Any) -> Iterator[tuple[Journal, State]]:
    """A journal of assignments `[name, value]`, and what they come to."""
    state: State = {}
    journal = Journal(folder, **others)
    journal.read(state.update)
    journal.open()
    try:
        yield journal, state
    finally:
        journal.close()


def read(folder: Path) -> State:
    state: State = {}
    Journal(folder).read(state.update)
    return state


def write(folder: Path, count: int) -> list[bytes]:
    """Records `n = 1 … count`, each synced before the next; the lines of the file."""

    async def settled(journal: Journal) -> None:
        for n in range(1, count + 1):
            journal.append([["n", n], [f"key {n}", n]])
            await journal.settle()

    with opened(folder) as (journal, _):
        asyncio.run(settled(journal))
    return lines_of(folder)


def journal_file(folder: Path) -> Path:
    return max(folder.glob("journal-*"))


def lines_of(folder: Path) -> list[bytes]:
    return journal_file(folder).read_bytes().splitlines(keepends=True)


def snapshot(journal: Journal, state: State, *, between: Callable[[], None] = lambda: None) -> None:
    def portions() -> Iterator[Changes]:
        for name in list(state):
            yield [[name, state[name]]]
            between()

    asyncio.run(journal.snapshot(portions()))


def test_what_is_appended_is_read_again(tmp_path: Path) -> None:
    write(tmp_path, 3)
    assert read(tmp_path) == {"n": 3, "key 1": 1, "key 2": 2, "key 3": 3}
    with opened(tmp_path) as (journal, _):
        assert journal.sequence == 3
        journal.append([["n", 4]])
    assert read(tmp_path)["n"] == 4


@given(st.recursive(st.text() | st.integers() | st.none(), st.lists, max_leaves=8))
def test_any_text_is_one_line(value: Any) -> None:
    line = encode({"value": value, "lone": "\ud800\u2028\n"})
    assert line.count(b"\n") == 1
    assert decode(line) == {"value": value, "lone": "\ud800\u2028\n"}


@given(st.data())
def test_no_changed_line_is_taken_for_a_record(data: st.DataObject) -> None:
    line = bytearray(encode({"n": 1, "durable": 0, "changes": [["name", "value"]]}))
    line[data.draw(st.integers(0, len(line) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    assert decode(bytes(line)) is None


@given(st.integers(0, 10_000))
@settings(max_examples=40, deadline=None)
def test_wherever_a_kill_cuts_the_file_whole_records_are_left(cut: int) -> None:
    whole = b"".join(
        encode({"n": n, "durable": n - 1, "changes": [["n", n], [f"key {n}", n]]})
        for n in range(1, 5)
    )
    kept = whole[: cut % len(whole)]
    count = kept.count(b"\n")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / f"journal-{1:016}").write_bytes(kept)
        with opened(folder) as (journal, state):
            assert state.get("n", 0) == journal.sequence == count
            journal.append([["after", True]])
        assert read(folder) == {f"key {n}": n for n in range(1, count + 1)} | (
            {"n": count, "after": True} if count else {"after": True}
        )


def test_a_torn_record_is_dropped_without_a_word(tmp_path: Path) -> None:
    *lines, last = write(tmp_path, 3)
    journal_file(tmp_path).write_bytes(b"".join(lines) + last[:-7] + b"\0" * 4096)
    assert read(tmp_path)["n"] == 2
    with opened(tmp_path) as (journal, _):
        journal.append([["n", "new"]])
    assert [decode(line) is None for line in lines_of(tmp_path)] == [False] * 3


def test_without_power_the_unsynced_may_be_lost_in_any_order(tmp_path: Path) -> None:
    with opened(tmp_path) as (journal, _):
        for n in range(1, 4):
            journal.append([["n", n]])
    lines = lines_of(tmp_path)
    journal_file(tmp_path).write_bytes(lines[0] + b"\0" * len(lines[1]) + lines[2])
    assert read(tmp_path) == {"n": 1}


def test_damage_of_what_was_synced_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    lines = write(tmp_path, 4)
    lines[1] = lines[1].replace(b"2", b"7", 1)
    damaged = b"".join(lines)
    journal_file(tmp_path).write_bytes(damaged)
    with pytest.raises(Damaged, match=rf"journal-0+1 is damaged \(at byte {len(lines[0])}; `trunc"):
        read(tmp_path)
    assert journal_file(tmp_path).read_bytes() == damaged


@pytest.mark.parametrize("missing", [0, 1, 2])
def test_a_missing_record_is_damage(tmp_path: Path, missing: int) -> None:
    lines = write(tmp_path, 4)
    del lines[missing]
    journal_file(tmp_path).write_bytes(b"".join(lines))
    with pytest.raises(Damaged, match=f"no record {missing + 1}"):
        read(tmp_path)


def test_a_record_that_is_there_twice_is_damage(tmp_path: Path) -> None:
    lines = write(tmp_path, 3)
    journal_file(tmp_path).write_bytes(b"".join([*lines, lines[1]]))
    with pytest.raises(Damaged, match="no record 4"):
        read(tmp_path)


def test_a_snapshot_and_what_follows_make_the_state(tmp_path: Path) -> None:
    write(tmp_path, 3)
    with opened(tmp_path) as (journal, state):
        snapshot(journal, state)
        journal.append([["n", 4]])
    expected = {"n": 4, "key 1": 1, "key 2": 2, "key 3": 3}
    assert read(tmp_path) == expected
    # A kill before the records that it holds were removed, and in the middle of another one.
    (tmp_path / "snapshot.new").write_text("half")
    assert read(tmp_path) == expected
    with opened(tmp_path) as (journal, _):
        assert journal.sequence == 4
    assert not (tmp_path / "snapshot.new").exists()


def test_others_may_append_while_a_snapshot_is_written(tmp_path: Path) -> None:
    with opened(tmp_path) as (journal, _):
        state = {"a": 0, "b": 0, "c": 0}

        def both() -> None:
            """As a transaction does, in the middle of the snapshot."""
            state.update(a=state["a"] + 1, b=state["b"] + 1)
            journal.append([["a", state["a"]], ["b", state["b"]]])

        both()
        snapshot(journal, state, between=both)
    assert read(tmp_path) == state
    assert state["a"] == 4
    # Without the records that it may hold a part of, the snapshot is of no use.
    journal_file(tmp_path).write_bytes(b"".join(lines_of(tmp_path)[:-1]))
    with pytest.raises(Damaged, match="records after 3 are missing"):
        read(tmp_path)


def test_two_snapshots_are_kept_with_all_that_followed(tmp_path: Path) -> None:
    for n in range(1, 6):
        with opened(tmp_path) as (journal, state):
            state["n"] = n
            journal.append([["n", n]])
            snapshot(journal, state)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "journal-0000000000000005",
        "journal-0000000000000006",
        "snapshot",
        "snapshot.previous",
    ]
    (tmp_path / "snapshot").write_bytes((tmp_path / "snapshot").read_bytes()[:-5])
    with pytest.raises(Damaged, match=r"snapshot is damaged \(move it away"):
        read(tmp_path)
    # A kill between the two renamings leaves the same.
    (tmp_path / "snapshot").unlink()
    assert read(tmp_path) == {"n": 5}
    with opened(tmp_path) as (journal, state):
        state["n"] = 6
        journal.append([["n", 6]])
        snapshot(journal, state)
    assert read(tmp_path) == {"n": 6}


def test_a_missing_journal_after_a_snapshot_is_damage(tmp_path: Path) -> None:
    write(tmp_path, 2)
    with opened(tmp_path) as (journal, state):
        snapshot(journal, state)
        journal.append([["n", 3]])
    journal_file(tmp_path).unlink()
    with pytest.raises(Damaged, match="the journal after number 2 is missing"):
        read(tmp_path)


def test_what_this_version_does_not_know_is_refused(tmp_path: Path) -> None:
    path = tmp_path / f"journal-{1:016}"
    path.write_bytes(encode({"format": 2, "changed": []}))
    with pytest.raises(Damaged, match="this version does not know"):
        read(tmp_path)
    path.rename(tmp_path / "journal-copy")
    with pytest.raises(Damaged, match="this version does not know"):
        read(tmp_path)


def test_nothing_new_needs_no_snapshot(tmp_path: Path) -> None:
    write(tmp_path, 1)
    for _ in range(2):
        with opened(tmp_path) as (journal, state):
            snapshot(journal, state)
    assert not (tmp_path / "snapshot.previous").exists()


def test_a_snapshot_is_due_when_the_journal_is_longer_than_the_last(tmp_path: Path) -> None:
    with opened(tmp_path, longest_bytes=400) as (journal, state):
        while not journal.is_long:
            state["n"] = journal.sequence + 1
            journal.append([["n", state["n"]]])
        assert journal_file(tmp_path).stat().st_size > 400
        snapshot(journal, {str(n): "x" * 20 for n in range(100)} | state)
        assert not journal.is_long
        journal.append([["y", "y" * 800]])
        assert not journal.is_long


def test_one_sync_serves_all_who_wait(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synced: list[int] = []
    monkeypatch.setattr(os, "fdatasync", synced.append)

    async def crowd(journal: Journal) -> None:
        async def one(n: int) -> None:
            journal.append([["n", n]])
            await journal.settle()

        await asyncio.gather(*(one(n) for n in range(50)))

    with opened(tmp_path) as (journal, _):
        asyncio.run(crowd(journal))
        assert journal.durable == 50
    assert 1 <= len(synced) <= 2


def test_a_full_disk_leaves_whole_records_and_ends_the_writing(tmp_path: Path) -> None:
    before = len(b"".join(write(tmp_path, 2)))
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    with opened(tmp_path) as (journal, _):
        resource.setrlimit(resource.RLIMIT_FSIZE, (before + 20, hard))
        try:
            with pytest.raises(OSError, match="File too large"):
                journal.append([["n", 3]])
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        assert journal_file(tmp_path).stat().st_size == before
        assert journal.failure == "File too large"
        with pytest.raises(OSError, match="File too large"):
            journal.append([["n", 3]])
    assert read(tmp_path)["n"] == 2


def test_what_the_disk_did_not_take_is_never_taken_for_synced(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: int) -> None:
        raise OSError(5, "Input/output error")

    async def twice(journal: Journal) -> None:
        for _ in range(2):
            with pytest.raises(OSError, match="Input/output error"):
                await journal.settle()

    with opened(tmp_path) as (journal, _):
        journal.append([["n", 1]])
        monkeypatch.setattr(os, "fdatasync", broken)
        asyncio.run(twice(journal))
        monkeypatch.undo()
        with pytest.raises(OSError, match="Input/output error"):
            asyncio.run(journal.settle())
        assert journal.durable == 0
