"""Which schema fits the file, and whose report it is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sverka.couriers import Courier, Couriers
from sverka.errors import NeedsMapping, Refusal
from sverka.reading.raw import RawFile, RawTable
from sverka.recognition.schema import Schema, TableLayout
from sverka.recognition.schemas import Schemas
from sverka.recognition.tables import (
    LocatedTable,
    candidates,
    likely_header,
    locate,
    matched,
    one_line,
)
from sverka.recognition.trees import LocatedReport, locate_reports

_NEARLY = 0.6
"""With this share of its columns a file is a known layout that has changed, not an unknown one."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The schema that fits, the courier (None: named nowhere), the places found."""

    schema: Schema
    courier: Courier | None
    tables: tuple[LocatedTable, ...] = ()
    reports: tuple[LocatedReport, ...] = ()


def recognise(raw: RawFile, schemas: Schemas, couriers: Couriers) -> Recognised:
    """The one layout of this file.

    Raises:
        NeedsMapping: there is a table, but no schema knows its columns.
        Refusal: no table at all, or several schemas fit.
    """
    found = fitting(raw, schemas)
    if len(found) > 1:
        names = ", ".join(f"«{one.schema.title}»" for one in found)
        raise Refusal(f"файл подходит сразу к нескольким схемам: {names}. Оставьте одну из них.")
    if not found:
        raise _unknown(raw, schemas)
    only = found[0]
    return replace(only, courier=_courier(only, raw.name, couriers))


def fitting(raw: RawFile, schemas: Iterable[Schema]) -> list[Recognised]:
    """All layouts that fit; a generic one counts only when no other fits."""
    found = [one for schema in schemas if (one := fits(raw, schema)) is not None]
    special = [one for one in found if not _is_generic(one.schema)]
    return special or found


def fits(raw: RawFile, schema: Schema) -> Recognised | None:
    """The places of this schema in the file, or None. The courier is not looked for yet."""
    if isinstance(schema.layout, TableLayout):
        located = [at for table in raw.tables if (at := locate(table, schema)) is not None]
        return Recognised(schema, None, tables=tuple(located)) if located else None
    reports = locate_reports(raw, schema)
    if reports is None:
        return None
    return Recognised(schema, None, reports=tuple(reports))


def _is_generic(schema: Schema) -> bool:
    return isinstance(schema.layout, TableLayout) and schema.layout.generic


def _courier(found: Recognised, file_name: str, couriers: Couriers) -> Courier | None:
    """Named by the layout itself, above the table or by the sheet, else by the file's name."""
    if found.schema.courier is not None:
        return couriers.get(found.schema.courier)
    texts = [text for located in found.tables for text in title_texts(located)]
    return couriers.named_in(texts) or couriers.named_in([file_name.replace("_", " ")])


def title_texts(located: LocatedTable) -> list[str]:
    """The sheet's name and the rows above the header, each as one text."""
    rows = located.table.rows[: located.header]
    titles = [" ".join(cell for cell in row if cell) for row in rows]
    return [located.table.sheet or "", *(text for text in titles if text)]


def _unknown(raw: RawFile, schemas: Schemas) -> Refusal:
    if raw.tree is not None:
        keys = list(raw.tree) if isinstance(raw.tree, dict) else ["список"]
        named = ", ".join(f"«{key}»" for key in keys[:5])
        return Refusal(
            f"этот {raw.container.upper()} не похож ни на один известный отчёт (в корне: {named}). "
            "Проверьте, что это отчёт о деньгах, а не о статусах или возвратах."
        )
    headers = [
        (table, header)
        for table in raw.tables
        if (header := likely_header(table, schemas.vocabulary.known_headers))
    ]
    if not headers:
        return Refusal(
            "в файле не нашлось таблицы с заголовками колонок. "
            "Проверьте, что это отчёт курьера и что он скачался целиком."
        )
    return _changed(raw.tables, schemas) or _unmapped(*headers[0])


def _unmapped(table: RawTable, header: tuple[int, list[str]]) -> NeedsMapping:
    index, texts = header
    named = ", ".join(f"«{text}»" for text in texts[:30])
    return NeedsMapping(
        f"такую таблицу Сверка видит впервые. Найдены колонки: {named}. "
        "Нужно один раз указать, что в них значит номер заказа, деньги получателя и сумма к перечислению.",
        sheet=table.sheet,
        line_no=table.first_line + index,
    )


def _changed(tables: tuple[RawTable, ...], schemas: Schemas) -> NeedsMapping | None:
    """A known layout that lost a column: the difference is shown, nothing is half-loaded."""
    for schema in schemas:
        if _is_generic(schema) or not isinstance(schema.layout, TableLayout):
            continue
        for table in tables:
            for candidate in candidates(table):
                found = matched(candidate, schema)
                if len(found) >= _NEARLY * len(schema.columns):
                    return _difference(schema, table, candidate.header, found, candidate.texts)
    return None


def _difference(
    schema: Schema,
    table: RawTable,
    header: int,
    found: dict[str, list[int]],
    texts: list[str],
) -> NeedsMapping:
    missing = [
        schema.columns[name].headers[0]
        for group in schema.layout.require
        if not any(name in found for name in group)
        for name in group
    ]
    taken = {index for indexes in found.values() for index in indexes}
    new = [one_line(text) for index, text in enumerate(texts) if text and index not in taken]
    return NeedsMapping(
        f"похоже на «{schema.title}», но колонки изменились. "
        f"Не хватает: {_quoted(missing)}. Незнакомые: {_quoted(new[:15]) or 'нет'}. "
        "Проверьте, как колонка называется теперь, и добавьте её имя в схему.",
        sheet=table.sheet,
        line_no=table.first_line + header,
    )


def _quoted(texts: list[str]) -> str:
    return ", ".join(f"«{text}»" for text in texts)
