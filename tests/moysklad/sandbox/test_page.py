"""The page for a person who opened the server's address."""

from sverka.moysklad.sandbox.page import front_page
from tests.moysklad.sandbox.conftest import ORIGIN, Caller


def test_it_says_what_this_is_and_what_is_in_the_shop(api: Caller) -> None:
    answer = api.http.get(f"{ORIGIN}/")
    assert answer.headers["content-type"].startswith("text/html")
    assert "Песочница МоегоСклада" in answer.text
    assert f"<td>Заказы покупателей</td><td>{len(api.shop.orders)}</td>" in answer.text
    assert f"<code>{ORIGIN}/api/remap/1.2</code>" in answer.text


def test_an_empty_shop_says_what_to_do() -> None:
    page = front_page("http://x", {"employee": 1})
    assert "Магазин пуст" in page
    assert "<td>Заказы покупателей</td><td>0</td>" in page


def test_other_addresses_are_404_without_a_vendor_shape(api: Caller) -> None:
    assert api.http.get(f"{ORIGIN}/favicon.ico").json() == {"error": "nothing here: /favicon.ico"}
