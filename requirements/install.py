"""Make .venv and install a hash-pinned lock into it, once for each version of the lock.

Run by `make` with whatever `python3` is there, before anything is installed: standard library
only, and only syntax that an old Python can still read far enough to say that it is too old.

    python3 requirements/install.py run|dev [--compiler]
"""

import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
OLDEST = (3, 11)


def main(arguments):
    if sys.version_info < OLDEST:
        return fail(
            f"AlgoItny needs Python {dotted(OLDEST)} or newer; {sys.executable} is "
            f"{dotted(sys.version_info)}. Name a newer one: PYTHON=python3.12 make run"
        )
    venv = Path(os.environ.get("VENV") or HERE.parent / ".venv").absolute()
    names = [name for name in arguments if not name.startswith("--")]
    if "--compiler" in arguments and not any(map(shutil.which, ("cc", "gcc", "clang"))):
        print("No C compiler (cc, gcc, clang) is here; fetching a packaged one for the judge.")
        names.append("compiler")
    if not names or not all((HERE / f"{name}.lock").is_file() for name in names):
        return fail("usage: install.py run|dev [--compiler]")
    if not make_venv(venv):
        return 1
    if not all(install(venv, name) for name in names):
        return 1
    if "compiler" in names:
        make_tool_chain(venv)
    return 0


def make_venv(venv):
    """Make it, or make it anew when its Python is gone or another one."""
    python = venv / "bin" / "python"
    wanted = dotted(sys.version_info)
    if python.exists() and "PYTHON" not in os.environ:
        # Any Python that is new enough will do when none was asked for.
        check = f"import sys, pip; sys.exit(sys.version_info < {OLDEST})"
    else:
        check = f"import sys, pip; sys.exit('%d.%d' % sys.version_info[:2] != '{wanted}')"
    if python.exists() and succeeds([str(python), "-c", check], stderr=subprocess.DEVNULL):
        return True
    print(f"Making the virtual environment {venv} with Python {wanted}.", flush=True)
    if not succeeds([sys.executable, "-m", "venv", "--clear", str(venv)]):
        shutil.rmtree(venv, ignore_errors=True)
        fail(
            "The virtual environment cannot be made. On Debian and Ubuntu: "
            "apt-get install python3-venv"
        )
        return False
    return True


def install(venv, name):
    """Install one lock unless its stamp says that this very lock is installed."""
    lock = HERE / f"{name}.lock"
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()
    stamp = venv / f"{name}.lock.sha256"
    if stamp.is_file() and stamp.read_text().strip() == digest:
        return True
    # The other locks' stamps go as well: the same package may be pinned to another version.
    for old in venv.glob("*.lock.sha256"):
        if name != "compiler" or old == stamp:
            old.unlink()
    print(f"Installing requirements/{lock.name} into {venv}.", flush=True)
    command = [str(venv / "bin" / "python"), "-m", "pip", "install", "--require-hashes", "--quiet"]
    command += ["--disable-pip-version-check", "--no-input", "--no-deps", "-r", str(lock)]
    if not succeeds(command):
        fail("Installing failed; see above. Nothing is recorded, so the next try starts again.")
        return False
    # What develops also runs: dev.lock pins all of run.lock at the same versions.
    for installed in {"dev": ("dev", "run")}.get(name, (name,)):
        digest = hashlib.sha256((HERE / f"{installed}.lock").read_bytes()).hexdigest()
        temporary = venv / "new.sha256"
        temporary.write_text(digest + "\n")
        temporary.replace(venv / f"{installed}.lock.sha256")
    return True


def make_tool_chain(venv):
    """The packaged compiler's, once; without it everything works but learners' C and C++."""
    if not (venv / "compiler").is_dir():
        print("Making C and C++ for learners of it, which takes a minute or two.", flush=True)
    succeeds([str(venv / "bin" / "python"), "-m", "algoitny.judge.packaged"], cwd=str(HERE.parent))


def dotted(version):
    return f"{version[0]}.{version[1]}"


def succeeds(command, **others):
    return subprocess.call(command, **others) == 0


def fail(sentence):
    print(sentence, file=sys.stderr)
    return 2


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        # What is half installed has no stamp yet, so the next try starts again.
        print("Interrupted; nothing is recorded as installed.", file=sys.stderr)
        sys.exit(130)
