"""The demo shop, its couriers' reports with their truth, and registers of what is left over.

The fixtures are for conftests of whole installations, which import them.
"""

import pytest

from sverka.demo.expected import Expected
from sverka.demo.registers import payable, settled_register
from sverka.demo.reports import demo_reports, expected
from sverka.demo.shop import Order, build_shop

SHOP = build_shop()


class Registers:
    """Registers about orders that no demo report mentions, each order used once."""

    def __init__(self, taken: set[str]) -> None:
        self._number = 900
        self._orders = (
            order
            for order in payable(SHOP.orders)
            if order.name not in taken and order.demands[0].track not in taken
        )

    def of(self, count: int) -> tuple[str, bytes, list[Order]]:
        """File name, bytes and the orders of a fresh register with `count` clean rows."""
        self._number += 1
        orders = [next(self._orders) for _ in range(count)]
        number = str(self._number)
        return f"Реестр {number}.xlsx", settled_register(number, orders), orders


@pytest.fixture(scope="session")
def truth() -> Expected:
    """What must come of the demo reports, from their author's plan."""
    return expected(SHOP)


@pytest.fixture(scope="session")
def demo_files() -> dict[str, bytes]:
    return demo_reports(SHOP)


@pytest.fixture(scope="session")
def registers(truth: Expected) -> Registers:
    lines = [line for file in truth.files for line in file.lines]
    return Registers({ref for line in lines for ref in (line.order_ref, line.track_ref) if ref})
