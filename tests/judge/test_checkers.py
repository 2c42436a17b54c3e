"""Checkers: a wrong answer accepted or a right one rejected is the worst that can happen."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from algoitny.domain.errors import InvalidInput
from algoitny.judge import check_checker, custom_flags
from algoitny.judge.checkers import Difference, find_checker
from algoitny.judge.tokens import lines_of, tokens_of

SPACES = st.text(" \t\n\r\x0b\x0c", min_size=1).map(str.encode)
WORDS = st.binary(min_size=1).filter(lambda word: word.split() == [word])


def accepts(checker: str, output: bytes, answer: bytes) -> bool:
    return find_checker(checker)(output, answer) is None


@pytest.mark.parametrize(
    ("output", "answer", "accepted"),
    [
        (b"", b"", True),
        (b"", b"\n", True),
        (b"", b"0\n", False),
        (b"0\n", b"", False),
        (b"3", b"3\n", True),
        (b"3\r\n4\r\n", b"3\n4\n", True),
        (b"  3 \t 4  \n\n", b"3\n4", True),
        (b"34", b"3 4", False),
        (b"3 4 5", b"3 4", False),
        (b"3", b"3 4", False),
        (b"3\x00", b"3", False),
        (b"3\xa0", b"3", False),
        (b"\xff\xfe", b"\xff\xfe\n", True),
        (b"\xff", b"\xfe", False),
        (b"3.0", b"3", False),
        (b"03", b"3", False),
        (b"+3", b"3", False),
        (b"1e3", b"1000", False),
        (b"YES", b"Yes", False),
        (b"\xef\xbb\xbf3", b"3", False),
        (b"\xe3\x80\x803", b"3", False),
    ],
)
def test_tokens(output: bytes, answer: bytes, accepted: bool) -> None:
    assert accepts("tokens", output, answer) is accepted


@pytest.mark.parametrize(
    ("output", "answer", "accepted"),
    [
        (b"3\n", b"3\n", True),
        (b"3", b"3\n", False),
        (b"3 \n", b"3\n", False),
        (b"", b"", True),
        (b"3\r\n", b"3\n", False),
    ],
)
def test_exact(output: bytes, answer: bytes, accepted: bool) -> None:
    assert accepts("exact", output, answer) is accepted


@pytest.mark.parametrize(
    ("output", "answer", "accepted"),
    [
        (b"a b\nc", b"a b\nc\n", True),
        (b"a b  \t\r\nc\r\n\n\n", b"a b\nc", True),
        (b"a  b\n", b"a b\n", False),
        (b" a\n", b"a\n", False),
        (b"a\n\nb\n", b"a\nb\n", False),
        (b"\na\n", b"a\n", False),
        (b"a b c\n", b"a b\nc\n", False),
        (b"", b"\n\n", True),
        (b"a\x00\n", b"a\n", False),
    ],
)
def test_lines(output: bytes, answer: bytes, accepted: bool) -> None:
    assert accepts("lines", output, answer) is accepted


@pytest.mark.parametrize(
    ("output", "answer", "accepted"),
    [
        (b"yes No", b"YES\nno", True),
        (b"yes", b"yess", False),
        ("Ä".encode(), "ä".encode(), False),
    ],
)
def test_case_insensitive(output: bytes, answer: bytes, accepted: bool) -> None:
    assert accepts("case-insensitive", output, answer) is accepted
    assert accepts("Case_Insensitive", output, answer) is accepted


@pytest.mark.parametrize(
    ("output", "answer", "accepted"),
    [
        (b"b\na\n", b"a\nb", True),
        (b"a\na\nb\n", b"a\nb\nb\n", False),
        (b"a\n", b"a\na\n", False),
        (b"a\na\n", b"a\n", False),
        (b"a \r\n", b"a", True),
        (b"", b"\n", True),
        (b"a b", b"b a", False),
    ],
)
def test_unordered_lines(output: bytes, answer: bytes, accepted: bool) -> None:
    assert accepts("unordered-lines", output, answer) is accepted


@pytest.mark.parametrize(
    ("output", "answer", "accepted"),
    [
        (b"1.0000005", b"1", True),
        (b"1.000001", b"1", True),
        (b"1.0000011", b"1", False),
        (b"1e0", b"1", True),
        (b"1.e+0", b"1", True),
        (b".5", b"0.5", True),
        (b"5.", b"5", True),
        (b"+5", b"5", True),
        (b"-0.0", b"0", True),
        (b"1E-3", b"0.001", True),
        (b"1000000.5", b"1000000", True),
        (b"1000002", b"1000000", False),
        (b"1000000000000000000001", b"1000000000000000000000", True),
        (b"inf", b"1e308", False),
        (b"1e308", b"inf", False),
        (b"inf", b"inf", True),
        (b"1e999", b"inf", False),
        (b"1e99999999", b"1e99999998", False),
        (b"1e99999999999999999999", b"5", False),
        (b"nan", b"1", False),
        (b"1", b"nan", False),
        (b"nan", b"0", False),
        (b"-nan", b"nan", False),
        (b"NaN", b"nan", False),
        (b"1_0", b"10", False),
        ("１".encode(), b"1", False),
        (b"0x10", b"16", False),
        (b"1,5", b"1.5", False),
        (b"1.5e", b"1.5", False),
        (b"", b"0", False),
        (b"0", b"", False),
        (b"1 2", b"1", False),
        (b"word 1.0", b"word 1", True),
        (b"Word 1.0", b"word 1", False),
        (b"1" * 2000, b"1" * 2000, True),
        (b"1" * 2000, b"1" * 1999 + b"2", False),
    ],
)
def test_floats(output: bytes, answer: bytes, accepted: bool) -> None:
    assert accepts("floats", output, answer) is accepted


def test_float_tolerances() -> None:
    assert accepts("floats abs=0.1", b"1000.1", b"1000")
    assert not accepts("floats abs=0.1", b"1000.2", b"1000")
    assert accepts("floats rel=0.1", b"1100", b"1000")
    assert not accepts("floats rel=0.1", b"1100.1", b"1000")
    assert not accepts("floats rel=0.1", b"0.0001", b"0"), "relative to nothing is nothing"
    assert accepts("floats abs=1e-3 rel=1e-9", b"0.0005", b"0")
    assert accepts("floats 0", b"1.50", b"1.5")
    assert not accepts("floats 0", b"1000000000000000001", b"1000000000000000000")


@pytest.mark.parametrize(
    "spec",
    [
        "",
        "unknown",
        "tokens 3",
        "floats x",
        "floats -1",
        "floats nan",
        "floats inf",
        "floats abs=1 abs=2",
        "floats foo=1",
        "floats 1e-6 1e-9",
        "floats abs=",
        "floats 1_0e-6",
        "floats ٣e-6",
        "tokens presentation",
        "unordered-lines presentation",
        "lines presentation presentation",
        "lines 3",
        "presentation",
    ],
)
def test_unknown_checkers_are_refused(spec: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        check_checker(spec)
    assert caught.value.errors[0].pointer == "/checker"


@pytest.mark.parametrize(
    ("checker", "output", "answer", "words"),
    [
        ("tokens", b"1 2 4", b"1 2 3", "token 3 differs"),
        ("tokens", b"1 2", b"1 2 3", "the output ends before token 3"),
        (
            "tokens",
            b"1 2 3",
            b"1 2",
            "the output goes on after the end of the answer, from token 3",
        ),
        ("lines", b"a\nc", b"a\nb", "line 2 differs"),
        ("exact", b"a", b"a\n", "the output ends too early"),
        ("floats", b"1 x", b"1 2", "token 2 differs"),
        ("unordered-lines", b"a\nx", b"a\nb", "line 2 is not expected, or not so often"),
        ("unordered-lines", b"a", b"a\nb\nc", "2 expected lines are missing"),
    ],
)
def test_words_tell_where_and_never_what(
    checker: str, output: bytes, answer: bytes, words: str
) -> None:
    assert find_checker(checker)(output, answer) == Difference(words)


@given(st.lists(WORDS), st.data())
def test_only_white_space_may_differ(words: list[bytes], data: st.DataObject) -> None:
    def render() -> bytes:
        text = data.draw(st.just(b"") | SPACES)
        for word in words:
            text += word + data.draw(SPACES)
        return text

    assert accepts("tokens", render(), render())


@given(st.lists(WORDS), st.lists(WORDS))
def test_tokens_agree_with_split(ours: list[bytes], theirs: list[bytes]) -> None:
    output, answer = b" ".join(ours), b"\n".join(theirs)
    assert accepts("tokens", output, answer) is (output.split() == answer.split())


@given(st.binary())
def test_tokens_and_lines_of_anything(data: bytes) -> None:
    assert list(tokens_of(data)) == data.split()
    plain = [line.rstrip(b" \t\r") for line in data.rstrip(b" \t\r\n").split(b"\n")]
    assert list(lines_of(data)) == ([] if plain == [b""] else plain)


@pytest.mark.parametrize("size", [1 << 16, (1 << 16) + 1, 1 << 17])
def test_tokens_across_the_batches(size: int) -> None:
    data = b"x" * (size - 1) + b" y " + b"z" * size
    assert list(tokens_of(data)) == data.split()
    data = b"ab " * size
    assert list(tokens_of(data)) == data.split()


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_floats_accept_what_is_printed_of_the_same_number(number: float) -> None:
    answer = repr(number).encode()
    for text in (f"{number:.17g}", f"{number:.17e}", f"{number:.17E}", str(number)):
        assert accepts("floats 1e-12", text.encode(), answer)


@given(
    st.floats(min_value=1e-9, max_value=1e9),
    st.floats(min_value=1.5e-6, max_value=1.0),
    st.booleans(),
)
def test_floats_reject_what_is_further_away(number: float, relative: float, upwards: bool) -> None:
    wrong = number * (1 + relative) if upwards else number * (1 - relative)
    assert not accepts("floats rel=1e-6", repr(wrong).encode(), repr(number).encode())


def test_a_very_long_line_is_one_token() -> None:
    assert accepts("tokens", b"x" * 5_000_000, b"x" * 5_000_000 + b"\n")
    assert not accepts("tokens", b"x" * 5_000_000, b"x" * 4_999_999 + b"y")


def test_long_numbers_are_not_rounded_before_they_are_compared() -> None:
    check = find_checker("floats abs=1e-6")
    one, two = b"1" + b"0" * 69 + b"1", b"1" + b"0" * 69 + b"2"
    assert check(one, one) is None
    assert check(one, two) is not None


@pytest.mark.parametrize("spec", ["floats 1e999", "floats abs=2", "floats rel=1e9"])
def test_tolerances_that_accept_anything_are_refused(spec: str) -> None:
    with pytest.raises(InvalidInput):
        find_checker(spec)


@pytest.mark.parametrize(
    ("checker", "output", "answer", "found"),
    [
        ("lines presentation", b"1 2\n3\n", b"1 2\n3\n", None),
        ("lines presentation", b"1 2 \r\n3\n\n", b"1 2\n3", None),
        ("lines presentation", b"1  2\n3\n", b"1 2\n3\n", Difference("line 1 differs", True)),
        ("lines presentation", b" 1 2\n3\n", b"1 2\n3\n", Difference("line 1 differs", True)),
        ("lines presentation", b"1 2 3", b"1 2\n3\n", Difference("line 1 differs", True)),
        ("lines presentation", b"1 2\n\n3", b"1 2\n3\n", Difference("line 2 differs", True)),
        ("lines presentation", b"1 2\n4\n", b"1 2\n3\n", Difference("token 3 differs")),
        ("lines presentation", b"12\n3\n", b"1 2\n3\n", Difference("token 1 differs")),
        ("lines presentation", b"", b"3", Difference("the output ends before token 1")),
        ("exact presentation", b"3", b"3\n", Difference("the output ends too early", True)),
        ("exact presentation", b"3\n", b"3\n", None),
        ("exact presentation", b"4\n", b"3\n", Difference("token 1 differs")),
        ("lines", b"1  2\n", b"1 2\n", Difference("line 1 differs")),
    ],
)
def test_presentation(checker: str, output: bytes, answer: bytes, found: Difference | None) -> None:
    """Right tokens in a wrong layout, and only where the problem asks for it."""
    assert find_checker(checker)(output, answer) == found


def test_custom_is_a_checker_that_none_of_these_is() -> None:
    check_checker("custom")
    check_checker("Custom 1e-6 Case_Sensitive")
    assert custom_flags("Custom 1e-6 Case_Sensitive") == ("1e-6", "Case_Sensitive")
    assert custom_flags("custom") == ()
    assert custom_flags("customs") is None
    assert custom_flags("") is None
    with pytest.raises(InvalidInput):
        find_checker("custom")
    with pytest.raises(InvalidInput):
        check_checker("custom " + "x" * 200)
