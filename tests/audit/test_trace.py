"""From any end the same way is shown: file, row, verdict, document, MoySklad, and back."""

import argparse
import json
from typing import Any
from uuid import UUID

import pytest

from sverka.audit.find import Untraceable
from sverka.audit.journal import Kind
from sverka.audit.trace import PostingTrace, Trace, trace
from sverka.audit.tree import ACTORS, STEPS, as_text
from sverka.commands import trace as command
from sverka.demo.shop import Order
from sverka.posting.approve import approve
from tests.posting.conftest import Desk, desk, sandbox, shop
from tests.support.books import Books

__all__ = ["desk", "sandbox", "shop"]

KEPT = 25_000


class Settled:
    """A file of two orders that went its whole way, approved by a person."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.orders: list[Order] = desk.orders("dalli")[:2]
        desk.mirror(*self.orders)
        self.file_id = desk.books.file("dalli")
        for order in self.orders:
            desk.books.line(
                self.file_id,
                order.name,
                order.sum,
                fee_delivery=KEPT,
                payout=order.sum - KEPT,
                sheet="Реестр",
                track_ref=f"TRACK-{order.name}",
            )
        self.seal = desk.plan(self.file_id).seal
        approve(desk.services, self.file_id, "Анна", seal=self.seal)
        desk.send(self.file_id)

    def trace(self, query: str, **options: Any) -> Trace:
        with self.desk.services.connect() as conn:
            return trace(conn, query, **options)

    def posting(self, kind: str = "paymentin", order: int = 0) -> tuple[UUID, UUID, str]:
        """syncId, MoySklad id and number of an order's document."""
        [[sync_id, moysklad_id, name]] = self.desk.books.run(
            "select sync_id::text, moysklad_id::text, moysklad_name from posting "
            "where kind = %s and order_id = %s",
            kind,
            self.orders[order].id,
        )
        return UUID(sync_id), UUID(moysklad_id), name


@pytest.fixture
def settled(desk: Desk) -> Settled:
    return Settled(desk)


def the_line(found: Trace) -> Any:
    [file] = found.files
    [report] = file.reports
    [line] = report.lines
    return line


def document(found: Trace, kind: str = "paymentin") -> PostingTrace:
    [one] = [posting for posting in the_line(found).postings if posting.kind == kind]
    return one


def test_every_end_leads_to_the_same_row_and_document(settled: Settled) -> None:
    order = settled.orders[0]
    sync_id, moysklad_id, _ = settled.posting()
    [[demand]] = settled.desk.books.run(
        "select id::text from snapshot_demand where order_id = %s", order.id
    )
    ends = [
        str(moysklad_id),
        str(moysklad_id).upper(),
        str(sync_id),
        order.name,
        f"  заказ № {order.name.lower()} ",
        f"TRACK-{order.name}",
        f"track-{order.name}",
        str(order.id),
        demand,
    ]
    for end in ends:
        found = settled.trace(end)
        assert the_line(found).order_ref == order.name, end
        assert document(found).moysklad_id == moysklad_id, end
        assert found.files[0].id == settled.file_id, end


def test_the_way_of_a_document_is_whole(settled: Settled) -> None:
    order = settled.orders[0]
    sync_id, moysklad_id, name = settled.posting()
    found = settled.trace(str(moysklad_id))
    line, paid = the_line(found), document(found)
    assert (line.sheet, line.line_no, line.collected) == ("Реестр", 1, order.sum)
    assert (line.verdict, line.clean, line.order_name) == ("matched", True, order.name)
    assert line.rule.endswith("residual.exact")
    assert line.sentence
    assert (paid.sync_id, paid.moysklad_name, paid.amount) == (sync_id, name, order.sum)
    assert (paid.state, paid.approved_by, paid.attempts, paid.dry_run) == (
        "posted",
        "Анна",
        1,
        False,
    )
    assert paid.link
    assert [step.kind for step in paid.steps] == [
        Kind.POSTING_APPROVED,
        Kind.POSTING_SENDING,
        Kind.POSTING_POSTED,
    ]
    assert paid.steps[0].detail["seal"] == settled.seal
    assert [step.kind for step in found.files[0].steps] == [Kind.PLAN_MADE]


def test_a_file_is_found_by_name_and_by_the_beginning_of_its_hash(settled: Settled) -> None:
    [[name, sha256]] = settled.desk.books.run("select name, sha256 from file")
    for query in (name, sha256, sha256[:12], sha256[:12].upper()):
        found = settled.trace(query)
        assert [line.line_no for line in found.files[0].reports[0].lines] == [1, 2]
        assert (found.lines, found.left_out) == (2, 0)


def test_a_file_is_found_by_the_name_of_a_copy(settled: Settled) -> None:
    settled.desk.books.insert(
        "sighting",
        {"file_id": settled.file_id, "zone": "inbox", "name": "копия.xlsx", "signature": "1"}
        | {"seen_at": settled.desk.clock()},
    )
    assert settled.trace("копия.xlsx").files[0].id == settled.file_id


def test_a_long_file_is_shortened_and_says_so(settled: Settled) -> None:
    found = settled.trace("report-1.xlsx", limit=1)
    assert (found.lines, found.left_out) == (2, 1)
    assert "и ещё строк: 1" in as_text(found)


def test_a_documents_number_that_two_documents_have_lists_both(settled: Settled) -> None:
    _, first, name = settled.posting(order=0)
    _, second, _ = settled.posting(order=1)
    settled.desk.books.run(
        "update posting set moysklad_name = %s where moysklad_id = %s", name, second
    )
    with pytest.raises(Untraceable) as several:
        settled.trace(name)
    words = str(several.value)
    assert str(first) in words
    assert str(second) in words
    assert len({match.key for match in several.value.matches}) == len(several.value.matches) >= 2


@pytest.mark.parametrize(
    ("query", "looked_for"),
    [
        ("9999-нет", ["номер документа", "номер заказа", "трек-номер", "имя файла"]),
        (
            "00000000-0000-4000-8000-00000000dead",
            ["id документа МоегоСклада", "syncId", "id заказа или отгрузки"],
        ),
        ("deadbeefdeadbeef", ["отпечаток файла"]),
        ("'; drop table journal; --", ["номер заказа"]),
        ("%", ["номер документа"]),
        ("   ", []),
    ],
)
def test_what_is_unknown_says_where_it_was_looked_for(
    settled: Settled, query: str, looked_for: list[str]
) -> None:
    with pytest.raises(Untraceable) as unknown:
        settled.trace(query)
    assert all(words in str(unknown.value) for words in looked_for)
    assert unknown.value.matches == ()


def test_an_order_in_two_files_shows_both(settled: Settled) -> None:
    order = settled.orders[0]
    other = settled.desk.books.file("dalli")
    settled.desk.books.line(other, order.name, order.sum)
    settled.desk.plan(other)
    found = settled.trace(order.name)
    assert [file.id for file in found.files] == [settled.file_id, other]
    [again] = found.files[1].reports[0].lines
    assert again.postings == ()
    assert again.verdict != "matched"


def test_an_order_that_was_found_by_its_parcel_is_traced_by_its_number(desk: Desk) -> None:
    [order] = desk.orders("dalli")[:1]
    desk.mirror(order)
    desk.books.run("update snapshot_order set track_key = 'TR1' where id = %s", order.id)
    file_id = desk.books.file("dalli")
    desk.books.line(file_id, None, order.sum, track_ref="TR1")
    desk.plan(file_id)
    with desk.services.connect() as conn:
        assert the_line(trace(conn, order.name)).track_ref == "TR1"


def test_a_document_for_many_rows_is_shown_with_each_row_and_alone(desk: Desk) -> None:
    orders = desk.orders("gorod")[:3]
    desk.mirror(*orders)
    file_id = desk.books.file("gorod")
    for order in orders:
        desk.books.line(file_id, order.name, order.sum, fee_delivery=1_000)
    desk.settle(file_id)
    [[moysklad_id]] = desk.books.run("select moysklad_id::text from posting where kind = 'supply'")
    with desk.services.connect() as conn:
        found = trace(conn, moysklad_id)
        of_order = trace(conn, orders[0].name)
    lines = found.files[0].reports[0].lines
    assert [line.order_ref for line in lines] == [order.name for order in orders]
    assert {posting.kind for line in lines for posting in line.postings} == {"supply"}
    assert lines[0].postings[0].stands_for == 3
    assert "один на 3 строк" in as_text(found)
    assert document(of_order, "supply").moysklad_id == UUID(moysklad_id)


def test_a_plan_in_dry_run_is_shown_as_one(desk: Desk) -> None:
    desk.terms("dalli", dry_run="true")
    [order] = desk.orders("dalli")[:1]
    desk.mirror(order)
    file_id = desk.books.file("dalli")
    desk.books.line(file_id, order.name, order.sum)
    desk.plan(file_id)
    with desk.services.connect() as conn:
        found = trace(conn, order.name)
    assert document(found).dry_run
    assert document(found).moysklad_id is None
    assert "пробный режим" in as_text(found)


def test_a_row_without_verdict_and_a_file_without_rows_are_shown(books: Books) -> None:
    from sverka.database.connection import connect

    file_id = books.file()
    line_id = books.line(file_id, "W-7")
    empty = books.file(reports=0)
    report = books.run("select id from report where file_id = %s", file_id)[0][0]
    books.run("update line set accepted = false where id = %s", line_id)
    books.insert(
        "rejected",
        {
            "report_id": report,
            "line_id": line_id,
            "line_no": 1,
            "rule": "x",
            "reason": "нет суммы.",
        },
    )
    with connect(books.url) as conn:
        assert "отложена: нет суммы." in as_text(trace(conn, "w-7"))
        assert trace(conn, "report-2.xlsx").files[0].id == empty
        assert trace(conn, "report-2.xlsx").files[0].reports == ()


def test_the_tree_tells_the_way_in_russian(settled: Settled) -> None:
    order = settled.orders[0]
    sync_id, moysklad_id, name = settled.posting()
    text = as_text(settled.trace(str(moysklad_id)))
    for words in (
        "файл «report-1.xlsx»",
        "отчёт № 55 от 19.11.2026",
        "лист «Реестр», строка 1: заказ",
        "вывод: сошлось",
        "Входящий платёж",
        "одобрен",
        "Анна",
        "попытка 1",
        f"№ {name}, id {moysklad_id}, http",
        f"syncId {sync_id}",
    ):
        assert words in text, words
    assert text.index("файл") < text.index("лист") < text.index("вывод") < text.index("одобрен")
    assert f"«{order.name}»" in text


def test_every_kind_and_every_part_of_sverka_has_russian_words(settled: Settled) -> None:
    assert set(STEPS) == set(Kind)
    parts = {by for (by,) in settled.desk.books.run("select distinct by from journal")}
    assert parts - set(ACTORS) == {"Анна"}


def run(desk: Desk, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    command.add_parser(parser.add_subparsers(), lambda: desk.services)
    parsed = parser.parse_args(["trace", *arguments])
    code: int = parsed.run(parsed)
    return code


def test_the_command_prints_the_tree_or_json(
    settled: Settled, capsys: pytest.CaptureFixture[str]
) -> None:
    name = settled.orders[0].name
    assert run(settled.desk, name) == 0
    assert capsys.readouterr().out.rstrip("\n") == as_text(settled.trace(name))
    assert run(settled.desk, name, "--json") == 0
    printed = json.loads(capsys.readouterr().out)
    line = printed["files"][0]["reports"][0]["lines"][0]
    assert line["sheet"] == "Реестр"
    assert line["postings"][0]["amount"] == settled.orders[0].sum
    assert printed["found"] == {"what": "order", "key": name, "words": f"заказ {name}"}


def test_the_command_shows_all_rows_when_asked(
    settled: Settled, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sverka.audit.trace.SHOWN", 1)
    run(settled.desk, "report-1.xlsx")
    assert "и ещё строк: 1" in capsys.readouterr().out
    run(settled.desk, "report-1.xlsx", "--all")
    assert "и ещё строк" not in capsys.readouterr().out
