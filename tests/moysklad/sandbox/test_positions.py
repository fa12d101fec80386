"""Positions: replacement, the sub-resource, and the sums."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.moysklad.sandbox.positions import totals
from tests.moysklad.sandbox.conftest import Caller, ref, refusal

Json = dict[str, Any]


def service(api: Caller, **changes: Any) -> Json:
    base = {"assortment": ref("service", api.shop.services[1].id), "quantity": 1, "price": 100}
    return {key: value for key, value in (base | changes).items() if value is not None}


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"assortment": None}, (412, 3000)),
        ({"quantity": None}, (412, 3000)),
        ({"quantity": 0}, (412, 3003)),
        ({"quantity": -1}, (412, 3003)),
        ({"quantity": "1"}, (400, 2016)),
        ({"price": -1}, (412, 3002)),
        ({"price": "1"}, (400, 2016)),
        ({"vat": 101}, (412, 17007)),
        ({"vat": 20.5}, (400, 2016)),
        ({"discount": 101}, (412, 17008)),
        ({"discount": "1"}, (400, 2016)),
        ({"vatEnabled": 1}, (400, 2016)),
        ({"assortment": {"meta": {}}}, (400, 2010)),
    ],
)
def test_a_wrong_position_refuses_the_document(
    api: Caller, changes: Json, expected: tuple[int, int]
) -> None:
    answer = api.post("/entity/supply", api.supply(positions=[service(api, **changes)]))
    assert refusal(answer) == expected


def test_a_position_holds_goods_or_services_only(api: Caller) -> None:
    wrong = service(api, assortment=ref("store", api.shop.store.id))
    assert refusal(api.post("/entity/supply", api.supply(positions=[wrong]))) == (400, 2021)


@pytest.mark.parametrize("wrong", [5, "x", {"lines": []}, [7]])
def test_positions_are_an_array_or_rows(api: Caller, wrong: object) -> None:
    answer = api.post("/entity/supply", api.supply(positions=wrong))
    assert refusal(answer) in {(400, 2016), (400, 2000)}


def test_rows_are_taken_as_the_vendor_sdk_sends_them(api: Caller) -> None:
    body = api.supply(positions={"rows": [service(api, price=700)]})
    assert api.created("supply", body)["sum"] == 700.0


def test_more_than_a_thousand_positions_are_refused(api: Caller) -> None:
    answer = api.post("/entity/supply", api.supply(positions=[service(api)] * 1001))
    assert refusal(answer) == (413, 2022)


def test_an_answer_has_the_collection_without_rows(api: Caller) -> None:
    created = api.created("supply", api.supply())
    meta = created["positions"]["meta"]
    assert "rows" not in created["positions"]
    assert (meta["type"], meta["size"], meta["limit"]) == ("supplyposition", 1, 1000)


def test_positions_on_update_replace_the_set_and_keep_named_ones(api: Caller) -> None:
    rows = [service(api, price=100), service(api, price=200)]
    created = api.created("supply", api.supply(positions=rows))
    path = f"/entity/supply/{created['id']}"
    first, second = api.rows(f"{path}/positions")
    changed = api.put(path, {"positions": [{"id": second["id"], "quantity": 3}]}).json()
    (left,) = api.rows(f"{path}/positions")
    assert (left["id"], left["price"], left["quantity"]) == (second["id"], 200.0, 3.0)
    assert changed["sum"] == 600.0
    assert refusal(api.get(f"{path}/positions/{first['id']}")) == (404, 1021)


def test_sending_back_the_collections_meta_changes_nothing(api: Caller) -> None:
    created = api.created("supply", api.supply())
    changed = api.put(f"/entity/supply/{created['id']}", {"positions": created["positions"]})
    assert changed.json()["sum"] == 25000.0


class TestResource:
    def test_it_is_paged(self, api: Caller) -> None:
        rows = [service(api, price=n) for n in (1, 2, 3)]
        created = api.created("supply", api.supply(positions=rows))
        path = f"/entity/supply/{created['id']}/positions"
        answer = api.get(f"{path}?limit=1&offset=1").json()
        assert [row["price"] for row in answer["rows"]] == [2.0]
        assert answer["meta"]["size"] == 3
        assert "offset=2" in answer["meta"]["nextHref"]
        assert "offset=0" in answer["meta"]["previousHref"]

    @pytest.mark.parametrize("many", [False, True])
    def test_post_appends_one_or_many(self, api: Caller, many: bool) -> None:
        created = api.created("supply", api.supply())
        path = f"/entity/supply/{created['id']}"
        body = [service(api), service(api)] if many else service(api)
        answer = api.post(f"{path}/positions", body)
        added = 2 if many else 1
        assert len(answer.json()) == added
        assert api.get(path).json()["sum"] == 25000 + 100 * added

    def test_one_position_by_its_id(self, api: Caller) -> None:
        created = api.created("supply", api.supply())
        path = f"/entity/supply/{created['id']}/positions"
        (row,) = api.rows(path)
        assert api.get(f"{path}/{row['id']}").json() == row
        assert row["meta"]["type"] == "supplyposition"

    def test_assortment_can_be_expanded(self, api: Caller) -> None:
        created = api.created("supply", api.supply())
        (row,) = api.rows(f"/entity/supply/{created['id']}/positions?expand=assortment&limit=100")
        assert row["assortment"]["name"] == api.shop.services[0].name

    def test_payments_have_none(self, api: Caller) -> None:
        created = api.created("paymentin", api.paymentin())
        answer = api.get(f"/entity/paymentin/{created['id']}/positions")
        assert refusal(answer) == (404, 1002)

    def test_an_unknown_document_is_404(self, api: Caller) -> None:
        assert refusal(api.get(f"/entity/supply/{uuid4()}/positions")) == (404, 1021)


def kept(**changes: Any) -> Json:
    row = {"price": 1000, "quantity": "1", "discount": "0", "vat": 0, "vatEnabled": False}
    return row | changes


@pytest.mark.parametrize(
    ("row", "body", "expected"),
    [
        (kept(), {}, (1000, 0)),
        (kept(quantity="2.5"), {}, (2500, 0)),
        (kept(price=333, quantity="0.5"), {}, (167, 0)),
        (kept(discount="10"), {}, (900, 0)),
        (kept(discount="-10"), {}, (1100, 0)),
        (kept(vat=20, vatEnabled=True), {}, (1000, 167)),
        (kept(vat=20, vatEnabled=True), {"vatIncluded": False}, (1200, 200)),
        (kept(vat=20, vatEnabled=True), {"vatEnabled": False}, (1000, 0)),
        (kept(vat=20, vatEnabled=False), {}, (1000, 0)),
    ],
)
def test_sum_and_vat_of_one_position(row: Json, body: Json, expected: tuple[int, int]) -> None:
    assert totals([row], {"vatEnabled": True, "vatIncluded": True} | body) == expected


@given(
    st.lists(
        st.tuples(st.integers(0, 10**9), st.integers(1, 1000), st.sampled_from([0, 5, 10, 20])),
        max_size=20,
    )
)
def test_whole_pieces_without_discount_never_lose_a_kopeck(
    rows: list[tuple[int, int, int]],
) -> None:
    positions = [
        kept(price=price, quantity=str(quantity), vat=vat, vatEnabled=True)
        for price, quantity, vat in rows
    ]
    total, vat_total = totals(positions, {"vatEnabled": True, "vatIncluded": True})
    assert total == sum(price * quantity for price, quantity, _ in rows)
    exact = sum(Decimal(p * q * v) / (100 + v) for p, q, v in rows)
    assert abs(vat_total - exact) <= Decimal(len(rows)) / 2


class TestSinglePosition:
    """«Позиции»: one can be changed or taken away without sending all of them."""

    @pytest.fixture
    def supply(self, api: Caller) -> Json:
        position = api.supply()["positions"][0]
        rows = [{**position, "price": price} for price in (100, 200, 300)]
        return api.created("supply", api.supply(positions=rows))

    def rows(self, api: Caller, supply: Json) -> list[Json]:
        return api.rows(f"/entity/supply/{supply['id']}/positions")

    def test_only_what_was_sent_changes(self, api: Caller, supply: Json) -> None:
        path = f"/entity/supply/{supply['id']}"
        one, two, three = self.rows(api, supply)
        changed = api.put(f"{path}/positions/{two['id']}", {"price": 250}).json()
        assert changed == {**two, "price": 250.0}
        assert self.rows(api, supply) == [one, changed, three]
        assert api.get(path).json()["sum"] == 650.0

    def test_one_is_taken_away(self, api: Caller, supply: Json) -> None:
        one, two, three = self.rows(api, supply)
        path = f"/entity/supply/{supply['id']}/positions/{two['id']}"
        assert (api.delete(path).status_code, api.delete(path).status_code) == (200, 404)
        assert self.rows(api, supply) == [one, three]

    def test_many_are_taken_away_with_one_result_each(self, api: Caller, supply: Json) -> None:
        one, two, three = self.rows(api, supply)
        path = f"/entity/supply/{supply['id']}/positions"
        gone = {"meta": two["meta"]}
        done, again, wrong, also = api.post(f"{path}/delete", [gone, gone, {}, one]).json()
        assert two["id"] in done["info"]
        assert again["errors"][0]["code"] == 1021
        assert wrong["errors"][0]["code"] == 2014
        assert "info" in also
        assert self.rows(api, supply) == [three]

    def test_more_than_a_thousand_come_in_by_appending(self, api: Caller) -> None:
        """«Ограничения на размер данных»: further positions go through the resource."""
        row = api.supply()["positions"][0]
        supply = api.created("supply", api.supply(positions=[row] * 1000))
        path = f"/entity/supply/{supply['id']}"
        assert refusal(api.post(f"{path}/positions", [row] * 1001)) == (413, 2007)
        api.post(f"{path}/positions", [row] * 5)
        assert api.get(path).json()["positions"]["meta"]["size"] == 1005
