"""Headers as words: what people shorten, hyphenate, misspell or write twice in two languages."""

import re
from functools import lru_cache

from sverka.recognition.texts import header_key

_CAMEL = re.compile(
    r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[а-яё])(?=[А-ЯЁ])|(?<=[А-ЯЁ])(?=[А-ЯЁ][а-яё])"
)
_CURRENCY = re.compile(
    r"[\s,(]+(?:в\s+)?(?:usd|eur|kzt|byn|cny|kgs|amd|тг|тенге|доллар\w*|евро|юан\w*|\$|€|₸|¥)\)?\s*$",
    re.IGNORECASE,
)
"""The ruble is taken off by `header_key` already."""
_RATE = re.compile(r"\(?\d+(?:[.,]\d+)?\s?%\)?")
"""«Комиссия 3%» holds sums, «Комиссия, %» holds rates."""
_GLUED = re.compile(
    r"^(order|client|shop|delivery|delivered|ship|pay|payment|cod|track|tracking|total|act|to|for|zakaz|parcel|"
    r"waybill|agent|return|insurance|storage|doc|bar|cash|client|recipient|report)(no|nr|num|number|id|sum|date|price|pay|payment|fee|cost|"
    r"amount|code|transfer|client|commission|service)$"
)
_KEY = re.compile(r"[@#]?[A-Za-zА-Яа-яЁё][A-Za-zА-Яа-яЁё0-9_.@#/\-]*")
_LATIN = re.compile(r"[@#]?[A-Za-z][A-Za-z0-9_.@#/\-]*")
_TWICE = re.compile(r"([^/]*[а-яё][^/]*?)\s*[/|]\s*([^/а-яё]*[a-z]{2}[^/а-яё]*)", re.IGNORECASE)
"""«Получено / Collected»."""
_HYPHENATED = re.compile(r"(?<=[а-яё])(?<!интернет)-\s+(?=[а-яё])")

_SHORT: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(rf"\b{short}(?=[\s),/]|$)", re.IGNORECASE), full)
    for short, full in (
        (r"ст-ть|стоим\.", "стоимость"),
        (r"дост\.", "доставки"),
        (r"зак\.", "заказа"),
        (r"возн\.|вознагр\.", "вознаграждение"),
        (r"аг\.|агент\.", "агентское"),
        (r"перечисл?\.", "перечислению"),
        (r"страх\.", "страхование"),
        (r"ком\.|комис\.", "комиссия"),
        (r"отпр\.", "отправления"),
        (r"накл\.", "накладная"),
        (r"получ\.", "получено"),
        (r"налож\.?\s+(?:плат|пл)\.", "наложенный платеж"),
        (r"нал\.\s?пл(?:ат)?\.", "наложенный платеж"),
        (r"н/п|н\.п\.|н\.\s?пл\.", "НП"),
        (r"усл\.", "услуги"),
    )
)

_OFTEN_MISSPELT = [
    "комиссия",
    "комиссии",
    "вознаграждение",
    "вознаграждения",
    "перечислению",
    "перечисление",
    "перечислено",
    "стоимость",
    "доставка",
    "доставки",
    "получателя",
    "покупателя",
    "получено",
    "наложенный",
    "страховка",
    "страхование",
    "эквайринг",
    "хранение",
    "агентское",
    "накладная",
    "отправление",
    "отправления",
]
_DOUBLED = re.compile(r"([а-я])\1")
_LONG_WORD = re.compile(r"[а-я]{7,}")


@lru_cache(maxsize=4096)
def spoken(title: str) -> str:
    """The header as words: `codSum` and `cod_sum` → `cod sum`, `«№ зак.»` → `номер заказа`."""
    plain = title.strip()
    if _KEY.fullmatch(plain):
        plain = re.sub(
            r"[@#_./\-]+" if _LATIN.fullmatch(plain) else "_", " ", _CAMEL.sub(" ", plain)
        )
        plain = " ".join(_GLUED.sub(r"\1 \2", word) for word in plain.lower().split())
    plain = _CURRENCY.sub("", _one_language(" ".join(_RATE.sub(" ", plain).split())))
    for short, full in _SHORT:
        plain = short.sub(full, plain)
    plain = _HYPHENATED.sub("", plain)
    return _LONG_WORD.sub(_spelt, header_key(plain))


def _one_language(title: str) -> str:
    twice = _TWICE.fullmatch(title)
    return twice[1] if twice else title


def _spelt(found: re.Match[str]) -> str:
    word = found[0]
    if word in _OFTEN_MISSPELT:
        return word
    bare = _DOUBLED.sub(r"\1", word)
    return next((one for one in _OFTEN_MISSPELT if _nearly(bare, _DOUBLED.sub(r"\1", one))), word)


def _nearly(word: str, other: str) -> bool:
    """True when one letter changed, lost or added makes one of the other; the first one stays."""
    if word[0] != other[0] or abs(len(word) - len(other)) > 1:
        return False
    same = next((i for i, (a, b) in enumerate(zip(word, other, strict=False)) if a != b), None)
    if same is None:
        return True
    return word[same + 1 :] == other[same + 1 :] or (
        len(word) != len(other)
        and word[same + (len(word) > len(other)) :] == other[same + (len(other) > len(word)) :]
    )
