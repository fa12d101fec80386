"""HTML pages with tables, often saved by web cabinets and by 1C under the name `.xls`."""

import re
from typing import TYPE_CHECKING

from sverka.errors import Refusal
from sverka.reading.grids import BLOCKS, SILENT, Grid, block_texts, grid_of, is_layout
from sverka.reading.limits import Allowance, hold_nodes
from sverka.reading.raw import RawTable
from sverka.reading.texts import decoded, encoding_of

if TYPE_CHECKING:
    from lxml.etree import _Element

_CHARSET = re.compile(rb"""charset\s*=\s*["']?([\w-]{3,20})""", re.IGNORECASE)
_ONE_BYTE = frozenset({"windows-1251", "cp1251", "cp866", "ibm866", "koi8-r", "iso-8859-5"})
_UNSEEN = re.compile(
    r"<!--.*?-->|<(script|style|textarea|title|noscript)\b.*?</\1\s*>", re.DOTALL | re.IGNORECASE
)
_CELL = re.compile(r"<t[dh][\s/>]", re.IGNORECASE)
_TABLE, _TABLE_END = (re.compile(rf"<{end}table[\s/>]", re.IGNORECASE) for end in ("", "/"))
_PASSWORD = re.compile(r"<input\b[^>]*type\s*=\s*[\"']?password", re.IGNORECASE)
_LEADING = 20
"""Text rows kept above a table: requisites; more are the menu of a site."""


def read_webpage(data: bytes, head: int | None, allowance: Allowance) -> tuple[RawTable, ...]:
    """The tables of a page. Texts and small tables above a table are its first rows.

    Raises:
        Refusal: cut off, no table with data, a login page, a frame of another file.
    """
    text = _text(data)
    hold_nodes(text.count("<") - text.count("</"))
    seen = _UNSEEN.sub("", text)
    root = _parsed(text)
    _hold_whole(seen, root)
    blocks = list(_blocks(root, allowance))
    kept = _kept([block for block in blocks if isinstance(block, Grid)])
    if not kept:
        raise _no_table(text)
    return tuple(_joined(blocks, kept, head))


def _text(data: bytes) -> str:
    """UTF-8 is told by its bytes; which one-byte encoding it is, the page says itself."""
    declared = _CHARSET.search(data[:8192])
    name = declared[1].decode("ascii").lower() if declared else ""
    if name in _ONE_BYTE and encoding_of(data) in {"cp1251", "cp866", "koi8-r"}:
        text = data.decode(name, "replace")
        if "\ufffd" not in text:
            return text
    return decoded(data)


def _parsed(text: str) -> "_Element":
    from lxml import etree

    parser = etree.HTMLParser(
        encoding="utf-8", no_network=True, remove_comments=True, remove_pis=True, huge_tree=False
    )
    try:
        root: _Element | None = etree.fromstring(text.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError) as error:
        raise _cut() from error
    if root is None:
        raise _cut()
    return root


def _hold_whole(seen: str, root: "_Element") -> None:
    """The parser mends what it gets; a page that it had to leave parts out of is refused."""
    if len(_TABLE.findall(seen)) != len(_TABLE_END.findall(seen)):
        raise _cut()
    if "<html" in seen[:8192].lower() and "</html" not in seen[-8192:].lower():
        raise _cut()
    cells = sum(1 for _ in root.iter("td", "th"))
    if cells < len(_CELL.findall(seen)):
        raise _cut()


def _blocks(root: "_Element", allowance: Allowance) -> "list[Grid | str]":
    """Texts and tables in the order of the page; tables that only lay out others are texts."""
    from lxml import etree

    found: list[Grid | str] = []
    texts: list[str] = []
    walk = etree.iterwalk(root, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start" and tag == "table" and not is_layout(element):
            found.extend(block_texts(texts))
            texts = []
            found.append(grid_of(element, allowance))
            walk.skip_subtree()
        elif event == "start" and tag in SILENT:
            walk.skip_subtree()
        else:
            _take_text(event, element, texts)
    return [*found, *block_texts(texts)]


def _take_text(event: str, element: "_Element", texts: list[str]) -> None:
    if element.tag in BLOCKS:
        texts.append("\n")
    if event == "start":
        texts.append(element.text if element.text and element.tag not in SILENT else "")
    elif element.tail:
        texts.append(element.tail)


def _kept(grids: list[Grid]) -> list[Grid]:
    """The tables that are a report's: of three columns and more, else of two."""
    for width in (3, 2):
        kept = [grid for grid in grids if len(grid.rows) > 1 and grid.width >= width]
        if kept:
            return kept
    return []


def _joined(blocks: "list[Grid | str]", kept: list[Grid], head: int | None) -> list[RawTable]:
    """One table for each kept one, with what stands above it; small tables below join the last."""
    tables: list[Grid] = []
    above = Grid()
    firsts: list[int] = []
    for block in blocks:
        if isinstance(block, str):
            above.rows.append([block])
        else:
            above.append(block)
            if any(block is one for one in kept):
                spare = max(0, len(above.rows) - len(block.rows) - _LEADING)
                firsts.append(1 + spare)
                tables.append(above.without(spare))
                above = Grid()
    for row in (row for row in above.rows if len(row) > 1):
        tables[-1].rows.append(row)
    names: list[str | None] = [None]
    if len(tables) > 1:
        names = [grid.caption or f"Таблица {number}" for number, grid in enumerate(tables, 1)]
    return [
        grid.as_table(name, first, head)
        for grid, name, first in zip(tables, names, firsts, strict=True)
    ]


def _no_table(text: str) -> Refusal:
    if _PASSWORD.search(text):
        return Refusal(
            "это страница входа в личный кабинет, а не отчёт: видимо, при скачивании закончился сеанс. "
            "Войдите в кабинет курьера и скачайте отчёт заново."
        )
    if "<frameset" in text.lower() or "x:worksheetsource" in text.lower():
        return Refusal(
            "это оглавление книги, сохранённой как веб-страница: сами листы остались в другой папке. "
            "Откройте её в Excel и сохраните как «Книга Excel (XLSX)»."
        )
    return Refusal(
        "это веб-страница (HTML), и таблицы с данными в ней нет. Войдите в кабинет курьера и скачайте "
        "отчёт в Excel (XLSX) или CSV."
    )


def _cut() -> Refusal:
    return Refusal(
        "веб-страница с таблицей обрывается посередине или повреждена. Скачайте отчёт у курьера ещё раз "
        "или откройте его в Excel и сохраните как «Книга Excel (XLSX)»."
    )
