"""The shop's dictionaries: only what these rows need is looked up, and all that is missing is named."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from sverka.errors import Misconfigured
from sverka.money import Minor
from sverka.nouns import Settlement, VerdictKind
from sverka.posting.shop import Terms, shop_for
from tests.posting.test_arithmetic import LINE, desk, scheme
from tests.support.shelf import uid

STATES = {
    "delivered": {"customerorder": "Выполнен", "demand": "Доставлен"},
    "partially_delivered": {"customerorder": "Частично"},
    "returned": {"customerorder": "Возвращен"},
}
TERMS = replace(scheme(Settlement.NET, "line", "customer"), states=STATES)
DELIVERED = replace(LINE, collected=Minor(100), payout=Minor(95), fees={"fee_cod": Minor(5)})
BACK = replace(LINE, verdict=VerdictKind.RETURNED)


class Account:
    """MoySklad that lacks some names."""

    def __init__(self, *lacks: str) -> None:
        self.asked: list[str] = []
        self._lacks = lacks

    def find_one(self, entity: str, name: str) -> UUID:
        self.asked.append(f"{entity} {name}")
        if name in self._lacks:
            raise Misconfigured(f"Нет «{name}».")
        return uid(name)

    def states(self, entity: str) -> dict[str, UUID]:
        self.asked.append(entity)
        names = {one[entity] for one in STATES.values() if entity in one}
        return {name: uid(name) for name in names if name not in self._lacks}


def looked_up(account: Account, *lines: Any, terms: Any = TERMS) -> Any:
    found = {"any": Terms(desk(terms).courier(LINE), terms)}
    return shop_for(lambda: account, found, lines)  # type: ignore[arg-type, return-value]


def test_only_what_the_rows_need_is_looked_up() -> None:
    account = Account()
    shop = looked_up(account, DELIVERED)
    courier = "counterparty ООО «Любой»"
    needed = [courier, "expenseitem Доставка", "service fee_cod", "customerorder", "demand"]
    assert account.asked == needed
    assert shop.ref("service", "fee_cod").id == uid("fee_cod")
    assert shop.state("demand", "Доставлен").id == uid("Доставлен")
    bare = Account()
    looked_up(bare, BACK)
    assert bare.asked == ["customerorder"]
    # The courier pays what it took, also where it charges nothing.
    paying = Account()
    free = replace(DELIVERED, fees={}, payout=Minor(100))
    looked_up(paying, free, terms=replace(TERMS, agent="courier"))
    assert paying.asked == [courier, "customerorder", "demand"]
    looked_up(nobody := Account(), free)
    assert nobody.asked == ["customerorder", "demand"]


def test_what_is_missing_is_named_for_every_row_at_once() -> None:
    lacks = ("fee_cod", "Возвращен", "Доставлен")
    with pytest.raises(Misconfigured) as refused:
        looked_up(Account(*lacks), BACK, DELIVERED)
    assert str(refused.value).splitlines() == [
        "Нет «fee_cod».",
        "В МоёмСкладе нет статуса «Возвращен» у заказов покупателей. Создайте его.",
        "В МоёмСкладе нет статуса «Доставлен» у отгрузок. Создайте его.",
    ]
