"""The least that a web server can do for a submission: read who sends it, as that is this moment,
admit it, and enqueue it. No framework, no validation, no log, hardly an answer. Without even the
reading it is less than any server may do, but shows what the rest takes.

A peer for the product's own server, with as many processes and threads of gunicorn's.
"""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

import jwt

from algoitny.app import build_container
from algoitny.domain.history import Submission
from algoitny.domain.problem import ProblemKey, ProblemSummary
from algoitny.embedded import ports
from algoitny.services.container import Container
from algoitny.settings import STACK_FILE, Settings
from bench.start import LONGEST_SECONDS, ROOT

DATA_DIR, IS_BLIND = "BARE_DATA_DIR", "BARE_IS_BLIND"


@contextmanager
def serving(data_dir: str, *, is_blind: bool = False) -> Iterator[int]:
    """Serve on the store and the broker of this folder's stack; the port. A blind one does not read
    who sends what."""
    settings, port = _settings(data_dir), ports.choose(None)
    command = (
        *(sys.executable, "-m", "gunicorn", "bench.bare:app", "--config", os.devnull),
        *("--workers", str(settings.web_workers), "--threads", str(settings.web_threads)),
        *("--bind", f"127.0.0.1:{port}", "--keep-alive", "30", "--log-level", "error"),
    )
    environment = {**os.environ, DATA_DIR: data_dir, IS_BLIND: str(int(is_blind))}
    process = subprocess.Popen(command, cwd=ROOT, env=environment)
    until = time.perf_counter() + LONGEST_SECONDS
    try:
        while not _is_up(port):
            if process.poll() is not None or time.perf_counter() > until:
                raise SystemExit("the bare server does not come up")
            time.sleep(0.02)
        yield port
    finally:
        process.terminate()
        process.wait()


def app(
    environ: Mapping[str, Any], start_response: Callable[[str, list[tuple[str, str]]], object]
) -> Iterable[bytes]:
    """Any request is a submission with an access token."""
    key, container, problem = _process()
    body = json.loads(environ["wsgi.input"].read(int(environ["CONTENT_LENGTH"])))
    token = environ["HTTP_AUTHORIZATION"].partition(" ")[2]
    claims = jwt.decode(token, key, algorithms=["HS256"])
    user_id = claims["sub"]
    if os.environ[IS_BLIND] == "0":
        sessions = container.repositories.sessions
        session, user = sessions.get_session_and_user(user_id, claims["fam"])
        if session is None or user is None or not user.is_active:
            raise PermissionError(user_id)
    history = container.histories.create_history(
        Submission(
            id=container.ids.new(),
            user_id=user_id,
            user_identifier="bench",
            problem=problem,
            language=body["language"],
            code=body["code"],
            is_code_public=False,
            created_at=container.clock.now(),
        ),
        limit=-1,
    )
    container.queue.enqueue_execution(history.id, user_id=user_id)
    answer = json.dumps({"task_id": history.id}).encode()
    start_response("202 Accepted", [("Content-Length", str(len(answer)))])
    return (answer,)


@cache
def _process() -> tuple[str, Container, ProblemSummary]:
    """What one process needs, made after the fork, and the one problem that is submitted to."""
    settings = _settings(os.environ[DATA_DIR])
    container = build_container(settings)
    problem = container.problems.get_problem_summary(ProblemKey(platform="sample", number="1000"))
    if problem is None:
        raise LookupError("the sample problem is not there")
    return settings.secret_key.get_secret_value(), container, problem


def _is_up(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _settings(data_dir: str) -> Settings:
    return Settings(_env_file=Path(data_dir) / STACK_FILE)  # type: ignore[call-arg]
