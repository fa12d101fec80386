"""What stands around a table: number and date of the report, the payment order, whose report it is."""

import re
from collections.abc import Iterable, Sequence

from sverka.drafting.shapes import money
from sverka.parsing.cells import BadCell
from sverka.parsing.dates import parse_date
from sverka.parsing.identifiers import parse_id

_REPORT = (
    r"(?:реестр|акт|отч[её]т|ведомост|справк|расч[её]т|register|report|registry|\bact\b|reestr)"
)
_ORDER = r"(?:плат[её]жн\w*\s+поруч\w*|\bплат\.?\s*пор\w*|\bп[/.]\s?п\b|\bпп\b|payment\s*order)"
_DAY = r"\d{1,4}[.\-/]\d{1,2}[.\-/]\d{2,4}|«?\d{1,2}»?\s+[а-я]+\s+\d{4}"

PATTERNS: dict[str, tuple[str, ...]] = {
    "report_no": (
        rf"{_REPORT}[^№#\n]*?(?:№|#|N[oо]?\.?(?=\s*\d)|\bномер:?)\s*(?P<value>[^\s,;]*\d[^\s,;]*)",
        r"(?:номер\s+(?:акта|реестра|отч[её]та)|(?:act|report|registry|register)[ _.]?(?:number|no|num|id))\s*[:=]?\s*(?P<value>[^\s,;:]*\d[^\s,;]*)",
        r"^(?:number|номер|num|no|id)\s*[:=]\s*(?P<value>[^\s,;:]*\d[^\s,;]*)",
    ),
    "report_date": (
        rf"{_REPORT}(?:(?!поруч|п/п|период|договор)[^\n])*?\bот\s+(?P<value>{_DAY})",
        rf"(?:дата\s+(?:акта|реестра|отч[её]та|формирования|составления|документа)|(?:act|report|registry|register|doc\w*)[ _.]?date|created(?:[ _]at)?)\s*[:=]?\s*(?P<value>{_DAY})",
        rf"^(?:дата|date)\s*[:=]?\s*(?P<value>{_DAY})",
        rf"{_REPORT}(?:(?!поруч|п/п|период|договор)[^\n])*?\bза\s+(?P<value>{_DAY})\s*(?:г\.?|года)?\s*$",
    ),
    "period_from": (
        rf"(?:период|за|period|отч[её]тн)[^\n]*?\b(?:с|from)?\s*(?P<value>{_DAY})\s*(?:г\.?|года)?\s*(?:по|-|–|—|to|\.\.)\s*(?:{_DAY})",
        rf"(?:period[ _]?(?:from|start)|date[ _]?from|начало\s+периода)\s*[:=]?\s*(?P<value>{_DAY})",
    ),
    "period_to": (
        rf"(?:период|за|period|отч[её]тн)[^\n]*?(?:{_DAY})\s*(?:г\.?|года)?\s*(?:по|-|–|—|to|\.\.)\s*(?P<value>{_DAY})",
        rf"(?:period[ _]?(?:to|end)|date[ _]?to|конец\s+периода)\s*[:=]?\s*(?P<value>{_DAY})",
    ),
    "payment_order_no": (
        rf"{_ORDER}[^№#\d\n]*?(?:№|#|номер|N\b)?:?\s*(?P<value>\d[^\s,;]*)",
        r"(?:pay(?:ment)?[ _]?(?:order)?[ _]?(?:no|number|num))\s*[:=]\s*(?P<value>[^\s,;]+)",
    ),
    "payment_order_date": (
        rf"{_ORDER}[^\n]*?\bот\s+(?P<value>{_DAY})",
        rf"(?:pay(?:ment)?[ _]?(?:order)?[ _]?date)\s*[:=]\s*(?P<value>{_DAY})",
    ),
    "payment_order_sum": (
        rf"{_ORDER}[^\n]*?(?:на\s+сумму|сумма|в\s+размере):?\s*(?P<value>\d[\d\s.,\u00a0\u202f]*\d|\d)",
        r"(?:pay(?:ment)?[ _]?(?:order)?[ _]?(?:sum|amount))\s*[:=]\s*(?P<value>[\d.,]+)",
    ),
}
"""Patterns of the head facts over a title row; the first that finds a readable value is written down."""

_SUM = re.compile(
    r"(?<![\d.,])\d{1,3}(?:[ \u00a0\u202f]\d{3})+(?:[.,]\d{1,2})?(?!\d)|(?<![\d.,])\d+(?:[.,]\d{1,2})?(?!\d)"
)
_LEGAL = re.compile(
    r"((?:ООО|АО|ПАО|ЗАО|ОАО)\s*[«\"„“][^»\"“”]{2,60}[»\"”“](?:[»\"”“])?|ИП\s+[А-ЯЁ][а-яё]+(?:\s+[А-ЯЁ]\.?(?:[а-яё]+)?\s*[А-ЯЁ]\.?(?:[а-яё]+)?)?)"
)
_COURIER_ROLE = r"(?:агент|исполнитель|курьер\w*|перевозчик|служба\s+доставки|экспедитор|подрядчик|оператор|отправитель\s+отч\w*|courier|agent|carrier|от\s+кого|поставщик\s+услуг|компания)"
_SHOP_ROLE = r"(?:принципал|заказчик|клиент|интернет-магазин|магазин|получатель|покупатель|доверитель|комитент|client|shop|customer|для|кому)"
_SERVICE = re.compile(
    r"((?:(?i:служба\s+доставки|курьерская\s+(?:служба|компания)|транспортная\s+компания)|КС|ТК|СД)\s+[«\"„]?[А-ЯЁA-Z][\w\-]*(?:[ \-][А-ЯЁA-Z][\w\-]*)?[»\"“]?)"
)
_INN = re.compile(r"\bИНН:?\s*(\d{12}|\d{10})\b", re.IGNORECASE)


def head_patterns(titles: Sequence[str]) -> dict[str, str]:
    """The pattern of each head fact that is found above the table and can be read."""
    found = {}
    for fact, patterns in PATTERNS.items():
        for pattern in patterns:
            if any(_readable(fact, pattern, " ".join(title.split())) for title in titles):
                found[fact] = pattern
                break
    return found


def _readable(fact: str, pattern: str, title: str) -> bool:
    match = re.search(pattern, title, re.IGNORECASE)
    if match is None:
        return False
    text = match["value"].rstrip(".,;")
    try:
        if fact.endswith(("_no",)):
            return parse_id(text) is not None
        return (money(text) if fact.endswith("_sum") else parse_date(text)) is not None
    except BadCell:
        return False


def sums_in(texts: Iterable[str]) -> set[int]:
    """All numbers in the texts as hundredths: one of them may be the sum of the payment order."""
    found: set[int] = set()
    for text in texts:
        for match in _SUM.finditer(" ".join(text.split())):
            amount = money(match[0])
            if amount:
                found.add(amount)
    return found


def courier_in(titles: Sequence[str]) -> str | None:
    """The courier as the file itself calls it; None when it calls none."""
    best: tuple[int, str] | None = None
    for title in titles:
        plain = " ".join(title.split())
        for found in (*_LEGAL.finditer(plain), *_SERVICE.finditer(plain)):
            before = plain[: found.start()].casefold().replace("ё", "е")
            roles = [
                *((m.end(), 2) for m in re.finditer(_COURIER_ROLE, before)),
                *((m.end(), -1) for m in re.finditer(_SHOP_ROLE, before)),
            ]
            role = max(roles, default=(0, 1))[1]
            if role > 0 and (best is None or role > best[0]):
                best = (role, found[1].strip())
    return best[1] if best else None


def inns_in(titles: Sequence[str]) -> list[str]:
    """Tax numbers named above the table, in order."""
    return [found[1] for title in titles for found in _INN.finditer(title)]
