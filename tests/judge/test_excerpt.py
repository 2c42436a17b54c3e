"""Cutting output: within the limit, head and tail kept, the cut marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from algoitny.judge.excerpt import Excerpt, compiler_message, cut


@given(st.binary(max_size=3000), st.integers(100, 200), st.integers(1, 500))
def test_an_excerpt_is_the_same_however_it_came(data: bytes, limit: int, step: int) -> None:
    excerpt = Excerpt(limit)
    for start in range(0, len(data), step):
        excerpt.add(data[start : start + step])
    assert excerpt.render() == cut(data, limit)


@given(st.binary(max_size=3000), st.integers(100, 200))
def test_it_fits_and_keeps_head_and_tail(data: bytes, limit: int) -> None:
    shown = cut(data, limit)
    assert len(shown) <= limit
    if len(data) <= limit:
        assert shown == data
        return
    head, _, rest = shown.partition(b"\n[... ")
    count, _, tail = rest.partition(b" bytes cut ...]\n")
    if b"[..." not in data:
        assert data.startswith(head)
        assert data.endswith(tail)
        assert len(head) + int(count) + len(tail) == len(data)


@given(st.text(alphabet="aé漢😀", max_size=500))
def test_characters_are_not_cut(text: str) -> None:
    cut(text.encode(), 100).decode()


def test_a_compiler_message_shows_no_path() -> None:
    raw = b"\n/box/main.c:1: error\n  /tmp/ccX.o: bad \xff\x00\n\n"
    assert (
        compiler_message(raw, {"/box/": "", "/tmp/": ""}) == "main.c:1: error\n  ccX.o: bad \ufffd"
    )
