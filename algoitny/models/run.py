"""Runs on own input: one row, which expires."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import datetime, timedelta
from typing import Self

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action as Change

from algoitny.domain.ids import first_id_of
from algoitny.domain.run import Run, RunResult
from algoitny.domain.verdict import State, Verdict
from algoitny.models.base import TableItem, created_stamp
from algoitny.models.kit.attributes import (
    CompressedJSONAttribute,
    InstantAttribute,
    IntAttribute,
    compress_json_within,
    decompress_json,
)
from algoitny.models.kit.keys import Key, partition_key, sort_key
from algoitny.models.kit.sizes import cut

RUN_PARTITION = partition_key("RUN#{run}")
META = "META"
RUN_QUEUE = "QUEUE#RUN"
QUEUED_SORT = sort_key("{run}")

LIFETIME = timedelta(hours=1)
"""Of one that is open."""
RESULT_LIFETIME = timedelta(minutes=10)
"""Of one that has ended."""
CODE_BYTES, INPUT_BYTES = 68 * 1024, 224 * 1024
"""Compressed; code, input and the three texts of a result fit into one row."""
OUTPUT_BYTES, MESSAGE_BYTES = 64 * 1024, 16 * 1024
REASON_BYTES = 200


def run_key(run_id: str) -> Key:
    return Key(RUN_PARTITION(run=run_id), META)


def queued_between(start: datetime, end: datetime) -> tuple[str, str]:
    """Sort keys around those of the runs that were made from `start` on and before `end`."""
    return first_id_of(start), first_id_of(end)


class RunItem(TableItem):
    """`claim` tells one claim's write from another's."""

    TYPE = "run"

    user_id = UnicodeAttribute(attr_name="uid")
    language = UnicodeAttribute(attr_name="lng")
    code = BinaryAttribute(attr_name="cod", legacy_encoding=False)
    input = BinaryAttribute(attr_name="inp", legacy_encoding=False)
    state = UnicodeAttribute(attr_name="sta")
    result = CompressedJSONAttribute(attr_name="res", null=True)
    reason = UnicodeAttribute(attr_name="err", null=True)
    attempt = IntAttribute(attr_name="att")
    lease = InstantAttribute(attr_name="lse", null=True)
    claim = UnicodeAttribute(attr_name="clm", null=True)

    @classmethod
    def admitted(cls, run: Run) -> Self:
        """A new run, QUEUED and listed among the open ones. Raises TooLarge."""
        key = run_key(run.id)
        return cls(
            key.partition,
            key.sort,
            gsi3_pk=RUN_QUEUE,
            gsi3_sk=QUEUED_SORT(run=run.id),
            user_id=run.user_id,
            language=run.language,
            code=compress_json_within(CODE_BYTES, "The code", run.code),
            input=compress_json_within(INPUT_BYTES, "The input", run.input),
            state=State.QUEUED.value,
            attempt=0,
            updated=run.created_at,
            expires=int((run.created_at + LIFETIME).timestamp()),
            **created_stamp(run.created_at),
        )

    @classmethod
    def ending(cls, run: Run) -> list[Change]:
        """The update that ends it as `run` says and takes it out of the queue."""
        changes: list[Change] = [
            cls.state.set(run.state.value),
            cls.updated.set(run.updated_at),
            cls.expires.set(int((run.updated_at + RESULT_LIFETIME).timestamp())),
            cls.lease.remove(),
            cls.claim.remove(),
            cls.gsi3_pk.remove(),
            cls.gsi3_sk.remove(),
        ]
        if run.result is not None:
            changes.append(cls.result.set(asdict(run.result)))
        if run.reason:
            changes.append(cls.reason.set(run.reason))
        return changes

    def record(self) -> Run:
        return Run(
            id=str(RUN_PARTITION.parse(self.pk)["run"]),
            user_id=self.user_id,
            language=self.language,
            code=decompress_json(self.code),
            input=decompress_json(self.input),
            state=State(self.state),
            result=_result(self.result),
            attempt=self.attempt,
            lease_until=self.lease,
            reason=self.reason or "",
            created_at=self.created_at,
            updated_at=self.updated_at,
        )


def shortened(result: RunResult) -> RunResult:
    """The result as a row takes it."""
    return replace(
        result,
        output=cut(result.output, OUTPUT_BYTES),
        error=cut(result.error, MESSAGE_BYTES),
        compile_message=cut(result.compile_message, MESSAGE_BYTES),
    )


def _result(stored: dict[str, object] | None) -> RunResult | None:
    if stored is None:
        return None
    values = {**stored, "verdict": Verdict(str(stored["verdict"]))}
    return RunResult(**values)  # type: ignore[arg-type]  # as `ending` stored them
