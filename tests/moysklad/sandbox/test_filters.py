"""The `filter=` parameter, its operators and its refusals."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote
from uuid import uuid4

import pytest

from sverka.moysklad.sandbox.filters import Condition, parse
from tests.moysklad.sandbox.conftest import BASE, Caller, ref, refusal

Json = dict[str, Any]


def filtered(api: Caller, kind: str, text: str) -> list[Json]:
    return api.rows(f"/entity/{kind}?filter={quote(text, safe='')}")


def refused(api: Caller, kind: str, text: str) -> tuple[int, int | None]:
    return refusal(api.get(f"/entity/{kind}?filter={quote(text, safe='')}"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("name=1", [Condition("name", "=", "1")]),
        ("name=1;", [Condition("name", "=", "1")]),
        ("name=;sum>5", [Condition("name", "=", ""), Condition("sum", ">", "5")]),
        ("sum>=5;sum<=9", [Condition("sum", ">=", "5"), Condition("sum", "<=", "9")]),
        ("name!=x", [Condition("name", "!=", "x")]),
        ("name~=x", [Condition("name", "~=", "x")]),
        ("name=~x", [Condition("name", "=~", "x")]),
        ("name~x=y", [Condition("name", "~", "x=y")]),
        (r"name=a\;b", [Condition("name", "=", "a;b")]),
    ],
)
def test_a_filter_is_split_into_conditions(text: str, expected: list[Condition]) -> None:
    assert parse(text) == expected


@pytest.fixture
def payments(api: Caller) -> Sequence[Json]:
    """Three payments: codes а-1, а-2 and б_3, sums 100, 200, 300."""
    made = [("а-1", 100, "Первый"), ("а-2", 200, "второй"), ("б_3", 300, "")]
    return [
        api.created("paymentin", api.paymentin(code=code, sum=amount, description=text))
        for code, amount, text in made
    ]


@pytest.mark.usefixtures("payments")
@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("code=а-1", {"а-1"}),
        ("code=А-1", set()),
        ("code=а-1;code=б_3", {"а-1", "б_3"}),
        ("code!=а-1;code!=б_3;code!=", {"а-2"}),
        ("code~-", {"а-1", "а-2"}),
        ("code~=А", {"а-1", "а-2"}),
        ("code=~3", {"б_3"}),
        ("code~_", {"б_3"}),
        ("code~%;code!=", set()),
        ("code!=;sum=200", {"а-2"}),
        ("code!=;sum>100", {"а-2", "б_3"}),
        ("code!=;sum>=100;sum<300", {"а-1", "а-2"}),
        ("code!=;sum<=200;sum!=100", {"а-2"}),
        ("code!=;sum>100;sum>200", {"а-2", "б_3"}),
        ("code!=;description=", {"б_3"}),
        ("code!=;description!=", {"а-1", "а-2"}),
        ("code!=;description~ВТОР", {"а-2"}),
        ("code!=;applicable=true", {"а-1", "а-2", "б_3"}),
        ("code!=;applicable!=true", set()),
        ("code!=;printed=false;code=а-2", {"а-2"}),
    ],
)
def test_conditions_choose_rows(api: Caller, text: str, codes: set[str]) -> None:
    assert {row["code"] for row in filtered(api, "paymentin", text)} == codes


class TestTimes:
    def test_updated_is_the_cursor_of_increments(self, api: Caller, clock: Any) -> None:
        api.created("paymentin", api.paymentin(code="раньше"))
        clock.advance(seconds=1)
        api.created("paymentin", api.paymentin(code="позже"))
        rows = filtered(api, "paymentin", "updated>=2026-11-20 12:00:01.000")
        assert [row["code"] for row in rows] == ["позже"]
        rows = filtered(
            api, "paymentin", "updated>2026-11-20 12:00:00;updated<=2026-11-20 12:00:01"
        )
        assert [row["code"] for row in rows] == ["позже"]

    def test_moments_are_compared_by_the_kept_minute(self, api: Caller) -> None:
        api.created("paymentin", api.paymentin(code="x", moment="2027-01-01 10:00:59"))
        assert filtered(api, "paymentin", "moment=2027-01-01 10:00:00")
        assert not filtered(api, "paymentin", "moment>2027-01-01 10:00:00")

    @pytest.mark.parametrize(
        "value", ["2026-11-20", "2026-11-20T12:00:00", "вчера", "2026-13-01 00:00"]
    )
    @pytest.mark.parametrize("name", ["updated", "moment"])
    def test_a_wrong_date_is_refused(self, api: Caller, name: str, value: str) -> None:
        assert refused(api, "paymentin", f"{name}>={value}") == (412, 1035)


class TestReferences:
    def test_agent_organization_and_state_by_their_whole_href(self, api: Caller) -> None:
        order = api.order
        agent = ref("counterparty", order.agent.id)["meta"]["href"]
        organization = ref("organization", api.shop.organization.id)["meta"]["href"]
        state = api.state("customerorder", order.state)["meta"]["href"]
        text = f"agent={agent};organization={organization};state={state}"
        names = {row["name"] for row in filtered(api, "customerorder", text)}
        expected = {
            o.name for o in api.shop.orders if (o.agent, o.state) == (order.agent, order.state)
        }
        assert order.name in names
        assert names == expected

    def test_a_bare_id_is_no_reference(self, api: Caller) -> None:
        assert refused(api, "customerorder", f"agent={uuid4()}") == (400, 1014)

    def test_a_reference_has_no_other_operators(self, api: Caller) -> None:
        assert refused(api, "customerorder", f"agent>{BASE}/entity/counterparty/1") == (412, 1034)

    def test_by_the_name_of_the_state(self, api: Caller) -> None:
        rows = filtered(api, "customerorder", "state.name=Отгружен")
        expected = [o for o in api.shop.orders if o.state == "Отгружен"]
        assert len(rows) == len(expected) > 0


class TestAttributes:
    def href(self, api: Caller, entity: str) -> str:
        found = next(a for a in api.shop.attributes if a.entity == entity)
        return f"{BASE}/entity/{entity}/metadata/attributes/{found.id}"

    def test_by_the_value_of_an_attribute(self, api: Caller) -> None:
        track = next(d.track for o in api.shop.orders for d in o.demands if d.track)
        (row,) = filtered(api, "demand", f"{self.href(api, 'demand')}={track}")
        assert row["attributes"][0]["value"] == track

    def test_does_not_contain_is_for_attributes_only(self, api: Caller) -> None:
        with_a = filtered(api, "demand", f"{self.href(api, 'demand')}~A")
        without_a = filtered(api, "demand", f"{self.href(api, 'demand')}!~A")
        assert with_a
        assert len(with_a) + len(without_a) == len(api.rows("/entity/demand"))
        assert refused(api, "demand", "name!~A") == (412, 1034)

    def test_an_attribute_of_another_type_is_unknown(self, api: Caller) -> None:
        assert refused(api, "demand", f"{self.href(api, 'customerorder')}=1") == (412, 1034)
        own = f"{BASE}/entity/demand/metadata/attributes"
        assert refused(api, "demand", f"{own}/{uuid4()}=1") == (412, 1034)
        assert refused(api, "demand", f"{own}/track=1") == (412, 1034)


class TestBin:
    @pytest.fixture
    def trashed(self, api: Caller) -> str:
        made = api.created("paymentin", api.paymentin(code="в корзине"))
        api.created("paymentin", api.paymentin(code="живой"))
        api.delete(f"/entity/paymentin/{made['id']}")
        return str(made["id"])

    @pytest.mark.usefixtures("trashed")
    @pytest.mark.parametrize(
        ("text", "codes"),
        [
            ("code!=", {"живой"}),
            ("code!=;isDeleted=false", {"живой"}),
            ("code!=;isDeleted=true", {"в корзине"}),
            ("code!=;isDeleted!=true", {"живой"}),
            ("code!=;isDeleted=true;isDeleted=false", {"живой", "в корзине"}),
        ],
    )
    def test_trashed_documents_are_shown_only_when_asked_for(
        self, api: Caller, text: str, codes: set[str]
    ) -> None:
        assert {row["code"] for row in filtered(api, "paymentin", text)} == codes

    def test_dictionaries_have_no_bin_and_documents_no_archive(self, api: Caller) -> None:
        assert refused(api, "counterparty", "isDeleted=true") == (412, 1034)
        assert refused(api, "paymentin", "archived=true") == (412, 1034)
        assert filtered(api, "counterparty", "archived=false")

    def test_is_deleted_is_true_or_false(self, api: Caller) -> None:
        assert refused(api, "paymentin", "isDeleted=да") == (400, 1014)
        assert refused(api, "paymentin", "isDeleted>true") == (412, 1034)


@pytest.mark.parametrize("kind", ["paymentin", "customerorder", "counterparty"])
def test_sync_id_cannot_be_filtered_as_live_accounts_answer(api: Caller, kind: str) -> None:
    assert refused(api, kind, f"syncId={uuid4()}") == (412, 1034)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("paymentin", "nonsense"),
        ("paymentin", "operations"),
        ("paymentin", "vatSum"),
        ("paymentin", "organizationAccount"),
        ("paymentout", "expenseItem"),
        ("customerorder", "payedSum"),
        ("supply", "incomingDate"),
        ("counterparty", "moment"),
    ],
)
def test_a_field_that_cannot_be_filtered_is_refused(api: Caller, kind: str, name: str) -> None:
    assert refused(api, kind, f"{name}=1") == (412, 1034)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("sum=много", (400, 1014)),
        ("sum=NaN", (400, 1014)),
        ("applicable=1", (400, 1014)),
        ("id=7", (400, 1014)),
        ("sum~1", (412, 1034)),
        ("name>1", (412, 1034)),
        ("updated~2026", (412, 1034)),
        ("sum=100;sum>99", (412, 1034)),
        ("просто слово", (412, 1034)),
        ("=5", (412, 1034)),
    ],
)
def test_a_wrong_condition_is_refused(api: Caller, text: str, expected: tuple[int, int]) -> None:
    assert refused(api, "paymentin", text) == expected


def test_a_quote_in_a_value_is_only_text(api: Caller) -> None:
    assert filtered(api, "paymentin", "name=' or true --") == []


@pytest.mark.parametrize("raw", [">", "<"])
def test_comparisons_must_be_percent_encoded(open_sandbox: Any, raw: str) -> None:
    from sverka.moysklad.sandbox.errors import ApiError
    from sverka.moysklad.sandbox.http import Request

    request = Request("GET", "/entity/paymentin", f"filter=sum{raw}5", {}, b"", "http://x")
    with pytest.raises(ApiError) as refused:
        _ = request.parameters
    assert (refused.value.status, refused.value.code) == (400, 1058)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("store", "created>2026-01-01 00:00"),
        ("currency", "updated>2026-01-01 00:00"),
        ("counterparty", "deleted>2026-01-01 00:00"),
        ("counterparty", "ogrn=1"),
        ("counterparty", "companyType~leg"),
        ("paymentin", "isDeleted>true"),
        ("paymentin", "printed~tr"),
    ],
)
def test_what_one_type_can_filter_by_another_cannot(api: Caller, kind: str, text: str) -> None:
    assert refused(api, kind, text) == (412, 1034)


def test_the_time_of_deletion_can_be_filtered_in_the_bin(api: Caller) -> None:
    created = api.created("paymentin", api.paymentin())
    api.delete(f"/entity/paymentin/{created['id']}")
    [trashed] = filtered(api, "paymentin", "isDeleted=true;deleted>=2026-11-20 12:00")
    assert trashed["id"] == created["id"]
    assert filtered(api, "paymentin", "isDeleted=true;deleted>2026-11-20 12:00") == []


def test_companies_by_their_type_and_documents_by_their_flags(api: Caller) -> None:
    found = filtered(api, "counterparty", "companyType!=individual")
    assert {row["companyType"] for row in found} == {"legal"}
    assert filtered(api, "demand", "printed=true") == []
    assert filtered(api, "demand", "published=false") != []
