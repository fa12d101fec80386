"""One grid in every container reads as the same cells; the name of the file plays no part."""

from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from sverka.errors import Refusal
from sverka.reading import RawFile, read
from tests.support import containers as made
from tests.support.containers import ml_rows, ods_rows, sheet_data, zipped

GRID: list[list[Any]] = [
    ["Номер заказа", "Трек", "Сумма, руб.", "Статус"],
    ["00042", "80093053624992", Decimal("1234.5"), "Вручён"],
    ["59564845443.0", "8,00931E+13", 0, 'ООО "Ёж" & сын'],
    ["'0007", None, -12, "две  строки"],
]
SHOWN = [
    ["Номер заказа", "Трек", "Сумма, руб.", "Статус"],
    ["00042", "80093053624992", "1234.5", "Вручён"],
    ["59564845443.0", "8,00931E+13", "0", 'ООО "Ёж" & сын'],
    ["'0007", None, "-12", "две  строки"],
]
TEXTS = [[str(cell or "") for cell in row] for row in SHOWN]
FLOATS = [[float(cell) if isinstance(cell, Decimal) else cell for cell in row] for row in GRID]


def delimited(delimiter: str, encoding: str) -> bytes:
    rows = [[cell.replace('"', '""') for cell in row] for row in TEXTS]
    lines = (delimiter.join(f'"{cell}"' for cell in row) for row in rows)
    return "".join(f"{line}\r\n" for line in lines).encode(encoding)


MADE: dict[str, tuple[str, Callable[[], bytes]]] = {
    "xlsx": ("xlsx", lambda: made.xlsx({"Лист": sheet_data(GRID)})),
    "xlsb": ("xlsb", lambda: made.xlsb({"Лист": FLOATS})),
    "xls": ("xls", lambda: made.xls({"Лист": GRID})),
    "xls of Excel 95": ("xls", lambda: made.biff5(GRID)),
    "ods": (
        "ods",
        lambda: made.ods(f'<table:table table:name="Лист">{ods_rows(GRID)}</table:table>'),
    ),
    "xml 2003": ("spreadsheetml", lambda: made.spreadsheetml({"Лист": ml_rows(GRID)})),
    "html": ("html", lambda: made.html(TEXTS)),
    "html in cp1251": ("html", lambda: made.html(TEXTS, encoding="windows-1251")),
    "csv": ("csv", lambda: delimited(";", "utf-8-sig")),
    "tsv": ("csv", lambda: delimited("\t", "utf-16")),
    "csv in koi8-r": ("csv", lambda: delimited(",", "koi8-r")),
    "csv in a zip in a zip": (
        "zip",
        lambda: zipped({"a.zip": zipped({"b.xls": delimited("|", "cp1251")})}),
    ),
    "xlsx named xls in a zip": (
        "zip",
        lambda: zipped({"0.xls": made.xlsx({"Лист": sheet_data(GRID)})}),
    ),
}


@pytest.mark.parametrize("kind", MADE)
@pytest.mark.parametrize("name", ["отчёт.xls", "отчёт.xlsx", "отчёт"])
def test_the_same_cells_come_from_every_container(kind: str, name: str) -> None:
    container, build = MADE[kind]
    raw = read(build(), name)
    (table,) = raw.tables
    assert raw.container == container
    spaces = " " if container == "html" else "  "  # a page shows two spaces as one
    assert table.rows == [[cell and cell.replace("  ", spaces) for cell in row] for row in SHOWN]
    assert table.first_line == 1


@pytest.mark.parametrize("kind", MADE)
def test_head_limits_the_rows_of_every_container(kind: str) -> None:
    _, build = MADE[kind]
    assert read(build(), "x", head=2).tables[0].rows[0] == SHOWN[0]
    assert len(read(build(), "x", head=2).tables[0].rows) == 2


TREES: dict[str, Callable[[], bytes]] = {
    "json": lambda: b'{"orders": [{"no": "00042", "sum": 1234.50}], "total": 1}',
    "ndjson": lambda: b'{"no": "00042"}\n{"no": "7"}',
    "xml": '<акт номер="5"><заказ>00042</заказ></акт>'.encode,
    "1c": lambda: (
        "1CClientBankExchange\r\nКодировка=Windows\r\nСекцияДокумент=Платежное поручение\r\n"
        "Номер=4\r\nСумма=15000.00\r\nКонецДокумента\r\nКонецФайла\r\n"
    ).encode("cp1251"),
}
MAY_END_EARLY = {"ndjson", "csv", "tsv", "csv in koi8-r"}
"""A text with a record on each line may be cut between two of them, and nothing tells of it."""
CUT = {**{kind: build for kind, (_, build) in MADE.items()}, **TREES}


@pytest.mark.parametrize("kind", CUT)
def test_a_file_cut_anywhere_is_refused_or_gives_whole_rows(kind: str) -> None:
    whole = CUT[kind]()
    right = read(whole, "x")
    for part in range(20):
        cut = whole[: len(whole) * part // 20]
        try:
            got = read(cut, "x")
        except Refusal:
            continue
        if b"1CClientBankExchange".startswith(cut):
            continue  # less than the first line is a text like any other
        assert kind in MAY_END_EARLY, f"{part}/20 of {kind} gave {got}"
        assert is_beginning(got, right), f"{part}/20 of {kind} gave {got}"


def is_beginning(got: RawFile, right: RawFile) -> bool:
    if right.tree is not None:
        values = got.tree if isinstance(got.tree, list) else [got.tree]
        return bool(values == right.tree[: len(values)])
    rows, wanted = got.tables[0].rows, right.tables[0].rows
    return rows[:-1] == wanted[: len(rows) - 1] and len(rows) <= len(wanted)


@pytest.mark.parametrize("kind", ["xlsx", "ods", "xml 2003"])
def test_data_on_a_hidden_sheet_only_is_asked_about(kind: str) -> None:
    hidden = {
        "xlsx": made.xlsx(
            {"Видно": "", "Скрыто": sheet_data([["a", "b"]])}, states={"Скрыто": "hidden"}
        ),
        "ods": made.ods(
            '<table:table table:name="Видно"/><table:table table:name="Скрыто" table:style-name="h">'
            f"{ods_rows([['a', 'b']])}</table:table>",
            styles='<style:style style:name="h"><style:table-properties table:display="false"/></style:style>',
        ),
        "xml 2003": made.spreadsheetml({"Скрыто": ml_rows([["a", "b"]])}).replace(
            b"</Table>",
            b"</Table><WorksheetOptions><Visible>SheetHidden</Visible></WorksheetOptions>",
        ),
    }
    with pytest.raises(Refusal, match="скрытом листе «Скрыто»"):
        read(hidden[kind], "x")


def test_a_workbook_without_a_table_is_refused() -> None:
    with pytest.raises(Refusal, match="ни одного листа"):
        read(made.spreadsheetml({}), "x")
