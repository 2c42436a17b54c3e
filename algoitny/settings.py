"""Typed settings from the environment; `docs/settings.md` lists them and is checked by a test."""

from __future__ import annotations

import json
import os
import secrets
import sys
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import (
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from algoitny.setting_values import (
    BrokerAddress,
    CgroupUse,
    Endpoint,
    Environment,
    IndexCapacity,
    KeysFile,
    LegalFolder,
    LogFormat,
    Origins,
    SandboxKind,
    TableBilling,
    TableLayout,
)

ADDRESS_RULE = r"^(https?://[^/\s@]+(/\S*)?)?$"
"""Empty is as good as not set."""
BROKER_RULE = r"^(redis|rediss|redis\+socket|amqp|amqps|sqs)://"
A_DAY = 86_400
ORIGIN_RULE = r"^(https?://[^/\s@?#]+/?)?$"
REGION_RULE = "^[a-z0-9-]{1,32}$"

TABLE_NAME_RULE = "^[A-Za-z0-9_.-]{3,255}$"
"""DynamoDB's rule."""


class Settings(BaseSettings):
    """One attribute, one environment variable of the same name in upper case."""

    model_config = SettingsConfigDict(extra="ignore", frozen=True, hide_input_in_errors=True)

    environment: Environment = Field(
        Environment.PRODUCTION, description="`embedded` or `production`."
    )
    secret_key: SecretStr = Field(
        SecretStr(""),
        description="Signs tokens and cursors, at least 32 characters. Required in production.",
    )
    port: int = Field(8000, ge=1, le=65535, description="Port that the web server listens on.")
    bind: str = Field("127.0.0.1", description="Address that the web server listens on.")
    public_url: str | None = Field(
        None,
        pattern=ORIGIN_RULE,
        description="Where browsers find this server, such as `https://algoitny.example.org`.",
    )
    data_dir: Path = Field(
        Path(".data"), description="Where the embedded stack keeps its data; also scratch files."
    )
    admin_emails: Annotated[frozenset[str], NoDecode] = Field(
        frozenset(), description="Comma-separated e-mails of users who are administrators."
    )
    log_format: LogFormat = Field(LogFormat.JSON, description="`json` or `console`.")
    log_level: str = Field(
        "INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Lowest level that is logged."
    )

    table_layout: TableLayout = Field(
        TableLayout.SINGLE,
        description="`single`: one DynamoDB table; `hybrid`: three, for users, plans, all else.",
    )
    table_name: str = Field(
        "algoitny_main",
        pattern=TABLE_NAME_RULE,
        description="The table of the layout `single`.",
    )
    table_prefix: str = Field(
        "AlgoItny",
        pattern=TABLE_NAME_RULE,
        max_length=240,
        description="Of the layout `hybrid`: its tables add `-Main`, `-Users` and `-Plans`.",
    )
    table_billing: TableBilling | None = Field(
        None,
        description="`on_demand` or `provisioned`, of the (main) table; by default the former, "
        "the latter in `hybrid`. Other tables are on demand.",
    )
    table_read_min: int = Field(
        5, ge=1, description="Provisioned: lowest read capacity, in units a second."
    )
    table_read_max: int = Field(1000, ge=1, description="Provisioned: highest read capacity.")
    table_write_min: int = Field(
        5, ge=1, description="Provisioned: lowest write capacity, in units a second."
    )
    table_write_max: int = Field(1000, ge=1, description="Provisioned: highest write capacity.")
    table_utilisation: int = Field(
        70, ge=20, le=90, description="Provisioned: per cent of capacity that scaling aims at."
    )
    index_capacity: Annotated[dict[Literal["GSI1", "GSI2", "GSI3"], IndexCapacity], NoDecode] = (
        Field(
            {},
            description="Provisioned: JSON of where an index differs from its table, such as "
            '`{"GSI2": {"write_max": 200, "utilisation": 60}}`; also `read_min`, `read_max`, '
            "`write_min`.",
        )
    )
    table_protection: bool | None = Field(
        None,
        description="Point-in-time recovery and deletion protection; by default on, off in the "
        "embedded stack.",
    )
    autoscaling_endpoint: Endpoint | None = Field(
        None,
        pattern=ADDRESS_RULE,
        description="An Application Auto Scaling endpoint other than AWS's; wins over "
        "LOCALSTACK_URL. With DYNAMODB_ENDPOINT alone there is none.",
    )
    aws_region: str = Field("us-east-1", pattern=REGION_RULE, description="Region of the tables.")
    dynamodb_endpoint: Endpoint | None = Field(
        None,
        pattern=ADDRESS_RULE,
        description="A DynamoDB endpoint other than AWS's; wins over LOCALSTACK_URL.",
    )
    localstack_url: Endpoint | None = Field(
        None, pattern=ADDRESS_RULE, description="One local endpoint for every AWS service."
    )
    dynamodb_connect_timeout: float = Field(1.0, gt=0, le=A_DAY, description="Seconds.")
    dynamodb_read_timeout: float = Field(3.0, gt=0, le=A_DAY, description="Seconds.")
    dynamodb_attempts: int = Field(
        4, ge=1, le=10, description="Tries of a request, the first included."
    )
    object_store: str | None = Field(
        None,
        pattern=r"^(folder:.+|s3://[^/]+(/.*)?)$",
        description="Where values too large for a row are kept: `folder:<path>` or "
        "`s3://bucket/prefix`. None: they are refused; the embedded stack takes a folder in "
        "DATA_DIR.",
    )
    s3_endpoint: Endpoint | None = Field(
        None,
        pattern=ADDRESS_RULE,
        description="An S3 endpoint other than AWS's; wins over LOCALSTACK_URL.",
    )

    broker_url: BrokerAddress = Field(
        "redis://127.0.0.1:6379/0",
        pattern=BROKER_RULE,
        description="Celery's broker: `redis`, `amqp` (RabbitMQ) or `sqs`. A Redis one carries the "
        "event channel too.",
    )

    access_token_minutes: int = Field(15, ge=1, le=1440, description="Lifetime of an access token.")
    session_days: int = Field(
        30, ge=1, le=365, description="A session ends when it is not refreshed for this long."
    )
    google_client_ids: Annotated[frozenset[str], NoDecode] = Field(
        frozenset(),
        description="Comma-separated client ids whose ID tokens are taken; none: no such sign-in.",
    )
    google_keys_url: str = Field(
        "https://www.googleapis.com/oauth2/v1/certs", description="Where Google's keys are fetched."
    )
    google_keys_file: KeysFile | None = Field(
        None, description="A JSON file of Google's keys, instead of fetching them."
    )
    google_web_client_id: str | None = Field(
        None,
        description="Client id for signing in at Google's own page; none: no such sign-in. "
        "Needs its secret and PUBLIC_URL.",
    )
    google_web_client_secret: SecretStr = Field(SecretStr(""), description="That client's secret.")
    google_authorization_url: str = Field(
        "https://accounts.google.com/o/oauth2/v2/auth",
        min_length=1,
        pattern=ADDRESS_RULE,
        description="Where a browser is sent to sign in.",
    )
    google_token_url: str = Field(
        "https://oauth2.googleapis.com/token",
        min_length=1,
        pattern=ADDRESS_RULE,
        description="Where the code that the browser brings back is exchanged.",
    )
    legal_dir: LegalFolder | None = Field(
        None,
        description="A folder with `terms.md` and `privacy.md`, instead of the ones included.",
    )
    default_plan: str = Field("Free", description="Plan of a new user.")
    max_running_per_user: int = Field(
        2, ge=1, le=100, description="Executions of one user that run at once."
    )
    max_runs_per_day: int = Field(
        200,
        ge=-1,
        le=1_000_000,
        description="Runs on their own input that a user has a day; -1: unlimited.",
    )
    lease_seconds: float = Field(
        30, gt=0, le=A_DAY, description="How long a silent worker keeps its work."
    )
    sweep_seconds: float = Field(
        30,
        gt=0,
        le=A_DAY,
        description="How often unfinished work is looked at, and how old it must be.",
    )
    leaderboard_seconds: float = Field(
        300, gt=0, le=A_DAY, description="How often the leaderboards are counted."
    )
    max_tries: int = Field(3, ge=1, le=10, description="Tries of an execution before it is FAILED.")
    rejudges_in_flight: int = Field(
        2,
        ge=1,
        le=32,
        description="The most executions that are judged again at once, while no learner waits.",
    )
    max_waiting_clients: int = Field(
        200,
        ge=1,
        description="Streams and long polls that one web process serves at once; beyond that, 503.",
    )
    web_workers: int = Field(2, ge=1, description="gunicorn worker processes.")
    web_threads: int = Field(232, ge=2, description="Threads of each gunicorn worker.")
    judge_workers: int = Field(2, ge=1, description="Executions that a judge worker runs at once.")
    judge_cores: int = Field(
        0,
        ge=0,
        description="Processors that all judge workers with one `DATA_DIR` share, a test each; "
        "0: all that the worker may use.",
    )
    compile_cache_mb: int = Field(
        256,
        ge=0,
        description="Room on a judge machine's disk for compiled programs; 0: none is kept.",
    )
    test_cache_mb: int = Field(
        1024,
        ge=0,
        description="Room on a judge machine's disk for problems' tests; 0: they are read from the "
        "table each time.",
    )
    sandbox: SandboxKind = Field(
        SandboxKind.BUBBLEWRAP, description="`bubblewrap`; `none` only in the embedded stack."
    )
    judge_cgroups: CgroupUse = Field(
        CgroupUse.AUTO,
        description="`auto`: a control group for each box where the judge may; `off`: none.",
    )
    webhooks_to_private: bool = Field(
        False, description="Webhooks may go to this machine and private networks."
    )
    metrics_token: SecretStr = Field(
        SecretStr(""), description="The bearer token that may read `/metrics`."
    )
    cors_origins: Annotated[Origins, NoDecode] = Field(
        frozenset(),
        description="Comma-separated origins that may call the API from a browser, such as "
        "`https://page.example.org`.",
    )

    @field_validator("admin_emails", "cors_origins", "google_client_ids", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        if isinstance(value, str):
            return frozenset(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("index_capacity", mode="before")
    @classmethod
    def _parse(cls, value: object) -> object:
        return json.loads(value) if isinstance(value, str) else value

    @model_validator(mode="after")
    def _refuse_unsafe(self) -> Self:
        if len(self.secret_key.get_secret_value()) < 32:
            raise ValueError("SECRET_KEY must be set and have at least 32 characters")
        if self.environment is not Environment.EMBEDDED and self.sandbox is SandboxKind.NONE:
            raise ValueError("SANDBOX=none is only for the embedded stack")
        if self.max_waiting_clients >= self.web_threads:
            raise ValueError("MAX_WAITING_CLIENTS must leave threads: less than WEB_THREADS")
        return self

    @model_validator(mode="after")
    def _refuse_half_a_sign_in(self) -> Self:
        has_secret = bool(self.google_web_client_secret.get_secret_value())
        if bool(self.google_web_client_id) != has_secret:
            raise ValueError("GOOGLE_WEB_CLIENT_ID and GOOGLE_WEB_CLIENT_SECRET go together")
        if not has_secret:
            return self
        if not self.public_url:
            raise ValueError("GOOGLE_WEB_CLIENT_ID needs PUBLIC_URL: Google sends browsers there")
        for name in ("public_url", "google_authorization_url", "google_token_url"):
            if not self.embedded and not getattr(self, name).startswith("https://"):
                raise ValueError(f"{name.upper()} must begin with https://: secrets go there")
        return self

    @model_validator(mode="after")
    def _refuse_impossible_capacity(self) -> Self:
        for name, given in (("", IndexCapacity()), *self.index_capacity.items()):
            for kind in ("read", "write"):
                least, most = (
                    getattr(given, f"{kind}_{end}") or getattr(self, f"table_{kind}_{end}")
                    for end in ("min", "max")
                )
                if least > most:
                    what = f"INDEX_CAPACITY of {name}" if name else f"TABLE_{kind.upper()}_MIN"
                    raise ValueError(f"{what}: the least {kind} capacity is above the most")
        return self

    @cached_property
    def store_endpoint(self) -> str | None:
        """DYNAMODB_ENDPOINT, else LOCALSTACK_URL, else None: AWS's own."""
        return self.dynamodb_endpoint or self.localstack_url or None

    @cached_property
    def object_location(self) -> str | None:
        """OBJECT_STORE, else in the embedded stack a folder in DATA_DIR, else None."""
        if self.object_store or not self.embedded:
            return self.object_store
        return f"folder:{self.data_dir.absolute() / 'objects'}"

    @property
    def embedded(self) -> bool:
        return self.environment is Environment.EMBEDDED


NOWHERE = "http://127.0.0.1:1"

STACK_FILE = "stack.env"
"""In the data folder: how to reach the embedded stack that runs there."""


def load_settings() -> Settings:
    """Settings of this process. In the embedded environment what `make run` wrote into the data
    folder fills in, so that `flask` commands reach the running stack, and empty variables are as
    good as none, as for `make run`.

    Raises pydantic's ValidationError, whose text names each bad variable.
    """
    if os.environ.get("ENVIRONMENT") != Environment.EMBEDDED:
        return Settings()
    data_dir = Path(os.environ.get("DATA_DIR") or ".data")
    overrides: dict[str, Any] = {}
    stack_file = data_dir / STACK_FILE
    if not os.environ.get("SECRET_KEY") and not stack_file.exists():
        # Nothing was ever signed here; a key that lasts as long as the process will do.
        overrides["secret_key"] = SecretStr(secrets.token_urlsafe(48))
    endpoints = map(os.environ.get, ("DYNAMODB_ENDPOINT", "LOCALSTACK_URL"))
    if not stack_file.exists() and not any(endpoints):
        # No stack was ever started here. Without an endpoint the client would go to AWS, with
        # whatever credentials it finds: an address at which nothing can listen is safer.
        overrides["dynamodb_endpoint"] = NOWHERE
    return Settings(_env_file=stack_file, _env_ignore_empty=True, **overrides)


def settings_or_exit() -> Settings:
    """`load_settings()` for a program that starts: raises SystemExit, with one line of text."""
    try:
        return load_settings()
    except ValidationError as error:
        raise SystemExit(problems_of(error)) from None


def problems_of(error: ValidationError) -> str:
    """Each variable that cannot be used and why, in one line; never its value."""
    problems = "; ".join(
        f"{'_'.join(str(part) for part in found['loc']).upper() or 'settings'}: {found['msg']}"
        for found in error.errors(include_input=False, include_url=False)
    )
    return f"These variables cannot be used: {problems}."


def document() -> str:
    """`docs/settings.md`, from the attributes above."""
    rows = "".join(
        f"| `{name.upper()}` | {_shown_default(field.default)} | {field.description} |\n"
        for name, field in Settings.model_fields.items()
    )
    return (
        "# Settings\n\n"
        "Environment variables, written by `make docs` from `algoitny/settings.py`. A value that\n"
        "cannot be used stops the start and is named. AWS credentials come from where boto3 looks\n"
        "for them; what `make run` decides by itself is in [operations.md](operations.md).\n\n"
        f"| variable | default | meaning |\n|---|---|---|\n{rows}"
    )


def _shown_default(default: object) -> str:
    if isinstance(default, SecretStr) or default in (None, frozenset(), {}):
        return "none"
    return f"`{default.value if isinstance(default, StrEnum) else default}`"


if __name__ == "__main__":
    sys.stdout.write(document())
