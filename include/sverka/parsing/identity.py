"""What makes the money of a row the same money in another file."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from hashlib import sha1
from uuid import UUID, uuid5

from sverka.nouns import Line, RowKind
from sverka.parsing.meaning import Cells
from sverka.recognition.schema import Schema
from sverka.recognition.texts import folded
from sverka.reconciling.keys import order_key

_LINES = UUID("5d0c1b1e-6c1f-5f0e-9c51-6f1b7d3a2e44")

Identify = Callable[[Cells, RowKind], str]
"""The identity of a row from its cells and its kind."""

_cached_key = lru_cache(maxsize=4096)(order_key)


def identify(
    schema: Schema, part: str, report_no: str | None, report_date: date | None
) -> Identify:
    """Joins the values of the schema's identity columns; numbers by their comparable form.

    The name of the part comes last: what one record tells at once is not one money.

    Spaces, letter case and look-alike letters must not turn one money into two.
    """
    facts = {
        "report_no": _cached_key(report_no) if report_no else "",
        "report_date": report_date.isoformat() if report_date else "",
    }
    place = {name: index for index, name in enumerate(schema.columns)}
    parts = tuple(_part(name, schema, place, facts) for name in schema.identity)
    tail = [part] if part else []

    def identity(cells: Cells, kind: RowKind) -> str:
        return "|".join([value(cells, kind) for value in parts] + tail)

    return identity


def _part(
    name: str, schema: Schema, place: Mapping[str, int], facts: Mapping[str, str]
) -> Identify:
    if name == "row_kind":
        return lambda _cells, kind: kind.value
    if name in facts:
        fact = _escaped(facts[name])
        return lambda _cells, _kind: fact
    column = name.strip("|")
    index, absolute = place[column], name.startswith("|")
    if schema.columns[column].kind == "money":
        return lambda cells, _kind: _sum(cells[index], absolute=absolute)
    if schema.columns[column].kind == "number":
        return lambda cells, _kind: "" if cells[index] is None else str(cells[index].normalize())
    key = _cached_key if schema.columns[column].kind == "id" else folded
    return lambda cells, _kind: "" if cells[index] is None else _escaped(key(str(cells[index])))


def _sum(value: int | None, *, absolute: bool) -> str:
    return "" if value is None else str(abs(value) if absolute else value)


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("|", "\\|") if "|" in text or "\\" in text else text


def line_key(courier: str, identity: str, occurrence: int) -> UUID:
    """The key of a line: the same money of the same courier has it in every file."""
    return uuid5(_LINES, f"{_escaped(courier)}|{identity}|{occurrence}")


def line_keys(courier: str, lines: Iterable[Line]) -> Iterator[str]:
    """`line_key` of each line as PostgreSQL reads it: a million UUIDs take seconds to make and print."""
    space, whose = _LINES.bytes, f"{_escaped(courier)}|"
    for line in lines:
        name = f"{whose}{line.identity}|{line.occurrence}"
        digest = sha1(space + name.encode(), usedforsecurity=False).hexdigest()
        # RFC 9562, 5.5: the version and the variant take six bits of the digest.
        variant = "89ab"[int(digest[16], 16) & 3]
        yield f"{digest[:12]}5{digest[13:16]}{variant}{digest[17:32]}"
