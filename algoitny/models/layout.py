"""Which tables there are, and which of them holds which family of entities.

Keys and code are the same in every layout; only the table that a request names differs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """Entities that are always in one table. One read or batch addresses one family; transactions
    may span them."""

    MAIN = "main"
    USERS = "users"
    PLANS = "plans"


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """The table's name for each family."""

    main: str
    users: str
    plans: str

    def table_of(self, family: Family) -> str:
        return {Family.MAIN: self.main, Family.USERS: self.users, Family.PLANS: self.plans}[family]


def single(table_name: str) -> Layout:
    """Everything in one table."""
    return Layout(main=table_name, users=table_name, plans=table_name)


def hybrid(prefix: str) -> Layout:
    """Three tables: users, with what belongs to signing in; plans; everything else."""
    return Layout(main=f"{prefix}-Main", users=f"{prefix}-Users", plans=f"{prefix}-Plans")
