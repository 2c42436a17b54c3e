"""Asking for executions to be judged again, and following that. The work is in `rejudging`."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from algoitny.domain.audit import AuditRepository
from algoitny.domain.clock import Clock
from algoitny.domain.errors import Conflict, InvalidInput, NoTests, NotFound
from algoitny.domain.history import HistoryRepository, ProblemExecution
from algoitny.domain.history_filter import HistoryFilter
from algoitny.domain.ids import Ids
from algoitny.domain.job import Job, JobRepository, JobState, JobType, ProgressLine
from algoitny.domain.page import Page
from algoitny.domain.problem import ProblemKey, ProblemRepository
from algoitny.domain.rejudge import Rejudged, Selection, why_not
from algoitny.domain.user import UserRepository
from algoitny.services.idempotency import Repeatable, once
from algoitny.services.language import LanguageService
from algoitny.services.span import check_span

ROUTE = "POST /api/admin/rejudge/"
WALKED_AT_ONCE = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class RejudgeJob:
    """A job, with how far it came."""

    job: Job
    rejudged: Rejudged

    @classmethod
    def of(cls, job: Job) -> RejudgeJob:
        return cls(job=job, rejudged=Rejudged.of_json(job.checkpoint))


def chosen(
    histories: HistoryRepository, selection: Selection, *, after: str | None, limit: int
) -> Page[ProblemExecution]:
    """The next executions of a selection, oldest first; the page's cursor is the next `after`."""
    if selection.execution_id is not None:
        history = histories.get_history(selection.execution_id, consistent=True)
        if history is None or after is not None:
            return Page((), None)
        one = ProblemExecution(id=history.id, language=history.language, verdict=history.verdict)
        return Page((one,), None)
    only = HistoryFilter(
        language=selection.language,
        verdict=selection.verdict,
        since=selection.since,
        until=selection.until,
    )
    if selection.user_id is not None:
        return histories.list_user_executions(
            selection.user_id, only, problem=selection.problem, limit=limit, after=after
        )
    assert selection.problem is not None  # noqa: S101 - checked when it was asked for
    return histories.list_problem_executions(selection.problem, only, limit=limit, after=after)


class RejudgeService:
    """Rejudges of administrators. `actor` is who asks, a user's id or somebody at a shell."""

    def __init__(
        self,
        *,
        histories: HistoryRepository,
        problems: ProblemRepository,
        users: UserRepository,
        jobs: JobRepository,
        audit: AuditRepository,
        languages: LanguageService,
        clock: Clock,
        ids: Ids,
    ) -> None:
        self._histories = histories
        self._problems = problems
        self._users = users
        self._jobs = jobs
        self._audit = audit
        self._languages = languages
        self._clock = clock
        self._ids = ids

    def checked(self, selection: Selection) -> Selection:
        """The selection, with the language's own name, if it may be judged again.

        Raises InvalidInput (nothing or too much is named, no such language, an empty span of time),
        NotFound (execution, problem, user), NoTests, Conflict (an execution that is unfinished,
        cancelled or being rejudged).
        """
        if selection.execution_id is not None:
            return self._checked_one(selection, selection.execution_id)
        if selection.problem is None and selection.user_id is None:
            raise InvalidInput("Name an execution, a problem or a user.")
        check_span(selection.since, selection.until, pointer="/until")
        if selection.language is not None:
            selection = replace(selection, language=self._languages.known(selection.language))
        if selection.problem is not None:
            self._check_problem(selection.problem)
        if selection.user_id is not None and not self._users.get_user_by_id(selection.user_id):
            raise NotFound("No such user.")
        return selection

    def request(
        self, selection: Selection, *, actor: str, repeatable: Repeatable | None = None
    ) -> tuple[str, bool]:
        """The id of the job that does it, and whether that was asked for before. Raises as
        `checked`, and KeyReused."""
        return once(
            self._histories,
            actor,
            repeatable,
            lambda: (self._begin(selection, actor, repeatable), False),
            lambda first: (str(first["job_id"]), True),
        )

    def _begin(self, selection: Selection, actor: str, repeatable: Repeatable | None) -> str:
        selection = self.checked(selection)
        job_id, now = self._ids.new(), self._clock.now()
        job = Job(
            id=job_id,
            type=JobType.REJUDGE,
            user_id=actor,
            title=str(selection),
            created_at=now,
            updated_at=now,
        )
        # Before it: a request with its key sent again only finds the job.
        self._note("rejudge.request", job_id, actor, selection.as_json())
        key = repeatable.with_answer({"job_id": job_id}) if repeatable else None
        self._jobs.create_job(job, selection.as_json(), idempotency=key)
        return job_id

    def preview(self, selection: Selection) -> dict[str, int]:
        """How many executions a selection has now, by verdict; `none` are those without."""
        selection = self.checked(selection)
        found: Counter[str] = Counter()
        after: str | None = None
        while True:
            page = chosen(self._histories, selection, after=after, limit=WALKED_AT_ONCE)
            found.update(str(each.verdict or "none") for each in page.items)
            after = page.next_cursor
            if after is None:
                return dict(sorted(found.items()))

    def find(self, job_id: str) -> RejudgeJob:
        """The job as it is now. Raises NotFound."""
        job = self._jobs.get_job(job_id, consistent=True)
        if job is None or job.type is not JobType.REJUDGE:
            raise NotFound("No such job.")
        return RejudgeJob.of(job)

    def list(self, state: JobState, *, limit: int, cursor: str | None) -> Page[RejudgeJob]:
        """In this state, newest first."""
        page = self._jobs.list_jobs(JobType.REJUDGE, state, limit=limit, cursor=cursor)
        return Page(tuple(RejudgeJob.of(job) for job in page.items), page.next_cursor)

    def progress(self, job_id: str, *, after: int, limit: int) -> tuple[ProgressLine, ...]:
        """What changed, failed or was skipped, in lines after a number. Raises NotFound."""
        self.find(job_id)
        return self._jobs.list_progress(job_id, after=after, limit=limit)

    def cancel(self, job_id: str, *, actor: str) -> RejudgeJob:
        """No further ones are begun; those in flight end by themselves. Nothing when that was
        asked for before. Raises NotFound, Conflict (it has ended)."""
        found = self.find(job_id)
        if found.job.state is JobState.CANCELLED:
            return found
        if found.job.state.open:
            self._note("rejudge.cancel", job_id, actor, {})
        return RejudgeJob.of(self._jobs.cancel(job_id))

    def _checked_one(self, selection: Selection, execution_id: str) -> Selection:
        if selection != Selection(execution_id=execution_id):
            raise InvalidInput.field(
                "/execution_id", "An execution is named alone, without anything else."
            )
        history = self._histories.get_history(execution_id, consistent=True)
        if history is None:
            raise NotFound("No such execution.")
        reason = why_not(history)
        if reason is not None:
            raise Conflict(reason)
        self._check_problem(history.problem)
        return selection

    def _check_problem(self, key: ProblemKey) -> None:
        problem = self._problems.get_problem_summary(key, consistent=True)
        if problem is None:
            raise NotFound("No such problem.")
        if problem.test_case_count == 0:
            raise NoTests(f"{key.platform} {key.number} has no tests.")

    def _note(self, action: str, job_id: str, actor: str, details: Mapping[str, Any]) -> None:
        self._audit.append(actor=actor, action=action, subject=f"job {job_id}", details=details)
