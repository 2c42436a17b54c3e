"""What settings may be, where that is one of a few words, has parts of its own or is a file that
must hold something."""

from __future__ import annotations

import re
from enum import StrEnum
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    DirectoryPath,
    Field,
    FilePath,
    TypeAdapter,
)


class Environment(StrEnum):
    EMBEDDED = "embedded"
    """Everything on one machine, started by `make run`; dev sign-in works."""
    PRODUCTION = "production"


class LogFormat(StrEnum):
    JSON = "json"
    CONSOLE = "console"


class TableLayout(StrEnum):
    SINGLE = "single"
    """Everything in one table."""
    HYBRID = "hybrid"
    """Three: main, users, plans."""


class TableBilling(StrEnum):
    ON_DEMAND = "on_demand"
    PROVISIONED = "provisioned"
    """With auto scaling."""


class IndexCapacity(BaseModel):
    """Capacity of one index; what is absent is as for the table."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    read_min: int | None = Field(None, ge=1)
    read_max: int | None = Field(None, ge=1)
    write_min: int | None = Field(None, ge=1)
    write_max: int | None = Field(None, ge=1)
    utilisation: int | None = Field(None, ge=20, le=90)


class SandboxKind(StrEnum):
    BUBBLEWRAP = "bubblewrap"
    NONE = "none"
    """No isolation at all; refused outside the embedded stack."""


class CgroupUse(StrEnum):
    AUTO = "auto"
    OFF = "off"
    """Sample only, as on a machine without control groups."""


OWN_PORTS = {"http": 80, "https": 443}
"""A browser leaves them out of an origin."""

_LABEL = "(?!-)[a-z0-9-]{1,63}(?<!-)"
_HOST = re.compile(rf"({_LABEL}\.)*{_LABEL}\.?", re.ASCII)
"""As botocore has it, which makes no client for another."""

LEGAL_NAMES = ("terms", "privacy")


def _has_keys(path: Path) -> Path:
    try:
        TypeAdapter(dict[str, str]).validate_json(path.read_bytes())
    except (OSError, ValueError):
        raise ValueError("not a JSON object of key ids and PEM texts") from None
    return path


def _has_texts(folder: Path) -> Path:
    for name in LEGAL_NAMES:
        try:
            (folder / f"{name}.md").read_text(encoding="utf-8")
        except (OSError, ValueError):
            raise ValueError(f"it has no {name}.md that can be read, in UTF-8") from None
    return folder


def _are_origins(values: frozenset[str]) -> frozenset[str]:
    """As browsers write them: one that they never send would let nobody in, and nobody know."""
    if all(map(_is_origin, values)):
        return values
    raise ValueError(
        "an origin is like https://page.example.org, in small letters, without a path and the "
        "scheme's own port"
    )


def _is_origin(value: str) -> bool:
    if not re.fullmatch(r"[a-z][a-z0-9+.-]*://[a-z0-9.:\[\]_-]+", value):
        return False
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        return False
    return port is None or port != OWN_PORTS.get(parts.scheme)


def _is_endpoint(url: str) -> str:
    """With a port and a host that can be: clients of AWS would only say so when they are made."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
        is_usable = parts.port != 0 and (":" in host or bool(_HOST.fullmatch(host)))
    except ValueError:
        is_usable = False
    if url and not is_usable:
        raise ValueError("not an address of a service: its host or its port cannot be")
    return url


def _is_broker(url: str) -> str:
    """With a port and a database that can be: Celery would only say so when it connects."""
    try:
        parts = urlsplit(url)
        is_usable = parts.port != 0
    except ValueError:
        is_usable = False
    if is_usable and parts.scheme in ("redis", "rediss"):
        is_usable = bool(re.fullmatch("/*[0-9]*", parts.path))
    if not is_usable:
        raise ValueError("not the address of a broker: its port or its database cannot be")
    return url


Endpoint = Annotated[str, AfterValidator(_is_endpoint)]
BrokerAddress = Annotated[str, AfterValidator(_is_broker)]
KeysFile = Annotated[FilePath, AfterValidator(_has_keys)]
LegalFolder = Annotated[DirectoryPath, AfterValidator(_has_texts)]
Origins = Annotated[frozenset[str], AfterValidator(_are_origins)]
