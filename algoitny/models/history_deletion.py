"""What is left of a deleted execution while a worker may still be at it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from algoitny.domain.clock import epoch_ms
from algoitny.models.base import TableItem
from algoitny.models.history import HISTORY_PARTITION
from algoitny.models.kit.keys import Key, sort_key

DELETION = "DEL"
DELETIONS = "QUEUE#DEL"
DELETION_SORT = sort_key("{due:015}#{history}")


def deletion_key(history_id: str) -> Key:
    return Key(HISTORY_PARTITION(history=history_id), DELETION)


class DeletionItem(TableItem):
    """A deleted execution whose worker may still have been at it: what that puts beside the
    summary, which is gone, is removed when this row is due."""

    TYPE = "deletion"

    @classmethod
    def of(cls, history_id: str, due: datetime) -> Self:
        key = deletion_key(history_id)
        return cls(
            key.partition,
            key.sort,
            gsi3_pk=DELETIONS,
            gsi3_sk=DELETION_SORT(due=epoch_ms(due), history=history_id),
        )

    @property
    def history_id(self) -> str:
        return str(HISTORY_PARTITION.parse(self.pk)["history"])


def deletions_before(instant: datetime) -> str:
    """A sort key above those of all deletions that are due at the instant."""
    return DELETION_SORT.prefix(due=epoch_ms(instant + timedelta(milliseconds=1)))
