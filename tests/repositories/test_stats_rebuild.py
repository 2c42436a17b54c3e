"""Statistics that went wrong, as no operation of the product leaves them."""

from __future__ import annotations

from typing import Any

import pytest

from algoitny.domain.repositories import Repositories
from algoitny.domain.verdict import Verdict
from algoitny.models import TableItem
from algoitny.models.kit.binding import connection_of
from algoitny.models.stats import stats_key
from tests.builders import done, running
from tests.clock import FixedClock


@pytest.mark.parametrize(
    "damage",
    [
        "SET exe = :n, acc = :n, slv = :n, #ac = :n, #p = :n",
        "SET exe = :n, #x = :n, #y = :n REMOVE #ac, pts",
        "REMOVE exe, acc, slv, #ac, #p, #s, #l, pts, v",
    ],
)
def test_damage_is_repaired(repositories: Repositories, clock: FixedClock, damage: str) -> None:
    for verdict in (Verdict.WA, Verdict.AC):
        done(repositories, clock, verdict)
    repositories.histories.delete_history(done(repositories, clock).id)
    running(repositories, clock)
    right = repositories.stats.get_user_totals("ann")
    names = {
        "#ac": "v#AC",
        "#p": "p#baekjoon",
        "#s": "s#baekjoon",
        "#l": "l#python3",
        "#x": "v#TLE",
        "#y": "s#gone",
    }
    client: Any = connection_of(TableItem).connection.client
    client.update_item(
        TableName=connection_of(TableItem).table_name,
        Key=dict(zip(("PK", "SK"), ({"S": part} for part in stats_key("ann")), strict=True)),
        UpdateExpression=damage,
        ExpressionAttributeNames={key: name for key, name in names.items() if key in damage},
        **({"ExpressionAttributeValues": {":n": {"N": "77"}}} if ":n" in damage else {}),
    )
    wrong = repositories.stats.get_user_totals("ann")
    assert wrong != right
    assert repositories.stats.rebuild_user_stats("ann") == (wrong, right)
    assert repositories.stats.get_user_totals("ann") == right
    done(repositories, clock)
    assert repositories.stats.get_user_totals("ann").executions == right.executions + 1
