"""What a file is, by its first bytes: the extension often lies."""

import re

from sverka.errors import Refusal
from sverka.reading import exchange, ole
from sverka.reading.foreign import hold_foreign
from sverka.reading.spreadsheetml import NAMESPACE

_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_TEXT_LOOK = 8192
_PAGE = re.compile(
    r"(?:<!--.*?-->|\s)*<(?:html|head|body|table|meta|title|style|script|link|div|p|center|font|h[1-6]|b|"
    r"br|span|form|tr|base)[\s/>]",
    re.DOTALL,
)
"""A page may begin with a comment or a style sheet, or be a bare table."""
_JSON = re.compile(r"\{\s*[\"}]|\[\s*(?:[\"\[{\]\d-]|true|false|null)|[\[{]\s*$")
_MARK = b"\xef\xbb\xbf"


def container_of(data: bytes) -> str:
    """One of `zip`, `xls`, `1c`, `html`, `spreadsheetml`, `xml`, `json`, `csv`.

    `zip` still has to be told apart into a workbook and an archive; `csv` is any other text.

    Raises:
        Refusal: empty, or nothing that can be read: what it is and what to do.
    """
    if not data[:_TEXT_LOOK].strip(b"\0 \r\n\t\xef\xbb\xbf\xff\xfe") and not data.strip(
        b"\0 \r\n\t\xef\xbb\xbf\xff\xfe"
    ):
        raise Refusal("файл пустой: в нём нет ни одного символа. Скачайте отчёт у курьера ещё раз.")
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        return "zip"
    if data.startswith(ole.MAGIC):
        return "xls"
    hold_foreign(data)
    start = data[:_TEXT_LOOK].removeprefix(_MARK).lstrip()
    return "1c" if start.startswith(exchange.MAGIC) else _text_container(data)


def _text_container(data: bytes) -> str:
    start = _start(data)
    if start.startswith("<"):
        if NAMESPACE in start and "<html" not in start:
            return "spreadsheetml"
        page = _PAGE.match(start) or "<html" in start or "<!doctype html" in start
        return "html" if page else "xml"
    return "json" if _JSON.match(start) else "csv"


def _start(data: bytes) -> str:
    head = data[:_TEXT_LOOK]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif head[:1] == b"\0":
        encoding = "utf-16-be"
    elif head[1:2] == b"\0":
        encoding = "utf-16-le"
    else:
        encoding = "utf-8-sig"
    return head.decode(encoding, "replace").lstrip().lower()
