"""MoySklad's documentation of JSON API 1.2 as tables: what Sverka says and nothing more.

Written down from the vendor's own pages, apart from the client, from the sandbox and from the
client's own tests. Each table names its section.
"""

UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"

# --- «Атрибуты сущности», column «Фильтрация» --------------------------------------------------

SAME = frozenset({"=", "!="})
TEXT = SAME | {"~", "~=", "=~"}
RANGE = SAME | {"<", ">", "<=", ">="}


def _by(operators: frozenset[str], names: str) -> dict[str, frozenset[str]]:
    return dict.fromkeys(names.split(), operators)


_DOCUMENT = (
    _by(SAME, "accountId agent applicable contract group id organization owner printed project")
    | _by(SAME, "published shared state syncId isDeleted")
    | _by(TEXT, "code description externalCode name state.name")
    | _by(RANGE, "created deleted moment sum updated")
)
FILTERS = {
    "customerorder": _DOCUMENT
    | _by(SAME, "salesChannel store assortment")
    | _by(TEXT, "shipmentAddress")
    | _by(RANGE, "deliveryPlannedMoment"),
    "demand": _DOCUMENT | _by(SAME, "salesChannel store assortment") | _by(TEXT, "shipmentAddress"),
    "salesreturn": _DOCUMENT | _by(SAME, "salesChannel store assortment"),
    # «Приемка»: incomingNumber and incomingDate have no operators there.
    "supply": _DOCUMENT | _by(SAME, "store assortment"),
    "paymentin": _DOCUMENT
    | _by(SAME, "salesChannel")
    | _by(TEXT, "incomingNumber paymentPurpose")
    | _by(RANGE, "incomingDate"),
    "paymentout": _DOCUMENT | _by(SAME, "salesChannel") | _by(TEXT, "paymentPurpose"),
    "counterparty": _by(SAME, "accountId archived companyType group id owner shared state syncId")
    | _by(TEXT, "actualAddress code description email externalCode fax name phone tags")
    | _by(RANGE, "created updated"),
    "organization": _by(SAME, "accountId archived companyType id owner shared syncId")
    | _by(TEXT, "actualAddress code description externalCode name")
    | _by(RANGE, "created updated"),
    "service": _by(SAME, "accountId archived group id owner shared syncId")
    | _by(TEXT, "barcodes code description externalCode name pathName")
    | _by(RANGE, "updated"),
    "expenseitem": _by(SAME, "accountId group id owner shared")
    | _by(TEXT, "code description externalCode name")
    | _by(RANGE, "updated"),
    "store": _by(SAME, "accountId archived group id owner parent shared")
    | _by(TEXT, "address code description externalCode name pathName")
    | _by(RANGE, "updated"),
    "currency": _by(SAME, "archived default id")
    | _by(TEXT, "code fullName isoCode name")
    | _by(RANGE, "multiplicity"),
}
"""Entity → field → operators."""

MOMENTS = frozenset(
    ["created", "deleted", "moment", "updated", "incomingDate", "deliveryPlannedMoment"]
)
FIRST_MOMENT = "1970-01-01 03:00:00"
"""«Формат даты и времени»: the least value of a filter."""

# --- «Сортировка»: the table of sortable fields ------------------------------------------------

_DOCUMENT_ORDER = "id syncId version updated updatedBy name description externalCode moment applicable sum created"
ORDERS = {
    **dict.fromkeys(("demand", "salesreturn", "supply"), _DOCUMENT_ORDER),
    "customerorder": f"{_DOCUMENT_ORDER} deliveryPlannedMoment",
    "paymentin": f"{_DOCUMENT_ORDER} paymentPurpose incomingNumber incomingDate",
    "paymentout": f"{_DOCUMENT_ORDER} paymentPurpose",
    "counterparty": "id version updated updatedBy name description code externalCode archived"
    " created phone email fax",
    "organization": "id version updated updatedBy name description code externalCode archived"
    " created inn actualAddress legalTitle legalAddress kpp phone email fax",
    "service": "id version updated updatedBy name code externalCode archived pathName syncId",
    "expenseitem": "id version updated updatedBy name description code externalCode",
    "store": "id version updated updatedBy name description code externalCode address archived"
    " pathName",
    "currency": "id name archived default fullname code isoCode multiplicity",
}

# --- «Атрибуты сущности», marks `+Expand` ------------------------------------------------------

_DOCUMENT_EXPAND = (
    "agent agentAccount contract files group organization organizationAccount owner project state"
)
EXPANDS = {
    "customerorder": f"{_DOCUMENT_EXPAND} positions salesChannel store",
    "demand": f"{_DOCUMENT_EXPAND} positions salesChannel store",
    "salesreturn": f"{_DOCUMENT_EXPAND} positions salesChannel store",
    "supply": f"{_DOCUMENT_EXPAND} positions store",
    "paymentin": f"{_DOCUMENT_EXPAND} salesChannel",
    "paymentout": f"{_DOCUMENT_EXPAND} expenseItem salesChannel",
}

# --- «Атрибуты сущности» without «Только для чтения», and «Связи с другими документами» --------

REF, STRING, DATE, BOOLEAN, NUMBER, ID = "ref", "string", "date", "boolean", "number", "uuid"

_WRITABLE = (
    dict.fromkeys(["agent", "contract", "group", "organization", "owner", "project", "state"], REF)
    | dict.fromkeys(["code", "description", "externalCode", "name"], STRING)
    | {"applicable": BOOLEAN, "shared": BOOLEAN, "moment": DATE, "syncId": ID}
    | {"organizationAccount": REF, "agentAccount": REF, "attributes": "list", "rate": "object"}
)
_WITH_GOODS = _WRITABLE | {
    "store": REF,
    "positions": "positions",
    "vatEnabled": BOOLEAN,
    "vatIncluded": BOOLEAN,
}
_PAYMENT = _WRITABLE | {
    "sum": NUMBER,
    "vatSum": NUMBER,
    "paymentPurpose": STRING,
    "operations": "operations",
    "salesChannel": REF,
}
WRITABLE = {
    "customerorder": _WITH_GOODS | {"salesChannel": REF, "deliveryPlannedMoment": DATE},
    "demand": _WITH_GOODS | {"salesChannel": REF, "customerOrder": REF, "overhead": "object"},
    "salesreturn": _WITH_GOODS | {"salesChannel": REF, "demand": REF},
    "supply": _WITH_GOODS
    | {"incomingNumber": STRING, "incomingDate": DATE, "overhead": "object", "purchaseOrder": REF},
    "paymentin": _PAYMENT | {"incomingNumber": STRING, "incomingDate": DATE},
    "paymentout": _PAYMENT | {"expenseItem": REF, "noClosingDocs": BOOLEAN},
}
"""Entity → field → kind of value."""

LENGTHS = {"description": 4096, "name": 255, "code": 255, "externalCode": 255} | {
    "paymentPurpose": 255,
    "incomingNumber": 255,
}
POSITION = {"assortment", "discount", "pack", "price", "quantity", "slot", "things", "vat"} | {
    "vatEnabled",
    "country",
    "gtd",
    "cost",
    "trackingCodes",
    "id",
}

# --- «Создать …»: what is required -------------------------------------------------------------

REQUIRED = {
    "paymentin": {"organization", "agent"},
    "paymentout": {"organization", "agent", "expenseItem"},
    "supply": {"organization", "agent", "store"},
    "salesreturn": {"organization", "agent", "store"},
}

# --- What a reference in a field may point to --------------------------------------------------

POINTS_TO = {
    "agent": {"counterparty", "organization"},
    "organization": {"organization"},
    "store": {"store"},
    "expenseItem": {"expenseitem"},
    "demand": {"demand"},
    "customerOrder": {"customerorder"},
    "assortment": {"product", "service", "variant", "bundle", "consignment"},
    "state": {"state"},
}
OPERATIONS = {
    "paymentin": {"customerorder", "purchasereturn", "demand", "invoiceout"}
    | {"commissionreportin", "retailshift"},
    "paymentout": {"salesreturn", "supply", "invoicein", "purchaseorder", "commissionreportout"},
}
"""«Разрешенные типы связанных операций»."""

# --- «Ограничения», «Первые шаги» --------------------------------------------------------------

HEAD_BYTES = 8 * 1024
BODY_BYTES = 20 * 1000 * 1000
ELEMENTS = 1000
DEPTH = 10
EXPANDED_ROWS = 100
EXPAND_LEVELS = 3
IN_FLIGHT = 5
UNITS = 45
WINDOW = 3.0
REQUESTS_PER_CONNECTION = 100
IDLE = 30.0
ANSWER = 300.0
IDENTICAL_FAILURES = 200
"""Per minute."""
