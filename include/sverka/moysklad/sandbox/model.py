"""The entities of the sandbox and their fields: names, types, limits.

MoySklad docs, «Документы» and «Справочники»: the subset that Sverka reads and writes. A key that is
not here is ignored without a word, as the real service does.
"""

from dataclasses import dataclass
from enum import Enum, auto


class Kind(Enum):
    """What a field holds."""

    TEXT = auto()
    MONEY = auto()
    FLAG = auto()
    MOMENT = auto()
    CHOICE = auto()
    REF = auto()
    STATE = auto()
    ACCOUNT = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One field; `targets` are the entity types of a reference, `choices` those of an enum."""

    name: str
    kind: Kind = Kind.TEXT
    required: bool = False
    longest: int = 255
    targets: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()
    filterable: bool = True
    default: bool | int | str | None = None


@dataclass(frozen=True, slots=True)
class Entity:
    """One entity type.

    `pays` are the documents that its `operations` may link to; `backlinks` are the lists in which
    it shows what links to it. A global entity shows neither account nor time of change.
    """

    type: str
    fields: tuple[Field, ...]
    is_document: bool = False
    has_sync_id: bool = False
    has_accounts: bool = False
    has_owner: bool = True
    is_global: bool = False
    writable: bool = True
    position_type: str | None = None
    pays: tuple[str, ...] = ()
    backlinks: tuple[str, ...] = ()

    def field(self, name: str) -> Field | None:
        """The field of this name, or None."""
        return next((field for field in self.fields if field.name == name), None)


def _ref(name: str, *targets: str, required: bool = False, filterable: bool = True) -> Field:
    return Field(name, Kind.REF, required=required, targets=targets, filterable=filterable)


_AGENTS = ("counterparty", "organization")
_COMMON = (
    Field("name"),
    Field("code"),
    Field("externalCode"),
    Field("description", longest=4096),
    Field("moment", Kind.MOMENT),
    Field("applicable", Kind.FLAG, default=True),
    _ref("organization", "organization", required=True),
    _ref("agent", *_AGENTS, required=True),
    _ref("contract", "contract"),
    _ref("project", "project"),
    Field("state", Kind.STATE),
)
_CHANNEL = _ref("salesChannel", "saleschannel")
_ACCOUNTS = (
    Field("organizationAccount", Kind.ACCOUNT, filterable=False),
    Field("agentAccount", Kind.ACCOUNT, filterable=False),
)
_GOODS = (
    *_COMMON,
    *_ACCOUNTS,
    Field("vatEnabled", Kind.FLAG, default=True, filterable=False),
    Field("vatIncluded", Kind.FLAG, default=True, filterable=False),
)
_STORE = _ref("store", "store", required=True)
_INCOMING_NUMBER = Field("incomingNumber")
_CASH = (
    *_COMMON,
    _CHANNEL,
    Field("sum", Kind.MONEY, default=0),
    Field("vatSum", Kind.MONEY, default=0, filterable=False),
    Field("paymentPurpose"),
)
_PAYMENT = (*_CASH, *_ACCOUNTS)
_OUTGOING = (
    _ref("expenseItem", "expenseitem", required=True, filterable=False),
    Field("noClosingDocs", Kind.FLAG, default=False, filterable=False),
)
_PAID_IN = ("customerorder", "demand", "invoiceout")
_PAID_OUT = ("salesreturn", "supply")
_COMPANY = (
    Field("name", required=True),
    Field("code"),
    Field("externalCode"),
    Field("description", longest=4096),
    Field("archived", Kind.FLAG, default=False),
    Field(
        "companyType",
        Kind.CHOICE,
        choices=("legal", "entrepreneur", "individual"),
        default="legal",
    ),
    Field("legalTitle", longest=4096),
    Field("inn"),
    Field("kpp"),
    Field("ogrn", filterable=False),
    Field("email"),
    Field("phone"),
)
_BARE_ITEM = (
    Field("name", required=True),
    Field("code"),
    Field("externalCode"),
    Field("description", longest=4096),
)
_ITEM = (*_BARE_ITEM, Field("archived", Kind.FLAG, default=False))
_CURRENCY = (
    Field("name"),
    Field("code"),
    Field("isoCode"),
    Field("archived", Kind.FLAG, default=False),
)
_CHANNELS = (
    "MESSENGER",
    "SOCIAL_NETWORK",
    "MARKETPLACE",
    "ECOMMERCE",
    "CLASSIFIED_ADS",
    "DIRECT_SALES",
    "RETAIL_SALES",
    "OTHER",
)
_CONTRACT = (
    *_ITEM,
    Field("moment", Kind.MOMENT),
    Field("contractType", Kind.CHOICE, choices=("Sales", "Commission"), default="Sales"),
    _ref("ownAgent", "organization", required=True),
    _ref("agent", "counterparty", required=True),
)
_GOODS_ITEM = (*_ITEM, Field("article"))


def _document(
    kind: str,
    fields: tuple[Field, ...],
    *,
    position_type: str | None = None,
    pays: tuple[str, ...] = (),
    backlinks: tuple[str, ...] = (),
) -> Entity:
    return Entity(
        kind,
        fields,
        is_document=True,
        has_sync_id=True,
        position_type=position_type,
        pays=pays,
        backlinks=backlinks,
    )


_ALL = (
    _document(
        "customerorder",
        (
            *_GOODS,
            _CHANNEL,
            _ref("store", "store"),
            Field("deliveryPlannedMoment", Kind.MOMENT),
            Field("shipmentAddress"),
        ),
        position_type="customerorderposition",
        backlinks=("demands", "invoicesOut", "payments"),
    ),
    _document(
        "demand",
        (
            *_GOODS,
            _CHANNEL,
            _STORE,
            _ref("customerOrder", "customerorder", filterable=False),
            Field("shipmentAddress"),
        ),
        position_type="demandposition",
        backlinks=("payments", "returns"),
    ),
    _document(
        "supply",
        (
            *_GOODS,
            _STORE,
            _INCOMING_NUMBER,
            # The docs list no filter by incomingDate for supply.
            Field("incomingDate", Kind.MOMENT, filterable=False),
        ),
        position_type="supplyposition",
        backlinks=("payments",),
    ),
    _document(
        "salesreturn",
        (*_GOODS, _CHANNEL, _STORE, _ref("demand", "demand", filterable=False)),
        position_type="salesreturnposition",
        backlinks=("payments",),
    ),
    _document(
        "paymentin",
        (*_PAYMENT, _INCOMING_NUMBER, Field("incomingDate", Kind.MOMENT)),
        pays=_PAID_IN,
    ),
    _document("paymentout", (*_PAYMENT, *_OUTGOING), pays=_PAID_OUT),
    _document("cashin", _CASH, pays=_PAID_IN),
    _document("cashout", (*_CASH, *_OUTGOING), pays=_PAID_OUT),
    _document(
        "invoiceout",
        (
            *_GOODS,
            _CHANNEL,
            _ref("store", "store"),
            _ref("customerOrder", "customerorder", filterable=False),
            Field("paymentPlannedMoment", Kind.MOMENT),
        ),
        position_type="invoiceposition",
        backlinks=("payments",),
    ),
    Entity("counterparty", _COMPANY, has_sync_id=True, has_accounts=True),
    Entity("organization", _COMPANY, has_sync_id=True, has_accounts=True),
    Entity("store", _ITEM),
    Entity("project", _ITEM),
    Entity("saleschannel", (*_ITEM, Field("type", Kind.CHOICE, required=True, choices=_CHANNELS))),
    Entity("contract", _CONTRACT),
    Entity("expenseitem", _BARE_ITEM, has_owner=False),
    Entity("product", _GOODS_ITEM, has_sync_id=True),
    Entity("service", _ITEM, has_sync_id=True),
    Entity("currency", _CURRENCY, is_global=True, has_owner=False, writable=False),
    Entity("employee", (*_ITEM, Field("uid"), Field("email")), has_owner=False, writable=False),
    Entity("group", (Field("name"),), has_owner=False, writable=False),
)

ENTITIES = {entity.type: entity for entity in _ALL}
ASSORTMENT = ("product", "service")
"""What a position may hold."""
BACKLINK_OF = {
    ("demand", "customerOrder"): "demands",
    ("invoiceout", "customerOrder"): "invoicesOut",
    ("salesreturn", "demand"): "returns",
    ("paymentin", "operations"): "payments",
    ("paymentout", "operations"): "payments",
    ("cashin", "operations"): "payments",
    ("cashout", "operations"): "payments",
}
"""Type and field of a link → the list in which the target shows it."""
