"""Which clients' requests go our way, and as whom they speak."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext

import botocore.session
import pytest
from botocore.credentials import RefreshableCredentials
from botocore.exceptions import (
    LoginRefreshRequired,
    NoCredentialsError,
    SSLError,
    UnauthorizedSSOTokenError,
)

from algoitny.domain.errors import StoreUnavailable
from algoitny.models.kit.errors import store_errors
from tests.certificates import certificate
from tests.models.kit.botocores import DONE, a_session, is_taken, make_client
from tests.models.kit.scripted import (
    Server,
    scripted,
)

pytestmark = pytest.mark.usefixtures("pauses", "no_settings_of_this_machine")


@pytest.mark.parametrize(
    ("environment", "endpoint", "expected"),
    [
        ({}, "http://store:8000", True),
        ({}, "http://store:8000/", True),
        ({}, "http://store:8000/below", False),
        ({"HTTP_PROXY": "http://proxy"}, "http://store", False),
        ({"https_proxy": "proxy:3128"}, None, False),
        ({"HTTPS_PROXY": "http://proxy"}, "http://store", True),
        ({"NO_PROXY": "other"}, "http://store", True),
        ({"HTTP_PROXY": "http://proxy", "NO_PROXY": "store"}, "http://store", True),
        ({"HTTP_PROXY": "http://proxy", "NO_PROXY": "other"}, "http://store", False),
    ],
)
def test_only_what_leads_straight_to_the_store_is_ours(
    monkeypatch: pytest.MonkeyPatch,
    environment: dict[str, str],
    endpoint: str | None,
    expected: bool,
) -> None:
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert is_taken(make_client(endpoint)) == expected


def test_a_proxy_is_gone_through(monkeypatch: pytest.MonkeyPatch) -> None:
    with scripted() as proxy:
        monkeypatch.setenv("HTTP_PROXY", proxy.url)
        client = make_client("http://store.example:8000")
        proxy.play(DONE)
        assert client.put_item(TableName="t", Item={})["Attributes"] == {"key": {"S": "old"}}
        (request,) = proxy.requests
        assert request.path == "http://store.example:8000/"
        assert request.headers["host"] == "store.example:8000"


def test_a_store_below_a_path_is_found() -> None:
    with scripted() as server:
        client = make_client(f"{server.url}/below")
        server.play(DONE)
        assert client.put_item(TableName="t", Item={})["Attributes"] == {"key": {"S": "old"}}
        assert server.requests[0].path.startswith("/below")


def test_without_credentials_nothing_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    session = botocore.session.Session()
    monkeypatch.setattr(session, "get_credentials", lambda: None)
    with scripted() as server:
        client = make_client(server.url, session=session)
        with pytest.raises(NoCredentialsError):
            client.scan(TableName="t")
        with pytest.raises(StoreUnavailable), store_errors():
            client.scan(TableName="t")
        assert not server.requests


def test_credentials_that_change_are_asked_for_each_request() -> None:
    given = iter("abc")

    def refreshed() -> dict[str, str]:
        name = next(given)
        now = datetime.now(UTC)
        return {
            "access_key": f"key-{name}",
            "secret_key": "secret",
            "token": f"token-{name}",
            # Too soon for botocore, which asks for others at once.
            "expiry_time": (now + timedelta(seconds=700)).isoformat(),
        }

    session = a_session()
    credentials = RefreshableCredentials.create_from_metadata(
        refreshed(), refreshed, "a test", advisory_timeout=800, mandatory_timeout=60
    )
    session._credentials = credentials
    with scripted() as server:
        client = make_client(server.url, session=session)
        for _ in range(2):
            client.scan(TableName="t")
        tokens = [request.headers["x-amz-security-token"] for request in server.requests]
        keys = [request.headers["authorization"] for request in server.requests]
    assert tokens == ["token-b", "token-c"]
    assert ["key-b/" in keys[0], "key-c/" in keys[1]] == [True, True]


@pytest.mark.parametrize(
    "failure",
    [
        FileNotFoundError(2, "aws-login"),
        ValueError("no JSON"),
        LoginRefreshRequired(),
        UnauthorizedSSOTokenError(),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_credentials_that_cannot_be_renewed_are_no_error_of_ours(failure: Exception) -> None:
    def refreshed() -> dict[str, str]:
        raise failure

    now = datetime.now(UTC)
    session = botocore.session.Session()
    session._credentials = RefreshableCredentials(
        "key", "secret", None, now - timedelta(seconds=1), refreshed, "a program"
    )
    with scripted() as server:
        client = make_client(server.url, session=session)
        with pytest.raises(StoreUnavailable), store_errors():
            client.scan(TableName="t")
        assert not server.requests


@contextmanager
def over_tls(folder: Path) -> Iterator[tuple[Server, Path]]:
    trusted = certificate(folder, "localhost")
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(trusted)
    with scripted(context) as server:
        yield server, trusted


@pytest.mark.parametrize("variable", ["AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE"])
def test_whom_to_trust_is_said_as_to_botocore(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, variable: str
) -> None:
    with over_tls(tmp_path) as (server, trusted):
        with pytest.raises(SSLError):
            make_client(server.url).scan(TableName="t")
        monkeypatch.setenv(variable, str(trusted))
        make_client(server.url).scan(TableName="t")
        monkeypatch.setenv(variable, str(tmp_path / "none"))
        client = make_client(server.url)
        with pytest.raises(StoreUnavailable), store_errors():
            client.scan(TableName="t")
        assert len(server.requests) == 1
