"""How numbers, moments and references travel."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.clock import MOSCOW
from sverka.money import Minor, NotMoney
from sverka.moysklad import wire

ID = UUID("7944ef04-f831-11e5-7a69-971500188b19")
BASE = "https://api.moysklad.ru/api/remap/1.2"
SINCE_2015 = datetime(2015, 1, 1, tzinfo=UTC)
MOMENTS = st.timedeltas(timedelta(0), timedelta(days=30_000)).map(SINCE_2015.__add__)


def floats_in(value: Any) -> list[float]:
    if isinstance(value, float):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [found for part in parts for found in floats_in(part)]


JSON = st.recursive(
    st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text() | st.none(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
)


@given(JSON)
def test_no_float_comes_out_of_json(value: Any) -> None:
    import json

    assert floats_in(wire.parse_json(json.dumps(value))) == []


@pytest.mark.parametrize(
    "text",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "",
        "{",
        "<html>",
        "[1,]",
        "[" * 100_000,
        "1e99999999999999999999",
    ],
)
def test_what_is_not_json_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        wire.parse_json(text)


@given(st.integers(min_value=-(10**15), max_value=10**15))
def test_a_sum_comes_over_to_the_kopeck_however_it_is_written(amount: int) -> None:
    for text in (f"{amount}", f"{amount}.0", f"{amount}.00", f"{amount}e0"):
        assert wire.minor(wire.parse_json(text)) == amount


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("1500.0", 1500),
        ("1.5E+3", 1500),
        ("0.0", 0),
        ("-0.0", 0),
        ("9007199254740991.0", 2**53 - 1),
    ],
)
def test_sums_as_they_really_come(text: str, amount: int) -> None:
    assert wire.minor(wire.parse_json(text)) == amount


BOUNDARY = 2**53 - 1


@given(st.integers(-BOUNDARY, BOUNDARY))
def test_a_sum_goes_out_and_comes_back_through_a_float_unchanged(amount: int) -> None:
    # MoySklad's own type for sums is Float: what survives that is what may be sent.
    assert wire.to_sum(Minor(amount)) == amount == int(float(amount))
    assert wire.minor(wire.parse_json(f"{float(amount):.1f}")) == amount


@pytest.mark.parametrize("amount", [10**15 - 1, 10**15, 10**15 + 1, BOUNDARY, -BOUNDARY])
def test_the_largest_sums_are_exact(amount: int) -> None:
    assert wire.minor(wire.parse_json(f"{amount}.0")) == wire.to_sum(Minor(amount)) == amount


@pytest.mark.parametrize(
    "text",
    ["9007199254740992", "-9007199254740992.0", "1e18", "1000000000000000000", "1e999999999"],
)
def test_a_sum_beyond_the_boundary_is_an_error_in_words(text: str) -> None:
    with pytest.raises(NotMoney, match="more than MoySklad holds exactly"):
        wire.minor(wire.parse_json(text))


@pytest.mark.parametrize("amount", [BOUNDARY + 1, -BOUNDARY - 1, 10**18, 1.0, True, "1", None])
def test_a_sum_that_moysklad_would_not_keep_is_never_sent(amount: Any) -> None:
    with pytest.raises(NotMoney):
        wire.to_sum(amount)


@given(st.decimals(-1000, 1000, places=3).filter(lambda one: one != int(one)))
def test_a_fraction_of_a_kopeck_is_never_rounded_away(amount: Decimal) -> None:
    with pytest.raises(NotMoney, match="fraction"):
        wire.minor(amount)


def test_a_tiny_fraction_far_behind_the_point_is_not_lost_either() -> None:
    with pytest.raises(NotMoney):
        wire.minor(wire.parse_json("1500." + "0" * 40 + "1"))


@pytest.mark.parametrize("value", [Decimal("0.5"), Decimal("NaN"), 1.0, "1", True, None, [1]])
def test_what_is_no_exact_sum_is_refused(value: object) -> None:
    with pytest.raises(NotMoney):
        wire.minor(value)


@pytest.mark.parametrize(
    ("moment", "minute", "millisecond"),
    [
        (
            datetime(2026, 11, 20, 9, 0, 59, 999_999, tzinfo=UTC),
            "2026-11-20 12:00:00",
            "2026-11-20 12:00:59.999",
        ),
        (
            datetime(2026, 12, 31, 21, 0, tzinfo=UTC),
            "2027-01-01 00:00:00",
            "2027-01-01 00:00:00.000",
        ),
        (datetime(1970, 1, 1, tzinfo=UTC), "1970-01-01 03:00:00", "1970-01-01 03:00:00.000"),
    ],
)
def test_moments_go_out_in_moscow_time(moment: datetime, minute: str, millisecond: str) -> None:
    assert wire.to_minute(moment) == minute
    assert wire.to_millisecond(moment) == millisecond


@given(MOMENTS)
def test_a_moment_of_a_filter_is_at_most_a_millisecond_before_the_moment(moment: datetime) -> None:
    back = wire.moment(wire.to_millisecond(moment))
    assert timedelta(0) <= moment - back < timedelta(milliseconds=1)


@given(MOMENTS)
def test_a_documents_moment_comes_back_truncated_to_the_minute(moment: datetime) -> None:
    assert wire.moment(wire.to_minute(moment)) == moment.replace(second=0, microsecond=0)


def test_moments_come_with_and_without_milliseconds() -> None:
    assert wire.moment("2026-11-20 12:00:00") == datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
    assert wire.moment("2026-11-20 12:00:00.250").microsecond == 250_000
    assert wire.moment("2026-11-20 12:00:00").tzinfo is MOSCOW


@pytest.mark.parametrize("text", ["2026-11-20", "2026-11-20T12:00:00", "20.11.2026 12:00:00", ""])
def test_a_moment_written_otherwise_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="does not match"):
        wire.moment(text)


@pytest.mark.parametrize("base", [BASE, f"{BASE}/"])
def test_a_reference_names_address_type_and_media_type(base: str) -> None:
    assert wire.reference(base, "demand", ID) == {
        "meta": {
            "href": f"{BASE}/entity/demand/{ID}",
            "type": "demand",
            "mediaType": "application/json",
        }
    }


@pytest.mark.parametrize("base", [BASE, f"{BASE}/"])
def test_a_state_lives_under_the_metadata_of_its_entity(base: str) -> None:
    meta = wire.state_reference(base, "customerorder", ID)["meta"]
    assert meta["href"] == f"{BASE}/entity/customerorder/metadata/states/{ID}"
    assert meta["type"] == "state"


@pytest.mark.parametrize("tail", ["", "/", "?expand=agent"])
def test_the_id_of_a_reference_is_the_end_of_its_address(tail: str) -> None:
    assert wire.id_of({"meta": {"href": f"{BASE}/entity/demand/{ID}{tail}"}}) == ID


@pytest.mark.parametrize(
    "referred", [{}, {"meta": {}}, {"meta": {"href": f"{BASE}/entity/demand"}}]
)
def test_a_reference_without_an_id_is_an_error(referred: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="UUID"):
        wire.id_of(referred)


@given(st.text(st.characters(codec="utf-8")))
def test_a_query_survives_any_text(text: str) -> None:
    query = wire.query({"filter": text})
    assert parse_qsl(query, keep_blank_values=True) == [("filter", text)]
    assert not set(query) & set(" <>;+\"'/")


def test_an_address_in_a_condition_is_quoted_as_a_whole() -> None:
    assert wire.query({"filter": "a=b/c"}) == "filter=a%3Db%2Fc"


def test_parameters_of_a_query_stand_apart() -> None:
    assert wire.query({"limit": 100, "offset": 0}) == "limit=100&offset=0"


def test_a_semicolon_inside_a_condition_is_escaped() -> None:
    assert wire.equals("name", "a;b") == r"name=a\;b"
