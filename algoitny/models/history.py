"""Executions: a small summary, and the source beside it.

Results and the rows of public lists, of progress and of deletion are in the modules that start
with its name.
"""

from __future__ import annotations

from datetime import datetime
from typing import Self
from zlib import crc32

from pynamodb.attributes import BooleanAttribute, JSONAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from ulid import ULID

from algoitny.domain.clock import epoch_us
from algoitny.domain.history import (
    ANONYMOUS,
    History,
    ProblemExecution,
    Submission,
    public_name,
)
from algoitny.domain.verdict import State, Verdict
from algoitny.models.base import TableItem, created_stamp
from algoitny.models.kit.attributes import (
    CompressedTextAttribute,
    InstantAttribute,
    IntAttribute,
)
from algoitny.models.kit.keys import Key, partition_key, sort_key
from algoitny.models.kit.sizes import cut
from algoitny.models.problem import problem_partition
from algoitny.models.usage import parse_problem_id, problem_id_text
from algoitny.models.user import USER_PARTITION

HISTORY_PARTITION = partition_key("HIST#{history}")
META = "META"
SOURCE = "SRC"
LISTED = sort_key("HIST#{history}")
"""The sort key in every index: ids are ULIDs, so it sorts by time."""
KEPT = partition_key("USR#{user}#KEPT")
QUEUE = partition_key("QUEUE#{shard:02}")
PUBLIC = partition_key("PUBLIC#{shard:02}")

TITLE_BYTES = 120
NAME_BYTES = 64
SUMMARY_TEXT_BYTES = 200
REJUDGE_ERROR_BYTES = 100
"""Bounds that keep a summary under 1 KB and a page of 20 public lines under 8."""


def history_key(history_id: str) -> Key:
    return Key(HISTORY_PARTITION(history=history_id), META)


def source_key(history_id: str) -> Key:
    return Key(HISTORY_PARTITION(history=history_id), SOURCE)


def user_list(user_id: str) -> str:
    """GSI1: a user's executions."""
    return USER_PARTITION(user=user_id)


def kept_list(user_id: str) -> str:
    """GSI1: executions of a deleted user that stay, until it is forgotten whose they were."""
    return KEPT(user=user_id)


def queue_partition(history_id: str, shards: int) -> str:
    return QUEUE(shard=shard_of(history_id, shards))


def public_partition(history_id: str, shards: int) -> str:
    return PUBLIC(shard=shard_of(history_id, shards))


def shard_of(history_id: str, shards: int) -> int:
    return crc32(history_id.encode()) % shards


def listed_before(instant: datetime) -> str:
    """A sort key above those of all ids made before the instant's millisecond, below the others."""
    milliseconds = max(0, epoch_us(instant) // 1000)
    return LISTED(history=str(ULID.from_int(milliseconds << 80)))


class HistoryItem(TableItem):
    """The summary. `claim` tells one claim's write from another's."""

    TYPE = "history"

    user_id = UnicodeAttribute(attr_name="uid", null=True)
    user_identifier = UnicodeAttribute(attr_name="uidt")
    problem = UnicodeAttribute(attr_name="pid")
    platform = UnicodeAttribute(attr_name="plt")
    number = UnicodeAttribute(attr_name="pno")
    problem_title = UnicodeAttribute(attr_name="ptt")
    language = UnicodeAttribute(attr_name="lng")
    is_public = BooleanAttribute(attr_name="pub")
    state = UnicodeAttribute(attr_name="sta")
    verdict = UnicodeAttribute(attr_name="ver", null=True)
    result_summary = UnicodeAttribute(attr_name="res", null=True)
    passed = IntAttribute(attr_name="psc", null=True)
    failed = IntAttribute(attr_name="fsc", null=True)
    total = IntAttribute(attr_name="toc", null=True)
    max_time = IntAttribute(attr_name="tms", null=True)
    max_memory = IntAttribute(attr_name="mem", null=True)
    attempt = IntAttribute(attr_name="att", null=True)
    tries = IntAttribute(attr_name="try", null=True)
    shown_attempt = IntAttribute(attr_name="ratt", null=True)
    tests_version = IntAttribute(attr_name="tv", null=True)
    lease = InstantAttribute(attr_name="lse", null=True)
    claim = UnicodeAttribute(attr_name="clm", null=True)
    publications = IntAttribute(attr_name="pbl", null=True)
    publish_after = InstantAttribute(attr_name="pba", null=True)
    metadata = JSONAttribute(attr_name="mta", null=True)
    webhook_url = UnicodeAttribute(attr_name="whu", null=True)
    rejudge = UnicodeAttribute(attr_name="rjg", null=True)
    rejudge_job = UnicodeAttribute(attr_name="rjj", null=True)
    rejudge_error = UnicodeAttribute(attr_name="rje", null=True)

    @classmethod
    def admitted(cls, submission: Submission, *, queue_shards: int) -> Self:
        """A new execution, QUEUED and listed among the unfinished."""
        key = history_key(submission.id)
        listed = LISTED(history=submission.id)
        problem = submission.problem.key
        return cls(
            key.partition,
            key.sort,
            gsi1_pk=user_list(submission.user_id),
            gsi1_sk=listed,
            gsi3_pk=queue_partition(submission.id, queue_shards),
            gsi3_sk=listed,
            user_id=submission.user_id,
            # Before it is cut: half an address would not be known as one.
            user_identifier=cut(public_name(submission.user_identifier), NAME_BYTES),
            problem=problem_id_text(problem),
            platform=problem.platform,
            number=problem.number,
            problem_title=cut(submission.problem.title, TITLE_BYTES),
            language=submission.language,
            is_public=submission.is_code_public,
            state=State.QUEUED.value,
            attempt=0,
            tries=0,
            publications=0,
            tests_version=submission.problem.tests_version,
            metadata=None if submission.metadata is None else dict(submission.metadata),
            webhook_url=submission.webhook_url,
            updated=submission.created_at,
            **created_stamp(submission.created_at),
        )

    def record(self) -> History:
        return History(
            id=str(HISTORY_PARTITION.parse(self.pk)["history"]),
            user_id=self.user_id,
            user_identifier=public_name(self.user_identifier or ANONYMOUS),
            problem=parse_problem_id(self.problem),
            problem_title=self.problem_title,
            language=self.language,
            # An index of public rows does not repeat that they are.
            is_code_public=True if self.is_public is None else self.is_public,
            state=State(self.state),
            verdict=None if self.verdict is None else Verdict(self.verdict),
            result_summary=self.result_summary or "",
            passed_count=self.passed or 0,
            failed_count=self.failed or 0,
            total_count=self.total or 0,
            max_time_ms=self.max_time or 0,
            max_memory_kb=self.max_memory or 0,
            attempt=self.attempt or 0,
            tries=self.tries or 0,
            shown_attempt=self.shown_attempt or 0,
            tests_version=self.tests_version or 0,
            lease_until=self.lease,
            publications=self.publications or 0,
            publish_after=self.publish_after,
            metadata=self.metadata,
            webhook_url=self.webhook_url,
            rejudge=None if self.rejudge is None else State(self.rejudge),
            rejudge_job=self.rejudge_job,
            rejudge_error=self.rejudge_error or "",
            created_at=self.created_at,
            updated_at=self.updated_at,
        )

    def problem_execution(self) -> ProblemExecution:
        """What the index of a problem's executions holds."""
        return ProblemExecution(
            id=str(HISTORY_PARTITION.parse(self.pk)["history"]),
            language=self.language,
            verdict=None if self.verdict is None else Verdict(self.verdict),
        )

    @classmethod
    def as_read(cls, history: History) -> Condition:
        """It is still in the state, the attempt and the round of judging that `history` has."""
        condition: Condition = (cls.state == history.state.value) & (cls.attempt == history.attempt)
        if history.rejudge is not None:  # what has not ended is in its first round
            condition &= cls.rejudge == history.rejudge.value
        return condition

    @classmethod
    def showing(cls, history: History) -> Condition:
        """It still shows the result that `history` has."""
        shown = cls.shown_attempt == history.shown_attempt
        if not history.shown_attempt:
            shown |= cls.shown_attempt.does_not_exist()
        condition: Condition = (cls.state == history.state.value) & shown
        return condition

    @classmethod
    def ending(cls, history: History, *, public_shards: int) -> list[Action]:
        """The update that ends an execution as `history` says, moving it out of the queue and,
        when it is public, into the timeline."""
        actions: list[Action] = [
            cls.state.set(history.state.value),
            cls.result_summary.set(history.result_summary),
            cls.passed.set(history.passed_count),
            cls.failed.set(history.failed_count),
            cls.total.set(history.total_count),
            cls.max_time.set(history.max_time_ms),
            cls.max_memory.set(history.max_memory_kb),
            cls.shown_attempt.set(history.shown_attempt),
            cls.updated.set(history.updated_at),
            *cls.leaving_round(),
            *cls.among_ended(history),
        ]
        if history.verdict is not None:
            actions.append(cls.verdict.set(history.verdict.value))
        if history.is_code_public:
            actions += cls.publishing(history.id, public_shards=public_shards)
        return actions

    @classmethod
    def leaving_round(cls) -> list[Action]:
        """The update that ends every claim."""
        gone = (cls.rejudge, cls.lease, cls.claim, cls.publish_after)
        return [attribute.remove() for attribute in gone]

    @classmethod
    def among_ended(cls, history: History) -> list[Action]:
        """The update that puts it among the ended executions of its problem."""
        return [
            cls.gsi3_pk.set(problem_partition(history.problem)),
            cls.gsi3_sk.set(LISTED(history=history.id)),
        ]

    @classmethod
    def among_unfinished(cls, history_id: str, *, queue_shards: int) -> list[Action]:
        """The update that lets the sweeper find it."""
        return [
            cls.gsi3_pk.set(queue_partition(history_id, queue_shards)),
            cls.gsi3_sk.set(LISTED(history=history_id)),
        ]

    @classmethod
    def publishing(cls, history_id: str, *, public_shards: int) -> list[Action]:
        """The update that puts an ended execution on the timeline."""
        return [
            cls.gsi2_pk.set(public_partition(history_id, public_shards)),
            cls.gsi2_sk.set(LISTED(history=history_id)),
        ]

    @classmethod
    def parting(cls, user_id: str) -> list[Action]:
        """The update that takes all away that tells of the author, but for a list of its own."""
        return [
            *cls.unnamed(),
            cls.user_id.remove(),
            cls.webhook_url.remove(),
            cls.metadata.remove(),
            cls.gsi1_pk.set(kept_list(user_id)),
        ]

    @classmethod
    def forgetting(cls) -> list[Action]:
        """The update that takes it off that list, too."""
        return [*cls.unnamed(), cls.gsi1_pk.remove(), cls.gsi1_sk.remove()]

    @classmethod
    def unnamed(cls) -> list[Action]:
        return [cls.user_identifier.set(ANONYMOUS)]

    @classmethod
    def withdrawing(cls) -> list[Action]:
        """The update that takes it off the timeline."""
        return [cls.gsi2_pk.remove(), cls.gsi2_sk.remove()]


class SourceItem(TableItem):
    TYPE = "source"

    code = CompressedTextAttribute(attr_name="cod")

    @classmethod
    def of(cls, submission: Submission) -> Self:
        key = source_key(submission.id)
        return cls(key.partition, key.sort, code=submission.code)
