"""What schemathesis sends where the API takes a zip: tests, damaged archives, and any bytes.

Loaded by its process, by the name in SCHEMATHESIS_HOOKS.
"""

from __future__ import annotations

import schemathesis
from hypothesis import strategies as st

from tests.archives import pairs, zipped

GOOD = zipped(pairs("sample/1", "secret/1", "secret/2"))


def damaged(places: list[tuple[int, int]]) -> bytes:
    archive = bytearray(GOOD)
    for place, value in places:
        archive[place] = value
    return bytes(archive)


schemathesis.openapi.media_type(
    "application/zip",
    st.just(GOOD)
    | st.builds(damaged, st.lists(st.tuples(st.integers(0, len(GOOD) - 1), st.integers(0, 255))))
    | st.binary(max_size=100),
)
