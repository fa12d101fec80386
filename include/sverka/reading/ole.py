"""OLE compound files: what lies in one, and a stream of it. After [MS-CFB]."""

import struct
from dataclasses import dataclass

from sverka.errors import Refusal
from sverka.reading.xlsx import broken

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_LAST, _STREAM, _ROOT = 0xFFFFFFFA, 2, 5
"""Sector numbers from `_LAST` on are marks: end of a chain, free."""
_FOREIGN = (
    ("WordDocument", "это документ Word. Нужен отчёт в Excel (XLSX) или CSV."),
    ("PowerPoint Document", "это презентация. Нужен отчёт в Excel (XLSX) или CSV."),
    ("VisioDocument", "это рисунок Visio. Нужен отчёт в Excel (XLSX) или CSV."),
    (
        "__properties_version1.0",
        "это письмо Outlook (MSG). Откройте его и сохраните сам отчёт из вложения.",
    ),
)


@dataclass(frozen=True, slots=True)
class _Entry:
    kind: int
    start: int
    size: int


class Compound:
    """A compound file whose every chain of sectors was followed to its end.

    Raises:
        Refusal: cut off or damaged.
    """

    def __init__(self, data: bytes) -> None:
        self._data = data
        try:
            shift, mini_shift = struct.unpack_from("<HH", data, 30)
            fats, directory = struct.unpack_from("<II", data, 44)
            self._cutoff, mini, _, more, _ = struct.unpack_from("<5I", data, 56)
        except struct.error as error:
            raise broken() from error
        if shift not in {9, 12} or mini_shift != 6:
            raise broken()
        self._size = 1 << shift
        self._fat = self._table(self._fat_sectors(fats, more))
        self._entries = self._directory(self._chain(directory))
        self._mini_fat = self._table(self._sectors(mini)) if mini < _LAST else []

    @property
    def names(self) -> set[str]:
        return set(self._entries)

    def stream(self, name: str) -> bytes:
        """The bytes of a stream."""
        entry = self._entries[name]
        if entry.size >= self._cutoff:
            data = self._chain(entry.start)
        else:
            root = next((one for one in self._entries.values() if one.kind == _ROOT), None)
            whole = self._chain(root.start) if root and entry.size else b""
            sectors = self._follow(entry.start, self._mini_fat) if entry.size else []
            data = b"".join(whole[64 * at : 64 * at + 64] for at in sectors)
        if len(data) < entry.size:
            raise broken()
        return data[: entry.size]

    def _sector(self, number: int) -> bytes:
        start = (number + 1) * self._size
        sector = self._data[start : start + self._size]
        if not sector:
            raise broken()
        return sector.ljust(self._size, b"\0")

    def _fat_sectors(self, count: int, more: int) -> list[int]:
        found = list(struct.unpack_from("<109I", self._data.ljust(512, b"\xff"), 76))
        seen: set[int] = set()
        while more < _LAST:
            if more in seen:
                raise broken()
            seen.add(more)
            numbers = struct.unpack(f"<{self._size // 4}I", self._sector(more))
            found.extend(numbers[:-1])
            more = numbers[-1]
        return [number for number in found if number < _LAST][:count]

    def _table(self, sectors: list[int]) -> list[int]:
        table: list[int] = []
        for number in sectors:
            table.extend(struct.unpack(f"<{self._size // 4}I", self._sector(number)))
        return table

    def _sectors(self, start: int) -> list[int]:
        return self._follow(start, self._fat)

    @staticmethod
    def _follow(start: int, table: list[int]) -> list[int]:
        found: list[int] = []
        while start < _LAST:
            if start >= len(table) or len(found) > len(table):
                raise broken()
            found.append(start)
            start = table[start]
        return found

    def _chain(self, start: int) -> bytes:
        return b"".join(self._sector(number) for number in self._sectors(start))

    @staticmethod
    def _directory(data: bytes) -> dict[str, _Entry]:
        entries: dict[str, _Entry] = {}
        for at in range(0, len(data), 128):
            length, kind = struct.unpack_from("<HB", data, at + 64)
            start, size = struct.unpack_from("<II", data, at + 116)
            name = data[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
            if kind in {_STREAM, _ROOT}:
                entries.setdefault(name, _Entry(kind, start, size))
        return entries


def workbook_stream(data: bytes) -> bytes:
    """The stream with the records of an XLS.

    Raises:
        Refusal: another kind of document, a workbook under a password, or a damaged file.
    """
    if "EncryptedPackage".encode("utf-16-le") in data:
        raise encrypted()
    compound = Compound(data)
    for name, what in _FOREIGN:
        if name in compound.names:
            raise Refusal(what)
    for name in ("Workbook", "WORKBOOK", "Book", "BOOK"):
        if name in compound.names:
            return compound.stream(name)
    raise Refusal(
        "это файл старой программы Microsoft, но не таблица Excel. Нужен отчёт в Excel (XLSX) или CSV."
    )


def encrypted() -> Refusal:
    """The refusal of a workbook under a password."""
    return Refusal(
        "файл защищён паролем. Откройте его в Excel, снимите пароль (Файл → Сведения → Защита книги) "
        "и положите снова."
    )
