"""Which documents the clean lines of a file become; nothing is sent yet."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from uuid import UUID

from sverka.approval import Policy
from sverka.database.connection import Connection
from sverka.posting import fees, orders
from sverka.posting.banked import in_bank
from sverka.posting.bookable import Bookable, bookable
from sverka.posting.drafts import Draft
from sverka.posting.ledger import (
    Planned,
    batch_of,
    note_plan,
    planned,
    withdraw,
    withdraw_dry_runs,
    write_down,
)
from sverka.posting.shop import Desk, Terms, shop_for
from sverka.posting.withheld import allowed, keep_back, without_refused
from sverka.recognition.known import known_couriers
from sverka.reconciling.reconcile import Reconciled, reconcile_in
from sverka.reconciling.shipments import ReadShipments
from sverka.reconciling.terms import couriers_of, terms_of
from sverka.schemes import Schemes
from sverka.services import Services
from sverka.snapshot.account import sure_of

__all__ = ["Planned", "plan"]


def plan(services: Services, file_id: int) -> Planned:
    """Judges the file's lines against the books of this moment and plans the clean ones.

    Everything happens in one transaction and under the account's lock, so no two files can count
    on the same open sum. Planning again withdraws what nobody approved and writes down what holds
    now; lines with approved or sent documents are left alone. What the courier's policy never posts
    and what a person refused is not planned; their lines say so.

    Raises:
        Misconfigured: the shop's MoySklad lacks something by name, or is another account's.
        ChangedDocument: a document known under the same syncId is another one.
        TryLater: MoySklad is away.
    """
    with services.hold("account"):
        account = services.moysklad().account_id()
        with services.connect() as conn:
            sure_of(conn, account)
            codes = couriers_of(conn, file_id)
            contracts = terms_of(services, codes)
            now = services.clock()
            before = planned(conn, file_id)
            withdraw(conn, file_id)
            live = [c.courier for c in contracts if not c.dry_run]
            withdraw_dry_runs(conn, file_id, live, now)
            shipments = ReadShipments(services.moysklad)
            reconciled = reconcile_in(conn, file_id, contracts, shipments, now)
            banked = in_bank(services, conn, file_id, now)
            policies = _policies(services, codes)
            kept_back = keep_back(conn, policies, now)
            ready = banked.ready(bookable(conn, file_id))
            lines = [line for line in ready if line.line_id not in kept_back]
            if lines:
                terms = _terms(services, codes)
                desk = Desk(account, terms, shop_for(services.moysklad, terms, lines))
                drafts = allowed(_drafts(conn, desk, lines, reconciled), policies)
                drafts = without_refused(conn, drafts, now)
                write_down(conn, account, file_id, drafts, now)
            after = planned(conn, file_id)
            note_plan(conn, file_id, before, after, now)
            return after


def _policies(services: Services, codes: Sequence[str]) -> dict[str, Policy]:
    couriers = known_couriers(services)
    return {code: couriers.get(code).approval for code in codes}


def _terms(services: Services, codes: Sequence[str]) -> dict[str, Terms]:
    couriers = known_couriers(services)
    schemes = Schemes.load(services.settings.posting_schemes)
    return {
        code: Terms(couriers.get(code), schemes.get(couriers.get(code).posting_scheme))
        for code in codes
    }


def _drafts(
    conn: Connection, desk: Desk, lines: Sequence[Bookable], reconciled: Reconciled
) -> list[Draft]:
    """In the order of their dependence: a parent is always before its child."""
    whole = [line for line in lines if not line.fees_only]
    money = [draft for line in whole for draft in orders.payment(desk, line)]
    back = list(orders.returns(desk, whole, reconciled.coming_back))
    services = list(_fees(conn, desk, lines))
    parents = {draft.first.line_id: draft.sync_id for draft in [*money, *back]}
    closing = list(orders.states(desk, whole, parents))
    return [*money, *services, *back, *closing]


def _fees(conn: Connection, desk: Desk, lines: Sequence[Bookable]) -> Iterator[Draft]:
    together: dict[tuple[int, UUID, UUID], list[Bookable]] = defaultdict(list)
    for line in lines:
        if desk.scheme(line).supply_per == "line":
            yield from fees.of_line(desk, line)
        elif line.fees:
            together[line.report_id, line.organization, line.store].append(line)
    for (report_id, _, _), group in together.items():
        yield from fees.of_report(desk, group, batch_of(conn, report_id))
