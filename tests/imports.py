"""What a module imports, read from its source."""

from __future__ import annotations

import ast
from pathlib import Path


def imported_names(path: Path, *packages: str) -> list[str]:
    """The dotted names of the modules of `packages` that a source file imports."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    names = [name for node in ast.walk(tree) for name in _names(node)]
    return [name for name in names if name.split(".")[0] in packages]


def _names(node: ast.AST) -> list[str]:
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    return [node.module] if isinstance(node, ast.ImportFrom) and node.module else []
