"""Integer overflow in C and C++: 32-bit variables against what the constraints let grow in them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from algoitny.domain.verdict import Verdict
from algoitny.providers.hints.advice import Advice, Words
from algoitny.providers.hints.evidence import C_FAMILY, Bounds, Evidence
from algoitny.providers.hints.source import TokenSource
from algoitny.providers.hints.wording import about, code

WORDS = Words("overflow")

LARGEST_INT = 2**31 - 1
LONGEST_TYPE = 20
LONGEST_VALUE = 60
"""Tokens that are looked at: without a bound, code made for it takes quadratic time."""

_NARROW = frozenset({"int", "short", "unsigned", "signed", "int32_t", "uint32_t", "int16_t"})
_WIDE = frozenset({"long", "int64_t", "uint64_t", "__int128", "double", "float", "ll", "i64"})
_READERS = frozenset({"scanf", "cin"})


@dataclass(frozen=True, slots=True)
class Finding:
    """`kind` is `read`, `product`, `total` or `result`; `name` is the variable that is narrow."""

    kind: str
    name: str
    line: int


def explain_overflow(evidence: Evidence) -> Advice | None:
    """Only when the samples pass: their numbers are small, so they cannot overflow."""
    if (
        evidence.verdict is not Verdict.WA
        or evidence.language not in C_FAMILY
        or not evidence.samples_pass
    ):
        return None
    bounds = evidence.bounds
    source = evidence.tokens
    narrow = narrow_names(source)
    found = [f for f in _findings(source, narrow) if _can_overflow(f, bounds)]
    if not found:
        return None
    order = ("read", "product", "total", "result")
    return _advice(min(found, key=lambda f: (order.index(f.kind), f.line)), bounds)


def narrow_names(source: TokenSource) -> frozenset[str]:
    """Variables, arrays, containers and functions declared with a 32-bit integer type."""
    texts = [token.text for token in source.tokens]
    if any(texts[at : at + 3] == ["define", "int", "long"] for at in range(len(texts))):
        return frozenset()
    names: set[str] = set()
    for at, text in enumerate(texts):
        before, after = source.text(at - 1), source.text(at + 1)
        if text in _NARROW and not {before, after} & (_WIDE | _NARROW - {text}):
            names.update(_declared(source, at + 1))
        elif text == "unsigned" and after == "int":
            names.update(_declared(source, at + 2))
    return frozenset(names)


def _declared(source: TokenSource, at: int) -> Iterator[str]:
    """The names of the declaration whose type ends before `at`."""
    for _ in range(LONGEST_TYPE):  # the rest of `map<int, int>`, a pointer or a reference
        if source.text(at) not in (">", ">>", "*", "&", ",") and source.text(at) not in _NARROW:
            break
        at += 1
    while _is_name(source, at):
        yield source.text(at)
        at += 1
        while source.text(at) in ("[", "("):
            at = source.closing(at) + 1
        if source.text(at) == "=":
            at = _end_of_value(source, at + 1)
        if source.text(at) != ",":
            return
        at += 1
        if source.text(at) in ("*", "&"):
            at += 1


def _is_name(source: TokenSource, at: int) -> bool:
    return _is_operand(source, at) and source.text(at) not in _NARROW | _WIDE


def _end_of_value(source: TokenSource, at: int) -> int:
    end = at + LONGEST_VALUE
    while at < min(end, len(source.tokens)) and source.text(at) not in (",", ";", ")"):
        at = source.closing(at) + 1 if source.text(at) in ("(", "[", "{") else at + 1
    return at


def _findings(source: TokenSource, narrow: frozenset[str]) -> Iterator[Finding]:
    for at, token in enumerate(source.tokens):
        if token.text in ("+=", "*="):
            name = _base(source, at - 1)
            if name in narrow and not _is_small(source, at + 1):
                yield Finding("total", name, token.line)
        elif token.text == "*" and _is_value(source, at - 1) and _is_operand(source, at + 1):
            left = _base(source, at - 1)
            if left in narrow and not _is_widened(source, at - 1) and source.text(at + 1) in narrow:
                yield Finding("product", left, token.line)
        elif token.text in _READERS:
            yield from _read(source, at, narrow)
        elif token.text == "=" and _grows(source, at + 1):
            name = _base(source, at - 1)
            if name in narrow:
                gathers = name in _value(source, at + 1)
                yield Finding("total" if gathers else "result", name, token.line)


def _read(source: TokenSource, at: int, narrow: frozenset[str]) -> Iterator[Finding]:
    """Names that a statement of scanf or cin fills."""
    line = source.tokens[at].line
    for index in range(at + 1, min(at + 40, len(source.tokens))):
        if source.text(index) == ";":
            return
        if source.text(index) in narrow:
            yield Finding("read", source.text(index), line)


def _base(source: TokenSource, at: int) -> str:
    """The variable of an operand that ends at `at`: `total`, or `sum` of `sum[i]`."""
    steps = 0
    while source.text(at) == "]" and steps < 50:
        while source.text(at) not in ("[", "") and steps < 50:
            at -= 1
            steps += 1
        at -= 1
    return source.text(at)


def _is_small(source: TokenSource, at: int) -> bool:
    """Whether only a number of a few digits is added: counting, not summing."""
    return (
        source.text(at) != ""
        and source.tokens[at].kind == "number"
        and len(source.text(at)) <= 4
        and source.text(at + 1) in (";", ")", ",")
    )


def _is_value(source: TokenSource, at: int) -> bool:
    return at >= 0 and (source.tokens[at].kind == "word" or source.text(at) == "]")


def _is_operand(source: TokenSource, at: int) -> bool:
    return at < len(source.tokens) and source.tokens[at].kind == "word"


def _is_widened(source: TokenSource, at: int) -> bool:
    """Whether a cast stands before the operand, or a wide factor: `(long long)a * b`, `1LL * a`."""
    return source.text(at - 1) in (")", "*")


def _value(source: TokenSource, at: int) -> Sequence[str]:
    """The tokens of the value that begins at `at`, as far as they are looked at."""
    end = min(_end_of_value(source, at), at + LONGEST_VALUE, len(source.tokens))
    return [token.text for token in source.tokens[at:end]]


def _grows(source: TokenSource, at: int) -> bool:
    """Whether the value that begins at `at` adds or multiplies two variables."""
    return any(
        text in ("+", "*") and _is_value(source, index - 1) and _is_operand(source, index + 1)
        for index, text in enumerate(_value(source, at), at)
    )


def _can_overflow(finding: Finding, bounds: Bounds) -> bool:
    """Whether the constraints let it pass 2^31 − 1. Without any bound they may."""
    value, size = bounds.value, bounds.size
    if value is None:
        return finding.kind in ("product", "total")
    reach = {
        "read": value,
        "product": value * value,
        # A total of n values, or a count of pairs of n things.
        "total": max(value * (size or 1), (size or 1) ** 2 // 2),
        "result": 2 * value,
    }
    return reach[finding.kind] > LARGEST_INT


def _advice(finding: Finding, bounds: Bounds) -> Advice:
    return WORDS.advice(
        finding.kind, line=finding.line, name=code(finding.name), reach=_reach(bounds)
    )


def _reach(bounds: Bounds) -> str:
    if bounds.value is None:
        return "The constraints do not name a bound, so take the largest input you can think of."
    if bounds.size is None or bounds.size == bounds.value:
        return f"The constraints let a value be as large as {about(bounds.value)}."
    return (
        f"The constraints let a value be as large as {about(bounds.value)}, and there may be "
        f"{about(bounds.size)} of them."
    )
