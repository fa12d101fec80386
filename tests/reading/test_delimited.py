"""Texts with delimiters: encoding, delimiter, `sep=`, quotes, and files that end too early."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.errors import Refusal
from sverka.reading import read
from sverka.reading.limits import MAX_ROWS

HEAD = ["Номер заказа", "Сумма, руб.", "Дата вручения"]
ENCODINGS = {
    "utf-8": "utf-8",
    "utf-8-sig": "utf-8",
    "utf-16": "utf-8",
    "utf-16-le": "utf-8",
    "utf-32": "utf-8",
    "cp1251": "cp1251",
    "cp866": "cp866",
    "koi8-r": "koi8-r",
}
"""How it is written → the alphabet that it can write."""
SPACES = st.sampled_from(" \t\n")
LETTERS = st.sampled_from("абвгдежзиклмнопрстуфхцчшщэюяАБВГДЕЁЖЗИЙКЛМНОП")
SIGNS = st.sampled_from(";,|\"'.-+=#№0123456789abcXYZ")


def rows_of(data: bytes) -> list[list[str | None]]:
    (table,) = read(data, "файл.xls").tables
    return table.rows


def written(rows: list[list[str]], delimiter: str, quoting: int = csv.QUOTE_MINIMAL) -> str:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, lineterminator="\r\n", quoting=quoting).writerows(rows)
    return out.getvalue()


@given(
    rows=st.lists(
        st.lists(st.text(st.one_of(LETTERS, SIGNS, SPACES), max_size=12), min_size=3, max_size=3),
        max_size=12,
    ),
    delimiter=st.sampled_from(";,\t|"),
    encoding=st.sampled_from(sorted(ENCODINGS)),
    declared=st.booleans(),
)
def test_any_grid_in_any_notation_reads_back_the_same(
    rows: list[list[str]], delimiter: str, encoding: str, declared: bool
) -> None:
    alphabet = ENCODINGS[encoding]
    grid = [
        HEAD,
        *([cell.encode(alphabet, "ignore").decode(alphabet) for cell in row] for row in rows),
    ]
    text = written(grid, delimiter, csv.QUOTE_ALL)
    data = ((f"sep={delimiter}\r\n" if declared else "") + text).encode(encoding)
    assert rows_of(data) == [[cell or None for cell in row] for row in grid]


def test_kopecks_after_a_comma_do_not_part_columns() -> None:
    rows = [
        ["Заказ", "Сумма, руб.", "Услуги, руб.", "Итог, руб."],
        *[["1", "1,5", "2,5", "3,5"]] * 9,
    ]
    assert rows_of(written(rows, ";").encode("cp1251")) == rows


def test_titles_above_and_totals_below_do_not_hide_the_delimiter() -> None:
    text = "Реестр, сводный, за неделю\r\n\r\n" + "a;b;c\r\n" * 9 + "Итого, руб.: 5,00\r\n"
    assert rows_of(text.encode())[2] == ["a", "b", "c"]


@pytest.mark.parametrize("line", ["sep=\t\r\n", "SEP=\t\n", '"sep=\t"\r\n', "\ufeffsep=\t\n"])
def test_the_declared_separator_may_be_a_tab(line: str) -> None:
    assert rows_of(f"{line}a;b\tc\n1\t2\n".encode()) == [["a;b", "c"], ["1", "2"]]


@pytest.mark.parametrize("sign", ["\r\n", "\n", "\r"])
def test_every_line_end_ends_a_row(sign: str) -> None:
    assert rows_of(f"a;b{sign}{sign}1;2{sign}".encode()) == [["a", "b"], [], ["1", "2"]]


@pytest.mark.parametrize("word", ["Заказ", "СУММА", "Вручен", "№ 5 Ёлка", "ООО", "Да"])
@pytest.mark.parametrize("encoding", ["cp1251", "cp866"])
def test_a_few_russian_letters_are_enough(word: str, encoding: str) -> None:
    if encoding == "cp866" and word in {"ООО", "Да"}:
        pytest.skip("two or three letters are too few to tell cp866; cp1251 is the usual one")
    assert rows_of(f"a;b\n{word};1\n".encode(encoding))[1][0] == word


def test_damaged_utf8_is_not_taken_for_another_encoding() -> None:
    data = bytearray("Номер заказа;Сумма;Статус\n1;2;Вручен\n".encode())
    data[3] = 0xFF
    with pytest.raises(Refusal, match="повреждён"):
        read(bytes(data), "x")


@pytest.mark.parametrize("cut", ["A-1", "A-104", "A-104;5", "A-104;50;"])
def test_a_last_row_that_is_cut_is_not_read_as_a_short_one(cut: str) -> None:
    whole = "Заказ;Сумма;Статус;Дата\n" + "A-101;50,00;Вручен;01.11.2026\n" * 3
    with pytest.raises(Refusal, match="обрывается посередине") as refused:
        read(f"{whole}{cut}".encode(), "x")
    assert refused.value.line_no == 5


@pytest.mark.parametrize(
    "last", ["Итого;150,00", "Всего 3 заказа", "A-104;50,00;Вручен;02.11.2026"]
)
def test_a_total_or_a_whole_row_without_a_line_end_is_no_cut(last: str) -> None:
    whole = "Заказ;Сумма;Статус;Дата\n" + "A-101;50,00;Вручен;01.11.2026\n" * 3
    assert rows_of(f"{whole}{last}".encode())[-1] == last.split(";")


def test_a_million_rows_are_taken_and_one_more_is_not() -> None:
    line = b"1;2\n"
    assert len(rows_of(line * MAX_ROWS)) == MAX_ROWS
    with pytest.raises(Refusal, match="строк"):
        read(line * (MAX_ROWS + 1), "x")
