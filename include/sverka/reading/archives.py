"""ZIP files: a workbook in disguise, or an archive with reports. Nothing is written to disk."""

import io
import zipfile
import zlib

from sverka.errors import Refusal
from sverka.reading import limits

_JUNK = frozenset({"__MACOSX", ".DS_Store", "Thumbs.db", "desktop.ini"})
_ENCRYPTED = 0x1


def opened(data: bytes) -> zipfile.ZipFile:
    """The archive, checked for size and passwords before anything is unpacked.

    Raises:
        Refusal: cut off, encrypted, too big, or a decompression bomb.
    """
    try:
        # Russian Windows writes member names in cp866 without the UTF-8 flag.
        archive = zipfile.ZipFile(io.BytesIO(data), metadata_encoding="cp866")
    except NotImplementedError as error:
        raise _unknown_packing() from error
    except (zipfile.BadZipFile, ValueError) as error:
        raise _cut_off() from error
    infos = archive.infolist()
    if len(infos) > limits.MAX_MEMBERS:
        raise Refusal(f"в архиве {len(infos)} файлов; принимается не больше {limits.MAX_MEMBERS}.")
    if any(info.flag_bits & _ENCRYPTED for info in infos):
        raise Refusal("архив защищён паролем. Распакуйте его и положите сам отчёт.")
    unpacked = sum(info.file_size for info in infos)
    if unpacked > limits.MAX_UNPACKED or (
        unpacked > limits.RATIO_MATTERS_FROM and unpacked > limits.MAX_RATIO * len(data)
    ):
        raise _bomb()
    return archive


def unpacked(archive: zipfile.ZipFile, name: str) -> bytes:
    """The bytes of a member; never more than it declared, whatever its data says."""
    declared = archive.getinfo(name).file_size
    try:
        with archive.open(name) as member:
            data = member.read(declared + 1)
    except NotImplementedError as error:
        raise _unknown_packing() from error
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise _cut_off() from error
    if len(data) > declared:
        raise _bomb()
    return data


def members(archive: zipfile.ZipFile) -> list[str]:
    """The names of the files inside that hold something, in the archive's order.

    macOS puts its own records beside every file, in folders of any depth; an export without
    operations may have an empty file for a sheet.
    """
    return [
        info.filename
        for info in archive.infolist()
        if not info.is_dir() and info.file_size and not _is_junk(info.filename)
    ]


def _is_junk(name: str) -> bool:
    parts = name.split("/")
    return parts[-1].startswith("._") or not _JUNK.isdisjoint(parts)


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


def _bomb() -> Refusal:
    return Refusal(
        "архив разворачивается в слишком большой объём; так отчёты не выглядят. "
        "Распакуйте его сами и положите отчёт без архива."
    )
