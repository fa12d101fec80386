"""What a list request asks for: page, order and expansion."""

from dataclasses import dataclass
from typing import Any

from psycopg2 import sql

from sverka.moysklad.sandbox.errors import BAD_REQUEST, ApiError, beyond_sandbox
from sverka.moysklad.sandbox.http import Request
from sverka.moysklad.sandbox.model import Entity

Tree = dict[str, Any]
"""`{"agent": {}, "demand": {"positions": {}}}`: which references to replace by their objects."""

LARGEST_PAGE = 1000
LARGEST_EXPANDED_PAGE = 100
DEEPEST_EXPAND = 3

# MoySklad docs, «Сортировка объектов»: a list of fields for every type.
_GLOBAL_ORDERS = {"id": "id", "name": "name", "code": "body ->> 'code'"}
_ITEM_ORDERS = {**_GLOBAL_ORDERS, "updated": "updated", "externalCode": "external_code"}
_COMPANY_ORDERS = {
    **_ITEM_ORDERS,
    "created": "created",
    "description": "body ->> 'description'",
}
_DOCUMENT_ORDERS = {
    **{name: column for name, column in _COMPANY_ORDERS.items() if name != "code"},
    "syncId": "sync_id",
    "moment": "moment",
    "applicable": "body ->> 'applicable'",
    "sum": "(body ->> 'sum')::numeric",
}
_EXTRA_ORDERS = (
    "paymentPurpose",
    "incomingNumber",
    "incomingDate",
    "deliveryPlannedMoment",
    "paymentPlannedMoment",
)


@dataclass(frozen=True, slots=True)
class Page:
    """`limit` rows from `offset`."""

    limit: int
    offset: int


def page_of(request: Request) -> Page:
    """The wanted page.

    Raises:
        ApiError: 1040, limit is not 1…1000 or offset is negative; 501 for what is not played here.
    """
    parameters = request.parameters
    for name in ("search", "async", "fields", "namedfilter"):
        if name in parameters:
            raise beyond_sandbox(f"параметр {name}")
    limit = _whole(parameters.get("limit", str(LARGEST_PAGE)), "limit")
    offset = _whole(parameters.get("offset", "0"), "offset")
    if not 1 <= limit <= LARGEST_PAGE:
        raise _wrong("limit")
    return Page(limit, offset)


def expand_of(request: Request) -> Tree:
    """The tree of `expand`.

    Raises:
        ApiError: 1089, a path is deeper than three.
    """
    tree: Tree = {}
    for path in filter(None, request.parameters.get("expand", "").split(",")):
        steps = path.strip().split(".")
        if len(steps) > DEEPEST_EXPAND:
            raise not_expandable(path)
        branch = tree
        for step in steps:
            branch = branch.setdefault(step, {})
    return tree


def expand_of_list(request: Request) -> Tree:
    """The same for a list, where it is ignored in silence unless `limit` is given and ≤ 100."""
    if "limit" not in request.parameters or page_of(request).limit > LARGEST_EXPANDED_PAGE:
        return {}
    return expand_of(request)


def order_of(request: Request, entity: Entity) -> sql.Composable:
    """The ORDER BY; ties and unordered lists go by id, so that pages never overlap.

    Raises:
        ApiError: 1063.
    """
    parts: list[sql.Composable] = []
    for item in filter(None, request.parameters.get("order", "").split(";")):
        name, _, direction = item.strip().partition(",")
        if direction not in {"", "asc", "desc"}:
            raise _wrong("order")
        down = "desc" if direction == "desc" else "asc"
        parts.append(sql.SQL("{} {}").format(_sorted_by(name, entity), sql.SQL(down)))
    return sql.SQL(", ").join([*parts, sql.SQL("id")])


def _sorted_by(name: str, entity: Entity) -> sql.Composable:
    known = _orders_of(entity)
    if name in known:
        return sql.SQL(known[name])
    if name in _EXTRA_ORDERS and entity.field(name):
        return sql.SQL("body ->> {}").format(sql.Literal(name))
    raise not_sortable(name)


def _orders_of(entity: Entity) -> dict[str, str]:
    if entity.is_document:
        return _DOCUMENT_ORDERS
    if entity.is_global:
        return _GLOBAL_ORDERS
    return _COMPANY_ORDERS if entity.has_accounts else _ITEM_ORDERS


def not_sortable(name: str) -> ApiError:
    """1063: a list cannot be sorted by this field."""
    text = (
        f"Ошибка сортировки: неизвестное поле '{name}' "
        "или сортировка для данного поля не поддерживается"
    )
    return ApiError(BAD_REQUEST, 1063, text, parameter="order")


def not_expandable(path: str) -> ApiError:
    """1089: this field cannot be replaced by its object."""
    return ApiError(BAD_REQUEST, 1089, f"Expand поля {path} не поддерживается", parameter="expand")


def _whole(text: str, name: str) -> int:
    if not text.isdecimal() or not text.isascii():
        raise _wrong(name)
    return int(text)


def _wrong(name: str) -> ApiError:
    return ApiError(BAD_REQUEST, 1040, "Неверно заданы параметры запроса", parameter=name)
