"""What a ZIP is: a workbook in disguise, a document, or an archive with reports."""

import zipfile
from collections.abc import Callable
from dataclasses import replace

from sverka.errors import Refusal
from sverka.reading import archives, xlsb, xlsx
from sverka.reading.foreign import ForeignFile, document_inside
from sverka.reading.limits import Allowance
from sverka.reading.ods import read_ods
from sverka.reading.raw import RawFile, RawTable
from sverka.reading.workbooks import has_text, read_workbook

ReadMember = Callable[[bytes, str], RawFile]


def read_zip(
    data: bytes, name: str, head: int | None, allowance: Allowance, read_member: ReadMember
) -> RawFile:
    """A workbook, or the reports of an archive, each read by `read_member`.

    Raises:
        Refusal: a document that is no report, or see `archives.opened`.
    """
    with archives.opened(data, allowance) as archive:
        inside = set(archive.namelist())
        parts = {part.lower() for part in inside}
        if "xl/workbook.xml" in parts:
            facts = xlsx.facts_of(archive, allowance)
            return RawFile(name, "xlsx", read_workbook(data, facts, head))
        if "xl/workbook.bin" in parts:
            facts = xlsb.facts_of(archive, allowance)
            return RawFile(name, "xlsb", read_workbook(data, facts, head))
        if "content.xml" in inside and "mimetype" in inside:
            return RawFile(name, "ods", _opendocument(archive, head, allowance))
        if (document := document_inside(inside)) is not None:
            raise ForeignFile(document)
        return _read_archive(archive, name, read_member)


def _opendocument(
    archive: zipfile.ZipFile, head: int | None, allowance: Allowance
) -> tuple[RawTable, ...]:
    kind = archives.unpacked(archive, "mimetype")[:200]
    if b"opendocument" in kind and b"spreadsheet" not in kind:
        raise Refusal(
            "это текстовый документ или презентация OpenOffice. Нужен отчёт в Excel (XLSX) или CSV."
        )
    return read_ods(archive, head, allowance)


def _read_archive(archive: zipfile.ZipFile, name: str, read_member: ReadMember) -> RawFile:
    names = archives.members(archive)
    if not names:
        raise Refusal(
            "архив пустой: в нём нет ни одного файла с данными. Скачайте отчёт у курьера ещё раз."
        )
    reports: list[RawFile] = []
    beside: list[tuple[str, Refusal | None]] = []
    for member in names:
        shown = archives.shown(member)
        try:
            read = read_member(archives.unpacked(archive, member), shown)
        except Refusal as refusal:
            if not (isinstance(refusal, ForeignFile) and refusal.companion):
                raise _of_member(shown, refusal) from refusal
            beside.append((shown, refusal))
            continue
        if _is_note(read):
            beside.append((shown, None))
        else:
            reports.append(read)
    return _together(name, reports, beside)


def _of_member(member: str, refusal: Refusal) -> Refusal:
    return Refusal(f"в архиве файл «{member}»: {refusal.where_and_why()}")


def _is_note(read: RawFile) -> bool:
    """A text without columns, like a readme. A header without rows is a report without operations."""
    if read.container != "csv" or not has_text(read.tables[0]):
        return False
    rows = [[cell for cell in row if cell] for row in read.tables[0].rows]
    return all(len(row) < 2 or _is_prose(row) for row in rows)


def _is_prose(row: list[str]) -> bool:
    """A sentence that its commas have parted."""
    return row[-1].rstrip().endswith((".", "!", "?")) and all(cell[0] == " " for cell in row[1:])


def _together(
    name: str, reports: list[RawFile], beside: list[tuple[str, Refusal | None]]
) -> RawFile:
    if not reports:
        member, refusal = beside[0]
        raise _of_member(
            member,
            refusal
            or Refusal("это текст без таблицы, а не отчёт. Нужен отчёт в Excel (XLSX) или CSV."),
        )
    others = (*(member for member, _ in beside), *(one for read in reports for one in read.beside))
    if len(reports) == 1 and reports[0].tree is not None:
        return RawFile(name, reports[0].container, tree=reports[0].tree, beside=others)
    if any(read.tree is not None for read in reports):
        raise Refusal(
            "в архиве лежат вместе разные отчёты (XML, JSON или выписка банка). Распакуйте его и "
            "положите каждый отдельным файлом."
        )
    tables = tuple(
        _named(read, table, alone=len(reports) == 1) for read in reports for table in read.tables
    )
    return RawFile(name, "zip", tables, beside=others)


def _named(member: RawFile, table: RawTable, *, alone: bool) -> RawTable:
    """The place a person has to open: the member of the archive, and the sheet within it."""
    if table.sheet is None:
        return replace(table, sheet=member.name)
    return table if alone else replace(table, sheet=f"{member.name} / {table.sheet}")
