"""What changed in MoySklad since a moment, page by page, while people go on working in it."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from sverka.moysklad.client import PAGE, MoySklad
from sverka.moysklad.wire import moment, to_millisecond

# The lower bound that MoySklad's filters take: 1970-01-01 03:00:00 Moscow time.
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)

Row = dict[str, Any]


def changed_since(
    moysklad: MoySklad, entity: str, since: datetime, *, trashed: bool = False
) -> Iterator[list[Row]]:
    """Pages of rows with `updated` not before `since`, oldest change first.

    The next page starts at the last row's `updated`, not at an offset: a document that someone
    changes meanwhile moves to the end, and with offsets all rows behind it would slide one place
    forward, one of them past the reader. Rows may therefore come twice. Only rows that share one
    millisecond are told apart by offset. Trashed documents are in no ordinary list
    (MoySklad docs, «Корзина»); `trashed` asks for them alone.
    """
    trash = ["isDeleted=true"] if trashed else []
    offset = 0
    while True:
        rows = moysklad.page(
            entity,
            filters=[*trash, f"updated>={to_millisecond(since)}"],
            order="updated,asc;id,asc",
            offset=offset,
        )
        yield rows
        if len(rows) < PAGE:
            return
        last = moment(rows[-1]["updated"])
        offset = offset + len(rows) if last == since else 0
        since = last
