"""Which unknown column a missing one may have become: by its words, by its name, by its values."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from sverka.recognition import values
from sverka.recognition.bearing import canonical
from sverka.recognition.schema import Column, Schema
from sverka.recognition.texts import folded, header_key
from sverka.recognition.vocabulary import Vocabulary

_ALIKE = 0.72
"""Ratio of difflib: typos, endings and added words stay above it, other words below."""
_VERY_ALIKE = 0.8
"""For a column that files may lack: its absence alone says nothing."""
BY_VALUES = "единственная незнакомая колонка с "
"""How a reason begins when nothing but the values speaks for it."""
_WORDS = {
    "status": "outcomes",
    "operation": "row_kinds",
    "paid_by": "payment_methods",
    "currency": "currencies",
}


@dataclass(frozen=True, slots=True)
class Unknown:
    """A column of the file that the schema does not know; `cells` are its filled cells."""

    index: int
    title: str
    cells: Sequence[str]


@dataclass(frozen=True, slots=True)
class Guess:
    """A missing column found again; `why` is Russian."""

    column: str
    unknown: Unknown
    why: str


def guesses(
    missing: Sequence[str],
    unknown: Sequence[Unknown],
    schema: Schema,
    vocabulary: Vocabulary,
    *,
    always: bool = True,
) -> list[Guess]:
    """Each missing column with at most one unknown one, the surest first.

    `always` says that every file has the missing columns; columns that may be absent have to be
    more alike to be taken for renamed ones.
    """
    means = canonical(schema)
    enough = _ALIKE if always else _VERY_ALIKE
    unknown = [one for one in unknown if (always or one.cells) and not _is_aside(one, vocabulary)]
    rated = sorted(
        (
            (rate, column, one.index, why)
            for column in missing
            for one in unknown
            for rate, why in [_rated(schema.columns[column], one, means.get(column), vocabulary)]
            if rate >= enough
        ),
        key=lambda found: (-found[0], found[2]),
    )
    by_index: Mapping[int, Unknown] = {one.index: one for one in unknown}
    found: dict[str, Guess] = {}
    taken: set[int] = set()
    for _, column, index, why in rated:
        if column not in found and index not in taken:
            found[column] = Guess(column, by_index[index], why)
            taken.add(index)
    left = [column for column in missing if column not in found]
    rest = [one for one in unknown if one.index not in taken]
    found |= {guess.column: guess for guess in _by_words(left, rest, means, vocabulary)}
    left = [column for column in left if column not in found and (always or column in means)]
    return [*found.values(), *_by_values(left, rest, schema, always=always)]


def _is_aside(one: Unknown, vocabulary: Vocabulary) -> bool:
    """Money without a part in settlements, and the numbers of the rows."""
    return header_key(one.title) in vocabulary.no_settlement or values.counts_rows(one.cells)


def _by_words(
    left: Sequence[str], rest: Sequence[Unknown], means: Mapping[str, str], vocabulary: Vocabulary
) -> Iterator[Guess]:
    """A column of words by its words: statuses are statuses under any name."""
    for column in left:
        known = vocabulary.words.get(_WORDS.get(means.get(column, ""), ""), {})
        fitting = [one for one in rest if 2 * _said(one.cells, known) > len(one.cells)]
        if fitting:
            yield Guess(column, fitting[0], "в ней слова, которые здесь ожидаются")


def _said(cells: Sequence[str], known: Collection[str]) -> int:
    return sum(folded(cell) in known for cell in cells)


def _rated(
    column: Column, one: Unknown, means: str | None, vocabulary: Vocabulary
) -> tuple[float, str]:
    key = header_key(one.title)
    if one.cells and not _fits(column, one.cells):
        return 0, ""
    if means and key in vocabulary.headers.get(means, ()):
        return 2, "такое название значит то же"
    alike = max(_alike(key, header) for header in column.headers)
    return (alike, "похожее название") if alike >= _ALIKE else (0, "")


def _alike(key: str, header: str) -> float:
    header = header.lstrip("@").lower()
    # The same name under another group, or under none.
    header = header.rpartition("/")[2] if "/" not in key else header
    if (
        header
        and (key.startswith(header) or header.startswith(key))
        and min(map(len, (key, header))) > 3
    ):
        return 0.9
    return SequenceMatcher(None, key, header).ratio()


def _by_values(
    left: Sequence[str], rest: Sequence[Unknown], schema: Schema, *, always: bool
) -> list[Guess]:
    """The one missing column of a kind is the one unknown column with such values.

    Of columns that may be absent only dates are found so: sums are asked about anyway.
    """
    found = []
    kinds = [("money", "суммами"), ("date", "датами"), ("id", "номерами")]
    for kind, what in kinds if always else kinds[1:2]:
        missing = [column for column in left if schema.columns[column].kind == kind]
        fitting = [one for one in rest if one.cells and _fits_closely(kind, one.cells)]
        if len(missing) == 1 and len(fitting) == 1:
            found.append(Guess(missing[0], fitting[0], f"{BY_VALUES}{what}"))
    return found


def _fits(column: Column, cells: Sequence[str]) -> bool:
    if column.kind in ("money", "number"):
        return values.most(cells, values.is_number)
    if column.kind == "date":
        return values.most(cells, values.is_date) or all(len(cell) == 5 for cell in cells)
    if column.kind == "id":
        return not values.most(cells, values.is_fraction) and not values.most(cells, values.is_date)
    return True


def _fits_closely(kind: str, cells: Sequence[str]) -> bool:
    if kind == "money":
        return values.most(cells, values.is_number) and not values.most(cells, values.is_code)
    if kind == "date":
        return values.most(cells, values.is_date)
    return len(set(cells)) == len(cells) > 1 and all(
        any(sign.isdigit() for sign in cell) and not values.is_date(cell) for cell in cells
    )
