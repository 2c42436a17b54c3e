"""The embedded store keeps its data over a stop, and opens nothing that it need not."""

from __future__ import annotations

import fcntl
import os
import socket
import subprocess
from pathlib import Path

import psutil
import pytest

from algoitny.embedded import ports, store
from tests.store import running


@pytest.mark.service
def test_a_clean_stop_keeps_everything(tmp_path: Path) -> None:
    item = {"k": {"S": "é\u0000"}, "b": {"B": b"\x00\xff"}, "n": {"N": "1.5"}}
    with running(tmp_path) as started:
        client = started.client()
        client.create_table(
            TableName="kept",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "k", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "k", "KeyType": "HASH"}],
        )
        client.put_item(TableName="kept", Item=item)
        assert started.stop() == 0
    with running(tmp_path) as started:
        assert started.client().get_item(TableName="kept", Key={"k": item["k"]})["Item"] == item


@pytest.mark.service
def test_a_stop_cuts_off_without_a_word_what_does_not_end(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\nExpect: 100-continue\r\n\r\n"
    with (
        running(tmp_path) as started,
        socket.create_connection((ports.LOOPBACK, started.port)) as client,
    ):
        client.sendall(head.encode())
        assert b"100 Continue" in client.recv(100), "it waits for the body, which never comes"
        assert started.stop() == 0
    assert capfd.readouterr().err == ""


@pytest.mark.service
def test_it_listens_on_loopback_only(tmp_path: Path) -> None:
    with running(tmp_path) as started:
        listening = [
            found.laddr
            for found in psutil.Process(started.process.pid).net_connections()
            if found.status == psutil.CONN_LISTEN
        ]
        assert listening == [(ports.LOOPBACK, started.port)]


def test_its_environment_opens_nothing_else(tmp_path: Path) -> None:
    chosen = store.environment(4000, tmp_path)
    assert chosen["SERVICES"] == "dynamodb,sqs"
    assert chosen["BIND_HOST"] == ports.LOOPBACK
    assert not os.path.exists(chosen["DOCKER_HOST"].removeprefix("unix://"))  # noqa: PTH110


def test_a_second_store_on_the_folder_is_refused(tmp_path: Path) -> None:
    holder = os.open(tmp_path, os.O_RDONLY)
    fcntl.flock(holder, fcntl.LOCK_EX)
    try:
        done = subprocess.run(
            store.command(1, tmp_path), capture_output=True, text=True, check=False, timeout=60
        )
    finally:
        os.close(holder)
    assert done.returncode == 1
    assert done.stderr.strip() == f"Another store already uses {tmp_path}: stop it first."
    assert not list(tmp_path.glob("journal-*"))
