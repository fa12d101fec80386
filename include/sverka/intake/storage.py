"""Where Sverka keeps files for good: the archive, the quarantine, the published reports."""

from sverka.intake.place import Place


class Storage(Place):
    """A root on any filesystem; paths are relative, with forward slashes, and stay below it."""

    def write(self, path: str, data: bytes) -> None:
        """Puts the file there, whole or not at all; replaces an older one."""
        self._put(_below(path), data)

    def take_in(self, path: str, local: str) -> None:
        """Copies a file of this machine there, for what is too large to hold in memory."""
        self._put_file(_below(path), local)

    def read(self, path: str) -> bytes:
        """The bytes of the file.

        Raises:
            FileNotFoundError: it is not there.
        """
        with self._reached() as (filesystem, root):
            return bytes(filesystem.cat_file(f"{root}/{_below(path)}"))

    def exists(self, path: str) -> bool:
        """Whether the file is there now."""
        with self._reached() as (filesystem, root):
            return bool(filesystem.exists(f"{root}/{_below(path)}"))

    def size(self, path: str) -> int | None:
        """Bytes of the file, None when it is not there."""
        with self._reached() as (filesystem, root):
            try:
                return int(filesystem.info(f"{root}/{_below(path)}")["size"])
            except FileNotFoundError:
                return None

    def list(self, prefix: str) -> list[str]:
        """All files below the folder `prefix`, as paths that `read` takes, sorted."""
        with self._reached() as (filesystem, root):
            try:
                found = filesystem.find(f"{root}/{_below(prefix)}" if prefix else root)
            except FileNotFoundError:
                return []
            paths = [path[len(root) + 1 :] for path in found]
            return sorted(path for path in paths if not path.rpartition("/")[2].startswith("."))

    def uri(self, path: str) -> str:
        """Where a person finds it: the absolute address without credentials."""
        return f"{self.shown_url().rstrip('/')}/{_below(path)}"


def _below(path: str) -> str:
    clean = path.strip("/")
    if not clean or any(part in {"", ".", ".."} for part in clean.split("/")):
        raise ValueError(f"«{path}» does not stay below the storage's root")
    return clean
