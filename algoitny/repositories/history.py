"""Executions and their history: every access pattern with its requests and its cost.

How each is done, with its rules, is in the modules beside this one that start with its name:
admission, attempts, endings, rejudging, lists, publication, hints, deletion, anonymity.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from algoitny.domain.clock import Clock
from algoitny.domain.errors import NotFound
from algoitny.domain.hint import Hint
from algoitny.domain.history import History, HistoryWithTestCases, ProblemExecution, Submission
from algoitny.domain.history_filter import NO_FILTER, HistoryFilter
from algoitny.domain.history_results import Outcome, Results, TestProgress
from algoitny.domain.idempotency import IdempotencyKey
from algoitny.domain.ids import Ids
from algoitny.domain.page import Page
from algoitny.domain.patience import Patience
from algoitny.domain.problem import ProblemKey, ProblemRepository, ProblemSummary
from algoitny.models.history import HistoryItem, SourceItem, history_key, source_key
from algoitny.models.history_results import ResultsItem, results_key
from algoitny.models.kit.cursor import Cursors
from algoitny.models.kit.operations import get
from algoitny.models.kit.spill import Spill
from algoitny.models.stats import UserStatsItem, stats_key
from algoitny.repositories.history_admission import Admission
from algoitny.repositories.history_anonymity import Anonymity
from algoitny.repositories.history_attempt import Attempts
from algoitny.repositories.history_deletion import Deletions
from algoitny.repositories.history_ending import Endings
from algoitny.repositories.history_hint import attach_hints
from algoitny.repositories.history_listing import Listings
from algoitny.repositories.history_publication import Publications
from algoitny.repositories.history_rejudge import Rejudges
from algoitny.repositories.pair import get_two


class DynamoHistoryRepository:
    """Implements `HistoryRepository`. Shard counts may only grow."""

    def __init__(
        self,
        *,
        clock: Clock,
        ids: Ids,
        cursors: Cursors,
        problems: ProblemRepository,
        public_shards: int = 1,
        queue_shards: int = 4,
        patience: Patience,
        spill: Spill | None = None,
    ) -> None:
        self._spill = spill or Spill(None)
        self._ids = ids
        self._problems = problems
        self._patience = patience
        self._admission = Admission(
            clock=clock, ids=ids, patience=self._patience, queue_shards=queue_shards
        )
        self._attempts = Attempts(
            clock=clock,
            ids=ids,
            patience=self._patience,
            queue_shards=queue_shards,
            spill=self._spill,
        )
        self._endings = Endings(
            clock=clock, ids=ids, patience=self._patience, public_shards=public_shards
        )
        self._publications = Publications(
            clock=clock, ids=ids, patience=self._patience, public_shards=public_shards
        )
        self._deletions = Deletions(
            clock=clock,
            ids=ids,
            patience=self._patience,
            endings=self._endings,
            spill=self._spill,
        )
        self._anonymity = Anonymity(ids=ids, patience=self._patience)
        self._rejudges = Rejudges(clock=clock, ids=ids, queue_shards=queue_shards)
        self._listings = Listings(clock=clock, cursors=cursors, public_shards=public_shards)

    def create_history(
        self,
        submission: Submission,
        *,
        limit: int,
        idempotency: IdempotencyKey | None = None,
        used: int | None = None,
    ) -> History:
        """Get of the counter unless `used` tells, then one transaction; 10 WCU, 12 with a key, more
        with metadata.

        Raises DuplicateRequest, QuotaExceeded, TooLarge, StoreUnavailable.
        """
        return self._admission.admit(submission, limit=limit, idempotency=idempotency, used=used)

    def get_problem_and_usage(
        self, user_id: str, key: ProblemKey
    ) -> tuple[ProblemSummary | None, int]:
        """One BatchGet; 1 RCU."""
        return self._admission.get_problem_and_usage(user_id, key)

    def find_request(self, user_id: str, key: str) -> IdempotencyKey | None:
        """One consistent Get; 1 RCU."""
        return self._admission.find_request(user_id, key)

    def get_history(self, history_id: str, *, consistent: bool = False) -> History | None:
        """One Get; 0.5 RCU, 1 when consistent."""
        item = get(HistoryItem, history_key(history_id), consistent=consistent)
        return None if item is None else item.record()

    def get_history_with_testcases(self, history_id: str) -> HistoryWithTestCases | None:
        """Gets of summary, source and results, then the problem's reading; 1.5 RCU and bodies.

        Raises NotFound for a source or results that are not there.
        """
        history = self.get_history(history_id)
        if history is None:
            return None
        found = self._problems.get_problem_with_testcases(history.problem)
        return HistoryWithTestCases(
            history=history,
            code=self.get_source(history_id),
            results=self.get_results(history),
            testcases=() if found is None else found[1],
        )

    def get_history_and_source(self, history_id: str) -> tuple[History | None, str | None]:
        """One BatchGet; 0.5 RCU and the code's size."""
        history, source = get_two(
            (HistoryItem, history_key(history_id)),
            (SourceItem, source_key(history_id)),
            patience=self._patience,
        )
        return (
            None if history is None else history.record(),
            None if source is None else source.code,
        )

    def get_source(self, history_id: str) -> str:
        """One Get; consistent when an eventual one misses what was stored a moment ago."""
        key = source_key(history_id)
        item = get(SourceItem, key) or get(SourceItem, key, consistent=True)
        if item is None:
            raise NotFound("The source is not there.")
        return item.code

    def get_results(self, history: History) -> Results:
        """One Get; as `get_source`; one more of the object store for results that no row holds.
        Raises NotFound when a finished attempt's row is gone, StoreUnavailable."""
        if history.shown_attempt == 0:
            return Results()
        key = results_key(history.id, history.shown_attempt)
        item = get(ResultsItem, key) or get(ResultsItem, key, consistent=True)
        if item is None:
            raise NotFound("The results are not there.")
        return item.record(self._spill)

    def enter_running_set(self, user_id: str, history_id: str, *, capacity: int) -> bool:
        """One Update, 1 WCU; a full set costs the reading of its members too."""
        return self._attempts.enter(user_id, history_id, capacity=capacity)

    def leave_running_set(self, user_id: str, history_id: str) -> None:
        """One Update; repeating it changes nothing."""
        self._attempts.leave(user_id, history_id)

    def claim(self, history_id: str, *, lease_seconds: float) -> History:
        """One Update; 2 WCU with its index."""
        return self._attempts.claim(history_id, lease_seconds=lease_seconds)

    def renew_lease(self, history: History, *, lease_seconds: float) -> None:
        """One Update; 2 WCU with its index."""
        self._attempts.renew(history, lease_seconds=lease_seconds)

    def begin_rejudge(self, history_id: str, *, job_id: str, publish_after: datetime) -> History:
        """One Update; 4 WCU with indexes, 5 when public. Raises NotFound, Conflict."""
        return self._rejudges.begin(history_id, job_id=job_id, publish_after=publish_after)

    def claim_rejudge(self, history_id: str, *, lease_seconds: float) -> History:
        """One Update; 2 WCU with its index, 3 when public. Raises NotFound, StaleAttempt."""
        return self._rejudges.claim(history_id, lease_seconds=lease_seconds)

    def put_results(self, history: History, results: Results) -> None:
        """One Put under the attempt's own key; 1 WCU per KB compressed."""
        self._attempts.put_results(history, results)

    def complete(self, history: History, outcome: Outcome) -> History:
        """One transaction; 9 WCU, 3 more for a first solve, 5 more when public."""
        return self._endings.complete(history, outcome)

    def fail(self, history: History, *, reason: str) -> History:
        """One transaction; 8 WCU, 2 more when a unit goes back, 5 more when public. Of a rejudge
        one Update, 4 WCU. Raises StaleAttempt, StoreUnavailable."""
        if history.rejudge is not None:
            return self._rejudges.give_up(history, reason=reason)
        return self._endings.fail(history, reason=reason)

    def cancel(self, history: History) -> History:
        """One transaction; 8 WCU, 2 more when a unit goes back, 5 more when public.

        Raises StaleAttempt, StoreUnavailable.
        """
        return self._endings.cancel(history)

    def put_progress(self, history: History, tests: Sequence[TestProgress]) -> None:
        """One Put; 1 WCU up to some hundred tests."""
        self._attempts.put_progress(history, tests)

    def get_progress(self, history: History) -> tuple[TestProgress, ...]:
        """One Get; 0.5 RCU."""
        return self._attempts.get_progress(history)

    def note_publication(self, history: History, *, publish_after: datetime) -> bool:
        """One Update conditional on what was read."""
        return self._attempts.note_publication(history, publish_after=publish_after)

    def list_unfinished(self, *, created_before: datetime) -> Sequence[History]:
        """A Query of GSI3 per queue shard, then BatchGets of the summaries."""
        return self._attempts.list_unfinished(created_before=created_before)

    def list_user_history(
        self,
        user_id: str,
        only: HistoryFilter = NO_FILTER,
        *,
        limit: int = 20,
        cursor: str | None = None,
    ) -> Page[History]:
        """One Query of GSI1, at most 2 RCU a page of 20; with filters, Queries in growing chunks
        over at most 400 rows. Raises InvalidCursor."""
        return self._listings.of_user(user_id, only, limit=limit, cursor=cursor)

    def list_public_history(
        self, only: HistoryFilter = NO_FILTER, *, limit: int = 20, cursor: str | None = None
    ) -> Page[History]:
        """A Query of GSI2 per shard, merged; at most 1 RCU a page of 20 and shard. With a verdict,
        Queries in growing chunks over at most 400 rows a shard. With a language or a platform as
        the searches below. Raises InvalidCursor."""
        return self._listings.public(only, limit=limit, cursor=cursor)

    def search_by_language(
        self,
        language: str,
        only: HistoryFilter = NO_FILTER,
        *,
        limit: int = 20,
        cursor: str | None = None,
    ) -> Page[History]:
        """One Query of GSI1, at most 1.5 RCU a page of 20; with filters, Queries in growing chunks
        over at most 400 rows. Raises InvalidCursor."""
        only = replace(only, language=language)
        return self._listings.public(only, limit=limit, cursor=cursor)

    def search_by_platform(
        self,
        platform: str,
        only: HistoryFilter = NO_FILTER,
        *,
        limit: int = 20,
        cursor: str | None = None,
    ) -> Page[History]:
        """One Query of GSI2, at most 1.5 RCU a page of 20; with filters, Queries in growing chunks
        over at most 400 rows. Raises InvalidCursor."""
        only = replace(only, platform=platform)
        return self._listings.public(only, limit=limit, cursor=cursor)

    def list_problem_executions(
        self,
        problem: ProblemKey,
        only: HistoryFilter = NO_FILTER,
        *,
        limit: int = 100,
        after: str | None = None,
    ) -> Page[ProblemExecution]:
        """One Query of GSI3; 0.5 RCU per 4 KB. With filters, Queries in growing chunks over at most
        400 rows."""
        return self._listings.of_problem(problem, only, limit=limit, after=after)

    def list_user_executions(
        self,
        user_id: str,
        only: HistoryFilter = NO_FILTER,
        *,
        problem: ProblemKey | None = None,
        limit: int = 100,
        after: str | None = None,
    ) -> Page[ProblemExecution]:
        """Queries of GSI1 in growing chunks over at most 400 rows; 0.5 RCU per 4 KB."""
        return self._listings.ended_of_user(
            user_id, only, problem=problem, limit=limit, after=after
        )

    def get_recent_public_history_count(self, hours: int = 24) -> int:
        """A counting Query of GSI2 per shard and MB; 0.5 RCU per 4 KB, once a minute and process.

        Raises InvalidInput.
        """
        return self._listings.count_recent(hours)

    def count_user_history(self, user_id: str) -> int:
        """One Get; 0.5 RCU."""
        item = get(UserStatsItem, stats_key(user_id))
        return 0 if item is None else item.record().executions

    def update_public_status(self, history_id: str, *, is_code_public: bool) -> History:
        """A consistent Get; before the end one Update, 3 WCU; afterwards one transaction that moves
        the public rows, 10 WCU; a last Get. Raises NotFound, StoreUnavailable."""
        return self._publications.mark(history_id, is_code_public=is_code_public)

    def update_hints(self, history_id: str, hints: Sequence[Hint]) -> None:
        """One transaction of a check and a Put for each; 2 WCU and 2 a hint and KB.

        Raises NotFound, InvalidInput, StoreUnavailable.
        """
        attach_hints(history_id, hints, ids=self._ids, patience=self._patience)

    def delete_history(self, history_id: str) -> bool:
        """Gets and one transaction of summary and public row, about 18 WCU with their indexes; then
        Queries of the partition and BatchWrites; 1 WCU a KB. One that is not finished costs its
        cancellation too. Raises StoreUnavailable, after which a repeat goes on."""
        return self._deletions.delete(history_id)

    def anonymise_history(self, history_id: str) -> bool:
        """A consistent Get, one transaction of summary and public row, about 12 WCU with their
        indexes; a Query of the partition and BatchWrites of what is the author's. Raises
        StoreUnavailable, after which a repeat goes on."""
        return self._anonymity.part(history_id)

    def forget_author(self, history_id: str) -> None:
        """As `anonymise_history`."""
        self._anonymity.forget(history_id)

    def list_deleted(self) -> Sequence[str]:
        """One Query of GSI3; 0.5 RCU per 4 KB."""
        return self._deletions.list_due()
