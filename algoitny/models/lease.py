"""Leases: a row each, which is never removed, so that its fencing number only grows."""

from __future__ import annotations

from pynamodb.attributes import UnicodeAttribute

from algoitny.domain.lease import Lease
from algoitny.models.base import TableItem
from algoitny.models.kit.attributes import InstantAttribute, IntAttribute
from algoitny.models.kit.keys import Key, sort_key
from algoitny.models.sequence import SYSTEM

LEASE_SORT = sort_key("LSE#{name}")


def lease_key(name: str) -> Key:
    return Key(SYSTEM, LEASE_SORT(name=name))


class LeaseItem(TableItem):
    """`claim` tells one acquisition from another; no lease end means that it is free."""

    TYPE = "lease"

    owner = UnicodeAttribute(attr_name="own", null=True)
    fence = IntAttribute(attr_name="fen")
    until = InstantAttribute(attr_name="lse", null=True)
    claim = UnicodeAttribute(attr_name="clm", null=True)

    def record(self) -> Lease:
        return Lease(
            name=str(LEASE_SORT.parse(self.sk)["name"]),
            owner=self.owner,
            fence=self.fence,
            until=self.until,
        )
