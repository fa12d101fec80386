"""Is this request what MoySklad's documentation allows? Sentences about what it does not.

The judge reads bytes only: it imports nothing of Sverka.
"""

import ast
import importlib.util
import json
import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from tests.support.proxy import Exchange
from tests.wire import vendor

ROOT = "/api/remap/1.2"
LISTED = "|".join(vendor.FILTERS)
DOCUMENTS = "|".join(vendor.WRITABLE)
WITH_POSITIONS = "customerorder|demand|salesreturn|supply"
CREATED = "|".join(vendor.REQUIRED)

LIST, OBJECT, OTHER, SAVE, DELETE = "list", "object", "other", "save", "delete"
RESOURCES = (
    ("GET", rf"/entity/({LISTED})", LIST),
    ("GET", rf"/entity/({WITH_POSITIONS})/{vendor.UUID}/positions", LIST),
    ("GET", rf"/entity/({LISTED})/{vendor.UUID}", OBJECT),
    # The docs show DELETE there; GET is what the vendor's SDKs and integrators use.
    ("GET", rf"/entity/({DOCUMENTS})/syncid/{vendor.UUID}", OTHER),
    ("GET", rf"/entity/({DOCUMENTS})/metadata", OTHER),
    ("POST", rf"/entity/({DOCUMENTS})", SAVE),
    ("POST", rf"/entity/({CREATED})/delete", DELETE),
)
PARAMETERS = {
    LIST: {"limit", "offset", "filter", "order", "expand"},
    OBJECT: {"expand"},
    OTHER: set(),
    SAVE: set(),
    DELETE: set(),
}
# Nothing but these may stand bare in a value (RFC 3986, unreserved) beside percent-encodings.
ENCODED = re.compile(r"(?:[A-Za-z0-9\-._~]|%[0-9A-F]{2})*")
CONDITION = re.compile(r"([A-Za-z.]+)(>=|<=|!=|=~|~=|=|>|<|~)(.*)", re.DOTALL)
FILTER_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d(:\d\d(\.\d{3})?)?")
DOCUMENT_MOMENT = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:00")


def wrong(one: Exchange, host: str, token: str) -> list[str]:
    """What is wrong with this request to the server at `host` (name and port)."""
    return [f"{sentence}: {one}" for sentence in _wrong(one, host, token)]


def _wrong(one: Exchange, host: str, token: str) -> Iterator[str]:
    yield from _headers(one, host, token)
    path, question, query = one.target.partition("?")
    if not path.startswith(ROOT):
        yield "another address than the API's"
        return
    found = [
        (kind, match)
        for method, pattern, kind in RESOURCES
        if method == one.method
        and (match := re.fullmatch(pattern, path.removeprefix(ROOT))) is not None
    ]
    if not found:
        yield "no such resource"
        return
    [(kind, match)] = found
    entity = match[1]
    positions = path.endswith("/positions")
    if question:
        yield from _query(entity, kind, query, positions=positions)
    elif kind == LIST:
        yield "a list without limit: the default may change"
    if kind == SAVE:
        yield from _bulk(one, host, entity)
    elif kind == DELETE:
        yield from _deletion(one, host, entity)
    elif one.request.body:
        yield "a read with a body"


# ---------------------------------------------------------------------------------------------
# Line, headers, query


def _headers(one: Exchange, host: str, token: str) -> Iterator[str]:
    headers = one.request.fields
    yield from _sizes(one)
    expected = {
        "host": host,
        "accept": "application/json;charset=utf-8",
        "accept-encoding": "gzip",
        "authorization": f"Bearer {token}",
    }
    for name, value in expected.items():
        if headers.get(name) != value:
            yield f"{name} is {headers.get(name)!r}"
    if not headers.get("user-agent"):
        yield "nobody says who asks"
    if headers.get("connection", "keep-alive").lower() != "keep-alive":
        yield "the connection is not to be used again"
    allowed = {*expected, "user-agent", "connection"}
    if one.is_write:
        allowed |= {"content-type", "content-length"}
        if headers.get("content-type") != "application/json":
            yield f"content-type is {headers.get('content-type')!r}"
    if extra := headers.keys() - allowed:
        yield f"headers that nobody asked for: {sorted(extra)}"


def _sizes(one: Exchange) -> Iterator[str]:
    if len(one.request.fields) != len(one.request.headers):
        yield "a header twice"
    if not one.request.line.endswith(" HTTP/1.1"):
        yield "not HTTP/1.1"
    if len(one.request.start) + 4 > vendor.HEAD_BYTES:
        yield f"{len(one.request.start)} bytes of address and headers"
    if len(one.request.body) > vendor.BODY_BYTES:
        yield f"{len(one.request.body)} bytes of body"


def _query(entity: str, kind: str, query: str, *, positions: bool) -> Iterator[str]:
    pairs = [one.partition("=") for one in query.split("&")]
    yield from (f"{name} is bare" for name, _, value in pairs if not ENCODED.fullmatch(value))
    values = {name: unquote(value, errors="strict") for name, _, value in pairs}
    if len(values) != len(pairs):
        yield "a parameter twice"
    if extra := values.keys() - PARAMETERS[kind]:
        yield f"parameters that it has not: {sorted(extra)}"
    limit = values.get("limit", "")
    if kind == LIST and not (limit.isdigit() and 1 <= int(limit) <= vendor.ELEMENTS):
        yield f"limit is {limit!r}"
    if not values.get("offset", "0").isdigit():
        yield f"offset is {values['offset']!r}"
    if "expand" in values:
        yield from _expand(entity, kind, values["expand"], limit)
    if positions and ("filter" in values or "order" in values):
        yield "positions are neither filtered nor ordered"
    elif "order" in values:
        yield from _order(entity, values["order"])
    if not positions and "filter" in values:
        yield from _filter(entity, values["filter"])


def _expand(entity: str, kind: str, expand: str, limit: str) -> Iterator[str]:
    for path in expand.split(","):
        first, *deeper = path.split(".")
        if first not in vendor.EXPANDS.get(entity, "").split():
            yield f"{first} of {entity} cannot be expanded"
        if len(deeper) >= vendor.EXPAND_LEVELS:
            yield f"{path} is too deep"
    if kind == LIST and not (limit.isdigit() and int(limit) <= vendor.EXPANDED_ROWS):
        yield f"expand with limit {limit} is ignored without a word"


def _order(entity: str, order: str) -> Iterator[str]:
    for one in order.split(";"):
        name, _, direction = one.partition(",")
        if name not in vendor.ORDERS[entity].split():
            yield f"{entity} cannot be ordered by {name!r}"
        if direction not in {"asc", "desc"}:
            yield f"direction {direction!r}"


def _filter(entity: str, text: str) -> Iterator[str]:
    operators: dict[str, list[str]] = {}
    for condition in re.split(r"(?<!\\);", text):
        match = CONDITION.fullmatch(condition)
        if match is None:
            yield f"no condition: {condition!r}"
            continue
        name, operator, value = match.groups()
        operators.setdefault(name, []).append(operator)
        if operator not in vendor.FILTERS[entity].get(name, frozenset()):
            yield f"{entity} is not filtered by {name}{operator}"
        if name == "syncId":
            yield "live accounts refuse filter=syncId with 412/1034"
        if name == "id" and not re.fullmatch(vendor.UUID, value):
            yield f"no id: {value!r}"
        if name in vendor.MOMENTS and not (
            FILTER_MOMENT.fullmatch(value) and value[:19] >= vendor.FIRST_MOMENT
        ):
            yield f"no moment: {value!r}"
    for name, used in operators.items():
        if len(set(used)) > 1 and "=" in used:
            yield f"equality and inequality of {name} in one filter is an error"
        if any(used.count(operator) > 1 for operator in ("<", ">", "<=", ">=")):
            yield f"of two equal comparisons of {name} only the first counts"


# ---------------------------------------------------------------------------------------------
# Bodies


def _elements(one: Exchange) -> list[Any]:
    # Decimal shows a fraction or an exponent in the text of a number, whatever its value.
    return list(json.loads(one.request.body.decode(), parse_float=Decimal))


def _bulk(one: Exchange, host: str, entity: str) -> Iterator[str]:
    elements = _elements(one)
    yield from _size(elements)
    marks = [element.get("syncId") or element.get("meta", {}).get("href") for element in elements]
    if len(set(marks)) < len(marks):
        yield "an object twice in one request"
    for element in elements:
        if unknown := element.keys() - sdk_fields(entity):
            yield f"keys that the vendor's SDK has not: {sorted(unknown)}"
        yield from _element(element, host, entity)


def _size(elements: list[Any]) -> Iterator[str]:
    if not 1 <= len(elements) <= vendor.ELEMENTS:
        yield f"{len(elements)} elements"
    if _depth(elements) > vendor.DEPTH:
        yield "nested too deep"
    if any(len(element.get("positions", ())) > vendor.ELEMENTS for element in elements):
        yield "too many positions"


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    return 1 + max(map(_depth, value), default=0) if isinstance(value, list) else 0


def _element(element: dict[str, Any], host: str, entity: str) -> Iterator[str]:
    is_update = "meta" in element
    if is_update:
        yield from _meta(element["meta"], host, {entity}, entity)
        if element.keys() & {"syncId", "agent", "organization", "demand"}:
            yield "an update of what cannot be changed later"
    else:
        if missing := vendor.REQUIRED.get(entity, {"?"}) - element.keys():
            yield f"required and not there: {sorted(missing)}"
        if not element.get("syncId") or element.get("externalCode") != element.get("syncId"):
            yield "no mark by which it can be looked up"
        if element.get("applicable") is not True:
            yield "whether it is conducted is left open"
    yield from _fields(element, host, entity)
    if entity in vendor.OPERATIONS:
        yield from _payment(element, entity)


def _fields(element: dict[str, Any], host: str, entity: str) -> Iterator[str]:
    fields = vendor.WRITABLE[entity]
    for name, value in element.items():
        if name == "meta":
            continue
        if name not in fields:
            yield f"{name} of {entity} cannot be written"
        elif value is None and "meta" in element and fields[name] == vendor.REF:
            continue  # «Поддержка null»: clears a reference
        else:
            yield from _value(fields[name], name, value, host, entity)


def _value(kind: str, name: str, value: Any, host: str, entity: str) -> Iterator[str]:
    if kind == vendor.REF:
        yield from _meta(value.get("meta"), host, vendor.POINTS_TO[name], entity)
    elif kind == "positions":
        for position in value:
            yield from _position(position, host, entity)
    elif kind == "operations":
        for operation in value:
            yield from _operation(operation, host, entity)
    elif not PLAIN[kind](name, value):
        yield f"{name} is {value!r}, which is no {kind}"


PLAIN: dict[str, Callable[[str, Any], object]] = {
    vendor.STRING: lambda name, value: (
        isinstance(value, str) and 0 < len(value) <= vendor.LENGTHS[name]
    ),
    # «Формат даты и времени»: these are kept to the minute.
    vendor.DATE: lambda _, value: isinstance(value, str) and DOCUMENT_MOMENT.fullmatch(value),
    vendor.BOOLEAN: lambda _, value: isinstance(value, bool),
    vendor.ID: lambda _, value: re.fullmatch(vendor.UUID, str(value)),
    vendor.NUMBER: lambda _, value: _is_sum(value),
}
"""A kind of value → whether this is one, for the field of this name."""


def _position(position: dict[str, Any], host: str, entity: str) -> Iterator[str]:
    if unknown := position.keys() - vendor.POSITION:
        yield f"positions have no {sorted(unknown)}"
    yield from _meta(position["assortment"]["meta"], host, vendor.POINTS_TO["assortment"], entity)
    if not _is_sum(position["quantity"]) or type(position["price"]) is not int:
        yield f"quantity {position['quantity']!r}, price {position['price']!r}"
    # «НДС»: 0 with vatEnabled false is «без НДС», 0 with true is 0 %.
    if ("vat" in position) != ("vatEnabled" in position):
        yield "vat and vatEnabled are said together or not at all"


def _operation(operation: dict[str, Any], host: str, entity: str) -> Iterator[str]:
    if operation.keys() != {"meta", "linkedSum"}:
        yield f"a link is meta and linkedSum, not {sorted(operation)}"
    if not _is_sum(operation.get("linkedSum")):
        yield f"linkedSum is {operation.get('linkedSum')!r}"
    yield from _meta(operation["meta"], host, vendor.OPERATIONS[entity], entity)


def _payment(element: dict[str, Any], entity: str) -> Iterator[str]:
    if "meta" in element:
        return
    operations = element.get("operations", [])
    if not operations and not element.get("noClosingDocs"):
        yield f"a {entity} that pays for nothing"
    if sum(one.get("linkedSum", 0) for one in operations) > element.get("sum", 0):
        yield "links above the sum: 22000"
    targets = [one["meta"]["href"] for one in operations]
    if len(set(targets)) < len(targets):
        yield "a document linked twice: 22001"


def _is_sum(value: Any) -> bool:
    return type(value) is int and 0 < value < 2**53


def _meta(meta: Any, host: str, types: set[str], entity: str) -> Iterator[str]:
    if not isinstance(meta, dict) or not meta.keys() >= {"href", "type", "mediaType"}:
        yield f"a reference without its parts: {meta}"
        return
    if meta["mediaType"] != "application/json":
        yield f"mediaType {meta['mediaType']!r}"
    if meta["type"] not in types:
        yield f"a reference to {meta['type']} where {sorted(types)} stand"
    place = urlsplit(meta["href"])
    if place.netloc != host or place.query or place.fragment:
        yield f"a reference to another server: {meta['href']}"
    path = meta["type"] if meta["type"] != "state" else f"{entity}/metadata/states"
    if not re.fullmatch(f"{ROOT}/entity/{path}/{vendor.UUID}", place.path):
        yield f"{meta['href']} is not the address of a {meta['type']}"


def _deletion(one: Exchange, host: str, entity: str) -> Iterator[str]:
    elements = _elements(one)
    yield from _size(elements)
    for element in elements:
        if element.keys() != {"meta"}:
            yield f"more than a reference: {sorted(element)}"
        yield from _meta(element.get("meta"), host, {entity}, entity)


SDK = {
    "customerorder": "customer_order",
    "demand": "demand",
    "salesreturn": "sales_return",
    "supply": "supply",
    "paymentin": "payment_in",
    "paymentout": "payment_out",
}


@cache
def sdk_fields(entity: str) -> frozenset[str]:
    """The keys that the vendor's SDK (PyPI `moysklad-remap-12-sdk`) has for an entity.

    Read from its source: importing its thousand models takes a quarter of a minute.
    """
    package = importlib.util.find_spec("moysklad_remap_12_sdk")
    assert package is not None
    assert package.origin is not None
    source = Path(package.origin).parent / "models" / f"{SDK[entity]}.py"
    tree = ast.parse(source.read_text(encoding="utf-8"))
    [model] = [node for node in tree.body if isinstance(node, ast.ClassDef)]
    fields = [node for node in model.body if isinstance(node, ast.AnnAssign)]
    return frozenset(_alias(field) for field in fields)


def _alias(field: ast.AnnAssign) -> str:
    assert isinstance(field.target, ast.Name)
    keywords = field.value.keywords if isinstance(field.value, ast.Call) else []
    for keyword in keywords:
        if keyword.arg == "alias" and isinstance(keyword.value, ast.Constant):
            return str(keyword.value.value)
    return field.target.id
