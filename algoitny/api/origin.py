"""Where a request comes from: whether its client is on this very machine."""

from __future__ import annotations

from ipaddress import ip_address
from urllib.parse import urlsplit

from flask import request


def comes_from_this_machine() -> bool:
    """A loopback peer that asks for a loopback host, with no proxy in between: a page of another
    site cannot pretend to be one by a name of its own that leads here."""
    return _is_loopback(request.remote_addr) and _is_loopback(_host_name()) and not _forwarded()


def _host_name() -> str | None:
    try:
        return urlsplit(f"//{request.headers.get('Host', '')}").hostname
    except ValueError:
        return None


def _is_loopback(host: str | None) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host or "").is_loopback
    except ValueError:
        return False


def _forwarded() -> bool:
    """Whether a proxy stands between: then the peer's address says nothing of the client."""
    return any(
        name.lower().startswith("x-forwarded") or name.lower() in ("forwarded", "x-real-ip", "via")
        for name, _ in request.headers
    )
