"""Binds models to their tables, once at start and again after every fork.

PynamoDB ignores a misspelt `Meta` attribute silently, and connects every model on its own, lazily
and not thread-safely (12 threads and 3 models: 35 clients). Here one typed call sets everything,
and all models share one client, which exists before the first thread asks for it.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from botocore.exceptions import BotoCoreError  # type: ignore[import-untyped]  # botocore ships none
from pynamodb.connection import TableConnection
from pynamodb.models import Model

from algoitny.domain.errors import StoreUnavailable
from algoitny.models.kit.capacity import EVENT, record_call
from algoitny.models.kit.client import name_itself, retry_conflicts
from algoitny.models.kit.data_plane import take_over


@dataclass(frozen=True, slots=True, kw_only=True)
class Binding:
    """Where the tables are and how patiently they are asked; time-outs in seconds.

    `attempts` counts the first try too. `max_connections` is how many threads may talk at once.
    """

    region: str
    endpoint: str | None = None
    connect_timeout: float = 1.0
    read_timeout: float = 3.0
    attempts: int = 4
    max_connections: int = 64
    user_agent: str = "single-table-kit"


def bind(tables: Mapping[str, Sequence[type[Model]]], binding: Binding) -> None:
    """Point models at tables: `tables` has the models of each by its name. A later call replaces
    an earlier one.

    Raises StoreUnavailable when the configuration allows of no client, such as for lack of a half
    of its credentials.
    """
    shared: TableConnection | None = None
    for table_name, models in tables.items():
        connection = _connect(table_name, models[0], binding)
        if shared is None:
            shared = connection
        else:
            shared.connection.add_meta_table(connection.get_meta_table())
            connection.connection = shared.connection
        for model in models:
            model.Meta = models[0].Meta
            model._connection = connection  # noqa: SLF001 - PynamoDB has no public way to share one
    if shared is not None:
        session = shared.connection.session
        name_itself(session, binding.user_agent)
        client = _client_of(shared)
        retry_conflicts(client)
        client.meta.events.register(EVENT, record_call, unique_id="capacity")
        take_over(client, session, user_agent=binding.user_agent)
    for library in ("pynamodb", "botocore"):
        # At DEBUG they write every request's content, submitted code and test data included.
        logging.getLogger(library).setLevel(logging.INFO)


def connection_of(model: type[Model]) -> TableConnection:
    """The connection that `bind` gave the model. RuntimeError before that."""
    connection = model._connection  # noqa: SLF001 - see above
    if connection is None:
        raise RuntimeError(f"{model.__name__} is not bound to a table: call bind() first")
    return connection


def _client_of(connection: TableConnection) -> Any:
    """Made now, credentials included, which may come from a file, a program or another host."""
    try:
        return connection.connection.client
    except (BotoCoreError, OSError, ValueError) as error:
        raise StoreUnavailable(f"There is no way to DynamoDB: {error}") from error


def _connect(table_name: str, model: type[Model], binding: Binding) -> TableConnection:
    """The connection of a table, knowing its keys; makes no client yet."""
    access_key, secret_key = credentials_for(binding.endpoint)
    # A Meta of its own for each table: subclasses would share their parent's.
    meta: Any = type(
        "Meta",
        (),
        {
            "table_name": table_name,
            "region": binding.region,
            "host": binding.endpoint,
            "connect_timeout_seconds": binding.connect_timeout,
            "read_timeout_seconds": binding.read_timeout,
            "max_retry_attempts": binding.attempts - 1,
            "max_pool_connections": binding.max_connections,
            "extra_headers": None,
            "aws_access_key_id": access_key,
            "aws_secret_access_key": secret_key,
            "aws_session_token": None,
        },
    )
    model.Meta = meta
    model._connection = None  # noqa: SLF001 - PynamoDB has no public way to let go of one
    return model._get_connection()  # noqa: SLF001 - nor to make one


def credentials_for(endpoint: str | None) -> tuple[str | None, str | None]:
    """Made-up ones for a store on this machine when the environment has none: botocore refuses to
    send a request without, and would first look for a machine role over the network."""
    if endpoint is None or not _is_loopback(endpoint) or "AWS_ACCESS_KEY_ID" in os.environ:
        return None, None
    return "local", "local"


def _is_loopback(endpoint: str) -> bool:
    host = urlsplit(endpoint).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
