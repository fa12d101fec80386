"""Where a list of discrepancies goes on, as text in an address and back."""

from datetime import UTC, datetime

from sverka.discrepancies.listing import By, Cursor
from sverka.money import Minor
from sverka.pages.reading import moment_mark, moment_of, pair_of

_ANY = datetime(1970, 1, 1, tzinfo=UTC)


def mark_of(cursor: Cursor | None, by: By) -> str | None:
    """The mark of the page that follows; None at the end."""
    if cursor is None:
        return None
    if by == "age":
        return moment_mark(cursor.opened_at, cursor.id)
    return f"{int(cursor.stake)}.{cursor.id}"


def cursor_from(mark: str, by: By) -> Cursor | None:
    """The cursor of a mark; None is the beginning, and so is what nobody can read."""
    if by == "age":
        moment = moment_of(mark)
        return Cursor(Minor(0), *moment) if moment else None
    pair = pair_of(mark)
    return Cursor(Minor(pair[0]), _ANY, pair[1]) if pair else None
