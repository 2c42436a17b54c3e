"""Requests as lines of text: operation, index, keys, conditions, bounds.

Left out: what is written, which the contract tests look at, and everything that changes from run to
run (ids become `<ulid>`, digests `<sha256>`, times `<time>`).
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from typing import Any

_ULID = re.compile(r"(?<![0-9A-Z])[0-7][0-9A-HJKMNP-TV-Z]{25}(?![0-9A-Z])")
_SHA256 = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_TIME = re.compile(r"(?<![0-9#])0*1[0-9]{9}(?:[0-9]{3}|[0-9]{6})?(?![0-9])")
"""Epoch seconds, milliseconds or microseconds."""
_OLD_ID = re.compile(r"(?<=LEG#history#)[0-9]{8,}")
"""Of an id that was made for a test: the integer that it would have had on the old site."""
_CALL = re.compile(r"(attribute_exists|attribute_not_exists|begins_with|contains|size) \(")
_PLACEHOLDER = re.compile(r"[#:]\w+")

Request = Mapping[str, Any]


def render(operation: str, request: Request) -> tuple[str, ...]:
    """One line for a request, or one for each write of a transaction."""
    if operation == "TransactWriteItems":
        return _transaction(request)
    return (_steady(_RENDERERS[operation](request)),)


def _steady(text: str) -> str:
    """Without what changes from run to run."""
    text = _OLD_ID.sub("<old id>", _ULID.sub(_named, text))
    return _TIME.sub("<time>", _SHA256.sub("<sha256>", text))


def _named(ulid: re.Match[str]) -> str:
    """Fixtures give people ids with their names in it: `01JPA0GRACE0…` stays Grace."""
    name = re.fullmatch(r"01JPA0([A-Z]+?)0.*", ulid[0])
    return f"<{name[1].lower()}>" if name else "<ulid>"


def _get(request: Request) -> str:
    return f"Get {_key(request['Key'])}{_consistency(request)}"


def _batch_get(request: Request) -> str:
    ((_, part),) = request["RequestItems"].items()
    return f"BatchGet {', '.join(_counted(map(_key, part['Keys'])))}{_consistency(part)}"


def _query(request: Request) -> str:
    index = f" {request['IndexName']}" if "IndexName" in request else ""
    parts = [f"Query{index}: {_expression(request, 'KeyConditionExpression')}"]
    if "FilterExpression" in request:
        parts.append(f"filter {_expression(request, 'FilterExpression')}")
    if request.get("ScanIndexForward") is False:
        parts.append("backwards")
    if "Limit" in request:
        parts.append(f"at most {request['Limit']}")
    if request.get("Select") == "COUNT":
        parts.append("count only")
    return "; ".join(parts) + _consistency(request)


def _transaction(request: Request) -> tuple[str, ...]:
    first, *others = _counted(
        f"{kind} {_written(part)}"
        for entry in request["TransactItems"]
        for kind, part in entry.items()
    )
    return (f"Transact: {first}", *(f"and {line}" for line in others))


def _batch_write(request: Request) -> str:
    ((_, entries),) = request["RequestItems"].items()
    writes = (
        f"{kind.removesuffix('Request')} {_key(part.get('Key') or part['Item'])}"
        for entry in entries
        for kind, part in entry.items()
    )
    return f"BatchWrite: {', '.join(_counted(writes))}"


def _written(request: Request) -> str:
    condition = _expression(request, "ConditionExpression")
    return _key(request.get("Key") or request["Item"]) + (f" if {condition}" if condition else "")


def _key(key: Mapping[str, Any]) -> str:
    return f"{key['PK']['S']} / {key['SK']['S']}"


def _consistency(request: Request) -> str:
    return "; consistent" if request.get("ConsistentRead") else ""


def _expression(request: Request, part: str) -> str:
    """The condition with names and values put in."""
    names = request.get("ExpressionAttributeNames", {})
    values = request.get("ExpressionAttributeValues", {})

    def value(placeholder: re.Match[str]) -> str:
        if placeholder[0] in names:
            return str(names[placeholder[0]])
        ((_, content),) = values[placeholder[0]].items()
        return str(content)

    return _CALL.sub(r"\1(", _PLACEHOLDER.sub(value, request.get(part, "")))


def _counted(lines: Iterable[str]) -> list[str]:
    """Equal ones once, with how many there are; of many different ones, the first and the last."""
    counts = Counter(_steady(line) for line in lines)
    texts = [f"{count} × {line}" if count > 1 else line for line, count in counts.items()]
    if len(texts) > 8:
        texts = [texts[0], f"… {len(texts) - 2} more …", texts[-1]]
    return texts


_RENDERERS: Mapping[str, Callable[[Request], str]] = {
    "GetItem": _get,
    "BatchGetItem": _batch_get,
    "Query": _query,
    "PutItem": lambda request: f"Put {_written(request)}",
    "UpdateItem": lambda request: f"Update {_written(request)}",
    "DeleteItem": lambda request: f"Delete {_written(request)}",
    "BatchWriteItem": _batch_write,
}
