"""The columns of a region with what their words and their values say."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from zlib import crc32

from sverka.drafting.region import Header, Region, value
from sverka.drafting.shapes import (
    is_date,
    is_number_of_something,
    is_serial_day,
    money,
    tracked_by,
)
from sverka.drafting.spelling import spoken
from sverka.drafting.words import BESIDE, CREDIT, FIELDS, KOPECKS, says, weight
from sverka.recognition.texts import header_key
from sverka.recognition.vocabulary import Vocabulary

MONEY_FIELDS = (
    *("collected", "payout", "fee_delivery", "fee_cod", "fee_insurance", "fee_return"),
    *("fee_storage", "fee_other", "vat", "services_total"),
)
FEE_FIELDS = MONEY_FIELDS[2:8]
ID_FIELDS = ("order", "track")
WORD_FIELDS = ("status", "operation", "paid_by", "currency", "deleted")
_EXACT = 0.97
_CODE = r"\bid\b|\bид\b|\bкод\b|идентификатор"
_NAMED = 0.85
"""«Заказ» over 1, 2, 3 is a column of orders all the same."""
_SAMPLE_ENDS, _SAMPLE_MIDDLE = 100, 300


@dataclass(slots=True)
class Column:
    """One column. `amounts` are hundredths, None where a cell is no number; empty: not of money."""

    header: Header
    words: str
    values: list[str | None]
    scores: dict[str, float]
    """How much the header's words speak for each field whose values fit."""
    beside: bool
    """Its words say that a settlement neither takes nor pays these amounts."""
    filled: float
    distinct: float
    is_money: bool
    amounts: list[int | None]
    tracked: float
    """The share of values that look like some carrier's parcel numbers."""
    is_ids: float
    """The share of values that could be numbers of orders."""
    in_kopecks: bool
    credit: bool = False
    """Its words say that the courier gives these amounts to the shop: a discount, a compensation."""

    @property
    def address(self) -> str:
        return self.header.address

    def score(self, name: str) -> float:
        """How much the header speaks for the field."""
        return self.scores.get(name, 0.0)

    def total(self) -> int:
        """The sum of its amounts."""
        return sum(amount or 0 for amount in self.amounts)

    @property
    def fee_label(self) -> tuple[str, float]:
        """The fee that its words name best."""
        name = max(FEE_FIELDS, key=self.score)
        return name, self.score(name)

    @property
    def has_money(self) -> bool:
        """Holds at least one amount other than zero."""
        return self.is_money and any(self.amounts)


def columns_of(region: Region, vocabulary: Vocabulary, *, kopecks: bool = False) -> list[Column]:
    """All columns of the region, profiled on a sample of its rows; amounts are of all rows.

    With `kopecks` all money of the region is in kopecks; else a column is when its header says so.
    """
    sample = _sample(len(region.records))
    return [
        _column(header, region, sample, vocabulary, kopecks=kopecks) for header in region.columns
    ]


def _sample(rows: int) -> list[int]:
    """The first and last rows and some chosen by a hash: the same for the same file."""
    if rows <= 2 * _SAMPLE_ENDS + _SAMPLE_MIDDLE:
        return list(range(rows))
    middle = sorted(
        range(_SAMPLE_ENDS, rows - _SAMPLE_ENDS), key=lambda row: crc32(row.to_bytes(4, "big"))
    )
    chosen = {*range(_SAMPLE_ENDS), *middle[:_SAMPLE_MIDDLE], *range(rows - _SAMPLE_ENDS, rows)}
    return sorted(chosen)


def _column(
    header: Header, region: Region, sample: list[int], words: Vocabulary, *, kopecks: bool
) -> Column:
    values = [value(row, header.index) for _, row in region.records]
    seen = [text for index in sample if (text := values[index]) is not None]
    own = spoken(header.title)
    both = f"{spoken(header.group)} {own}" if header.group else own
    shapes = _Shapes(seen)
    is_numbering = _counts_rows(seen) and weight("order", both) < _NAMED
    scores = {} if is_numbering else _scores(own, both, header, shapes, words)
    money_named = max((scores.get(name, 0.0) for name in MONEY_FIELDS), default=0.0)
    looks_money = shapes.money >= 0.9 and shapes.dates < 0.5 and not is_numbering
    id_named = max((scores.get(name, 0.0) for name in ID_FIELDS), default=0.0)
    named_else = id_named or scores.get("delivered", 0.0) or (not money_named and says(_CODE, own))
    is_money = looks_money and (money_named > id_named or not (named_else or shapes.long_whole))
    return Column(
        header=header,
        words=both,
        values=values,
        scores=scores,
        beside=is_numbering or says(BESIDE, both),
        filled=len(seen) / max(1, len(sample)),
        distinct=len(set(seen)) / max(1, len(seen)),
        is_money=is_money,
        amounts=_amounts(values, kopecks=kopecks or says(KOPECKS, both)) if is_money else [],
        tracked=shapes.share(lambda text: tracked_by(text) is not None),
        is_ids=0.0 if is_numbering else shapes.ids,
        in_kopecks=kopecks or says(KOPECKS, both),
        credit=is_money and says(CREDIT, both) and not money_named >= _NAMED,
    )


def _amounts(values: Sequence[str | None], *, kopecks: bool) -> list[int | None]:
    found = [money(text) if text else 0 for text in values]
    if not kopecks:
        return found
    # A fraction of a kopeck is no amount.
    return [None if a is None or a % 100 else a // 100 for a in found]


class _Shapes:
    def __init__(self, seen: Sequence[str]) -> None:
        self._seen = seen
        self.money = self.share(lambda text: money(text) is not None)
        self.dates = self.share(is_date)
        self.ids = self.share(is_number_of_something)
        self.serials = self.share(is_serial_day)
        whole = [text for text in seen if text.removesuffix(".0").isdigit() and len(text) >= 7]
        self.long_whole = bool(seen) and len(whole) >= 0.8 * len(seen)
        self.nothing = not seen

    def share(self, test: Callable[[str], bool]) -> float:
        return sum(map(test, self._seen)) / len(self._seen) if self._seen else 0.0

    def fits(self, name: str) -> bool:
        if name in MONEY_FIELDS:
            return (self.nothing or self.money >= 0.9) and self.dates < 0.5
        if name in ID_FIELDS:
            return self.ids >= 0.6
        if name == "delivered":
            return self.dates >= 0.6 or self.serials >= 0.9
        return not self.nothing and (self.money < 0.5 or name == "deleted")


def _counts_rows(seen: Sequence[str]) -> bool:
    """`1, 2, 3 …`: the ordinal of the row, though «№» may stand over orders too."""
    if len(seen) < 2 or not all(text.removesuffix(".0").isdigit() for text in seen[:50]):
        return False
    numbers = [int(text.removesuffix(".0")) for text in seen[:50]]
    return numbers[0] <= 1 and all(b - a == 1 for a, b in pairwise(numbers))


def _scores(
    own: str, both: str, header: Header, shapes: _Shapes, vocabulary: Vocabulary
) -> dict[str, float]:
    found: dict[str, float] = {}
    for name in FIELDS:
        if not shapes.fits(name):
            continue
        score = weight(name, both)
        if score and both != own:
            score = max(score, weight(name, own))
        if header_key(header.title) in vocabulary.headers.get(name, ()) and both == own:
            score = _EXACT
        if score:
            found[name] = score
    return found
