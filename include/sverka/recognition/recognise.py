"""Which schema fits the file, and whose report it is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from sverka.couriers import Courier, Couriers
from sverka.errors import NeedsMapping, Refusal
from sverka.reading.flattened import flattened
from sverka.reading.raw import RawFile
from sverka.recognition import sheets
from sverka.recognition.asking import AnotherCourier, asked, changed, quoted, unmapped
from sverka.recognition.changes import drift_of, shown, unknown_columns
from sverka.recognition.currencies import currency_in
from sverka.recognition.fields import drift_of_reports
from sverka.recognition.nearest import Near, header_above, nearest
from sverka.recognition.schema import Schema, TableLayout, TreeLayout
from sverka.recognition.schemas import Schemas
from sverka.recognition.tables import (
    ASK_ENGINEER,
    Candidate,
    LocatedTable,
    candidates,
    likely_header,
    locate,
    one_line,
)
from sverka.recognition.tails import hold_cut
from sverka.recognition.texts import folded
from sverka.recognition.trees import LocatedReport, error_in, locate_reports, nearly

_TEXTS = ("csv", "zip")
_SURELY_NEAR = 0.75
"""A nameless register with this share of a learned layout's columns is that layout, changed."""


@dataclass(frozen=True, slots=True)
class Recognised:
    """The schema that fits, the courier (None: named nowhere), the places found.

    `notes` are Russian sentences about what was left aside without harm.
    """

    schema: Schema
    courier: Courier | None
    tables: tuple[LocatedTable, ...] = ()
    reports: tuple[LocatedReport, ...] = ()
    notes: tuple[str, ...] = ()


def recognise(raw: RawFile, schemas: Schemas, couriers: Couriers) -> Recognised:
    """The one layout of this file.

    Raises:
        NeedsMapping: there is a table, but no schema knows its columns or its unit of money; with
            `drift` when a known layout has changed.
        Refusal: no table at all, or several schemas fit.
    """
    found, trouble = _all_fitting(raw, schemas)
    special = [one for one in found if not _is_generic(one.schema)]
    own = [one for one in special if _other_courier(one, raw, couriers) is None]
    if len(own) > 1:
        own = _without_operations(own, raw) or _narrowed(own, raw, couriers)
    generic = [one for one in found if _is_generic(one.schema)]
    near = None if special else nearest(raw, schemas)
    if near is not None and (not generic or _is_its_own(near, generic[0], raw, couriers)):
        drift = drift_of(near.located, near.schema, schemas.vocabulary)
        if drift.holds:
            here = Recognised(near.schema, None, (near.located,))
            raise _of_another(here, raw, schemas, couriers) or changed(drift)
    only = own or generic
    if not only and (flat := _as_tables(raw, schemas)):
        return recognise(flat, schemas, couriers)
    if not only:
        raise _unfit(special, trouble, raw, schemas, couriers)
    try:
        _hold_changes(only[0], raw, schemas)
    except NeedsMapping as held:
        # A plain register only nearly fits: the layout that fits but for its courier is told.
        raise _whose_else(special, own, raw, schemas, couriers) or held from None
    notes = _notes(only[0])
    return replace(only[0], courier=_courier(only[0], raw.name, couriers), notes=notes)


def fitting(raw: RawFile, schemas: Iterable[Schema]) -> list[Recognised]:
    """All layouts that fit; a generic one counts only when no other fits."""
    found, _ = _all_fitting(raw, schemas)
    special = [one for one in found if not _is_generic(one.schema)]
    return special or found


def fits(
    raw: RawFile, schema: Schema, ready: list[list[Candidate]] | None = None
) -> Recognised | None:
    """The places of this schema in the file, or None. The courier is not looked for yet.

    `ready` are the candidates of each table when they are known already.
    """
    if isinstance(schema.layout, TableLayout):
        each = ready or [candidates(table) for table in raw.tables]
        located = [
            at
            for table, rows in zip(raw.tables, each, strict=True)
            if (at := locate(table, schema, rows)) is not None
        ]
        return Recognised(schema, None, tables=tuple(located)) if located else None
    reports = locate_reports(raw, schema)
    if reports is None:
        return None
    return Recognised(schema, None, reports=tuple(reports))


def _all_fitting(
    raw: RawFile, schemas: Iterable[Schema]
) -> tuple[list[Recognised], NeedsMapping | None]:
    """What fits, and the first trouble of a layout that would fit but for a part of its header."""
    ready = [candidates(table) for table in raw.tables]
    found, trouble = [], None
    for schema in schemas:
        try:
            one = fits(raw, schema, ready)
        except NeedsMapping as needs:
            trouble = trouble or needs
            continue
        if one is not None:
            found.append(one)
    return found, trouble


def _as_tables(raw: RawFile, schemas: Schemas) -> RawFile | None:
    """A tree as tables when a learned layout fits them: unknown trees are drafted as tables."""
    if raw.tree is None:
        return None
    flat = replace(raw, tree=None, tables=flattened(raw))
    learned = [schema for schema in schemas if _is_learned(schema)]
    return flat if fitting(flat, learned) else None


def _is_generic(schema: Schema) -> bool:
    return isinstance(schema.layout, TableLayout) and schema.layout.generic


def _is_learned(schema: Schema) -> bool:
    return schema.provenance.get("kind") == "learned"


def _without_operations(found: list[Recognised], raw: RawFile) -> list[Recognised]:
    """The layout of an answer that there is nothing: by its root, else the first; none has a line."""
    if any(one.tables or one.reports for one in found):
        return []
    root = next(iter(raw.tree), None) if isinstance(raw.tree, dict) else None
    named = [
        one
        for one in found
        if isinstance(one.schema.layout, TreeLayout)
        and any(path[0] == root for path in one.schema.layout.reports)
    ]
    return (named or found)[:1]


def _narrowed(found: list[Recognised], raw: RawFile, couriers: Couriers) -> list[Recognised]:
    """Of equal layouts of several couriers the one whose courier the file names.

    Raises:
        Refusal: the file does not say whose it is, or one courier has several such layouts.
    """
    named = [
        one
        for one in found
        if (who := _named(one, raw, couriers)) and who.code == one.schema.courier
    ]
    if len(named) == 1:
        return named
    names = ", ".join(f"«{one.schema.title}»" for one in found)
    raise Refusal(f"файл подходит сразу к нескольким раскладкам: {names}. {ASK_ENGINEER}")


def _named(found: Recognised, raw: RawFile, couriers: Couriers) -> Courier | None:
    """The courier that the titles name, else the file's name."""
    texts = [text for located in found.tables for text in title_texts(located)]
    return couriers.named_in(texts) or couriers.named_in([raw.name.replace("_", " ")])


def _other_courier(found: Recognised, raw: RawFile, couriers: Couriers) -> Courier | None:
    """Somebody else than the layout's own courier, when the file names one.

    The columns of a documented layout are its vendor's own, so the file's name proves nothing
    against them; a learned layout may be in words that other couriers use as well.
    """
    code = found.schema.courier
    if code is None or code not in couriers.by_code:
        return None
    texts = [text for located in found.tables for text in title_texts(located)]
    named = couriers.named_in(texts)
    if named is None and _is_learned(found.schema):
        named = couriers.named_in([raw.name.replace("_", " ")])
    return named if named is not None and named.code != code else None


def _is_its_own(near: Near, generic: Recognised, raw: RawFile, couriers: Couriers) -> bool:
    """True when a plain register is rather the changed layout that its courier is known to use."""
    named = _named(generic, raw, couriers)
    if named is None:
        return near.share >= _SURELY_NEAR and near.schema.courier is not None
    return named.code == near.schema.courier


def _unfit(
    special: list[Recognised],
    trouble: NeedsMapping | None,
    raw: RawFile,
    schemas: Schemas,
    couriers: Couriers,
) -> Refusal:
    another = _whose_else(special, [], raw, schemas, couriers)
    return another or trouble or _unknown(raw, schemas)


def _whose_else(
    special: list[Recognised],
    own: list[Recognised],
    raw: RawFile,
    schemas: Schemas,
    couriers: Couriers,
) -> NeedsMapping | None:
    """The question about the first layout that fits, when none fits with its courier as well."""
    return None if own or not special else _of_another(special[0], raw, schemas, couriers)


def _of_another(
    found: Recognised, raw: RawFile, schemas: Schemas, couriers: Couriers
) -> NeedsMapping | None:
    """The question whose report this is, when the file names somebody else than the layout does."""
    schema, other = found.schema, _other_courier(found, raw, couriers)
    if schema.courier is None or other is None:
        return None
    at = found.tables[0] if found.tables else None
    drift = drift_of(at, schema, schemas.vocabulary) if at else None
    changes = drift if drift and drift.holds else None
    return AnotherCourier(schema, couriers.get(schema.courier), other, at, changes)


def _hold_changes(found: Recognised, raw: RawFile, schemas: Schemas) -> None:
    """Everything about a layout that fits but is not as it was.

    Raises:
        NeedsMapping: with `drift` when the columns themselves changed.
    """
    for located in found.tables:
        if raw.container in _TEXTS:
            hold_cut(located, found.schema)
        _hold_to_unit(located, found.schema, schemas)
        first = header_above(located, found.schema) or located
        drift = drift_of(first, found.schema, schemas.vocabulary)
        if drift.holds or first is not located:
            raise changed(drift)
    # A bank fills other keys for each kind of document; the balances prove what was read.
    if found.reports and found.schema.movement is None:
        drift = drift_of_reports(found.reports, found.schema, schemas.vocabulary)
        if drift.holds:
            raise changed(drift)
    if found.tables:
        sheets.hold_other(raw, found.schema, found.tables, schemas.vocabulary)


def _hold_to_unit(located: LocatedTable, schema: Schema, schemas: Schemas) -> None:
    """What the titles say of the unit counts, whatever the layout says."""
    if schema.in_kopecks:
        return
    words = [w for w in schemas.vocabulary.not_rubles if currency_in(w) != schema.currency]
    for title in title_texts(located):
        if any(word in folded(title) for word in words):
            raise asked(
                f"над таблицей написано «{one_line(title)}», а такие таблицы читаются в рублях: суммы "
                "оказались бы неверными",
                located,
            )


def _notes(found: Recognised) -> tuple[str, ...]:
    """The unknown columns that hold no amounts."""
    names = {
        shown(one): None
        for located in found.tables
        for one in unknown_columns(located, found.schema)
        if one.title
    }
    if not names or _is_generic(found.schema):
        return ()
    return (f"не прочитаны незнакомые колонки без сумм: {quoted(list(names)[:15])}",)


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
    for table in raw.tables:
        if header := likely_header(table, schemas.vocabulary.known_headers):
            return unmapped(table, header)
    return Refusal(
        "в файле не нашлось таблицы с заголовками колонок. "
        "Проверьте, что это отчёт курьера и что он скачался целиком."
    )


def _unknown_tree(raw: RawFile, schemas: Schemas) -> Refusal:
    for schema in schemas:
        if isinstance(schema.layout, TableLayout):
            continue
        if reports := nearly(raw, schema):
            return changed(drift_of_reports(reports, schema, schemas.vocabulary))
    if error := error_in(raw.tree):
        return Refusal(
            f"курьер вместо отчёта вернул ошибку: {error}. Денег в файле не видно; скачайте отчёт ещё раз."
        )
    keys = list(raw.tree) if isinstance(raw.tree, dict) else ["список"]
    # Records of some kind can be drafted; whether they are money is seen there.
    kind = NeedsMapping if flattened(raw) else Refusal
    return kind(
        f"этот {raw.container.upper()} не похож ни на один известный отчёт (в корне: "
        f"{quoted([str(key) for key in keys[:5]])}). Проверьте, что это отчёт о деньгах, а не о статусах "
        "или возвратах; если да, скачайте его в Excel (XLSX) или CSV."
    )
