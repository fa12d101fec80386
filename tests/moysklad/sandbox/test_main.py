"""The command line: `python -m sverka.moysklad.sandbox`."""

import os
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests

INCLUDE = Path(__file__).resolve().parents[3] / "include"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port: int = listener.getsockname()[1]
        return port


def test_it_serves_with_the_given_limits_and_token(empty_database_url: str) -> None:
    port = free_port()
    command = [sys.executable, "-m", "sverka.moysklad.sandbox", "--port", str(port)]
    command += ["--database-url", empty_database_url, "--token", "мой".encode().hex()]
    command += ["--rate-limit", "6", "--weight", "3"]
    environment = {**os.environ, "PYTHONPATH": str(INCLUDE)}
    process = subprocess.Popen(command, env=environment)
    try:
        page = _wait_for(f"http://127.0.0.1:{port}/")
        assert "Магазин пуст" in page.text
        url = f"http://127.0.0.1:{port}/api/remap/1.2/entity/store"
        headers = {"Authorization": f"Bearer {'мой'.encode().hex()}", "Accept-Encoding": "gzip"}
        answers = [requests.get(url, headers=headers, timeout=5) for _ in range(3)]
        assert [a.status_code for a in answers] == [200, 200, 429]
        assert answers[0].headers["X-RateLimit-Limit"] == "6"
        assert answers[0].json()["rows"] == []
    finally:
        process.terminate()
        assert process.wait(60) is not None


def test_the_database_must_be_named() -> None:
    from sverka.moysklad.sandbox.__main__ import main

    with pytest.raises(SystemExit):
        main(["--port", "1"])


def _wait_for(url: str) -> requests.Response:
    for _ in range(200):
        try:
            return requests.get(url, timeout=5)
        except requests.ConnectionError:
            time.sleep(0.1)
    raise AssertionError("the sandbox did not start")
