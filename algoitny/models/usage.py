"""Usage: one counter a user and day, and a log row for each consumption."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Self

from pynamodb.attributes import JSONAttribute, UnicodeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action as Change

from algoitny.domain.clock import epoch_us
from algoitny.domain.plan import UNLIMITED
from algoitny.domain.problem import ProblemKey
from algoitny.domain.usage import KEPT_DAYS, Action, DayUsage, UsageLog, UserDay
from algoitny.models.base import TableItem, created_stamp
from algoitny.models.kit.attributes import IntAttribute
from algoitny.models.kit.keys import Key, partition_key, sort_key

USAGE_PARTITION = partition_key("USR#{user}#ULOG")
COUNTER_SORT = sort_key("CNT#{day:day}")
LOG_SORT = sort_key("ULOG#{day:day}#{microseconds:016}#{action}#{id}")
DAY_LIST = partition_key("ULOG#{day:day}")
DAY_SORT = sort_key("USR#{user}")

LIFETIME = timedelta(days=KEPT_DAYS)
GIVE_BACKS_A_DAY = 5


def counter_key(user_id: str, day: date) -> Key:
    return Key(USAGE_PARTITION(user=user_id), COUNTER_SORT(day=day))


def log_key(user_id: str, day: date, microseconds: int, action: Action, log_id: str) -> Key:
    sort = LOG_SORT(day=day, microseconds=microseconds, action=action.value, id=log_id)
    return Key(USAGE_PARTITION(user=user_id), sort)


def logs_from(day: date) -> str:
    """The sort key that all logs of this day and later ones follow, and none of earlier ones."""
    return LOG_SORT.prefix(day=day)


class UsageCounterItem(TableItem):
    """`given_back` counts the units that failed executions returned."""

    TYPE = "day"  # short: ninety of them, at most 136 bytes each, are read for 1.5 units

    executions = IntAttribute(attr_name="exe", null=True)
    hints = IntAttribute(attr_name="hnt", null=True)
    runs = IntAttribute(attr_name="run", null=True)
    given_back = IntAttribute(attr_name="gvb", null=True)

    @classmethod
    def counter_of(cls, action: Action) -> IntAttribute:
        """The attribute that counts an action."""
        return {
            Action.EXECUTION: cls.executions,
            Action.HINT: cls.hints,
            Action.RUN: cls.runs,
        }[action]

    @classmethod
    def adding(cls, user_id: str, day: date, action: Action) -> list[Change]:
        """The update that counts one unit, making the row on a day's first."""
        return [cls.counter_of(action).add(1), *cls.opening(user_id, day)]

    @classmethod
    def opening(cls, user_id: str, day: date) -> list[Change]:
        """The update that makes the row, which is how the day's logs are found, or leaves it."""
        end_of_day = datetime.combine(day, datetime.min.time(), tzinfo=UTC) + timedelta(days=1)
        return [
            cls.typed(),
            cls.expires.set(int((end_of_day + LIFETIME).timestamp())),
            cls.gsi3_pk.set(DAY_LIST(day=day)),
            cls.gsi3_sk.set(DAY_SORT(user=user_id)),
        ]

    @classmethod
    def below(cls, action: Action, limit: int) -> Condition | None:
        """Another unit may be counted; None, no condition, when there is no limit."""
        if limit == UNLIMITED:
            return None
        counter = cls.counter_of(action)
        condition: Condition = counter.does_not_exist() | (counter < limit)
        return condition

    @classmethod
    def giving_back(cls, action: Action) -> list[Change]:
        """The update that returns one unit to the day that was charged."""
        return [cls.counter_of(action).add(-1), cls.given_back.add(1)]

    @classmethod
    def may_give_back(cls, action: Action) -> Condition:
        """At most five a user and day: who makes the judge fail must not play for nothing."""
        few = cls.given_back.does_not_exist() | (cls.given_back < GIVE_BACKS_A_DAY)
        condition: Condition = (cls.counter_of(action) >= 1) & few
        return condition

    def record(self) -> DayUsage:
        day = COUNTER_SORT.parse(self.sk)["day"]
        assert isinstance(day, date)  # noqa: S101 - the template says so
        return DayUsage(
            day=day,
            executions=self.executions or 0,
            hints=self.hints or 0,
            runs=self.runs or 0,
        )

    def user_day(self) -> UserDay:
        user = str(USAGE_PARTITION.parse(self.pk)["user"])
        return UserDay(user_id=user, usage=self.record())


class UsageLogItem(TableItem):
    TYPE = "usage_log"

    action = UnicodeAttribute(attr_name="act")
    problem = UnicodeAttribute(attr_name="pid", null=True)
    metadata = JSONAttribute(attr_name="mta", null=True)

    @classmethod
    def of(cls, log: UsageLog, log_id: str, *, timeless: bool = False) -> Self:
        """`timeless` leaves the time out of the key, so that the same id again is the same row."""
        day = log.at.astimezone(UTC).date()
        key = log_key(log.user_id, day, 0 if timeless else epoch_us(log.at), log.action, log_id)
        return cls(
            key.partition,
            key.sort,
            action=log.action.value,
            problem=None if log.problem is None else problem_id_text(log.problem),
            metadata=None if log.metadata is None else dict(log.metadata),
            expires=int((log.at + LIFETIME).timestamp()),
            **created_stamp(log.at),
        )

    def record(self) -> UsageLog:
        return UsageLog(
            user_id=str(USAGE_PARTITION.parse(self.pk)["user"]),
            action=Action(self.action),
            at=self.created_at,
            problem=None if self.problem is None else parse_problem_id(self.problem),
            metadata=self.metadata,
        )


PROBLEM_ID = sort_key("{platform}#{number}")
"""How a problem is named in other rows (`pid`)."""


def problem_id_text(key: ProblemKey) -> str:
    return PROBLEM_ID(platform=key.platform, number=key.number)


def parse_problem_id(text: str) -> ProblemKey:
    parts = PROBLEM_ID.parse(text)
    return ProblemKey(platform=str(parts["platform"]), number=str(parts["number"]))
