"""Writes the hidden tests of sample packages anew: inputs by their generators, answers by their
first accepted Python program. A tool for authors; nothing in the product runs it.

    python algoitny/samples/regenerate.py [PACKAGE ...]
"""

import runpy
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent


def regenerate(package: Path) -> None:
    secret = package / "data" / "secret"
    secret.mkdir(parents=True, exist_ok=True)
    for old in [*secret.glob("*.in"), *secret.glob("*.ans")]:
        old.unlink()
    inputs = runpy.run_path(str(package / "generators" / "generate.py"))["inputs"]()
    solution = min((package / "submissions" / "accepted").glob("*.py"))
    for name, text in inputs.items():
        answer = subprocess.run(
            [sys.executable, str(solution)], input=text.encode(), capture_output=True, check=True
        ).stdout
        (secret / f"{name}.in").write_bytes(text.encode())
        (secret / f"{name}.ans").write_bytes(answer)


if __name__ == "__main__":
    for folder in sys.argv[1:] or sorted(p.parent.name for p in HERE.glob("*/problem.yaml")):
        regenerate(HERE / folder)
