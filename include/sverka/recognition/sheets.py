"""The sheets beside the one that is read: money on them must not be passed over."""

from sverka.errors import NeedsMapping
from sverka.reading.raw import RawFile, RawTable
from sverka.recognition import values
from sverka.recognition.asking import quoted
from sverka.recognition.schema import Schema, TableLayout
from sverka.recognition.tables import (
    ASK_ENGINEER,
    LOOK_ROWS,
    LocatedTable,
    is_looked_at,
    likely_header,
    sheet_keys,
)
from sverka.recognition.texts import folded, header_key
from sverka.recognition.vocabulary import Vocabulary


def hold_other(
    raw: RawFile, schema: Schema, read: tuple[LocatedTable, ...], vocabulary: Vocabulary
) -> None:
    """Holds the file when a sheet that the schema does not name has orders or amounts.

    Raises:
        NeedsMapping: with the sheet and the columns found there.
    """
    assert isinstance(schema.layout, TableLayout)
    seen = {id(located.table) for located in read}
    for table in raw.tables:
        keys = sheet_keys(table.sheet or "")
        if id(table) in seen or keys & schema.layout.beside or not any(map(any, table.rows)):
            continue
        if keys & schema.layout.sheets:
            raise NeedsMapping(
                "на этом листе должны быть операции отчёта, но его колонки не те, что всегда: деньги с "
                f"него не попали бы в сверку. {ASK_ENGINEER}",
                sheet=table.sheet,
            )
        if is_looked_at(table, schema.layout) and _looks_like(table, schema):
            raise NeedsMapping(
                "на этом листе операции того же отчёта, но шапка не читается: деньги с него не попали бы "
                f"в сверку. {ASK_ENGINEER}",
                sheet=table.sheet,
            )
        header = likely_header(table, vocabulary.known_headers)
        if header and _may_hold_money(table, header[0], schema.layout, vocabulary):
            raise NeedsMapping(
                f"рядом с отчётом лежит ещё одна таблица с суммами, её колонки незнакомы: "
                f"{quoted(header[1][:15])}. Если в ней нет денег, удалите этот лист и положите файл "
                f"снова. Иначе: {ASK_ENGINEER[0].lower()}{ASK_ENGINEER[1:]}",
                sheet=table.sheet,
                line_no=table.first_line + header[0],
            )


def _looks_like(table: RawTable, schema: Schema) -> bool:
    """True when three of the layout's names stand in one row, however its cells are parted, or when
    a row has nothing else.

    Short names («Дата», «SKU») stand in tables of other kinds too.
    """
    assert isinstance(schema.layout, TableLayout)
    every = [column.headers for column in schema.columns.values()]
    every += [(key,) for key in schema.layout.beside]
    known = {key.rpartition("/")[2] for keys in every for key in keys}
    for row in table.rows[:LOOK_ROWS]:
        text = folded(" ".join(cell for cell in row if cell))
        found = [keys for keys in every if any(_stands(key, text) for key in keys)]
        cells = {header_key(cell) for cell in row if cell}
        if len(found) >= 3 or (cells and cells <= known):
            return True
    return False


def _stands(key: str, text: str) -> bool:
    name = key.rpartition("/")[2]
    return len(name) > 5 and name in text


def _may_hold_money(
    table: RawTable, header: int, layout: TableLayout, vocabulary: Vocabulary
) -> bool:
    titles = table.rows[header]
    numbers = {key for name in ("order", "track") for key in vocabulary.headers.get(name, ())}
    keys = [header_key(title) if title else "" for title in titles]
    if any(key in numbers for key in keys) and layout.generic:
        return True
    below = table.rows[header + 1 :]
    return any(
        key not in layout.beside
        and values.holds_amounts(
            title or "", (row[index] for row in below if index < len(row)), vocabulary
        )
        for index, (title, key) in enumerate(zip(titles, keys, strict=True))
    )
