"""The application as it is wired for a server."""

from __future__ import annotations

import json
import logging

import pytest

from algoitny.app import create_app
from algoitny.domain.plan import STANDARD_PLANS
from algoitny.models.tables import create_tables
from algoitny.services.container import EXTENSION
from algoitny.setting_values import Environment
from algoitny.settings import Settings


def test_it_is_not_ready_before_somebody_could_sign_in(memory_table: None) -> None:
    app = create_app(Settings(environment=Environment.EMBEDDED, secret_key="s" * 40))
    client = app.test_client()
    assert client.get("/readyz").status_code == 503
    create_tables()
    assert client.get("/readyz").status_code == 503
    for plan in STANDARD_PLANS:
        app.extensions[EXTENSION].plans.create_plan(plan)
    assert client.get("/readyz").status_code == 200


@pytest.mark.parametrize(
    ("variables", "name"),
    [
        ({}, "web"),
        ({"FLASK_RUN_FROM_CLI": "true"}, "flask"),
        ({"FLASK_RUN_FROM_CLI": "true", "PROCESS": "setup"}, "setup"),
    ],
)
def test_log_records_say_which_process_wrote_them(
    memory_table: None,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    variables: dict[str, str],
    name: str,
) -> None:
    for variable in ("FLASK_RUN_FROM_CLI", "PROCESS"):
        monkeypatch.delenv(variable, raising=False)
    for variable, value in variables.items():
        monkeypatch.setenv(variable, value)
    create_app(Settings(environment=Environment.EMBEDDED, secret_key="s" * 40))
    logging.getLogger("algoitny").warning("something")
    assert json.loads(capsys.readouterr().err.splitlines()[-1])["process"] == name
