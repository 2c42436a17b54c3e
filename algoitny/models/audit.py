"""Audit lines: a partition a month, sorted by time."""

from __future__ import annotations

from datetime import date
from typing import Self

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from algoitny.domain.audit import AuditLine, without_secrets
from algoitny.domain.clock import utc_day
from algoitny.models.base import TableItem, created_stamp
from algoitny.models.kit.attributes import compress_json_within, decompress_json
from algoitny.models.kit.keys import Key, partition_key, sort_key

AUDIT_PARTITION = partition_key("AUD#{year:04}{month:02}")
AUDIT_SORT = sort_key("{id}")
DETAILS_LIMIT_BYTES = 16 * 1024


def audit_partition(day: date) -> str:
    """All lines of the day's month."""
    return AUDIT_PARTITION(year=day.year, month=day.month)


def audit_key(day: date, line_id: str) -> Key:
    return Key(audit_partition(day), AUDIT_SORT(id=line_id))


class AuditItem(TableItem):
    TYPE = "audit"

    actor = UnicodeAttribute(attr_name="uid")
    action = UnicodeAttribute(attr_name="act")
    subject = UnicodeAttribute(attr_name="sbj")
    details = BinaryAttribute(attr_name="mta", legacy_encoding=False)

    @classmethod
    def of(cls, line: AuditLine) -> Self:
        """Raises TooLarge."""
        key = audit_key(utc_day(line.at), line.id)
        return cls(
            key.partition,
            key.sort,
            actor=line.actor,
            action=line.action,
            subject=line.subject,
            details=compress_json_within(
                DETAILS_LIMIT_BYTES, "The details", without_secrets(line.details)
            ),
            **created_stamp(line.at),
        )

    def record(self) -> AuditLine:
        return AuditLine(
            id=str(AUDIT_SORT.parse(self.sk)["id"]),
            at=self.created_at,
            actor=self.actor,
            action=self.action,
            subject=self.subject,
            details=decompress_json(self.details),
        )
