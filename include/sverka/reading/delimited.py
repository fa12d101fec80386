"""CSV and TSV: the encoding and the delimiter are told from the content."""

import csv
import io
from collections import Counter

from sverka.errors import Refusal
from sverka.reading.limits import hold_columns, hold_rows
from sverka.reading.raw import RawTable, Row

_DELIMITERS = (";", ",", "\t", "|")
_LOOK_LINES = 60
_COMMON = frozenset("оеаинтсрвлОЕАИНТСРВЛ")
"""The commonest Russian letters: the right one of two Cyrillic encodings gives more of them."""


def read_delimited(data: bytes, sheet: str | None, head: int | None) -> RawTable:
    """The records of a delimited text; a record's number is its row number in Excel.

    Raises:
        Refusal: not text, or a quote that is opened and never closed.
    """
    text = decoded(data)
    text, delimiter = _declared_delimiter(text)
    return RawTable(sheet, _records(text, delimiter or _delimiter(text), sheet, head))


def decoded(data: bytes) -> str:
    """The text in the encoding that fits: BOM, UTF-16, UTF-8, else cp1251 or cp866."""
    if data.startswith(b"\xff\xfe\0\0"):
        return _strictly(data, "utf-32")
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _strictly(data, "utf-16")
    if (unmarked := _unmarked_utf16(data)) is not None:
        return _strictly(data, unmarked)
    if b"\0" in data:
        raise _not_text()
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return _cyrillic(data)


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without its mark: one byte of almost every pair is 0 (Latin) or 4 (Cyrillic)."""
    sample = data[:1000]
    pairs = len(sample) // 2
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if pairs and 0 in high and (high.count(0) + high.count(4)) * 10 > pairs * 8:
            return encoding
    return None


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Refusal(
            "файл обрывается посередине или повреждён: текст не читается до конца. "
            "Скачайте отчёт у курьера ещё раз."
        ) from error


def _cyrillic(data: bytes) -> str:
    if sum(data[:4000].count(code) for code in range(9)):
        raise _not_text()
    sample = data[:200_000]
    score = {
        encoding: sum(
            count
            for sign, count in Counter(sample.decode(encoding, "replace")).items()
            if sign in _COMMON
        )
        for encoding in ("cp1251", "cp866")
    }
    best = "cp866" if score["cp866"] > score["cp1251"] else "cp1251"
    try:
        return data.decode(best)
    except UnicodeDecodeError as error:
        raise _not_text() from error


def _not_text() -> Refusal:
    return Refusal(
        "содержимое файла не похоже на отчёт: это не таблица Excel, не CSV, не XML и не JSON. "
        "Скачайте отчёт у курьера ещё раз или попросите его в формате XLSX."
    )


def _declared_delimiter(text: str) -> tuple[str, str | None]:
    """Excel's own first line `sep=;`, which Excel does not show as a row."""
    first, newline, rest = text.partition("\n")
    declared = first.strip()
    if newline and declared.lower().startswith("sep=") and len(declared) == len("sep=;"):
        return rest, declared[-1]
    return text, None


def _delimiter(text: str) -> str:
    lines = text.splitlines()[:_LOOK_LINES]
    return max(_DELIMITERS, key=lambda sign: _regularity(lines, sign))


def _regularity(lines: list[str], sign: str) -> tuple[int, int]:
    """How many lines agree on the number of this delimiter, and how many there are of it."""
    counts = Counter(_outside_quotes(line).count(sign) for line in lines)
    counts.pop(0, None)
    if not counts:
        return (0, 0)
    width, lines_of_it = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
    return (lines_of_it, width)


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _records(text: str, delimiter: str, sheet: str | None, head: int | None) -> list[Row]:
    rows: list[Row] = []
    # Strict: a quote that is never closed would otherwise swallow the rest of the file in silence.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    try:
        for record in reader:
            rows.append([cell or None for cell in record])
            hold_rows(len(rows), sheet)
            hold_columns(len(record), sheet, len(rows))
            if head is not None and len(rows) >= head:
                break
    except csv.Error as error:
        raise Refusal(_not_parted(error), sheet=sheet, line_no=len(rows) + 1) from error
    return rows


def _not_parted(error: csv.Error) -> str:
    what = (
        "в одной ячейке слишком много текста, так отчёты не выглядят. "
        if "field limit" in str(error)
        else "кавычки в тексте не закрыты или стоят не на месте, поэтому колонки не разделить. "
    )
    return (
        f"{what}Возможно, файл скачался не до конца: скачайте его ещё раз или сохраните как XLSX."
    )
