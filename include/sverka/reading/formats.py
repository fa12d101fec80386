"""Cells as text: numbers as Excel shows them, dates in ISO form."""

import html
import re
from datetime import date, datetime, time, timedelta

_MIDNIGHT = time()
_PADDED = re.compile(r"0{2,20}")
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d{1,4})?", re.ASCII)
_TWICE = re.compile(r"&(?:quot|amp|lt|gt|apos|nbsp|laquo|raquo|#\d{1,6}|#x[0-9a-fA-F]{1,5});")
ERRORS = {
    0x00: "#NULL!",
    0x07: "#DIV/0!",
    0x0F: "#VALUE!",
    0x17: "#REF!",
    0x1D: "#NAME?",
    0x24: "#NUM!",
    0x2A: "#N/A",
}
"""[MS-XLS] 2.5.10 and [MS-XLSB] 2.5.97.2: the codes of error cells."""


def cell_text(cell: object) -> str | None:
    """The cell as text: numbers as Excel shows them, dates in ISO form, None for an empty one.

    Excel computes in binary doubles and shows at most 15 significant digits, so 1234.56 may lie in
    the file as 1234.5600000000001. Fifteen digits give the number back that its author saw; an
    integer of up to 15 digits is exact. What needs more digits comes in E-notation, and the money
    and id parsers refuse that. Some exporters escape `"` and `&` twice; the second time is undone.
    """
    if type(cell) is float:  # half of all cells, and no bool
        return f"{cell:.15g}"
    if isinstance(cell, str):
        return (unescaped(cell) if "&" in cell else cell) or None
    if isinstance(cell, bool):
        return "ИСТИНА" if cell else "ЛОЖЬ"
    if isinstance(cell, float | int):
        return f"{cell:.15g}"
    return None if cell is None else _moment_text(cell)


def _moment_text(cell: object) -> str:
    if isinstance(cell, datetime):
        return (cell.date() if cell.time() == _MIDNIGHT else cell).isoformat()
    if isinstance(cell, date | time):
        return cell.isoformat()
    return _hours(cell) if isinstance(cell, timedelta) else str(cell)


def _hours(duration: timedelta) -> str:
    minutes, seconds = divmod(round(duration.total_seconds()), 60)
    return f"{minutes // 60}:{minutes % 60:02}:{seconds:02}"


def number_text(text: str) -> str:
    """A number of a file as the same number of a workbook is shown; another text stays as it is.

    Digits that are written out stay: an account of 20 digits is not rounded.
    """
    bare = text.strip()
    if not _NUMBER.fullmatch(bare):
        return text
    significant = len(bare.lstrip("-+0.").replace(".", ""))
    if "e" not in bare.lower() and (significant <= 15 or "." not in bare):
        return bare.rstrip("0").rstrip(".") if "." in bare else bare
    return f"{float(bare):.15g}"


def unescaped(text: str) -> str:
    """The text with named and numbered HTML entities turned into their signs, once."""
    return _TWICE.sub(lambda found: html.unescape(found[0]), text)


def padded_to(number_format: str) -> int | None:
    """The digits of a format like `00000`, which shows 42 as 00042; None for any other."""
    bare = number_format.partition(";")[0].strip().strip('"')
    return len(bare) if _PADDED.fullmatch(bare) else None
