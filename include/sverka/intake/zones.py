"""Landing zones: the folders, buckets and SFTP inboxes where reports are dropped."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sverka.intake.names import is_temporary
from sverka.intake.place import Place


@dataclass(frozen=True, slots=True)
class Entry:
    """A file in a zone as one look saw it.

    `name` may hold surrogates where the sender's name is not UTF-8; `shown_name` makes it fit for
    people. `signature` changes whenever the content may have changed: size with times or ETag.
    """

    name: str
    size: int
    signature: str


class Zone(Place):
    """One inbox. Subfolders and links are not entered, temporary names are passed over."""

    def __init__(self, name: str, url: str, options: dict[str, Any] | None = None) -> None:
        super().__init__(url, options)
        self.name = name

    def look(self) -> list[Entry]:
        """What lies there now, by name.

        Raises:
            Away: the zone does not answer, or is not there at all: a folder that is not mounted
                must not look like an empty one.
        """
        with self._reached() as (filesystem, root):
            found = _children(filesystem, root)
            entries = [_entry(info, root) for info in found if _is_file(info)]
        return sorted(
            (entry for entry in entries if entry.name and not is_temporary(entry.name)),
            key=lambda entry: entry.name,
        )

    def sees(self, entry: Entry) -> bool:
        """Whether the file is still there, exactly as that look saw it."""
        with self._reached() as (filesystem, root):
            try:
                info = filesystem.info(f"{root}/{_child(entry.name)}")
            except FileNotFoundError:
                return False
            return _is_file(info) and _entry(info, root) == entry

    def fetch(self, name: str) -> bytes:
        """The bytes of the file.

        Raises:
            FileNotFoundError: somebody took it away meanwhile.
        """
        with self._reached() as (filesystem, root):
            return bytes(filesystem.cat_file(f"{root}/{_child(name)}"))

    def download(self, name: str, local: str) -> None:
        """Copies the file to this machine's disk, for what is too large to hold in memory."""
        with self._reached() as (filesystem, root):
            filesystem.get_file(f"{root}/{_child(name)}", local)

    def remove(self, name: str) -> None:
        """Takes the file out of the zone; one that is gone already is no error."""
        with self._reached() as (filesystem, root):
            try:
                filesystem.rm_file(f"{root}/{_child(name)}")
            except FileNotFoundError:
                return

    def drop(self, name: str, data: bytes) -> None:
        """Puts a file into the zone as a well-behaved sender does: it appears whole."""
        self._put(_child(name), data)

    def take_in(self, name: str, local: str) -> None:
        """As `drop`, from a file of this machine, for what is too large to hold in memory."""
        self._put_file(_child(name), local)


def _children(filesystem: Any, root: str) -> list[dict[str, Any]]:
    try:
        return list(filesystem.ls(root or "/", detail=True))
    except FileNotFoundError as error:
        bucket, _, prefix = root.partition("/")
        # An empty prefix of a bucket that exists is an empty inbox; only object stores have those.
        if bucket and prefix and filesystem.exists(bucket):
            return []
        raise OSError(f"there is no folder {root}") from error


def _is_file(info: dict[str, Any]) -> bool:
    return info["type"] == "file" and not info.get("islink", False)


def _entry(info: dict[str, Any], root: str) -> Entry:
    name = info["name"][len(root) :].lstrip("/")
    size = int(info["size"])
    changed = [
        info.get("ETag"),
        _moment(info.get("LastModified")),
        _moment(info.get("mtime")),
        # The inode's change time cannot be set by a client that keeps a copy's old date.
        _moment(info.get("created")),
        info.get("ino"),
    ]
    words = [str(part).strip('"') for part in changed if part is not None]
    safe = "" if "/" in name else name
    return Entry(safe, size, " ".join([str(size), *words]))


def _moment(value: Any) -> str | None:
    if isinstance(value, datetime):
        # A HEAD of S3 gives whole seconds, a listing may give more.
        return value.replace(microsecond=0).isoformat()
    return None if value is None else repr(value)


def _child(name: str) -> str:
    if not name or "/" in name or name in {".", ".."}:
        raise ValueError(f"«{name}» is not a name in the zone itself")
    return name
