"""Cutting output: within the limit, head and tail kept, the cut marked."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from algoitny.judge.excerpt import Excerpt, compiler_message, cut, one_line


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


def test_folders_of_this_machine_are_shown_by_their_names_only() -> None:
    raw = (
        b"/opt/tool/bin/cc: in /opt/tool, /opt/toolbox and /srv/judge/box-1: cannot open /srv/judge"
    )
    shown = {"/opt/tool/": "tool/", "/srv/judge/box-1/": "", "/srv/judge/": ""}
    said = "tool/bin/cc: in tool, /opt/toolbox and .: cannot open ."
    assert compiler_message(raw, shown) == said


SECRET_FOLDER = "/srv/zq/kept/place"


@given(
    st.lists(
        st.sampled_from(
            [
                f"{SECRET_FOLDER}/main.c:1: error\n",
                f"in {SECRET_FOLDER}\n",
                f"'{SECRET_FOLDER}/x/y.h'",
                "std::vector<é> ",
                "\n",
                "note: template argument ",
            ]
        ),
        max_size=80,
    ),
    st.integers(100, 400),
)
def test_no_part_of_a_folder_is_left_where_a_message_was_cut(parts: list[str], limit: int) -> None:
    raw = cut("".join(parts).encode(), limit)
    message = compiler_message(raw, {f"{SECRET_FOLDER}/": ""})
    for part in SECRET_FOLDER[1:].split("/"):
        assert part not in message
    assert len(message.encode()) <= limit


@given(st.binary(max_size=300), st.integers(1, 50))
def test_a_line_of_anything_can_be_shown(data: bytes, most: int) -> None:
    line = one_line(data, most)
    assert len(line) <= most
    assert line == line.strip()
    assert line.isprintable()
