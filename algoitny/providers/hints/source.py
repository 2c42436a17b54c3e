"""Reading a learner's code without running it: Python as a tree, brace languages as tokens.

The code may be broken or made to hurt: nothing here recurses over it, and every pattern is linear.
"""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

_CLOSES = {"(": ")", "[": "]", "{": "}"}

_TOKEN = re.compile(
    r"""
      (?P<skip>\s+|//[^\n]*|/\*.*?(?:\*/|\Z)|\#\s*include[^\n]*)
    | (?P<text>"(?:\\.|[^"\\\n])*"?|'(?:\\.|[^'\\\n])*'?)
    | (?P<number>\.?[0-9](?:[eE][+-]|[\w.'])*)
    | (?P<word>[A-Za-z_]\w*)
    | (?P<sign><<=|>>=|->|\+\+|--|&&|\|\||<=|>=|==|!=|\+=|-=|\*=|/=|%=|<<|>>|::|.)
    """,
    re.VERBOSE | re.DOTALL,
)


class Token(NamedTuple):
    """`kind` is `text`, `number`, `word` or `sign`; `line` counts from 1."""

    kind: str
    text: str
    line: int


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop that may run as often as the input is large; `depth` 1 is an outermost one."""

    line: int
    depth: int


class TokenSource:
    """Tokens of C, C++ and their relatives, and the loops they make."""

    def __init__(self, code: str) -> None:
        starts = [0, *(match.end() for match in re.finditer("\n", code))]
        self.tokens: Sequence[Token] = [
            Token(str(match.lastgroup), match[0], bisect_right(starts, match.start()))
            for match in _TOKEN.finditer(code)
            if match.lastgroup != "skip"
        ]

    def text(self, at: int) -> str:
        """The token's text; empty outside."""
        return self.tokens[at].text if 0 <= at < len(self.tokens) else ""

    @cached_property
    def _partners(self) -> dict[int, int]:
        """Opening bracket → closing bracket, by index; one pass, since all may be brackets."""
        partners: dict[int, int] = {}
        open_at: dict[str, list[int]] = {")": [], "]": [], "}": []}
        for at, token in enumerate(self.tokens):
            if token.text in _CLOSES:
                open_at[_CLOSES[token.text]].append(at)
            elif open_at.get(token.text):
                partners[open_at[token.text].pop()] = at
        return partners

    def closing(self, at: int) -> int:
        """The index of the bracket that closes the one at `at`; the last index if none does."""
        return self._partners.get(at, len(self.tokens) - 1)

    def loop_at(self, at: int) -> int:
        """How many loops the token stands in."""
        return self._scan[1][at]

    @property
    def loops(self) -> Sequence[Loop]:
        """In order. A loop up to a small number in the code does not count."""
        return self._scan[0]

    @cached_property
    def _scan(self) -> tuple[list[Loop], list[int]]:
        loops: list[Loop] = []
        depths = [0] * len(self.tokens)
        scopes = [_Scope(is_block=True, depth=0)]
        at = 0
        while at < len(self.tokens):
            token = self.tokens[at]
            end = at
            if token.text in ("for", "while") and self.text(at + 1) == "(":
                end = self.closing(at + 1)
                grows = not self._is_constant(at + 1, end)
                scopes.append(_Scope(is_block=False, depth=scopes[-1].depth + grows))
                if grows:
                    loops.append(Loop(token.line, scopes[-1].depth))
                if self.text(end + 1) == "{":
                    scopes[-1].is_block = True
                    end += 1
            elif token.text == "{":
                scopes.append(_Scope(is_block=True, depth=scopes[-1].depth))
            elif token.text == "}":
                _close_statements(scopes)
                if len(scopes) > 1:
                    scopes.pop()
                # The block may have been the whole statement of the loops around it.
                _close_statements(scopes)
            elif token.text == ";":
                _close_statements(scopes)
            depths[at : end + 1] = [scopes[-1].depth] * (end + 1 - at)
            at = end + 1
        return loops, depths

    def _is_constant(self, start: int, end: int) -> bool:
        """Whether the loop's head compares with a number of at most two digits, as in `d < 4`."""
        return any(
            self.text(at) in ("<", "<=")
            and self.tokens[at + 1].kind == "number"
            and len(self.text(at + 1)) <= 2
            and self.text(at + 2) in (";", ")")
            for at in range(start, end - 1)
        )


@dataclass(slots=True)
class _Scope:
    """A block, or a loop whose body is a single statement; `depth` counts the loops so far."""

    is_block: bool
    depth: int


def _close_statements(scopes: list[_Scope]) -> None:
    while not scopes[-1].is_block:
        scopes.pop()


@dataclass(frozen=True, slots=True)
class Place:
    """A node of a Python tree with what is around it: loops, and the function it belongs to."""

    node: ast.AST
    depth: int
    function: str | None


class PythonSource:
    """Python's syntax tree, flat: every node with its surroundings, in the order of the text."""

    def __init__(self, tree: ast.Module, lines: Sequence[str]) -> None:
        self.lines = lines
        self.places: Sequence[Place] = list(_places(tree))

    @classmethod
    def parse(cls, code: str) -> PythonSource | None:
        """None for code that is not Python, or nested deeper than the parser can stand."""
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # the learner's, not ours
                tree = ast.parse(code)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return None
        return cls(tree, code.split("\n"))


def _places(tree: ast.Module) -> Iterator[Place]:
    open_nodes: list[Place] = [Place(tree, 0, None)]
    while open_nodes:
        place = open_nodes.pop()
        yield place
        open_nodes.extend(reversed(list(_children(place))))


def _children(place: Place) -> Iterator[Place]:
    node, depth, function = place.node, place.depth, place.function
    if isinstance(node, ast.FunctionDef):
        # What a function does is counted from its own first loop.
        depth, function = 0, node.name
    if isinstance(node, ast.For):
        yield Place(node.iter, depth, function)
        inner = depth + (not is_constant_range(node.iter))
        parts: list[ast.AST] = [node.target, *node.body, *node.orelse]
    elif isinstance(node, ast.While):
        inner, parts = depth + 1, [node.test, *node.body, *node.orelse]
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        for generator in node.generators:
            yield Place(generator.iter, depth, function)
            depth += not is_constant_range(generator.iter)
        inner, parts = depth, [part for g in node.generators for part in (g.target, *g.ifs)]
        parts += [node.key, node.value] if isinstance(node, ast.DictComp) else [node.elt]
    else:
        inner, parts = depth, list(ast.iter_child_nodes(node))
    for part in parts:
        yield Place(part, inner, function)


def is_constant_range(iterated: ast.expr) -> bool:
    """Whether a loop over this has a number of steps that the code alone fixes, and small."""
    if isinstance(iterated, ast.Tuple | ast.List | ast.Set):
        return True
    if isinstance(iterated, ast.Constant):
        return isinstance(iterated.value, str) and len(iterated.value) < 100
    return (
        isinstance(iterated, ast.Call)
        and isinstance(iterated.func, ast.Name)
        and iterated.func.id == "range"
        and all(isinstance(a, ast.Constant) and a.value in range(100) for a in iterated.args)
    )
