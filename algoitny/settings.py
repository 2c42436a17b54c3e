"""Typed settings from the environment; `docs/settings.md` lists them and is checked by a test."""

from __future__ import annotations

import os
import secrets
import sys
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Self

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict


class Environment(StrEnum):
    EMBEDDED = "embedded"
    """Everything on one machine, started by `make run`; dev sign-in works."""
    PRODUCTION = "production"


class LogFormat(StrEnum):
    JSON = "json"
    CONSOLE = "console"


class SandboxKind(StrEnum):
    BUBBLEWRAP = "bubblewrap"
    NONE = "none"
    """No isolation at all; refused outside the embedded stack."""


class Settings(BaseSettings):
    """One attribute, one environment variable of the same name in upper case."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True)

    environment: Environment = Field(
        Environment.PRODUCTION, description="`embedded` or `production`."
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs tokens and cursors, at least 32 characters. Required in production.",
    )
    port: int = Field(8000, ge=1, le=65535, description="Where the web server listens.")
    bind: str = Field("127.0.0.1", description="Address that the web server listens on.")
    data_dir: Path = Field(
        Path(".data"), description="Where the embedded stack keeps its data; also scratch files."
    )
    admin_emails: Annotated[frozenset[str], NoDecode] = Field(
        frozenset(), description="Comma-separated e-mails of users who are administrators."
    )
    log_format: LogFormat = Field(LogFormat.JSON, description="`json` or `console`.")
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Least level that is logged."
    )

    table_name: str = Field("algoitny_main", description="The DynamoDB table.")
    aws_region: str = Field("us-east-1", description="Region of the table.")
    dynamodb_endpoint: str | None = Field(
        None, description="Another DynamoDB endpoint than AWS's; wins over LOCALSTACK_URL."
    )
    localstack_url: str | None = Field(
        None, description="One local endpoint for every AWS service."
    )
    dynamodb_connect_timeout: float = Field(1.0, gt=0, description="Seconds.")
    dynamodb_read_timeout: float = Field(3.0, gt=0, description="Seconds.")
    dynamodb_attempts: int = Field(
        4, ge=1, le=10, description="Tries of a request, the first included."
    )

    broker_url: str = Field(
        "redis://127.0.0.1:6379/0",
        description="Celery's broker. A Redis one carries the event channel too.",
    )

    access_token_minutes: int = Field(15, ge=1, le=1440, description="Life of an access token.")
    default_plan: str = Field("Free", description="Plan of a new user.")
    max_running_per_user: int = Field(
        2, ge=1, le=100, description="Executions of one user that run at once."
    )
    lease_seconds: float = Field(30, gt=0, description="How long a silent worker keeps its work.")
    sweep_seconds: float = Field(
        30, gt=0, description="How often unfinished work is looked at, and how old it must be."
    )
    max_tries: int = Field(3, ge=1, le=10, description="Tries of an execution before it is FAILED.")
    max_waiting_clients: int = Field(
        48, ge=1, description="Long polls that one web process serves at once; past it 503."
    )
    web_workers: int = Field(2, ge=1, description="gunicorn worker processes.")
    web_threads: int = Field(64, ge=2, description="Threads of each gunicorn worker.")
    judge_workers: int = Field(2, ge=1, description="Executions that a judge worker runs at once.")
    sandbox: SandboxKind = Field(
        SandboxKind.BUBBLEWRAP, description="`bubblewrap`; `none` only in the embedded stack."
    )
    cors_origins: Annotated[frozenset[str], NoDecode] = Field(
        frozenset(), description="Comma-separated origins that may call the API from a browser."
    )

    @field_validator("admin_emails", "cors_origins", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(part.strip() for part in value.split(",") if part.strip())
        return value

    @model_validator(mode="after")
    def _refuse_unsafe(self) -> Self:
        if len(self.secret_key.get_secret_value()) < 32:
            raise ValueError("SECRET_KEY must be set and have at least 32 characters")
        if self.environment is not Environment.EMBEDDED and self.sandbox is SandboxKind.NONE:
            raise ValueError("SANDBOX=none is only for the embedded stack")
        if self.max_waiting_clients >= self.web_threads:
            raise ValueError("MAX_WAITING_CLIENTS must leave threads: less than WEB_THREADS")
        return self

    @cached_property
    def store_endpoint(self) -> str | None:
        """DYNAMODB_ENDPOINT, else LOCALSTACK_URL, else None: AWS's own."""
        return self.dynamodb_endpoint or self.localstack_url or None

    @property
    def embedded(self) -> bool:
        return self.environment is Environment.EMBEDDED


NOWHERE = "http://127.0.0.1:1"

STACK_FILE = "stack.env"
"""In the data folder: how to reach the embedded stack that runs there."""


def load_settings() -> Settings:
    """Settings of this process. In the embedded environment what `make run` wrote into the data
    folder fills in, so that `flask` commands reach the running stack.

    Raises pydantic's ValidationError, whose text names each bad variable.
    """
    if os.environ.get("ENVIRONMENT") != Environment.EMBEDDED:
        return Settings()
    data_dir = Path(os.environ.get("DATA_DIR") or ".data")
    overrides: dict[str, Any] = {}
    stack_file = data_dir / STACK_FILE
    if "SECRET_KEY" not in os.environ and not stack_file.exists():
        # Nothing was ever signed here; a key that lasts as long as the process will do.
        overrides["secret_key"] = SecretStr(secrets.token_urlsafe(48))
    if not stack_file.exists() and not {"DYNAMODB_ENDPOINT", "LOCALSTACK_URL"} & os.environ.keys():
        # No stack was ever started here. Without an endpoint the client would go to AWS, with
        # whatever credentials it finds: an address at which nothing can listen is safer.
        overrides["dynamodb_endpoint"] = NOWHERE
    return Settings(_env_file=stack_file, **overrides)


def document() -> str:
    """`docs/settings.md`, from the attributes above."""
    rows = "".join(
        f"| `{name.upper()}` | {_shown_default(name, field.default)} | {field.description} |\n"
        for name, field in Settings.model_fields.items()
    )
    return (
        "# Settings\n\n"
        "Environment variables, written by `make docs` from `algoitny/settings.py`. A value that\n"
        "cannot be used stops the start and is named. AWS credentials come from where boto3 looks\n"
        "for them; what `make run` decides by itself is in [operations.md](operations.md).\n\n"
        f"| variable | default | meaning |\n|---|---|---|\n{rows}"
    )


def _shown_default(name: str, default: object) -> str:
    if name == "secret_key" or default in (None, frozenset()):
        return "none"
    return f"`{default.value if isinstance(default, StrEnum) else default}`"


if __name__ == "__main__":
    sys.stdout.write(document())
