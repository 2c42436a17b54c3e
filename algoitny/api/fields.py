"""The field types of the schemas: strict (nothing is coerced), with their limits in the OpenAPI
document. Which fields there are is the schemas' affair.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

from marshmallow import ValidationError, fields, validate

from algoitny.domain.clock import rfc3339
from algoitny.domain.errors import InvalidCursor, InvalidInput
from algoitny.domain.text import check_line, check_segment, check_text

PLATFORM_PATTERN = r"[a-z0-9_-]{1,32}"
NUMBER_LENGTH = 64
SEGMENT_PATTERN = "^[^/]+$"
LARGEST_ID = 2**53 - 1
"""What every JSON reader keeps exact."""

LONGEST_CURSOR = 2048

LONGEST_EMAIL = 254
"""RFC 5321's limit on a path, less the angle brackets."""

_INSTANT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,6})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII
)
"""RFC 3339, 5.6, with as many digits of a second as we keep."""

_SEGMENT = r"[!\"$-.0->@-\[\]-~]+"
LOCAL_PATH_PATTERN = rf"/(?:{_SEGMENT}(?:/{_SEGMENT})*/?)?(?:[?#][!-\[\]-~]*)?"
"""Visible ASCII that begins with one slash. Browsers take `//host`, `/\\host` and both with tabs in
between for other sites' addresses."""

_DIGITS = re.compile(r"-?[0-9]{1,18}")


class Text(fields.String):
    """Text of at most `max_bytes` in UTF-8, without NUL and lone surrogates."""

    def __init__(self, *, max_bytes: int, min_length: int = 0, **kwargs: Any) -> None:
        metadata = {
            "description": f"At most {max_bytes} bytes of UTF-8.",
            **kwargs.pop("metadata", {}),
        }
        limit = validate.Length(min=min_length, max=max_bytes)
        super().__init__(validate=limit, metadata=metadata, **kwargs)
        self.max_bytes = max_bytes

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        try:
            return check_text("", text, max_bytes=self.max_bytes)
        except InvalidInput as error:
            raise ValidationError(error.detail) from None


class Line(fields.String):
    """One printable line of 1 to `max_length` characters, without space at its ends."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(validate=validate.Length(min=1, max=max_length), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        try:
            return check_line("", text)
        except InvalidInput as error:
            raise ValidationError(error.detail) from None


class Segment(fields.String):
    """A line of 1 to `max_length` characters that can be one segment of an address."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        metadata = {"pattern": SEGMENT_PATTERN, **kwargs.pop("metadata", {})}
        limit = validate.Length(min=1, max=max_length)
        super().__init__(validate=limit, metadata=metadata, **kwargs)
        self.max_length = max_length

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        try:
            return check_segment("", text, max_length=self.max_length)
        except InvalidInput as error:
            raise ValidationError(error.detail) from None


class Platform(fields.String):
    """`baekjoon`, `codeforces`, …"""

    def __init__(self, **kwargs: Any) -> None:
        pattern = validate.Regexp(
            f"^{PLATFORM_PATTERN}\\Z",
            error="1 to 32 lower-case letters, digits, - and _ are allowed.",
        )
        metadata = {"pattern": f"^{PLATFORM_PATTERN}$", "example": "baekjoon"}
        super().__init__(validate=pattern, metadata=metadata, **kwargs)


class ProblemNumber(Segment):
    """The platform's name for a problem."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=NUMBER_LENGTH, metadata={"example": "1000"}, **kwargs)


class LocalPath(fields.String):
    """An address on this very site, without scheme and host: one may be sent there blindly."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        length = validate.Length(max=max_length)
        pattern = validate.Regexp(
            f"^{LOCAL_PATH_PATTERN}\\Z",
            error="This must be a path on this site, percent-encoded, that begins with one slash.",
        )
        metadata = {"pattern": f"^{LOCAL_PATH_PATTERN}$", **kwargs.pop("metadata", {})}
        super().__init__(validate=[length, pattern], metadata=metadata, **kwargs)


class Flag(fields.Boolean):
    """`true` or `false`; neither 1 nor "true"."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return bool(super()._deserialize(value, *args, **kwargs))


class Whole(fields.Integer):
    """A JSON integer from `low` to `high`; neither 1.0, "1" nor true."""

    def __init__(self, low: int, high: int, **kwargs: Any) -> None:
        super().__init__(validate=validate.Range(min=low, max=high), **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        if type(value) is not int:
            raise self.make_error("invalid", input=value)
        return super()._deserialize(value, *args, **kwargs)


class WholeParameter(Whole):
    """The same in a query string: digits."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> int:
        if not _DIGITS.fullmatch(value):
            raise self.make_error("invalid", input=value)
        return super()._deserialize(int(value), *args, **kwargs)


class Cursor(fields.String):
    """A page cursor, as it was given out. Raises InvalidCursor: never one of ours."""

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, *args, **kwargs)
        if not text or len(text) > LONGEST_CURSOR or not (text.isascii() and text.isprintable()):
            raise InvalidCursor("This cursor does not belong to this list.")
        return text


class Instant(fields.String):
    """A time in an answer; RFC 3339, UTC, microseconds."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"format": "date-time", **kwargs.pop("metadata", {})}
        super().__init__(dump_only=True, metadata=metadata, **kwargs)

    def _serialize(self, value: Any, *_: Any, **__: Any) -> str | None:
        return rfc3339(value) if isinstance(value, datetime) else None


class InstantParameter(fields.String):
    """A time that is given; RFC 3339, with an offset."""

    def __init__(self, **kwargs: Any) -> None:
        metadata = {"format": "date-time", **kwargs.pop("metadata", {})}
        super().__init__(metadata=metadata, **kwargs)

    def _deserialize(self, value: Any, *args: Any, **kwargs: Any) -> Any:
        text = super()._deserialize(value, *args, **kwargs)
        try:
            if _INSTANT.fullmatch(text):
                return datetime.fromisoformat(text.upper()).astimezone(UTC)
        except (ValueError, OverflowError):
            pass
        raise ValidationError(
            "This must be a time with an offset (RFC 3339): 2025-03-14T09:26:53Z."
        )
