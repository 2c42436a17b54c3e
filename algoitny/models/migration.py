"""State of the table's migrations, a row each."""

from __future__ import annotations

from typing import Self

from pynamodb.attributes import UnicodeAttribute

from algoitny.domain.migration import Direction, Migration, MigrationState
from algoitny.models.base import TableItem
from algoitny.models.kit.attributes import CompressedJSONAttribute, IntAttribute
from algoitny.models.kit.keys import Key, sort_key
from algoitny.models.kit.sizes import cut
from algoitny.models.sequence import SYSTEM

MIGRATION_SORT = sort_key("MIG#{number:04}")
ERROR_BYTES = 1000


def migration_key(number: int) -> Key:
    return Key(SYSTEM, MIGRATION_SORT(number=number))


class MigrationItem(TableItem):
    """`claim` tells one start from another."""

    TYPE = "migration"

    name = UnicodeAttribute(attr_name="nm")
    direction = UnicodeAttribute(attr_name="dir")
    state = UnicodeAttribute(attr_name="sta")
    owner = UnicodeAttribute(attr_name="own")
    fence = IntAttribute(attr_name="fen")
    position = CompressedJSONAttribute(attr_name="ckp")
    examined = IntAttribute(attr_name="exm")
    changed = IntAttribute(attr_name="chg")
    error = UnicodeAttribute(attr_name="err", null=True)
    claim = UnicodeAttribute(attr_name="clm", null=True)

    @classmethod
    def of(cls, migration: Migration, *, version: int, claim: str) -> Self:
        key = migration_key(migration.number)
        return cls(
            key.partition,
            key.sort,
            name=migration.name,
            direction=migration.direction.value,
            state=migration.state.value,
            owner=migration.owner,
            fence=migration.fence,
            position=dict(migration.checkpoint),
            examined=migration.examined,
            changed=migration.changed,
            error=cut(migration.error, ERROR_BYTES) or None,
            claim=claim,
            version=version,
            created=migration.started_at,
            updated=migration.updated_at,
        )

    def record(self) -> Migration:
        return Migration(
            number=int(str(MIGRATION_SORT.parse(self.sk)["number"])),
            name=self.name,
            direction=Direction(self.direction),
            state=MigrationState(self.state),
            owner=self.owner,
            fence=self.fence,
            checkpoint=self.position,
            examined=self.examined,
            changed=self.changed,
            error=self.error or "",
            started_at=self.created,
            updated_at=self.updated,
        )
