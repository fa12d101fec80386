"""A schema's rules, words and amounts as functions over the typed cells of one row."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sverka.money import NO_MONEY, Minor
from sverka.nouns import Outcome, PaymentMethod, RowKind
from sverka.parsing.cells import BadCell
from sverka.recognition.schema import Amount, Condition, Rule, Schema, Words
from sverka.recognition.texts import folded

Cells = Sequence[Any]
"""Typed cells in the order of the schema's columns: str, Minor, date or None."""
Test = Callable[[Cells], bool]
Money = Callable[[Cells], Minor]


@dataclass(frozen=True, slots=True)
class Meaning:
    """A rule ready to use."""

    tests: tuple[Test, ...]
    rule: Rule
    money: tuple[tuple[str, Money], ...]
    payout_of_ignored: Money | None

    def takes(self, cells: Cells) -> bool:
        """True when every condition of the rule holds."""
        return all(test(cells) for test in self.tests)


def meanings(schema: Schema, place: Mapping[str, int]) -> tuple[Meaning, ...]:
    """The schema's rules over cells, where `place` tells a column's index."""
    default = tuple((field, amount_of(given, place)) for field, given in schema.money.items())
    return tuple(
        Meaning(
            tests=tuple(_test(asked, place) for asked in rule.when),
            rule=rule,
            money=(
                default
                if rule.money is None
                else tuple((field, amount_of(given, place)) for field, given in rule.money.items())
            ),
            payout_of_ignored=(
                amount_of(rule.payout_of_ignored, place) if rule.payout_of_ignored else None
            ),
        )
        for rule in schema.rules
    )


def amount_of(given: Amount, place: Mapping[str, int]) -> Money:
    """The money of a column with the sign the schema asks for; an empty cell is no money."""
    index = place[given.column]

    def money(cells: Cells) -> Minor:
        value: int = cells[index] or NO_MONEY
        value = abs(value) if given.absolute else value
        return Minor(-value if given.negated else value)

    return money


def _test(asked: Condition, place: Mapping[str, int]) -> Test:
    index = place[asked.column]
    if asked.sign is not None:
        return _sign_test(index, asked.sign)
    if asked.present is not None:
        return lambda cells: (cells[index] is not None) is asked.present
    return _word_test(index, asked)


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
    kind, outcome, method, currency = (
        _reader(schema.words.get(field), place)
        for field in ("row_kind", "outcome", "payment_method", "currency")
    )

    def read(cells: Cells) -> Said:
        kind_word, outcome_word, method_word = kind(cells), outcome(cells), method(cells)
        return Said(
            RowKind(kind_word) if kind_word else None,
            Outcome(outcome_word) if outcome_word else None,
            PaymentMethod(method_word) if method_word else None,
            currency(cells),
        )

    return read


def _reader(words: Words | None, place: Mapping[str, int]) -> Callable[[Cells], str | None]:
    if words is None:
        return lambda _cells: None
    index = place[words.column]

    def read(cells: Cells) -> str | None:
        word = cells[index]
        if word is None:
            return None
        meaning = words.meanings.get(folded(word))
        if meaning is None and words.reject_unknown:
            raise UnknownWord(words.column, word)
        return meaning

    return read
