"""Jobs: a small summary, and beside it a body of request and result, and progress lines."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Self

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action as Change

from algoitny.domain.clock import epoch_ms
from algoitny.domain.history import ANONYMOUS
from algoitny.domain.job import Job, JobBody, JobState, JobType, ProgressLine
from algoitny.models.base import TableItem, created_stamp
from algoitny.models.kit.attributes import (
    InstantAttribute,
    IntAttribute,
    compress_json_within,
    decompress_json,
)
from algoitny.models.kit.keys import Key, partition_key, sort_key
from algoitny.models.kit.sizes import cut

JOB_PARTITION = partition_key("JOB#{job}")
META = "META"
BODY = "BODY"
PROGRESS_SORT = sort_key("PRG#{number:06}")
LISTED = sort_key("JOB#{job}")
"""The sort key in the lists: ids are ULIDs, so it sorts by time."""
JOB_LIST = partition_key("JOBS#{type}#{state}")
USER_JOBS = partition_key("USR#{user}#JOBS")
JOB_QUEUE = "QUEUE#JOB"
DUE_SORT = sort_key("{due:013}#{job}")

TITLE_BYTES = 200
ERROR_BYTES = 200
MESSAGE_BYTES = 500
REQUEST_LIMIT_BYTES = 100 * 1024
CHECKPOINT_LIMIT_BYTES = 4 * 1024
RESULT_LIMIT_BYTES = 280 * 1024
"""Compressed; together with the request it fits into one row."""
PROGRESS_LIFETIME = timedelta(days=30)


def job_key(job_id: str) -> Key:
    return Key(JOB_PARTITION(job=job_id), META)


def job_body_key(job_id: str) -> Key:
    return Key(JOB_PARTITION(job=job_id), BODY)


def progress_key(job_id: str, number: int) -> Key:
    return Key(JOB_PARTITION(job=job_id), PROGRESS_SORT(number=number))


def due_before(instant: datetime) -> str:
    """A sort key above those of all jobs that were due before the instant."""
    return f"{epoch_ms(instant):013d}"


class JobItem(TableItem):
    """The summary. `claim` tells one claim's or retry's write from another's."""

    TYPE = "job"

    type_ = UnicodeAttribute(attr_name="typ")
    user_id = UnicodeAttribute(attr_name="uid")
    title = UnicodeAttribute(attr_name="tit", null=True)
    state = UnicodeAttribute(attr_name="sta")
    attempt = IntAttribute(attr_name="att")
    tries = IntAttribute(attr_name="try")
    progress = IntAttribute(attr_name="prg")
    lease = InstantAttribute(attr_name="lse", null=True)
    claim = UnicodeAttribute(attr_name="clm", null=True)
    error = UnicodeAttribute(attr_name="err", null=True)
    task_id = UnicodeAttribute(attr_name="tsk", null=True)
    checkpoint = BinaryAttribute(attr_name="chk", legacy_encoding=False, null=True)

    @classmethod
    def of(cls, job: Job) -> Self:
        """A new job, PENDING and due from its creation on."""
        key = job_key(job.id)
        return cls(
            key.partition,
            key.sort,
            gsi1_pk=JOB_LIST(type=job.type.value, state=JobState.PENDING.value),
            gsi1_sk=LISTED(job=job.id),
            gsi2_pk=USER_JOBS(user=job.user_id),
            gsi2_sk=LISTED(job=job.id),
            gsi3_pk=JOB_QUEUE,
            gsi3_sk=DUE_SORT(due=epoch_ms(job.created_at), job=job.id),
            type_=job.type.value,
            user_id=job.user_id,
            title=cut(job.title, TITLE_BYTES) or None,
            state=JobState.PENDING.value,
            attempt=0,
            tries=0,
            progress=0,
            task_id=job.task_id,
            updated=job.created_at,
            **created_stamp(job.created_at),
        )

    def record(self) -> Job:
        return Job(
            id=self.job_id,
            type=JobType(self.type_),
            user_id=self.user_id,
            title=self.title or "",
            state=JobState(self.state),
            attempt=self.attempt,
            tries=self.tries,
            progress_count=self.progress,
            lease_until=self.lease,
            error=self.error or "",
            task_id=self.task_id,
            checkpoint=None if self.checkpoint is None else decompress_json(self.checkpoint),
            created_at=self.created_at,
            updated_at=self.updated_at,
        )

    @property
    def job_id(self) -> str:
        return str(JOB_PARTITION.parse(self.pk)["job"])

    @classmethod
    def entering(cls, job: Job, state: JobState, now: datetime) -> list[Change]:
        """The update that changes the state and the list that the job stands in."""
        return [
            cls.state.set(state.value),
            cls.updated.set(now),
            cls.gsi1_pk.set(JOB_LIST(type=job.type.value, state=state.value)),
        ]

    @classmethod
    def due_at(cls, job_id: str, instant: datetime) -> list[Change]:
        """The update that makes it due, for whoever looks after forgotten jobs, at an instant."""
        return [
            cls.gsi3_pk.set(JOB_QUEUE),
            cls.gsi3_sk.set(DUE_SORT(due=epoch_ms(instant), job=job_id)),
        ]

    @classmethod
    def reaching(cls, checkpoint: Mapping[str, Any]) -> list[Change]:
        """The update that stores how far it came. Raises TooLarge."""
        packed = compress_json_within(CHECKPOINT_LIMIT_BYTES, "The checkpoint", dict(checkpoint))
        return [cls.checkpoint.set(packed)]

    @classmethod
    def parting(cls) -> list[Change]:
        """The update that makes it nobody's."""
        return [cls.user_id.set(ANONYMOUS), cls.gsi2_pk.remove(), cls.gsi2_sk.remove()]

    @classmethod
    def leaving(cls) -> list[Change]:
        """The update that ends every claim and takes the job out of the queue."""
        return [
            cls.lease.remove(),
            cls.claim.remove(),
            cls.gsi3_pk.remove(),
            cls.gsi3_sk.remove(),
        ]


class JobBodyItem(TableItem):
    """Compressed once, before anything is sent, so that the size is known."""

    TYPE = "job_body"

    request = BinaryAttribute(attr_name="req", legacy_encoding=False)
    result = BinaryAttribute(attr_name="out", legacy_encoding=False, null=True)

    @classmethod
    def of(cls, job_id: str, request: Mapping[str, Any]) -> Self:
        """Raises TooLarge."""
        key = job_body_key(job_id)
        return cls(
            key.partition,
            key.sort,
            request=compress_json_within(REQUEST_LIMIT_BYTES, "The request", dict(request)),
        )

    @classmethod
    def resulting(cls, result: Mapping[str, Any]) -> list[Change]:
        """The update that adds the result. Raises TooLarge."""
        packed = compress_json_within(RESULT_LIMIT_BYTES, "The result", dict(result))
        return [cls.typed(), cls.result.set(packed)]

    def record(self) -> JobBody:
        return JobBody(
            request=decompress_json(self.request),
            result=None if self.result is None else decompress_json(self.result),
        )


class JobProgressItem(TableItem):
    """One line; `claim` tells this very write from another's."""

    TYPE = "job_progress"

    message = UnicodeAttribute(attr_name="msg")
    attempt = IntAttribute(attr_name="att")
    claim = UnicodeAttribute(attr_name="clm")

    @classmethod
    def of(cls, job_id: str, line: ProgressLine, claim: str) -> Self:
        key = progress_key(job_id, line.number)
        return cls(
            key.partition,
            key.sort,
            message=cut(line.message, MESSAGE_BYTES),
            attempt=line.attempt,
            claim=claim,
            expires=int((line.at + PROGRESS_LIFETIME).timestamp()),
            **created_stamp(line.at),
        )

    def record(self) -> ProgressLine:
        return ProgressLine(
            number=int(str(PROGRESS_SORT.parse(self.sk)["number"])),
            attempt=self.attempt,
            message=self.message,
            at=self.created_at,
        )
