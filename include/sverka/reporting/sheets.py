"""What a sheet of a workbook is made of: typed columns, the looks of cells, moments of a zone."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sverka.clock import MOSCOW

Kind = Literal["text", "wrap", "money", "count", "moment", "day", "share"]

SUM_VISIBLE = 109
"""SUBTOTAL's function number for the sum of the rows that the filter leaves visible."""

A4 = 9
"""The paper's number in Office Open XML (ST paperSize)."""

STYLES: dict[str, dict[str, Any]] = {
    "text": {"vertical": "top"},
    "wrap": {"vertical": "top", "wrap": True},
    "money": {"vertical": "top", "number_format": "#,##0.00"},
    "count": {"vertical": "top", "number_format": "#,##0"},
    "moment": {"vertical": "top", "number_format": "dd.mm.yyyy hh:mm"},
    "day": {"vertical": "top", "number_format": "dd.mm.yyyy"},
    "share": {"vertical": "top", "number_format": "0.00%"},
    "head": {"vertical": "center", "wrap": True, "bold": True, "fill": "E8ECE6"},
    "total_text": {"vertical": "center", "bold": True},
    "total_money": {"vertical": "center", "bold": True, "number_format": "#,##0.00"},
    "total_count": {"vertical": "center", "bold": True, "number_format": "#,##0"},
    "title": {"vertical": "center", "bold": True, "size": 16},
}


@dataclass(frozen=True, slots=True)
class Column:
    """A column's heading, width in characters, what its cells hold, and whether it adds up."""

    title: str
    width: int
    kind: Kind = "text"
    adds_up: bool = False


def moment(value: datetime | None) -> datetime | None:
    """Moscow time without a zone: spreadsheets have none."""
    return None if value is None else value.astimezone(MOSCOW).replace(tzinfo=None, microsecond=0)
