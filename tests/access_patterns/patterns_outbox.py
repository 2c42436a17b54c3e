"""The outbox of webhooks."""

from __future__ import annotations

from datetime import timedelta

from algoitny.domain.outbox import Delivery
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World
from tests.realistic import GRACE


def a_delivery(world: World) -> Delivery:
    return Delivery(
        id="0001",
        history_id=world.ids.new(),
        user_id=GRACE,
        url="https://hooks.example.org/algoitny/8c1f2e7b",
        event="execution.done",
        due_at=world.clock.now(),
        created_at=world.clock.now(),
    )


def put(world: World) -> Delivery:
    delivery = a_delivery(world)
    world.repositories.outbox.put(delivery)
    return delivery


def claimed(world: World) -> Delivery:
    return world.repositories.outbox.claim(put(world), lease_seconds=30)


@pattern(
    "W1",
    "outbox.put",
    "Put HIST#<ulid> / WHK#0001 if (attribute_not_exists(PK) OR ttl < <time>)",
    reads=0,
    writes=2,
)
def _(world: World) -> Call:
    delivery = a_delivery(world)
    return lambda: world.repositories.outbox.put(delivery)


@pattern("W1b", "outbox.get", "Get HIST#<ulid> / WHK#0001; consistent", reads=1, writes=0)
def _(world: World) -> Call:
    delivery = put(world)
    return lambda: world.repositories.outbox.get(delivery.history_id, delivery.id)


@pattern(
    "W1c",
    "outbox.list_due",
    "Query GSI3: (GSI3PK = QUEUE#WHK AND GSI3SK < <time>); at most 100",
    "BatchGet HIST#<ulid> / WHK#0001; consistent",
    reads=1.5,
    writes=0,
)
def _(world: World) -> Call:
    put(world)
    world.clock.advance(1)
    return world.repositories.outbox.list_due


@pattern(
    "W1d",
    "outbox.claim",
    "Update HIST#<ulid> / WHK#0001 if ((att = 0 AND attribute_exists(GSI3PK)) AND due <= <time>)",
    reads=0,
    writes=3,
)
def _(world: World) -> Call:
    delivery = put(world)
    return lambda: world.repositories.outbox.claim(delivery, lease_seconds=30)


@pattern(
    "W1e",
    "outbox.reschedule",
    "Update HIST#<ulid> / WHK#0001 if (att = 1 AND attribute_exists(GSI3PK))",
    reads=0,
    writes=3,
)
def _(world: World) -> Call:
    delivery = claimed(world)
    due = world.clock.now() + timedelta(minutes=5)
    return lambda: world.repositories.outbox.reschedule(delivery, due_at=due, error="503")


@pattern(
    "W1f",
    "outbox.done",
    "Delete HIST#<ulid> / WHK#0001 if (att = 1 AND attribute_exists(GSI3PK))",
    reads=0,
    writes=2,
)
def _(world: World) -> Call:
    delivery = claimed(world)
    return lambda: world.repositories.outbox.done(delivery)


@pattern(
    "W1g",
    "outbox.give_up",
    "Update HIST#<ulid> / WHK#0001 if (att = 1 AND attribute_exists(GSI3PK))",
    reads=0,
    writes=2,
)
def _(world: World) -> Call:
    delivery = claimed(world)
    return lambda: world.repositories.outbox.give_up(delivery, error="410 Gone")
