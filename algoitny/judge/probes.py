"""What `flask judge doctor` tries: programs that attack the box, each with what must come of it.

A probe prints `held`, or what it got hold of. These are a doctor's quick look at one machine; the
hostile programs of the test suite are the proof.
"""

from __future__ import annotations

import os
import platform
from dataclasses import dataclass

from algoitny.domain.verdict import Verdict
from algoitny.judge.cgroup import Resource
from algoitny.judge.cgroups import SAMPLED
from algoitny.judge.judge import Judge
from algoitny.judge.records import Case, CaseResult, Limits

LIMITS = Limits(time_ms=500, memory_mb=128, wall_ms=2000, output_bytes=1 << 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Probe:
    """One finding: whether `name` holds, `how` it is enforced, what was `found`."""

    name: str
    ok: bool
    how: str
    found: str


@dataclass(frozen=True, slots=True)
class _Attack:
    name: str
    how: str
    source: str
    verdict: Verdict = Verdict.AC
    resource: Resource | None = None
    """What a control group holds too, where there is one."""


_ATTACKS = (
    _Attack(
        "no network",
        "network namespace without interfaces, no socket call",
        "import socket\n"
        "try: socket.create_connection(('127.0.0.1', 9), 1); print('connected')\n"
        "except ConnectionRefusedError: print('reached a loopback')\n"
        "except OSError: print('held')",
    ),
    _Attack(
        "no file of the machine",
        "mount namespace with the tool chain only, read-only",
        "import os\n"
        "seen = [p for p in ('/etc/passwd', '/etc/hostname', '/root', '/home', '/var', '/sys')\n"
        "        if os.path.exists(p)]\n"
        "print(seen or 'held')",
    ),
    _Attack(
        "nothing of the worker's environment",
        "environment cleared",
        "import os\n"
        "known = {'PATH', 'HOME', 'LANG', 'ONLINE_JUDGE', 'PWD', 'LC_CTYPE'}\n"
        "print(sorted(set(os.environ) - known) or 'held')",
    ),
    _Attack(
        "no process of the machine",
        "process namespace, /proc of its own",
        "import os\n"
        "pids = [int(p) for p in os.listdir('/proc') if p.isdigit()]\n"
        "print('held' if set(pids) == {1, os.getpid()} else pids)",
    ),
    _Attack(
        "nothing to write but the scratch",
        "read-only mounts",
        "import os\n"
        "done = []\n"
        "for place in ('/', '/box', '/proc', '/dev', '/usr', '/usr/bin', '/lib'):\n"
        "    try: open(place + '/x', 'w'); done.append(place)\n"
        "    except OSError: pass\n"
        "print(done or 'held')",
    ),
    _Attack(
        "no privileged system call",
        "seccomp allow-list, no capability",
        "import ctypes\n"
        "libc = ctypes.CDLL(None, use_errno=True)\n"
        "done = []\n"
        "if libc.unshare(0x10000000) == 0: done.append('user namespace')\n"
        "if libc.mount(b'none', b'/tmp', b'tmpfs', 0, None) == 0: done.append('mount')\n"
        "if libc.ptrace(16, 1, 0, 0) == 0: done.append('ptrace')\n"
        "if libc.setpriority(0, 1, 19) == 0: done.append('priority of the runner')\n"
        "print(done or 'held')",
    ),
    _Attack(
        "processes are limited",
        "RLIMIT_NPROC in a user namespace of its own",
        "import os, time\n"
        "count = 0\n"
        "try:\n"
        "    while count < 200:\n"
        "        if os.fork() == 0: time.sleep(5); os._exit(0)\n"
        "        count += 1\n"
        "except OSError: pass\n"
        "print('held' if count < 64 else count)",
        resource=Resource.PROCESSES,
    ),
    _Attack(
        "no process outlives its test",
        "all are killed by PID 1, and seen to be gone",
        "import os, signal, time\n"
        "pids = [int(p) for p in os.listdir('/proc') if p.isdigit()]\n"
        "print('held' if set(pids) == {1, os.getpid()} else pids, flush=True)\n"
        "if os.fork() == 0:\n"
        "    os.setsid()\n"
        "    for s in (signal.SIGTERM, signal.SIGHUP): signal.signal(s, signal.SIG_IGN)\n"
        "    time.sleep(60)",
    ),
    _Attack(
        "memory limit",
        "resident size and scratch sampled every 10 ms; RLIMIT_AS as a backstop",
        "x = []\nwhile True: x.append(bytearray(1 << 20))",
        Verdict.MLE,
        Resource.MEMORY,
    ),
    _Attack(
        "time limit",
        "CPU time of all processes, sampled every 10 ms and exact at the end",
        "while True: pass",
        Verdict.TLE,
        Resource.CPU,
    ),
    _Attack("wall limit", "the runner's clock", "import time\ntime.sleep(60)", Verdict.ILE),
    _Attack(
        "output limit",
        "counted outside the box",
        "while True: print('x' * 65536)",
        Verdict.OLE,
    ),
)


def examine(judge: Judge) -> tuple[dict[str, str], list[Probe]]:
    """Facts of this machine's sandbox, and what came of each attack. Raises JudgeFailure,
    and LanguageUnavailable: without an interpreter nothing can be tried."""
    facts = {
        "sandbox": judge.sandbox,
        "boxes run as": f"uid {judge.identity.uid}"
        + (" (root gave up its rights)" if judge.identity.dropped else ""),
        **{f"{resource} held by": how for resource, how in judge.enforcers.items()},
        "kernel": f"{platform.release()} {platform.machine()}",
        "cpus": str(os.cpu_count()),
        "prepared interpreters": "; ".join(
            f"{name}: no, each test starts it. {reason}" if reason else name
            for name, reason in judge.prepared.items()
        )
        or "none",
        **{
            f"language {name}": f"{tool.version}, {tool.path}"
            for name, tool in judge.languages.tools().items()
        },
        **{f"no language {name}": why for name, why in judge.languages.missing().items()},
    }
    return facts, [_try(judge, attack) for attack in _ATTACKS]


def _try(judge: Judge, attack: _Attack) -> Probe:
    # Twice in one box: the second run sees what the first left.
    cases = [Case(name=number, input=b"", answer=b"held\n") for number in ("1", "2")]
    found = judge.judge("python3", attack.source, cases, limits=LIMITS)
    said = _words(found.tests[-1]) if found.tests else found.compile.message
    how = attack.how
    if attack.resource is not None and judge.enforcers[attack.resource] != SAMPLED:
        how = f"{judge.enforcers[attack.resource]}; {how}"
    return Probe(name=attack.name, ok=found.verdict is attack.verdict, how=how, found=said)


def _words(result: CaseResult) -> str:
    if result.verdict is Verdict.WA:
        return result.output.decode(errors="replace").strip()[:200]
    return result.status
