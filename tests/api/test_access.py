"""Every route × every role. A new route without a row here fails."""

from __future__ import annotations

import pytest

from tests.api.test_bad_input import PROBLEM, SUBMISSION, TESTS
from tests.api.world import DRAFT, LEARNER, ROLES, SUM, UNDOCUMENTED

EVERYBODY = dict.fromkeys(ROLES, 200)
PUBLIC = {**EVERYBODY, "deactivated": 401}
"""Anybody, but a token that is no good is refused."""
SIGNED_IN = {**PUBLIC, "anonymous": 401}
EDITORS = {**SIGNED_IN, "user": 403, "other": 403}
HIDDEN_FROM_OTHERS = {**dict.fromkeys(ROLES, 404), "deactivated": 401}
"""Of one's own; an administrator sees it too. (The owner is LEARNER.)"""

KEY = {"platform": DRAFT.platform, "problem_number": DRAFT.number}
DRAFT_PATH = {"platform": DRAFT.platform, "number": DRAFT.number}

TABLE = {
    # (method, rule): (statuses by role, path parameters, body)
    ("POST", "/api/auth/dev/"): (EVERYBODY, {}, {"email": "new@example.org"}),
    ("GET", "/api/account/"): (SIGNED_IN, {}, None),
    ("GET", "/api/account/plan-usage/"): (SIGNED_IN, {}, None),
    ("GET", "/api/languages/"): (PUBLIC, {}, None),
    ("GET", "/api/problems/"): (PUBLIC, {}, None),
    ("GET", "/api/problems/<problem_id:problem_id>/"): (PUBLIC, {"problem_id": 1}, None),
    # A draft: there for its editors only.
    ("GET", "/api/problems/<platform:platform>/<problem_number:number>/"): (
        {**HIDDEN_FROM_OTHERS, "registrar": 200, "admin": 200},
        DRAFT_PATH,
        None,
    ),
    ("GET", "/api/problems/<platform:platform>/<problem_number:number>/testcases/"): (
        EDITORS,
        DRAFT_PATH,
        None,
    ),
    ("PUT", "/api/problems/<platform:platform>/<problem_number:number>/testcases/"): (
        EDITORS,
        DRAFT_PATH,
        TESTS,
    ),
    ("POST", "/api/register/problem/"): (
        {**EDITORS, "registrar": 201, "admin": 201},
        {},
        PROBLEM,
    ),
    ("POST", "/api/register/toggle-completion/"): (EDITORS, {}, {**KEY, "is_completed": True}),
    ("POST", "/api/execute/"): (
        {role: 202 if status == 200 else status for role, status in SIGNED_IN.items()},
        {},
        SUBMISSION,
    ),
    ("GET", "/api/execute/<execution_id:history_id>/"): (
        {**HIDDEN_FROM_OTHERS, "admin": 200, LEARNER: 200},
        {"history_id": "failed"},
        None,
    ),
    ("GET", "/api/history/"): (SIGNED_IN, {}, None),
    ("GET", "/api/history/<execution_id:history_id>/"): (
        {**HIDDEN_FROM_OTHERS, "admin": 200, LEARNER: 200},
        {"history_id": "failed"},
        None,
    ),
    ("GET", "/api/history/<execution_id:history_id>/hints/"): (
        {**HIDDEN_FROM_OTHERS, "anonymous": 401, "admin": 200, LEARNER: 200},
        {"history_id": "failed"},
        None,
    ),
    ("POST", "/api/history/<execution_id:history_id>/hints/generate/"): (
        {**HIDDEN_FROM_OTHERS, "anonymous": 401, "admin": 202, LEARNER: 202},
        {"history_id": "failed"},
        {},
    ),
    ("GET", "/livez"): (EVERYBODY, {}, None),
    ("GET", "/readyz"): (EVERYBODY, {}, None),
    ("GET", "/api/health/"): (EVERYBODY, {}, None),
}

PAGES = {
    "/api/docs/": EVERYBODY,
    "/api/docs/errors": EVERYBODY,
    "/api/docs/assets/<name>": EVERYBODY,
    "/api/openapi.json": EVERYBODY,
}


def routes(app):
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield method, rule


def test_every_route_has_its_row(app):
    rows = set(TABLE) | {("GET", rule) for rule in PAGES}
    assert {(method, rule.rule) for method, rule in routes(app)} == rows


def test_every_row_names_every_role():
    for row, (statuses, _, _) in TABLE.items():
        assert set(ROLES) <= set(statuses), row


@pytest.mark.parametrize("row", TABLE, ids=" ".join)
def test_routes(make_world, app, row):
    statuses, parameters, body = TABLE[row]
    (rule,) = [rule for method, rule in routes(app) if (method, rule.rule) == row]
    for role, status in statuses.items():
        world = make_world()
        values = {
            name: world.failed if value == "failed" else value for name, value in parameters.items()
        }
        before = world.stored()
        answer = world.request(row[0], rule.build(values)[1], role, json=body)
        assert answer.status_code == status, (role, answer.text)
        if status >= 400:
            assert world.stored() == before, role


@pytest.mark.parametrize("rule", PAGES)
def test_pages(world, rule):
    path = rule.replace("<name>", "swagger.js")
    for role, status in PAGES[rule].items():
        assert world.get(path, role).status_code == status, role


def test_documented_security_is_the_real_one(world):
    for (method, rule), (statuses, _, _) in TABLE.items():
        security = world.document.operation(method, rule)["security"]
        is_open, needs = statuses["deactivated"] != 401, statuses["anonymous"] == 401
        assert (security == []) == is_open, rule
        if rule != "/api/history/":  # whose `scope` decides
            assert (bool(security) and {} not in security) == needs, rule


def test_the_table_is_about_what_it_says(world):
    assert {"docs", "api-docs"} == UNDOCUMENTED
    assert world.get(f"/api/problems/{DRAFT.platform}/{DRAFT.number}/").status_code == 404
    assert world.get(f"/api/problems/{SUM.platform}/1%23a/").status_code == 200
