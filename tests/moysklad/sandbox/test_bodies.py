"""What a request body may say, field by field."""

from typing import Any

import pytest

from tests.moysklad.sandbox.conftest import BASE, Caller, ref, refusal


def test_unknown_and_read_only_keys_are_ignored_without_a_word(api: Caller) -> None:
    body = api.paymentin(summ=5, payedSum=9, id="x", created="never", printed=True, accountId=1)
    created = api.created("paymentin", body)
    assert created["sum"] == 150000.0
    assert created["printed"] is False
    assert "summ" not in created
    assert created["id"] != "x"


@pytest.mark.parametrize("name", ["description", "incomingNumber", "paymentPurpose", "state"])
def test_empty_fields_are_left_out_of_answers(api: Caller, name: str) -> None:
    created = api.created("paymentin", api.paymentin(description="", incomingNumber=None))
    assert name not in created


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("sum", "150"),
        ("sum", True),
        ("sum", [1]),
        ("description", 5),
        ("applicable", "true"),
        ("applicable", 1),
        ("moment", "2026-11-20"),
        ("moment", "2026-11-20T12:00:00"),
        ("moment", "2026-11-20 12:00:00+03:00"),
        ("moment", "2026-02-30 12:00:00"),
        ("moment", 1763629200),
        ("incomingDate", "20.11.2026"),
        ("operations", {"meta": {}}),
        ("attributes", {"value": 1}),
    ],
)
def test_a_value_of_the_wrong_type_is_2016(api: Caller, field: str, value: object) -> None:
    answer = api.post("/entity/paymentin", api.paymentin(**{field: value}))
    assert refusal(answer) == (400, 2016)
    assert answer.json()["errors"][0]["parameter"] == field


@pytest.mark.parametrize(
    ("field", "longest"), [("name", 255), ("externalCode", 255), ("description", 4096)]
)
def test_texts_have_a_longest_length(api: Caller, field: str, longest: int) -> None:
    fits, too_long = "ы" * longest, "ы" * (longest + 1)
    assert api.created("paymentin", api.paymentin(**{field: fits}))[field] == fits
    refused = api.post("/entity/paymentin", api.paymentin(**{field: too_long}))
    assert refusal(refused) == (412, 3008)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("2026-11-20 12:34:56.789", "2026-11-20 12:34:00.000"),
        ("2026-11-20 12:34:59", "2026-11-20 12:34:00.000"),
    ],
)
@pytest.mark.parametrize("field", ["moment", "incomingDate"])
def test_document_moments_are_truncated_to_the_minute(
    api: Caller, field: str, sent: str, kept: str
) -> None:
    assert api.created("paymentin", api.paymentin(**{field: sent}))[field] == kept


@pytest.mark.parametrize(
    ("sent", "shown"), [(0, 0), (1500, 1500), (1500.4, 1500), (1500.5, 1501), (0.49, 0)]
)
def test_money_is_minor_units_rounded_to_the_whole(api: Caller, sent: Any, shown: int) -> None:
    assert api.created("paymentin", api.paymentin(sum=sent))["sum"] == shown


def test_money_is_written_with_a_point(api: Caller) -> None:
    answer = api.post("/entity/paymentin", api.paymentin(sum=1500))
    assert '"sum":1500.0' in answer.text


@pytest.mark.parametrize(("value", "code"), [(-1, 3002), (10**16, 3008)])
def test_money_has_a_range(api: Caller, value: int, code: int) -> None:
    assert refusal(api.post("/entity/paymentin", api.paymentin(sum=value))) == (412, code)


def test_an_enum_takes_only_its_words(api: Caller) -> None:
    answer = api.post("/entity/counterparty", {"name": "x", "companyType": "llc"})
    assert refusal(answer) == (412, 3005)
    assert "legal, entrepreneur, individual" in answer.json()["errors"][0]["error"]


class TestJson:
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            ("{", 2001),
            ("", 2001),
            ('{"sum": NaN}', 2001),
            ('"text"', 2005),
            ("5", 2005),
            ('{"a":' * 11 + "1" + "}" * 11, 2006),
        ],
    )
    def test_a_malformed_body_is_refused(self, api: Caller, content: str, code: int) -> None:
        headers = {
            "Authorization": "Bearer sandbox",
            "Accept-Encoding": "gzip",
            "Content-Type": "application/json",
        }
        answer = api.http.post(f"{BASE}/entity/paymentin", content=content, headers=headers)
        assert refusal(answer) == (400, code)

    def test_ten_levels_are_allowed(self, api: Caller) -> None:
        deep: Any = 1
        for _ in range(9):
            deep = {"a": deep}
        assert api.created("paymentin", api.paymentin(unknown=deep))

    def test_a_body_has_a_largest_size(self, api: Caller) -> None:
        huge = {"name": "x", "unknown": "ы" * (11 * 1024 * 1024)}
        assert refusal(api.post("/entity/store", huge)) == (413, 1044)


class TestAttributes:
    def attribute(self, api: Caller, entity: str, value: object) -> dict[str, Any]:
        found = next(a for a in api.shop.attributes if a.entity == entity)
        meta = ref(f"{entity}/metadata/attributes", found.id, "attributemetadata")
        return {**meta, "value": value}

    def test_a_value_is_kept_and_shown_with_its_name(self, api: Caller) -> None:
        path = f"/entity/demand/{api.order.demands[0].id}"
        answer = api.put(path, {"attributes": [self.attribute(api, "demand", "ТТ-1")]})
        (shown,) = answer.json()["attributes"]
        assert (shown["name"], shown["type"], shown["value"]) == ("Трек-номер", "string", "ТТ-1")

    def test_null_clears_and_silence_keeps(self, api: Caller) -> None:
        path = f"/entity/demand/{api.order.demands[0].id}"
        api.put(path, {"attributes": [self.attribute(api, "demand", "ТТ-1")]})
        assert api.put(path, {"attributes": []}).json()["attributes"][0]["value"] == "ТТ-1"
        cleared = api.put(path, {"attributes": [self.attribute(api, "demand", None)]})
        assert "attributes" not in cleared.json()

    def test_an_attribute_of_another_type_is_refused(self, api: Caller) -> None:
        path = f"/entity/demand/{api.order.demands[0].id}"
        answer = api.put(path, {"attributes": [self.attribute(api, "customerorder", "x")]})
        assert refusal(answer) == (412, 14000)

    def test_an_unknown_attribute_is_refused(self, api: Caller) -> None:
        path = f"/entity/demand/{api.order.demands[0].id}"
        unknown = ref("demand/metadata/attributes", api.shop.account_id, "attributemetadata")
        answer = api.put(path, {"attributes": [{**unknown, "value": "x"}]})
        assert refusal(answer) == (412, 14003)

    def test_a_value_is_necessary(self, api: Caller) -> None:
        path = f"/entity/demand/{api.order.demands[0].id}"
        bare = self.attribute(api, "demand", "x")
        del bare["value"]
        assert refusal(api.put(path, {"attributes": [bare]})) == (412, 14009)

    def test_a_value_has_the_type_of_its_attribute(self, api: Caller) -> None:
        path = f"/entity/demand/{api.order.demands[0].id}"
        answer = api.put(path, {"attributes": [self.attribute(api, "demand", 5)]})
        assert refusal(answer) == (400, 2016)
