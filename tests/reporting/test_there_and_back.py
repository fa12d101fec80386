"""The workbook comes back: published, filled in by a person, dropped into the inbox, applied."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sverka.database.connection import Connection
from sverka.discrepancies import Filter, State, open_ones
from sverka.discrepancies.door import take
from sverka.discrepancies.workbook import Said, holds_decisions, read_decisions
from sverka.reading.read import read
from sverka.reporting import publish
from sverka.services import Services
from sverka.texts import Language, Texts
from tests.support.rows import DAY, NOON, a_discrepant_line, a_file, a_report, rows_add_up


@pytest.fixture
def published(conn: Connection, services: Services, tmp_path: Path) -> Path:
    """The workbook of a day with three discrepancies, as a person saved it to a disk."""
    report_id = a_report(conn, a_file(conn))
    a_discrepant_line(conn, report_id, "underpaid", order="=1001", collected=90, expected=100)
    a_discrepant_line(conn, report_id, "unknown_order", order="1002", collected=70000)
    a_discrepant_line(conn, report_id, "not_shipped", order="1003", collected=500)
    rows_add_up(conn)
    conn.commit()
    publish(services, DAY)
    path = tmp_path / "мой отчёт.xlsx"
    path.write_bytes(services.storage.read("reports/2026-11-20/otchet.xlsx"))
    return path


def load_workbook(path: Path) -> Any:
    import openpyxl

    return openpyxl.load_workbook(path)


def fill_in(path: Path, decisions: dict[str, tuple[str | None, str | None]]) -> None:
    """Writes decisions beside orders, as Excel does: everything else stays as it was."""
    book = load_workbook(path)
    sheet = book["Расхождения"]
    heads = {cell.value: cell.column for cell in sheet[2]}
    for row in range(3, sheet.max_row + 1):
        said = decisions.get(sheet.cell(row, heads["Заказ"]).value)
        if said:
            sheet.cell(row, heads["Решение"]).value = said[0]
            sheet.cell(row, heads["Комментарий"]).value = said[1]
    book.save(path)


def test_what_a_person_writes_is_read_back(published: Path) -> None:
    decisions = {
        "1002": ("принять убыток", "Не найдём"),
        "=1001": ("объяснено", "Доплатят в декабре"),
    }
    fill_in(published, decisions)
    raw = read(published.read_bytes(), published.name)
    assert holds_decisions(raw)
    said = list(read_decisions(raw, Texts()))
    assert all(isinstance(one, Said) for one in said)
    assert [(one.action, one.comment) for one in said if isinstance(one, Said)] == [
        ("accept_loss", "Не найдём"),
        ("explain", "Доплатят в декабре"),
    ]
    assert said[0].place.sheet == "Расхождения"


def test_an_untouched_workbook_decides_nothing(published: Path) -> None:
    raw = read(published.read_bytes(), published.name)
    assert holds_decisions(raw)
    assert list(read_decisions(raw, Texts())) == []


def test_the_decisions_are_applied_and_the_next_report_shows_them(
    published: Path, conn: Connection, services: Services
) -> None:
    fill_in(published, {"1002": ("решено", "Нашли"), "1003": ("объяснено", "Отгрузим завтра")})
    file_id = a_file(conn, "мой отчёт.xlsx")
    take(conn, file_id, "мой отчёт.xlsx", read(published.read_bytes(), published.name), NOON)
    conn.commit()
    standing = {one.order: one.state for one in open_ones(conn, Filter(), NOON).items}
    assert standing == {"1003": State.EXPLAINED, "=1001": State.OPEN}
    publish(services, DAY)
    page = services.storage.read("reports/2026-11-20/otchet.html").decode()
    assert "Отгрузим завтра" in page
    assert "Заказ 1002" not in page


def test_the_english_workbook_comes_back_too(
    published: Path, conn: Connection, services: Services, tmp_path: Path
) -> None:
    english = replace(services, settings=replace(services.settings, language=Language.ENGLISH))
    publish(english, DAY)
    path = tmp_path / "report.xlsx"
    path.write_bytes(services.storage.read("reports/2026-11-20/otchet.xlsx"))
    book = load_workbook(path)
    sheet = book.worksheets[1]
    heads = {cell.value: cell.column for cell in sheet[2]}
    sheet.cell(3, heads["Decision"]).value = "accept the loss"
    book.save(path)
    said = list(read_decisions(read(path.read_bytes(), path.name), Texts(Language.ENGLISH)))
    assert [getattr(one, "action", None) for one in said] == ["accept_loss"]
