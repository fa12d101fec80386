"""Links from payments to what they pay: `operations` with their `linkedSum`.

The service does not check that linkedSum fits the document or that the agents are the same
(vendor SDK tests), so neither does the sandbox: a wrong match is not caught here.
"""

from typing import Any

from sverka.moysklad.sandbox.errors import malformed, rejected, required, wrong_type
from sverka.moysklad.sandbox.model import Entity
from sverka.moysklad.sandbox.references import References, Shelf, id_of
from sverka.moysklad.sandbox.storage import Store
from sverka.moysklad.sandbox.values import parse_money


def read_operations(
    entity: Entity, given: Any, references: References, shelf: Shelf
) -> list[dict[str, Any]]:
    """The kept form of `operations`: path of the document and linkedSum in minor units.

    Raises:
        ApiError: a wrong reference or document type, no linkedSum (3000), a trashed document (3010).
    """
    if given is None:
        return []
    if not isinstance(given, list):
        raise wrong_type("operations", "array")
    operations = []
    for item in given:
        if not isinstance(item, dict):
            raise malformed(2000, "отсутствует начало объекта", parameter="operations")
        path = references.entity("operations", item, entity.pays)
        target = shelf.get(id_of(path))
        if target is not None and target.deleted is not None:
            text = "Ошибка валидации: нельзя привязать документ из корзины к платежу"
            raise rejected(3010, text, parameter="operations")
        if item.get("linkedSum") is None:
            raise required("linkedSum")
        linked = parse_money("linkedSum", item["linkedSum"])
        operations.append({"document": path, "linkedSum": linked})
    return operations


def check_operations(body: dict[str, Any]) -> None:
    """What must hold between a payment and its links, after every change of either.

    Raises:
        ApiError: 22000, 22001 or 22003.
    """
    operations = body.get("operations", [])
    if len({operation["document"] for operation in operations}) < len(operations):
        text = "Ошибка сохранения платежа: платеж содержит повторяющиеся привязанные документы"
        raise rejected(22001, text, parameter="operations")
    if sum(operation["linkedSum"] for operation in operations) > body["sum"]:
        text = "Ошибка сохранения платежа: распределенная сумма превышает сумму платежа"
        raise rejected(22000, text, parameter="operations")
    if operations and body.get("noClosingDocs"):
        text = "Ошибка сохранения платежа: невозможно привязать платеж без закрывающих документов"
        raise rejected(22003, text, parameter="operations")


def check_currency(body: dict[str, Any], shelf: Shelf, store: Store) -> None:
    """A payment on an account in a foreign currency is in the currency of that account.

    Raises:
        ApiError: 22004.
    """
    if "organizationAccount" not in body:
        return
    account = shelf.get(id_of(body["organizationAccount"]))
    own = account.body.get("currency") if account is not None else None
    base = f"currency/{store.household()[1].get('currency')}"
    if own in {None, base} or currency_of(body, base) == own:
        return
    text = (
        "Ошибка сохранения платежа: нельзя использовать валюту документа, отличную от валюты счета"
    )
    raise rejected(22004, text, parameter="rate")


def currency_of(body: dict[str, Any], base: str | None = None) -> str | None:
    """The path of a document's currency; `base` is that of a document that names none."""
    currency: str | None = body.get("rate", {}).get("currency", base)
    return currency
