"""Languages of the workers."""

from __future__ import annotations

from tests.access_patterns.declaration import Call, pattern
from tests.access_patterns.world import World

VERSIONS = {
    "c": "gcc 12.2.0",
    "cpp": "g++ 12.2.0",
    "java": "OpenJDK 17.0.11",
    "javascript": "node 18.19.0",
    "python3": "CPython 3.11.7",
}


@pattern("X2", "languages.announce", "Put SYS / LNG#worker-1:4711", writes=1)
def _(world: World) -> Call:
    return lambda: world.repositories.languages.announce("worker-1:4711", VERSIONS)


@pattern("X2b", "languages.announced", "Query: (PK = SYS AND begins_with(SK, LNG#))", reads=0.5)
def _(world: World) -> Call:
    for number in range(4):
        world.repositories.languages.announce(f"worker-{number}:4711", VERSIONS)
    return world.repositories.languages.announced
