"""A server in another process that has imported everything and forks who works for a test."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass
class Forking:
    """Takes one order after another, each a line of JSON, and answers each with a line."""

    process: "subprocess.Popen[str]"

    def order(self, **order: Any) -> None:
        assert self.process.stdin
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()

    def answer(self) -> Any:
        """To the oldest order without one; waits for it."""
        assert self.process.stdout
        line = self.process.stdout.readline()
        assert line, "the server of forked processes has ended"
        return json.loads(line)


@contextmanager
def forking(module: str, *preloaded: str) -> Iterator[Forking]:
    """Runs the module, which imports the `preloaded` ones first."""
    with subprocess.Popen(
        [sys.executable, "-m", module, *preloaded],
        cwd=ROOT,
        env=os.environ
        | {"PYTHONPATH": f"{ROOT / 'include'}:{ROOT}", "GX_ANALYTICS_ENABLED": "false"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        yield Forking(process)
        assert process.stdin
        process.stdin.close()
