"""What settings may be, where that is one of a few words or has parts of its own."""

from __future__ import annotations

from enum import StrEnum

from pydantic import BaseModel, ConfigDict, Field


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
