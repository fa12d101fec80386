"""The goods of a demand in pieces and kopecks, or nothing at all."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest

from sverka.money import Minor
from sverka.moysklad.documents import Ref
from sverka.reconciling.partial import Goods, Vat
from sverka.reconciling.shipments import ReadShipments, Shipment
from tests.support.shelf import Shelf, meta, uid

MUG = {"assortment": meta("product", "mug") | {"name": "Кружка"}, "quantity": 2, "price": 50_000}
CASE = {
    "assortment": meta("variant", "case"),
    "quantity": Decimal("1.0"),
    "price": Decimal("700.0"),
}
GOODS = (
    Goods(Ref("product", uid("mug")), 2, Minor(50_000)),
    Goods(Ref("variant", uid("case")), 1, Minor(700)),
)


def rows(*positions: dict[str, Any], size: int | None = None) -> dict[str, Any]:
    found = {"rows": list(positions)}
    return {"positions": found if size is None else found | {"meta": {"size": size}}}


def read(shelf: Shelf, *demands: str) -> Mapping[UUID, Shipment]:
    return ReadShipments(lambda: shelf)([uid(one) for one in demands])  # type: ignore[arg-type,return-value]


def only(**shown: Any) -> Shipment:
    shelf = Shelf()
    shelf.put("demand", uid("demand"), **shown)
    return read(shelf, "demand")[uid("demand")]


def test_goods_have_pieces_kopecks_and_names() -> None:
    shipment = only(**rows(MUG, CASE))
    assert shipment.goods == GOODS
    assert shipment.names == {
        Ref("product", uid("mug")): "Кружка",
        Ref("variant", uid("case")): "товар без названия",
    }


def test_vat_is_taken_over_word_for_word() -> None:
    shown = rows(MUG | {"vat": 20, "vatEnabled": False})
    shipment = only(**shown, vatEnabled=True, vatIncluded=False)
    assert shipment.goods is not None
    assert shipment.goods[0].vat == Vat(enabled=True, included=False, rate=20, charged=False)


@pytest.mark.parametrize(
    "odd",
    [
        {"quantity": Decimal("1.5")},
        {"discount": 5},
        {"price": Decimal("0.5")},
        {"price": Decimal("NaN")},
    ],
    ids=str,
)
def test_one_position_that_cannot_be_repeated_makes_the_whole_unknown(odd: dict[str, Any]) -> None:
    assert only(**rows(MUG, CASE | odd)).goods is None


def test_no_discount_no_price_and_no_positions_are_no_obstacle() -> None:
    gift = {"assortment": meta("product", "mug"), "quantity": 1, "discount": 0}
    assert only(**rows(gift)).goods == (Goods(Ref("product", uid("mug")), 1, Minor(0)),)
    assert only().goods == ()


@pytest.mark.parametrize(("size", "asked"), [(None, 0), (1, 0), (2, 1)])
def test_a_demand_of_more_rows_than_are_shown_is_read_through_its_own_list(
    size: int | None, asked: int
) -> None:
    shelf = Shelf()
    shelf.put("demand", uid("demand"), **rows(MUG, size=size), all_positions=[MUG, CASE])
    goods = read(shelf, "demand")[uid("demand")].goods
    assert goods == (GOODS if asked else GOODS[:1])
    own = [one for one in shelf.asked if one[1].endswith("/positions")]
    assert own == [("rows", f"demand/{uid('demand')}/positions", "assortment")] * asked


def test_a_demand_that_moysklad_no_longer_has_is_left_out() -> None:
    shelf = Shelf()
    shelf.put("demand", uid("here"), **rows(MUG))
    assert set(read(shelf, "here", "gone")) == {uid("here")}


def test_a_hundred_are_read_at_once_and_each_once() -> None:
    shelf = Shelf()
    names = [str(n) for n in range(101)]
    for name in names:
        shelf.put("demand", uid(name), **rows(MUG))
    reader = ReadShipments(lambda: shelf)  # type: ignore[arg-type,return-value]
    assert len(reader([uid(name) for name in names])) == 101
    assert [len(one) - 3 for one in shelf.asked] == [100, 1]
    assert {one[-1] for one in shelf.asked} == {"positions.assortment"}
    assert set(reader([uid("5"), uid("5")])) == {uid("5")}
    assert len(shelf.asked) == 2
