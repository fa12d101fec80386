"""An answer to another request is as good as none: it must not pass for «there is nothing»."""

from typing import Any
from uuid import UUID

import pytest

from sverka.moysklad.belonging import is_list_of, is_metadata_of, is_object
from sverka.moysklad.client import MoySklad
from sverka.moysklad.errors import Transient
from tests.support.faulty import Faulty, Time, answers

ROOT = "https://api.moysklad.ru/api/remap/1.2/entity"
ONE = UUID("00000000-0000-4000-8000-000000000001")
OTHER = UUID("00000000-0000-4000-8000-000000000002")
PAGE: dict[str, str | int] = {"limit": 1000, "offset": 0}


def page(entity: str = "demand", *rows: dict[str, Any], **meta: Any) -> dict[str, Any]:
    where = {"href": f"{ROOT}/{entity}?limit=1000&offset=0", "limit": 1000, "offset": 0}
    return {"meta": where | meta, "rows": list(rows)}


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(page("customerorder"), id="another type"),
        pytest.param(page("demand", offset=1000), id="another page"),
        pytest.param(page("demand", limit=100), id="another limit"),
        pytest.param(page("demand", {"id": str(OTHER)}), id="a row that was not asked for"),
        pytest.param({"id": str(ONE)}, id="an object"),
        pytest.param({"rows": None}, id="no rows"),
        pytest.param([], id="an array"),
    ],
)
def test_another_list_is_no_answer(answer: Any) -> None:
    assert not is_list_of(answer, "demand", PAGE, [f"id={ONE}"])


@pytest.mark.parametrize(
    "answer",
    [
        pytest.param(page("demand", {"id": str(ONE)}), id="whole"),
        pytest.param(page("demand"), id="empty"),
        pytest.param({"rows": [{"name": "7"}]}, id="one that says nothing of itself"),
    ],
)
def test_the_list_that_was_asked_for_is_one(answer: Any) -> None:
    assert is_list_of(answer, "demand", PAGE, [f"id={ONE}", "applicable=true"])


def test_filters_look_at_no_letter_case_and_semicolons_are_escaped() -> None:
    found = page("service", {"name": "ДОСТАВКА; курьер"})
    assert is_list_of(found, "service", PAGE, [r"name=Доставка\; курьер"])


def test_an_object_is_known_by_its_id_or_syncid() -> None:
    assert is_object({"id": str(ONE)}, "id", ONE)
    assert not is_object({"id": str(OTHER)}, "id", ONE)
    assert is_object({"id": str(OTHER), "syncId": str(ONE).upper()}, "syncId", ONE)
    assert not is_object({"id": str(OTHER), "syncId": str(OTHER)}, "syncId", ONE)
    assert not is_object(page(), "id", ONE)


def test_metadata_is_known_by_its_address() -> None:
    own = {"meta": {"href": f"{ROOT}/demand/metadata"}, "states": []}
    assert is_metadata_of(own, "demand")
    assert not is_metadata_of(own, "customerorder")
    assert not is_metadata_of(page(), "demand")


def test_the_answer_to_another_request_is_asked_for_again(
    faulty: Faulty, client: MoySklad, time: Time
) -> None:
    faulty.script = [answers(200, page("customerorder")), answers(200, page("demand"))]
    assert list(client.rows("demand")) == []
    assert time.slept == [2]


def test_what_never_belongs_is_no_answer(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [answers(200, {"id": str(OTHER)})]
    with pytest.raises(Transient, match="another request"):
        client.get("demand", ONE)
    assert len(faulty.seen) == 4


@pytest.mark.parametrize("text", ["", '{"errors": [{"er'])
def test_a_404_that_lost_its_words_is_asked_for_again(
    faulty: Faulty, client: MoySklad, text: str
) -> None:
    # Neither "this document does not exist" nor "the address is wrong": nobody knows.
    faulty.script = [answers(404, text=text), answers(200, {"id": str(ONE), "syncId": str(ONE)})]
    found = client.find_by_sync_id("demand", ONE)
    assert found is not None
    assert len(faulty.seen) == 2
