"""The kit serves any application with a table of its own: it knows nothing of this product."""

from __future__ import annotations

from pathlib import Path

import pytest

from algoitny.models import kit
from tests.imports import imported_names

ALLOWED = frozenset(f"algoitny.domain.{name}" for name in ("clock", "errors", "page", "patience"))
MODULES = sorted(Path(str(kit.__file__)).parent.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_it_imports_itself_and_general_modules(path: Path) -> None:
    imported = imported_names(path, "algoitny")
    foreign = [name for name in imported if not name.startswith("algoitny.models.kit")]
    assert set(foreign) <= ALLOWED
