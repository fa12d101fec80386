"""Waiting for what comes by itself."""

import time
from collections.abc import Callable


def until(ready: Callable[[], bool]) -> None:
    """Until it has come; a test's own time limit ends a vain wait."""
    while not ready():
        time.sleep(0.02)
