"""The supervisor over small shell scripts: restarts, order, endings, and nothing left behind."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.embedded.supervised import Supervised, alive
from tests.waiting import wait_until

pytestmark = pytest.mark.slow

SERVE = "echo pid $$; exec sleep 1000"
STUBBORN = "trap '' TERM; echo pid $$; while :; do sleep 1000; done"


def test_a_killed_program_is_started_again_and_its_death_is_one_line() -> None:
    with Supervised({"name": "web", "script": SERVE}) as stack:
        first = stack.pid_of("web")
        os.kill(first, signal.SIGKILL)
        second = stack.pid_of("web", nth=1)

        assert second != first
        assert alive(second)
        assert stack.end() == 0
        deaths = [line for line in stack.lines("stack") if "web" in line]
        assert deaths == ["web was killed by SIGKILL; starting it again"]
        assert not alive(second)


def test_pauses_between_quick_deaths_double_up_to_the_longest() -> None:
    program = {"name": "judge", "script": "exit 3", "essential": False}
    with Supervised(program, first_pause=0.01, longest_pause=0.04, hopeless=50) as stack:
        deaths = stack.said("judge exited with code 3", times=5)
        assert [death["pause_s"] for death in deaths[:5]] == [0.01, 0.02, 0.04, 0.04, 0.04]
        assert stack.end() == 0


def test_a_program_that_was_ready_starts_again_at_once_however_often_it_dies(
    tmp_path: Path,
) -> None:
    ready = tmp_path / "ready"
    ready.touch()
    with Supervised(
        {"name": "web", "script": SERVE, "ready_file": str(ready)},
        {"name": "witness", "script": "echo ready again", "after": "web", "once": True},
        first_pause=0.01,
    ) as stack:
        for nth in range(3):
            stack.said("ready again", "witness", times=nth + 1)
            os.kill(stack.pid_of("web", nth), signal.SIGKILL)
        stack.pid_of("web", nth=3)
        deaths = stack.said("web was killed", times=3)
        assert [death["pause_s"] for death in deaths] == [0.01, 0.01, 0.01]
        assert stack.end() == 0


def test_an_essential_program_that_cannot_start_ends_all_with_its_last_words(
    tmp_path: Path,
) -> None:
    with Supervised(
        {
            "name": "store",
            "script": "echo the disk is on fire; exit 7",
            "ready_file": str(tmp_path / "never"),
        },
        {"name": "web", "script": SERVE},
        first_pause=0.01,
        hopeless=3,
    ) as stack:
        web = stack.pid_of("web")
        assert stack.wait() == 1
        words = stack.said("store cannot start")[0]["event"]
        assert "exited with code 7 3 times" in words
        assert "the disk is on fire" in words
        assert not alive(web)


def test_a_program_that_is_not_there_is_named() -> None:
    with Supervised(
        {"name": "broker", "script": "", "command": ["/nowhere/redis-server"], "once": True},
        first_pause=0.01,
        hopeless=2,
    ) as stack:
        assert stack.wait() == 1
        assert "No such file" in stack.said("broker cannot start")[0]["event"]


def test_without_a_program_that_is_not_essential_the_rest_goes_on() -> None:
    with Supervised(
        {"name": "judge", "script": "echo no sandbox here; exit 1", "essential": False},
        {"name": "web", "script": SERVE},
        first_pause=0.01,
        longest_pause=0.02,
        hopeless=2,
    ) as stack:
        words = stack.said("judge does not run", times=2)[0]["event"]
        assert "no sandbox here" in words
        assert alive(stack.pid_of("web"))
        assert stack.end() == 0


def test_a_program_waits_for_what_it_comes_after(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    with Supervised(
        {"name": "web", "script": f"test -e {ready} && echo in order; {SERVE}", "after": "store"},
        {"name": "store", "script": SERVE, "ready_file": str(ready)},
        reminder=0.05,
    ) as stack:
        stack.pid_of("store")
        stack.said("still waiting for: web, store")
        assert stack.lines("web") == []
        ready.touch()
        stack.said("in order", "web")
        stack.said("ready")
        assert stack.end() == 0


def test_set_up_runs_again_when_the_store_began_anew(tmp_path: Path) -> None:
    ready = tmp_path / "ready"
    ready.touch()
    with Supervised(
        {"name": "store", "script": SERVE, "ready_file": str(ready)},
        {"name": "setup", "script": "echo tables made", "after": "store", "once": True},
        first_pause=0.01,
    ) as stack:
        stack.said("tables made", "setup")
        stack.said("ready")
        os.kill(stack.pid_of("store"), signal.SIGKILL)
        stack.said("tables made", "setup", times=2)
        assert stack.end() == 0
        assert len(stack.lines("setup")) == 2


def test_turns_are_kept_when_it_stops(tmp_path: Path) -> None:
    order = tmp_path / "order"
    names = ["beat", "judge", "web", "broker", "store"]
    programs = [
        {
            "name": name,
            "script": f"trap 'echo {name} >> {order}; exit 0' TERM; echo pid $$;"
            "while :; do sleep 1000 & wait; done",
            "stop_turn": turn,
        }
        for turn, name in reversed(list(enumerate(names)))
    ]
    with Supervised(*programs) as stack:
        pids = [stack.pid_of(name) for name in names]
        assert stack.end(signal.SIGTERM) == 0
        assert order.read_text().split() == names
        assert not any(map(alive, pids))
        assert stack.lines("stack")[-1] == "stopped"


def test_what_does_not_stop_in_time_is_killed() -> None:
    with Supervised({"name": "web", "script": STUBBORN, "stop_seconds": 0.05}) as stack:
        pid = stack.pid_of("web")
        assert stack.end() == 0
        stack.said("web did not stop in time")
        assert not alive(pid)


def test_a_second_request_forces_all_but_who_saves_and_a_third_that_too() -> None:
    with Supervised(
        {"name": "web", "script": STUBBORN, "stop_seconds": 1000},
        {
            "name": "store",
            "script": "trap 'echo saving' TERM; echo pid $$; while :; do sleep 1000 & wait; done",
            "stop_seconds": 1000,
            "patience": 3,
        },
        one_request=0,
    ) as stack:
        web, store = stack.pid_of("web"), stack.pid_of("store")
        os.killpg(stack.process.pid, signal.SIGINT)
        stack.said("stopping (Ctrl-C again forces it)")
        stack.said("saving", "store")
        assert alive(web)

        os.killpg(stack.process.pid, signal.SIGINT)
        stack.said("stopping by force")
        wait_until(lambda: not alive(web), "web is killed")
        assert alive(store)

        os.killpg(stack.process.pid, signal.SIGINT)
        assert stack.wait() == 0
        assert not alive(store)


def test_two_signals_at_once_are_one_request(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    script = (
        f"trap 'sleep 0.2; echo yes > {saved}; exit 0' TERM; echo pid $$; "
        "while :; do sleep 1000 & wait; done"
    )
    with Supervised({"name": "store", "script": script}, one_request=1000) as stack:
        stack.pid_of("store")
        os.kill(stack.process.pid, signal.SIGINT)
        os.kill(stack.process.pid, signal.SIGTERM)
        assert stack.wait() == 0
        assert saved.read_text() == "yes\n"


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_children_end_when_the_supervisor_is_killed(number: signal.Signals) -> None:
    program = {"name": "web", "script": SERVE, "if_orphaned": number}
    with Supervised(program) as stack:
        pid = stack.pid_of("web")
        stack.process.kill()
        wait_until(lambda: not alive(pid), "the child has ended")


def test_what_a_killed_program_leaves_behind_is_ended() -> None:
    leave = "sleep 1000 & echo group $!; setsid sleep 1000 & echo session $!"
    script = f"{leave}; echo pid $$; exec sleep 1000"
    with Supervised({"name": "judge", "script": script}) as stack:
        os.kill(stack.pid_of("judge"), signal.SIGKILL)
        stack.pid_of("judge", nth=1)
        left = [int(line.split()[1]) for line in stack.lines("judge")[:2]]
        stack.descendants.update(left)
        assert len(left) == 2
        wait_until(lambda: not any(map(alive, left)), "its children have ended")
        assert stack.end() == 0
        everything = [int(line.split()[1]) for line in stack.lines("judge")]
        assert not any(map(alive, everything))


def test_output_may_be_anything_and_keeps_its_origin(tmp_path: Path) -> None:
    script = (
        r"""printf 'plain\n\n{"event": "logged", "process": "web"}\n'; """
        r"printf '{broken\n\377\n'; head -c 200000 /dev/zero | tr '\0' x; echo; printf unended; "
        "exec >&- 2>&-; sleep 1000"
    )
    with Supervised({"name": "web", "script": script}) as stack:
        stack.said("unended", "web")
        lines = stack.lines("web")
        assert lines[:4] == ["plain", "logged", "{broken", r"\xff"]
        assert "".join(lines[4:-1]) == "x" * 200_000
        assert lines[-1] == "unended"
        assert stack.end() == 0


def test_a_log_file_takes_the_output_instead_of_the_terminal(tmp_path: Path) -> None:
    log = tmp_path / "broker.log"
    script = "echo noise; exit 1"
    program = {"name": "broker", "script": script, "log_file": str(log), "once": True}
    with Supervised(program, first_pause=0.01, hopeless=2) as stack:
        assert stack.wait() == 1
        assert stack.lines("broker") == []
        assert log.read_text() == "noise\nnoise\n"
        assert "noise" in stack.said("broker cannot start")[0]["event"]
