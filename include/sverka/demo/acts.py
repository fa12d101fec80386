"""Reports of couriers that answer by an API: Dalli's acts in XML, CDEK's registries in JSON."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from sverka.demo.expected import ExpectedFile, Fate
from sverka.demo.layouts import (
    CdekOrder,
    CdekRegistry,
    DalliAct,
    DalliOrder,
    cdek_registry,
    dalli_act,
)
from sverka.demo.rows import Row, Terms, as_expected, latin, plain, quirk, report_day, total
from sverka.demo.things import Shop
from sverka.money import Minor, to_major
from sverka.nouns import Settlement, VerdictKind

V = VerdictKind
DALLI = Terms(Settlement.NET, Minor(29000), 0)
CDEK = Terms(Settlement.AGENT_FEE_NETTED, Minor(38000), 3)


def dalli_files(shop: Shop) -> dict[str, tuple[bytes, ExpectedFile]]:
    """A file with one act, and a file with two acts in which an order stands twice."""
    first = [DALLI.matched(order) for order in plain(shop, "dalli", 5, 25)]
    _spoil(DALLI, first)
    first += [
        DALLI.row(quirk(shop, "dalli", "cancelled"), V.CANCELLED_IN_BOOKS),
        DALLI.row(quirk(shop, "dalli", "already_paid"), V.OVERPAID),
        replace(
            first[3], order_ref="99017", track_ref="A9999017", verdict=V.UNKNOWN_ORDER, clean=False
        ),
    ]
    second = [DALLI.matched(order) for order in plain(shop, "dalli", 40, 52)]
    look_alike = DALLI.matched(quirk(shop, "dalli", "look_alike"))
    second += [
        DALLI.row(quirk(shop, "dalli", "not_shipped"), V.NOT_SHIPPED),
        replace(look_alike, order_ref=latin(look_alike.order_ref or "")),
        DALLI.matched(quirk(shop, "dalli", "namesake")),
    ]
    third = [DALLI.matched(order) for order in plain(shop, "dalli", 52, 62)]
    third.append(DALLI.matched(quirk(shop, "dalli", "two_demands")))
    # Two acts pay the same order: which of them is right only the courier knows.
    place = _first_with_money(second)
    second[place] = replace(second[place], verdict=V.OVERPAID, clean=False)
    third.append(second[place])
    return {
        "Dalli акт 4471.xml": _dalli("Dalli акт 4471.xml", {"4471": first}),
        "Dalli акты за ноябрь.xml": _dalli(
            "Dalli акты за ноябрь.xml", {"4502": second, "4519": third}
        ),
    }


def cdek_files(shop: Shop) -> dict[str, tuple[bytes, ExpectedFile]]:
    """Two registries in one answer; orders are known by CDEK's number only."""
    first = [CDEK.matched(order) for order in plain(shop, "cdek", 10, 25)]
    _spoil(CDEK, first)
    first.append(replace(first[3], track_ref="1499999999", verdict=V.UNKNOWN_ORDER, clean=False))
    second = [CDEK.matched(order) for order in plain(shop, "cdek", 25, 40)]
    second += [
        CDEK.row(quirk(shop, "cdek", "cancelled"), V.CANCELLED_IN_BOOKS),
        CDEK.row(quirk(shop, "cdek", "already_paid"), V.OVERPAID),
        CDEK.row(quirk(shop, "cdek", "not_shipped"), V.NOT_SHIPPED),
        *(CDEK.matched(quirk(shop, "cdek", q)) for q in ("look_alike", "namesake", "two_demands")),
    ]
    name = "СДЭК реестры НП.json"
    registries = [[replace(row, order_ref=None) for row in rows] for rows in (first, second)]
    data = cdek_registry(
        [_registry(number, rows) for number, rows in zip((308112, 308977), registries, strict=True)]
    )
    lines = as_expected(name, [row for rows in registries for row in rows])
    return {name: (data, ExpectedFile(name, Fate.SETTLED, "cdek", 2, lines=lines))}


def _spoil(terms: Terms, rows: list[Row]) -> None:
    """One order paid less than was due, one more."""
    few, many = [place for place, row in enumerate(rows) if row.collected > 50000][5:7]
    less, more = rows[few].collected - 10000, rows[many].collected + 5000
    rows[few] = terms.changed(rows[few], less, verdict=V.UNDERPAID, clean=False)
    rows[many] = terms.changed(rows[many], more, verdict=V.OVERPAID, clean=False)


def _first_with_money(rows: Sequence[Row]) -> int:
    return next(place for place, row in enumerate(rows) if row.collected > 0)


def _dalli(name: str, acts: dict[str, list[Row]]) -> tuple[bytes, ExpectedFile]:
    data = dalli_act([_act(number, rows) for number, rows in acts.items()])
    lines = as_expected(name, [row for rows in acts.values() for row in rows])
    return data, ExpectedFile(name, Fate.SETTLED, "dalli", len(acts), lines=lines)


def _act(number: str, rows: Sequence[Row]) -> DalliAct:
    day = report_day(rows)
    return DalliAct(
        number=number,
        day=day,
        paid=day + timedelta(days=1),
        paid_sum=total(rows),
        pay_no=f"9{number}",
        orders=[
            DalliOrder(
                track=row.track_ref or "",
                number=row.order_ref or "",
                delivered=row.delivered,
                price=to_major(row.collected),
                service=row.fee("fee_delivery"),
                transfer=to_major(row.payout),
            )
            for row in rows
        ],
    )


def _registry(number: int, rows: Sequence[Row]) -> CdekRegistry:
    day = report_day(rows)
    return CdekRegistry(
        number=number,
        paid=day + timedelta(days=1),
        created=day,
        sum=total(rows),
        pay_no=f"7{number}",
        orders=[
            CdekOrder(
                cdek_number=row.track_ref or "",
                payment=to_major(row.collected),
                delivery=row.fee("fee_delivery"),
                agent_fee=row.fee("fee_cod"),
                transfer=to_major(row.payout),
            )
            for row in rows
        ],
    )
