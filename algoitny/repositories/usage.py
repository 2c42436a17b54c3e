"""Daily usage: an exact counter a user and day, and a log of what was consumed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from algoitny.domain.clock import Clock, next_reset, utc_day
from algoitny.domain.errors import InvalidInput
from algoitny.domain.ids import Ids
from algoitny.domain.plan import UNLIMITED
from algoitny.domain.problem import ProblemKey
from algoitny.domain.usage import Action, DayUsage, UsageLog
from algoitny.models.kit.operations import get, put, query_all
from algoitny.models.kit.patience import Patience
from algoitny.models.kit.transaction import Transaction
from algoitny.models.usage import (
    COUNTER_SORT,
    LOG_SORT,
    USAGE_PARTITION,
    UsageCounterItem,
    UsageLogItem,
    counter_key,
)
from algoitny.repositories.quota import count_on, count_over, refusal


class DynamoUsageRepository:
    """Implements `UsageRepository`."""

    def __init__(self, *, clock: Clock, ids: Ids, patience: Patience | None = None) -> None:
        self._clock = clock
        self._ids = ids
        self._patience = patience or Patience(clock=clock)

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
        transaction.update(
            UsageCounterItem,
            counter_key(user_id, day),
            UsageCounterItem.adding(user_id, day, action),
            condition=UsageCounterItem.below(action, limit),
            refused=lambda: refusal(user_id, day, action, limit),
        )
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
        """One Put under an id of its own; 1 WCU."""
        log = UsageLog(
            user_id=user_id,
            action=action,
            at=self._clock.now(),
            problem=problem,
            metadata=metadata,
        )
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
        self, user_id: str, *, start: date, end: date | None = None, action: Action | None = None
    ) -> tuple[UsageLog, ...]:
        """One Query of the days' key range, over as many MB as it has."""
        end = end or start
        if end < start:
            raise InvalidInput.field("/end", "The last day is before the first.")
        now = self._clock.now()
        items = query_all(
            UsageLogItem,
            USAGE_PARTITION(user=user_id),
            # `$` follows `#`: all that the last day's prefix begins.
            sort=UsageLogItem.sk.between(
                LOG_SORT.prefix(day=start), LOG_SORT.prefix(day=end).removesuffix("#") + "$"
            ),
        )
        logs = [item.record() for item in items if not item.is_expired(now)]
        # Rows of a natural key have no time in theirs.
        return tuple(
            sorted(
                (log for log in logs if action is None or log.action is action),
                key=lambda log: log.at,
            )
        )

    def get_usage_summary(self, user_id: str, days: int = 30) -> tuple[DayUsage, ...]:
        """One Query of counters; 1.5 RCU for 90 days."""
        if not 1 <= days <= 90:
            raise InvalidInput.field("/days", "From 1 to 90 days are kept.")
        now = self._clock.now()
        today = utc_day(now)
        items = query_all(
            UsageCounterItem,
            USAGE_PARTITION(user=user_id),
            sort=UsageCounterItem.sk.between(
                COUNTER_SORT(day=today - timedelta(days=days - 1)), COUNTER_SORT(day=today)
            ),
        )
        return tuple(item.record() for item in items if not item.is_expired(now))
