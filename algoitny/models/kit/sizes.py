"""Sizes of items by AWS's published rules, and the limits that follow from them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from algoitny.domain.errors import InvalidInput, TooLarge

ITEM_LIMIT_BYTES = 400 * 1024
TRANSACTION_LIMIT_BYTES = 4 * 1024 * 1024
TRANSACTION_LIMIT_ITEMS = 100

RawItem = Mapping[str, Mapping[str, Any]]


def item_size(item: RawItem) -> int:
    """Bytes that DynamoDB counts for an item: attribute names and values, both."""
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def value_size(value: Mapping[str, Any]) -> int:
    """Bytes of one typed attribute value."""
    ((kind, content),) = value.items()
    if kind in _SCALARS:
        return _SCALARS[kind](content)
    if kind in {"SS", "NS", "BS"}:
        return sum(_SCALARS[kind[0]](element) for element in content)
    if kind == "L":
        return 3 + sum(1 + value_size(element) for element in content)
    return 3 + sum(1 + len(name.encode()) + value_size(part) for name, part in content.items())


def check_item(item: RawItem) -> int:
    """The item's size. Raises TooLarge past 400 KB."""
    size = item_size(item)
    if size > ITEM_LIMIT_BYTES:
        raise TooLarge(f"An item of {size} bytes; the store takes {ITEM_LIMIT_BYTES}.")
    return size


def check_transaction(sizes: Sequence[int]) -> None:
    """Raises TooLarge past 100 items or 4 MB."""
    if len(sizes) > TRANSACTION_LIMIT_ITEMS:
        raise TooLarge(f"{len(sizes)} writes; a transaction takes {TRANSACTION_LIMIT_ITEMS}.")
    if sum(sizes) > TRANSACTION_LIMIT_BYTES:
        raise TooLarge(f"{sum(sizes)} bytes; a transaction takes {TRANSACTION_LIMIT_BYTES}.")


def _number_size(number: str) -> int:
    # AWS: about one byte for two significant digits, one more, and one for a minus sign. Leading
    # and trailing zeroes are trimmed.
    if "e" in number.lower():
        number = format(Decimal(number), "f")
    digits = number.lstrip("+-").replace(".", "").strip("0")
    return (len(digits) + 1) // 2 + 1 + number.startswith("-")


_SCALARS: Mapping[str, Callable[[Any], int]] = {
    "S": lambda text: len(encoded(text)),
    "N": _number_size,
    "B": len,
    "BOOL": lambda _: 1,
    "NULL": lambda _: 1,
}


def encoded(text: str) -> bytes:
    """`text` in UTF-8. Raises InvalidInput for a lone surrogate, which no store takes."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        raise InvalidInput("A text cannot hold a lone surrogate.") from None


def cut(text: str, limit_bytes: int) -> str:
    """`text`, or as much of its beginning as fits, in UTF-8, never half a character.

    What is cut is shown, not compared: a lone surrogate, which programs may print, becomes `?`.
    """
    return text.encode(errors="replace")[:limit_bytes].decode(errors="ignore")
