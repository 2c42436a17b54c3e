"""Ministack's DynamoDB behind a journal: a write is answered after it is on the disk.

Every request is carried out at once, without another in between, as ministack does it. What it
changed is then appended as one record of after-images: of rows, because all of ministack's writes
go through three functions that are replaced here; and of the small rest (tables, settings, tags,
backups), which is compared with how it was. Reads wait for nothing.

Not kept: the records of DynamoDB Streams, which ministack does not keep over a stop either.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import json
import logging
import os
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ministack.core.responses import error_response_json, get_account_id, get_region

from algoitny.embedded.journal import Changes, Journal

READS = ("BatchGet", "Describe", "Get", "List", "Query", "Scan", "SearchVectors", "TransactGet")
"""How the names of actions begin that change nothing."""

ROW_WRITES = frozenset(
    {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}
    | {"ExecuteStatement", "BatchExecuteStatement", "ExecuteTransaction"}
)
"""What changes rows and tokens only; every other action may change anything."""

TABLES, TOKENS, BACKUPS = "tables", "txn_idempotency", "backups"
SETTINGS = (
    *(TABLES, BACKUPS, "tags", "ttl_settings", "pitr_settings", "contributor_insights"),
    *("kinesis_destinations", "resource_policies", "exports", "imports"),
)
"""Ministack's stores but that of the tokens of transactions, without the underscore."""

NOT_SETTINGS = frozenset({"items", "_index_members", "ItemCount", "TableSizeBytes"})
"""Of a table: its rows, and what follows from them."""

ROWS_AT_ONCE = 50
"""In a portion of a snapshot: about a millisecond in which no request is served."""

Scope = tuple[str, str, str]
"""Account, region and key, as ministack separates them."""

Answer = tuple[int, dict[str, str], bytes]

_log = logging.getLogger(__name__)


class DurableDynamoDB:
    """`service` is the module `ministack.services.dynamodb`. `load`, then `install`."""

    def __init__(self, service: Any, folder: Path) -> None:
        self._service = service
        self._journal = Journal(folder)
        self._stores = {name: getattr(service, f"_{name}") for name in (*SETTINGS, TOKENS)}
        self._tables = self._stores[TABLES]
        self._handle = service.handle_request
        self._forget_all = service.reset
        self._rows_replaced = service._items_replaced  # noqa: SLF001
        self._remove_row = service._remove_item  # noqa: SLF001
        self._known: dict[tuple[str, Scope], str] = {}
        self._touched: dict[str, tuple[Any, dict[tuple[str, str], None]]] = {}
        self._new_tokens: list[Scope] = []
        self._snapshot: asyncio.Task[None] | None = None

    def load(self) -> None:
        """Bring back what was acknowledged. Raises Damaged, OSError."""
        # Millions of new objects, all of which stay: looking for garbage would double the time.
        gc.disable()
        try:
            self._read()
        finally:
            gc.freeze()
            gc.enable()
        self._journal.open()

    def install(self) -> None:
        """Take the place of ministack's functions; to be called in the loop that serves."""
        service, self._loop, self._thread = (
            self._service,
            asyncio.get_running_loop(),
            threading.get_ident(),
        )
        set_row, store_token = service._set_item, service._txn_token_store  # noqa: SLF001

        def set_item(table: Any, partition: str, sort: str, item: Any) -> Any:
            self._touch(table, partition, sort)
            return set_row(table, partition, sort, item)

        def remove_item(table: Any, partition: str, sort: str) -> Any:
            if threading.get_ident() != self._thread:
                # The thread that removes expired rows could remove one that was just renewed.
                self._loop.call_soon_threadsafe(self._expire, table, partition, sort)
                return None
            self._touch(table, partition, sort)
            return self._remove_row(table, partition, sort)

        def items_replaced(table: Any) -> None:
            if table["TableArn"] not in self._touched:
                for partition, rows in table["items"].items():
                    for sort in rows:
                        self._touch(table, partition, sort)
            self._rows_replaced(table)

        def txn_token_store(token: str, entry: Any) -> None:
            store_token(token, entry)
            self._new_tokens.append((get_account_id(), get_region(), token))

        for function in (set_item, remove_item, items_replaced, txn_token_store):
            setattr(service, f"_{function.__name__}", function)
        service.handle_request = self.handle_request
        # Ministack would keep its own file of the state, and would forget all when told to.
        service.get_state = lambda: None
        service.load_persisted_state = lambda _: None
        service.reset = lambda: None

    async def handle_request(
        self, method: str, path: str, headers: dict[str, str], body: bytes, query: dict[str, Any]
    ) -> Answer:
        """What ministack answers, once that will stay true."""
        action = headers.get("x-amz-target", "").rpartition(".")[2]
        if action.startswith(READS):
            return await self._answer(method, path, headers, body, query)
        if self._journal.failure:
            return self._refusal()
        try:
            try:
                # Ministack does not wait for anything in there: no other request comes between.
                answer = await self._answer(method, path, headers, body, query)
            finally:
                self._commit(entries=action not in ROW_WRITES)
            # Also when nothing changed: "it is there already" may be about what is not synced yet.
            await self._journal.settle()
        except OSError:
            return self._refusal()
        if self._journal.is_long and self._snapshot is None:
            self._snapshot = asyncio.create_task(self._shorten())
        return answer

    async def close(self) -> None:
        """Leave a snapshot, which makes the next start quick. Nothing is lost without it."""
        if self._snapshot:
            await self._snapshot
        if not self._journal.failure:
            await self._shorten()
        self._journal.close()

    async def _answer(self, *request: Any) -> Answer:
        answer: Answer = await self._handle(*request)
        return answer

    def _refusal(self) -> Answer:
        answer: Answer = error_response_json(
            "InternalServerError",
            f"The embedded store cannot write its journal ({self._journal.failure}): it refuses to "
            "write anything until it is started again.",
            500,
        )
        return answer

    def _touch(self, table: Any, partition: str, sort: str) -> None:
        _, keys = self._touched.setdefault(table["TableArn"], (table, {}))
        keys[partition, sort] = None

    def _commit(self, *, entries: bool = False) -> None:
        """Append what has changed since the last time. Raises OSError when that is impossible;
        memory is then what the file is."""
        changes = self._changed_entries() if entries else []
        for scope in self._new_tokens:
            changes.append(["entry", TOKENS, scope, self._stores[TOKENS].get_scoped(*scope)])
        for arn, (table, keys) in self._touched.items():
            rows = table["items"]
            images = [[pk, sk, rows.get(pk, {}).get(sk)] for pk, sk in keys]
            changes.append(["rows", _scope(arn), images])
        self._new_tokens, self._touched = [], {}
        if not changes:
            return
        try:
            self._journal.append(changes)
        except OSError as error:
            _log.error("The journal cannot be written (%s): no more writes until a restart.", error)
            self._read_or_end()
            raise

    def _read_or_end(self) -> None:
        """Memory may hold what no file does: it must become what the files are, or serve nobody."""
        try:
            self._read()
        except Exception:  # noqa: BLE001 - whatever it is, nobody may be served
            _log.critical("The journal cannot be read again either: the store ends.", exc_info=True)
            os._exit(1)

    def _changed_entries(self) -> Changes:
        before, self._known = self._known, self._entries()
        changed = {name for name, text in self._known.items() if before.get(name) != text}
        return [
            ["entry", store, scope, self._described(store, self._stores[store].get_scoped(*scope))]
            for store, scope in [*changed, *(before.keys() - self._known.keys())]
        ]

    def _entries(self) -> dict[tuple[str, Scope], str]:
        """All settings, in a form in which a change shows. Backups are never changed, only made
        and deleted, and may be large."""
        return {
            (name, scope): "" if name == BACKUPS else json.dumps(self._described(name, value))
            for name in SETTINGS
            for scope, value in self._stores[name].all_items()
        }

    @staticmethod
    def _described(store: str, value: Any) -> Any:
        if store != TABLES or value is None:
            return value
        return {name: part for name, part in value.items() if name not in NOT_SETTINGS}

    def _expire(self, table: Any, partition: str, sort: str) -> None:
        """Remove a row whose time has come, unless it has been renewed meanwhile."""
        scope = _scope(table["TableArn"])
        attribute = self._stores["ttl_settings"].get_scoped(*scope, {}).get("AttributeName")
        item = table["items"].get(partition, {}).get(sort, {})
        try:
            due = float(item[attribute]["N"]) <= time.time()
        except (KeyError, ValueError):
            return
        if due and not self._journal.failure:
            self._touch(table, partition, sort)
            self._remove_row(table, partition, sort)
            with contextlib.suppress(OSError):
                self._commit()

    async def _shorten(self) -> None:
        try:
            await self._journal.snapshot(self._everything())
        except OSError as error:
            _log.warning("No snapshot could be written (%s); the journal holds everything.", error)
        finally:
            self._snapshot = None

    def _everything(self) -> Iterator[Changes]:
        """The whole state in portions. Rows may change between two: see `Journal.snapshot`."""
        tables = self._tables.all_items()
        for name, store in self._stores.items():
            for scope, value in store.all_items():
                yield [["entry", name, scope, self._described(name, value)]]
        for scope, table in tables:
            rows: list[list[Any]] = []
            for partition, by_sort in list(table["items"].items()):
                for sort, item in list(by_sort.items()):
                    rows.append([partition, sort, item])
                    if len(rows) == ROWS_AT_ONCE:
                        yield [["rows", scope, rows]]
                        rows = []
            yield [["rows", scope, rows]]

    def _read(self) -> None:
        """Make memory what the files say."""
        self._forget_all()
        self._journal.read(self._apply)
        for table in self._tables.all_values():
            self._rows_replaced(table)
        self._known = self._entries()

    def _apply(self, changes: Changes) -> None:
        for kind, *rest in changes:
            if kind == "entry":
                self._apply_entry(*rest)
            else:
                self._apply_rows(*rest)

    def _apply_entry(self, name: str, scope: Scope, value: Any) -> None:
        store = self._stores[name]
        if value is None:
            store.pop_scoped(*scope, None)
            return
        if name == TABLES:
            before = store.get_scoped(*scope)
            value["items"] = before["items"] if before else defaultdict(dict)
        elif name == TOKENS and value["completed_at"] + self._service._TXN_TOKEN_TTL < time.time():  # noqa: SLF001
            return
        store.set_scoped(*scope, value)

    def _apply_rows(self, scope: Scope, images: list[list[Any]]) -> None:
        table = self._tables.get_scoped(*scope)
        if table is None:
            # A snapshot began before the table was deleted, and came to it after.
            return
        rows = table["items"]
        for partition, sort, item in images:
            if item is not None:
                rows[partition][sort] = item
            elif partition in rows:
                rows[partition].pop(sort, None)
                if not rows[partition]:
                    del rows[partition]


def _scope(arn: str) -> Scope:
    """Of a table: `arn:aws:dynamodb:REGION:ACCOUNT:table/NAME`."""
    _, _, _, region, account, name = arn.split(":", 5)
    return account, region, name.removeprefix("table/")
