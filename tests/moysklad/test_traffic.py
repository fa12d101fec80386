"""The whole demo, looked at from the wire: everything that Sverka says to MoySklad, and how often.

Twice: with a service that always answers, and with one that loses replies. Each time the sandbox
enforces the default limits on a clock that stands still while requests run: no client could be
faster, so a limit that is not provoked here is not provoked by anyone.
"""

import json
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit

import pytest

from sverka.moysklad.sandbox import seed
from sverka.moysklad.sandbox.limits import Limits
from tests.conftest import fresh_database
from tests.moysklad import documented
from tests.support.demo_run import (
    CREATED,
    SHOP,
    TROUBLES,
    WRITTEN,
    Run,
    postings_of,
    services,
    settle_everything,
)
from tests.support.faulty import Time
from tests.support.sandbox import TOKEN, running_sandbox
from tests.support.traffic import Exchange, Recorder

Json = dict[str, Any]


@pytest.fixture(scope="module", params=["calm", "troubled"])
def run(
    request: pytest.FixtureRequest,
    server_url: str,
    template_database: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Run]:
    recorder, seconds = Recorder(), Time()
    with ExitStack() as stack:
        fresh = contextmanager(fresh_database)
        database = stack.enter_context(fresh(server_url, template_database))
        books = stack.enter_context(fresh(server_url, "template0"))
        seed(books, SHOP)
        sandbox = stack.enter_context(
            running_sandbox(
                books, recorder=recorder, limits=Limits(weight=4), monotonic=seconds.monotonic
            )
        )
        if request.param == "troubled":
            for fault, path in TROUBLES:
                sandbox.plan_fault(fault, method="POST", path=path)
        folder = tmp_path_factory.mktemp("traffic")
        settle_everything(services(database, folder, sandbox, seconds), folder)
        yield Run(sandbox.origin, recorder.exchanges, postings_of(database))


# ---------------------------------------------------------------------------------------------
# What is asked for


def test_all_that_sverka_does_is_in_the_record(run: Run) -> None:
    resources = {
        f"{one.method} {re.sub(documented.UUID, '{id}', one.path)}" for one in run.exchanges
    }
    assert {
        *(f"POST /entity/{entity}" for entity in WRITTEN),
        *(f"GET /entity/{entity}" for entity in ("customerorder", "demand", "salesreturn")),
        *(f"GET /entity/{entity}" for entity in ("paymentin", "currency", "organization")),
        *(f"GET /entity/{entity}" for entity in ("service", "expenseitem", "counterparty")),
        *(f"GET /entity/{entity}/metadata" for entity in ("customerorder", "demand")),
    } <= resources
    assert len(list(run.written())) > 100
    assert {one["state"] for one in run.postings.values()} == {"posted"}


def test_methods_and_paths_are_documented(run: Run) -> None:
    assert [str(one) for one in run.exchanges if not documented.matches(one.method, one.path)] == []


def test_every_request_carries_exactly_the_required_headers(run: Run) -> None:
    for one in run.exchanges:
        headers = dict(one.headers)
        assert len(headers) == len(one.headers), f"a header twice: {one}"
        if one.is_write:
            assert headers.pop("content-type") == "application/json"
            assert headers.pop("content-length") == str(len(one.body)) != "0"
        assert headers == {
            "host": urlsplit(run.origin).netloc,
            "user-agent": "sverka",
            "accept": "application/json;charset=utf-8",
            "accept-encoding": "gzip",
            "authorization": f"Bearer {TOKEN}",
            "connection": "keep-alive",
        }, str(one)


def test_a_read_has_no_body(run: Run) -> None:
    assert [str(one) for one in run.reads if one.body] == []


def test_lists_are_asked_for_with_documented_parameters(run: Run) -> None:
    lists = [one for one in run.reads if re.fullmatch(documented.LISTS, one.path)]
    assert lists
    for one in lists:
        query = one.query
        assert query.keys() <= {"limit", "offset", "filter", "order", "expand"}, str(one)
        assert 1 <= int(query["limit"]) <= (100 if "expand" in query else 1000), str(one)
        assert int(query["offset"]) >= 0
        fields = [item.partition(",") for item in query["order"].split(";")]
        assert {name for name, _, _ in fields} <= documented.ORDERS[one.entity], str(one)
        assert {direction for _, _, direction in fields} <= {"asc", "desc"}, str(one)
        if "expand" in query:
            expanded = set(query["expand"].split(","))
            assert expanded <= documented.EXPANDABLE[one.entity], str(one)


def test_other_reads_have_no_parameters(run: Run) -> None:
    others = [one for one in run.reads if not re.fullmatch(documented.LISTS, one.path)]
    assert others
    assert [str(one) for one in others if one.query] == []


CONDITION = re.compile(r"([^=!<>~]+)(>=|<=|!=|!~|=~|~=|=|>|<|~)(.*)", re.DOTALL)


def test_filters_name_filterable_fields_with_their_operators(run: Run) -> None:
    filtered = [one for one in run.reads if "filter" in one.query]
    assert filtered
    for one in filtered:
        assert not set("<>") & set(one.target), f"a bare comparison is answered with 400: {one}"
        for condition in re.split(r"(?<!\\);", one.query["filter"]):
            match = CONDITION.fullmatch(condition)
            assert match, str(one)
            name, operator, value = match.groups()
            assert operator in documented.FILTERS[one.entity][name], f"{condition}: {one}"
            # Documented, but a live account answers 412/1034.
            assert name != "syncId"
            if name == "updated":
                assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}", value)
                assert value >= "1970-01-01 03:00:00.000"


# ---------------------------------------------------------------------------------------------
# Sizes


def test_the_address_and_the_headers_stay_under_8_kb(run: Run) -> None:
    longest = max(run.exchanges, key=lambda one: one.head_bytes)
    assert 2_000 < longest.head_bytes <= 8_192, "look-ups by many ids should be in the record"


def test_bodies_stay_under_every_documented_size(run: Run) -> None:
    for one in run.writes:
        elements = one.sent()
        assert isinstance(elements, list)
        assert 1 <= len(elements) <= 1000
        # 20 MB by «Ограничения», 10 MB by error 1044.
        assert len(one.body) < 10_000_000
        assert depth(elements) <= 10
        assert all(len(element.get("positions", [])) <= 1000 for element in elements)


def depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(depth, value.values()), default=0)
    return max(map(depth, value), default=0) if isinstance(value, list) else 0


# ---------------------------------------------------------------------------------------------
# What is written


def test_every_element_is_what_the_vendors_sdk_knows(run: Run) -> None:
    # MoySklad ignores an unknown key without a word: nothing else would find it.
    for entity, element in run.written():
        assert documented.unknown_keys(entity, element) == [], element


def test_the_check_by_the_sdk_would_find_a_misspelt_key() -> None:
    meta = {"href": "https://h/entity/store/1", "type": "store", "mediaType": "application/json"}
    position = {"quantity": 1, "prise": 100}
    body = {"store": {"meta": meta, "nme": "?"}, "positions": [position], "linkedSum": 1}
    assert sorted(documented.unknown_keys("supply", body)) == [
        "supply.linkedSum",
        "supply.positions.rows.prise",
        "supply.store.nme",
    ]
    with pytest.raises(ValueError, match="valid string"):
        documented.unknown_keys("paymentin", {"incomingNumber": 8871})


def test_required_fields_are_there_and_nothing_is_null(run: Run) -> None:
    for entity, element in run.written(*CREATED):
        assert documented.REQUIRED[entity] <= element.keys()
        assert element["applicable"] is True
        assert all(value not in (None, "") for _, value in leaves(element)), element


def test_an_update_of_a_state_says_nothing_else(run: Run) -> None:
    updates = list(run.written("customerorder", "demand"))
    assert updates
    for _, element in updates:
        assert element.keys() == {"meta", "state"}


def test_every_number_is_a_whole_one(run: Run) -> None:
    # Money is minor units; a fraction or an exponent in the text would come back as Decimal.
    for _, element in run.written():
        numbers = [value for _, value in leaves(element) if isinstance(value, (int, Decimal))]
        assert all(isinstance(number, int) for number in numbers), element
    for entity, element in run.written("paymentin", "paymentout"):
        assert element["sum"] == run.postings[element["syncId"]]["amount"] > 0, entity
    for _, element in run.written("supply", "salesreturn"):
        amount = sum(row["price"] * row["quantity"] for row in element["positions"])
        assert amount == run.postings[element["syncId"]]["amount"] > 0


def test_moments_are_moscow_time_without_seconds(run: Run) -> None:
    seen = Counter[str]()
    for _, element in run.written(*CREATED):
        planned = run.postings[element["syncId"]]["document"]
        for ours, theirs in (("moment", "moment"), ("incoming_date", "incomingDate")):
            if theirs not in element:
                continue
            seen[theirs] += 1
            assert element[theirs] == moscow_minute(planned[ours])
    assert seen.keys() == {"moment", "incomingDate"}


MOSCOW = timezone(timedelta(hours=3))


def moscow_minute(stored: str) -> str:
    return datetime.fromisoformat(stored).astimezone(MOSCOW).strftime("%Y-%m-%d %H:%M:00")


def test_every_created_document_carries_both_marks(run: Run) -> None:
    for entity, element in run.written(*CREATED):
        assert element["syncId"] == element["externalCode"]
        assert run.postings[element["syncId"]]["kind"] == entity


def test_every_link_says_how_much_and_never_more_than_the_payment(run: Run) -> None:
    links = 0
    for _, element in run.written("paymentin", "paymentout"):
        operations = element["operations"]
        links += len(operations)
        assert all(operation["linkedSum"] > 0 for operation in operations)
        assert sum(operation["linkedSum"] for operation in operations) <= element["sum"]
        targets = [operation["meta"]["href"] for operation in operations]
        assert len(set(targets)) == len(targets)
    assert links


LINKABLE = {
    "paymentin": {"customerorder", "demand", "invoiceout"},
    "paymentout": {"supply", "salesreturn"},
}


def test_payments_are_linked_to_what_they_may_pay(run: Run) -> None:
    for entity, element in run.written("paymentin", "paymentout"):
        types = {operation["meta"]["type"] for operation in element["operations"]}
        assert types <= LINKABLE[entity]


def test_references_are_metas_of_this_server_with_the_type_of_their_address(run: Run) -> None:
    root = f"{run.origin}/api/remap/1.2/entity/"
    types = Counter[str]()
    for entity, element in run.written():
        for _, meta in metas(element):
            assert meta.keys() == {"href", "type", "mediaType"}
            assert meta["mediaType"] == "application/json"
            assert meta["href"].startswith(root)
            path = meta["href"].removeprefix(root)
            types[meta["type"]] += 1
            if meta["type"] == "state":
                assert re.fullmatch(f"{entity}/metadata/states/{documented.UUID}", path)
            else:
                assert re.fullmatch(f"{meta['type']}/{documented.UUID}", path)
    assert {"state", "organization", "counterparty", "supply", "service", "demand"} <= types.keys()


def leaves(value: Any, name: str = "") -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from leaves(inner, name)
    else:
        yield name, value


def metas(value: Any) -> Iterator[tuple[str, Json]]:
    if isinstance(value, list):
        for inner in value:
            yield from metas(inner)
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key == "meta":
                yield key, inner
            else:
                yield from metas(inner)


# ---------------------------------------------------------------------------------------------
# How often


def test_no_more_than_five_requests_are_under_way(run: Run) -> None:
    events = sorted(
        [(one.began, 1) for one in run.exchanges] + [(one.ended, -1) for one in run.exchanges]
    )
    flying = most = 0
    for _, change in events:
        flying += change
        most = max(most, flying)
    assert 1 <= most <= 5


def test_the_limits_are_never_provoked(run: Run) -> None:
    refused = [one for one in run.exchanges if one.status == 429]
    planned = sum(fault == "too_many" for fault, _ in TROUBLES)
    assert len(refused) in {0, planned}, "none but those that a fault asked for"
    left = [
        int(one.reply_headers["x-ratelimit-remaining"])
        for one in run.exchanges
        if one.is_whole and one.status == 200
    ]
    assert min(left) == 45 - 11 * 4, "eleven requests fit into a basket, and no clock was faster"


def test_a_connection_carries_at_most_a_hundred_requests_and_is_reused(run: Run) -> None:
    by_connection = Counter(one.client for one in run.exchanges)
    assert max(by_connection.values()) <= 100
    cut = sum(not one.is_whole for one in run.exchanges)
    assert len(by_connection) <= 1 + cut + len(run.exchanges) // 100


def test_documents_go_five_hundred_at_a_time(run: Run) -> None:
    # At most two requests for a thousand documents; here no file has five hundred of a kind.
    batches = {(one["file"], one["kind"]) for one in run.postings.values()}
    doubts = [one for one in run.writes if not one.is_whole or one.status != 200]
    assert len(run.writes) <= len(batches) + 2 * len(doubts)
    if not doubts:
        assert len(run.writes) == len(batches)
        assert sum(len(one.sent()) for one in run.writes) == len(run.postings)


def test_reading_grows_with_the_files_and_not_with_their_lines(run: Run) -> None:
    files = {one["file"] for one in run.postings.values()}
    doubts = sum(not one.is_whole or one.status != 200 for one in run.exchanges)
    # Per file: the mirror's lists, the dictionaries, and look-ups of a hundred documents each.
    assert len(run.reads) <= 30 * (len(files) + doubts)


def test_nothing_is_written_again_without_a_look(run: Run) -> None:
    repeated = 0
    for place, one in enumerate(run.exchanges):
        if not one.is_write:
            continue
        for mark in marks(one):
            earlier = [
                at
                for at, before in enumerate(run.exchanges[:place])
                if before.is_write and before.status != 429 and mark in marks(before)
            ]
            if not earlier:
                continue
            repeated += 1
            looks = run.exchanges[earlier[-1] + 1 : place]
            assert any(looked_for(mark, look) for look in looks), f"{mark} again: {one}"
    doubts = [one for one in run.writes if not one.is_whole or one.status == 400]
    assert bool(repeated) == bool(doubts)


def marks(write: Exchange) -> set[str]:
    """By which a write can be found again: the syncId of a new document, the id of another."""
    return {
        element.get("syncId") or element["meta"]["href"].rpartition("/")[2]
        for element in write.sent()
    }


def looked_for(mark: str, look: Exchange) -> bool:
    return not look.is_write and look.is_whole and mark in look.target


def test_in_the_end_every_document_is_there_once(run: Run) -> None:
    saved = Counter[str]()
    for one in run.writes:
        if one.entity in CREATED and one.is_whole and one.status == 200:
            saved.update(element["id"] for element in one.answered())
    assert saved
    assert max(saved.values()) == 1


# ---------------------------------------------------------------------------------------------
# What comes back: the sandbox must not flatter the client


def test_replies_are_gzipped_json_with_the_limits_in_their_headers(run: Run) -> None:
    served = [one for one in run.exchanges if one.is_whole and one.status == 200]
    assert served
    for one in served:
        assert one.reply_headers["content-type"] == "application/json;charset=utf-8"
        assert one.reply_headers["content-encoding"] == "gzip"
        assert "x-lognex-retry-after" in one.reply_headers


def shown(run: Run) -> Iterator[tuple[str, Json]]:
    """One picture of every object that was answered, the last one."""
    found: dict[tuple[str, str], Json] = {}
    for one in run.exchanges:
        if not one.is_whole or one.status != 200 or one.path.endswith("/metadata"):
            continue
        answer = one.answered()
        rows = answer["rows"] if isinstance(answer, dict) and "rows" in answer else answer
        for row in rows if isinstance(rows, list) else [rows]:
            found[one.entity, row["id"]] = row
    return ((entity, row) for (entity, _), row in found.items())


def test_replies_are_what_the_vendors_sdk_knows(run: Run) -> None:
    seen = Counter[str]()
    for entity, row in shown(run):
        seen[entity] += 1
        if seen[entity] <= 50:
            plain = json.loads(json.dumps(row, default=float))
            assert documented.unknown_keys(entity, plain) == []
    assert set(WRITTEN) <= seen.keys()


def test_replies_have_every_field_that_is_promised(run: Run) -> None:
    for entity, row in shown(run):
        assert documented.ALWAYS[entity] - row.keys() == set(), (entity, row["id"])
        assert all(value not in (None, "") for _, value in leaves(row))


def test_times_in_replies_have_milliseconds(run: Run) -> None:
    for _, row in shown(run):
        for name in ("moment", "created", "updated", "incomingDate"):
            if name in row:
                assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}", row[name])
                assert row[name].endswith(":00.000") or name in {"created", "updated"}
