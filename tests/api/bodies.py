"""Routes that take a body, with one that each takes, and who may send it."""

from __future__ import annotations

from tests.api.world import DRAFT, LEARNER, SUM

SUBMISSION = {
    "code": "print(3)",
    "language": "python3",
    "platform": SUM.platform,
    "problem_identifier": SUM.number,
}
RUN = {"code": "print(input())", "language": "python3", "input": "1"}
PROBLEM = {"platform": "new", "problem_number": "1", "title": "A new one"}
TESTS = {"testcases": [{"input": "1", "output": "2", "is_sample": True}]}
TESTS_PATH = f"/api/problems/{DRAFT.platform}/{DRAFT.number}/testcases/"

JSON_ROUTES = {
    "dev sign-in": ("POST", "/api/auth/dev/", {"email": "new@example.org"}),
    "execute": ("POST", "/api/execute/", SUBMISSION),
    "run": ("POST", "/api/execute/run/", RUN),
    "register": ("POST", "/api/register/problem/", PROBLEM),
    "complete": (
        "POST",
        "/api/register/toggle-completion/",
        {"platform": DRAFT.platform, "problem_number": DRAFT.number, "is_completed": True},
    ),
    "tests": ("PUT", TESTS_PATH, TESTS),
    "more tests": ("POST", TESTS_PATH, TESTS),
    "save": ("POST", "/api/register/save/", PROBLEM),
    "delete problem": (
        "DELETE",
        "/api/register/problem/",
        {"platform": DRAFT.platform, "problem_number": DRAFT.number, "reason": "A copy."},
    ),
    "account": ("PATCH", "/api/account/", {"name": "Grace"}),
    "plan": (
        "POST",
        "/api/admin/plans/",
        {"name": "Class", "max_hints_per_day": 1, "max_executions_per_day": 1},
    ),
    "hints": ("POST", "/api/history/{failed}/hints/generate/", {"level": 1}),
}


def role_for(path):
    if "register" in path or "problems" in path:
        return "registrar"
    if "admin" in path:
        return "admin"
    return LEARNER if "history" in path else "user"
