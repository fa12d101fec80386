"""XML and JSON as trees of dicts, lists and text; numbers stay the text of the file."""

import json
import re
from decimal import Context
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sverka.errors import Refusal
from sverka.reading.delimited import decoded
from sverka.reading.limits import MAX_DEPTH

_EXCEL_DIGITS = Context(prec=15)
_SPARE_ZEROS = re.compile(r"(\.\d\d)0+$")


def read_json(data: bytes) -> Any:
    """The JSON tree. Numbers are text, so that no digit is lost.

    One value per line (NDJSON) is a list of these values.

    Raises:
        Refusal: cut off, not JSON, a key given twice, or nested too deep.
    """
    text = decoded(data)
    try:
        tree = _loaded(text)
    except json.JSONDecodeError as error:
        tree = _loaded_by_lines(text, error)
    except RecursionError as error:
        raise _too_deep() from error
    _hold_depth(tree)
    return tree


def _loaded(text: str) -> Any:
    return json.loads(
        text,
        parse_float=_as_written,
        parse_int=str,
        parse_constant=_no_constant,
        object_pairs_hook=_pairs,
    )


def _loaded_by_lines(text: str, whole: json.JSONDecodeError) -> list[Any]:
    """The values of a text with one JSON value per line; `whole` is why it is not one value."""
    try:
        if not whole.msg.startswith("Extra data"):
            raise whole
        return [_loaded(line) for line in text.splitlines() if line.strip()]
    except json.JSONDecodeError:
        raise Refusal(
            f"файл JSON обрывается или испорчен (строка {whole.lineno}). Скачайте его ещё раз целиком."
        ) from whole


def _as_written(number: str) -> str:
    """The number that its author saw: a binary double dumped as 75.02000000000001 was 75.02.

    Spare zeros go as well: 350.250 is not 350 thousand and a bit in JSON.
    """
    digits = sum(map(str.isdigit, number))
    if "e" in number.lower():
        return number
    if digits > _EXCEL_DIGITS.prec:
        number = f"{_EXCEL_DIGITS.create_decimal(number):f}"
    return _SPARE_ZEROS.sub(r"\1", number)


def _no_constant(name: str) -> Any:
    raise Refusal(f"вместо числа в файле стоит «{name}». Попросите у курьера исправленный отчёт.")


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        raise Refusal(
            "в одной записи JSON одно и то же поле стоит дважды, и неясно, какому значению верить. "
            "Попросите у курьера исправленный отчёт."
        )
    return found


def _hold_depth(tree: Any) -> None:
    level = [tree]
    for _ in range(MAX_DEPTH):
        level = [
            child
            for node in level
            if isinstance(node, dict | list)
            for child in (node.values() if isinstance(node, dict) else node)
        ]
        if not level:
            return
    raise _too_deep()


def _too_deep() -> Refusal:
    return Refusal("файл устроен не как отчёт: в нём слишком много вложенных уровней.")


def read_xml(data: bytes) -> Any:
    """The XML tree: `{root tag: [root]}`, see `RawFile.tree`. Namespaces are dropped.

    Raises:
        Refusal: cut off, not XML, with entities of its own (billion laughs), or nested too deep.
    """
    try:
        root = _root(data)
    except DefusedXmlException as error:
        raise Refusal(
            "в файле XML объявлены собственные сущности (DOCTYPE). Отчётам курьеров они не нужны, "
            "а прочитать такой файл небезопасно. Попросите у курьера обычный XML."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise Refusal("файл XML обрывается или испорчен. Скачайте его ещё раз целиком.") from error
    return {_local(root.tag): [_node(root, depth=1)]}


def _root(data: bytes) -> Element:
    """The root element; a file whose declared encoding is not its own is read by its content."""
    try:
        return fromstring(data.strip() if data[:1].isspace() else data, forbid_dtd=True)
    except ParseError:
        # Given a text, the parser does not look at the encoding that the file declares.
        return fromstring(decoded(data).strip(), forbid_dtd=True)


def _node(element: Element, depth: int) -> dict[str, Any]:
    if depth > MAX_DEPTH:
        raise _too_deep()
    node: dict[str, Any] = {f"@{_local(name)}": value for name, value in element.attrib.items()}
    if element.text and (text := element.text.strip()):
        node["#text"] = text
    for child in element:
        node.setdefault(_local(child.tag), []).append(_node(child, depth + 1))
    return node


def _local(name: str) -> str:
    return name.rpartition("}")[2]
