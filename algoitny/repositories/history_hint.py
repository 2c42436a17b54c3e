"""Attaching finished hints, such as moved ones, to an execution; what a user asks for goes through
the hints' own repository."""

from __future__ import annotations

from collections.abc import Sequence

from algoitny.domain.errors import InvalidInput, NotFound
from algoitny.domain.hint import Hint, HintState
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.models.hint import HintItem
from algoitny.models.history import HistoryItem, history_key
from algoitny.models.kit.batch import batch_get
from algoitny.models.kit.transaction import Transaction


def attach_hints(history_id: str, hints: Sequence[Hint], *, ids: Ids, patience: Patience) -> None:
    """In place of those of the same level and version of the prompt. Raises NotFound,
    InvalidInput."""
    transaction = Transaction(token=ids.new(), patience=patience)
    transaction.check(
        HistoryItem,
        history_key(history_id),
        HistoryItem.present(),
        refused=lambda: NotFound("No such execution."),
    )
    for hint in hints:
        if hint.state is HintState.PENDING or hint.history_id != history_id:
            raise InvalidInput.field("/hints", "Only finished hints of this execution.")
    items = [HintItem.of(hint, ids.new()) for hint in hints]
    if len({item.key for item in items}) < len(items):
        raise InvalidInput.field("/hints", "Only one hint for each level and prompt version.")
    for item in items:
        item.gsi3_pk = item.gsi3_sk = None  # nobody shall write it again
        transaction.put(item)

    def written() -> bool:
        keys = [item.key for item in items]
        found = batch_get(HintItem, keys, patience=patience, consistent=True)
        return all(item.key in found and found[item.key].claim == item.claim for item in items)

    transaction.commit(written=written)
