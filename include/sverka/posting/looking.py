"""The last look: what people did in MoySklad between the plan and the sending.

A plan may wait for an approval or for MoySklad for days. Money and returns are written only when
the order and the demand are still as the plan counted on.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import Any
from uuid import UUID

from sverka.database.connection import Connection
from sverka.moysklad.client import MoySklad
from sverka.moysklad.documents import PaymentIn, SalesReturn
from sverka.moysklad.wire import equals, minor
from sverka.nouns import PostingKind
from sverka.posting.outbox import Done, Item
from sverka.services import Services

# 100 ids of 36 characters keep the URL under MoySklad's limit of 8 KB.
AT_ONCE = 100

GONE = "{what} больше нет в МоёмСкладе: не отправлено. Проверьте корзину."
DRAFT = (
    "Пока документ ждал отправки, с заказа сняли проведение. Не отправлено. Проведите заказ или "
    "проверьте, не отменили ли его."
)
PAID = (
    "Пока документ ждал отправки, заказ оплатили или изменили: неоплаченного осталось меньше, чем в "
    "платеже. Не отправлено, чтобы не учесть деньги дважды. Проверьте оплаты заказа."
)
RETURNED = (
    "Пока документ ждал отправки, по отгрузке оформили возврат. Второй не отправлен. Сравните "
    "его с тем, что вернулось."
)


def stale(
    services: Services, client: MoySklad, kind: PostingKind, items: Sequence[Item]
) -> list[Done]:
    """The documents that must not be sent any more, as failed, with words for a person.

    Raises:
        Transient: MoySklad does not answer; nothing was sent.
    """
    if kind is PostingKind.PAYMENTIN:
        return list(_overpaying(services, client, items))
    if kind is PostingKind.SALESRETURN:
        return list(_returned(client, items))
    return []


def _overpaying(services: Services, client: MoySklad, items: Sequence[Item]) -> Iterator[Done]:
    linked: Counter[UUID] = Counter()
    for item in items:
        linked.update(_links(item))
    orders = _read(client, "customerorder", linked)
    with services.connect() as conn:
        demands = _demands_of(conn, linked)
    paid_demands = {
        demand: minor(row["payedSum"]) for demand, row in _read(client, "demand", demands).items()
    }
    # Whether an order's payedSum holds what was paid to its demands is not documented, so the
    # larger of the two is what is paid, as in reconciling.
    via_demands: Counter[UUID] = Counter()
    for demand, order in demands.items():
        via_demands[order] += paid_demands.get(demand, 0)
    for item in items:
        for order in _links(item):
            row = orders.get(order)
            if row is None:
                yield Done(item.sync_id, "failed", error=GONE.format(what="Заказа"))
            elif not row["applicable"]:
                yield Done(item.sync_id, "failed", error=DRAFT)
            elif linked[order] > minor(row["sum"]) - max(
                minor(row["payedSum"]), via_demands[order]
            ):
                yield Done(item.sync_id, "failed", error=PAID)


def _links(item: Item) -> dict[UUID, int]:
    """What the payment pays, by order; each order once."""
    if not isinstance(item.document, PaymentIn):
        raise TypeError(f"{item.kind} {item.sync_id} is not a buyer's payment")
    return {one.document.id: one.linked_sum for one in item.document.operations}


def _demands_of(conn: Connection, orders: Collection[UUID]) -> dict[UUID, UUID]:
    with conn.cursor() as cursor:
        cursor.execute(
            "select id::text, order_id::text from snapshot_demand "
            "where order_id = any(%s::uuid[]) and not deleted and applicable",
            ([str(order) for order in orders],),
        )
        return {UUID(demand): UUID(order) for demand, order in cursor.fetchall()}


def _returned(client: MoySklad, items: Sequence[Item]) -> Iterator[Done]:
    demands = _read(client, "demand", [_demand(item) for item in items])
    for item in items:
        row = demands.get(_demand(item))
        if row is None:
            yield Done(item.sync_id, "failed", error=GONE.format(what="Отгрузки"))
        elif row.get("returns"):
            yield Done(item.sync_id, "failed", error=RETURNED)


def _demand(item: Item) -> UUID:
    if not isinstance(item.document, SalesReturn):
        raise TypeError(f"{item.kind} {item.sync_id} is not a return")
    return item.document.demand.id


def _read(client: MoySklad, entity: str, ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """The documents by id; one that is gone or in the bin is left out.

    A list is no proof that something is not there: only MoySklad's own «not found» counts.
    """
    wanted = sorted(set(ids))
    found: dict[UUID, dict[str, Any]] = {}
    for start in range(0, len(wanted), AT_ONCE):
        filters = [equals("id", str(one)) for one in wanted[start : start + AT_ONCE]]
        found |= {UUID(row["id"]): row for row in client.rows(entity, filters=filters)}
    for one in wanted:
        if one not in found and (body := client.get(entity, one)) and not body.get("deleted"):
            found[one] = body
    return found
