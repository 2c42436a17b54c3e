"""Repositories in memory, for tests of the HTTP layer."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

from itsdangerous import BadSignature, URLSafeSerializer

from algoitny.domain.clock import next_reset, utc_day
from algoitny.domain.errors import (
    AlreadyExists,
    DuplicateRequest,
    InvalidCursor,
    NotFound,
    QuotaExceeded,
    StaleVersion,
)
from algoitny.domain.hint import HintState
from algoitny.domain.history import History, Results
from algoitny.domain.page import Page
from algoitny.domain.problem import tests_digest
from algoitny.domain.usage import Action, DayUsage
from algoitny.domain.user import fold_email
from algoitny.domain.verdict import State


def page_of(items, limit, cursor, name):
    signer = URLSafeSerializer("test", salt=name)
    try:
        start = signer.loads(cursor) if cursor else 0
    except BadSignature:
        raise InvalidCursor.field("/query/cursor", "Not a cursor of this list.") from None
    end = start + limit
    return Page(tuple(items[start:end]), signer.dumps(end) if end < len(items) else None)


class Users:
    def __init__(self):
        self.rows = {}

    def create_user(self, user):
        if self.get_user_by_email(user.email):
            raise AlreadyExists
        self.rows[user.id] = user
        return user

    def get_user_by_id(self, user_id, *, consistent=False):
        return self.rows.get(user_id)

    def get_user_by_email(self, email):
        wanted = fold_email(email)
        return next((u for u in self.rows.values() if fold_email(u.email) == wanted), None)

    def update_user(self, user_id, **changes):
        given = {k: v for k, v in changes.items() if v is not None}
        self.rows[user_id] = replace(self.rows[user_id], **given)
        return self.rows[user_id]

    def update_subscription_plan(self, user_id, plan):
        return self.update_user(user_id, plan=plan)

    def deactivate_user(self, user_id):
        self.rows[user_id] = replace(self.rows[user_id], is_active=False)
        return self.rows[user_id]


class Plans:
    def __init__(self):
        self.rows = {}

    def get_plan(self, name):
        return self.rows.get(name)

    def put_plan(self, plan):
        self.rows[plan.name] = plan
        return plan

    def create_missing(self, plans):
        for plan in plans:
            self.rows.setdefault(plan.name, plan)
        return len(plans)


class Usage:
    def __init__(self, clock):
        self.clock, self.counts, self.logs = clock, Counter(), []

    def take(self, user_id, action, limit):
        key = (user_id, action, utc_day(self.clock.now()))
        if limit != -1 and self.counts[key] >= limit:
            raise QuotaExceeded(action.value, self.counts[key], limit, next_reset(self.clock.now()))
        self.counts[key] += 1

    def get_daily_usage_count(self, user_id, action, day=None):
        return self.counts[user_id, action, day or utc_day(self.clock.now())]

    def get_day(self, user_id, day=None):
        day = day or utc_day(self.clock.now())
        return DayUsage(
            day=day,
            executions=self.get_daily_usage_count(user_id, Action.EXECUTION, day),
            hints=self.get_daily_usage_count(user_id, Action.HINT, day),
        )


class Problems:
    def __init__(self, clock):
        self.clock, self.rows, self.tests = clock, {}, {}

    def create_problem(self, problem):
        if problem.summary.key in self.rows:
            raise AlreadyExists(f"{problem.summary.key} is there already.")
        problem = replace(problem, summary=replace(problem.summary, id=len(self.rows) + 1))
        self.rows[problem.summary.key] = problem
        return problem

    def get_problem(self, key, *, consistent=False):
        return self.rows.get(key)

    def get_problem_summary(self, key, *, consistent=False):
        return self.rows[key].summary if key in self.rows else None

    def resolve_id(self, problem_id):
        return next((k for k, p in self.rows.items() if p.summary.id == problem_id), None)

    def _change(self, key, **changes):
        old = self.rows[key]
        summary = replace(old.summary, version=old.summary.version + 1, **changes)
        self.rows[key] = replace(old, summary=summary)
        return summary

    def update_problem_completion(self, key, *, is_completed, expected_version):
        if self.rows[key].summary.version != expected_version:
            raise StaleVersion
        return self._change(key, is_completed=is_completed)

    def soft_delete_problem(self, key, *, reason, expected_version):
        return self._change(key, is_deleted=True)

    def get_testcases(self, summary):
        return self.tests.get(summary.key, ())

    def get_sample_testcases(self, summary):
        return tuple(t for t in self.get_testcases(summary) if t.is_sample)

    def replace_testcases(self, key, tests):
        tests = tuple(tests)
        self.tests[key] = tests
        version = self.rows[key].summary.tests_version + 1
        return self._change(
            key,
            test_case_count=len(tests),
            tests_version=version,
            tests_digest=tests_digest(tests),
        )

    def list_completed_problems(self, *, platform=None, limit=20, cursor=None):
        found = [p.summary for p in self.rows.values() if p.summary.is_completed]
        if platform:
            found = [s for s in found if s.key.platform == platform]
        return page_of(found[::-1], limit, cursor, f"problems{platform}")


class Histories:
    def __init__(self, clock, usage):
        self.clock, self.usage = clock, usage
        self.rows, self.sources, self.results, self.keys = {}, {}, {}, {}

    def create_history(self, submission, *, limit, idempotency=None):
        if idempotency and (submission.user_id, idempotency.key) in self.keys:
            raise DuplicateRequest
        self.usage.take(submission.user_id, Action.EXECUTION, limit)
        history = History(
            id=submission.id,
            user_id=submission.user_id,
            user_identifier=submission.user_identifier,
            problem=submission.problem.key,
            problem_title=submission.problem.title,
            language=submission.language,
            is_code_public=submission.is_code_public,
            state=State.QUEUED,
            created_at=submission.created_at,
            updated_at=submission.created_at,
        )
        self.rows[history.id], self.sources[history.id] = history, submission.code
        if idempotency:
            self.keys[submission.user_id, idempotency.key] = idempotency
        return history

    def find_request(self, user_id, key):
        return self.keys.get((user_id, key))

    def get_history(self, history_id, *, consistent=False):
        return self.rows.get(history_id)

    def get_source(self, history_id):
        return self.sources[history_id]

    def get_results(self, history):
        return self.results.get(history.id, Results()) if history.state.ended else Results()

    def claim(self, history_id, *, lease_seconds):
        if history_id not in self.rows:
            raise NotFound
        self.rows[history_id] = replace(self.rows[history_id], state=State.RUNNING, attempt=1)
        return self.rows[history_id]

    def put_results(self, history, results):
        self.results[history.id] = results

    def complete(self, history, outcome):
        fields = {name: getattr(outcome, name) for name in type(outcome).__slots__}
        self.rows[history.id] = replace(self.rows[history.id], state=State.DONE, **fields)
        return self.rows[history.id]

    def _newest(self, wanted):
        return sorted(filter(wanted, self.rows.values()), key=lambda h: h.id, reverse=True)

    def list_user_history(
        self, user_id, *, limit=20, cursor=None, platform=None, language=None, verdict=None
    ):
        def wanted(h):
            return (
                h.user_id == user_id
                and platform in (None, h.problem.platform)
                and language in (None, h.language)
                and verdict in (None, h.verdict)
            )

        return page_of(self._newest(wanted), limit, cursor, f"{user_id}{platform}{language}")

    def list_public_history(self, *, limit=20, cursor=None):
        found = self._newest(lambda h: h.is_code_public and h.state.ended)
        return page_of(found, limit, cursor, "public")


class Hints:
    def __init__(self, usage):
        self.usage, self.rows = usage, {}

    def list_hints(self, history_id, *, consistent=False):
        return tuple(h for k, h in sorted(self.rows.items()) if k[0] == history_id)

    def get_hint(self, history_id, level, prompt_version):
        return self.rows.get((history_id, level, prompt_version))

    def claim_hint(self, hint, *, limit):
        self.usage.take(hint.user_id, Action.HINT, limit)
        self.rows[hint.history_id, hint.level, hint.prompt_version] = hint
        return hint

    def renew_hint(self, hint, *, lease_seconds):
        return hint

    def finish_hint(self, hint, text):
        ready = replace(hint, state=HintState.READY, text=text)
        self.rows[hint.history_id, hint.level, hint.prompt_version] = ready
        return ready


class Languages:
    def __init__(self):
        self.workers = {}

    def announce(self, worker, versions):
        self.workers[worker] = versions

    def announced(self):
        return tuple(self.workers.values())


class Repositories:
    def __init__(self, clock):
        self.users, self.plans, self.problems = Users(), Plans(), Problems(clock)
        self.usage = Usage(clock)
        self.histories, self.hints = Histories(clock, self.usage), Hints(self.usage)
        self.languages, self.stats = Languages(), None
