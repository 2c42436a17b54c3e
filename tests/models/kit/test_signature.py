"""Signatures are those that botocore makes of the same request."""

from __future__ import annotations

from datetime import UTC, datetime
from unittest.mock import patch

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials
from hypothesis import example, given, settings
from hypothesis import strategies as st

from algoitny.models.kit.data_plane import host_of
from algoitny.models.kit.signature import CONTENT_TYPE, signed_headers

TARGET = "DynamoDB_20120810.PutItem"
NOON = datetime(2025, 3, 14, 12, tzinfo=UTC)

VISIBLE = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=40)
NAMES = st.from_regex(r"[a-z][a-z0-9]{0,9}(-[a-z0-9]{1,9}){0,2}", fullmatch=True)
HOSTS = (
    st.builds("{}.{}".format, NAMES, NAMES)
    | NAMES.map(str.upper)
    | st.ip_addresses(v=4).map(str)
    | st.ip_addresses(v=6).map("[{}]".format)
)
PORTS = st.just("") | (st.integers(1, 65535) | st.sampled_from([80, 443])).map(":{}".format)
URLS = st.builds("{}://{}{}/".format, st.sampled_from(["http", "https"]), HOSTS, PORTS)
KEYS = st.builds(ReadOnlyCredentials, VISIBLE, st.text(max_size=40), st.none() | VISIBLE)
TIMES = st.datetimes(datetime(2000, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - has one


def by_botocore(
    body: bytes, url: str, region: str, keys: ReadOnlyCredentials, now: datetime
) -> dict[str, str]:
    headers = {"X-Amz-Target": TARGET, "Content-Type": CONTENT_TYPE, "User-Agent": "whoever"}
    request = AWSRequest("POST", url, headers, body)
    with patch("botocore.auth.get_current_datetime", lambda: now.replace(tzinfo=None)):
        SigV4Auth(keys, "dynamodb", region).add_auth(request)
    return {name.lower(): value for name, value in request.headers.items()}


def ours(
    body: bytes, url: str, region: str, keys: ReadOnlyCredentials, now: datetime
) -> dict[str, str]:
    signed = signed_headers(
        target=TARGET, body=body, host=host_of(url), region=region, keys=keys, now=now
    )
    return {name.lower(): value for name, value in signed.items()}


@settings(max_examples=40)
@given(body=st.binary(), url=URLS, region=NAMES, keys=KEYS, now=TIMES)
@example(b"", "https://[::1]:8443/", "local", ReadOnlyCredentials("a", "b", "c"), NOON)
@example(b"{}", "http://localhost:80/", "local", ReadOnlyCredentials("a", "b", ""), NOON)
@example(b"{}", "http://localhost:443/", "local", ReadOnlyCredentials("a", "b", None), NOON)
def test_it_is_botocores(
    body: bytes, url: str, region: str, keys: ReadOnlyCredentials, now: datetime
) -> None:
    expected = by_botocore(body, url, region, keys, now)
    made = ours(body, url, region, keys, now)
    # The host is sent by the HTTP library below botocore, as it was signed.
    assert made.pop("host") == host_of(url)
    expected.pop("user-agent")
    assert made == expected


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://dynamodb.eu-west-1.amazonaws.com/", "dynamodb.eu-west-1.amazonaws.com"),
        ("http://LOCALHOST:8000/", "localhost:8000"),
        ("http://[::1]:8000/", "[::1]:8000"),
        ("http://[::1]/", "[::1]"),
        ("https://store:443/", "store"),
        ("https://store:80/", "store:80"),
    ],
)
def test_the_host_is_signed_with_a_port_that_is_not_the_schemes(url: str, host: str) -> None:
    assert host_of(url) == host


def test_every_day_key_and_region_has_a_signature_of_its_own() -> None:
    """Keys for signing are kept: those of yesterday, or of another, sign nothing any more."""
    before, after = NOON.replace(hour=23, minute=59, second=59), NOON.replace(day=15, hour=0)
    made = set()
    for secret in ("one", "two"):
        keys = ReadOnlyCredentials("a", secret, None)
        for region in ("eu-west-1", "eu-west-2"):
            for now in (before, after, before):
                request = (b"{}", "http://store/", region, keys, now)
                assert ours(*request)["authorization"] == by_botocore(*request)["authorization"]
                made.add(ours(*request)["authorization"].rpartition("=")[2])
    assert len(made) == 2 * 2 * 2
