"""Daily usage: an exact counter a user and day, and a log of what was consumed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from pynamodb.expressions.condition import Condition

from algoitny.domain.clock import Clock, next_reset, utc_day
from algoitny.domain.errors import InvalidInput
from algoitny.domain.ids import Ids
from algoitny.domain.page import Page
from algoitny.domain.patience import Patience
from algoitny.domain.plan import UNLIMITED
from algoitny.domain.problem import ProblemKey
from algoitny.domain.usage import KEPT_DAYS, Action, DayUsage, UsageLog, UserDay
from algoitny.models.base import Gsi3, TableItem
from algoitny.models.kit.batch import batch_get, batch_write
from algoitny.models.kit.cursor import Cursors, Position
from algoitny.models.kit.operations import get, put, query, query_all, update
from algoitny.models.kit.transaction import Transaction
from algoitny.models.usage import (
    COUNTER_SORT,
    DAY_LIST,
    USAGE_PARTITION,
    UsageCounterItem,
    UsageLogItem,
    counter_key,
    logs_from,
)
from algoitny.repositories.listing import filtered
from algoitny.repositories.quota import charge, count_on, count_over, refusal

_EXPIRED_LINGER_DAYS = 7
"""The store removes a row that is past its time within a few days."""

_DELETED_AT_ONCE = 250


class DynamoUsageRepository:
    """Implements `UsageRepository`."""

    def __init__(self, *, clock: Clock, ids: Ids, cursors: Cursors, patience: Patience) -> None:
        self._clock = clock
        self._ids = ids
        self._cursors = cursors
        self._patience = patience

    def check_rate_limit(
        self, user_id: str, action: Action, limit: int
    ) -> tuple[bool, int, datetime]:
        """One Get; 0.5 RCU."""
        now = self._clock.now()
        count = count_on(user_id, utc_day(now), action)
        return limit == UNLIMITED or count < limit, count, next_reset(now)

    def consume(
        self,
        user_id: str,
        action: Action,
        *,
        limit: int,
        key: str,
        problem: ProblemKey | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> int:
        """One transaction of counter and log row; 4 WCU. `key` is natural within its UTC day."""
        now = self._clock.now()
        day = utc_day(now)
        log = UsageLogItem.of(
            UsageLog(user_id=user_id, action=action, at=now, problem=problem, metadata=metadata),
            key,
            timeless=True,
        )
        taken = UsageLogItem.absent_or_expired(now)

        def written() -> bool:
            return get(UsageLogItem, log_row, consistent=True) is not None

        log_row = log.key
        count = count_over(user_id, day, action, limit)
        if count is not None and not written():
            raise refusal(user_id, day, action, limit, count=count)
        transaction = Transaction(token=self._ids.new(), patience=self._patience)
        transaction.put(log, condition=taken)
        charge(transaction, user_id, day, action, limit)
        transaction.commit(written=written)
        return count_on(user_id, day, action, consistent=True)

    def log_usage(
        self,
        user_id: str,
        action: Action,
        *,
        problem: ProblemKey | None = None,
        metadata: Mapping[str, str] | None = None,
    ) -> UsageLog:
        """One Get and one Put under an id of its own, which makes a repeat harmless; 1.5 units.
        A day's first also makes the counter row, by which the day's logs are found.

        Raises TooLarge, StoreUnavailable.
        """
        log = UsageLog(
            user_id=user_id,
            action=action,
            at=self._clock.now(),
            problem=problem,
            metadata=metadata,
        )
        day = utc_day(log.at)
        key = counter_key(user_id, day)
        if get(UsageCounterItem, key) is None:
            update(UsageCounterItem, key, UsageCounterItem.opening(user_id, day))
        put(UsageLogItem.of(log, self._ids.new()))
        return log

    def get_daily_usage_count(self, user_id: str, action: Action, day: date | None = None) -> int:
        """One Get; 0.5 RCU."""
        return self.get_day(user_id, day).of(action)

    def get_day(self, user_id: str, day: date | None = None) -> DayUsage:
        """One Get; 0.5 RCU."""
        day = day or utc_day(self._clock.now())
        item = get(UsageCounterItem, counter_key(user_id, day))
        if item is None or item.is_expired(self._clock.now()):
            return DayUsage(day=day)
        return item.record()

    def get_usage_logs(
        self,
        user_id: str,
        *,
        start: date,
        end: date | None = None,
        action: Action | None = None,
        limit: int = 100,
        cursor: str | None = None,
    ) -> Page[UsageLog]:
        """One Query of the days' key range; 0.5 RCU per 4 KB. With an action, Queries in growing
        chunks over at most 400 rows."""
        end = end or start
        if end < start:
            raise InvalidInput.field("/end", "The last day is before the first.")
        scope = ("get_usage_logs", user_id, start.isoformat(), end.isoformat(), action or "")
        items, position = filtered(
            UsageLogItem,
            USAGE_PARTITION(user=user_id),
            # `$` follows `#`: all that the last day's prefix begins.
            sort=UsageLogItem.sk.between(logs_from(start), logs_from(end).removesuffix("#") + "$"),
            only=None if action is None else UsageLogItem.action == action.value,
            limit=limit,
            start=self._cursors.open(scope, cursor),
        )
        now = self._clock.now()
        logs = tuple(item.record() for item in items if not item.is_expired(now))
        return Page(logs, self._cursors.issue(scope, position))

    def get_usage_summary(self, user_id: str, days: int = 30) -> tuple[DayUsage, ...]:
        """One Query of counters; 1.5 RCU for 90 days."""
        if not 1 <= days <= KEPT_DAYS:
            raise InvalidInput.field("/days", f"This must be 1 to {KEPT_DAYS} days.")
        now = self._clock.now()
        today = utc_day(now)
        items = query_all(
            UsageCounterItem,
            USAGE_PARTITION(user=user_id),
            sort=UsageCounterItem.sk.between(
                COUNTER_SORT(day=today - timedelta(days=days - 1)), COUNTER_SORT(day=today)
            ),
        )
        found = (item.record() for item in items if not item.is_expired(now))
        return tuple(usage for usage in found if usage.units)

    def list_daily_usage(
        self, day: date, *, limit: int = 100, cursor: str | None = None
    ) -> Page[UserDay]:
        """One Query of GSI3, then BatchGets of the counters; 0.5 RCU per 4 KB and 0.5 a user."""
        scope = ("list_daily_usage", day.isoformat())
        part = query(
            UsageCounterItem,
            DAY_LIST(day=day),
            index=Gsi3,
            limit=limit,
            start=self._cursors.open(scope, cursor),
        )
        keys = [item.key for item in part.items]
        found = batch_get(UsageCounterItem, keys, patience=self._patience)
        now = self._clock.now()
        rows = (found[key] for key in keys if key in found)
        users = (row.user_day() for row in rows if not row.is_expired(now))
        used = tuple(user for user in users if user.usage.units)
        return Page(used, self._cursors.issue(scope, part.position))

    def delete_logs_before_date(self, user_id: str | None, before: date) -> int:
        """Of one user: Queries of both key ranges and BatchWrites; 1 WCU a row.
        Of all: a Query of GSI3 for each kept day, then the same of each user found there.

        Raises BatchIncomplete (a StoreUnavailable), after which a repeat goes on.
        """
        today = utc_day(self._clock.now())
        if before > today:
            raise InvalidInput.field("/before", "Only past days can be removed.")
        if user_id is not None:
            return self._delete_days(user_id, date.min, before)
        # The store removes expired rows within days of their time: look a little further back.
        first = today - timedelta(days=KEPT_DAYS + _EXPIRED_LINGER_DAYS)
        days = (first + timedelta(days=n) for n in range((before - first).days))
        return sum(self._delete_day_of_all(day) for day in days)

    def _delete_day_of_all(self, day: date) -> int:
        removed = 0
        start: Position | None = None
        while True:
            part = query(UsageCounterItem, DAY_LIST(day=day), index=Gsi3, start=start)
            for item in part.items:
                user = item.user_day().user_id
                removed += self._delete_days(user, day, day + timedelta(days=1))
            start = part.position
            if start is None:
                return removed

    def _delete_days(self, user_id: str, first: date, before: date) -> int:
        """Logs before counters: a counter that is left leads a repeat to the logs that are."""
        if before <= first:
            return 0
        partition = USAGE_PARTITION(user=user_id)
        # No row has a prefix as its key, so the day `before` is not among them.
        logs = UsageLogItem.sk.between(logs_from(first), logs_from(before))
        counters = UsageCounterItem.sk.between(
            COUNTER_SORT(day=first), COUNTER_SORT(day=before - timedelta(days=1))
        )
        removed = self._delete_range(UsageLogItem, partition, logs)
        self._delete_range(UsageCounterItem, partition, counters)
        return removed

    def _delete_range(self, model: type[TableItem], partition: str, sort: Condition) -> int:
        removed = 0
        start: Position | None = None
        while True:
            part = query(model, partition, sort=sort, limit=_DELETED_AT_ONCE, start=start)
            keys = [item.key for item in part.items]
            removed += batch_write(model, deletes=keys, patience=self._patience)
            start = part.position
            if start is None:
                return removed
