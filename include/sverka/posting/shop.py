"""The shop's dictionaries by name: what documents refer to must be there before anything is sent."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from uuid import UUID

from sverka.couriers import Courier
from sverka.errors import Misconfigured
from sverka.moysklad.client import MoySklad
from sverka.moysklad.documents import Ref, StateRef
from sverka.nouns import VerdictKind
from sverka.posting.bookable import Bookable
from sverka.schemes import Scheme

OUTCOME = {
    VerdictKind.MATCHED: "delivered",
    VerdictKind.MATCHED_WITHIN_TOLERANCE: "delivered",
    VerdictKind.PARTIALLY_DELIVERED: "partially_delivered",
    VerdictKind.RETURNED: "returned",
}
"""Which final states of a scheme a clean verdict leads to."""

ENTITY_WORDS = {"customerorder": "заказов покупателей", "demand": "отгрузок"}


@dataclass(frozen=True, slots=True)
class Terms:
    """A courier and its posting scheme."""

    courier: Courier
    scheme: Scheme


@dataclass(frozen=True, slots=True)
class Shop:
    """Ids by (entity, name), and states by (entity, name)."""

    entries: dict[tuple[str, str], UUID] = field(default_factory=dict)
    states: dict[tuple[str, str], UUID] = field(default_factory=dict)

    def ref(self, entity: str, name: str) -> Ref:
        return Ref(entity, self.entries[entity, name])

    def state(self, entity: str, name: str) -> StateRef:
        return StateRef(entity, self.states[entity, name])


def shop_for(
    moysklad: Callable[[], MoySklad], terms: dict[str, Terms], lines: Iterable[Bookable]
) -> Shop:
    """Looks up what the documents of these lines refer to, and nothing else.

    Raises:
        Misconfigured: names every entry that is missing. Sverka creates none of them: a service
            or an expense item decides where money is shown, so it is the accountant's choice.
    """
    entries, states = _needed(terms, lines)
    shop = Shop()
    missing: list[str] = []
    client = moysklad()
    for entity, name in sorted(entries):
        try:
            shop.entries[entity, name] = client.find_one(entity, name)
        except Misconfigured as error:
            missing.append(str(error))
    for entity in sorted({entity for entity, _ in states}):
        known = client.states(entity)
        shop.states.update({(entity, name): known[name] for name in known})
        missing += [
            f"В МоёмСкладе нет статуса «{name}» у {ENTITY_WORDS[entity]}. Создайте его."
            for _, name in sorted(state for state in states if state[0] == entity)
            if name not in known
        ]
    if missing:
        raise Misconfigured("\n".join(missing))
    return shop


@dataclass(frozen=True, slots=True)
class Desk:
    """What every document needs besides its line: the account, the terms, the dictionaries."""

    account: UUID
    terms: dict[str, Terms]
    shop: Shop

    def scheme(self, line: Bookable) -> Scheme:
        return self.terms[line.courier].scheme

    def courier(self, line: Bookable) -> Courier:
        return self.terms[line.courier].courier


Names = set[tuple[str, str]]


def _needed(terms: dict[str, Terms], lines: Iterable[Bookable]) -> tuple[Names, Names]:
    entries: Names = set()
    states: Names = set()
    for line in lines:
        scheme = terms[line.courier].scheme
        states |= set(scheme.states[OUTCOME[line.verdict]].items())
        if line.fees or (line.collected > 0 and scheme.agent == "courier"):
            entries.add(("counterparty", terms[line.courier].courier.counterparty))
        entries |= {("service", scheme.services[fee]) for fee in line.fees}
        if line.kept and scheme.paymentout:
            entries.add(("expenseitem", scheme.paymentout.expense_item))
    return entries, states
