"""CSV and TSV: the encoding and the delimiter are told from the content."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice

from sverka.errors import Refusal
from sverka.reading.limits import MAX_LINE, Allowance, hold_columns, hold_rows
from sverka.reading.raw import RawTable, Row
from sverka.reading.texts import cut_text, encoding_of, not_text

_DELIMITERS = (";", "\t", "|", ",")
_LOOK_LINES = 60
_REMEMBERED = 50_000
"""Different cells that are kept once: dates, statuses and cities repeat in a report."""


def read_delimited(data: bytes, head: int | None, allowance: Allowance) -> tuple[RawTable, ...]:
    """The records of a delimited text; a record's number is its row number in Excel.

    The text is decoded as it is read, never held whole.

    Raises:
        Refusal: not text, cut off in the middle of a row, or a quote that is never closed.
    """
    encoding = encoding_of(data)
    _hold_lines(data)
    stream = io.TextIOWrapper(io.BytesIO(data), encoding=encoding, newline="")
    try:
        first, declared = _declared_delimiter(stream.readline())
        look = [first, *islice(stream, _LOOK_LINES)] if first else [*islice(stream, _LOOK_LINES)]
        delimiter = declared or _delimiter(look)
        rows = _records(chain(look, stream), delimiter, head, allowance)
    except UnicodeDecodeError as error:
        raise cut_text() from error
    if head is None and not data.rstrip(b"\0").endswith((b"\n", b"\r")):
        _hold_cut(rows)
    return (RawTable(None, rows),)


def _hold_lines(data: bytes) -> None:
    """Refuses a text with a line so long that it is no row; a longer one covers a whole window."""
    window = MAX_LINE // 2
    for start in range(0, len(data) - window + 1, window):
        end = start + window
        if data.find(b"\n", start, end) < 0 and data.find(b"\r", start, end) < 0:
            raise Refusal(
                "в одной строке слишком много текста, так отчёты не выглядят. Скачайте файл ещё раз "
                "или сохраните его как XLSX."
            )


def _declared_delimiter(first: str) -> tuple[str, str | None]:
    """Excel's own first line `sep=;`, which Excel does not show as a row, is dropped."""
    declared = first.strip(" \r\n\ufeff").replace('"', "")
    if declared.lower().startswith("sep=") and len(declared) == len("sep=;"):
        return "", declared[-1]
    return first, None


def _delimiter(lines: list[str]) -> str:
    """The sign that most lines have equally often.

    A comma gives way to another sign that is nearly as regular: it parts kopecks and stands in
    the titles of columns («Сумма, руб.»).
    """
    records = _joined(lines)
    regular = {sign: _regularity(records, sign) for sign in _DELIMITERS}
    best = max(_DELIMITERS, key=regular.__getitem__)
    others = [sign for sign in _DELIMITERS if sign != ","]
    other = max(others, key=regular.__getitem__)
    nearly = regular[other][0] > 1 and regular[other][0] * 5 >= regular[best][0] * 4
    return other if best == "," and nearly else best


def _regularity(lines: list[str], sign: str) -> tuple[int, int]:
    """How many lines agree on the number of this delimiter, and how many there are of it."""
    counts = Counter(_outside_quotes(line).count(sign) for line in lines)
    counts.pop(0, None)
    if not counts:
        return (0, 0)
    width, lines_of_it = max(counts.items(), key=lambda pair: (pair[1], pair[0]))
    return (lines_of_it, width)


def _joined(lines: list[str]) -> list[str]:
    """The records of the lines: a quoted cell may go on in the next line.

    A quote that stays open to the end (5" in a title) parts nothing; then the lines are taken.
    """
    records, open_ = [], ""
    for line in lines:
        open_ += line
        if open_.count('"') % 2 == 0:
            records.append(open_)
            open_ = ""
    return records if open_.count("\n") * 2 <= len(lines) else lines


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _records(
    lines: Iterable[str], delimiter: str, head: int | None, allowance: Allowance
) -> list[Row]:
    rows: list[Row] = []
    # Strict: a quote that is never closed would otherwise swallow the rest of the file in silence.
    reader = csv.reader(_without_zero(lines), delimiter=delimiter, strict=True)
    seen: dict[str, str | None] = {"": None}
    try:
        for record in islice(reader, head):
            if len(seen) > _REMEMBERED:
                seen = {"": None}
            cells = list(map(seen.setdefault, record, record))
            rows.append(cells.copy())  # the copy has no room to grow: a third of a million lists
            hold_rows(len(rows), None)
            hold_columns(len(record), None, len(rows))
            allowance.take_cells(len(record), None)
    except csv.Error as error:
        raise Refusal(_not_parted(error), line_no=len(rows) + 1) from error
    return rows


def _without_zero(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        if "\0" in line:
            raise not_text()
        yield line


def _not_parted(error: csv.Error) -> str:
    what = (
        "в одной ячейке слишком много текста, так отчёты не выглядят. "
        if "field limit" in str(error)
        else "кавычки в тексте не закрыты или стоят не на месте, поэтому колонки не разделить. "
    )
    return (
        f"{what}Возможно, файл скачался не до конца: скачайте его ещё раз или сохраните как XLSX."
    )


def _hold_cut(rows: list[Row]) -> None:
    """Refuses a last row without a line end that begins like the row above it and is shorter.

    A total or a signature is shorter as well, but begins with other signs than a row of data.
    """
    if len(rows) < 3 or len(rows[-1]) >= len(rows[-2]):
        return
    usual = Counter(len(row) for row in rows[-_LOOK_LINES:-1]).most_common(1)[0][0]
    if len(rows[-1]) < usual and _kind(rows[-1]) == _kind(rows[-2]):
        raise Refusal(
            "последняя строка обрывается посередине: похоже, файл скачался не до конца. Скачайте его "
            "ещё раз; если он целый, сохраните его как XLSX.",
            line_no=len(rows),
        )


def _kind(row: Row) -> frozenset[str]:
    """What the first cell is made of: digits, letters of which alphabet, other signs."""
    kinds = set()
    for sign in (row[0] or "") if row else "":
        if sign.isalpha():
            kinds.add("latin" if sign.isascii() else "letter")
        else:
            kinds.add("digit" if sign.isdigit() else sign)
    return frozenset(kinds)
