"""What the words in a column of statuses, operations or payments mean, as far as their stems tell."""

import re
from collections.abc import Iterable

from sverka.recognition.texts import folded
from sverka.recognition.vocabulary import Vocabulary

Stems = tuple[tuple[str, str | None], ...]

_OUTCOMES: Stems = (
    (r"предварит|не окончат|prelim", None),
    (r"частич|partial|particular", "partially_delivered"),
    (r"утилиз|уничтож|destroy|dispos|utiliz", "destroyed"),
    (r"утер|утрач|утрат|потер|пропаж|\blost\b", "lost"),
    (r"отправител[юя]|возвращ|returned", "returned"),
    (
        r"отказ|\bне\s*(?:вруч|достав|выкуп|востреб|забр|явил|выдан|состоя)|невыкуп|невостреб|недостав|истек|отмен|аннул|cancel|refus|reject|not deliver|undeliver|unclaim|otkaz",
        "refused",
    ),
    (r"возврат|\breturn|vozvrat", "returned"),
    (
        r"в пути|на склад|принят|передан|поступ|сортир|ожида|хранени|создан|\bнов|в работе|доставляется|на доставк|в доставк|transit|pending|process|created|waiting",
        None,
    ),
    (
        r"доставлен|вручен|выдан|выкуп|выполнен|исполнен|завершен|закрыт|реализован|продан|получен|deliver|complete|issued|\bdone\b|success|received|handed|vruchen|dostavlen|vydan|\bok\b",
        "delivered",
    ),
)

_METHODS: Stems = (
    (
        r"предоплат|онлайн|на сайте|prepaid|online|без оплаты|\bno\b|не требуется|уже оплачен",
        "prepaid",
    ),
    (
        r"безнал|карт|эквайр|сбп|\bqr\b|card|терминал|\bбанк|\bpos\b|cashless|beznal|sbp|visa|мир\b",
        "card",
    ),
    (r"налич|\bнал\b|касса|cash|\bnal", "cash"),
)

_KINDS: Stems = (
    (r"разрез|снят\w*\s+удерж|возврат\s+(?:удерж|резерв)", "hold_release"),
    (r"забор|вызов курьер|pickup|pick up|zabor", "pickup"),
    (r"штраф|неусто|пен[ия]\b|fine|penalt|shtraf", "fine"),
    (r"корректир|сторно|перерасч|исправлен|correct|adjust|компенсац", "correction"),
    (r"резерв|\bhold", "hold"),
    (
        r"хранени|смс|sms|упаков|услуг|абонент|service|storage|страхов|комисс|доп\b|дополн",
        "service",
    ),
    (r"возврат|отказ|невыкуп|return|refund|refus|vozvrat", "return"),
    (
        r"доставк|выдач|вручен|заказ|отправлен|прием|платеж|продаж|реализац|оплат|deliver|order|sale|cod|payment|налож",
        "order",
    ),
)

_LISTS = {
    "outcome": ("outcomes", _OUTCOMES),
    "payment_method": ("payment_methods", _METHODS),
    "row_kind": ("row_kinds", _KINDS),
}

UNKNOWN = "?"


def meaning(field: str, word: str, vocabulary: Vocabulary) -> str | None:
    """What the word means for the field; None: known to say nothing; `UNKNOWN`: nobody knows."""
    listed, stems = _LISTS[field]
    plain = folded(word)
    exact = vocabulary.words[listed].get(plain)
    if exact is not None:
        return exact
    for pattern, meant in stems:
        if re.search(pattern, plain):
            return meant
    return UNKNOWN


def meanings(
    field: str, words: Iterable[str | None], vocabulary: Vocabulary
) -> dict[str, str | None]:
    """Each different word of a column, in the order of the file, with what it means."""
    found: dict[str, str | None] = {}
    for word in words:
        if word is not None:
            plain = " ".join(word.split())
            found.setdefault(plain, meaning(field, plain, vocabulary))
    return found
