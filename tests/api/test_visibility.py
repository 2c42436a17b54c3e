"""Nothing of hidden tests, solutions and other people leaves the API, whatever is asked."""

from __future__ import annotations

import pytest

from tests.api.test_access import TABLE, routes
from tests.api.world import (
    DRAFT,
    HIDDEN,
    LEARNER,
    SECRET_SOLUTION,
    SUM,
)

SIGN_OUT = "/api/auth/logout/"

ALL = ("anonymous", "user", "other", LEARNER)


def every_answer(world, role):
    """What `role` gets from every route, for every problem and execution there is."""
    public = world.submit(LEARNER, is_code_public=True).json["history_id"]
    world.judge(public)
    values = [
        {"history_id": world.failed},
        {"history_id": public},
        *({"problem_id": number} for number in (1, 2, 3)),
        *({"platform": key.platform, "number": key.number} for key in (SUM, DRAFT)),
        {},
    ]
    # First what only reads, then what changes something, what takes it away, signing out last.
    asked = [(method, rule) for method, rule in routes(world.app) if (method, rule.rule) in TABLE]
    for method, rule in sorted(asked, key=_turn):
        for given in values:
            if rule.arguments == set(given):
                body = TABLE[method, rule.rule][2]
                queries = ("?scope=public",) if rule.rule == "/api/history/" else ()
                for query in ("", *queries):
                    path = rule.build(given)[1] + query
                    yield path, world.request(method, path, role, json=body)


def _turn(row):
    method, rule = row
    return rule.rule == SIGN_OUT, method == "DELETE", method != "GET"


@pytest.mark.slow
def test_nothing_hidden_is_shown(make_world):
    for role in ALL:
        world = make_world()
        others = [f"{name}@example.org" for name in world.users if name != role]
        answers = list(every_answer(world, role))
        assert len(answers) > len(TABLE)
        assert [path for path, answer in answers if answer.status_code == 200], role
        for path, answer in answers:
            everything = answer.text + str(answer.headers)
            for marker in (HIDDEN, SECRET_SOLUTION):
                assert marker not in everything, (role, path)
            for address in others if path != "/api/auth/dev/" else ():
                assert address not in everything, (role, path)


@pytest.mark.slow
def test_editors_do_see_it(make_world):
    """So the markers are where the other test looks for them."""
    found = {HIDDEN: set(), SECRET_SOLUTION: set()}
    for path, answer in every_answer(make_world(), "registrar"):
        for marker, paths in found.items():
            if marker in answer.text:
                paths.add(path)
    assert any("/testcases/" in path for path in found[HIDDEN])
    assert any(path.startswith("/api/history/") for path in found[HIDDEN])
    assert found[SECRET_SOLUTION]


def test_status_lines_carry_no_data(world):
    """Not even for editors: the status of an execution is verdicts and figures."""
    for role in (LEARNER, "admin"):
        answer = world.get(f"/api/execute/{world.failed}/", role)
        assert answer.status_code == 200
        assert HIDDEN not in answer.text
