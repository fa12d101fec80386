"""The client's own work: paging, chunking, looking up, dictionaries."""

import json
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4

import pytest

from sverka.errors import Misconfigured
from sverka.moysklad.client import Deleted, MoySklad, Refused, Saved
from sverka.moysklad.errors import Terminal, Unsure
from tests.support.faulty import Answer, Faulty, answers, refuses, resets


def asked(faulty: Faulty, number: int = -1) -> dict[str, str]:
    query = parse_qs(urlsplit(faulty.seen[number].path).query)
    return {name: values[0] for name, values in query.items()}


def page_of(count: int, **fields: Any) -> Answer:
    return answers(200, {"rows": [{"id": str(uuid4()), **fields} for _ in range(count)]})


def bodies_of(faulty: Faulty, number: int) -> list[dict[str, Any]]:
    sent: list[dict[str, Any]] = json.loads(faulty.seen[number].body)
    return sent


def saves(count: int) -> Answer:
    return answers(200, [{"id": str(uuid4())} for _ in range(count)])


def test_rows_come_from_all_pages(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [page_of(1000), page_of(1000), page_of(7)]
    assert len(list(client.rows("demand", filters=["applicable=true", "sum>5"]))) == 2007
    assert [asked(faulty, number)["offset"] for number in range(3)] == ["0", "1000", "2000"]
    assert asked(faulty)["limit"] == "1000"
    assert asked(faulty)["order"] == "id,asc"
    assert asked(faulty)["filter"] == "applicable=true;sum>5"


def test_positions_of_a_document_are_read_in_their_own_order(
    faulty: Faulty, client: MoySklad
) -> None:
    faulty.script = [page_of(1000), page_of(2)]
    assert len(list(client.rows(f"demand/{uuid4()}/positions"))) == 1002
    assert asked(faulty).keys() == {"limit", "offset"}


def test_a_last_page_that_is_full_is_followed_by_a_look(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [page_of(1000), page_of(0)]
    assert len(list(client.rows("demand"))) == 1000


def test_expanding_makes_pages_of_a_hundred(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [page_of(100), page_of(1)]
    assert len(list(client.rows("demand", expand=["agent", "positions.assortment"]))) == 101
    assert (asked(faulty)["limit"], asked(faulty)["offset"]) == ("100", "100")
    assert asked(faulty)["expand"] == "agent,positions.assortment"


def test_rows_are_read_only_as_far_as_they_are_used(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [page_of(1000)]
    next(client.rows("demand"))
    assert len(faulty.seen) == 1


def test_signs_of_a_filter_go_percent_encoded(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [page_of(0)]
    list(client.rows("demand", filters=["updated>=2026-11-20 12:00:00.000", "name=Заказ <1>"]))
    query = urlsplit(faulty.seen[0].path).query
    assert not set(query) & set("<> +;")
    assert asked(faulty)["filter"] == "updated>=2026-11-20 12:00:00.000;name=Заказ <1>"


def test_a_path_that_moysklad_does_not_know_is_a_setting_to_correct(
    faulty: Faulty, client: MoySklad
) -> None:
    faulty.script = [refuses(404, 1021, "Нет")]
    for look in (lambda: list(client.rows("x")), lambda: client.metadata("x")):
        with pytest.raises(Misconfigured):
            look()


def test_the_account_is_that_of_the_first_organization(faulty: Faulty, client: MoySklad) -> None:
    account = uuid4()
    faulty.script = [page_of(2, accountId=str(account))]
    assert client.account_id() == account


def test_a_user_who_sees_no_organization_is_misconfigured(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [page_of(0)]
    with pytest.raises(Misconfigured):
        client.account_id()


def test_nothing_to_save_asks_nothing(faulty: Faulty, client: MoySklad) -> None:
    assert client.save("demand", []) == []
    assert faulty.seen == []


def test_many_bodies_go_in_arrays_of_a_thousand_in_order(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [saves(1000), saves(1000), saves(1)]
    results = client.save("demand", [{"name": str(number)} for number in range(2001)])
    assert len(results) == 2001
    sent = [body["name"] for number in range(3) for body in bodies_of(faulty, number)]
    assert sent == [str(number) for number in range(2001)]
    assert [len(bodies_of(faulty, number)) for number in range(3)] == [1000, 1000, 1]


def test_large_bodies_go_in_requests_below_the_size_limit(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [saves(2), saves(2), saves(1)]
    assert len(client.save("demand", [{"description": "я" * 2_000_000}] * 5)) == 5
    assert all(len(seen.body) < 10_000_000 for seen in faulty.seen)


def test_a_body_larger_than_a_chunk_is_left_to_moysklad_to_refuse(
    faulty: Faulty, client: MoySklad
) -> None:
    faulty.script = [refuses(413, 1044, "Слишком много")]
    with pytest.raises(Terminal, match="Слишком много"):
        client.save("demand", [{"description": "я" * 5_000_000}])


@pytest.mark.parametrize("failure", [resets, refuses(403, 1017, "Нет прав")])
def test_a_failure_after_a_saved_chunk_never_passes_for_nothing_done(
    faulty: Faulty, client: MoySklad, failure: Answer
) -> None:
    faulty.script = [saves(1000), failure]
    with pytest.raises(Unsure):
        client.save("demand", [{}] * 1001)


def test_a_failure_of_the_first_chunk_stops_the_others(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [refuses(403, 1017, "Нет прав")]
    with pytest.raises(Terminal):
        client.save("demand", [{}] * 1001)
    assert len(faulty.seen) == 1


def test_answers_in_another_order_are_not_believed(faulty: Faulty, client: MoySklad) -> None:
    one, two = str(uuid4()), str(uuid4())
    faulty.script = [
        answers(200, [{"id": str(uuid4()), "syncId": two}, {"id": str(uuid4()), "syncId": one}])
    ]
    with pytest.raises(Unsure):
        client.save("demand", [{"syncId": one}, {"syncId": two}])


def test_documents_are_found_in_the_lists_then_in_the_bin_then_one_by_one(
    faulty: Faulty, client: MoySklad
) -> None:
    listed, trashed, renamed, absent = (uuid4() for _ in range(4))

    def row(one: UUID) -> dict[str, str]:
        return {"id": str(uuid4()), "syncId": str(one), "externalCode": str(one)}

    faulty.script = [
        answers(200, {"rows": [row(listed)]}),
        answers(200, {"rows": [row(trashed)]}),
        answers(200, row(renamed) | {"externalCode": "somebody's own"}),
        refuses(404, 1021, "Нет"),
    ]
    found = client.find_by_sync_ids("paymentin", [listed, trashed, renamed, absent])
    assert set(found) == {listed, trashed, renamed}
    assert [found[one].get("deleted") for one in (listed, trashed)] == [None, True]
    in_lists, in_bin, *one_by_one = faulty.seen
    assert "isDeleted" not in in_lists.path
    assert asked(faulty, 1)["filter"].startswith("isDeleted=true;externalCode=")
    assert str(listed) not in in_bin.path
    assert [seen.path.rpartition("/")[2] for seen in one_by_one] == [str(renamed), str(absent)]


def test_looking_for_many_documents_takes_few_requests(faulty: Faulty, client: MoySklad) -> None:
    sync_ids = [uuid4() for _ in range(500)]
    rows = [{"id": str(one), "syncId": str(one), "externalCode": str(one)} for one in sync_ids]
    faulty.script = [answers(200, {"rows": rows})]
    assert len(client.find_by_sync_ids("paymentin", sync_ids)) == 500
    assert len(faulty.seen) <= 6


def test_a_copy_is_the_answer_only_where_the_document_itself_is_nowhere(
    faulty: Faulty, client: MoySklad
) -> None:
    one = uuid4()
    copy = {"id": "copy", "syncId": str(uuid4()), "externalCode": str(one)}
    none = answers(200, {"rows": []})
    faulty.script = [answers(200, {"rows": [copy]}), none, refuses(404, 1021, "Нет")]
    assert client.find_by_sync_ids("supply", [one]) == {one: copy}
    faulty.script = [answers(200, {"rows": [copy]}), none, answers(200, {"id": "itself"})]
    assert client.find_by_sync_ids("supply", [one]) == {one: {"id": "itself"}}


def test_no_sync_ids_ask_nothing(faulty: Faulty, client: MoySklad) -> None:
    assert client.find_by_sync_ids("supply", []) == {}
    assert faulty.seen == []


def test_documents_are_deleted_in_bulk_with_a_result_for_each(
    faulty: Faulty, client: MoySklad
) -> None:
    ids = [uuid4(), uuid4()]
    gone = {"errors": [{"error": "Нет такого", "code": 1021}]}
    faulty.script = [answers(200, [{"info": "удалена"}, gone])]
    assert client.delete("paymentin", ids) == [Deleted(ids[0]), Refused(1021, "Нет такого")]
    assert (faulty.seen[0].method, faulty.seen[0].path) == (
        "POST",
        "/api/remap/1.2/entity/paymentin/delete",
    )
    assert bodies_of(faulty, 0) == [
        {
            "meta": {
                "href": f"{faulty.url}/entity/paymentin/{one}",
                "type": "paymentin",
                "mediaType": "application/json",
            }
        }
        for one in ids
    ]


def test_many_documents_are_deleted_a_thousand_at_a_time(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [
        answers(200, [{"info": ""}] * 1000),
        answers(200, [{"info": ""}]),
    ]
    assert len(client.delete("supply", [uuid4() for _ in range(1001)])) == 1001
    assert len(faulty.seen) == 2


def test_a_lost_answer_to_a_deletion_is_unsure(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [resets]
    with pytest.raises(Unsure):
        client.delete("supply", [uuid4()])


def test_a_number_that_is_no_amount_of_kopecks_is_not_sent(
    faulty: Faulty, client: MoySklad
) -> None:
    with pytest.raises(ValueError, match="JSON"):
        client.save("demand", [{"sum": float("nan")}])
    assert faulty.seen == []


def test_documents_are_found_by_external_code_in_urls_of_bounded_length(
    faulty: Faulty, client: MoySklad
) -> None:
    codes = [str(uuid4()) for _ in range(250)]
    rows = {"rows": [{"id": str(uuid4()), "externalCode": code} for code in codes]}
    faulty.script = [answers(200, rows)]
    assert set(client.find_by_external_codes("paymentin", codes)) == set(codes)
    looked_for = [
        condition.removeprefix("externalCode=")
        for number in range(len(faulty.seen))
        for condition in asked(faulty, number)["filter"].split(";")
    ]
    assert sorted(looked_for) == sorted(codes)
    assert max(len(seen.path) for seen in faulty.seen) < 6000


def test_a_code_that_nobody_carries_is_not_in_the_answer(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [answers(200, {"rows": [{"id": "1", "externalCode": "ABC"}, {"id": "2"}]})]
    assert client.find_by_external_codes("paymentin", ["abc", "missing"]) == {}


def test_no_codes_ask_nothing(faulty: Faulty, client: MoySklad) -> None:
    assert client.find_by_external_codes("paymentin", []) == {}
    assert faulty.seen == []


@pytest.mark.parametrize(
    ("sync_ids", "winner"),
    [((None, None), 0), ((None, "code"), 1), (("code", None), 0), (("other", "code"), 1)],
)
def test_of_two_documents_with_one_code_the_original_wins(
    faulty: Faulty, client: MoySklad, sync_ids: tuple[str | None, str | None], winner: int
) -> None:
    rows = [
        {"id": str(place), "externalCode": "code"} | ({"syncId": sync_id} if sync_id else {})
        for place, sync_id in enumerate(sync_ids)
    ]
    faulty.script = [answers(200, {"rows": rows})]
    assert client.find_by_external_codes("paymentin", ["code"])["code"]["id"] == str(winner)
    assert asked(faulty)["order"] == "created,asc;id,asc"


@pytest.mark.parametrize("names", [[], ["доставка"], ["Доставка", "Доставка"]])
def test_a_dictionary_name_must_be_there_exactly_once(
    faulty: Faulty, client: MoySklad, names: list[str]
) -> None:
    rows = [{"id": str(uuid4()), "name": name} for name in names]
    faulty.script = [answers(200, {"rows": rows})]
    with pytest.raises(Misconfigured, match="Доставка"):
        client.find_one("expenseitem", "Доставка")


def test_a_dictionary_entry_is_found_among_namesakes_in_other_letter_case(
    faulty: Faulty, client: MoySklad
) -> None:
    wanted = uuid4()
    rows = [{"id": str(uuid4()), "name": "доставка"}, {"id": str(wanted), "name": "Доставка"}]
    faulty.script = [answers(200, {"rows": rows})]
    assert client.find_one("expenseitem", "Доставка") == wanted


def test_states_are_known_by_name(faulty: Faulty, client: MoySklad) -> None:
    state = uuid4()
    faulty.script = [answers(200, {"states": [{"id": str(state), "name": "Выполнен"}]})]
    assert client.states("customerorder") == {"Выполнен": state}
    faulty.script = [answers(200, {})]
    assert client.states("customerorder") == {}


def test_one_object_is_got_with_its_references_expanded(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [answers(200, {"id": str(UUID(int=7))})]
    assert client.get("demand", UUID(int=7), expand=["positions"]) == {"id": str(UUID(int=7))}
    assert urlsplit(faulty.seen[0].path).path.endswith(f"/entity/demand/{UUID(int=7)}")
    assert asked(faulty) == {"expand": "positions"}


def test_a_document_is_found_by_its_sync_id(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [answers(200, {"id": "1"})]
    assert client.find_by_sync_id("supply", UUID(int=7)) == {"id": "1"}
    assert faulty.seen[0].path == f"/api/remap/1.2/entity/supply/syncid/{UUID(int=7)}"


def test_results_keep_their_places(faulty: Faulty, client: MoySklad) -> None:
    faulty.script = [
        answers(
            200,
            [{"id": str(UUID(int=1))}, {"errors": [{"error": "Нет"}]}, {"id": str(UUID(int=3))}],
        )
    ]
    first, second, third = client.save("demand", [{}, {}, {}])
    assert isinstance(first, Saved)
    assert isinstance(third, Saved)
    assert (first.id.int, second, third.id.int) == (1, Refused(None, "Нет"), 3)
