"""An embedded store of a test's own."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from algoitny.embedded import store
from algoitny.embedded.ports import LOOPBACK
from tests.serving import serving

on_store_too = pytest.mark.parametrize(
    "table", ["memory", pytest.param("store", marks=pytest.mark.service)], indirect=True
)
"""For tests whose answer is the store's: it decides on a repeated transaction, a conflict, the end
of a page. What our own code does with an answer is the same whoever gave it."""


@dataclass(frozen=True)
class Store:
    """One that runs."""

    process: subprocess.Popen[bytes]
    port: int

    @property
    def endpoint(self) -> str:
        return f"http://{LOOPBACK}:{self.port}"

    def client(self) -> Any:
        """Of DynamoDB; it tries nothing twice."""
        return boto3.session.Session().client(
            "dynamodb",
            endpoint_url=self.endpoint,
            region_name="us-east-1",
            aws_access_key_id=store.ACCESS_KEY,
            aws_secret_access_key=store.ACCESS_KEY,
            config=Config(
                retries={"total_max_attempts": 1}, read_timeout=30, max_pool_connections=32
            ),
        )

    def kill(self) -> None:
        """As `kill -9`."""
        self.process.kill()
        self.process.wait()

    def stop(self) -> int:
        """As Ctrl-C does; the exit code."""
        self.process.terminate()
        return self.process.wait(timeout=60)


@contextmanager
def running(folder: Path, environment: Mapping[str, str] = os.environ) -> Iterator[Store]:
    """A store on the data in that folder; killed in the end when it still runs."""
    folder.mkdir(exist_ok=True)
    with serving(lambda port: store.command(port, folder), env=environment) as (process, port):
        yield Store(process, port)


@contextmanager
def running_store(folder: Path) -> Iterator[str]:
    """Its endpoint, while it runs."""
    with running(folder) as started:
        yield started.endpoint
