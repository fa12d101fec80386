"""What MoySklad shows late, with an `updated` of before, is inside the window that is read again."""

from datetime import timedelta

import pytest

from sverka.demo.shop import Shop
from sverka.services import Services
from sverka.snapshot import mirror
from sverka.snapshot.mirror import OVERLAP
from tests.snapshot.conftest import Ask

SECOND = timedelta(seconds=1)


@pytest.mark.parametrize("late", [SECOND, OVERLAP - SECOND])
def test_an_order_that_shows_late_is_not_missed(
    services: Services, shop: Shop, ask: Ask, late: timedelta
) -> None:
    mirror(services)
    [(newest, updated)] = ask(
        "select id::text, updated from snapshot_order order by updated desc, id desc limit 1"
    )
    ask("delete from snapshot_order where id = %s", newest)
    ask(
        "update snapshot_cursor set updated_upto = %s where entity = 'customerorder'",
        updated + late,
    )
    mirror(services)
    assert ask("select count(*) from snapshot_order") == [(len(shop.orders),)]
