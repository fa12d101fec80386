"""JSON as dicts, lists and text; numbers stay the text of the file."""

import json
import re
from decimal import Context
from typing import Any

from sverka.errors import Refusal
from sverka.reading.limits import MAX_DEPTH, hold_nodes, too_deep
from sverka.reading.texts import decoded

_EXCEL_DIGITS = Context(prec=15)
_SPARE_ZEROS = re.compile(r"(\.\d\d)0+$")


def read_json(data: bytes) -> Any:
    """The JSON tree. Numbers are text, so that no digit is lost.

    One value per line (NDJSON) is a list of these values.

    Raises:
        Refusal: cut off, not JSON, a key given twice, nested too deep, or too many values.
    """
    text = decoded(data)
    # Each value but the first of its object or list has a comma before it; those in texts count too.
    hold_nodes(text.count(",") + text.count("{") + text.count("["))
    try:
        tree = _loaded(text)
        _hold_depth(tree)
    except json.JSONDecodeError as error:
        tree = _loaded_by_lines(text, error)
    except RecursionError as error:
        raise too_deep() from error
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
        # Only these end a line of NDJSON; splitlines() also parts texts at signs like U+2028.
        lines = text.replace("\r", "\n").split("\n")
        values = [_loaded(line) for line in lines if line.strip()]
        _hold_depth(values)
    except json.JSONDecodeError:
        raise Refusal(
            f"файл JSON обрывается или испорчен (строка {whole.lineno}). Скачайте его ещё раз целиком."
        ) from whole
    except RecursionError as error:
        raise too_deep() from error
    return values


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
    raise too_deep()
