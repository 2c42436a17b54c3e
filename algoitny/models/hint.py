"""Hints of an execution, naturally keyed by level and prompt version."""

from __future__ import annotations

from typing import Self

from pynamodb.attributes import UnicodeAttribute

from algoitny.domain.hint import Hint, HintState
from algoitny.models.base import TableItem, created_stamp
from algoitny.models.history import HISTORY_PARTITION
from algoitny.models.kit.attributes import (
    CompressedTextAttribute,
    InstantAttribute,
    IntAttribute,
)
from algoitny.models.kit.keys import Key, sort_key

HINT_SORT = sort_key("HNT#{level:1}#{prompt_version:04}")
PENDING_HINTS = "QUEUE#HNT"
PENDING_SORT = sort_key("{history}#{level:1}")


def hint_key(history_id: str, level: int, prompt_version: int) -> Key:
    sort = HINT_SORT(level=level, prompt_version=prompt_version)
    return Key(HISTORY_PARTITION(history=history_id), sort)


class HintItem(TableItem):
    TYPE = "hint"

    user_id = UnicodeAttribute(attr_name="uid")
    state = UnicodeAttribute(attr_name="sta")
    text = CompressedTextAttribute(attr_name="txt", null=True)
    attempt = IntAttribute(attr_name="att")
    tries = IntAttribute(attr_name="try")
    lease = InstantAttribute(attr_name="lse", null=True)
    claim = UnicodeAttribute(attr_name="clm", null=True)

    @classmethod
    def of(cls, hint: Hint, claim: str) -> Self:
        """A pending hint; `claim` tells this very write from another's."""
        key = hint_key(hint.history_id, hint.level, hint.prompt_version)
        return cls(
            key.partition,
            key.sort,
            gsi3_pk=PENDING_HINTS,
            gsi3_sk=PENDING_SORT(history=hint.history_id, level=hint.level),
            user_id=hint.user_id,
            state=hint.state.value,
            text=hint.text or None,
            attempt=hint.attempt,
            tries=hint.tries,
            lease=hint.lease_until,
            claim=claim,
            updated=hint.updated_at,
            **created_stamp(hint.created_at),
        )

    def record(self) -> Hint:
        sort = HINT_SORT.parse(self.sk)
        return Hint(
            history_id=str(HISTORY_PARTITION.parse(self.pk)["history"]),
            user_id=self.user_id,
            level=int(str(sort["level"])),
            prompt_version=int(str(sort["prompt_version"])),
            state=HintState(self.state),
            text=self.text or "",
            attempt=self.attempt,
            tries=self.tries,
            lease_until=self.lease,
            created_at=self.created_at,
            updated_at=self.updated_at,
        )
