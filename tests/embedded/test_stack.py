"""What the embedded stack is made of, decided from the environment."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from algoitny.embedded import ports
from algoitny.embedded.data_dir import DataDir, open_data_dir
from algoitny.embedded.errors import CannotStart
from algoitny.embedded.stack import build_stack, names_store, reachable
from algoitny.settings import load_settings


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[DataDir]:
    with open_data_dir(tmp_path / "data") as opened:
        yield opened


@pytest.fixture
def environ() -> dict[str, str]:
    return {"PATH": "/usr/bin:/bin", "PORT": str(ports.choose(None))}


def test_everything_runs_when_nothing_is_given(environ: dict[str, str], data_dir: DataDir) -> None:
    stack = build_stack(environ, data_dir)
    by_name = {program.name: program for program in stack.programs}
    assert list(by_name) == ["store", "broker", "setup", "web", "judge", "worker", "beat"]
    assert stack.url == f"http://127.0.0.1:{environ['PORT']}"
    shared = by_name["web"].environment
    assert shared is not None
    assert shared["ENVIRONMENT"] == "embedded"
    assert shared["DATA_DIR"] == str(data_dir.path)
    assert shared["SECRET_KEY"] == data_dir.secret_key()
    assert shared["DYNAMODB_ENDPOINT"].startswith("http://127.0.0.1:")
    assert shared["BROKER_URL"].endswith("/0")
    assert shared["PROCESS"] == "web"
    assert shared["PROMETHEUS_MULTIPROC_DIR"] == str(data_dir.memory_folder())


def test_it_stops_in_good_order_and_the_store_may_save(
    environ: dict[str, str], data_dir: DataDir
) -> None:
    by_name = {program.name: program for program in build_stack(environ, data_dir).programs}
    turns = [by_name[name].stop_turn for name in ("beat", "judge", "web", "broker", "store")]
    assert turns == sorted(set(turns))
    assert by_name["worker"].stop_turn == by_name["judge"].stop_turn
    for name in ("store", "broker"):
        assert by_name[name].if_orphaned is signal.SIGTERM
        assert data_dir.lock_fd in by_name[name].keep_fds
    assert by_name["store"].patience > by_name["web"].patience


def test_no_secret_is_an_argument_that_others_can_read(
    environ: dict[str, str], data_dir: DataDir
) -> None:
    stack = build_stack(environ, data_dir)
    arguments = " ".join(word for program in stack.programs for word in program.command)
    broker = next(program for program in stack.programs if program.name == "broker")
    assert broker.environment is not None
    password = broker.environment["BROKER_URL"].split(":")[2].split("@")[0]
    assert len(password) == 32
    assert password not in arguments
    assert data_dir.secret_key() not in arguments
    assert (data_dir.path / "broker" / "redis.conf").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({}, False),
        ({"DYNAMODB_ENDPOINT": ""}, False),
        ({"DYNAMODB_ENDPOINT": "http://127.0.0.1:8001"}, True),
        ({"LOCALSTACK_URL": "http://127.0.0.1:4566"}, True),
        ({"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b"}, False),
        ({"AWS_REGION": "eu-west-1"}, False),
        (
            {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "b", "AWS_REGION": "eu-west-1"},
            True,
        ),
        ({"AWS_PROFILE": "work", "AWS_REGION": "eu-west-1"}, True),
        ({"AWS_PROFILE": "work"}, False),
    ],
)
def test_a_store_is_given_by_endpoint_or_by_region_and_credentials(
    given: dict[str, str], named: bool
) -> None:
    assert names_store(given) is named


def test_what_is_given_is_used_and_not_started(environ: dict[str, str], data_dir: DataDir) -> None:
    given = {
        **environ,
        "DYNAMODB_ENDPOINT": "http://127.0.0.1:8001",
        "BROKER_URL": "redis://broker/0",
        "AWS_ACCESS_KEY_ID": "mine",
    }
    stack = build_stack(given, data_dir)
    assert [p.name for p in stack.programs] == ["setup", "web", "judge", "worker", "beat"]
    assert all(program.after is None for program in stack.programs)
    environment = stack.programs[0].environment
    assert environment is not None
    assert environment["AWS_ACCESS_KEY_ID"] == "mine"
    assert environment["BROKER_URL"] == "redis://broker/0"


def test_a_profile_does_not_reach_the_own_store(environ: dict[str, str], data_dir: DataDir) -> None:
    stack = build_stack({**environ, "AWS_PROFILE": "work", "AWS_SESSION_TOKEN": "t"}, data_dir)
    for program in stack.programs:
        assert program.environment is not None
        assert "AWS_PROFILE" not in program.environment
        assert "AWS_SESSION_TOKEN" not in program.environment


def test_ports_stay_the_same_over_restarts(environ: dict[str, str], data_dir: DataDir) -> None:
    build_stack(environ, data_dir)
    before = data_dir.remembered_ports()
    assert set(before) == {"store", "broker"}
    build_stack(environ, data_dir)
    assert data_dir.remembered_ports() == before


def test_a_taken_port_is_told_before_anything_is_started(
    environ: dict[str, str], data_dir: DataDir
) -> None:
    with socket.socket() as server:
        server.bind((ports.LOOPBACK, 0))
        server.listen()
        with pytest.raises(CannotStart, match="is taken"):
            build_stack({**environ, "PORT": str(server.getsockname()[1])}, data_dir)


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORT", "99999"), ("PORT", "http"), ("WEB_THREADS", "1"), ("SECRET_KEY", "short")],
)
def test_a_bad_variable_is_named(
    environ: dict[str, str], data_dir: DataDir, name: str, value: str
) -> None:
    with pytest.raises(CannotStart, match=name):
        build_stack({**environ, name: value}, data_dir)


def test_a_bad_secret_is_not_repeated(environ: dict[str, str], data_dir: DataDir) -> None:
    with pytest.raises(CannotStart) as caught:
        build_stack({**environ, "SECRET_KEY": "hunter2"}, data_dir)
    assert "hunter2" not in str(caught.value)


def test_without_a_redis_server_the_remedies_are_named(
    environ: dict[str, str], data_dir: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("algoitny.embedded.broker.importlib.util.find_spec", lambda _: None)
    monkeypatch.setattr("algoitny.embedded.broker.shutil.which", lambda _: None)
    with pytest.raises(CannotStart, match=r"redis-server.*pycurl.*BROKER_URL"):
        build_stack(environ, data_dir)


def test_without_a_redis_server_the_stores_queues_are_used(
    environ: dict[str, str], data_dir: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("algoitny.embedded.broker.find_server", lambda: None)
    stack = build_stack(environ, data_dir)
    assert "broker" not in [program.name for program in stack.programs]
    store_address = str(stack.settings.store_endpoint).removeprefix("http://")
    assert stack.settings.broker_url.startswith("sqs://")
    assert stack.settings.broker_url.endswith(f"@{store_address}//")
    with pytest.raises(CannotStart, match="set BROKER_URL"):
        build_stack({**environ, "DYNAMODB_ENDPOINT": "http://127.0.0.1:9"}, data_dir)


def test_commands_find_the_stack_and_its_settings(
    environ: dict[str, str], data_dir: DataDir, monkeypatch: pytest.MonkeyPatch
) -> None:
    stack = build_stack({**environ, "ADMIN_EMAILS": "ada@example.org"}, data_dir)
    for name in ("SECRET_KEY", "BROKER_URL", "PORT", "DYNAMODB_ENDPOINT", "LOG_FORMAT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ENVIRONMENT", "embedded")
    monkeypatch.setenv("DATA_DIR", str(data_dir.path))
    found = load_settings()
    assert found.model_dump(exclude={"log_format"}) == stack.settings.model_dump(
        exclude={"log_format"}
    )
    assert found.log_format == "console"


@pytest.mark.parametrize(
    ("bind", "address"),
    [("0.0.0.0", "127.0.0.1"), ("::", "::1"), ("127.0.0.1", "127.0.0.1"), ("192.0.2.1",) * 2],
)
def test_a_wildcard_is_reached_on_loopback(bind: str, address: str) -> None:
    assert reachable(bind) == address
