"""Executions: a small summary, and source, results and public list row beside it."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Self
from zlib import crc32

from pynamodb.attributes import BinaryAttribute, BooleanAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action
from ulid import ULID

from algoitny.domain.clock import epoch_us
from algoitny.domain.history import History, Results, Submission, TestResult
from algoitny.domain.verdict import State, Verdict
from algoitny.models.base import TableItem, created_stamp
from algoitny.models.kit.attributes import (
    CompressedTextAttribute,
    InstantAttribute,
    IntAttribute,
    compress_json,
    decompress_json,
)
from algoitny.models.kit.keys import Key, partition_key, sort_key
from algoitny.models.kit.sizes import cut
from algoitny.models.problem import problem_partition
from algoitny.models.usage import parse_problem_id, problem_id_text
from algoitny.models.user import USER_PARTITION

HISTORY_PARTITION = partition_key("HIST#{history}")
META = "META"
SOURCE = "SRC"
PUBLIC_ROW = "LST"
RESULTS_SORT = sort_key("RES#{attempt:04}")
LISTED = sort_key("HIST#{history}")
"""The sort key in every index: ids are ULIDs, so it sorts by time."""
QUEUE = partition_key("QUEUE#{shard:02}")
PUBLIC = partition_key("PUBLIC#{shard:02}")
PUBLIC_LANGUAGE = partition_key("PUBLIC#L#{language}")
PUBLIC_PLATFORM = partition_key("PUBLIC#P#{platform}")

TITLE_BYTES = 120
NAME_BYTES = 64
SUMMARY_TEXT_BYTES = 200
"""Bounds that keep a summary under 1 KB and a page of 20 public lines under 8."""


def history_key(history_id: str) -> Key:
    return Key(HISTORY_PARTITION(history=history_id), META)


def source_key(history_id: str) -> Key:
    return Key(HISTORY_PARTITION(history=history_id), SOURCE)


def public_row_key(history_id: str) -> Key:
    return Key(HISTORY_PARTITION(history=history_id), PUBLIC_ROW)


def results_key(history_id: str, attempt: int) -> Key:
    return Key(HISTORY_PARTITION(history=history_id), RESULTS_SORT(attempt=attempt))


def user_list(user_id: str) -> str:
    """GSI1: a user's executions."""
    return USER_PARTITION(user=user_id)


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
            user_identifier=cut(submission.user_identifier, NAME_BYTES),
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
            updated=submission.created_at,
            **created_stamp(submission.created_at),
        )

    def record(self) -> History:
        return History(
            id=str(HISTORY_PARTITION.parse(self.pk)["history"]),
            user_id=self.user_id,
            user_identifier=self.user_identifier,
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
            created_at=self.created_at,
            updated_at=self.updated,
        )

    @classmethod
    def ending(cls, history: History, *, public_shards: int) -> list[Action]:
        """The update that ends an execution as `history` says, moving it out of the queue and,
        when it is public, into the timeline."""
        listed = LISTED(history=history.id)
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
            cls.lease.remove(),
            cls.claim.remove(),
            cls.publish_after.remove(),
            cls.gsi3_pk.set(problem_partition(history.problem)),
            cls.gsi3_sk.set(listed),
        ]
        if history.verdict is not None:
            actions.append(cls.verdict.set(history.verdict.value))
        if history.is_code_public:
            actions += cls.publishing(history.id, public_shards=public_shards)
        return actions

    @classmethod
    def publishing(cls, history_id: str, *, public_shards: int) -> list[Action]:
        """The update that puts an ended execution on the timeline."""
        return [
            cls.gsi2_pk.set(public_partition(history_id, public_shards)),
            cls.gsi2_sk.set(LISTED(history=history_id)),
        ]

    @classmethod
    def withdrawing(cls) -> list[Action]:
        """The update that takes it off the timeline."""
        return [cls.gsi2_pk.remove(), cls.gsi2_sk.remove()]


class PublicRowItem(TableItem):
    """One line of the public lists by language and by platform; only of ended executions."""

    TYPE = "public_row"

    user_identifier = UnicodeAttribute(attr_name="uidt")
    problem = UnicodeAttribute(attr_name="pid")
    problem_title = UnicodeAttribute(attr_name="ptt")
    language = UnicodeAttribute(attr_name="lng")
    state = UnicodeAttribute(attr_name="sta")
    verdict = UnicodeAttribute(attr_name="ver", null=True)
    passed = IntAttribute(attr_name="psc")
    failed = IntAttribute(attr_name="fsc")
    total = IntAttribute(attr_name="toc")
    max_time = IntAttribute(attr_name="tms")
    max_memory = IntAttribute(attr_name="mem")

    @classmethod
    def of(cls, history: History) -> Self:
        key = public_row_key(history.id)
        listed = LISTED(history=history.id)
        return cls(
            key.partition,
            key.sort,
            gsi1_pk=PUBLIC_LANGUAGE(language=history.language),
            gsi1_sk=listed,
            gsi2_pk=PUBLIC_PLATFORM(platform=history.problem.platform),
            gsi2_sk=listed,
            user_identifier=history.user_identifier,
            problem=problem_id_text(history.problem),
            problem_title=history.problem_title,
            language=history.language,
            state=history.state.value,
            verdict=None if history.verdict is None else history.verdict.value,
            passed=history.passed_count,
            failed=history.failed_count,
            total=history.total_count,
            max_time=history.max_time_ms,
            max_memory=history.max_memory_kb,
            updated=history.updated_at,
            **created_stamp(history.created_at),
        )


class SourceItem(TableItem):
    TYPE = "source"

    code = CompressedTextAttribute(attr_name="cod")

    @classmethod
    def of(cls, submission: Submission) -> Self:
        key = source_key(submission.id)
        return cls(key.partition, key.sort, code=submission.code)


class ResultsItem(TableItem):
    """What one attempt found; a row per attempt, so that a stale one overwrites nothing."""

    TYPE = "results"

    # Compressed once, in `of`, so that the size is known before anything is sent.
    tests = BinaryAttribute(attr_name="trs", legacy_encoding=False)
    compile_message = BinaryAttribute(attr_name="cpm", legacy_encoding=False, null=True)

    @classmethod
    def of(cls, history_id: str, attempt: int, results: Results) -> Self:
        key = results_key(history_id, attempt)
        return cls(
            key.partition,
            key.sort,
            tests=compress_json([_pack(test) for test in results.tests]),
            compile_message=compress_json(results.compile_message)
            if results.compile_message
            else None,
        )

    @property
    def stored_bytes(self) -> int:
        """Compressed bytes of the tests' results and of the compiler's message."""
        return len(self.tests) + len(self.compile_message or b"")

    def record(self) -> Results:
        return Results(
            tests=tuple(_unpack(test) for test in decompress_json(self.tests)),
            compile_message=decompress_json(self.compile_message) if self.compile_message else "",
        )


def _pack(test: TestResult) -> dict[str, Any]:
    packed: dict[str, Any] = {
        "tid": test.test_case_id,
        "out": test.output,
        "pas": test.passed,
        "err": test.error,
        "sts": test.status,
        "ver": test.verdict.value,
        "tms": test.time_ms,
        "mem": test.memory_kb,
    }
    if test.is_sample:
        packed["smp"] = True
    return packed


def _unpack(packed: dict[str, Any]) -> TestResult:
    return TestResult(
        test_case_id=packed["tid"],
        verdict=Verdict(packed["ver"]),
        status=packed["sts"],
        output=packed["out"],
        error=packed["err"],
        time_ms=packed["tms"],
        memory_kb=packed["mem"],
        is_sample=packed.get("smp", False),
    )
