"""Tests from a zip archive: which are taken, in which order, and what is refused, by name."""

from __future__ import annotations

import io
import random
import tempfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algoitny.domain.errors import InvalidInput, MalformedArchive, TooLarge
from algoitny.domain.problem import TestCase
from algoitny.services import archive as archives
from algoitny.services import testcase
from algoitny.services.problem_change import MOST_TESTS
from algoitny.services.testcase import MOST_MEMBERS, ArchivedTests, read_tests
from tests.archives import a_link, changed, pairs, with_flag, zipped


class Watched(io.BytesIO):
    """A file that notes how much is asked of it at once."""

    def __init__(self, data: bytes) -> None:
        super().__init__(data)
        self.asked: list[int] = []

    def read(self, size: int | None = -1) -> bytes:
        self.asked.append(-1 if size is None else size)
        return super().read(size)


def read(archive: bytes) -> ArchivedTests:
    return read_tests(io.BytesIO(archive))


def names(archive: bytes) -> list[tuple[str, bool]]:
    """Of the tests; `pairs` puts a test's name into its data."""
    return [(test.input.decode().removesuffix(".in\n"), test.is_sample) for test in read(archive)]


def refused(archive: bytes) -> InvalidInput:
    with pytest.raises(InvalidInput) as caught:
        read(archive)
    return caught.value


def pointers(archive: bytes) -> list[str]:
    return [bad.pointer for bad in refused(archive).errors]


def test_all_in_one_place_are_hidden_and_in_the_order_of_their_names() -> None:
    found = names(zipped(pairs("2", "a", "10", "1", "B")))
    assert found == [("1", False), ("10", False), ("2", False), ("B", False), ("a", False)]


@pytest.mark.parametrize("around", ["", "mine/"])
@pytest.mark.parametrize("data", ["", "data/"])
def test_folders_tell_samples_which_come_first(around: str, data: str) -> None:
    top = around + data
    files = pairs(f"{top}secret/1", f"{top}sample/2", f"{top}secret/0", f"{top}sample/1")
    assert names(zipped({f"{top}secret/": b"", **files})) == [
        (f"{top}sample/1", True),
        (f"{top}sample/2", True),
        (f"{top}secret/0", False),
        (f"{top}secret/1", False),
    ]


def test_one_kind_of_them_alone() -> None:
    assert names(zipped(pairs("sample/1"))) == [("sample/1", True)]
    assert names(zipped(pairs("data/secret/1"))) == [("data/secret/1", False)]
    assert names(zipped(pairs("mine/1"))) == [("mine/1", False)]


def test_bytes_are_kept_and_numbered() -> None:
    data = bytes(range(256)) * 1000
    noise = random.Random(1).randbytes(200_000)
    archive = zipped({"1.in": data, "1.ans": b"", "2.in": noise, "2.ans": b"\r\n\0\xff"})
    expected = [
        TestCase(number=1, input=data, output=b""),
        TestCase(number=2, input=noise, output=b"\r\n\0\xff"),
    ]
    tests = read(archive)
    assert list(tests) == expected
    assert list(tests) == expected  # as often as one likes
    assert len(tests) == 2
    assert expected[1] in tests
    assert tests.pointer(1) == "/2.in"


def test_stored_and_with_sizes_of_64_bits() -> None:
    assert names(zipped(pairs("1"), zipfile.ZIP_STORED)) == [("1", False)]
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in pairs("1").items():
            with archive.open(name, "w", force_zip64=True) as member:
                member.write(data)
    assert names(packed.getvalue()) == [("1", False)]


def test_sizes_that_stand_behind_the_data() -> None:
    """As `zip` writes to a pipe."""

    class Pipe(io.BytesIO):
        def seekable(self) -> bool:
            return False

        def tell(self) -> int:
            raise OSError

    packed = Pipe()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in pairs("1").items():
            archive.writestr(name, data)
    assert names(packed.getvalue()) == [("1", False)]


JUNK = (
    "__MACOSX/",
    "__MACOSX/._1.in",
    "__MACOSX/mine/._1.in",
    "._1.in",
    "mine/.DS_Store",
    ".DS_Store",
    "mine/Thumbs.db",
    "desktop.ini",
)


def test_what_operating_systems_leave_behind_is_left_out() -> None:
    files = dict.fromkeys(JUNK, b"?") | pairs("mine/1")
    assert names(zipped(files)) == [("mine/1", False)]


def test_names_in_utf_8_whether_or_not_that_is_said() -> None:
    said = zipped(pairs("größe"))
    assert names(said) == [("größe", False)]
    raw = "größe".encode()
    unsaid = zipped({"x" * len(raw) + end: b"\xc3\xa4" for end in (".in", ".ans")})
    assert read(changed(unsaid, b"x" * len(raw), raw)).pointer(0) == "/größe.in"


@pytest.mark.parametrize(
    ("extra", "pointer"),
    [
        ("data/sample/test_group.yaml", "/data/sample/test_group.yaml"),
        ("notes.txt", "/notes.txt"),
        ("3.out", "/3.out"),
        ("3.IN", "/3.IN"),
        (".in", "/.in"),
        ("a~b/c.txt", "/a~0b/c.txt"),
        ("3.in", "/3.in"),
        ("3.ans", "/3.ans"),
        ("/3.in", "//3.in"),
        ("../3.in", "/../3.in"),
        ("data/../3.in", "/data/../3.in"),
        ("./3.in", "/./3.in"),
        ("a//3.in", "/a//3.in"),
        ("..", "/.."),
        ("../", "/../"),
        ("C:\\3.in", "/C:\\3.in"),
        ("a\nb.in", "/a\N{REPLACEMENT CHARACTER}b.in"),
        ("secret/3.in", "/secret/3.in"),
        ("secret/group/3.in", "/secret/group/3.in"),
    ],
)
def test_members_that_are_refused(extra: str, pointer: str) -> None:
    archive = zipped(pairs("1", "2") | {extra: b""})
    error = refused(archive)
    assert pointer in [bad.pointer for bad in error.errors]
    assert pointer in error.detail


def test_names_that_are_too_long() -> None:
    longest = "x" * (archives.LONGEST_NAME - len(".ans"))
    assert len(read(zipped(pairs(longest)))) == 1
    shown = "/" + "x" * archives.LONGEST_NAME + "…"
    assert pointers(zipped(pairs(longest + "xxxx"))) == [shown, shown]


def test_several_are_named_at_once() -> None:
    archive = zipped({"1.in": b"", "2.ans": b"", "readme.md": b"", **pairs("3")})
    assert sorted(pointers(archive)) == ["/1.in", "/2.ans", "/readme.md"]


def test_what_is_missing_is_named() -> None:
    detail = refused(zipped(pairs("data/secret/1") | {"data/secret/2.in": b""})).detail
    assert detail == "/data/secret/2.in: data/secret/2.ans is missing."


@pytest.mark.parametrize(
    "folders", [("", "a/"), ("", "sample/"), ("sample/", "data/secret/"), ("a/", "b/")]
)
def test_places_that_do_not_go_together(folders: tuple[str, str]) -> None:
    assert pointers(zipped(pairs(*(f"{folder}1" for folder in folders))))


def test_links_and_devices() -> None:
    archive = zipped([*pairs("1").items(), (a_link("2.in"), b"/etc/passwd"), ("2.ans", b"")])
    assert pointers(archive) == ["/2.in"]


def test_a_name_twice() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        archive = zipped([*pairs("1").items(), ("1.in", b"other")])
    assert pointers(archive) == ["/1.in"]


def test_names_in_other_encodings() -> None:
    archive = changed(zipped(pairs("xx")), b"xx.", b"\xff\xfe.")
    assert len(pointers(archive)) == 1
    assert isinstance(refused(with_flag(archive, 0x800)), MalformedArchive)
    cut = refused(changed(zipped(pairs("xx")), b"xx.", b"x\0."))
    assert {bad.pointer[:2] for bad in cut.errors} == {"/x"}


@pytest.mark.parametrize("flag", [0x1, 0x41])
def test_encrypted_members(flag: int) -> None:
    error = refused(with_flag(zipped(pairs("1")), flag))
    assert [bad.pointer for bad in error.errors] == ["/1.in", "/1.ans"]
    assert "encrypted" in error.detail


@pytest.mark.parametrize("method", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_compression_that_is_not_read(method: int) -> None:
    assert pointers(zipped(pairs("1"), method)) == ["/1.in", "/1.ans"]


def test_no_tests_at_all() -> None:
    for files in ({}, {"data/": b""}, {"__MACOSX/._1.in": b""}):
        assert pointers(zipped(files)) == [""]


def test_too_many_tests() -> None:
    few = [f"{n:03}" for n in range(MOST_TESTS)]
    assert len(read(zipped(pairs(*few)))) == MOST_TESTS
    error = refused(zipped(pairs(*few, "more")))
    assert f"{MOST_TESTS + 1} tests" in error.detail


@pytest.mark.parametrize("count", [MOST_MEMBERS + 1, 30_000])
def test_too_many_members(count: int) -> None:
    """Of 30,000 the listing alone is too long, and is not read."""
    one = zipped({"x": b""})
    at, end = one.index(b"PK\1\2"), one.index(b"PK\5\6")
    listing = one[at:end] * count
    tail = bytearray(one[end:])
    tail[12:16] = len(listing).to_bytes(4, "little")
    archive = one[:at] + listing + bytes(tail)
    file = Watched(archive)
    with pytest.raises(InvalidInput, match="too many members"):
        read_tests(file)
    assert max(file.asked) <= archives.MOST_DIRECTORY_BYTES


def test_what_unpacks_to_more_than_a_problem_may_have(monkeypatch: pytest.MonkeyPatch) -> None:
    """A thousand to one is no fault; more than the limit is, as soon as it is seen."""
    monkeypatch.setattr(testcase, "MOST_BYTES", 4_000_000)
    fits = {"1.in": bytes(2_000_000), "1.ans": bytes(2_000_000)}
    assert len(zipped(fits)) < 4_000_000 // 900
    assert len(read(zipped(fits))) == 1
    assert isinstance(refused(zipped(fits | {"1.ans": bytes(2_000_001)})), TooLarge)


def test_no_archive() -> None:
    for data in (b"", b"PK", b"PK\5\6", b"hello" * 1000, b"\x1f\x8b" + bytes(100)):
        assert isinstance(refused(data), MalformedArchive)
        assert pointers(data) == [""]


def test_cut_archives() -> None:
    archive = zipped(pairs("1", "2"))
    for length in range(len(archive)):
        assert isinstance(refused(archive[:length]), MalformedArchive)


def test_data_that_are_not_what_was_packed() -> None:
    archive = zipped(pairs("1", "2"), zipfile.ZIP_STORED)
    wrong = archive.replace(b"2.ans\n", b"2.ANS\n")
    error = refused(wrong)
    assert isinstance(error, MalformedArchive)
    assert error.detail == "/2.ans: It is damaged."


@pytest.mark.parametrize("said", [0, 3, 7, 2**31])
def test_sizes_that_are_not_so(said: int) -> None:
    archive = bytearray(zipped({"1.in": b"123456", "1.ans": b""}))
    at = archive.index(b"PK\1\2")
    archive[at + 24 : at + 28] = said.to_bytes(4, "little")
    assert pointers(bytes(archive)) == ["/1.in"]


def test_a_listing_in_which_members_are_lost() -> None:
    """Its second entry has the rest of the listing for its comment."""
    archive = bytearray(zipped(pairs("1", "2")))
    second = archive.index(b"PK\1\2", archive.index(b"PK\1\2") + 1)
    third = archive.index(b"PK\1\2", second + 1)
    archive[second + 32] = archive.index(b"PK\5\6") - third
    assert zipfile.ZipFile(io.BytesIO(archive)).namelist() == ["1.in", "1.ans"]
    assert isinstance(refused(bytes(archive)), MalformedArchive)


def test_a_member_before_the_beginning() -> None:
    """In a file that is one: nothing there can be sought, which is no fault of the disk's."""
    archive = bytearray(zipped(pairs("1")))
    at = archive.index(b"PK\5\6") + 16
    listing = int.from_bytes(archive[at : at + 4], "little")
    archive[at : at + 4] = (listing + 100).to_bytes(4, "little")
    with tempfile.TemporaryFile() as file:
        file.write(archive)
        with pytest.raises(MalformedArchive) as caught:
            read_tests(file)
    assert caught.value.errors[0].pointer == "/1.in"


ARCHIVE = zipped(pairs("sample/1", "secret/2") | {"secret/3.in": bytes(500), "secret/3.ans": b"1"})


@given(
    st.lists(st.tuples(st.integers(0, len(ARCHIVE) - 1), st.integers(0, 255)), max_size=8),
    st.integers(0, 40),
)
def test_damage_anywhere_is_an_error_or_harmless(changes: list[tuple[int, int]], cut: int) -> None:
    """Never anything but InvalidInput, and never a test of which not every byte can be read."""
    archive = bytearray(ARCHIVE)
    for at, value in changes:
        archive[at] = value
    try:
        tests = read(bytes(archive[: len(archive) - cut]))
    except InvalidInput:
        return
    assert len(list(tests)) == len(tests)


def test_a_member_is_read_little_by_little() -> None:
    """So that no read asks the file for more than a chunk."""
    noise = random.Random(2).randbytes(200_000)
    file = Watched(zipped({"1.in": noise, "1.ans": noise}))
    assert len(list(read_tests(file))) == 1
    assert max(file.asked) <= archives.CHUNK_BYTES
