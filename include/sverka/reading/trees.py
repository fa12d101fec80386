"""XML and JSON as trees of dicts, lists and text; numbers stay the text of the file."""

import json
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from sverka.errors import Refusal
from sverka.reading.delimited import decoded
from sverka.reading.limits import MAX_DEPTH


def read_json(data: bytes) -> Any:
    """The JSON tree. Numbers are text, so that no digit is lost.

    Raises:
        Refusal: cut off, not JSON, a key given twice, or nested too deep.
    """
    try:
        tree = json.loads(
            decoded(data),
            parse_float=str,
            parse_int=str,
            parse_constant=_no_constant,
            object_pairs_hook=_pairs,
        )
    except json.JSONDecodeError as error:
        raise Refusal(
            f"файл JSON обрывается или испорчен (строка {error.lineno}). Скачайте его ещё раз целиком."
        ) from error
    except RecursionError as error:
        raise _too_deep() from error
    _hold_depth(tree)
    return tree


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
        root = fromstring(data, forbid_dtd=True)
    except (ParseError, ValueError, LookupError) as error:
        if isinstance(error, DefusedXmlException):
            raise Refusal(
                "в файле XML объявлены собственные сущности (DOCTYPE). Отчётам курьеров они не нужны, "
                "а прочитать такой файл небезопасно. Попросите у курьера обычный XML."
            ) from error
        raise Refusal("файл XML обрывается или испорчен. Скачайте его ещё раз целиком.") from error
    return {_local(root.tag): [_node(root, depth=1)]}


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
