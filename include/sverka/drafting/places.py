"""The columns that are no money: numbers, dates and words of a record."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sverka.drafting.columns import Column
from sverka.drafting.draft import Question
from sverka.drafting.statuses import UNKNOWN, meanings
from sverka.drafting.words import SHOPS_OWN, says
from sverka.recognition.vocabulary import Vocabulary

_ENOUGH = 0.35
_MOST_WORDS = 60
"""A column of words has few different ones; more is a column of texts."""

_WORD_FIELDS = {"status": "outcome", "operation": "row_kind", "paid_by": "payment_method"}
_CHOICES = {
    "outcome": (
        ("delivered", "вручён"),
        ("partially_delivered", "вручён частично"),
        ("refused", "не вручён, отказ"),
        ("returned", "возвращён магазину"),
        ("lost", "утерян"),
        ("destroyed", "уничтожен"),
        ("nothing", "ничего из этого"),
    ),
    "row_kind": (
        ("order", "доставка заказа"),
        ("return", "возврат"),
        ("pickup", "забор груза"),
        ("service", "услуга"),
        ("fine", "штраф"),
        ("correction", "корректировка"),
        ("hold", "удержание"),
        ("hold_release", "возврат удержания"),
    ),
}


@dataclass(slots=True)
class Places:
    """Name in the schema (`order`, `track`, `delivered`, `status`, …) → its column, and why."""

    columns: dict[str, Column] = field(default_factory=dict)
    confidence: dict[str, float] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    words: dict[str, dict[str, str | None]] = field(default_factory=dict)
    """Canonical field → the words of its column with their meanings."""
    named_rows: dict[str, str] = field(default_factory=dict)
    """Words that stand instead of an order's number, with the kinds of their rows."""
    questions: list[Question] = field(default_factory=list)

    def put(self, name: str, column: Column, confidence: float, why: str) -> None:
        """Takes a column."""
        self.columns[name] = column
        self.confidence[name] = round(min(confidence, 0.99), 2)
        self.why[name] = why


def places(columns: Sequence[Column], vocabulary: Vocabulary, answers: Mapping[str, str]) -> Places:
    """The best column for each, each column once."""
    found = Places()
    free = [column for column in columns if not column.is_money]
    _numbers(found, free, answers)
    for name in ("delivered", "status", "operation", "paid_by", "currency", "deleted"):
        taken = {id(column) for column in found.columns.values()}
        best = max(
            (c for c in free if id(c) not in taken and c.score(name) > _ENOUGH),
            key=lambda c: (c.score(name), c.filled),
            default=None,
        )
        if best is not None:
            found.put(name, best, best.score(name), "по названию и виду значений")
    _hold_words(found, vocabulary, answers)
    return found


def _numbers(found: Places, free: Sequence[Column], answers: Mapping[str, str]) -> None:
    chosen = next((c for c in free if c.address == answers.get("order")), None)
    if chosen is not None:
        found.put("order", chosen, 0.99, "так ответил человек")
    pairs = sorted(
        (
            (_aptness(column, name), name, column)
            for column in free
            for name in ("order", "track")
            if column.score(name) > 0
        ),
        key=lambda one: (-one[0], one[2].header.index),
    )
    for aptness, name, column in pairs:
        taken = {id(c) for c in found.columns.values()}
        if name in found.columns or id(column) in taken:
            continue
        if column.score(name) < _ENOUGH:
            continue
        why = "по названию" + (", номера похожи на трек-номера" if column.tracked > 0.8 else "")
        found.put(name, column, aptness, why)
    _second_number(found, free)
    if not {"order", "track"} & set(found.columns):
        _by_shape(found, free)


def _aptness(column: Column, name: str) -> float:
    shape = 0.04 if (column.tracked > 0.8) == (name == "track") else 0.0
    shape += 0.08 if name == "order" and says(SHOPS_OWN, column.words) else 0.0
    return column.score(name) * (0.8 + 0.2 * min(1.0, column.filled)) + shape


def _second_number(found: Places, free: Sequence[Column]) -> None:
    """Two columns of order numbers: the one that lost may be the carrier's (CDEK names it so)."""
    taken = {id(column) for column in found.columns.values()}
    if "order" in found.columns and "track" not in found.columns:
        own = says(SHOPS_OWN, found.columns["order"].words)
        second = next(
            (
                c
                for c in free
                if id(c) not in taken
                and c.score("order") >= 0.85
                and (c.tracked > 0.8 or (own and not says(SHOPS_OWN, c.words)))
            ),
            None,
        )
        if second is not None:
            found.put("track", second, 0.8, "второй номер заказа, похож на номер перевозчика")


def _by_shape(found: Places, free: Sequence[Column]) -> None:
    """No name helps: numbers that do not repeat are asked about."""
    shaped = [c for c in free if c.is_ids >= 0.9 and c.distinct >= 0.9 and not c.beside]
    if not shaped:
        return
    best = max(shaped, key=lambda c: (c.tracked, -c.header.index))
    name = "track" if best.tracked > 0.8 else "order"
    found.put(name, best, 0.5, "по виду значений: номера, которые не повторяются")
    found.questions.append(
        Question(
            "order",
            "В какой колонке номер заказа магазина?",
            tuple((c.address, f"«{c.address}»") for c in shaped),
            best.address,
        )
    )


def _hold_words(found: Places, vocabulary: Vocabulary, answers: Mapping[str, str]) -> None:
    for name, canonical in _WORD_FIELDS.items():
        column = found.columns.get(name)
        if column is None:
            continue
        words = meanings(canonical, column.values, vocabulary)
        known = [word for word, meant in words.items() if meant is not UNKNOWN]
        if len(words) > _MOST_WORDS or (canonical != "outcome" and not known):
            del found.columns[name]
            continue
        _ask_words(found, canonical, column, words, answers)
        found.words[canonical] = words


def _ask_words(
    found: Places,
    canonical: str,
    column: Column,
    words: dict[str, str | None],
    answers: Mapping[str, str],
) -> None:
    for word in [word for word, meant in words.items() if meant is UNKNOWN]:
        key = f"word:{canonical}:{word}"
        choices = _CHOICES.get(canonical, ())
        if answers.get(key) in {value for value, _ in choices}:
            words[word] = None if answers[key] == "nothing" else answers[key]
            continue
        del words[word]
        if choices:
            found.questions.append(
                Question(key, f"Колонка «{column.address}»: что значит «{word}»?", choices)
            )
