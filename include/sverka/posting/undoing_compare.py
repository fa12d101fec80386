"""Whether a document is still the one that we posted: field by field, and what was linked to it."""

from collections import Counter
from collections.abc import Callable, Collection
from decimal import Decimal
from typing import Any
from uuid import UUID

from sverka.money import NotMoney
from sverka.moysklad.documents import body
from sverka.moysklad.wire import id_of, minor
from sverka.posting.undoing_targets import Target

FIELDS = {
    "applicable": "проведение",
    "sum": "сумма",
    "agent": "контрагент",
    "organization": "юрлицо",
    "moment": "дата",
    "operations": "связи с документами",
    "positions": "позиции",
    "demand": "отгрузка",
    "store": "склад",
    "expenseItem": "статья расходов",
    "incomingNumber": "входящий номер",
    "incomingDate": "входящая дата",
    "paymentPurpose": "назначение платежа",
    "description": "комментарий",
}
"""What we wrote and a person may have changed, in the order in which it is told."""

LINKS = {
    "payments": "привязан платёж",
    "factureOut": "выписан счёт-фактура",
    "factureIn": "получен счёт-фактура",
    "invoicesIn": "привязан счёт поставщика",
    "returns": "оформлен возврат",
    "losses": "оформлено списание",
}
"""What others build on a document; MoySklad shows it from the document's own side."""

MINUTE = len("2026-11-20 12:00")


def changed(target: Target, found: dict[str, Any], base_url: str, going: Collection[UUID]) -> str:
    """What a person did to the document since we posted it, in Russian; empty when nothing.

    `found` is MoySklad's picture with its positions. `going` are documents that go as well.
    """
    if words := _built_on(found, going):
        return words
    sent = body(target.document, base_url, lambda _: target.parent or target.moysklad_id)
    # Goods documents have no sum of their own in a request; MoySklad counts it.
    sent["sum"] = target.amount
    others = [
        words
        for field, words in FIELDS.items()
        if field in sent and _plain(field, sent[field]) != _plain(field, found.get(field))
    ]
    if others:
        return f"документ изменили после проведения: {', '.join(others)}"
    if found.get("files", {}).get("meta", {}).get("size"):
        return "к документу приложили файлы"
    return ""


def _built_on(found: dict[str, Any], going: Collection[UUID]) -> str:
    for field, words in LINKS.items():
        linked = found.get(field) or []
        for one in linked if isinstance(linked, list) else [linked]:
            if id_of(one) not in going:
                return f"к документу {words}"
    return ""


def _plain(field: str, value: Any) -> object:
    """A field's value so that what was sent and what MoySklad shows can be compared."""
    if value is None:
        # MoySklad leaves empty fields out of its answers.
        return _EMPTY.get(field)
    try:
        return _PLAIN.get(field, str)(value)
    except (NotMoney, ValueError, TypeError, AttributeError):
        return f"unreadable: {value!r}"


def _positions(value: Any) -> object:
    rows = value["rows"] if isinstance(value, dict) else value
    return Counter(
        (id_of(row["assortment"]), Decimal(row["quantity"]), minor(row.get("price", 0)))
        for row in rows
    )


def _operations(value: Any) -> object:
    return Counter((id_of(one), minor(one["linkedSum"])) for one in value)


def _minute(value: Any) -> object:
    return str(value)[:MINUTE]


_PLAIN: dict[str, Callable[[Any], object]] = {
    "applicable": bool,
    "sum": minor,
    "agent": id_of,
    "organization": id_of,
    "moment": _minute,
    "incomingDate": _minute,
    "operations": _operations,
    "positions": _positions,
    "demand": id_of,
    "store": id_of,
    "expenseItem": id_of,
}
_EMPTY: dict[str, object] = {"operations": Counter(), "positions": Counter(), "sum": 0}
