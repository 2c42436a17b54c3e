"""Settings from the environment: what is refused, and that the document of them is current."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from gunicorn.arbiter import Arbiter
from pydantic import ValidationError

from algoitny.embedded.ports import choose
from algoitny.settings import NOWHERE, Settings, document, load_settings, problems_of

KEY = "k" * 32


@pytest.fixture(autouse=True)
def clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))


def test_the_document_is_current() -> None:
    written = Path(__file__).parents[1] / "docs" / "settings.md"
    assert written.read_text(encoding="utf-8") == document(), "run `make docs`"


def test_every_setting_says_what_it_is_for() -> None:
    for name, field in Settings.model_fields.items():
        assert field.description, name


@pytest.mark.parametrize("key", [None, "", "k" * 31])
def test_production_needs_a_key_of_its_own(
    monkeypatch: pytest.MonkeyPatch, key: str | None
) -> None:
    if key is not None:
        monkeypatch.setenv("SECRET_KEY", key)
    with pytest.raises(ValidationError, match="SECRET_KEY must be set"):
        load_settings()


def test_production_judges_in_a_sandbox_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", KEY)
    monkeypatch.setenv("SANDBOX", "none")
    with pytest.raises(ValidationError, match="only for the embedded stack"):
        load_settings()
    monkeypatch.setenv("ENVIRONMENT", "embedded")
    assert load_settings().sandbox == "none"


def test_waiting_clients_leave_threads_for_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", KEY)
    monkeypatch.setenv("WEB_THREADS", "8")
    monkeypatch.setenv("MAX_WAITING_CLIENTS", "8")
    with pytest.raises(ValidationError, match="MAX_WAITING_CLIENTS"):
        load_settings()


@pytest.mark.parametrize("variable", ["GOOGLE_KEYS_FILE", "LEGAL_DIR"])
def test_what_is_not_there_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, variable: str
) -> None:
    monkeypatch.setenv("SECRET_KEY", KEY)
    monkeypatch.setenv(variable, str(tmp_path / "away"))
    with pytest.raises(ValidationError) as caught:
        load_settings()
    assert problems_of(caught.value).startswith(f"These variables cannot be used: {variable}: Path")


@pytest.mark.parametrize("keys", [b"", b"-----BEGIN", b'["pem"]', b'{"id": 1}', b'{"id": "\xff"}'])
def test_googles_keys_are_a_json_object(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, keys: bytes
) -> None:
    file = tmp_path / "keys.json"
    file.write_bytes(keys)
    monkeypatch.setenv("SECRET_KEY", KEY)
    monkeypatch.setenv("GOOGLE_KEYS_FILE", str(file))
    with pytest.raises(ValidationError) as caught:
        load_settings()
    assert problems_of(caught.value).endswith(
        "GOOGLE_KEYS_FILE: Value error, not a JSON object of key ids and PEM texts."
    )
    file.write_text('{"id": "pem"}')
    assert load_settings().google_keys_file == file


def test_both_legal_texts_are_there(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("SECRET_KEY", KEY)
    monkeypatch.setenv("LEGAL_DIR", str(tmp_path))
    (tmp_path / "terms.md").write_text("Our terms")
    for _ in ("there is none", "it is not UTF-8"):
        with pytest.raises(ValidationError) as caught:
            load_settings()
        problem = "LEGAL_DIR: Value error, it has no privacy.md that can be read, in UTF-8."
        assert problems_of(caught.value).endswith(problem)
        (tmp_path / "privacy.md").write_bytes(b"caf\xe9")
    (tmp_path / "privacy.md").write_text("Our privacy")
    assert load_settings().legal_dir == tmp_path


def test_what_cannot_be_used_is_named_without_values(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", KEY)
    monkeypatch.setenv("TABLE_READ_MIN", "2000")
    monkeypatch.setenv("TABLE_BILLING", "provisioned")
    with pytest.raises(ValidationError) as caught:
        load_settings()
    assert "kkk" not in str(caught.value)
    assert problems_of(caught.value).startswith("These variables cannot be used: settings: Value")


@pytest.mark.slow
@pytest.mark.parametrize(
    "command",
    [
        "flask --app wsgi:app table describe",
        "gunicorn wsgi:app",
        "celery -A algoitny.tasks.worker beat",
    ],
)
def test_programs_say_in_one_line_what_cannot_be_used(tmp_path: Path, command: str) -> None:
    done = subprocess.run(
        [sys.executable, "-m", *command.split()],
        cwd=Path(__file__).parents[1],
        env={**os.environ, "ENVIRONMENT": "embedded", "PORT": "abc", "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.startswith("These variables cannot be used: PORT: ")
    assert done.stderr.count("\n") == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "codes"),
    [
        ("flask --app wsgi:app user list", {1}),
        # Its handler of ended workers may raise past its own loop: then it ends with a 1.
        ("gunicorn wsgi:app", {Arbiter.APP_LOAD_ERROR, 1}),
        ("algoitny.embedded.setup", {1}),
    ],
)
def test_programs_say_what_credentials_they_lack(
    tmp_path: Path, command: str, codes: set[int]
) -> None:
    environment = {
        "ENVIRONMENT": "embedded",
        "DATA_DIR": str(tmp_path),
        "PORT": str(choose(None)),
        "AWS_PROFILE": "nobodys",
        "AWS_CONFIG_FILE": str(tmp_path / "none"),
    }
    done = subprocess.run(
        [sys.executable, "-m", *command.split()],
        cwd=Path(__file__).parents[1],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode in codes
    assert "There is no way to DynamoDB: The config profile (nobodys)" in done.stderr
    assert "ProfileNotFound" not in done.stderr


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", KEY)
    monkeypatch.setenv("ADMIN_EMAILS", " ada@example.org, ,grace@example.org ")
    assert load_settings().admin_emails == {"ada@example.org", "grace@example.org"}


def test_the_own_endpoint_wins_over_the_one_for_every_service(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SECRET_KEY", KEY)
    assert load_settings().store_endpoint is None
    monkeypatch.setenv("LOCALSTACK_URL", "http://127.0.0.1:1")
    assert load_settings().store_endpoint == "http://127.0.0.1:1"
    monkeypatch.setenv("DYNAMODB_ENDPOINT", "http://127.0.0.1:2")
    assert load_settings().store_endpoint == "http://127.0.0.1:2"


def test_variables_win_over_what_the_running_stack_wrote(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "stack.env").write_text(f"SECRET_KEY='{KEY}'\nTABLE_NAME='one'\nPORT='9'\n")
    monkeypatch.setenv("ENVIRONMENT", "embedded")
    monkeypatch.setenv("TABLE_NAME", "two")
    settings = load_settings()
    assert (settings.table_name, settings.port) == ("two", 9)
    assert settings.secret_key.get_secret_value() == KEY


def test_production_does_not_look_at_what_a_stack_wrote(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "stack.env").write_text(f"SECRET_KEY='{KEY}'\n")
    with pytest.raises(ValidationError, match="SECRET_KEY must be set"):
        load_settings()


SIGN_IN = {
    "GOOGLE_WEB_CLIENT_ID": "page.apps.example.org",
    "GOOGLE_WEB_CLIENT_SECRET": "client-secret-marker",
    "PUBLIC_URL": "https://algoitny.example.org",
}


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"GOOGLE_WEB_CLIENT_ID": ""}, "go together"),
        ({"GOOGLE_WEB_CLIENT_SECRET": ""}, "go together"),
        ({"PUBLIC_URL": ""}, "needs PUBLIC_URL"),
        ({"PUBLIC_URL": "http://algoitny.example.org"}, "PUBLIC_URL must begin with https"),
        ({"GOOGLE_TOKEN_URL": "http://127.0.0.1:9/"}, "GOOGLE_TOKEN_URL must begin with https"),
        ({"GOOGLE_AUTHORIZATION_URL": "http://a/"}, "GOOGLE_AUTHORIZATION_URL must begin with"),
        ({"PUBLIC_URL": "https://algoitny.example.org/path"}, "public_url"),
        ({"PUBLIC_URL": "https://user@algoitny.example.org"}, "public_url"),
        ({"GOOGLE_TOKEN_URL": "oauth2.googleapis.com"}, "google_token_url"),
        ({"GOOGLE_AUTHORIZATION_URL": ""}, "google_authorization_url"),
    ],
    ids=str,
)
def test_half_a_sign_in_is_refused(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str], named: str
) -> None:
    for name, value in {"SECRET_KEY": KEY, **SIGN_IN}.items():
        monkeypatch.setenv(name, value)
    assert SIGN_IN["GOOGLE_WEB_CLIENT_SECRET"] not in repr(load_settings())
    for name, value in changes.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=named) as caught:
        load_settings()
    assert SIGN_IN["GOOGLE_WEB_CLIENT_SECRET"] not in str(caught.value)


def test_on_ones_own_machine_signing_in_needs_no_tls(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**SIGN_IN, "PUBLIC_URL": "http://localhost:8000/"}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("ENVIRONMENT", "embedded")
    assert load_settings().public_url == "http://localhost:8000/"


def test_secrets_are_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", KEY)
    assert KEY not in repr(load_settings())


def test_without_a_stack_nothing_goes_to_aws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DYNAMODB_ENDPOINT", "LOCALSTACK_URL", "SECRET_KEY"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("ENVIRONMENT", "embedded")
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert load_settings().store_endpoint == NOWHERE
    monkeypatch.setenv("DYNAMODB_ENDPOINT", "")
    monkeypatch.setenv("SECRET_KEY", "")
    assert load_settings().store_endpoint == NOWHERE
    stack_file = f"DYNAMODB_ENDPOINT='http://127.0.0.1:8'\nSECRET_KEY='{KEY}'\n"
    (tmp_path / "stack.env").write_text(stack_file)
    assert load_settings().store_endpoint == "http://127.0.0.1:8"
    monkeypatch.setenv("DYNAMODB_ENDPOINT", "http://127.0.0.1:9")
    assert load_settings().store_endpoint == "http://127.0.0.1:9"


def test_the_embedded_stack_keeps_large_values_in_its_data_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SECRET_KEY", KEY)
    assert load_settings().object_location is None
    monkeypatch.setenv("ENVIRONMENT", "embedded")
    assert load_settings().object_location == f"folder:{tmp_path}/objects"
    monkeypatch.setenv("OBJECT_STORE", "s3://bucket/values")
    assert load_settings().object_location == "s3://bucket/values"
    monkeypatch.setenv("OBJECT_STORE", "/tmp/values")
    with pytest.raises(ValidationError, match="object_store"):
        load_settings()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DYNAMODB_ENDPOINT", "foo"),
        ("DYNAMODB_ENDPOINT", "http://"),
        ("DYNAMODB_ENDPOINT", "http://localhost:port"),
        ("DYNAMODB_ENDPOINT", "http://localhost:0"),
        ("DYNAMODB_ENDPOINT", "http://localhost:99999"),
        ("DYNAMODB_ENDPOINT", "http://[::1"),
        ("DYNAMODB_ENDPOINT", "http://a..b:8000"),
        ("DYNAMODB_ENDPOINT", "http://my_store:8000"),
        ("DYNAMODB_ENDPOINT", f"http://{'a' * 64}.example.org"),
        ("LOCALSTACK_URL", "localhost:4566"),
        ("S3_ENDPOINT", "ftp://example.org"),
        ("S3_ENDPOINT", "http://user:secret@example.org"),
        ("AUTOSCALING_ENDPOINT", "http://a b"),
        ("AWS_REGION", "x y"),
        ("AWS_REGION", ""),
        ("BROKER_URL", ""),
        ("BROKER_URL", "localhost:6379"),
        ("BROKER_URL", "http://broker"),
        ("BROKER_URL", "redis://broker:port/0"),
        ("BROKER_URL", "amqp://broker:99999//"),
        ("BROKER_URL", "redis://[::1/0"),
        ("BROKER_URL", "redis://broker/first"),
        ("CORS_ORIGINS", "*"),
        ("CORS_ORIGINS", "null"),
        ("CORS_ORIGINS", "page.example.org"),
        ("CORS_ORIGINS", "http://localhost:3000, https://page.example.org/"),
        ("CORS_ORIGINS", "https://Page.example.org"),
        ("CORS_ORIGINS", "https://page.example.org:443"),
        ("CORS_ORIGINS", "https://page.example.org:99999"),
        ("LEASE_SECONDS", "inf"),
        ("SWEEP_SECONDS", "1e9"),
        ("LEADERBOARD_SECONDS", "1e300"),
        ("MAX_RUNS_PER_DAY", "9" * 40),
    ],
)
def test_what_would_only_fail_later_is_refused(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str
) -> None:
    monkeypatch.setenv("SECRET_KEY", "s" * 40)
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=name.lower()):
        Settings()
