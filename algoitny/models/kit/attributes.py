"""Attribute types: whole numbers, exact decimals, instants, and values compressed with zstd."""

from __future__ import annotations

import io
import json
from collections import deque
from datetime import datetime
from decimal import Decimal
from typing import Any

import zstandard
from pynamodb.attributes import Attribute
from pynamodb.constants import BINARY, NUMBER, NUMBER_SET

from algoitny.domain.clock import epoch_ms, from_epoch_us
from algoitny.domain.errors import StoreUnavailable, TooLarge
from algoitny.models.kit.sizes import encoded

UNPACKED_LIMIT_BYTES = 128 * 1024 * 1024
"""Most that one value is ever unpacked to: a small row may claim to hold terabytes."""

_LEVEL = 3
_STEP_BYTES = 1024 * 1024
# One object of each would be shared by threads, which zstandard forbids. Making one that unpacks
# takes longer than unpacking, so a few are kept; one that packs would keep megabytes.
_UNPACKERS: deque[zstandard.ZstdDecompressor] = deque(maxlen=4)


class ValueDamaged(StoreUnavailable):
    """A stored value is not what was put there: half, changed, or of an absurd size."""


def whole_milliseconds(instant: datetime) -> datetime:
    """The instant without its microseconds, as the table keeps it."""
    return from_epoch_us(epoch_ms(instant) * 1000)


def compress(data: bytes) -> bytes:
    """`data` as one zstd frame that names its content's size."""
    return zstandard.ZstdCompressor(level=_LEVEL).compress(data)


def compress_parts(*parts: bytes) -> bytes:
    """`compress` of these one after the other, without ever putting them together."""
    packer = zstandard.ZstdCompressor(level=_LEVEL).compressobj(size=sum(map(len, parts)))
    packed = io.BytesIO()
    for part in parts:
        for start in range(0, len(part), _STEP_BYTES):
            packed.write(packer.compress(memoryview(part)[start : start + _STEP_BYTES]))
    packed.write(packer.flush())
    return packed.getvalue()


def decompress(data: bytes, *, limit_bytes: int = UNPACKED_LIMIT_BYTES) -> bytes:
    """The inverse of `compress`. Raises ValueDamaged, also when a frame names no size or a larger
    one than the limit: then nothing is unpacked."""
    if unpacked_size(data) > limit_bytes:
        raise ValueDamaged(f"A stored value says it is larger than {limit_bytes} bytes.")
    try:
        unpacker = _UNPACKERS.pop()
    except IndexError:
        unpacker = zstandard.ZstdDecompressor()
    try:
        unpacked: bytes = unpacker.decompress(data)
    except zstandard.ZstdError as error:
        raise ValueDamaged("A stored value is damaged.") from error
    _UNPACKERS.append(unpacker)
    return unpacked


def unpacked_size(data: bytes) -> int:
    """How large a compressed value says it is, in bytes. Raises ValueDamaged when it does not."""
    try:
        size: int = zstandard.frame_content_size(data)
    except zstandard.ZstdError as error:
        raise ValueDamaged("A stored value is damaged.") from error
    if size < 0:
        raise ValueDamaged("A stored value does not say how large it is.")
    return size


def compress_json(value: Any) -> bytes:
    """Any JSON value, as one frame. Output of programs may hold lone surrogates: they are kept."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return compress(text.encode(errors="surrogatepass"))


def compress_json_within(limit_bytes: int, what: str, value: Any) -> bytes:
    """The same, bounded; `what` begins the sentence. Raises TooLarge."""
    packed = compress_json(value)
    if len(packed) > limit_bytes:
        raise TooLarge(f"{what} is {len(packed)} bytes compressed; at most {limit_bytes} fit.")
    return packed


def decompress_json(data: bytes) -> Any:
    """The inverse of `compress_json`."""
    return json.loads(decompress(data).decode(errors="surrogatepass"))


class IntAttribute(Attribute[int]):
    """A whole number of any size up to 38 digits."""

    attr_type = NUMBER

    def serialize(self, value: int) -> str:
        return str(int(value))

    def deserialize(self, value: str) -> int:
        # A number that another client wrote may come back as `3.0` or `3E+0`.
        return int(value) if value.lstrip("-").isdigit() else int(Decimal(value))


class IntSetAttribute(Attribute[set[int]]):
    """A set of whole numbers; an empty one cannot be stored."""

    attr_type = NUMBER_SET

    def serialize(self, value: set[int]) -> list[str]:
        return [str(number) for number in sorted(value)]

    def deserialize(self, value: list[str]) -> set[int]:
        return {int(number) for number in value}


class DecimalAttribute(Attribute[Decimal]):
    """An exact decimal, for money."""

    attr_type = NUMBER

    def serialize(self, value: Decimal) -> str:
        return format(value, "f")

    def deserialize(self, value: str) -> Decimal:
        return Decimal(value)


class InstantAttribute(Attribute[datetime]):
    """An aware instant, stored as epoch milliseconds and so cut to whole ones when it is set:
    what is written then equals what is read back."""

    attr_type = NUMBER

    def __set__(self, instance: Any, value: datetime | None) -> None:
        super().__set__(instance, None if value is None else whole_milliseconds(value))

    def serialize(self, value: datetime) -> str:
        return str(epoch_ms(value))

    def deserialize(self, value: str) -> datetime:
        return from_epoch_us(int(value) * 1000)


class CompressedTextAttribute(Attribute[str]):
    """Text, compressed."""

    attr_type = BINARY

    def serialize(self, value: str) -> bytes:
        return compress(encoded(value))

    def deserialize(self, value: bytes) -> str:
        return decompress(value).decode()


class CompressedJSONAttribute(Attribute[Any]):
    """Any JSON value, compressed: a list of maps costs ten times the CPU and twice the bytes."""

    attr_type = BINARY

    def serialize(self, value: Any) -> bytes:
        return compress_json(value)

    def deserialize(self, value: bytes) -> Any:
        return decompress_json(value)
