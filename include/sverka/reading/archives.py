"""ZIP files: checked before anything is unpacked, unpacked in pieces, never onto a disk."""

import io
import struct
import zipfile
import zlib
from collections.abc import Iterator

from sverka.errors import Refusal
from sverka.reading import limits

_JUNK = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"})
_ENCRYPTED = 0x1
_PIECE = 4 * limits.MEGABYTE
_LOCAL_HEAD = 30
_MANY = 100_000
"""Entries of a directory that are listed at all; each takes half a kilobyte."""


def opened(data: bytes, allowance: limits.Allowance) -> zipfile.ZipFile:
    """The archive, checked for size and passwords before anything is unpacked.

    Raises:
        Refusal: cut off, encrypted, too big, a decompression bomb, or with a misleading directory.
    """
    if data.count(b"PK\x01\x02") > _MANY:
        raise _many()
    try:
        # Russian Windows writes member names in cp866 without the UTF-8 flag.
        archive = zipfile.ZipFile(io.BytesIO(data), metadata_encoding="cp866")
    except NotImplementedError as error:
        raise _unknown_packing() from error
    except (zipfile.BadZipFile, ValueError, OSError, struct.error) as error:
        raise _cut_off() from error
    infos = archive.infolist()
    if len(infos) > limits.MAX_PARTS:
        raise _many()
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise Refusal("архив защищён паролем. Распакуйте его и положите сам отчёт.")
    _hold_directory(infos)
    whole = sum(info.file_size for info in infos)
    if whole > limits.RATIO_MATTERS_FROM and whole > limits.MAX_RATIO * len(data):
        raise limits.bomb()
    allowance.unpack(whole)
    return archive


def _hold_directory(infos: list[zipfile.ZipInfo]) -> None:
    """Refuses entries that share their bytes (a bomb) or their name, or have no sensible name."""
    end = 0
    for info in sorted(infos, key=lambda one: one.header_offset):
        if info.header_offset < end:
            raise limits.bomb()
        end = info.header_offset + _LOCAL_HEAD + info.compress_size
    if len({info.filename for info in infos}) < len(infos):
        raise Refusal(
            "в архиве два файла с одним именем, и неясно, какому верить. Распакуйте его и положите "
            "нужный отчёт."
        )
    if any(not 0 < len(info.filename) <= limits.MAX_NAME for info in infos):
        raise Refusal(
            "в архиве у файла нет имени или оно слишком длинное. Распакуйте его и положите сам отчёт."
        )


def pieces(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """A member's bytes, piece by piece; never more than it declared, whatever its data says."""
    left = archive.getinfo(name).file_size
    try:
        with archive.open(name) as member:
            while piece := member.read(_PIECE):
                left -= len(piece)
                if left < 0:
                    raise limits.bomb()
                yield piece
    except NotImplementedError as error:
        raise _unknown_packing() from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as error:
        raise _cut_off() from error
    if left:
        raise _cut_off()


def unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of a member."""
    return b"".join(pieces(archive, name))


def members(archive: zipfile.ZipFile) -> list[str]:
    """The names of the files inside that hold something, in the archive's order.

    macOS puts its own records beside every file, in folders of any depth; an export without
    operations may have an empty file for a sheet.
    """
    found = [
        info.filename
        for info in archive.infolist()
        if not info.is_dir() and info.file_size and not _is_junk(info.filename)
    ]
    if len(found) > limits.MAX_MEMBERS:
        raise _many()
    return found


def shown(name: str) -> str:
    """A member's name as it may be shown to a person: without control signs."""
    return "".join(sign for sign in name if sign.isprintable())


def _is_junk(name: str) -> bool:
    parts = name.split("/")
    return parts[-1].startswith("._") or not _JUNK.isdisjoint(parts)


def _many() -> Refusal:
    return Refusal(
        f"в архиве слишком много файлов; принимается не больше {limits.MAX_MEMBERS}. Распакуйте его и "
        "положите сами отчёты."
    )


def _unknown_packing() -> Refusal:
    # zipfile raises NotImplementedError for compression methods and ZIP versions it does not know.
    return Refusal(
        "архив сжат способом, который Сверка не знает. Распакуйте его и положите сам отчёт."
    )


def _cut_off() -> Refusal:
    return Refusal(
        "файл обрывается посередине или повреждён: архив (или книга Excel) не открывается. "
        "Скачайте отчёт у курьера ещё раз."
    )
