"""Children of one warm process, a few at a time."""

import json
import os
import signal
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Generic, TypeVar

Task = TypeVar("Task")


class ChildFailed(Exception):
    """A child could not do its work; the text is its traceback."""


@dataclass(slots=True)
class _Child(Generic[Task]):
    task: Task
    answer: Path
    until: float


def answers(
    tasks: list[Task],
    work: Callable[[Task], Any],
    folder: Path,
    jobs: int,
    seconds: Callable[[Task], float],
) -> Iterator[tuple[Task, Any]]:
    """Each task with what `work` gives for it in a child, as JSON.

    None: the child took longer than `seconds` of its task, or a signal ended it.

    Raises:
        ChildFailed: `work` itself raised; that says nothing of its task.
    """
    waiting = list(reversed(tasks))
    running: dict[int, _Child[Task]] = {}
    count = 0
    while waiting or running:
        while waiting and len(running) < jobs:
            task, count = waiting.pop(), count + 1
            child = _Child(
                task, folder / f"{os.getpid()}-{count}.json", time.monotonic() + seconds(task)
            )
            running[_fork(work, child)] = child
        pid, _ = os.waitpid(-1, os.WNOHANG)
        if pid in running:
            done = running.pop(pid)
            yield done.task, _read(done.answer)
        elif not pid:
            _end_late(running)
            time.sleep(0.005)


def _fork(work: Callable[[Task], Any], child: _Child[Task]) -> int:
    sys.stdout.flush()
    if pid := os.fork():
        return pid
    try:
        os.setsid()
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in (0, 1, 2):
            os.dup2(nothing, stream)
        _write(child.answer, {"answer": work(child.task)})
    except BaseException:  # noqa: BLE001  a child that raised must not go on as its parent
        _write(child.answer, {"failed": traceback.format_exc()})
    finally:
        os._exit(0)


def _end_late(running: dict[int, _Child[Task]]) -> None:
    for pid, child in running.items():
        if time.monotonic() > child.until:
            child.until = float("inf")
            os.killpg(pid, signal.SIGKILL)


def _write(path: Path, told: dict[str, Any]) -> None:
    path.write_text(json.dumps(told), encoding="utf-8")


def _read(path: Path) -> Any:
    if not path.exists():
        return None
    told = json.loads(path.read_text(encoding="utf-8"))
    path.unlink()
    if "failed" in told:
        raise ChildFailed(told["failed"])
    return told["answer"]
