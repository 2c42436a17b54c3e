"""The embedded store keeps its data over a clean stop, and never writes nothing over something."""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import boto3
import psutil
import pytest
from botocore.config import Config
from botocore.exceptions import EndpointConnectionError

from algoitny.embedded import ports, store
from tests.embedded.supervised import ROOT, wait_until


def client(port: int) -> Any:
    return boto3.client(
        "dynamodb",
        endpoint_url=f"http://{ports.LOOPBACK}:{port}",
        region_name="us-east-1",
        aws_access_key_id=store.ACCESS_KEY,
        aws_secret_access_key=store.ACCESS_KEY,
        config=Config(retries={"total_max_attempts": 1}, read_timeout=10),
    )


@contextmanager
def running(state_dir: Path) -> Iterator[tuple[int, subprocess.Popen[bytes]]]:
    port = ports.choose(None)
    state_dir.mkdir(exist_ok=True)
    with subprocess.Popen(store.command(port, state_dir), cwd=ROOT) as process:
        try:

            def up() -> bool:
                try:
                    return "TableNames" in client(port).list_tables()
                except EndpointConnectionError:
                    return False

            wait_until(up, "the store answers")
            yield port, process
        finally:
            process.kill()


@pytest.mark.service
def test_a_clean_stop_keeps_everything(tmp_path: Path) -> None:
    item = {"k": {"S": "é\u0000"}, "b": {"B": b"\x00\xff"}, "n": {"N": "1.5"}}
    with running(tmp_path) as (port, process):
        client(port).create_table(
            TableName="kept",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        )
        client(port).put_item(TableName="kept", Item=item)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
    with running(tmp_path) as (port, _):
        assert client(port).get_item(TableName="kept", Key={"k": item["k"]})["Item"] == item


@pytest.mark.service
def test_it_listens_on_loopback_only(tmp_path: Path) -> None:
    with running(tmp_path) as (port, process):
        listening = [
            found.laddr
            for found in psutil.Process(process.pid).net_connections()
            if found.status == psutil.CONN_LISTEN
        ]
        assert listening == [(ports.LOOPBACK, port)]


def test_damaged_data_is_not_started_with(tmp_path: Path) -> None:
    state = tmp_path / store.STATE_FILE
    state.write_text('{"cut": ')
    (tmp_path / f"{store.STATE_FILE}.previous").write_text("{}")
    with pytest.raises(SystemExit, match=r"cannot be read.*\.previous"):
        store.keep_copy(tmp_path)
    assert state.read_text() == '{"cut": '
    assert (tmp_path / f"{store.STATE_FILE}.previous").read_text() == "{}"


def test_the_state_before_is_kept(tmp_path: Path) -> None:
    store.keep_copy(tmp_path)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / store.STATE_FILE).write_text('{"a": 1}')
    store.keep_copy(tmp_path)
    assert (tmp_path / f"{store.STATE_FILE}.previous").read_text() == '{"a": 1}'


def test_its_environment_opens_nothing_else(tmp_path: Path) -> None:
    chosen = store.environment(4000, tmp_path)
    assert chosen["SERVICES"] == "dynamodb,sqs"
    assert chosen["BIND_HOST"] == ports.LOOPBACK
    assert not os.path.exists(chosen["DOCKER_HOST"].removeprefix("unix://"))  # noqa: PTH110
