"""`make bench`: run every benchmark script, print a Markdown table, write bench/results.json.

python -m bench [NAME …]
"""

from __future__ import annotations

import json
import os
import pkgutil
import platform
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
NOT_SCRIPTS = {"__main__", "figure", "responder"}


def main(names: list[str]) -> int:
    """0 when every script ran, whatever it measured."""
    known = [m.name for m in pkgutil.iter_modules([str(HERE)]) if m.name not in NOT_SCRIPTS]
    unknown = set(names) - set(known)
    if unknown:
        print(f"No such benchmark: {', '.join(sorted(unknown))}. There are: {', '.join(known)}.")
        return 2
    results: dict[str, list[dict[str, Any]]] = {}
    failed = []
    for name in names or known:
        print(f"bench {name} …", file=sys.stderr, flush=True)
        ran = subprocess.run(
            [sys.executable, "-m", f"bench.{name}"],
            cwd=HERE.parent,
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        if ran.returncode != 0:
            failed.append(name)
            continue
        results[name] = json.loads(ran.stdout.splitlines()[-1])
    summary = {
        "measured_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "kernel": platform.release(),
        },
        "results": results,
    }
    (HERE / "results.json").write_text(json.dumps(summary, indent=1) + "\n", encoding="utf-8")
    print(table(results))
    if failed:
        print(f"Failed: {', '.join(failed)}.", file=sys.stderr)
    return 1 if failed else 0


def table(results: dict[str, list[dict[str, Any]]]) -> str:
    """Markdown, one row a figure."""
    lines = ["| what | measured | bar | met | beside it |", "|---|---|---|---|---|"]
    for rows in results.values():
        for row in rows:
            sign = "≥" if row["more_is_better"] else "≤"
            bar = "" if row["bar"] is None else f"{sign} {row['bar']:g} {row['unit']}"
            met = {True: "yes", False: "**no**", None: ""}[row["met"]]
            peer = row["peer"]
            if row["peer_value"] is not None:
                peer += f": {row['peer_value']:g} {row['unit']}"
            lines.append(
                f"| {row['what']} | {row['value']:g} {row['unit']} | {bar} | {met} | {peer} |"
            )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
