"""Mutations of rows, sheets and files."""

import csv
from collections.abc import Callable
from decimal import Decimal
from random import Random

from fuzz.books import Book, Sheet
from fuzz.cells import amount
from fuzz.columns import ROWS
from fuzz.headers import header, pick
from fuzz.mutations import Did, mutation
from sverka.nouns import Settlement
from sverka.recognition.schema import TableLayout


def _sheet(book: Book, rng: Random) -> Sheet | None:
    found = pick(book, rng)
    return found[0] if found else None


def _orders(book: Book, sheet: Sheet) -> list[int]:
    """The rows that name an order or a parcel."""
    ids = [i for n, i in sheet.columns.items() if book.schema.columns[n].kind == "id"]
    return [
        r
        for r in sheet.records
        if any(
            i < len(sheet.rows[r]) and any(map(str.isdigit, str(sheet.rows[r][i] or "")))
            for i in ids
        )
        and amount(sheet.rows[r][0]) != r - (sheet.header or 0)
    ]


@mutation
def shuffle_rows(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """The orders in another order."""
    sheet = _sheet(book, rng)
    if sheet is None:
        return None
    places = _orders(book, sheet)
    rows = [sheet.rows[place] for place in places]
    rng.shuffle(rows)
    for place, row in zip(places, rows, strict=True):
        sheet.rows[place] = row
    return Did("rows shuffled")


@mutation
def repeat_header(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """The header once more between the rows, as on every printed page."""
    sheet = _sheet(book, rng)
    if sheet is None or sheet.header is None or len(sheet.records) < 2:
        return None
    at = rng.choice(sheet.records[1:])
    sheet.rows.insert(at, list(sheet.rows[sheet.header]))
    return Did(f"header repeated in row {at + 1}")


@mutation
def blank_row(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """An empty row somewhere under the header."""
    sheet = _sheet(book, rng)
    if sheet is None or not sheet.records:
        return None
    at = rng.choice(sheet.records)
    sheet.rows.insert(at, [])
    return Did(f"row {at + 1} empty")


@mutation
def rows_above(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """Requisites above the table."""
    sheet = _sheet(book, rng)
    if sheet is None or sheet.header is None:
        return None
    count = rng.randrange(1, 12)
    sheet.rows[:0] = [["ООО «Маяк», ИНН 7700000000"] for _ in range(count)]
    sheet.header += count
    return Did(f"{count} rows above")


@mutation
def blank_column(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """Column A is empty."""
    sheet = _sheet(book, rng)
    if sheet is None:
        return None
    sheet.rows = [[None, *row] for row in sheet.rows]
    sheet.columns = {name: index + 1 for name, index in sheet.columns.items()}
    return Did("an empty column A")


def _totals(book: Book, sheet: Sheet, rows: list[int], more: Decimal) -> list[object]:
    assert sheet.header is not None
    total: list[object] = [None] * max(len(row) for row in sheet.rows)
    total[0] = "Итого"
    for name, index in sheet.columns.items():
        if book.schema.columns[name].kind == "money" and index:
            cells = [sheet.rows[r][index] if index < len(sheet.rows[r]) else None for r in rows]
            total[index] = f"{sum((amount(c) or Decimal(0) for c in cells), Decimal(0)) + more:f}"
    return total


@mutation
def subtotal(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """A right subtotal in the middle."""
    sheet = _sheet(book, rng)
    rows = _orders(book, sheet) if sheet else []
    if sheet is None or len(rows) < 2:
        return None
    at = rng.choice(rows[1:])
    sheet.rows.insert(at, _totals(book, sheet, [r for r in rows if r < at], Decimal(0)))
    return Did(f"subtotal in row {at + 1}")


@mutation
def wrong_total(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """A totals row at the end that is a kopeck off."""
    sheet = _sheet(book, rng)
    rows = _orders(book, sheet) if sheet else []
    if sheet is None or not rows:
        return None
    sheet.rows.insert(rows[-1] + 1, _totals(book, sheet, rows, Decimal("0.01")))
    return Did("a total that is a kopeck off")


@mutation
def cut_rows(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """The last rows are gone. Without a total nobody can know."""
    sheet = _sheet(book, rng)
    if sheet is None or len(sheet.records) < 2:
        return None
    at = rng.choice(sheet.records[1:])
    del sheet.rows[at:]
    return Did(f"cut from row {at + 1} on", ROWS | {"settlement"})


@mutation
def cut_columns(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """The last columns are gone, header and all."""
    from fuzz.columns import may_be_absent, said_by

    sheet = _sheet(book, rng)
    if sheet is None or sheet.header is None:
        return None
    width = rng.randrange(1, len(sheet.rows[sheet.header]))
    lost = [book.schema.columns[n] for n, index in sheet.columns.items() if index >= width]
    sheet.rows = [row[:width] for row in sheet.rows]
    sheet.columns = {n: index for n, index in sheet.columns.items() if index < width}
    absent: frozenset[str] = frozenset()
    if not sheet.columns and len(book.sheets) > 1:
        absent = ROWS  # of this sheet nothing is left that anybody knows
    elif all(may_be_absent(book.schema, column) for column in lost):
        absent = absent.union(*(said_by(book.schema, column) for column in lost))
    return Did(f"columns from {width} on cut", absent)


@mutation
def cut_bytes(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """The file ends in the middle. A text table cut between two rows is a shorter table."""
    share = rng.random()
    book.spoil = lambda data: data[: int(len(data) * share)]
    whole = book.container in {"xlsx", "zip"} or book.tree is not None
    return Did(
        f"cut after {share:.0%} of the bytes",
        frozenset() if whole else ROWS | {"cut", "settlement"},
    )


@mutation
def another_courier(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """The title names somebody else."""
    sheet = _sheet(book, rng)
    if sheet is None or sheet.header is None:
        return None
    name = rng.choice(["СДЭК", "Dalli", "Экспресс-Нева"])
    sheet.rows.insert(0, [name])
    sheet.header += 1
    generic = isinstance(book.schema.layout, TableLayout) and book.schema.layout.generic
    return Did(f"title {name!r}", frozenset({"courier"} if generic else ()))


@mutation
def extra_sheet(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """A sheet of words beside the report."""
    return _beside(book, [["Справка"], ["Отчёт сформирован автоматически", "текст"]])


@mutation
def extra_sheet_with_money(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """A sheet with a fine beside the report: it may not be passed over."""
    did = _beside(book, [["Номер заказа", "За что", "Штраф, руб."], ["W-42", "опоздание", "500"]])
    return Did(did.what, frozenset({"must hold"})) if did else None


def _beside(book: Book, rows: list[list[object]]) -> Did | None:
    if not book.sheets or len(book.sheets) > 1:
        return None
    book.container = "xlsx"
    book.sheets.append(Sheet("Прочее", rows))
    return Did(f"a sheet beside: {rows[0]}")


@mutation
def rename_sheet(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """The sheet has another name."""
    if len(book.sheets) != 1 or book.container != "xlsx":
        return None
    book.sheets[0].name = "Лист 7"
    return Did("sheet renamed", frozenset({"courier"}))


def _writing(name: str, change: Callable[[Book], None], *, only_text: bool = True) -> None:
    def mutate(book: Book, rng: Random, model: Settlement | None) -> Did | None:
        if not book.sheets or (only_text and len(book.sheets) > 1 and book.container != "zip"):
            return None
        if only_text and book.container == "xlsx":
            book.container = "csv"
        change(book)
        return Did(name)

    mutate.__name__ = name
    mutation(mutate)


def _set(**given: object) -> Callable[[Book], None]:
    def change(book: Book) -> None:
        for key, value in given.items():
            setattr(book, key, value)

    return change


_writing("bom", _set(encoding="utf-8-sig"))
_writing("cp1251", _set(encoding="cp1251"))
_writing("cp866", _set(encoding="cp866"))
_writing("utf16", _set(encoding="utf-16"))
_writing("comma", _set(delimiter=","))
_writing("tab", _set(delimiter="\t"))
_writing("pipe", _set(delimiter="|"))
_writing("newline_unix", _set(newline="\n"))
_writing("newline_old_mac", _set(newline="\r"))
_writing("quoted", _set(quoting=csv.QUOTE_ALL))
_writing("declared_delimiter", _set(first_line="sep=;\r\n"))
_writing("as_workbook", _set(container="xlsx"), only_text=False)


@mutation
def lost_cell(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """One amount of one row is empty: nothing but its equation can know."""
    from fuzz.columns import unseen_in

    found = pick(book, rng, "money")
    if found is None:
        return None
    sheet, name = found
    index = sheet.columns[name]
    rows = [
        r
        for r in _orders(book, sheet)
        if index < len(sheet.rows[r]) and amount(sheet.rows[r][index])
    ]
    if not rows:
        return None
    row_no = rng.choice(rows)
    sheet.rows[row_no][index] = None
    unseen = unseen_in(book.schema, book.schema.columns[name], model)
    return Did(f"row {row_no + 1}, column {header(sheet, name)!r} empty", unseen)
