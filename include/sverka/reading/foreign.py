"""Files that are no reports: what they are and what to do instead."""

import re
from dataclasses import dataclass

from sverka.errors import Refusal

_TABLE = "Попросите у курьера тот же отчёт в Excel (XLSX) или CSV."
_PICTURE = "это картинка. Нужен сам файл отчёта, а не снимок экрана."
_UNPACK = "Распакуйте его и положите сам файл отчёта."
_TEXT_DOCUMENT = "Нужен отчёт в Excel (XLSX) или CSV."
_SIGNED = (
    "это электронная подпись или подписанный контейнер (P7S, SIG). Откройте его в программе подписи, "
    "сохраните сам отчёт и положите его."
)
_PROGRAM = "это программа, а не отчёт. Не запускайте её; скачайте отчёт из кабинета курьера."
_DATABASE = f"это файл базы данных. {_TABLE}"
_MAIL = "это письмо (EML). Откройте его в почте и сохраните сам отчёт из вложения."
_WEB_ARCHIVE = (
    "это веб-архив (MHTML). Откройте его в Excel и сохраните как «Книга Excel (XLSX)» или скачайте "
    "отчёт заново в XLSX."
)
_OLD_EXCEL = (
    "это таблица очень старого Excel (до 5.0) или SYLK. Откройте её в Excel и сохраните как «Книга Excel "
    "(XLSX)»."
)


@dataclass(frozen=True, slots=True)
class Foreign:
    """A kind of file: `what` it is and what to do; `companion`: it may lie beside a report in a ZIP."""

    what: str
    companion: bool = False


_STARTS: tuple[tuple[bytes, Foreign], ...] = (
    (b"%PDF", Foreign(f"это PDF. {_TABLE}", companion=True)),
    (b"\x89PNG", Foreign(_PICTURE, companion=True)),
    (
        b"\xff\xd8\xff",
        Foreign("это фотография. Нужен сам файл отчёта: XLSX, CSV, XML или JSON.", companion=True),
    ),
    (b"GIF87a", Foreign(_PICTURE, companion=True)),
    (b"GIF89a", Foreign(_PICTURE, companion=True)),
    (b"II*\0", Foreign(_PICTURE, companion=True)),
    (b"MM\0*", Foreign(_PICTURE, companion=True)),
    (b"AT&TFORM", Foreign(f"это скан DjVu. {_TABLE}", companion=True)),
    (b"{\\rtf", Foreign(f"это документ RTF. {_TABLE}", companion=True)),
    (b"Rar!\x1a\x07", Foreign(f"это архив RAR. {_UNPACK}")),
    (b"7z\xbc\xaf\x27\x1c", Foreign(f"это архив 7-Zip. {_UNPACK}")),
    (b"\x1f\x8b", Foreign(f"это архив GZIP. {_UNPACK}")),
    (b"BZh91AY&SY", Foreign(f"это архив BZIP2. {_UNPACK}")),
    (b"\xfd7zXZ\0", Foreign(f"это архив XZ. {_UNPACK}")),
    (b"\x28\xb5\x2f\xfd", Foreign(f"это архив Zstandard. {_UNPACK}")),
    (b"MSCF\0\0\0\0", Foreign(f"это архив CAB. {_UNPACK}")),
    (b"\x7fELF", Foreign(_PROGRAM)),
    (b"SQLite format 3\0", Foreign(_DATABASE)),
    (b"\0\1\0\0Standard ", Foreign(_DATABASE)),
    (b"PAR1\x15", Foreign(f"это файл Parquet. {_TABLE}")),
    (b"\x09\x00\x04\x00", Foreign(_OLD_EXCEL)),
    (b"\x09\x02\x06\x00", Foreign(_OLD_EXCEL)),
    (b"\x09\x04\x06\x00", Foreign(_OLD_EXCEL)),
    (b"\x09\x08\x08\x00", Foreign(_OLD_EXCEL)),
    (b"\x09\x08\x10\x00", Foreign(_OLD_EXCEL)),
    (b"ID;PWXL", Foreign(_OLD_EXCEL)),
    (b"ID;PCALC", Foreign(_OLD_EXCEL)),
    (b"-----BEGIN PKCS7", Foreign(_SIGNED, companion=True)),
    (b"-----BEGIN CMS", Foreign(_SIGNED, companion=True)),
    (b"-----BEGIN SIGNATURE", Foreign(_SIGNED, companion=True)),
    (b"-----BEGIN PGP", Foreign(f"это зашифрованный файл PGP. {_TABLE}")),
)
_SIGNED_DATA = b"\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07\x02"
"""The ASN.1 name of PKCS #7 signed data (RFC 5652), which stands at the start of a signature."""
_MAIL_HEAD = re.compile(
    rb"^(?:Return-Path|Received|Delivered-To|From|Subject|Message-ID|MIME-Version|Date|To"
    rb"|Content-Type|X-[\w-]+):\s",
    re.IGNORECASE | re.MULTILINE,
)
_MAIL_MARK = re.compile(rb"^(?:Received|Message-ID|MIME-Version|Return-Path):", re.I | re.M)
"""A table may begin with «From:» and «To:» as well, never with these."""
_DOCUMENTS: tuple[tuple[str, Foreign], ...] = (
    (
        "word/",
        Foreign(f"это документ Word. {_TEXT_DOCUMENT}", companion=True),
    ),
    ("ppt/", Foreign(f"это презентация. {_TEXT_DOCUMENT}", companion=True)),
    (
        "Index/Document.iwa",
        Foreign(
            "это таблица Apple Numbers. Откройте её и сохраните: «Файл → Экспортировать в → Excel»."
        ),
    ),
    (
        "Index.zip",
        Foreign(
            "это документ Apple (Numbers или Pages). Откройте его и сохраните: «Файл → Экспортировать в "
            "→ Excel»."
        ),
    ),
    ("AndroidManifest.xml", Foreign(_PROGRAM)),
    ("META-INF/MANIFEST.MF", Foreign(_PROGRAM)),
)


class ForeignFile(Refusal):
    """The file is of a kind that never holds a report that can be read."""

    def __init__(self, kind: Foreign) -> None:
        self.companion = kind.companion
        super().__init__(kind.what)


def hold_foreign(data: bytes) -> None:
    """Refuses a file that is told by its first bytes to be something else than a report."""
    start = data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
    for magic, kind in _STARTS:
        if start.startswith(magic) or data.startswith(magic):
            raise ForeignFile(kind)
    if (kind_by_shape := _by_shape(data, start)) is not None:
        raise ForeignFile(kind_by_shape)


def _by_shape(data: bytes, start: bytes) -> Foreign | None:
    if _is_signature(data, start):
        return Foreign(_SIGNED, companion=True)
    if _is_picture(data):
        return Foreign(_PICTURE, companion=True)
    if data.startswith(b"MZ") and b"\0" in data[:64]:
        return Foreign(_PROGRAM)
    if data[257:262] == b"ustar":
        return Foreign(f"это архив TAR. {_UNPACK}")
    return _mail(start)


def _is_signature(data: bytes, start: bytes) -> bool:
    if data[:1] == b"\x30":
        return _SIGNED_DATA in data[:64]
    return start.startswith(b"MII") and bool(re.fullmatch(rb"[A-Za-z0-9+/=\s]{60,}", start))


def _is_picture(data: bytes) -> bool:
    return (
        (data[:4] == b"RIFF" and data[8:12] == b"WEBP")
        or (data.startswith(b"BM") and data[6:10] == b"\0\0\0\0")
        or data[4:8] == b"ftyp"
    )


def _mail(start: bytes) -> Foreign | None:
    heads = {found.lower() for found in _MAIL_HEAD.findall(start)}
    if len(heads) < 2 or not _MAIL_HEAD.match(start) or not _MAIL_MARK.search(start):
        return None
    page = b"multipart/related" in start.lower() and b"received:" not in start.lower()
    return Foreign(_WEB_ARCHIVE if page else _MAIL)


def document_inside(names: set[str]) -> Foreign | None:
    """What a ZIP is whose members have these names, when it is a document and no archive."""
    for part, kind in _DOCUMENTS:
        if any(name.startswith(part) for name in names):
            return kind
    return None
