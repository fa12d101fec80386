"""The stack of docker-compose.yaml, built and brought up for real, from a clean copy of the tree."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.compose.stack import Stack, compose_command, copy_of_the_tree
from tests.support.demo_files import demo_files, registers, truth

__all__ = ["demo_files", "registers", "truth"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Parts of one story: they share a stack, and their order in the file is the story's."""
    for item in items:
        if "tests/compose" in str(item.path):
            item.add_marker(pytest.mark.compose)
            item.add_marker(pytest.mark.timeout(1800))


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    command = compose_command()
    if shutil.which("docker") is None or _docker("info"):
        pytest.skip("no Docker engine answers: start one, then `make compose-test`")
    if command is None:
        pytest.skip("neither `docker compose` nor `docker-compose` is installed")
    folder = copy_of_the_tree(tmp_path_factory.mktemp("stack"))
    running = Stack(folder, command)
    running.configure()
    try:
        running.build()
        running.up(workers=2)
        yield running
    finally:
        running.keep_logs(Path(os.environ.get("SVERKA_COMPOSE_LOGS", folder / "logs")))
        running.destroy()


def _docker(*arguments: str) -> int:
    return subprocess.run(["docker", *arguments], capture_output=True, check=False).returncode
