"""Pages, order and expansion of lists."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.moysklad.sandbox.conftest import BASE, Caller, operation, refusal

Json = dict[str, Any]


def pages(api: Caller, path: str) -> Iterator[Json]:
    """All pages, as a client follows nextHref."""
    while path:
        page = api.get(path).json()
        yield page
        path = page["meta"].get("nextHref", "").removeprefix(BASE)


def test_a_list_has_context_meta_and_rows(api: Caller) -> None:
    answer = api.get("/entity/customerorder").json()
    meta = answer["meta"]
    assert answer["context"]["employee"]["meta"]["href"] == f"{BASE}/context/employee"
    assert meta["size"] == len(api.shop.orders) == len(answer["rows"])
    assert (meta["limit"], meta["offset"], meta["type"]) == (1000, 0, "customerorder")
    assert "nextHref" not in meta
    assert "previousHref" not in meta


@pytest.mark.parametrize("order", ["", "&order=moment", "&order=updated,desc;name", "&order=sum"])
def test_following_next_href_gives_every_row_once(api: Caller, order: str) -> None:
    seen = [
        row["id"] for page in pages(api, f"/entity/demand?limit=30{order}") for row in page["rows"]
    ]
    expected = {str(d.id) for o in api.shop.orders for d in o.demands}
    assert len(seen) == len(set(seen))
    assert set(seen) == expected


def test_next_href_keeps_the_filter(api: Caller) -> None:
    path = "/entity/customerorder?limit=5&filter=state.name%3D%D0%9E%D1%82%D0%B3%D1%80%D1%83%D0%B6%D0%B5%D0%BD"
    sizes = {page["meta"]["size"] for page in pages(api, path)}
    assert sizes == {sum(o.state == "Отгружен" for o in api.shop.orders)}


def test_previous_href_leads_back(api: Caller) -> None:
    second = api.get("/entity/demand?limit=10&offset=10").json()
    back = second["meta"]["previousHref"].removeprefix(BASE)
    assert api.get(back).json()["meta"]["offset"] == 0


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=1001", "limit=x", "offset=-1", "limit=", "limit=²"]
)
def test_a_page_outside_its_range_is_refused(api: Caller, query: str) -> None:
    assert refusal(api.get(f"/entity/demand?{query}")) == (400, 1040)


@pytest.mark.parametrize("query", ["limit=1", "limit=1000", "offset=0", "offset=100000"])
def test_the_edges_of_a_page_are_taken(api: Caller, query: str) -> None:
    assert api.get(f"/entity/demand?{query}").status_code == 200


@pytest.mark.parametrize("parameter", ["search=x", "async=true", "fields=stock"])
def test_what_is_not_played_here_is_said_and_not_ignored(api: Caller, parameter: str) -> None:
    assert refusal(api.get(f"/entity/demand?{parameter}")) == (501, None)


@pytest.mark.parametrize(
    "name", ["name", "moment", "sum", "updated", "created", "externalCode", "id"]
)
def test_order_sorts_both_ways(api: Caller, name: str) -> None:
    up = [row[name] for row in api.rows(f"/entity/demand?order={name}")]
    down = [row[name] for row in api.rows(f"/entity/demand?order={name},desc")]
    assert len(set(up)) > 1
    assert down == up[::-1] or sorted(down) == sorted(up)
    if name in {"sum", "moment", "updated", "created", "id"}:
        assert up == sorted(up)
        assert down == sorted(up, reverse=True)


@pytest.mark.parametrize("order", ["agent", "payedSum", "nonsense", "sum;nonsense"])
def test_an_unknown_order_is_refused(api: Caller, order: str) -> None:
    assert refusal(api.get(f"/entity/demand?order={order}")) == (400, 1063)


@pytest.mark.parametrize(
    ("kind", "sortable", "not_sortable"),
    [
        ("demand", ("description", "syncId", "applicable"), ("code", "incomingNumber")),
        ("paymentin", ("incomingNumber", "incomingDate", "paymentPurpose"), ("code",)),
        ("counterparty", ("code", "created", "description"), ("moment", "inn")),
        ("service", ("code", "updated"), ("created", "description")),
        ("currency", ("id", "name", "code"), ("updated", "created", "externalCode")),
    ],
)
def test_every_type_has_its_own_orders(
    api: Caller, kind: str, sortable: tuple[str, ...], not_sortable: tuple[str, ...]
) -> None:
    for name in sortable:
        assert api.get(f"/entity/{kind}?order={name}").status_code == 200, name
    for name in not_sortable:
        assert refusal(api.get(f"/entity/{kind}?order={name}")) == (400, 1063), name


def test_a_direction_is_asc_or_desc(api: Caller) -> None:
    assert refusal(api.get("/entity/counterparty?order=name,up")) == (400, 1040)


def test_no_order_is_documented_for_the_positions_of_a_document(api: Caller) -> None:
    path = f"/entity/demand/{api.order.demands[0].id}/positions"
    assert refusal(api.get(f"{path}?order=id,asc")) == (400, 1063)


class TestExpand:
    @pytest.mark.parametrize("limit", ["", "&limit=101", "&limit=1000"])
    def test_on_a_list_it_is_ignored_above_a_hundred_or_without_limit(
        self, api: Caller, limit: str
    ) -> None:
        rows = api.rows(f"/entity/demand?expand=agent{limit}")
        assert list(rows[0]["agent"]) == ["meta"]

    def test_up_to_a_hundred_references_become_objects(self, api: Caller) -> None:
        path = "/entity/demand?expand=agent,state,customerOrder.organization,positions.assortment&limit=100"
        row = api.rows(path)[0]
        assert row["agent"]["name"]
        assert row["state"]["name"]
        assert row["customerOrder"]["organization"]["name"] == api.shop.organization.name
        assert row["positions"]["rows"][0]["assortment"]["name"]

    def test_what_is_not_asked_for_stays_a_reference(self, api: Caller) -> None:
        row = api.rows("/entity/demand?expand=agent&limit=1")[0]
        assert list(row["organization"]) == ["meta"]
        assert "rows" not in row["positions"]

    def test_three_levels_and_no_more(self, api: Caller) -> None:
        demand = api.order.demands[0]
        path = f"/entity/demand/{demand.id}?expand=customerOrder.demands.agent"
        shown = api.get(path).json()
        assert shown["customerOrder"]["demands"][0]["agent"]["name"] == api.order.agent.name
        too_deep = f"/entity/demand/{demand.id}?expand=customerOrder.demands.agent.owner"
        assert refusal(api.get(too_deep)) == (400, 1089)

    @pytest.mark.parametrize("name", ["sum", "nonsense", "agent.nonsense", "operations"])
    def test_what_is_no_reference_cannot_be_expanded(self, api: Caller, name: str) -> None:
        assert refusal(api.get(f"/entity/demand?limit=1&expand={name}")) == (400, 1089)

    def test_an_absent_reference_is_no_problem(self, api: Caller) -> None:
        created = api.created("paymentin?expand=state,operations", api.paymentin())
        assert "state" not in created

    def test_it_works_on_answers_to_writes(self, api: Caller) -> None:
        link = operation("customerorder", api.order.id, 5)
        body = api.paymentin(operations=[link])
        created = api.created("paymentin?expand=agent,operations", body)
        assert created["agent"]["name"] == api.order.agent.name
        (linked,) = created["operations"]
        assert (linked["name"], linked["linkedSum"]) == (api.order.name, 5.0)
        put = api.put(f"/entity/paymentin/{created['id']}?expand=agent", {"sum": 5}).json()
        assert put["agent"]["name"] == api.order.agent.name

    def test_owner_is_the_employee(self, api: Caller) -> None:
        row = api.rows("/entity/demand?expand=owner,group&limit=1")[0]
        assert row["owner"]["name"] == "Администратор"
        assert row["group"]["name"] == "Основной"

    def test_a_document_shows_a_hundred_positions_and_how_many_there_are(self, api: Caller) -> None:
        row = api.supply()["positions"][0]
        created = api.created("supply?expand=positions", api.supply(positions=[row] * 130))
        path = f"/entity/supply/{created['id']}"
        for shown in (created, api.get(f"{path}?expand=positions").json()):
            assert len(shown["positions"]["rows"]) == 100
            assert shown["positions"]["meta"]["size"] == 130
        assert len(api.rows(f"{path}/positions")) == 130
