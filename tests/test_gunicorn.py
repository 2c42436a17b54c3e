"""What gunicorn's workers do before they serve."""

from __future__ import annotations

import http.client
import os
import socket
import sys
from pathlib import Path

import pytest

from algoitny.embedded.ports import LOOPBACK, choose
from tests.serving import serving
from tests.waiting import PATIENCE_SECONDS

ROOT = Path(__file__).parents[1]


@pytest.mark.service
def test_a_worker_is_alive_while_the_store_is_silent(tmp_path: Path) -> None:
    """Whoever watches `/livez` would else start it again and again."""
    with socket.create_server((LOOPBACK, 0)) as silent:
        port = choose(None)
        environment = {
            "ENVIRONMENT": "embedded",
            "DATA_DIR": str(tmp_path),
            "PORT": str(port),
            "WEB_WORKERS": "1",
            "DYNAMODB_ENDPOINT": f"http://{LOOPBACK}:{silent.getsockname()[1]}",
            "DYNAMODB_READ_TIMEOUT": "3600",
        }
        gunicorn = [sys.executable, "-m", "gunicorn", "wsgi:app"]
        with serving(lambda _: gunicorn, port, cwd=ROOT, env={**os.environ, **environment}) as (
            process,
            _,
        ):
            connection = http.client.HTTPConnection(LOOPBACK, port, timeout=PATIENCE_SECONDS)
            connection.request("GET", "/livez")
            assert connection.getresponse().status == 200
            process.terminate()
            process.wait(PATIENCE_SECONDS)
