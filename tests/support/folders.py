"""Temporary folders for PostgreSQL's data."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def passable_folder() -> Iterator[Path]:
    """A folder outside pytest's own.

    Under root the embedded PostgreSQL runs as another user, who needs a way to its data; every
    pytest session closes `/tmp/pytest-of-<user>` to others when it starts, also for the database
    of a session that still runs.
    """
    with tempfile.TemporaryDirectory(prefix="sverka-test-", ignore_cleanup_errors=True) as folder:
        Path(folder).chmod(0o755)
        yield Path(folder)
