"""Several processes make the same tables ready at once."""

from __future__ import annotations

from uuid import uuid4

import pytest

from algoitny.domain.repositories import Repositories
from algoitny.models import bind_models
from algoitny.models.base import TableItem
from algoitny.models.kit.table_clients import Clients
from algoitny.models.kit.table_state import describe_table, differences
from algoitny.models.layout import Layout, hybrid, single
from algoitny.models.tables import StorageOptions, create_tables, declared_tables
from tests.processes import at_once

pytestmark = pytest.mark.service

OPTIONS = StorageOptions(protected=True, tags={"Application": "x"}, lenient=False)


def make(_: Repositories, __: int) -> list[bool]:
    return [each.made for each in create_tables(OPTIONS)]


@pytest.mark.parametrize("layout", [single, hybrid])
def test_one_of_many_creates_each_table(store_endpoint: str, layout: type[Layout]) -> None:
    fresh = layout(f"algoitny-{uuid4().hex}")
    outcomes = at_once(store_endpoint, fresh, make, processes=4, threads=1)
    assert [sum(made) for made in zip(*outcomes, strict=True)] == [1] * len(outcomes[0])
    bind_models(layout=fresh, region="us-east-1", endpoint=store_endpoint)
    for each in declared_tables(OPTIONS):
        state = describe_table(Clients(TableItem), each)
        assert state is not None
        assert differences(each, state) == ()
        assert state.missing == ()
