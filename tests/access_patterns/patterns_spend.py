"""What the language model costs."""

from __future__ import annotations

from algoitny.domain.spend import Charge
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World


def charged(world: World) -> Charge:
    charge = world.repositories.spend.charge(
        "01JPA0CALL0000000000000000", micro_dollars=8_000, cap=5_000_000
    )
    assert charge is not None
    return charge


@pattern(
    "X5",
    "spend.charge",
    "Get SYS / LLM#20250314",
    "Transact: Put LLM#01JPA0CALL0000000000000000 / UNQ if (attribute_not_exists(PK) OR ttl < <time>)",
    "and Update SYS / LLM#20250314 if (attribute_not_exists(cst) OR cst <= 4992000)",
    reads=0.5,
    writes=4,
)
def _(world: World) -> Call:
    return lambda: charged(world)


@pattern(
    "X5b",
    "spend.settle",
    "Transact: Update LLM#01JPA0CALL0000000000000000 / UNQ if (ttl >= <time> AND attribute_not_exists(fin))",
    "and Update SYS / LLM#20250314 if attribute_exists(PK)",
    reads=0,
    writes=4,
)
def _(world: World) -> Call:
    charge = charged(world)
    return lambda: world.repositories.spend.settle(
        charge, micro_dollars=3_100, input_tokens=2_150, output_tokens=240
    )


@pattern("X5c", "spend.get_day", "Get SYS / LLM#20250314", reads=0.5, writes=0)
def _(world: World) -> Call:
    charged(world)
    return world.repositories.spend.get_day
