"""Pointers from the old site's ids."""

from __future__ import annotations

from algoitny.domain.pointer import Pointer, PointerKind
from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World
from tests.realistic import GRACE

POINTER = Pointer(kind=PointerKind.USER, old_id="4711", target=GRACE)
MANY = [Pointer(kind=PointerKind.USER, old_id=str(number), target=GRACE) for number in range(20)]


@pattern("X3", "pointers.resolve", "Get LEG#user#4711 / PTR", reads=0.5)
def _(world: World) -> Call:
    world.repositories.pointers.put(POINTER)
    return lambda: world.repositories.pointers.resolve(PointerKind.USER, 4711)


@pattern(
    "X3b",
    "pointers.put",
    "Put LEG#user#4711 / PTR if (attribute_not_exists(PK) OR tgt = <grace>)",
    writes=1,
)
def _(world: World) -> Call:
    return lambda: world.repositories.pointers.put(POINTER)


@pattern(
    "X3c",
    "pointers.batch_put",
    "Transact: Put LEG#user#0 / PTR if (attribute_not_exists(PK) OR tgt = <grace>)",
    "and … 18 more …",
    "and Put LEG#user#19 / PTR if (attribute_not_exists(PK) OR tgt = <grace>)",
    writes=40,
)
def _(world: World) -> Call:
    return lambda: world.repositories.pointers.batch_put(MANY)


@pattern("X3d", "pointers.delete", "Delete LEG#user#4711 / PTR", writes=1)
def _(world: World) -> Call:
    world.repositories.pointers.put(POINTER)
    return lambda: world.repositories.pointers.delete(PointerKind.USER, 4711)
