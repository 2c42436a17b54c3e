"""Holds answers against the OpenAPI document that the server itself gives out.

Only the parts of JSON Schema that our document uses; any other keyword is an error, so that
nothing is believed to be checked that is not.
"""

from __future__ import annotations

import re

from algoitny.api.stream import EVENT_STREAM

ANNOTATIONS = {"description", "example", "format", "readOnly", "default"}
TYPES = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}


def _has_type(wanted, value):
    kinds = [wanted] if isinstance(wanted, str) else wanted
    if isinstance(value, bool):
        return "boolean" in kinds
    return any(isinstance(value, TYPES[kind]) for kind in kinds)


PLAIN = {
    "type": _has_type,
    "enum": lambda wanted, value: value in wanted,
    "required": lambda wanted, value: set(wanted) <= set(value),
    "minimum": lambda wanted, value: value >= wanted,
    "maximum": lambda wanted, value: value <= wanted,
    "minLength": lambda wanted, value: len(value) >= wanted,
    "maxLength": lambda wanted, value: len(value) <= wanted,
    "minItems": lambda wanted, value: len(value) >= wanted,
    "maxItems": lambda wanted, value: len(value) <= wanted,
    "pattern": re.search,
}
"""Keywords that one look decides."""


class Document:
    def __init__(self, document):
        self.document = document

    def resolve(self, item):
        while "$ref" in item:
            place = self.document
            for name in item["$ref"].removeprefix("#/").split("/"):
                place = place[name]
            item = place
        return item

    def operations(self):
        """(path, method, operation) of each."""
        for path, item in self.document["paths"].items():
            for method, operation in item.items():
                if method != "parameters":
                    yield path, method.upper(), operation

    def operation(self, method, rule):
        path = re.sub(r"<(?:[^:>]+:)?([^>]+)>", r"{\1}", rule)
        return self.document["paths"][path][method.lower()]

    def check_answer(self, method, rule, answer):
        """The status is documented, and so are the content type and the body."""
        operation = self.operation(method, rule)
        status = str(answer.status_code)
        assert status in operation["responses"], f"{method} {rule}: {status} is not documented"
        response = self.resolve(operation["responses"][status])
        if status in ("201", "202"):
            assert "Location" in answer.headers, f"{method} {rule} {status}"
            assert "Location" in response["headers"], f"{method} {rule} {status}"
        if "content" not in response:
            assert not answer.data, f"{method} {rule} {status}"
            return
        assert answer.mimetype in response["content"], f"{method} {rule} {status}"
        schema = response["content"][answer.mimetype]["schema"]
        body = answer.text if answer.mimetype == EVENT_STREAM else answer.json
        self.check(schema, body, f"{method} {rule} {status}")

    def check(self, schema, value, where):
        """Raises AssertionError, naming the place."""
        schema = self.resolve(schema)
        for keyword, wanted in schema.items():
            if value is None and keyword not in ("type", "enum"):
                continue  # the others speak of numbers, texts, lists only
            if keyword in PLAIN:
                assert PLAIN[keyword](wanted, value), f"{where}: {value!r}, {keyword} {wanted}"
            elif keyword == "properties":
                for name in set(wanted) & set(value):
                    self.check(wanted[name], value[name], f"{where}/{name}")
            elif keyword == "additionalProperties":
                extra = set(value) - set(schema["properties"])
                assert wanted is False, where
                assert not extra, f"{where}: {extra} not documented"
            elif keyword == "items":
                for index, item in enumerate(value):
                    self.check(wanted, item, f"{where}/{index}")
            else:
                assert keyword in ANNOTATIONS, f"{where}: unknown keyword {keyword}"
