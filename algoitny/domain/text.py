"""What text may come in: what a person could have typed, within a size."""

from __future__ import annotations

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
