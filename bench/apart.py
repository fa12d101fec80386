"""Measuring apart: a fresh database, a fresh process, and what PostgreSQL spent meanwhile."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import psutil
import psycopg2


def create_database(server_url: str, name: str) -> str:
    """The URL of a new and empty database on the server of this URL."""
    _administer(server_url, f"create database {name}")
    return server_url.replace("/postgres?", f"/{name}?")


def drop_database(server_url: str, name: str) -> None:
    """Gives its disk back."""
    _administer(server_url, f"drop database {name} with (force)")


def _administer(server_url: str, statement: str) -> None:
    conn = psycopg2.connect(server_url)
    conn.autocommit = True
    try:
        with conn.cursor() as cursor:
            cursor.execute(statement)
    finally:
        conn.close()


def run(module: str, *arguments: object) -> str:
    """What the module prints when it runs in a process of its own.

    Raises:
        subprocess.CalledProcessError: it failed.
    """
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def figures(module: str, *arguments: object) -> dict[str, Any]:
    """The figures that the module prints last, as JSON."""
    return dict(json.loads(run(module, *arguments).splitlines()[-1]))


def compete(contender: str, register: Path, database_url: str) -> dict[str, float]:
    """One contender of `bench.contenders` on this register."""
    return figures("bench.contenders", contender, register, database_url)


def cpu_of_server(pid: int) -> float:
    """Seconds of user and system time that a PostgreSQL server has spent since its start.

    Its own, those of its processes, and those of its processes that have ended.
    """
    server = psutil.Process(pid)
    return sum(sum(one.cpu_times()[:4]) for one in (server, *server.children()))
