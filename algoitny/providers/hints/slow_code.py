"""Finds code that does many steps: for Python in its syntax tree, for other languages in tokens.

It sees shapes, not running times; whether they matter depends on sizes that `slow` knows.
"""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from algoitny.providers.hints.source import (
    Place,
    PythonSource,
    TokenSource,
    is_constant_range,
)

_WHOLE = frozenset({"split", "splitlines", "strip", "copy", "lower", "upper"})
_SEARCH = frozenset({"index", "count", "remove"})
_FRONT = frozenset({"pop", "insert"})
_PASSES = frozenset({"sum", "min", "max", "sorted", "list", "set"})
_ORDER = ("recursion", "again", "shift", "nested", "counting", "reading")


@dataclass(frozen=True, slots=True)
class SlowCode:
    """One place: `kind` as in `_ORDER`, which is also the order of how much it tells; `depth` is
    how many loops meet there, where loops are what it is about."""

    kind: str
    line: int
    name: str = ""
    depth: int = 0


def slow_python(source: PythonSource) -> Sequence[SlowCode]:
    """Places in Python code, the most telling kind first."""
    return _sorted(_Python(source).find())


def slow_tokens(source: TokenSource) -> Sequence[SlowCode]:
    """Places in code of a language with braces, the most telling kind first."""
    return _sorted(_tokens(source))


def _sorted(found: Iterator[SlowCode]) -> Sequence[SlowCode]:
    return sorted(found, key=lambda slow: (_ORDER.index(slow.kind), -slow.depth, slow.line))


class _Python:
    def __init__(self, source: PythonSource) -> None:
        self._places = source.places
        called = [
            (place.node.func.id, place)
            for place in source.places
            if isinstance(place.node, ast.Call) and isinstance(place.node.func, ast.Name)
        ]
        self._called_in_loop = {name for name, place in called if place.depth}
        self._self_calls = Counter(name for name, place in called if place.function == name)
        self._fresh = {
            place.node.id
            for place in source.places
            if isinstance(place.node, ast.Name)
            and isinstance(place.node.ctx, ast.Store)
            and self._depth(place)
        } | {place.node.arg for place in source.places if isinstance(place.node, ast.arg)}

    def _depth(self, place: Place) -> int:
        """Loops around it, one more where a loop calls the function that it is in."""
        return place.depth + (place.function in self._called_in_loop)

    def find(self) -> Iterator[SlowCode]:
        remembering = self._remembering()
        for place in self._places:
            node, depth = place.node, self._depth(place)
            if isinstance(node, ast.FunctionDef):
                if self._self_calls[node.name] > 1 and node.name not in remembering:
                    yield SlowCode("recursion", node.lineno, node.name)
            elif isinstance(node, ast.For | ast.While):
                if isinstance(node, ast.For) and is_constant_range(node.iter):
                    continue
                if depth >= 1:
                    yield SlowCode("nested", node.lineno, depth=depth + 1)
                yield SlowCode("counting", node.lineno)
            elif isinstance(node, ast.Call) and depth >= 1:
                yield from self._call(node)
            elif isinstance(node, ast.Assign) and depth >= 1:
                yield from _shortened(node)
            elif isinstance(node, ast.GeneratorExp | ast.ListComp) and depth >= 1:
                yield SlowCode("nested", node.lineno, depth=depth + 1)

    def _remembering(self) -> frozenset[str]:
        """Functions that keep results: decorated, or storing into a table of theirs."""
        found: set[str] = set()
        for place in self._places:
            if isinstance(place.node, ast.FunctionDef) and place.node.decorator_list:
                found.add(place.node.name)
            elif isinstance(place.node, ast.Subscript) and isinstance(place.node.ctx, ast.Store):
                found.add(place.function or "")
        return frozenset(found)

    def _call(self, call: ast.Call) -> Iterator[SlowCode]:
        match call:
            case ast.Call(func=ast.Name(id="input")):
                yield SlowCode("reading", call.lineno, "input")
            case ast.Call(func=ast.Attribute(value=ast.Name(id=name), attr=method)):
                if method in _WHOLE and name not in self._fresh:
                    yield SlowCode("again", call.lineno, name)
                elif method in _SEARCH or (method in _FRONT and _begins_with_zero(call)):
                    yield SlowCode("shift", call.lineno, name)
            case ast.Call(
                func=ast.Name(id=function),
                args=[ast.Subscript(value=ast.Name(id=name), slice=ast.Slice())],
            ):
                if function in _PASSES:
                    yield SlowCode("again", call.lineno, name)
            case ast.Call(func=ast.Name(id=function), args=[ast.Name(id=name)]):
                if function in _PASSES and name not in self._fresh:
                    yield SlowCode("again", call.lineno, name)


def _shortened(assigned: ast.Assign) -> Iterator[SlowCode]:
    """`text = text[1:]`: a copy of all but a little."""
    match assigned:
        case ast.Assign(
            targets=[ast.Name(id=name)],
            value=ast.Subscript(value=ast.Name(id=source), slice=ast.Slice()),
        ):
            if name == source:
                yield SlowCode("shift", assigned.lineno, name)


def _begins_with_zero(call: ast.Call) -> bool:
    return bool(call.args) and isinstance(call.args[0], ast.Constant) and call.args[0].value == 0


def _tokens(source: TokenSource) -> Iterator[SlowCode]:
    for loop in source.loops:
        if loop.depth >= 2:
            yield SlowCode("nested", loop.line, depth=loop.depth)
        yield SlowCode("counting", loop.line)
    texts = {token.text for token in source.tokens}
    for at, token in enumerate(source.tokens):
        if source.loop_at(at) == 0:
            continue
        after = source.text(at + 1)
        if token.text in ("erase", "insert") and after == "(" and source.text(at + 4) == "begin":
            yield SlowCode("shift", token.line, source.text(at + 2))
        elif token.text == "strlen" and after == "(":
            yield SlowCode("again", token.line, source.text(at + 2))
        elif token.text == "cin" and "sync_with_stdio" not in texts:
            yield SlowCode("reading", token.line, "cin")
        elif token.text == "endl":
            yield SlowCode("reading", token.line, "endl")
