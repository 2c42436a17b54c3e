"""Every route × every role. A new route without a row here fails."""

from __future__ import annotations

import pytest

from tests.api.bodies import PROBLEM, RUN, SUBMISSION, TESTS
from tests.api.world import DRAFT, LEARNER, ROLES, SUM, UNDOCUMENTED

EVERYBODY = dict.fromkeys(ROLES, 200)
PUBLIC = {**EVERYBODY, "deactivated": 401}
"""Anybody, but a token that is no good is refused."""
SIGNED_IN = {**PUBLIC, "anonymous": 401}
EDITORS = {**SIGNED_IN, "user": 403, "other": 403}
ADMINS = {**EDITORS, "registrar": 403}
HIDDEN_FROM_OTHERS = {**dict.fromkeys(ROLES, 404), "deactivated": 401}
"""Of one's own; an administrator sees it too. (The owner is LEARNER.)"""

KEY = {"platform": DRAFT.platform, "problem_number": DRAFT.number}
DRAFT_PATH = {"platform": DRAFT.platform, "number": DRAFT.number}

TABLE = {
    # (method, rule): (statuses by role, path parameters, body)
    ("POST", "/api/auth/dev/"): (EVERYBODY, {}, {"email": "new@example.org"}),
    # There is no such sign-in in this world, and no token to exchange.
    ("POST", "/api/auth/google/"): (dict.fromkeys(ROLES, 404), {}, {"token": "x"}),
    ("GET", "/api/auth/google/start/"): (dict.fromkeys(ROLES, 404), {}, None),
    # Without a state it is nobody's way back.
    ("GET", "/api/auth/google/callback/"): (dict.fromkeys(ROLES, 422), {}, None),
    ("POST", "/api/auth/refresh/"): (dict.fromkeys(ROLES, 401), {}, {"refresh": "x"}),
    ("POST", "/api/auth/logout/"): (
        {role: 204 if status == 200 else status for role, status in SIGNED_IN.items()},
        {},
        None,
    ),
    ("GET", "/api/account/tokens/"): (SIGNED_IN, {}, None),
    ("POST", "/api/account/tokens/"): (
        {role: 201 if status == 200 else status for role, status in SIGNED_IN.items()},
        {},
        {"name": "a program", "scopes": ["read"]},
    ),
    ("DELETE", "/api/account/tokens/<ulid:token_id>/"): (
        {role: 404 if status == 200 else status for role, status in SIGNED_IN.items()},
        {"token_id": "0" * 26},
        None,
    ),
    ("GET", "/api/account/webhook-secret/"): (SIGNED_IN, {}, None),
    ("POST", "/api/account/webhook-secret/"): (
        {role: 201 if status == 200 else status for role, status in SIGNED_IN.items()},
        {},
        None,
    ),
    ("DELETE", "/api/account/webhook-secret/"): (
        {role: 204 if status == 200 else status for role, status in SIGNED_IN.items()},
        {},
        None,
    ),
    ("GET", "/api/account/"): (SIGNED_IN, {}, None),
    ("PATCH", "/api/account/"): (SIGNED_IN, {}, {"name": "Grace"}),
    # Nobody's address is this one.
    ("DELETE", "/api/account/"): (
        {role: 422 if status == 200 else status for role, status in SIGNED_IN.items()},
        {},
        {"confirm": "nobody@example.org"},
    ),
    ("GET", "/api/account/export/"): (SIGNED_IN, {}, None),
    ("GET", "/api/account/stats/"): (SIGNED_IN, {}, None),
    ("GET", "/api/auth/plans/"): (PUBLIC, {}, None),
    ("GET", "/api/account/plan/"): (SIGNED_IN, {}, None),
    ("PUT", "/api/account/plan/"): (SIGNED_IN, {}, {"plan": "Free"}),
    ("GET", "/api/admin/plans/"): (ADMINS, {}, None),
    ("POST", "/api/admin/plans/"): (
        {**ADMINS, "admin": 201},
        {},
        {"name": "Class", "max_hints_per_day": 1, "max_executions_per_day": -1},
    ),
    ("GET", "/api/admin/plans/<plan_name:name>/"): (ADMINS, {"name": "Pro"}, None),
    ("PATCH", "/api/admin/plans/<plan_name:name>/"): (ADMINS, {"name": "Pro"}, {"price": 3}),
    ("GET", "/api/account/plan-usage/"): (SIGNED_IN, {}, None),
    ("GET", "/api/admin/users/"): (ADMINS, {}, None),
    ("GET", "/api/admin/users/<ulid:user_id>/"): (ADMINS, {"user_id": "learner"}, None),
    ("PATCH", "/api/admin/users/<ulid:user_id>/"): (
        ADMINS,
        {"user_id": "learner"},
        {"plan": "Pro"},
    ),
    ("GET", "/api/admin/usage-stats/"): (ADMINS, {}, None),
    ("GET", "/api/admin/problems/review/"): (ADMINS, {}, None),
    ("POST", "/api/admin/problems/<platform:platform>/<problem_number:number>/verify/"): (
        ADMINS,
        DRAFT_PATH,
        {},
    ),
    ("POST", "/api/admin/problems/<platform:platform>/<problem_number:number>/send-back/"): (
        ADMINS,
        DRAFT_PATH,
        {"notes": "The second sample is wrong."},
    ),
    ("GET", "/api/admin/audit/"): (ADMINS, {}, None),
    ("POST", "/api/admin/rejudge/"): (
        {**ADMINS, "admin": 202},
        {},
        {"platform": SUM.platform, "problem_number": SUM.number},
    ),
    ("GET", "/api/admin/rejudge/"): (ADMINS, {}, None),
    # There is no such job.
    ("GET", "/api/admin/rejudge/<ulid:job_id>/"): (
        {**ADMINS, "admin": 404},
        {"job_id": "failed"},
        None,
    ),
    ("GET", "/api/admin/rejudge/<ulid:job_id>/progress/"): (
        {**ADMINS, "admin": 404},
        {"job_id": "failed"},
        None,
    ),
    ("DELETE", "/api/admin/rejudge/<ulid:job_id>/"): (
        {**ADMINS, "admin": 404},
        {"job_id": "failed"},
        None,
    ),
    ("GET", "/api/languages/"): (PUBLIC, {}, None),
    ("GET", "/api/leaderboard/"): (PUBLIC, {}, None),
    ("GET", "/api/problems/"): (PUBLIC, {}, None),
    ("GET", "/api/problems/drafts/"): (EDITORS, {}, None),
    ("GET", "/api/problems/registered/"): (EDITORS, {}, None),
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
    ("PUT", "/api/register/problem/"): (EDITORS, {}, {**PROBLEM, **KEY}),
    ("POST", "/api/problems/<platform:platform>/<problem_number:number>/testcases/"): (
        EDITORS,
        DRAFT_PATH,
        TESTS,
    ),
    (
        "DELETE",
        "/api/problems/<platform:platform>/<problem_number:number>/testcases/<test_number:test>/",
    ): (EDITORS, {**DRAFT_PATH, "test": 1}, None),
    ("DELETE", "/api/register/problem/"): (
        {**EDITORS, "registrar": 204, "admin": 204},
        {},
        {**KEY, "reason": "It is somebody else's."},
    ),
    ("POST", "/api/register/save/"): (
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
    ("GET", "/api/execute/<ulid:history_id>/"): (
        {**HIDDEN_FROM_OTHERS, "admin": 200, LEARNER: 200},
        {"history_id": "failed"},
        None,
    ),
    # It has ended: whom it belongs to is told so, nobody else hears of it.
    ("DELETE", "/api/execute/<ulid:history_id>/"): (
        {**HIDDEN_FROM_OTHERS, "anonymous": 401, "admin": 409, LEARNER: 409},
        {"history_id": "failed"},
        None,
    ),
    ("GET", "/api/execute/<ulid:history_id>/stream/"): (
        {**HIDDEN_FROM_OTHERS, "admin": 200, LEARNER: 200},
        {"history_id": "failed"},
        None,
    ),
    ("POST", "/api/execute/run/"): (
        {role: 202 if status == 200 else status for role, status in SIGNED_IN.items()},
        {},
        RUN,
    ),
    # For whoever sent it; not even an administrator sees it.
    ("GET", "/api/execute/run/<ulid:run_id>/"): (
        {**HIDDEN_FROM_OTHERS, "anonymous": 401, LEARNER: 404},
        {"run_id": "failed"},
        None,
    ),
    ("GET", "/api/history/"): (SIGNED_IN, {}, None),
    ("GET", "/api/history/<ulid:history_id>/"): (
        {**HIDDEN_FROM_OTHERS, "admin": 200, LEARNER: 200},
        {"history_id": "failed"},
        None,
    ),
    # An administrator may withdraw, but not publish.
    ("PATCH", "/api/history/<ulid:history_id>/"): (
        {**HIDDEN_FROM_OTHERS, "anonymous": 401, "admin": 403, LEARNER: 200},
        {"history_id": "failed"},
        {"is_code_public": True},
    ),
    ("DELETE", "/api/history/<ulid:history_id>/"): (
        {**HIDDEN_FROM_OTHERS, "anonymous": 401, "admin": 204, LEARNER: 204},
        {"history_id": "failed"},
        None,
    ),
    ("GET", "/api/history/<ulid:history_id>/hints/"): (
        {**HIDDEN_FROM_OTHERS, "anonymous": 401, "admin": 200, LEARNER: 200},
        {"history_id": "failed"},
        None,
    ),
    ("POST", "/api/history/<ulid:history_id>/hints/generate/"): (
        {**HIDDEN_FROM_OTHERS, "anonymous": 401, "admin": 202, LEARNER: 202},
        {"history_id": "failed"},
        {},
    ),
    ("GET", "/api/legal/<platform:name>/"): (EVERYBODY, {"name": "terms"}, None),
    ("GET", "/livez"): (EVERYBODY, {}, None),
    ("GET", "/readyz"): (EVERYBODY, {}, None),
    ("GET", "/api/health/"): (EVERYBODY, {}, None),
}

SCOPES = {
    # What an API token needs, where it is not `read` for reading and nothing enough for changing.
    ("POST", "/api/execute/"): "execute",
    ("DELETE", "/api/execute/<ulid:history_id>/"): "execute",
    ("POST", "/api/execute/run/"): "execute",
    ("POST", "/api/history/<ulid:history_id>/hints/generate/"): "execute",
    ("PUT", "/api/problems/<platform:platform>/<problem_number:number>/testcases/"): "register",
    ("POST", "/api/register/problem/"): "register",
    ("PUT", "/api/register/problem/"): "register",
    ("POST", "/api/problems/<platform:platform>/<problem_number:number>/testcases/"): "register",
    (
        "DELETE",
        "/api/problems/<platform:platform>/<problem_number:number>/testcases/<test_number:test>/",
    ): "register",
    ("DELETE", "/api/register/problem/"): "register",
    ("POST", "/api/register/save/"): "register",
    ("POST", "/api/register/toggle-completion/"): "register",
    ("GET", "/api/account/tokens/"): None,
    ("GET", "/api/account/export/"): None,
    ("GET", "/api/account/webhook-secret/"): None,
}

PAGES = {
    "/api/docs/": EVERYBODY,
    "/api/docs/errors": EVERYBODY,
    "/api/docs/assets/<name>": EVERYBODY,
    "/api/openapi.json": EVERYBODY,
    "/metrics": EVERYBODY,
}


def routes(app):
    for rule in app.url_map.iter_rules():
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            yield method, rule


def real_values(world, parameters):
    """Path parameters, with this world's ids in the place of words that stand for them."""
    ids = {"failed": world.failed, LEARNER: world.users[LEARNER]}
    return {name: ids.get(value, value) for name, value in parameters.items()}


def test_every_route_has_its_row(app):
    rows = set(TABLE) | {("GET", rule) for rule in PAGES}
    assert {(method, rule.rule) for method, rule in routes(app)} == rows


def test_every_row_names_every_role():
    for row, (statuses, _, _) in TABLE.items():
        assert set(ROLES) <= set(statuses), row


@pytest.mark.slow
@pytest.mark.parametrize("row", TABLE, ids=" ".join)
def test_routes(make_world, app, row):
    statuses, parameters, body = TABLE[row]
    (rule,) = [rule for method, rule in routes(app) if (method, rule.rule) == row]
    for role, status in statuses.items():
        world = make_world()
        values = real_values(world, parameters)
        before = world.stored()
        answer = world.request(row[0], rule.build(values)[1], role, json=body)
        assert answer.status_code == status, (role, answer.text)
        if status >= 400:
            assert world.stored() == before, role


def needed_scope(row):
    if row[1].startswith("/api/admin/"):
        return "admin"
    return SCOPES.get(row, "read" if row[0] == "GET" else None)


@pytest.mark.slow
@pytest.mark.parametrize("row", TABLE, ids=" ".join)
def test_api_tokens_need_the_routes_scope(make_world, app, row):
    _, parameters, body = TABLE[row]
    (rule,) = [rule for method, rule in routes(app) if (method, rule.rule) == row]
    world = make_world()
    if world.document.operation(*row)["security"] == []:
        return  # tokens are not looked at
    values = real_values(world, parameters)
    for scope in ("read", "execute", "register", "admin"):
        secret = world.api_token("admin", scope)
        answer = world.request(
            row[0],
            rule.build(values)[1],
            headers={"Authorization": f"Bearer {secret}"},
            json=body,
        )
        has_it = scope == needed_scope(row)
        # An administrator may do everything but what is refused for other reasons than the token.
        refused = answer.status_code == 403 and "oken" in answer.json["detail"]
        assert refused != has_it, (scope, answer.text)


@pytest.mark.parametrize("rule", PAGES)
def test_pages(world, rule):
    path = rule.replace("<name>", "swagger.js")
    for role, status in PAGES[rule].items():
        assert world.get(path, role).status_code == status, role


def test_documented_security_is_the_real_one(world):
    for (method, rule), (statuses, _, _) in TABLE.items():
        if rule == "/api/auth/refresh/":
            continue  # 401 is its answer to a body
        security = world.document.operation(method, rule)["security"]
        is_open, needs = statuses["deactivated"] != 401, statuses["anonymous"] == 401
        assert (security == []) == is_open, rule
        if rule != "/api/history/":  # whose `scope` decides
            assert (bool(security) and {} not in security) == needs, rule


def test_the_table_is_about_what_it_says(world):
    assert {"docs", "api-docs", "metrics"} == UNDOCUMENTED
    assert world.get(f"/api/problems/{DRAFT.platform}/{DRAFT.number}/").status_code == 404
    assert world.get(f"/api/problems/{SUM.platform}/1%23a/").status_code == 200
