"""Languages that not every machine has."""

from __future__ import annotations

import pytest

from algoitny.judge import Judge


def require(judge: Judge, language: str) -> None:
    """Skips where this machine has no such language."""
    if language not in judge.languages.tools():
        declared = judge.languages.get(language)
        pytest.skip(f"{declared.name} is not installed: {declared.install}")
