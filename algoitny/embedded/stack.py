"""Which programs make up the embedded stack, and the environment that they share."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from signal import SIGTERM
from typing import Any

from pydantic import ValidationError

from algoitny import metrics
from algoitny.embedded import broker, ports, store
from algoitny.embedded.data_dir import DataDir
from algoitny.embedded.errors import CannotStart
from algoitny.embedded.supervisor import Program
from algoitny.setting_values import LogFormat
from algoitny.settings import Settings, problems_of

ROOT = Path(__file__).parents[2]
"""The checkout; programs run in it, because `wsgi` and `gunicorn.conf.py` are there."""

_NEVER_WRITTEN = frozenset({"environment", "data_dir"})
"""Settings that a reader of the stack file must already have to find it."""


@dataclass(frozen=True, slots=True)
class Stack:
    settings: Settings
    programs: tuple[Program, ...]
    own_store: bool
    own_broker: bool

    @property
    def url(self) -> str:
        host = reachable(self.settings.bind)
        return f"http://{f'[{host}]' if ':' in host else host}:{self.settings.port}"


def names_store(environ: Mapping[str, str]) -> bool:
    """Whether the environment names a store to use: an endpoint, or AWS itself by region and
    credentials. Credentials alone do not count; many have them for other reasons."""
    if environ.get("DYNAMODB_ENDPOINT") or environ.get("LOCALSTACK_URL"):
        return True
    keys = environ.get("AWS_ACCESS_KEY_ID") and environ.get("AWS_SECRET_ACCESS_KEY")
    return bool(environ.get("AWS_REGION") and (keys or environ.get("AWS_PROFILE")))


def reachable(bind: str) -> str:
    """An address at which this machine reaches a server that listens on `bind`."""
    return {"0.0.0.0": "127.0.0.1", "": "127.0.0.1", "::": "::1"}.get(bind, bind)  # noqa: S104 - compared, not bound


def build_stack(environ: Mapping[str, str], data_dir: DataDir) -> Stack:
    """Decide what runs. Raises CannotStart; starts nothing, but writes into the data folder."""
    own_store, own_broker = not names_store(environ), not environ.get("BROKER_URL")
    redis_server = broker.find_server() if own_broker else None
    remembered = data_dir.remembered_ports()
    given = {name: value for name, value in environ.items() if value}
    secret_key = given.get("SECRET_KEY") or data_dir.secret_key()
    shared = {
        **given,
        "ENVIRONMENT": "embedded",
        "DATA_DIR": str(data_dir.path),
        "SECRET_KEY": secret_key,
        "LOG_FORMAT": LogFormat.JSON.value,
        "PYTHONUNBUFFERED": "1",
        metrics.FOLDER: str(metrics.prepare_folder(data_dir.memory_folder())),
        # Celery warns of running as root, as containers do; what it runs for others is sandboxed.
        "PYTHONWARNINGS": ",".join(
            filter(None, (given.get("PYTHONWARNINGS"), "ignore:You're running the worker with"))
        ),
    }
    chosen: dict[str, int] = {}
    settings = _settings(shared)
    ports.require_free(settings.bind, settings.port)
    if own_store:
        chosen["store"] = ports.choose(remembered.get("store"))
        shared |= {
            "DYNAMODB_ENDPOINT": f"http://{ports.LOOPBACK}:{chosen['store']}",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": store.ACCESS_KEY,
            "AWS_SECRET_ACCESS_KEY": store.ACCESS_KEY,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": ",".join(filter(None, (given.get("NO_PROXY"), ports.LOOPBACK))),
        }
        for name in ("AWS_PROFILE", "AWS_SESSION_TOKEN"):
            shared.pop(name, None)
    if redis_server:
        taken = frozenset(chosen.values())
        chosen["broker"] = ports.choose(remembered.get("broker"), taken=taken)
        shared["BROKER_URL"] = broker.url(chosen["broker"], secret_key)
    elif own_broker and own_store:
        shared["BROKER_URL"] = broker.queues_url(chosen["store"], store.ACCESS_KEY)
    elif own_broker:
        raise CannotStart("There is no redis-server on this machine: set BROKER_URL.")
    settings = _settings(shared)
    programs = (
        *([_store(data_dir, shared, chosen["store"])] if own_store else []),
        *([_broker(data_dir, shared, redis_server, chosen["broker"])] if redis_server else []),
        *_product(
            data_dir,
            shared,
            settings,
            after_store="store" if own_store else None,
            after_broker="broker" if redis_server else "store" if own_broker else None,
        ),
    )
    data_dir.remember_ports(remembered | chosen)
    data_dir.write_stack_file(
        {
            name.upper(): shared[name.upper()]
            for name in Settings.model_fields
            if name.upper() in shared and name not in _NEVER_WRITTEN
        }
        | {"LOG_FORMAT": given.get("LOG_FORMAT", LogFormat.CONSOLE.value)}
    )
    return Stack(settings, programs, own_store, own_broker)


def _store(data_dir: DataDir, shared: Mapping[str, str], port: int) -> Program:
    question = f"GET /_ministack/health HTTP/1.0\r\nHost: {ports.LOOPBACK}\r\n\r\n".encode()
    return Program(
        name="store",
        command=store.command(port, data_dir.folder("store")),
        environment=shared,
        ready=partial(ports.answers, ports.LOOPBACK, port, question, b"HTTP/1.1 200"),
        stop_turn=4,
        stop_seconds=30,
        patience=3,
        if_orphaned=SIGTERM,
        keep_fds=(data_dir.lock_fd,),
    )


def _broker(data_dir: DataDir, shared: Mapping[str, str], server: Path, port: int) -> Program:
    secret_key = shared["SECRET_KEY"]
    configuration = broker.write_configuration(data_dir.folder("broker"), port, secret_key)
    question = f"AUTH {broker.password(secret_key)}\r\nPING\r\n".encode()
    return Program(
        name="broker",
        command=(str(server), str(configuration)),
        environment=shared,
        ready=partial(ports.answers, ports.LOOPBACK, port, question, b"+OK\r\n+PONG"),
        log_file=_fresh_log(data_dir, "broker"),
        stop_turn=3,
        if_orphaned=SIGTERM,
        keep_fds=(data_dir.lock_fd,),
    )


def _product(
    data_dir: DataDir,
    shared: Mapping[str, str],
    settings: Settings,
    *,
    after_store: str | None,
    after_broker: str | None,
) -> tuple[Program, ...]:
    def program(name: str, *command: str, **others: Any) -> Program:
        return Program(
            name=name,
            command=(sys.executable, "-m", *command),
            environment={**shared, "PROCESS": name},
            **others,
        )

    celery = ("celery", "-q", "-A", "algoitny.tasks.worker")
    quick = ("--prefetch-multiplier", "1", "--without-gossip", "--without-mingle")
    host = reachable(settings.bind)
    # Not /readyz: that needs the table, which the end of `setup` tells without asking again.
    question = f"GET /livez HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n".encode()
    beat_folder = data_dir.folder("beat")
    return (
        program("setup", "algoitny.embedded.setup", after=after_store, once=True),
        program(
            "web",
            *("gunicorn", "wsgi:app"),
            ready=partial(ports.answers, host, settings.port, question, b"HTTP/1.1 200"),
            stop_turn=2,
            if_orphaned=SIGTERM,
        ),
        program(
            "judge",
            *(*celery, "worker", "-Q", "execute", "-n", "judge@%h"),
            *("-c", str(settings.judge_workers), *quick),
            after=after_broker,
            essential=False,
            stop_turn=1,
        ),
        program(
            "worker",
            *(*celery, "worker", "-Q", "hints,jobs,sweep,webhooks", "-n", "worker@%h"),
            *("-c", "1", *quick),
            after=after_broker,
            essential=False,
            stop_turn=1,
        ),
        program(
            "beat",
            *(*celery, "beat", "-s", str(beat_folder / "schedule")),
            after=after_broker,
            essential=False,
        ),
    )


def _settings(variables: Mapping[str, str]) -> Settings:
    """Read as the children will read them."""
    known = {
        name: variables[name.upper()] for name in Settings.model_fields if name.upper() in variables
    }
    try:
        return Settings.model_validate(known)
    except ValidationError as error:
        raise CannotStart(problems_of(error)) from error


def _fresh_log(data_dir: DataDir, name: str) -> Path:
    """The log of the run before is kept beside as `.previous`."""
    path = data_dir.folder("logs") / f"{name}.log"
    if path.exists():
        path.replace(path.with_suffix(".log.previous"))
    return path
