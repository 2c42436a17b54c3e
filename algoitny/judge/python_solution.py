"""Is a Python submission a program, or only the definition of a function `solution`?

A module that only imports, defines functions and classes, and names constants would do nothing as
a program. When it defines `solution`, it is taken for the older form of a submission, and gets
what calls that function (`python_harness.py`). In every case of doubt it is a program, and left as
it is. docs/languages.md tells learners.

Runs in the compile box, without the package, with whatever Python there is: from 3.8 on. It is
started with the source and the file to write what runs to.
"""

from __future__ import annotations

import _ast as ast
import sys

NAME = "solution"
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
LISTS = ("list", "List")

MAKERS = frozenset(
    [
        *("abs", "bool", "bytearray", "bytes", "chr", "complex", "dict", "divmod", "enumerate"),
        *("float", "frozenset", "int", "len", "list", "max", "min", "ord", "pow", "range"),
        *("reversed", "round", "set", "sorted", "str", "sum", "tuple", "zip"),
        *("Counter", "Decimal", "Fraction", "OrderedDict", "defaultdict", "deque", "namedtuple"),
        *("NewType", "TypeVar", "auto", "field"),
    ]
)
"""Functions that constants are made with; none of them calls what it is given."""

DECORATORS = frozenset(
    [
        *("cache", "cached_property", "classmethod", "dataclass", "lru_cache", "property"),
        *("staticmethod", "total_ordering"),
    ]
)

SETTINGS = frozenset({"set_int_max_str_digits", "setrecursionlimit", "stack_size"})
"""Calls that nobody can see a trace of."""

HOOKS = frozenset({"__class_getitem__", "__init_subclass__", "__prepare__", "__set_name__"})
"""Methods that are called without a call."""


CALL = """

# The judge calls `solution`: docs/languages.md says with what.
__judge = {harness!r}
__call = {{"solution": solution, "kinds": {kinds!r}, "needed": {needed!r}}}
__import__("builtins").exec(__judge, {{"__name__": "<judge>", "call": __call}})
"""


def main(source: str, target: str, folder: str) -> None:
    """An error of the submission's ends this program, as Python reports it."""
    with open(source, "rb") as file:  # noqa: PTH123 -- importing pathlib takes longer than all else
        text = file.read()
    sys.tracebacklimit = 0
    compile(text, source, "exec", dont_inherit=True)
    with open(target, "wb") as file:  # noqa: PTH123
        file.write(with_call(text, f"{folder}/python_harness.py"))


def with_call(text: bytes, harness: str) -> bytes:
    """The program to run for a source that is Python. Ends this program, in words for a learner,
    when there is a `solution` that cannot be called."""
    try:
        found = kinds_of(text)
    except (RecursionError, MemoryError):
        return text  # far too deep for what only defines something
    except UnusableSolution as unusable:
        sys.exit(f"{NAME}: {unusable}")
    if found is None:
        return text
    kinds, needed = found
    with open(harness, encoding="utf-8") as file:  # noqa: PTH123 -- as above
        behind = CALL.format(harness=file.read(), kinds=kinds, needed=needed)
    return text + behind.encode()


class UnusableSolution(Exception):
    """Says why."""


def kinds_of(text: bytes) -> tuple[list[str], int] | None:
    """What the parameters of a lone `solution` take (`int`, `float`, `str`, `list`, `list[int]`,
    …, `*` before the last when it takes all that is left; empty: as it looks), and how many must
    get a value. None for a program. Raises UnusableSolution."""
    shown, sys.stderr = sys.stderr, None  # Python's warnings have been shown
    try:
        tree = compile(text, "main.py", "exec", ast.PyCF_ONLY_AST, dont_inherit=True)
    finally:
        sys.stderr = shown
    body = tree.body if isinstance(tree, ast.Module) else []
    module = _Module(body)
    if not all(map(module.only_defines, body)):
        return None
    if not module.called.isdisjoint(module.own):
        return None  # by those names, something of its own was called
    last = [statement for statement in body if NAME in _bound(statement)][-1:]
    if not last or not isinstance(last[0], ast.FunctionDef):
        return None
    return _kinds(last[0])


class _Module:
    """What is known of a module while its statements are looked at."""

    def __init__(self, body: list[ast.stmt]) -> None:
        made = [one for one in body if not isinstance(one, (ast.Import, ast.ImportFrom))]
        self.own = {name for statement in made for name in _bound(statement)}
        self.functions = {
            name
            for statement in made
            for name in _bound(statement)
            if not isinstance(statement, (ast.Assign, ast.AnnAssign))
            or isinstance(statement.value, ast.Lambda)
        }
        self.called: set[str] = set()

    def only_defines(self, statement: ast.stmt) -> bool:
        """Whether nobody would notice that it is run."""
        if isinstance(statement, FUNCTIONS):
            return statement.name not in HOOKS and self._is_plain_function(statement)
        if isinstance(statement, ast.ClassDef):
            return (
                not statement.keywords
                and all(map(self._is_decorator, statement.decorator_list))
                and all(map(self._is_type, statement.bases))
                and all(map(self.only_defines, statement.body))
            )
        if isinstance(statement, (ast.Assign, ast.AnnAssign)):
            return self._is_plain_assignment(statement)
        if isinstance(statement, ast.Expr):
            return isinstance(statement.value, ast.Constant) or self._sets(statement.value)
        return isinstance(statement, (ast.Import, ast.ImportFrom, ast.Pass))

    def _sets(self, call: ast.expr) -> bool:
        if not isinstance(call, ast.Call) or _last_name(call.func) not in SETTINGS:
            return False
        self.called.add(_last_name(call.func))
        return all(map(self._is_constant, [*call.args, *call.keywords]))

    def _is_plain_assignment(self, statement: ast.Assign | ast.AnnAssign) -> bool:
        if isinstance(statement, ast.Assign):
            return all(map(_is_name, statement.targets)) and self._is_value(statement.value)
        return (
            _is_name(statement.target)
            and self._is_type(statement.annotation)
            and (statement.value is None or self._is_value(statement.value))
        )

    def _is_plain_function(self, function: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
        given = function.args
        parameters = [*given.posonlyargs, *given.args, *given.kwonlyargs, given.vararg, given.kwarg]
        defaults = [*given.defaults, *given.kw_defaults]
        types = [function.returns, *(one.annotation for one in parameters if one is not None)]
        return (
            all(map(self._is_decorator, function.decorator_list))
            and all(part is None or self._is_value(part) for part in defaults)
            and all(part is None or self._is_type(part) for part in types)
        )

    def _is_decorator(self, expression: ast.expr) -> bool:
        if isinstance(expression, ast.Call):
            arguments = [*expression.args, *expression.keywords]
            return self._is_decorator(expression.func) and all(map(self._is_constant, arguments))
        self.called.add(_last_name(expression))
        return _last_name(expression) in DECORATORS

    def _is_type(self, expression: ast.AST) -> bool:
        """What annotations say, of own classes too: no class here notices (see HOOKS)."""
        if isinstance(expression, ast.Subscript):
            return self._is_type(expression.value) and self._is_type(expression.slice)
        if isinstance(expression, ast.BinOp) and isinstance(expression.op, ast.BitOr):
            return self._is_type(expression.left) and self._is_type(expression.right)
        if isinstance(expression, (ast.Tuple, ast.List)):
            return all(map(self._is_type, expression.elts))
        return bool(_last_name(expression)) or self._is_constant(expression)

    def _is_value(self, expression: ast.expr) -> bool:
        """A constant, or a function by another name: naming one calls nothing."""
        if isinstance(expression, ast.Lambda):
            given = expression.args
            return all(
                part is None or self._is_constant(part)
                for part in [*given.defaults, *given.kw_defaults]
            )
        return bool(_last_name(expression)) or self._is_constant(expression)

    def _is_constant(self, expression: ast.AST) -> bool:
        """Whether evaluating it calls nothing but what makes plain values."""
        waiting = [expression]
        while waiting:
            part = waiting.pop()
            if isinstance(part, ast.Call):
                self.called.add(_last_name(part.func))
                if _last_name(part.func) not in MAKERS:
                    return False
            if isinstance(part, ast.keyword) and part.arg == "key":
                return False  # a function that is called
            if isinstance(part, (ast.Await, ast.NamedExpr, ast.Yield, ast.YieldFrom)):
                return False
            if isinstance(part, ast.Name) and part.id in {*self.functions, "print", "input"}:
                return False
            for name in part._fields:
                value = getattr(part, name, None)
                inner = value if isinstance(value, list) else [value]
                waiting += [one for one in inner if isinstance(one, ast.AST)]
        return True


def _last_name(expression: ast.AST) -> str:
    """`lru_cache` of `functools.lru_cache`; nothing of what is not a name."""
    if isinstance(expression, ast.Attribute) and _last_name(expression.value):
        return expression.attr
    return expression.id if isinstance(expression, ast.Name) else ""


def _is_name(target: ast.expr) -> bool:
    if isinstance(target, (ast.Tuple, ast.List)):
        return all(map(_is_name, target.elts))
    return isinstance(target, ast.Name)


def _bound(statement: ast.stmt) -> list[str]:
    """The names that a statement gives a meaning."""
    if isinstance(statement, (*FUNCTIONS, ast.ClassDef)):
        return [statement.name]
    if isinstance(statement, (ast.Import, ast.ImportFrom)):
        return [(one.asname or one.name).partition(".")[0] for one in statement.names]
    if isinstance(statement, ast.Assign):
        return [name for one in statement.targets for name in _names(one)]
    return _names(statement.target) if isinstance(statement, ast.AnnAssign) else []


def _names(target: ast.expr) -> list[str]:
    if isinstance(target, (ast.Tuple, ast.List)):
        return [name for one in target.elts for name in _names(one)]
    return [target.id] if isinstance(target, ast.Name) else []


def _kinds(function: ast.FunctionDef) -> tuple[list[str], int]:
    """See `kinds_of`."""
    given = function.args
    if any(default is None for default in given.kw_defaults):
        raise UnusableSolution("a parameter behind * has no default, and nothing gives it a value")
    plain = [*given.posonlyargs, *given.args]
    kinds = [_kind(one.annotation) for one in plain]
    if given.vararg is not None:
        kinds.append("*" + _kind(given.vararg.annotation))
    if any(kind.startswith("list[list") for kind in kinds[:-1]):
        raise UnusableSolution("only the last parameter can be a list of lists")
    return kinds, len(plain) - len(given.defaults)


def _kind(annotation: ast.AST | None) -> str:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        try:
            tree = compile(annotation.value, "", "eval", ast.PyCF_ONLY_AST, dont_inherit=True)
        except (SyntaxError, ValueError):
            return ""
        return _kind(tree.body if isinstance(tree, ast.Expression) else None)
    if isinstance(annotation, ast.Subscript) and _last_name(annotation.value) in LISTS:
        inner = _kind(annotation.slice)
        return f"list[{inner}]" if inner else "list"
    if isinstance(annotation, (ast.Attribute, ast.Name)):
        name = _last_name(annotation)
        return "list" if name in LISTS else name if name in ("int", "float", "str") else ""
    return ""


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[0].rpartition("/")[0])
