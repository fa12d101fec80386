"""`read`: bytes to a RawFile, by content."""

import re
import zipfile
from xml.etree.ElementTree import ParseError

from defusedxml.ElementTree import fromstring

from sverka.errors import Refusal
from sverka.reading import archives, limits
from sverka.reading.delimited import read_delimited
from sverka.reading.raw import RawFile, RawTable
from sverka.reading.sheets import area
from sverka.reading.sniff import container_of
from sverka.reading.trees import read_json, read_xml
from sverka.reading.workbooks import encrypted, read_workbook

_WORKBOOKS = {"xl/workbook.xml": "xlsx", "xl/workbook.bin": "xlsb"}
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


def read(data: bytes, name: str, *, head: int | None = None) -> RawFile:
    """The tables or the tree of a file; the container is told by content, never by name.

    `head` limits every table to its first rows, for a quick look.

    Raises:
        Refusal: what the file is instead of a report and what to do, in Russian.
    """
    return _read(data, name, head, archives_above=0)


def _read(data: bytes, name: str, head: int | None, archives_above: int) -> RawFile:
    limits.hold_size(len(data))
    match container_of(data):
        case "zip":
            return _read_zip(data, name, head, archives_above)
        case "ole":
            if _ENCRYPTED_PACKAGE in data:
                raise encrypted()
            return RawFile(name, "xls", tables=read_workbook(data, head=head))
        case "xml":
            return RawFile(name, "xml", tree=read_xml(data))
        case "json":
            return RawFile(name, "json", tree=read_json(data))
        case _:
            return RawFile(name, "csv", tables=(read_delimited(data, None, head),))


def _read_zip(data: bytes, name: str, head: int | None, archives_above: int) -> RawFile:
    with archives.opened(data) as archive:
        inside = set(archive.namelist())
        for part, container in _WORKBOOKS.items():
            if part in inside:
                parts = _sheet_parts(archive) if container == "xlsx" else {}
                return RawFile(name, container, read_workbook(data, head=head, sheet_parts=parts))
        if "content.xml" in inside and "mimetype" in inside:
            return RawFile(name, "ods", read_workbook(data, head=head))
        if any(part.startswith(("word/", "ppt/")) for part in inside):
            raise Refusal("это документ Word или презентация. Нужен отчёт в Excel (XLSX) или CSV.")
        return _read_archive(archive, name, head, archives_above)


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, bytes]:
    """The XML of each sheet by the sheet's name; refuses sheets that would not fit into memory."""
    try:
        book = fromstring(archives.unpacked(archive, "xl/workbook.xml"))
        relations = fromstring(archives.unpacked(archive, "xl/_rels/workbook.xml.rels"))
    except (ParseError, KeyError, ValueError):
        return {}  # the reader itself will say that the workbook is broken
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    found: dict[str, bytes] = {}
    for sheet in book.iter():
        path = _part_path(targets.get(sheet.get(_RELATION), "")) if sheet.get("name") else ""
        if re.search(r"worksheets/", path) and path in archive.NameToInfo:
            sheet_xml = archives.unpacked(archive, path)
            limits.hold_area(*area(sheet_xml), sheet.get("name"))
            found[sheet.get("name", "")] = sheet_xml
    return found


def _part_path(target: str) -> str:
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def _read_archive(
    archive: zipfile.ZipFile, name: str, head: int | None, archives_above: int
) -> RawFile:
    names = archives.members(archive)
    if not names:
        raise Refusal(
            "архив пустой: в нём нет ни одного файла с данными. Скачайте отчёт у курьера ещё раз."
        )
    if archives_above + 1 > limits.MAX_ARCHIVES:
        raise Refusal("архив вложен в архив слишком глубоко. Распакуйте его и положите сам отчёт.")
    read_members = [_read_member(archive, member, head, archives_above + 1) for member in names]
    if len(read_members) == 1 and read_members[0].tree is not None:
        return RawFile(name, read_members[0].container, tree=read_members[0].tree)
    if any(member.tree is not None for member in read_members):
        raise Refusal(
            "в архиве лежат вместе разные отчёты (XML или JSON). Распакуйте его и положите каждый "
            "отдельным файлом."
        )
    tables = tuple(
        _named(member, table, alone=len(read_members) == 1)
        for member in read_members
        for table in member.tables
    )
    return RawFile(name, "zip", tables)


def _read_member(
    archive: zipfile.ZipFile, member: str, head: int | None, archives_above: int
) -> RawFile:
    try:
        return _read(archives.unpacked(archive, member), member, head, archives_above)
    except Refusal as refusal:
        raise Refusal(f"в архиве файл «{member}»: {refusal.where_and_why()}") from refusal


def _named(member: RawFile, table: RawTable, *, alone: bool) -> RawTable:
    """The place a person has to open: the member of the archive, and the sheet within it."""
    if table.sheet is None:
        sheet = member.name
    else:
        sheet = table.sheet if alone else f"{member.name} / {table.sheet}"
    return RawTable(sheet, table.rows, table.first_line)
