"""A folder somewhere: what landing zones and the storage have in common."""

import contextlib
import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import unquote

from sverka.errors import Misconfigured, TryLater
from sverka.intake.filesystem import open_filesystem


class Away(TryLater):
    """The folder cannot be reached or does not let us in; nothing is known about its files."""

    def __init__(self, message: str) -> None:
        super().__init__(message, seconds=60)


class Place:
    """A root folder on any filesystem; connects when first used, anew after every failure.

    Not for several threads at once. Everything raises `Away` when the folder's side fails, and
    FileNotFoundError when a file is not there.
    """

    def __init__(self, url: str, options: dict[str, Any] | None = None) -> None:
        self.url = url
        self._options = dict(options or {})
        self._open: tuple[Any, str] | None = None

    def close(self) -> None:
        """Ends the connection, if there is one; the next use opens another."""
        filesystem = self._open[0] if self._open else None
        self._open = None
        close = getattr(filesystem, "close", None)
        if close is not None:
            with contextlib.suppress(OSError, EOFError):
                close()

    @contextmanager
    def _reached(self) -> Iterator[tuple[Any, str]]:
        """The filesystem and the root. A failed connection is never used again."""
        try:
            if self._open is None:
                self._open = open_filesystem(self.url, self._options)
            yield self._open
        except (FileNotFoundError, Misconfigured):
            raise
        except Exception as error:
            # s3fs, botocore, paramiko and aiohttp have no common ancestor below Exception.
            self.close()
            raise Away(f"{self.shown_url()}: {type(error).__name__}: {error}") from error

    def shown_url(self) -> str:
        """The URL as a person reads it: decoded, without the password that may be in it."""
        head, separator, rest = self.url.rpartition("://")
        if head == "file":
            return f"file://{unquote(rest)}"
        account, at, tail = rest.rpartition("@")
        login = account.partition(":")[0]
        return f"{head}{separator}{login}{at}{tail}"

    def _put(self, path: str, data: bytes) -> None:
        """Writes so that nobody ever sees half a file under its name; `path` is below the root."""

        def write(filesystem: Any, target: str) -> None:
            with filesystem.open(target, "wb") as file:
                file.write(data)
                _to_disk(file)

        with self._reached() as (filesystem, root):
            if _replaces_at_once(filesystem):
                filesystem.pipe_file(f"{root}/{path}", data)
            else:
                _beside_then_over(filesystem, f"{root}/{path}", write)

    def _put_file(self, path: str, local: str) -> None:
        """As `_put`, from a file of this machine."""
        with self._reached() as (filesystem, root):
            if _replaces_at_once(filesystem):
                filesystem.put_file(local, f"{root}/{path}")
            else:
                _beside_then_over(
                    filesystem, f"{root}/{path}", lambda fs, target: fs.put_file(local, target)
                )


def _beside_then_over(filesystem: Any, target: str, write: Callable[[Any, str], None]) -> None:
    folder = target.rpartition("/")[0]
    filesystem.makedirs(folder or "/", exist_ok=True)
    # A leading dot: a zone's look passes over it.
    temporary = f"{folder}/.{uuid.uuid4().hex}.tmp"
    write(filesystem, temporary)
    filesystem.mv(temporary, target)


def _replaces_at_once(filesystem: Any) -> bool:
    """Object stores show an object only when it is complete."""
    protocol = filesystem.protocol
    protocols = {protocol} if isinstance(protocol, str) else set(protocol)
    return not protocols & {"file", "sftp"}


def _to_disk(file: Any) -> None:
    """Survives a power cut where the filesystem is this machine's own."""
    file.flush()
    with contextlib.suppress(AttributeError, OSError):
        os.fsync(file.fileno())
