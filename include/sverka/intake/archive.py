"""Bringing a file's bytes from a zone into the archive, under their hash, and making sure."""

import hashlib
import tempfile
from pathlib import Path

from sverka.errors import Refusal
from sverka.intake.ledger import FileRow, archive_path
from sverka.intake.place import Away
from sverka.intake.storage import Storage
from sverka.intake.zones import Entry, Zone

IN_MEMORY_LIMIT = 200 * 1024 * 1024
"""Bytes. A larger file is no settlement report; it is kept and shown, but not read."""

EMPTY = (
    "Файл пуст: в нём 0 байт. Скорее всего, он не догрузился или сохранился с ошибкой. "
    "Скачайте отчёт у службы доставки заново и положите его ещё раз."
)
OVERSIZED = (
    "Файл слишком велик для отчёта службы доставки: больше 200 МБ. Проверьте, тот ли это файл. "
    "Если тот, попросите службу доставки прислать отчёт частями."
)


def bytes_of(storage: Storage, row: FileRow) -> bytes:
    """The archived bytes of a registered file.

    Raises:
        Refusal: the file is empty, or too large to be a settlement report.
    """
    if row.size_bytes == 0:
        raise Refusal(EMPTY)
    if row.size_bytes > IN_MEMORY_LIMIT:
        raise Refusal(OVERSIZED)
    return storage.read(row.archived)


def archive(storage: Storage, data: bytes) -> str:
    """Writes the bytes under their hash unless they are there, returns the hash (hex SHA-256).

    Raises:
        Away: what was written does not read back the same.
    """
    sha256 = hashlib.sha256(data).hexdigest()
    path = archive_path(sha256)
    if _holds(storage, path, sha256):
        return sha256
    storage.write(path, data)
    if not _holds(storage, path, sha256):
        raise Away(f"{storage.uri(path)} does not read back as it was written")
    return sha256


def _holds(storage: Storage, path: str, sha256: str) -> bool:
    try:
        return hashlib.sha256(storage.read(path)).hexdigest() == sha256
    except FileNotFoundError:
        return False


def archive_oversized(storage: Storage, zone: Zone, entry: Entry) -> str:
    """The same through a temporary file on disk, for what does not belong in memory."""
    with tempfile.TemporaryDirectory(prefix="sverka-") as folder:
        local = Path(folder) / "file"
        zone.download(entry.name, str(local))
        with local.open("rb") as file:
            sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        path = archive_path(sha256)
        if storage.size(path) != entry.size:
            storage.take_in(path, str(local))
        if storage.size(path) != entry.size:
            raise Away(f"{storage.uri(path)} has not the size that was written")
    return sha256
