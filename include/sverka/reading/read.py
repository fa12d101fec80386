"""`read`: bytes to a RawFile, by content."""

from collections.abc import Callable
from functools import partial
from typing import Any

from sverka.errors import Refusal
from sverka.reading import biff, limits
from sverka.reading.delimited import read_delimited
from sverka.reading.exchange import read_exchange
from sverka.reading.jsons import read_json
from sverka.reading.limits import Allowance
from sverka.reading.ole import workbook_stream
from sverka.reading.packed import read_zip
from sverka.reading.raw import RawFile, RawTable
from sverka.reading.sniff import container_of
from sverka.reading.spreadsheetml import read_spreadsheetml
from sverka.reading.webpages import read_webpage
from sverka.reading.workbooks import read_workbook
from sverka.reading.xmls import read_xml


def read(data: bytes, name: str, *, head: int | None = None) -> RawFile:
    """The tables or the tree of a file; the container is told by content, never by name.

    `head` limits every table to its first rows, for a quick look.

    Raises:
        Refusal: what the file is instead of a report and what to do, in Russian.
    """
    try:
        return _read(data, name, head=head, allowance=Allowance(), archives_above=0)
    except (MemoryError, RecursionError) as error:
        raise Refusal(
            "файл не помещается в память. Разделите отчёт на части или запросите более короткий период."
        ) from error


def _read(
    data: bytes, name: str, *, head: int | None, allowance: Allowance, archives_above: int
) -> RawFile:
    limits.hold_size(len(data))
    container = container_of(data)
    if container == "zip":
        above = archives_above + 1
        member = partial(_member, head=head, allowance=allowance, archives_above=above)
        return read_zip(data, name, head, allowance, member)
    if container in _TREES:
        return RawFile(name, container, tree=_TREES[container](data))
    tables = _TABLES[container](data, head, allowance)
    return RawFile(name, container, tables)


def _member(
    data: bytes, name: str, *, head: int | None, allowance: Allowance, archives_above: int
) -> RawFile:
    if archives_above > limits.MAX_ARCHIVES:
        raise Refusal("архив вложен в архив слишком глубоко. Распакуйте его и положите сам отчёт.")
    return _read(data, name, head=head, allowance=allowance, archives_above=archives_above)


def _read_xls(data: bytes, head: int | None, allowance: Allowance) -> tuple[RawTable, ...]:
    return read_workbook(data, biff.facts_of(workbook_stream(data), allowance), head)


_TREES: dict[str, Callable[[bytes], Any]] = {
    "1c": read_exchange,
    "xml": read_xml,
    "json": read_json,
}
_TABLES: dict[str, Callable[[bytes, int | None, Allowance], tuple[RawTable, ...]]] = {
    "xls": _read_xls,
    "html": read_webpage,
    "spreadsheetml": read_spreadsheetml,
    "csv": read_delimited,
}
