"""The courier's own documents: the supply of its services and the payment it took itself."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from sverka.money import Minor
from sverka.moysklad.documents import PaymentOut, Position, Ref, Supply
from sverka.nouns import FEES, PostingKind
from sverka.posting import identity
from sverka.posting.bookable import Bookable
from sverka.posting.drafts import Draft
from sverka.posting.shop import Desk
from sverka.posting.words import filled


@dataclass(frozen=True, slots=True)
class _Act:
    """The lines that one pair of documents is made of; `name` gives the pair's syncIds."""

    lines: tuple[Bookable, ...]
    name: Callable[[PostingKind], UUID]
    per_report: bool

    @property
    def fees(self) -> dict[str, Minor]:
        total: dict[str, int] = defaultdict(int)
        for line in self.lines:
            for fee, amount in line.fees.items():
                total[fee] += amount
        return {fee: Minor(total[fee]) for fee in FEES if total.get(fee)}

    @property
    def kept(self) -> Minor:
        return Minor(sum(line.kept for line in self.lines))


def of_line(desk: Desk, line: Bookable) -> Iterator[Draft]:
    """The supply of one line's services, and the payment for what the courier kept."""

    def name(kind: PostingKind) -> UUID:
        return identity.of_line(desk.account, line, kind)

    yield from _drafts(desk, _Act((line,), name, per_report=False))


def of_report(desk: Desk, lines: Sequence[Bookable], batch: int) -> Iterator[Draft]:
    """The same for many lines of one report, with one position per kind of fee."""

    def name(kind: PostingKind) -> UUID:
        return identity.of_report(desk.account, lines[0], batch, kind)

    yield from _drafts(desk, _Act(tuple(lines), name, per_report=True))


def _drafts(desk: Desk, act: _Act) -> Iterator[Draft]:
    fees = act.fees
    if not fees:
        return
    supply = _supply(desk, act, fees)
    total = Minor(sum(fees.values()))
    yield Draft(PostingKind.SUPPLY, supply, total, act.lines, act.per_report)
    if act.kept:
        payment = _payment(desk, act, supply)
        yield Draft(
            PostingKind.PAYMENTOUT, payment, act.kept, act.lines, act.per_report, supply.sync_id
        )


def _supply(desk: Desk, act: _Act, fees: dict[str, Minor]) -> Supply:
    line = act.lines[0]
    courier = desk.courier(line)
    services = desk.scheme(line).services
    place = "" if act.per_report else f", строка {line.line_no}, заказ {line.order_name}"
    return Supply(
        sync_id=act.name(PostingKind.SUPPLY),
        moment=line.moment,
        organization=Ref("organization", line.organization),
        agent=desk.shop.ref("counterparty", courier.counterparty),
        store=Ref("store", line.store),
        incoming_number=line.incoming_number,
        incoming_date=line.incoming_date,
        description=f"Услуги {courier.title}, {line.report_words}{place}. "
        f"Файл «{line.file_name}», SHA-256 {line.sha256}",
        positions=tuple(
            Position(desk.shop.ref("service", services[fee]), 1, amount)
            for fee, amount in fees.items()
        ),
    )


def _payment(desk: Desk, act: _Act, supply: Supply) -> PaymentOut:
    line = act.lines[0]
    out = desk.scheme(line).paymentout
    if out is None:  # reconciling lets no such line through
        raise ValueError(f"line {line.line_id}: its scheme says that the courier keeps nothing")
    return PaymentOut(
        sync_id=act.name(PostingKind.PAYMENTOUT),
        moment=line.moment,
        organization=supply.organization,
        agent=supply.agent,
        expense_item=desk.shop.ref("expenseitem", out.expense_item),
        sum=act.kept,
        payment_purpose=filled(out.purpose, line, desk.courier(line)),
        supply=supply.sync_id,
    )
