"""Several processes load the samples at the same moment, as when stacks start together."""

from __future__ import annotations

import pytest

from algoitny.domain.clock import SystemClock
from algoitny.domain.problem import tests_digest as digest_of
from algoitny.domain.repositories import Repositories
from algoitny.services.demo import load_samples, read_index
from tests.processes import at_once

pytestmark = pytest.mark.service


def load(repositories: Repositories, _: int) -> int:
    loaded = load_samples(repositories.problems, SystemClock())
    return len(loaded.created) + len(loaded.updated) + len(loaded.unchanged)


def test_five_at_once(stored: Repositories, store_endpoint: str, store_table: str) -> None:
    packages = dict(read_index())
    assert at_once(store_endpoint, store_table, load, processes=5) == [len(packages)] * 5
    for key, package in packages.items():
        summary, tests = stored.problems.get_problem_with_testcases(key)
        assert summary.summary.is_completed
        assert digest_of(tests) == digest_of(package.tests)
    again = load_samples(stored.problems, SystemClock())
    assert len(again.unchanged) == len(packages)
