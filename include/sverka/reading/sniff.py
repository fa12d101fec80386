"""What a file is, by its first bytes: the extension often lies."""

from sverka.errors import Refusal

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ZIP = b"PK\x03\x04"
_EMPTY_ZIP = b"PK\x05\x06"
_TEXT_LOOK = 4096

_FOREIGN: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "это PDF. Попросите у курьера тот же отчёт в Excel (XLSX) или CSV"),
    (b"\x89PNG", "это картинка. Нужен сам файл отчёта, а не снимок экрана"),
    (b"\xff\xd8\xff", "это фотография. Нужен сам файл отчёта: XLSX, CSV, XML или JSON"),
    (b"GIF8", "это картинка. Нужен сам файл отчёта, а не снимок экрана"),
    (b"Rar!", "это архив RAR. Распакуйте его и положите сам файл отчёта"),
    (b"7z\xbc\xaf\x27\x1c", "это архив 7-Zip. Распакуйте его и положите сам файл отчёта"),
    (b"\x1f\x8b", "это архив GZIP. Распакуйте его и положите сам файл отчёта"),
    (b"{\\rtf", "это документ RTF. Попросите у курьера отчёт в Excel (XLSX) или CSV"),
    (
        b"1CClientBankExchange",
        "это выписка банка в формате 1С, а не отчёт курьера. Нужен отчёт, по которому курьер "
        "перечислил деньги: реестр или акт из его кабинета",
    ),
)
_HTML = ("<!doctype html", "<html", "<head", "<body", "<table", "<meta")
_MARK = b"\xef\xbb\xbf"


def container_of(data: bytes) -> str:
    """One of `zip`, `ole`, `xml`, `json`, `text`.

    `zip` still has to be told apart into a workbook and an archive. A file that is nothing we can
    read is refused with what it is and what to do.
    """
    if not data.strip(b"\0 \r\n\t\xef\xbb\xbf"):
        raise Refusal("файл пустой: в нём нет ни одного символа. Скачайте отчёт у курьера ещё раз.")
    if data.startswith((_ZIP, _EMPTY_ZIP)):
        return "zip"
    if data.startswith(_OLE):
        return "ole"
    start = data[:_TEXT_LOOK].removeprefix(_MARK).lstrip()
    for magic, what in _FOREIGN:
        if start.startswith(magic):
            raise Refusal(f"{what}.")
    return _text_container(data)


def _text_container(data: bytes) -> str:
    start = _start(data)
    # A page may begin with a comment or a style sheet.
    if start.startswith("<") and any(tag in start for tag in _HTML):
        raise Refusal(
            "это веб-страница (HTML), хотя называется таблицей. Откройте её в Excel и сохраните как "
            "«Книга Excel (XLSX)». Если внутри форма входа, войдите в кабинет курьера и скачайте заново."
        )
    if start.startswith("<"):
        if "urn:schemas-microsoft-com:office:spreadsheet" in start:
            raise Refusal(
                "это таблица в старом формате «XML-таблица 2003». Откройте её в Excel и сохраните как "
                "«Книга Excel (XLSX)»."
            )
        return "xml"
    return "json" if start.startswith(("{", "[")) else "text"


def _start(data: bytes) -> str:
    head = data[:_TEXT_LOOK]
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head.decode("utf-16", "replace").lstrip().lower()
    return head.decode("utf-8-sig", "replace").lstrip().lower()
