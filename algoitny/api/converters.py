"""Path parameters: what cannot name anything is no address at all, and so 404."""

from __future__ import annotations

from typing import Any

from flask import Flask
from werkzeug.routing import BaseConverter, ValidationError

from algoitny.api.fields import LARGEST_ID, NUMBER_LENGTH, PLATFORM_PATTERN, SEGMENT_PATTERN
from algoitny.domain.errors import InvalidInput
from algoitny.domain.ids import ULID_PATTERN
from algoitny.domain.plan import NAME_LENGTH
from algoitny.domain.text import check_segment


class PlatformConverter(BaseConverter):
    regex = PLATFORM_PATTERN


class SegmentConverter(BaseConverter):
    """Text of at most `max_length` characters that somebody chose."""

    max_length: int

    def to_python(self, value: str) -> str:
        try:
            return check_segment("", value, max_length=self.max_length)
        except InvalidInput as error:
            raise ValidationError from error


class ProblemNumberConverter(SegmentConverter):
    max_length = NUMBER_LENGTH
    regex = f"[^/]{{1,{NUMBER_LENGTH}}}"


class ProblemIdConverter(BaseConverter):
    """An older client's integer; the length bounds what is converted at all."""

    regex = "[0-9]{1,16}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if not 1 <= number <= LARGEST_ID:
            raise ValidationError
        return number

    def to_url(self, value: Any) -> str:
        return str(value)


class TestNumberConverter(BaseConverter):
    """A test's place in its set, as lists number them, or its id there."""

    __test__ = False

    regex = "[0-9]{1,5}"

    def to_python(self, value: str) -> int:
        number = int(value)
        if number < 1:
            raise ValidationError
        return number

    def to_url(self, value: Any) -> str:
        return str(value)


class PlanNameConverter(SegmentConverter):
    max_length = NAME_LENGTH
    regex = f"[^/]{{1,{NAME_LENGTH}}}"


class UlidConverter(BaseConverter):
    """The id of an execution, a run, a user, a token or a job."""

    regex = ULID_PATTERN


CONVERTERS: dict[type[BaseConverter], dict[str, object]] = {
    PlatformConverter: {"type": "string", "pattern": f"^{PLATFORM_PATTERN}$"},
    ProblemNumberConverter: {
        "type": "string",
        "minLength": 1,
        "maxLength": NUMBER_LENGTH,
        "pattern": SEGMENT_PATTERN,
    },
    ProblemIdConverter: {"type": "integer", "minimum": 1, "maximum": LARGEST_ID},
    TestNumberConverter: {"type": "integer", "minimum": 1, "maximum": 99_999},
    PlanNameConverter: {
        "type": "string",
        "minLength": 1,
        "maxLength": NAME_LENGTH,
        "pattern": SEGMENT_PATTERN,
    },
    UlidConverter: {"type": "string", "pattern": f"^{ULID_PATTERN}$"},
}
"""Each with its schema in the OpenAPI document."""


def register_converters(app: Flask) -> None:
    app.url_map.converters.update(
        platform=PlatformConverter,
        problem_number=ProblemNumberConverter,
        problem_id=ProblemIdConverter,
        test_number=TestNumberConverter,
        plan_name=PlanNameConverter,
        ulid=UlidConverter,
    )
