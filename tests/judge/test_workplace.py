"""The folders of judges that are opened and closed beside each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from algoitny.judge import Judge
from algoitny.judge.workplace import Workplace

pytestmark = pytest.mark.service


def test_judges_that_start_at_once_leave_each_other_their_folders(
    judge: Judge, tmp_path: Path
) -> None:
    tmp_path.chmod(0o755)

    def open_and_close(_: int) -> None:
        place = Workplace(tmp_path / "judge", judge.identity)
        folder = place.new_folder()
        assert folder.parent == place._own
        place.close()
        assert not folder.parent.exists()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(open_and_close, range(200)))
