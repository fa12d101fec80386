"""Compares a located table with the layout it was located by: everything that may change money."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence

from sverka.nouns import Purpose
from sverka.recognition import arithmetic, values
from sverka.recognition.bearing import bearing, canonical, titles
from sverka.recognition.drift import NAMELESS, Changed, Drift, Inserted, Renamed
from sverka.recognition.likeness import Guess, Unknown, guesses
from sverka.recognition.schema import Schema, TableLayout
from sverka.recognition.tables import LocatedTable
from sverka.recognition.texts import folded, header_key
from sverka.recognition.vocabulary import Vocabulary

_DIGIT = re.compile(r"[0-9]")
_KOPECKS = re.compile(r"\bкоп(?:\b|ейк|еек)")
_RUBLES = re.compile(r"\bруб|₽")
_FEES = frozenset(
    {"fee_delivery", "fee_cod", "fee_insurance", "fee_return", "fee_storage", "fee_other"}
)


def drift_of(located: LocatedTable, schema: Schema, vocabulary: Vocabulary) -> Drift:
    """The difference between the table and its layout; `holds` says whether it matters."""
    return _Comparison(located, schema, vocabulary).drift()


def unknown_columns(located: LocatedTable, schema: Schema) -> list[Unknown]:
    """The columns of the file that the schema does not name, with their filled cells."""
    assert isinstance(schema.layout, TableLayout)
    known = set(located.columns.values())
    known |= {index for indexes in located.doubled.values() for index in indexes}
    known |= {index for index, keys in enumerate(located.keys) if keys & schema.layout.beside}
    rows = located.table.rows[located.first :]
    if rows and values.is_numbering(rows[0]):
        rows = rows[1:]
    width = max((len(row) for row in rows), default=0)
    return [
        Unknown(index, located.titles.get(index, ""), _filled(rows, index))
        for index in range(max(width, len(located.keys)))
        if index not in known and (index in located.titles or _filled(rows, index))
    ]


def _filled(rows: Sequence[Sequence[str | None]], index: int) -> list[str]:
    return [
        cell.strip()
        for row in rows
        if index < len(row) and (cell := row[index]) is not None and values.filled(cell)
    ]


def shown(unknown: Unknown) -> str:
    """The column's title, or its letter when it has none."""
    return unknown.title or f"{NAMELESS}{_letters(unknown.index)}"


def _letters(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class _Comparison:
    def __init__(self, located: LocatedTable, schema: Schema, vocabulary: Vocabulary) -> None:
        assert isinstance(schema.layout, TableLayout)
        self._located = located
        self._schema = schema
        # «Итого» in the column of numbers is no number that became a word.
        self._aside = (*schema.layout.totals, *schema.layout.explanations)
        self._vocabulary = vocabulary
        self._titles = titles(schema, vocabulary)
        self._unknown = unknown_columns(located, schema)
        gone = [] if schema.layout.generic else self._lacking()
        self._gone = gone
        self._guesses = [*guesses(gone, self._unknown, schema, vocabulary)]
        self._guesses += self._of_the_optional()
        self._rows = None if schema.layout.generic else self._amounts()

    def drift(self) -> Drift:
        renamed = {guess.column for guess in self._guesses}
        units = list(self._units())
        return Drift(
            schema=self._schema,
            sheet=self._located.table.sheet,
            line_no=self._located.table.first_line + self._located.header,
            renamed=tuple(self._renamed(guess) for guess in self._guesses),
            moved=self._moved(),
            inserted=tuple(self._inserted()),
            removed=tuple(
                Changed(self._titles[name], "без неё деньги не прочитать")
                for name in self._gone
                if name not in renamed
            ),
            doubled=tuple(self._doubled()),
            unit_changed=tuple(units),
            spoiled=tuple(self._spoiled()) or (() if units else tuple(self._swapped())),
        )

    def _of_the_optional(self) -> list[Guess]:
        """Columns that may be absent, but seem to stand there under another name."""
        known = {*self._located.columns, *self._gone}
        absent = [name for name in self._schema.columns if name not in known]
        taken = {guess.unknown.index for guess in self._guesses}
        rest = [one for one in self._unknown if one.index not in taken]
        return guesses(absent, rest, self._schema, self._vocabulary, always=False)

    def _lacking(self) -> list[str]:
        """The columns money hangs on that are gone; of a group of which one is required, the first."""
        weighty = bearing(self._schema, self._located.columns) - self._located.columns.keys()
        return [name for name in self._schema.columns if name in weighty] + [
            group[0]
            for group in self._schema.layout.require
            if len(group) > 1 and not any(name in self._located.columns for name in group)
        ]

    def _renamed(self, guess: Guess) -> Renamed:
        return Renamed(self._titles[guess.column], shown(guess.unknown), guess.why)

    def _moved(self) -> tuple[str, ...]:
        """Columns out of the schema's order. Told beside other changes only: order is free."""
        order = [name for name in self._schema.columns if name in self._located.columns]
        at = [self._located.columns[name] for name in order]
        return tuple(
            self._titles[name]
            for place, name in enumerate(order)
            if any(index > at[place] for index in at[:place])
        )

    def _inserted(self) -> Iterator[Inserted]:
        if self._schema.purpose is not Purpose.SETTLEMENT:
            return  # no money is read from such a file, so a new column of it cannot be missed
        guessed = {guess.unknown.index for guess in self._guesses}
        for one in self._unknown:
            if one.index in guessed:
                continue
            if values.holds_amounts(one.title, one.cells, self._vocabulary):
                below_zero = arithmetic.below_zero(one.cells)
                yield Inserted(shown(one), *self._meaning_of(one), negated=below_zero)

    def _meaning_of(self, one: Unknown) -> tuple[str | None, str]:
        """What a new column with amounts is proposed for: by its name, else by the arithmetic."""
        key = header_key(one.title)
        named = next((f for f in _FEES if key in self._vocabulary.headers.get(f, ())), None)
        if self._is_kept(one):
            return named or "fee_other", "с ней сходится «принято − услуги = к перечислению»"
        if named:
            return named, "судя по названию, это услуга курьера"
        return None, "в ней суммы: это новая услуга, удержание или справочное число?"

    def _is_kept(self, one: Unknown) -> bool:
        if self._gone or not arithmetic.provable(self._schema):
            return False
        cells = self._money_cells() | {"?": self._column(one.index)}
        rows = arithmetic.amounts_of(cells, self._kopecks()) or []
        if arithmetic.below_zero(one.cells):
            rows = [{**row, "?": -row["?"]} for row in rows]
        return bool(rows) and arithmetic.is_kept(rows, "?", self._schema)

    def _doubled(self) -> Iterator[Changed]:
        for name, indexes in self._located.doubled.items():
            names = " и ".join(
                f"«{self._located.titles.get(index, '')}» ({_letters(index)})" for index in indexes
            )
            yield Changed(names, f"означают одно и то же: {self._titles[name].lower()}")

    def _units(self) -> Iterator[Changed]:
        """What the headers say against the schema's unit, else what the arithmetic says."""
        named = {name: self._located.titles.get(i, "") for name, i in self._located.columns.items()}
        named |= {guess.column: guess.unknown.title for guess in self._guesses}
        said = [name for name, title in named.items() if self._says_other_unit(name, title)]
        for name in said:
            in_kopecks = self._schema.columns[name].in_kopecks
            found, known = ("рубли", "копейки") if in_kopecks else ("копейки", "рубли")
            yield Changed(self._titles[name], f"в названии {found}, а раньше были {known}")
        if said or not self._rows or self._holds():
            return
        for name in arithmetic.in_other_unit(self._rows, self._schema):
            why = "«принято − услуги = к перечислению» сходится, если суммы в ней в других единицах"
            yield Changed(self._titles[name], why)

    def _says_other_unit(self, name: str, title: str) -> bool:
        column = self._schema.columns[name]
        words = _RUBLES if column.in_kopecks else _KOPECKS
        return column.kind == "money" and bool(words.search(folded(title)))

    def _holds(self) -> bool:
        return arithmetic.holds(self._rows or [], self._schema, arithmetic.models_of(self._schema))

    def _swapped(self) -> Iterator[Changed]:
        if not self._rows:
            return
        if arithmetic.commission_is_absurd(self._rows, self._schema):
            why = "комиссия за приём денег больше половины самих денег: похоже, названия перепутаны"
            columns = self._schema.parts[0].money["fee_cod"].columns
            yield Changed(" и ".join(self._titles[name] for name in columns), why)
        if self._holds():
            return
        if pair := arithmetic.changed_places(self._rows, self._schema):
            other = self._titles[pair[1]]
            why = (
                f"строки сходятся, только если поменять её местами с «{other}»: перепутаны названия"
            )
            yield Changed(self._titles[pair[0]], why)

    def _spoiled(self) -> Iterator[Changed]:
        rows = self._located.table.rows[self._located.first :]
        if rows and values.is_numbering(rows[0]):
            rows = rows[1:]
        for name, index in self._located.columns.items():
            if why := misfit(self._schema.columns[name].kind, self._different(rows, index)):
                yield Changed(self._located.titles.get(index, self._titles[name]), why)

    def _different(self, rows: Sequence[Sequence[str | None]], index: int) -> Counter[str]:
        """How often each text stands in the column, but for empty cells and totals words."""
        cells = Counter(row[index] for row in rows if index < len(row))
        counted: Counter[str] = Counter()
        for cell, times in cells.items():
            if (
                cell is not None
                and values.filled(cell)
                and not folded(cell).startswith(self._aside)
            ):
                counted[cell.strip()] += times
        return counted

    def _amounts(self) -> list[arithmetic.Row] | None:
        if not arithmetic.provable(self._schema) or self._gone:
            return None
        return arithmetic.amounts_of(self._money_cells(), self._kopecks())

    def _kopecks(self) -> frozenset[str]:
        return frozenset(n for n, column in self._schema.columns.items() if column.in_kopecks)

    def _money_cells(self) -> dict[str, list[str | None]]:
        """The cells of the equation's columns, without rows that name no order: totals, remarks."""
        money = {n for amount in self._schema.parts[0].money.values() for n in amount.columns}
        means = canonical(self._schema)
        return {
            name: self._column(index)
            for name, index in self._located.columns.items()
            if name in money and means.get(name) != "vat"
        }

    def _column(self, index: int) -> list[str | None]:
        numbers = [
            self._located.columns[name]
            for name, column in self._schema.columns.items()
            if column.kind == "id" and name in self._located.columns
        ]
        return [
            row[index] if index < len(row) else None
            for row in self._located.table.rows[self._located.first :]
            if any(_is_ref(row, number) for number in numbers) and not values.is_numbering(row)
        ]


def _is_ref(row: Sequence[str | None], index: int) -> bool:
    cell = row[index] if index < len(row) else None
    return cell is not None and any(sign.isdigit() for sign in cell)


def misfit(kind: str, cells: Iterable[str]) -> str | None:
    """What most cells of a column are instead of what it should hold; None when they fit."""
    counted = values.times_of(cells)
    return next((why for test, why in _MISFITS[kind] if values.most(counted, test)), None)


def _is_word(cell: str) -> bool:
    """Neither a number nor anything with digits that only another notation could be."""
    return _has_no_digit(cell) and not cell.startswith(("#", "="))


def _has_no_digit(cell: str) -> bool:
    return _DIGIT.search(cell) is None and not any(sign.isdigit() for sign in cell)


_DATES = (values.is_date, "вместо номеров и слов даты")
_AMOUNTS = (values.is_fraction, "вместо номеров и слов суммы")
_MISFITS: dict[str, tuple[tuple[Callable[[str], bool], str], ...]] = {
    "money": (
        (values.is_date, "вместо сумм даты"),
        (values.is_code, "вместо сумм номера"),
        (_is_word, "вместо сумм слова"),
    ),
    "number": ((values.is_date, "вместо чисел даты"), (values.is_code, "вместо количества номера")),
    "id": (_AMOUNTS, _DATES, (_has_no_digit, "вместо номеров слова")),
    "text": (_AMOUNTS, _DATES),
    "date": ((values.is_fraction, "вместо дат суммы"),),
}
"""By kind of column: what a cell should not look like, and how to say it."""
