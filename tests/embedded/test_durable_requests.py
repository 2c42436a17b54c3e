"""After any requests, reading the store's files brings back the memory that was."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from algoitny.embedded.durable import DurableDynamoDB
from tests.embedded.ministack import (
    ADD,
    SCHEMA,
    Call,
    image,
    key,
    ministack,
    read_again,
    serve,
    write,
)

KEYS = st.sampled_from("abc")
TABLES = st.sampled_from(["first", "second"])
ROW = st.builds(lambda k, g: {"k": {"S": k}, "g": {"S": g}}, KEYS, st.sampled_from("xy"))

REQUESTS = st.one_of(
    st.tuples(st.just("CreateTable"), st.builds(lambda t: {"TableName": t} | SCHEMA, TABLES)),
    st.tuples(
        st.just("DeleteTable") | st.just("DescribeTable"),
        st.fixed_dictionaries({"TableName": TABLES}),
    ),
    st.tuples(st.just("PutItem"), st.fixed_dictionaries({"TableName": TABLES, "Item": ROW})),
    st.tuples(
        st.just("DeleteItem"),
        st.builds(lambda t, k: {"TableName": t, "Key": key(k)}, TABLES, KEYS),
    ),
    st.tuples(
        st.just("UpdateItem"),
        st.builds(lambda t, k: {"TableName": t, "Key": key(k)} | ADD, TABLES, KEYS),
    ),
    st.tuples(
        st.just("TransactWriteItems"),
        st.builds(
            lambda token, writes: {"ClientRequestToken": token, "TransactItems": writes},
            st.sampled_from(["one", "two"]),
            st.lists(
                st.builds(write, TABLES, ROW, st.sampled_from(["Put", "Delete", "Update"])),
                min_size=1,
                max_size=3,
            ),
        ),
    ),
    st.tuples(
        st.just("BatchWriteItem"),
        st.builds(
            lambda table, row, k: {
                "RequestItems": {
                    table: [
                        {"PutRequest": {"Item": row}},
                        {"DeleteRequest": {"Key": key(k)}},
                    ]
                }
            },
            TABLES,
            ROW,
            KEYS,
        ),
    ),
    st.tuples(
        st.just("ExecuteTransaction"),
        st.builds(
            lambda table, keys: {
                "TransactStatements": [
                    {"Statement": f"INSERT INTO \"{table}\" VALUE {{'k': '{k}'}}"} for k in keys
                ]
            },
            TABLES,
            st.lists(KEYS, min_size=1, max_size=2),
        ),
    ),
    st.tuples(
        st.just("UpdateTimeToLive"),
        st.builds(
            lambda t, on: {
                "TableName": t,
                "TimeToLiveSpecification": {"Enabled": on, "AttributeName": "ttl"},
            },
            TABLES,
            st.booleans(),
        ),
    ),
    st.tuples(
        st.just("CreateBackup"),
        st.builds(lambda t: {"TableName": t, "BackupName": "kept"}, TABLES),
    ),
    st.tuples(st.just("snapshot"), st.just({})),
)


@pytest.mark.slow
@given(st.lists(REQUESTS, min_size=3, max_size=14))
@settings(max_examples=60, deadline=None)
def test_the_files_are_the_memory(requests: list[tuple[str, dict[str, Any]]]) -> None:
    async def visit(durable: DurableDynamoDB, call: Call) -> dict[str, Any]:
        created = await call("CreateTable", TableName="first", **SCHEMA)
        assert created["status"] == 200
        for action, data in requests:
            if action == "snapshot":
                await durable._shorten()
            else:
                await call(action, **data)
        return image(service)

    with ministack() as service, tempfile.TemporaryDirectory() as folder:
        memory = serve(service, Path(folder), visit)
        assert read_again(service, Path(folder)) == memory
