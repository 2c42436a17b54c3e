"""The application as it is wired for a server."""

from __future__ import annotations

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
