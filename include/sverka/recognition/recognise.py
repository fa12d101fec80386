"""Which schema fits the file, and whose report it is."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from sverka.couriers import Courier, Couriers
from sverka.errors import NeedsMapping, Refusal
from sverka.reading.raw import RawFile, RawTable
from sverka.recognition.schema import Schema, TableLayout
from sverka.recognition.schemas import Schemas
from sverka.recognition.tables import (
    ASK_ENGINEER,
    LocatedTable,
    candidates,
    likely_header,
    locate,
    matched,
    one_line,
)
from sverka.recognition.texts import folded, header_key
from sverka.recognition.trees import LocatedReport, error_in, lacking, locate_reports

_AMOUNT = re.compile(r"[1-9]")
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
        NeedsMapping: there is a table, but no schema knows its columns or its unit of money.
        Refusal: no table at all, or several schemas fit.
    """
    found = fitting(raw, schemas)
    if len(found) > 1:
        names = ", ".join(f"«{one.schema.title}»" for one in found)
        raise Refusal(f"файл подходит сразу к нескольким раскладкам: {names}. {ASK_ENGINEER}")
    if not found:
        raise _unknown(raw, schemas)
    only = found[0]
    if _is_generic(only.schema):
        _hold_to_rubles(only, schemas)
        _hold_other_money(only, schemas)
        _hold_other_tables(raw, only)
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


def _hold_to_rubles(found: Recognised, schemas: Schemas) -> None:
    """A layout of nobody in particular says nothing of units, so what the titles say counts."""
    for located in found.tables:
        for title in title_texts(located):
            words = [word for word in schemas.vocabulary.not_rubles if word in folded(title)]
            if words:
                raise NeedsMapping(
                    f"над таблицей написано «{one_line(title)}», а такие таблицы читаются в рублях: "
                    f"суммы оказались бы неверными. {ASK_ENGINEER}",
                    sheet=located.table.sheet,
                )


def _hold_other_money(found: Recognised, schemas: Schemas) -> None:
    """A fee under an unknown name would be missing from the costs, and nobody would notice."""
    for located in found.tables:
        known = set(located.columns.values())
        for index, title in located.titles.items():
            if (
                index not in known
                and schemas.vocabulary.sounds_like_money(title)
                and _has_amounts(located, index)
            ):
                raise NeedsMapping(
                    "в этой колонке, похоже, деньги, но её название незнакомо: это удержание, услуга или "
                    f"что-то другое? Без ответа затраты вышли бы неверными. {ASK_ENGINEER}",
                    sheet=located.table.sheet,
                    line_no=located.table.first_line + located.header,
                    column=title,
                )


def _has_amounts(located: LocatedTable, index: int) -> bool:
    rows = located.table.rows[located.first :]
    return any(index < len(row) and _AMOUNT.search(row[index] or "") for row in rows)


def _hold_other_tables(raw: RawFile, found: Recognised) -> None:
    """Beside a register another table with orders may hold money too; it is not passed over."""
    schema = found.schema
    numbers = frozenset(
        key
        for field in ("order_ref", "track_ref")
        for name in schema.refs.get(field, ())
        for key in schema.columns[name].headers
    )
    read = {id(located.table) for located in found.tables}
    for table in raw.tables:
        header = None if id(table) in read else likely_header(table, numbers)
        if header and any(header_key(text) in numbers for text in header[1]):
            raise NeedsMapping(
                f"рядом с реестром лежит ещё одна таблица с заказами, её колонки незнакомы: "
                f"{_quoted(header[1][:15])}. Если в ней нет денег, удалите этот лист и положите файл "
                f"снова. Иначе: {ASK_ENGINEER[0].lower()}{ASK_ENGINEER[1:]}",
                sheet=table.sheet,
                line_no=table.first_line + header[0],
            )


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
        return _unknown_tree(raw, schemas)
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


def _unknown_tree(raw: RawFile, schemas: Schemas) -> Refusal:
    for schema in schemas:
        if isinstance(schema.layout, TableLayout):
            continue
        if lost := lacking(raw, schema):
            return NeedsMapping(
                f"похоже на «{schema.title}», но поля изменились. Не хватает: {_quoted(lost)}. "
                f"{ASK_ENGINEER}"
            )
    if error := error_in(raw.tree):
        return Refusal(
            f"курьер вместо отчёта вернул ошибку: {error}. Денег в файле не видно; скачайте отчёт ещё раз."
        )
    keys = list(raw.tree) if isinstance(raw.tree, dict) else ["список"]
    return Refusal(
        f"этот {raw.container.upper()} не похож ни на один известный отчёт (в корне: "
        f"{_quoted([str(key) for key in keys[:5]])}). Проверьте, что это отчёт о деньгах, а не о статусах "
        "или возвратах; если да, скачайте его в Excel (XLSX) или CSV."
    )


def _unmapped(table: RawTable, header: tuple[int, list[str]]) -> NeedsMapping:
    index, texts = header
    return NeedsMapping(
        f"такую таблицу Сверка видит впервые. Найдены колонки: {_quoted(texts[:30])}. Если это отчёт "
        "курьера, нужно один раз указать, в какой колонке номер заказа, в какой принято с покупателя и "
        f"в какой к перечислению. {ASK_ENGINEER} Прайс-лист, счёт или выписку уберите: денег курьера в "
        "них нет.",
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
        f"Не хватает: {_quoted(missing)}. Незнакомые: {_quoted(new[:15]) or 'нет'}. {ASK_ENGINEER}",
        sheet=table.sheet,
        line_no=table.first_line + header,
    )


def _quoted(texts: list[str]) -> str:
    return ", ".join(f"«{text}»" for text in texts)
