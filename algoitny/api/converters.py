"""Path parameters: what cannot name anything is no address at all, and so 404."""

from __future__ import annotations

from typing import Any

from flask import Flask
from marshmallow import ValidationError as Refused
from werkzeug.routing import BaseConverter, ValidationError

from algoitny.api.fields import (
    LARGEST_ID,
    NUMBER_LENGTH,
    PLATFORM_PATTERN,
    check_line,
    check_problem_number,
)
from algoitny.domain.plan import NAME_LENGTH


def check_plan_name(text: str) -> None:
    """Raises marshmallow's ValidationError for what could not stand in an address."""
    check_line(text)
    if "/" in text or text in (".", ".."):
        raise Refused("A slash, or dots only.")


class PlatformConverter(BaseConverter):
    regex = PLATFORM_PATTERN


class ProblemNumberConverter(BaseConverter):
    regex = f"[^/]{{1,{NUMBER_LENGTH}}}"

    def to_python(self, value: str) -> str:
        try:
            check_problem_number(value)
        except Refused as error:
            raise ValidationError from error
        return value


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


class PlanNameConverter(BaseConverter):
    regex = f"[^/]{{1,{NAME_LENGTH}}}"

    def to_python(self, value: str) -> str:
        try:
            check_plan_name(value)
        except Refused as error:
            raise ValidationError from error
        return value


class ExecutionIdConverter(BaseConverter):
    regex = "[0-7][0-9A-HJKMNP-TV-Z]{25}"


CONVERTERS: dict[type[BaseConverter], dict[str, object]] = {
    PlatformConverter: {"type": "string", "pattern": f"^{PLATFORM_PATTERN}$"},
    ProblemNumberConverter: {
        "type": "string",
        "minLength": 1,
        "maxLength": NUMBER_LENGTH,
        "pattern": "^[^/]+$",
    },
    ProblemIdConverter: {"type": "integer", "minimum": 1, "maximum": LARGEST_ID},
    TestNumberConverter: {"type": "integer", "minimum": 1, "maximum": 99_999},
    PlanNameConverter: {
        "type": "string",
        "minLength": 1,
        "maxLength": NAME_LENGTH,
        "pattern": "^[^/]+$",
    },
    ExecutionIdConverter: {"type": "string", "pattern": f"^{ExecutionIdConverter.regex}$"},
}
"""Each with its schema in the OpenAPI document."""


def register_converters(app: Flask) -> None:
    app.url_map.converters.update(
        platform=PlatformConverter,
        problem_number=ProblemNumberConverter,
        problem_id=ProblemIdConverter,
        test_number=TestNumberConverter,
        plan_name=PlanNameConverter,
        execution_id=ExecutionIdConverter,
    )
