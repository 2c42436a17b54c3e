"""The judge works as root, who gives up its rights for every box, and as an ordinary user."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from algoitny.judge import Judge, Limits, open_judge
from algoitny.judge.toolchain import Identity
from tests.judge.conftest import cases

pytestmark = pytest.mark.service

ROOT = Path(__file__).parents[2]
ORDINARY = 61_777
WHO = "import os\nprint(os.getuid(), os.getgid(), os.getgroups(), oct(os.stat('/tmp').st_mode))"

SCRIPT = """
import importlib.machinery, json, os, sys
from pathlib import Path
sys.path[:0] = json.loads(sys.argv[1])
from algoitny.judge import *
scratch = Path(sys.argv[2])
found = {}
with open_judge(scratch_dir=scratch, sandbox="bubblewrap") as judge:
    facts, probes = examine(judge)
    found["probes"] = [probe.name for probe in probes if not probe.ok]
    for language, source in json.loads(sys.argv[3]).items():
        found[language] = judge.judge(
            language, source, [Case(name="1", input=b"2 3", answer=b"5")], limits=Limits()
        ).verdict
    found["place"] = str(judge._workplace._root)
found["left"] = [str(path) for path in scratch.glob("judge-*")]
print(json.dumps(found))
"""
PROGRAMS = {
    "python3": "print(sum(map(int, input().split())))",
    "c": '#include <stdio.h>\nint main(void) { int a, b; scanf("%d %d", &a, &b);'
    ' printf("%d", a + b); }',
}


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user; run it as root")
def test_as_an_ordinary_user(judge: Judge, tmp_path: Path) -> None:
    interpreter = judge.languages.tool("python3").path
    if judge.languages.tool("python3").version.split(".")[:2] != [
        str(part) for part in sys.version_info[:2]
    ]:
        pytest.skip("needs a system Python of this version, for this environment's packages")
    place = Path("/tmp") / f"algoitny-test-{ORDINARY}-{os.getpid()}"
    place.mkdir(mode=0o755)
    os.chown(place, ORDINARY, ORDINARY)
    paths = [str(ROOT), *(path for path in sys.path if path.endswith("site-packages"))]
    try:
        done = subprocess.run(
            [interpreter, "-c", SCRIPT, json.dumps(paths), str(place), json.dumps(PROGRAMS)],
            check=False,
            capture_output=True,
            text=True,
            user=ORDINARY,
            group=ORDINARY,
            extra_groups=[],
            env={"PATH": os.defpath, "HOME": str(place), "TMPDIR": str(place)},
            cwd="/",
        )
        assert done.returncode == 0, done.stderr
        found = json.loads(done.stdout)
    finally:
        subprocess.run(["rm", "-rf", str(place)], check=True)
    assert found == {
        "probes": [],
        "python3": "AC",
        "c": "AC",
        "place": str(place),
        "left": [],
    }


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has rights to give up; run it as root")
def test_root_gives_up_its_rights(judge: Judge) -> None:
    assert judge.identity.dropped
    assert judge.identity.uid != 0
    found = judge.judge("python3", WHO, cases((b"", b"")), limits=Limits()).tests[0]
    uid = judge.identity.uid
    assert found.output == f"{uid} {uid} [{uid}] 0o40700\n".encode() or found.output == (
        f"{uid} {uid} [] 0o40700\n".encode()
    )


def test_folders_out_of_the_boxs_reach_are_not_used(tmp_path: Path) -> None:
    """A clone below a private home: the judge goes elsewhere when its boxes are another user's."""
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    with open_judge(scratch_dir=private, sandbox="bubblewrap") as judge:
        assert (judge._workplace._root == private) is not judge.identity.dropped
        found = judge.judge("python3", "print(1)", cases((b"", b"1")), limits=Limits())
        assert found.verdict == "AC"


def test_a_folder_of_others_is_not_trusted(tmp_path: Path) -> None:
    shared = tmp_path / "shared"
    shared.mkdir()
    shared.chmod(0o777)
    with open_judge(scratch_dir=shared, sandbox="bubblewrap") as judge:
        assert judge._workplace._root != shared


def test_without_a_sandbox(tmp_path: Path) -> None:
    """SANDBOX=none isolates nothing, but it judges, limits and cleans up."""
    with open_judge(scratch_dir=tmp_path, sandbox="none") as judge:
        for source, verdict in (
            (PROGRAMS["c"], "AC"),
            ("int main(void) { for (volatile int i = 0;; i = 1) {} }", "TLE"),
            ("int main(void) { return 3; }", "RTE"),
            ("#include <unistd.h>\nint main(void) { fork(); fork(); pause(); }", "ILE"),
            ("int main(void) {", "CE"),
        ):
            limits = Limits(time_ms=300, wall_ms=2000)
            found = judge.judge("c", source, cases((b"2 3", b"5")), limits=limits)
            assert found.verdict == verdict, source
            assert str(judge._workplace._root) not in found.compile.message
        leave = "open('left', 'w')\nimport os\nprint(len(os.listdir('.')))"
        found = judge.judge("python3", leave, cases(*[(b"", b"1")] * 2), limits=Limits())
        assert found.verdict == "AC"
        place = judge._workplace._own
    assert not place.exists()


def test_who_boxes_belong_to() -> None:
    identity = Identity.current()
    if os.geteuid() == 0 and identity.dropped:
        assert identity.uid >= 61_000
    else:
        assert identity.uid == os.geteuid()
