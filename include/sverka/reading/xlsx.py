"""The parts of an XLSX: which sheet lies where, and which styles show leading zeros."""

import posixpath
import re
import zipfile
from xml.etree.ElementTree import Element, ParseError

from defusedxml.ElementTree import fromstring

from sverka.errors import Refusal
from sverka.reading import archives
from sverka.reading.facts import SheetFacts
from sverka.reading.formats import padded_to
from sverka.reading.limits import MEGABYTE, Allowance
from sverka.reading.sheets import sheet_facts
from sverka.reading.xmls import local

_SMALL = 16 * MEGABYTE
"""Bytes of the XML that lists sheets and styles."""
_MAX_STRINGS = 12_000_000
_FOLDER = "xl/"


def facts_of(archive: zipfile.ZipFile, allowance: Allowance) -> list[SheetFacts | None]:
    """The facts of each sheet in the workbook's order; None for a chart or a macro sheet.

    Raises:
        Refusal: a sheet that would not fit into memory, entities in the XML, or a broken workbook.
    """
    _hold_start(archive)
    book = _xml(archive, "xl/workbook.xml")
    targets = {
        relation.get("Id"): relation.get("Target", "")
        for relation in _xml(archive, "xl/_rels/workbook.xml.rels")
    }
    padded = _padded_styles(archive)
    _hold_strings(archive)
    sheets = [one for one in book.iter() if local(one.tag) == "sheet"]
    paths = [part_path(targets.get(_relation(sheet)) or "") for sheet in sheets]
    hold_once(paths)
    return [
        _facts(archive, path, sheet.get("name", ""), padded, allowance)
        for sheet, path in zip(sheets, paths, strict=True)
    ]


def hold_once(paths: list[str]) -> None:
    """Refuses a workbook that shows one part as several sheets: it would be read again and again."""
    if len({path.lower() for path in paths}) < len(paths):
        raise broken()


def _hold_start(archive: zipfile.ZipFile) -> None:
    """The reader follows this list to the workbook, so it must be the one that is looked at here."""
    for relation in _xml(archive, "_rels/.rels"):
        target = relation.get("Target", "").lstrip("/").lower()
        if relation.get("Type", "").endswith("/officeDocument") and target != "xl/workbook.xml":
            raise broken()


def _facts(
    archive: zipfile.ZipFile, path: str, name: str, padded: dict[int, int], allowance: Allowance
) -> SheetFacts | None:
    part = part_of(archive, path)
    if part is None or "worksheets/" not in part.lower():
        return None
    facts = sheet_facts(archives.pieces(archive, part), name, padded)
    allowance.take_area(facts.rows, facts.columns, name)
    return facts


def _relation(sheet: Element) -> str | None:
    return next((value for key, value in sheet.attrib.items() if key.endswith("}id")), None)


def part_path(target: str) -> str:
    """The path of a part in the archive from the target of a relation."""
    if target.startswith("/"):
        return target.lstrip("/")
    if target.startswith(_FOLDER):
        return target
    return posixpath.normpath(_FOLDER + target)


def part_of(archive: zipfile.ZipFile, path: str) -> str | None:
    """The member with this path; letter case does not count, as in Excel."""
    if path in archive.NameToInfo:
        return path
    folded = path.lower()
    return next((name for name in archive.NameToInfo if name.lower() == folded), None)


def _xml(archive: zipfile.ZipFile, path: str) -> Element:
    part = part_of(archive, path)
    if part is None or archive.getinfo(part).file_size > _SMALL:
        raise broken()
    try:
        found: Element = fromstring(archives.unpacked(archive, part), forbid_dtd=True)
    except (ParseError, ValueError, LookupError) as error:
        raise broken() from error
    return found


def _padded_styles(archive: zipfile.ZipFile) -> dict[int, int]:
    """The numbers of styles like `00000`, and how many digits they show.

    Broken styles are no reason to refuse a file: what they would show stays unknown.
    """
    part = part_of(archive, "xl/styles.xml")
    if part is None or archive.getinfo(part).file_size > _SMALL:
        return {}
    data = archives.unpacked(archive, part)
    if not re.search(rb"""formatCode\s*=\s*["'](?:&quot;)?00""", data):
        return {}
    try:
        styles = fromstring(data, forbid_dtd=True)
    except (ParseError, ValueError, LookupError):
        return {}
    formats = {
        one.get("numFmtId"): padded_to(one.get("formatCode", ""))
        for one in styles.iter()
        if local(one.tag) == "numFmt"
    }
    cells = next((one for one in styles if local(one.tag) == "cellXfs"), ())
    by_style = {number: formats.get(style.get("numFmtId")) for number, style in enumerate(cells)}
    return {number: digits for number, digits in by_style.items() if digits}


def _hold_strings(archive: zipfile.ZipFile) -> None:
    part = part_of(archive, "xl/sharedStrings.xml")
    if part is None:
        return
    strings = sum(
        len(re.findall(rb"<(?:\w+:)?si[\s/>]", one)) for one in archives.pieces(archive, part)
    )
    if strings > _MAX_STRINGS:
        raise Refusal(
            "в книге слишком много разных текстов, так отчёты не выглядят. Запросите у курьера более "
            "короткий период."
        )


def broken() -> Refusal:
    """The refusal of a workbook that does not open."""
    return Refusal(
        "таблица повреждена или скачалась не до конца: Excel-файл не открывается. "
        "Скачайте отчёт ещё раз; если он открывается у вас в Excel, сохраните его как XLSX."
    )
