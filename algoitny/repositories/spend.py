"""The model's spend: the counter moves only together with the call's own row."""

from __future__ import annotations

from datetime import date

from algoitny.domain.clock import Clock, utc_day
from algoitny.domain.errors import Conflict, NotFound
from algoitny.domain.ids import Ids
from algoitny.domain.patience import Patience
from algoitny.domain.spend import NO_CAP, Charge, DaySpend
from algoitny.models.kit.operations import get
from algoitny.models.kit.transaction import Transaction
from algoitny.models.spend import ModelCallItem, SpendItem, call_key, spend_key


class _Charged(Conflict):
    """The call has its row."""


class _OverCap(Conflict):
    """The day has no room for it."""


class _Settled(Conflict):
    """The call was settled before."""


class DynamoSpendRepository:
    """Implements `SpendRepository`."""

    def __init__(self, *, clock: Clock, ids: Ids, patience: Patience) -> None:
        self._clock = clock
        self._ids = ids
        self._patience = patience

    def charge(self, call_id: str, *, micro_dollars: int, cap: int) -> Charge | None:
        """One Get, 0.5 RCU, then one transaction of call and counter; 4 WCU."""
        now = self._clock.now()
        day = utc_day(now)
        if not self._has_room(day, micro_dollars, cap):
            return self._charged(call_id)
        item = ModelCallItem.of(call_id, micro_dollars, now)
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        transaction.put(item, condition=ModelCallItem.absent_or_expired(now), refused=_Charged)
        transaction.update(
            SpendItem,
            spend_key(day),
            SpendItem.adding(day, micro_dollars),
            condition=SpendItem.room_for(micro_dollars, cap),
            refused=_OverCap,
        )
        earlier: list[Charge] = []

        def written() -> bool:
            charged = self._charged(call_id)
            earlier.extend(() if charged is None else (charged,))
            return charged is not None

        try:
            transaction.commit(written=written)
        except _OverCap:
            return None
        return earlier[0] if earlier else item.record()

    def settle(
        self, charge: Charge, *, micro_dollars: int, input_tokens: int, output_tokens: int
    ) -> None:
        """One transaction of call and counter; 4 WCU. Raises NotFound."""
        now = self._clock.now()
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        transaction.update(
            ModelCallItem,
            call_key(charge.call_id),
            [ModelCallItem.settled.set(now)],
            condition=(ModelCallItem.expires >= int(now.timestamp()))
            & ModelCallItem.settled.does_not_exist(),
            refused=_Settled,
        )
        transaction.update(
            SpendItem,
            spend_key(charge.day),
            [
                SpendItem.cost.add(micro_dollars - charge.micro_dollars),
                SpendItem.input_tokens.add(input_tokens),
                SpendItem.output_tokens.add(output_tokens),
            ],
            condition=SpendItem.present(),
        )
        transaction.commit(written=lambda: self._is_settled(charge))

    def get_day(self, day: date | None = None) -> DaySpend:
        """One Get; 0.5 RCU."""
        now = self._clock.now()
        return self._day(day or utc_day(now), consistent=False)

    def _day(self, day: date, *, consistent: bool) -> DaySpend:
        item = get(SpendItem, spend_key(day), consistent=consistent)
        if item is None or item.is_expired(self._clock.now()):
            return DaySpend(day=day)
        return item.record()

    def _has_room(self, day: date, micro_dollars: int, cap: int) -> bool:
        """Read first: nobody shall pay for a transaction that is cancelled. An eventual read may
        miss what was just settled, so a refusal is read again."""
        return cap == NO_CAP or any(
            self._day(day, consistent=consistent).micro_dollars + micro_dollars <= cap
            for consistent in (False, True)
        )

    def _charged(self, call_id: str) -> Charge | None:
        item = self._call(call_id)
        return None if item is None else item.record()

    def _is_settled(self, charge: Charge) -> bool:
        item = self._call(charge.call_id)
        if item is None:
            raise NotFound("No such call was charged.")
        return item.settled is not None

    def _call(self, call_id: str) -> ModelCallItem | None:
        item = get(ModelCallItem, call_key(call_id), consistent=True)
        return None if item is None or item.is_expired(self._clock.now()) else item
