"""Texts in documents: what leads from MoySklad back to the file and its row."""

from sverka.couriers import Courier
from sverka.posting.bookable import Bookable


def filled(template: str, line: Bookable, courier: Courier) -> str:
    """A template of a posting scheme with this line's facts."""
    facts = {
        "order": line.order_name,
        "courier": courier.title,
        "report": line.report_words,
        "line_no": line.line_no,
    }
    return template.format_map(facts)
