"""A schema's rules, words and amounts as functions over the typed cells of one row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sverka.money import NO_MONEY, Minor
from sverka.nouns import Outcome, PaymentMethod, RowKind
from sverka.parsing.cells import BadCell
from sverka.recognition.schema import Amount, Condition, Part, Rule, Schema, Term, Words
from sverka.recognition.texts import folded

Cells = Sequence[Any]
"""Typed cells in the order of the schema's columns: str, Minor, Decimal, date or None."""
Test = Callable[[Cells], bool]
Money = Callable[[Cells], Minor]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A rule ready to use."""

    tests: tuple[Test, ...]
    rule: Rule
    special: bool
    """The row becomes no line: it is ignored, rejected or skipped."""
    money: tuple[tuple[str, Money], ...]
    """All amounts but the VAT."""
    vat: Callable[[Cells], Minor | None] | None
    payout_of_ignored: Money | None

    def takes(self, cells: Cells) -> bool:
        """True when every condition of the rule holds."""
        for test in self.tests:  # noqa: SIM110 - a generator doubles the price of the hottest loop
            if not test(cells):
                return False
        return True


def meanings(part: Part, place: Mapping[str, int]) -> tuple[Meaning, ...]:
    """The part's rules over cells, where `place` tells a column's index."""
    return tuple(_meaning(rule, part, place) for rule in part.rules)


def _meaning(rule: Rule, part: Part, place: Mapping[str, int]) -> Meaning:
    given = part.money if rule.money is None else rule.money
    ignored = rule.payout_of_ignored
    return Meaning(
        tests=tuple(test for asked in rule.when for test in _tests(asked, place[asked.column])),
        rule=rule,
        special=rule.ignore is not None or rule.reject is not None or rule.skip,
        money=tuple(
            (field, amount_of(amount, place)) for field, amount in given.items() if field != "vat"
        ),
        vat=_vat_of(given.get("vat") or part.money.get("vat"), place),
        payout_of_ignored=amount_of(ignored, place) if ignored else None,
    )


def amount_of(given: Amount, place: Mapping[str, int]) -> Money:
    """The sum of the columns with the signs the schema asks for; an empty cell is no money."""
    terms = tuple(_term(term, place) for term in given.terms)
    if len(terms) == 1:
        return terms[0]

    def money(cells: Cells) -> Minor:
        return Minor(sum(term(cells) for term in terms))

    return money


def _term(given: Term, place: Mapping[str, int]) -> Money:
    index = place[given.column]
    absolute, negated = given.absolute, given.negated
    if not absolute and not negated:
        return lambda cells: cells[index] or NO_MONEY

    def money(cells: Cells) -> Minor:
        value: int = cells[index] or NO_MONEY
        value = abs(value) if absolute else value
        return Minor(-value if negated else value)

    return money


def _vat_of(
    given: Amount | None, place: Mapping[str, int]
) -> Callable[[Cells], Minor | None] | None:
    """VAT is the one amount for which an empty cell is not zero but «not stated»."""
    if given is None:
        return None
    indexes = [place[column] for column in given.columns]
    money = amount_of(given, place)

    def vat(cells: Cells) -> Minor | None:
        return None if all(cells[index] is None for index in indexes) else money(cells)

    return vat


def _tests(asked: Condition, index: int) -> list[Test]:
    tests: list[Test] = []
    if asked.sign is not None:
        tests.append(_sign_test(index, asked.sign))
    if asked.present is not None:
        present = asked.present
        tests.append(lambda cells: (cells[index] is not None) is present)
    if asked.words is not None or asked.starts is not None or asked.contains is not None:
        tests.append(_word_test(index, asked))
    return tests


def _sign_test(index: int, sign: str) -> Test:
    if sign == "positive":
        return lambda cells: (cells[index] or 0) > 0
    if sign == "negative":
        return lambda cells: (cells[index] or 0) < 0
    return lambda cells: not cells[index]


def _word_test(index: int, asked: Condition) -> Test:
    words, starts, contains = asked.words, asked.starts, asked.contains

    def test(cells: Cells) -> bool:
        text = folded(cells[index] or "")
        return (
            (words is None or text in words)
            and (starts is None or text.startswith(starts))
            and (contains is None or any(part in text for part in contains))
        )

    return test


@dataclass(frozen=True, slots=True)
class Said:
    """What the words of a row say: each None when the row does not say it."""

    row_kind: RowKind | None
    outcome: Outcome | None
    payment_method: PaymentMethod | None
    currency: str | None


class UnknownWord(BadCell):
    """A word whose meaning no list has; `column` is the schema's column name."""

    def __init__(self, column: str, word: str) -> None:
        self.column = column
        super().__init__(
            "unknown_word",
            f"незнакомое значение «{word}»: что оно значит для денег, решает человек. Передайте файл "
            "тому, кто обслуживает Сверку",
        )


def said(schema: Schema, place: Mapping[str, int]) -> Callable[[Cells], Said]:
    """Reads the row's words by the schema.

    The function raises:
        UnknownWord: a word is in no list and the schema does not allow that.
    """
    kind, outcome, method = (
        _reader(schema.words.get(field), place, make)
        for field, make in (
            ("row_kind", RowKind),
            ("outcome", Outcome),
            ("payment_method", PaymentMethod),
        )
    )
    currency = _reader(schema.words.get("currency"), place, str)
    if not schema.words:
        nothing = Said(None, None, None, None)
        return lambda _cells: nothing
    return lambda cells: Said(kind(cells), outcome(cells), method(cells), currency(cells))


def _reader(
    words: Words | None, place: Mapping[str, int], make: Callable[[str], Any]
) -> Callable[[Cells], Any]:
    if words is None:
        return lambda _cells: None
    index, reject = place[words.column], words.reject_unknown
    meanings = {word: meaning and make(meaning) for word, meaning in words.meanings.items()}

    def read(cells: Cells) -> Any:
        word = cells[index]
        if word is None:
            return None
        key = folded(word)
        meaning = meanings.get(key)
        if meaning is None and reject and key not in meanings:
            raise UnknownWord(words.column, word)
        return meaning

    return read
