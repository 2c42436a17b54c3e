"""What `on_cgroup_v2.sh` tries besides: an ordinary user below groups as systemd delegates them."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

USER = 61234
TOP = Path("/sys/fs/cgroup")
SCRIPT = """
import sys
from pathlib import Path
from algoitny.judge import Case, Limits, open_judge
with open_judge(scratch_dir=Path(sys.argv[1]), sandbox="bubblewrap") as judge:
    print(*judge.enforcers.values(), *judge._sandbox._cgroups.folders, sep=",")
    source = "x = []\\nwhile True: x.append(bytearray(b'1') * (1 << 20))"
    cases = [Case(name="1", input=b"", answer=b"")]
    found = judge.judge("python3", source, cases, limits=Limits(time_ms=20_000, memory_mb=64))
    print(found.verdict.value)
"""


def become_user_in(group: Path) -> None:
    (group / "cgroup.procs").write_text("0")
    os.setgroups([])
    os.setgid(USER)
    os.setuid(USER)


@pytest.mark.parametrize(
    ("started_in", "divided", "delegated"),
    [("a", "a", "a"), ("b/worker", "b", "b"), ("c", None, None)],
    ids=["Delegate", "DelegateSubgroup", "nothing"],
)
def test_delegation(
    tmp_path: Path, started_in: str, divided: str | None, delegated: str | None
) -> None:
    slice_ = TOP / "test.slice"
    own = slice_ / started_in
    own.mkdir(parents=True)
    for folder in (TOP, slice_):
        (folder / "cgroup.subtree_control").write_text("+cpu +memory +pids")
    if delegated:
        subprocess.run(["chown", "-R", str(USER), slice_ / delegated], check=True)
    scratch = tmp_path / "judge"
    scratch.mkdir()
    os.chown(scratch, USER, USER)
    for folder in (tmp_path, *tmp_path.parents[:3]):
        folder.chmod(0o755)
    (tmp_path / "script.py").write_text(SCRIPT)
    packages = [str(Path.cwd()), *(path for path in sys.path if path.endswith("site-packages"))]
    done = subprocess.run(
        # This environment's interpreter may be out of that user's reach; its packages are not.
        ["/usr/bin/python3", tmp_path / "script.py", scratch],
        check=False,
        capture_output=True,
        text=True,
        env={
            "PATH": os.defpath,
            "PYTHONPATH": os.pathsep.join(packages),
            "HOME": str(scratch),
            "TMPDIR": str(scratch),
        },
        cwd="/",
        preexec_fn=lambda: become_user_in(own),
    )
    assert not done.stderr
    where, verdict = done.stdout.splitlines()
    held = ["cgroup v2"] * 3 + [str(slice_ / divided)] if divided else ["sampling"] * 3
    assert where.split(",") == held
    assert verdict == "MLE"
    if divided:
        assert not list((slice_ / divided).glob("judge-*"))
