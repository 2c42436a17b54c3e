"""What text may come in, and when two texts are the same for a reader who searches."""

from __future__ import annotations

import unicodedata

from algoitny.domain.errors import InvalidInput

CODE_LIMIT_BYTES = 64 * 1024
"""Longest source that is accepted."""


def check_text(pointer: str, text: str, *, max_bytes: int) -> str:
    """`text` itself, when it is UTF-8 of at most `max_bytes` without NUL; else InvalidInput.

    JSON can carry lone surrogates, which no file, compiler or table accepts.
    """
    try:
        size = len(text.encode())
    except UnicodeEncodeError:
        raise InvalidInput.field(pointer, "Not valid Unicode: a lone surrogate.") from None
    if "\0" in text:
        raise InvalidInput.field(pointer, "A NUL character is not allowed.")
    if size > max_bytes:
        raise InvalidInput.field(pointer, f"{size} bytes; at most {max_bytes} are accepted.")
    return text


def check_line(pointer: str, text: str) -> str:
    """`text` itself, when it is one printable line without space at its ends; else InvalidInput.

    (A lone surrogate is not printable either.)
    """
    if not text.isprintable():
        raise InvalidInput.field(pointer, "Only printable characters are allowed.")
    if text != text.strip():
        raise InvalidInput.field(pointer, "Spaces at the beginning or the end are not allowed.")
    return text


def check_segment(pointer: str, text: str, *, max_length: int) -> str:
    """`text` itself, when it is a line that can be one segment of an address; else InvalidInput."""
    if not 1 <= len(text) <= max_length:
        raise InvalidInput.field(pointer, f"The length must be 1 to {max_length} characters.")
    check_line(pointer, text)
    if "/" in text or text in (".", ".."):
        # In an address these mean something else.
        raise InvalidInput.field(pointer, "A slash is not allowed, nor is `.` or `..` alone.")
    return text


def fold(text: str) -> str:
    """The form in which texts are compared: no case, no compatibility forms, single blanks."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return " ".join(folded.split())


def search_words(text: str) -> tuple[str, ...]:
    """The distinct words of a title, folded, in their order: runs of letters, digits and marks.

    A text of signs only is one word itself, so that it can be found.
    """
    folded = fold(text)
    words = "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in folded).split()
    return tuple(dict.fromkeys(words)) or ((folded,) if folded else ())
