"""A small world to send requests into: users of every role, problems, a judge in one call."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache

from flask import Flask, request, request_finished

from algoitny.api import register_api
from algoitny.app import build_container
from algoitny.domain.errors import QueueUnavailable
from algoitny.domain.history_results import Outcome, Results, TestResult
from algoitny.domain.plan import STANDARD_PLANS
from algoitny.domain.ports import Event
from algoitny.domain.problem import Problem, ProblemKey, ProblemSummary, TestCase
from algoitny.domain.verdict import Verdict, overall
from algoitny.services.container import EXTENSION
from algoitny.setting_values import Environment
from algoitny.settings import Settings
from tests.api.document import Document

HIDDEN = "hidden-marker"
"""Stands in every hidden input, output, error text and status."""

SECRET_SOLUTION = "solution-marker"

ADMIN_EMAIL = "admin@example.org"

SUM = ProblemKey(platform="sample", number="1#a")
DRAFT = ProblemKey(platform="sample", number="2")
EMPTY = ProblemKey(platform="sample", number="3")

UNDOCUMENTED = {"docs", "api-docs", "metrics"}
"""Blueprints of pages, and of the document itself."""

CREATED = "2025-03-14T09:26:53.589000Z"
"""When everything here was made: the test clock's start."""

SECONDS_LEFT = 52_387
"""From then to midnight, a begun second counted."""

ROLES = ("anonymous", "user", "other", "registrar", "admin", "deactivated")

LEARNER = "learner"
"""A user who has submitted something that failed; the others have submitted nothing."""


@cache
def make_settings(**changes) -> Settings:
    given = {"environment": Environment.EMBEDDED, "secret_key": "s" * 40}
    return Settings(**{**given, "admin_emails": ADMIN_EMAIL, **changes})


@dataclass
class MemoryQueue:
    """Keeps messages; `is_down` makes it refuse them."""

    messages: list = field(default_factory=list)
    is_down: bool = False

    def _put(self, *message):
        if self.is_down:
            raise QueueUnavailable("down")
        self.messages.append(message)

    def enqueue_execution(self, history_id, *, user_id=None, postponed=0):
        self._put("execute", history_id)

    def enqueue_run(self, run_id, *, user_id=None, postponed=0):
        self._put("run", run_id)

    def enqueue_hint(self, history_id, level, prompt_version):
        self._put("hint", history_id, level, prompt_version)

    def check(self):
        if self.is_down:
            raise QueueUnavailable("down")

    def waiting_executions(self):
        return len(self.messages)


class MemoryChannel:
    """Keeps events; waiting lets the clock run instead of the test. `meanwhile` is called once
    during a wait."""

    def __init__(self, clock):
        self.clock, self.events, self.waited, self.meanwhile = clock, [], [], None
        self.cancelled = []

    def publish(self, history_id, *, attempt, sequence, kind, data):
        self.events.append((history_id, Event(f"{attempt}-{sequence}", attempt, kind, data)))

    def announce_cancellation(self, history_id):
        self.cancelled.append(history_id)

    def is_cancelled(self, history_id):
        return history_id in self.cancelled

    def wait(self, history_id, *, after, timeout_seconds):
        self.waited.append(timeout_seconds)
        if self.meanwhile:
            self.meanwhile, act = None, self.meanwhile
            act()
        else:
            self.clock.advance(timeout_seconds)
        return tuple(e for i, e in self.events if i == history_id and (not after or e.id > after))


@dataclass(frozen=True)
class Declared:
    id: str
    name: str
    compile_command: str | None
    run_command: str


class DeclaredLanguages:
    languages = (
        Declared("python3", "Python 3", None, "python3 main.py"),
        Declared("c", "C", "cc main.c", "./main"),
        Declared("rust", "Rust", "rustc main.rs", "./main"),
    )

    def normalise(self, name):
        name = {"python": "python3"}.get(name, name)
        return name if name in {language.id for language in self.languages} else None

    def all(self):
        return self.languages

    def installed_versions(self):
        return {"python3": "3.11.2", "c": "12.2"}


class Hinter:
    prompt_version = 1

    def write(self, request):
        return f"Look at level {request.level}."


def make_app(settings) -> Flask:
    """The app without anything behind it yet."""
    app = Flask("algoitny", static_folder=None)
    register_api(app, settings)
    return app


@cache
def _document(app):
    return Document(app.test_client().get("/api/openapi.json").json)


@dataclass(frozen=True)
class Furniture:
    """By role: the users' ids, and tokens that are good at the clock's start. `failed` is an
    execution of LEARNER in which a hidden test failed."""

    users: Mapping[str, str]
    tokens: Mapping[str, str]
    failed: str


class World:
    """The app, a client, and the things in it."""

    def __init__(self, app, clock, ids, store, settings, items, furniture=None):
        self.app, self.clock, self.store, self._items = app, clock, store, items
        self.queue, self.channel = MemoryQueue(), MemoryChannel(clock)
        self.container = build_container(
            settings,
            clock=clock,
            ids=ids,
            repositories=store,
            queue=self.queue,
            channel=self.channel,
            declared=DeclaredLanguages(),
            hint_provider=Hinter(),
        )
        self.services = self.container.services
        app.extensions[EXTENSION] = self.container
        self.rule = None
        request_finished.connect(self._note_rule, self.app)
        self.client = self.app.test_client()
        self.document = _document(app)
        self.users = dict(furniture.users) if furniture else {}
        self.tokens = dict(furniture.tokens) if furniture else {}
        self.failed = furniture.failed if furniture else None

    def furnish(self):
        """Put users of every role and some problems into the empty table."""
        self.store.plans.create_missing(STANDARD_PLANS)
        self.services.languages.announce("worker-1")
        for role in (*ROLES[1:], LEARNER):
            self._make_user(role)
        self._make_problems()
        self.failed = self.submit(LEARNER).json["history_id"]
        self.judge(self.failed)
        self.queue.messages.clear()
        return Furniture(users=self.users, tokens=self.tokens, failed=self.failed)

    def app_with(self, **settings) -> Flask:
        """Another app with other settings, in this world."""
        app = make_app(make_settings(**settings))
        app.extensions[EXTENSION] = self.container
        return app

    def _make_user(self, role):
        self.tokens[role] = self.sign_in(role)
        user_id = self.store.users.get_user_by_email(f"{role}@example.org").id
        self.users[role] = user_id
        if role == "registrar":
            self.store.users.update_subscription_plan(user_id, "Pro")
        if role == "deactivated":
            self.store.users.deactivate_user(user_id)

    def sign_in(self, role):
        """A fresh access token."""
        return self.session(role)["access"]

    def session(self, role):
        """The tokens of a fresh session."""
        answer = self.client.post("/api/auth/dev/", json={"email": f"{role}@example.org"})
        assert answer.status_code == 200, answer.text
        return answer.json

    def api_token(self, role, *scopes):
        """The secret of a new API token."""
        body = {"name": "a program", "scopes": list(scopes)}
        answer = self.post("/api/account/tokens/", role, json=body)
        assert answer.status_code == 201, answer.text
        return answer.json["secret"]

    def _make_problems(self):
        tests = (
            TestCase(number=1, input=b"1 2\n", output=b"3\n", is_sample=True),
            TestCase(number=2, input=HIDDEN.encode(), output=HIDDEN.encode()),
        )
        for key, has_tests, is_completed in (
            (SUM, True, True),
            (DRAFT, True, False),
            (EMPTY, False, False),
        ):
            now = self.clock.now()
            summary = ProblemSummary(
                id=0,
                key=key,
                title=f"Problem {key.number}",
                language="python3",
                owner_id=self.users["registrar"],
                created_at=now,
                updated_at=now,
            )
            problem = Problem(summary=summary, statement="Add them.", solution_code=SECRET_SOLUTION)
            summary = self.store.problems.create_problem(problem).summary
            if has_tests:
                summary = self.store.problems.replace_testcases(key, tests)
            if is_completed:
                self.store.problems.update_problem_completion(
                    key, is_completed=True, expected_version=summary.version
                )

    def request(self, method, path, role="user", headers=None, **arguments):
        headers = dict(headers or {})
        if role != "anonymous":
            headers.setdefault("Authorization", f"Bearer {self.tokens[role]}")
        answer = self.client.open(path, method=method, headers=headers, **arguments)
        self._check_documented(answer)
        return answer

    def _note_rule(self, _app, **_):
        self.rule = request.url_rule

    def _check_documented(self, answer):
        """Every answer of every test is one that the OpenAPI document promises."""
        rule = self.rule
        if rule is not None and rule.endpoint.partition(".")[0] not in UNDOCUMENTED:
            self.document.check_answer(answer.request.method, rule.rule, answer)

    def get(self, path, role="user", **arguments):
        return self.request("GET", path, role, **arguments)

    def post(self, path, role="user", **arguments):
        return self.request("POST", path, role, **arguments)

    def submit(self, role="user", headers=None, **changes):
        body = {
            "code": "print(3)",
            "language": "python",
            "platform": SUM.platform,
            "problem_identifier": SUM.number,
            **changes,
        }
        return self.post("/api/execute/", role, json=body, headers=headers)

    def judge(self, history_id, verdicts=(Verdict.AC, Verdict.WA), compile_message="", not_run=0):
        """Play the worker: the first test is the sample, the others are hidden."""
        history = self.store.histories.claim(history_id, lease_seconds=30)
        results = tuple(
            TestResult(
                test_case_id=f"{number:05d}",
                verdict=verdict,
                status=verdict.words if number == 1 else f"{HIDDEN}: exit 7",
                output="3\n" if number == 1 else HIDDEN,
                error="" if number == 1 else HIDDEN,
                time_ms=10 * number,
                memory_kb=1000 * number,
                is_sample=number == 1,
            )
            for number, verdict in enumerate(verdicts, start=1)
        )
        self.store.histories.put_results(
            history, Results(tests=results, compile_message=compile_message)
        )
        passed = sum(result.passed for result in results)
        return self.store.histories.complete(
            history,
            Outcome(
                verdict=overall(verdicts) if verdicts else Verdict.CE,
                result_summary=f"{passed} of {len(results)} passed",
                passed_count=passed,
                failed_count=len(results) - passed,
                total_count=len(results) + not_run,
                max_time_ms=20,
                max_memory_kb=2000,
            ),
        )

    def stored(self):
        """All that a request could have stored or charged: every item, every message."""
        return self._items(), list(self.queue.messages)
