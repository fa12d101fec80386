"""Mutations of cells: how amounts, numbers of orders and dates are written, and what they say."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from random import Random

from fuzz.books import Book, Sheet
from fuzz.columns import DATES, IDS, unseen_in
from fuzz.headers import header, pick
from fuzz.mutations import Did, mutation
from sverka.nouns import Settlement


def amount(cell: object) -> Decimal | None:
    """The amount of a sample's cell, which is written plainly."""
    try:
        return Decimal(str(cell).replace(",", ".").replace("\u00a0", "").replace(" ", ""))
    except InvalidOperation:
        return None


def change_column(sheet: Sheet, name: str, change: Callable[[str], object]) -> int:
    """Changes the filled cells of a column; how many are other now."""
    index, changed = sheet.columns[name], 0
    for row_no in sheet.records:
        row = sheet.rows[row_no]
        if index < len(row) and row[index] not in (None, ""):
            new = change(str(row[index]))
            changed += new != row[index]
            row[index] = new
    return changed


def _grouped(text: str, space: str) -> str:
    value = amount(text)
    return text if value is None else f"{value:,.2f}".replace(",", space).replace(".", ",")


def _negative(text: str, form: str) -> str:
    value = amount(text)
    return text if value is None or value >= 0 else form.format(f"{-value:f}")


def _of_amount(text: str, form: Callable[[Decimal], object]) -> object:
    value = amount(text)
    return text if value is None else form(value)


STYLES: dict[str, Callable[[str], object]] = {
    "money_comma": lambda text: text.replace(".", ",") if amount(text) is not None else text,
    "money_point": lambda text: text.replace(",", ".") if amount(text) is not None else text,
    "money_spaces": lambda text: _grouped(text, " "),
    "money_nbsp": lambda text: _grouped(text, "\u00a0"),
    "money_narrow": lambda text: _grouped(text, "\u202f"),
    "money_sign": lambda text: f"{text} ₽" if amount(text) is not None else text,
    "money_rubles": lambda text: f"{text} руб." if amount(text) is not None else text,
    "money_minus": lambda text: text.replace("-", "−"),
    "money_minus_after": lambda text: _negative(text, "{}-"),
    "money_brackets": lambda text: _negative(text, "({})"),
    "money_number": lambda text: _of_amount(text, lambda value: value),
    "money_long": lambda text: _of_amount(text, lambda value: f"{value:.2f}00001"),
}


def _styling(
    name: str, kind: str, change: Callable[[str], object], *, unseen: frozenset[str]
) -> None:
    def mutate(book: Book, rng: Random, model: Settlement | None) -> Did | None:
        found = pick(book, rng, kind)
        if found is None or not change_column(*found, change):
            return None
        return Did(f"{name} in column {header(*found)!r}", unseen)

    mutate.__name__ = name
    mutation(mutate)


for _name, _change in STYLES.items():
    _styling(_name, "money", _change, unseen=frozenset())


def _digits(text: str, form: str) -> str:
    return form.format(text) if re.fullmatch(r"\d+", text) else text


_styling("id_point_zero", "id", lambda text: _digits(text, "{}.0"), unseen=frozenset())
_styling("id_apostrophe", "id", lambda text: f"'{text}", unseen=frozenset())
_styling("id_spaces", "id", lambda text: f" {text} ", unseen=frozenset())
_styling(
    "id_power",
    "id",
    lambda text: (
        f"{Decimal(text):.5E}".replace(".", ",") if re.fullmatch(r"\d{5,}", text) else text
    ),
    unseen=frozenset(),
)
_styling("id_zeros_lost", "id", lambda text: _digits(text, "{}").lstrip("0") or text, unseen=IDS)
_styling("cells_in_capitals", "text", lambda text: text.upper(), unseen=frozenset({"identity"}))


def _restyled(text: str, form: str) -> str:
    found = re.match(r"(\d{2})\.(\d{2})\.(\d{4})|(\d{4})-(\d{2})-(\d{2})", text)
    if not found:
        return text
    day, month, year = (
        (found[1], found[2], found[3]) if found[1] else (found[6], found[5], found[4])
    )
    return form.format(d=day, m=month, y=year, yy=year[2:])


for _name, _form in {
    "date_iso": "{y}-{m}-{d}",
    "date_iso_time": "{y}-{m}-{d}T00:00:00+03:00",
    "date_dots": "{d}.{m}.{y}",
    "date_short": "{d}.{m}.{yy}",
    "date_slashes": "{d}/{m}/{y}",
    "date_time": "{d}.{m}.{y} 0:00:00",
    "date_american": "{m}/{d}/{y}",
}.items():
    _styling(
        _name,
        "date",
        lambda text, form=_form: _restyled(text, form),  # type: ignore[misc]
        unseen=DATES if _name == "date_american" else frozenset(),
    )


@mutation
def hundredfold(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """One money column in kopecks, its header as it was."""
    found = pick(book, rng, "money")
    if found is None or not change_column(
        *found, lambda text: _of_amount(text, lambda value: f"{value * 100:.0f}")
    ):
        return None
    unseen = unseen_in(book.schema, book.schema.columns[found[1]], model)
    return Did(f"column {header(*found)!r} times 100", unseen | {"settlement"})


@mutation
def flip_sign(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """One money column with the other sign."""
    found = pick(book, rng, "money")
    if found is None or not change_column(
        *found, lambda text: _of_amount(text, lambda value: f"{-value:f}")
    ):
        return None
    column = book.schema.columns[found[1]]
    absolute = any(
        term.absolute
        for part in book.schema.parts
        for amounts in (part.money, *(rule.money or {} for rule in part.rules))
        for given in amounts.values()
        for term in given.terms
        if term.column == column.name
    )
    unseen = unseen_in(book.schema, column, model)
    return Did(f"sign of column {header(*found)!r}", unseen | ({"identity"} if absolute else set()))


@mutation
def one_kopeck(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """One amount of one row is a ruble and a kopeck more: nothing but its equation can know."""
    found = pick(book, rng, "money")
    if found is None:
        return None
    sheet, name = found
    index = sheet.columns[name]
    rows = [r for r in sheet.records if index < len(sheet.rows[r]) and amount(sheet.rows[r][index])]
    if not rows:
        return None
    row_no = rng.choice(rows)
    value = amount(sheet.rows[row_no][index])
    assert value is not None
    sheet.rows[row_no][index] = f"{value + Decimal('1.01'):f}"
    unseen = unseen_in(book.schema, book.schema.columns[name], model)
    return Did(f"row {row_no + 1}, column {header(sheet, name)!r}: 1.01 more", unseen)
