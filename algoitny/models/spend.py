"""The model's spend: a counter a day, and a row for each call, which makes it count once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Self

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action as Change

from algoitny.domain.clock import utc_day
from algoitny.domain.spend import NO_CAP, Charge, DaySpend
from algoitny.models.base import TableItem, created_stamp
from algoitny.models.kit.attributes import InstantAttribute, IntAttribute
from algoitny.models.kit.keys import Key, partition_key, sort_key
from algoitny.models.sequence import SYSTEM
from algoitny.models.user import UNIQUE

SPEND_SORT = sort_key("LLM#{day:day}")
CALL_PARTITION = partition_key("LLM#{call}")

DAY_LIFETIME = timedelta(days=400)
CALL_LIFETIME = timedelta(days=2)


def spend_key(day: date) -> Key:
    return Key(SYSTEM, SPEND_SORT(day=day))


def call_key(call_id: str) -> Key:
    return Key(CALL_PARTITION(call=call_id), UNIQUE)


class SpendItem(TableItem):
    """A day's total."""

    TYPE = "spend"

    cost = IntAttribute(attr_name="cst", null=True)
    calls = IntAttribute(attr_name="cll", null=True)
    input_tokens = IntAttribute(attr_name="tin", null=True)
    output_tokens = IntAttribute(attr_name="tou", null=True)

    @classmethod
    def adding(cls, day: date, cost: int) -> list[Change]:
        """The update that counts one call, making the row on a day's first."""
        start = datetime.combine(day, datetime.min.time(), tzinfo=UTC)
        return [
            cls.cost.add(cost),
            cls.calls.add(1),
            cls.expires.set(int((start + DAY_LIFETIME).timestamp())),
            cls.typed(),
        ]

    @classmethod
    def room_for(cls, cost: int, cap: int) -> Condition | None:
        """The day's total stays at or below the cap; None, no condition, when there is none."""
        if cap == NO_CAP:
            return None
        condition: Condition = cls.cost <= cap - cost
        return cls.cost.does_not_exist() | condition if cost <= cap else condition

    def record(self) -> DaySpend:
        day = SPEND_SORT.parse(self.sk)["day"]
        assert isinstance(day, date)  # noqa: S101 - the template says so
        return DaySpend(
            day=day,
            micro_dollars=self.cost or 0,
            calls=self.calls or 0,
            input_tokens=self.input_tokens or 0,
            output_tokens=self.output_tokens or 0,
        )


class ModelCallItem(TableItem):
    """One call: what was taken for it, and when it was settled."""

    TYPE = "model_call"

    cost = IntAttribute(attr_name="cst")
    settled = InstantAttribute(attr_name="fin", null=True)

    @classmethod
    def of(cls, call_id: str, cost: int, now: datetime) -> Self:
        key = call_key(call_id)
        return cls(
            key.partition,
            key.sort,
            cost=cost,
            expires=int((now + CALL_LIFETIME).timestamp()),
            **created_stamp(now),
        )

    def record(self) -> Charge:
        return Charge(
            call_id=str(CALL_PARTITION.parse(self.pk)["call"]),
            day=utc_day(self.created_at),
            micro_dollars=self.cost,
        )
