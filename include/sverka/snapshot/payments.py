"""Which orders and demands have to be read again because money came to them or went away.

A payment is linked from its own side (`operations`); whether the paid document's `updated` moves
with its `payedSum` is not documented, so payments are followed by themselves.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from uuid import UUID

from sverka.moysklad.client import MoySklad
from sverka.moysklad.wire import id_of, moment
from sverka.snapshot.changes import BEGINNING, Row, changed_since

PAYMENT = "paymentin"
# 36 characters and their encoding for each id: a URL of about 4 kB (MoySklad docs: 8 kB at most).
IDS_PER_REQUEST = 80


def newest_payment(moysklad: MoySklad) -> datetime:
    """When a payment was last changed, by MoySklad's clock; `BEGINNING` if there is none."""
    rows = moysklad.page(PAYMENT, order="updated,desc;id,desc")
    return moment(rows[0]["updated"]) if rows else BEGINNING


def changed_payments(moysklad: MoySklad, since: datetime) -> Iterator[Row]:
    """Payments that were changed, or thrown away, not before `since`."""
    for page in changed_since(moysklad, PAYMENT, since):
        yield from page
    for page in changed_since(moysklad, PAYMENT, BEGINNING, trashed=True):
        for row in page:
            if moment(row.get("deleted") or row["updated"]) >= since:
                yield row


def paid_documents(payments: Iterable[Row], entity: str) -> list[UUID]:
    """The documents of this type that the payments are linked to."""
    return sorted(
        {
            id_of(operation)
            for payment in payments
            for operation in payment.get("operations", [])
            if operation["meta"]["type"] == entity
        }
    )


def pages_by_id(moysklad: MoySklad, entity: str, ids: Sequence[UUID]) -> Iterator[list[Row]]:
    """The documents with these ids that are not in the trash."""
    for start in range(0, len(ids), IDS_PER_REQUEST):
        yield moysklad.page(
            entity, filters=[f"id={one}" for one in ids[start : start + IDS_PER_REQUEST]]
        )
