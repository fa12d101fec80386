"""Which region a delivery address names."""

import pytest

from sverka.snapshot.regions import region_of


@pytest.mark.parametrize(
    ("address", "region"),
    [
        ("141400, Московская обл, г Химки, ул Победы, д 1", "Московская область"),
        ("Россия, Московская обл., Химки", "Московская область"),
        ("область Ленинградская, г Гатчина", "Ленинградская область"),
        ("350000, Краснодарский край, г. Краснодар", "Краснодарский край"),
        ("Респ Татарстан, г Казань", "республика Татарстан"),
        ("Республика Татарстан, Казань", "Республика Татарстан"),
        ("Ханты-Мансийский АО, Сургут", "Ханты-Мансийский АО"),
        ("125009, г. Москва, ул Тверская, д 1", "Москва"),
        ("москва, Тверская 1", "Москва"),
        ("Санкт-Петербург, Невский пр., 1", "Санкт-Петербург"),
        ("г Казань, ул Баумана", None),
        ("ул Областная, д 1", None),
        ("", None),
        (None, None),
        (",,,", None),
        ("обл" + "а" * 200, None),
    ],
)
def test_the_region_is_read_from_the_address(address: str | None, region: str | None) -> None:
    found = region_of({"shipmentAddress": address})
    assert (found.casefold() if found else None) == (region.casefold() if region else None)


def test_without_one_it_is_the_city_that_stands_apart() -> None:
    assert region_of({"shipmentAddressFull": {"city": "г. Казань"}}) == "Казань"
    assert region_of({"shipmentAddressFull": {"city": "г Москва"}}) == "Москва"
    both = {"shipmentAddress": "Томская обл, Томск", "shipmentAddressFull": {"city": "Томск"}}
    assert region_of(both) == "Томская область"
    assert region_of({"shipmentAddressFull": None}) is None
