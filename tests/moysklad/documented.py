"""What MoySklad's documentation says of the entities that Sverka talks about, as plain tables.

Written down from the vendor's pages «Документы», «Справочники», «Сортировка объектов» and its SDK,
apart from both the client and the sandbox: neither can vouch for the other here.
"""

import re
from collections.abc import Iterator
from typing import Any

from tests.moysklad import sdk

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

_EQUAL = ("=", "!=")
_TEXT = (*_EQUAL, "~", "~=", "=~")
_ORDERED = (*_EQUAL, "<", ">", "<=", ">=")

_COMMON_FILTERS = {
    **dict.fromkeys(("accountId", "id", "syncId", "owner", "group", "shared"), _EQUAL),
    **dict.fromkeys(("name", "code", "externalCode", "description"), _TEXT),
    "updated": _ORDERED,
}
_DOCUMENT_FILTERS = {
    **_COMMON_FILTERS,
    **dict.fromkeys(
        ("agent", "organization", "state", "contract", "project", "applicable"), _EQUAL
    ),
    **dict.fromkeys(("printed", "published", "isDeleted"), _EQUAL),
    **dict.fromkeys(("moment", "created", "deleted", "sum"), _ORDERED),
}
FILTERS: dict[str, dict[str, tuple[str, ...]]] = {
    "customerorder": _DOCUMENT_FILTERS | {"store": _EQUAL, "deliveryPlannedMoment": _ORDERED},
    "demand": _DOCUMENT_FILTERS | {"store": _EQUAL},
    "salesreturn": _DOCUMENT_FILTERS | {"store": _EQUAL},
    "supply": _DOCUMENT_FILTERS | {"store": _EQUAL},
    "paymentin": _DOCUMENT_FILTERS
    | {"incomingNumber": _TEXT, "incomingDate": _ORDERED, "paymentPurpose": _TEXT},
    "paymentout": _DOCUMENT_FILTERS | {"paymentPurpose": _TEXT},
    "counterparty": _COMMON_FILTERS | {"inn": _TEXT, "archived": _EQUAL},
    "organization": _COMMON_FILTERS | {"inn": _TEXT, "archived": _EQUAL},
    "service": _COMMON_FILTERS | {"archived": _EQUAL},
    "expenseitem": {name: ops for name, ops in _COMMON_FILTERS.items() if name != "syncId"},
    "currency": {"id": _EQUAL, "name": _TEXT, "code": _TEXT, "isoCode": _TEXT},
}
"""Entity → field → operators."""

_COMMON_ORDERS = {"id", "updated", "name", "externalCode"}
_DOCUMENT_ORDERS = _COMMON_ORDERS | {
    "syncId",
    "description",
    "moment",
    "applicable",
    "sum",
    "created",
}
DOCUMENTS = ("customerorder", "demand", "salesreturn", "supply", "paymentin", "paymentout")
ORDERS: dict[str, set[str]] = {
    **dict.fromkeys(DOCUMENTS, _DOCUMENT_ORDERS),
    **dict.fromkeys(("counterparty", "organization"), _COMMON_ORDERS | {"created"}),
    **dict.fromkeys(("service", "expenseitem"), _COMMON_ORDERS),
    "currency": {"id", "name", "code", "isoCode"},
}
EXPANDABLE = {"demand": {"positions.assortment"}}
"""What of the documented `expand` is used."""

LISTS = rf"/entity/({'|'.join(FILTERS)})"
RESOURCES = {
    ("GET", LISTS),
    ("GET", rf"{LISTS}/{UUID}"),
    ("GET", rf"{LISTS}/metadata"),
    ("GET", rf"/entity/(customerorder|demand|salesreturn|supply)/{UUID}/positions"),
    ("POST", rf"/entity/({'|'.join(DOCUMENTS)})"),
}
# The docs show DELETE by syncId; GET is what the vendor's Java SDK and integrators use.
RESOURCES.add(("GET", rf"/entity/({'|'.join(DOCUMENTS)})/syncid/{UUID}"))

REQUIRED: dict[str, set[str]] = {
    "paymentin": {"organization", "agent"},
    "paymentout": {"organization", "agent", "expenseItem"},
    "supply": {"organization", "agent", "store"},
    "salesreturn": {"organization", "agent", "store"},
}
"""«Необходимо при создании»; a return on a demand must also have the demand's agent."""

_ALWAYS = {
    *("accountId", "agent", "applicable", "created", "externalCode", "files", "group", "id"),
    *("meta", "moment", "name", "organization", "printed", "published", "rate", "shared"),
    *("sum", "updated"),
}
_ALWAYS_GOODS = _ALWAYS | {"positions", "vatEnabled", "vatSum"}
ALWAYS: dict[str, set[str]] = {
    "customerorder": _ALWAYS_GOODS | {"payedSum", "shippedSum", "invoicedSum", "reservedSum"},
    "demand": _ALWAYS_GOODS | {"payedSum", "store"},
    "supply": _ALWAYS_GOODS | {"payedSum", "store"},
    "salesreturn": _ALWAYS_GOODS | {"store"},
    "paymentin": _ALWAYS | {"vatSum"},
    "paymentout": _ALWAYS | {"vatSum", "expenseItem", "noClosingDocs"},
    "counterparty": {"id", "meta", "name", "externalCode", "archived", "companyType", "accountId"},
    "organization": {"id", "meta", "name", "externalCode", "archived", "companyType", "accountId"},
    "service": {"id", "meta", "name", "externalCode", "archived", "accountId", "updated"},
    "expenseitem": {"id", "meta", "name", "externalCode", "accountId", "updated"},
    "currency": {"id", "meta", "name", "code", "isoCode", "archived"},
}
"""«Обязательное при ответе», as far as Sverka's model of the service goes."""

_MODELS = {
    "customerorder": "CustomerOrder",
    "salesreturn": "SalesReturn",
    "paymentin": "PaymentIn",
    "paymentout": "PaymentOut",
    "expenseitem": "ExpenseItem",
}


def model_of(entity: str) -> Any:
    """The class that the vendor's SDK has for this entity."""
    return sdk.model(_MODELS.get(entity, entity.title()))


def unknown_keys(entity: str, body: dict[str, Any]) -> list[str]:
    """Keys anywhere in the body that the vendor's SDK does not know.

    Raises:
        ValueError: a value has another type, or is longer than allowed.
    """
    if isinstance(body.get("positions"), list):
        # A request may send the bare array (docs) or a MetaArray's rows (SDK).
        body = {**body, "positions": {"rows": body["positions"]}}
    return list(_unknown(model_of(entity).from_dict(body), entity))


def _unknown(model: Any, place: str) -> Iterator[str]:
    model = getattr(model, "actual_instance", model)  # one of several types in a wrapper
    # The SDK's readers forget what a class inherits (linkedSum), its fields do not.
    known = {field.alias or name for name, field in type(model).model_fields.items()}
    yield from (f"{place}.{key}" for key in model.additional_properties if key not in known)
    for name, value in model:
        inner = value if isinstance(value, list) else [value]
        for one in inner:
            if hasattr(one, "model_fields_set"):
                yield from _unknown(one, f"{place}.{name}")


def matches(method: str, path: str) -> bool:
    """Whether the documentation has this resource."""
    return any(m == method and re.fullmatch(pattern, path) for m, pattern in RESOURCES)
