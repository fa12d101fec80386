"""Movements in the database: once for each statement, summed once over all of them."""

from sverka.database.connection import connect
from sverka.parsing.store import Counts, store
from tests.parsing import samples_banks as banks
from tests.parsing.conftest import Parse
from tests.parsing.test_store import a_file, rows

SUMS = "select direction, count(*), sum(amount) from {} group by 1 order by 1"
IN_AND_OUT = [("in", 3, 500100), ("out", 2, 1504900)]


def test_a_statement_is_stored_without_a_courier(database_url: str, parsed: Parse) -> None:
    with connect(database_url) as conn:
        counts = store(conn, a_file(conn), parsed(banks.one_c()))
        assert counts == Counts(reports=1, lines=0, rejected=0, ignored=1)
        assert rows(conn, "select courier, purpose, period_from::text from report") == [
            (None, "statement", "2026-11-19")
        ]
        assert rows(conn, "select courier, schema from file") == [(None, "bank_1c_statement")]
        assert rows(
            conn,
            "select account, number, document_date::text, moved_on::text, amount, currency,"
            " counterparty, counterparty_inn, purpose from bank_movement where line_no = 3",
        ) == [
            (
                banks.OURS, "4", "2026-11-20", "2026-11-20", 1500000, "RUB",
                "ООО «Склад»", "7700000002", "Аренда склада за ноябрь 2026, договор 7 от 10.01.2026",
            )
        ]  # fmt: skip


def test_storing_again_replaces(database_url: str, parsed: Parse) -> None:
    with connect(database_url) as conn:
        file_id = a_file(conn)
        for _ in range(2):
            store(conn, file_id, parsed(banks.one_c()))
        assert rows(conn, SUMS.format("bank_movement")) == IN_AND_OUT


def test_the_same_statement_as_another_file_adds_no_money(database_url: str, parsed: Parse) -> None:
    """UTF-8 instead of cp1251: other bytes, so another file."""
    with connect(database_url) as conn:
        for data in (banks.one_c(), banks.one_c_utf8()):
            store(conn, a_file(conn), parsed(data))
        assert rows(conn, "select count(*) from bank_movement") == [(10,)]
        assert rows(conn, SUMS.format("known_movement")) == IN_AND_OUT


def test_an_overlapping_statement_adds_what_is_new(database_url: str, parsed: Parse) -> None:
    first, second, *rest = banks.one_c_documents()
    early = banks.exchange(banks.HEAD, [], [first, second], accounts=[banks.OURS, banks.SECOND])
    later = banks.exchange(banks.HEAD, [], [second, *rest], accounts=[banks.OURS, banks.SECOND])
    with connect(database_url) as conn:
        for data in (early, later):
            store(conn, a_file(conn), parsed(data))
        assert rows(conn, SUMS.format("known_movement")) == IN_AND_OUT


def test_the_newest_wording_of_a_movement_counts(database_url: str, parsed: Parse) -> None:
    with connect(database_url) as conn:
        for text in ("Реестр 1", "Реестр 1, исправлено"):
            document = banks.incoming("77", "10", НазначениеПлатежа=text)
            data = banks.exchange(banks.HEAD, [], [document], accounts=[banks.OURS])
            store(conn, a_file(conn), parsed(data))
        assert rows(conn, "select purpose from known_movement") == [("Реестр 1, исправлено",)]


def test_statuses_and_returns_keep_their_purpose(database_url: str, parsed: Parse) -> None:
    from tests.parsing.samples_couriers import cdek_orders_csv, dalli_returns

    with connect(database_url) as conn:
        for data in (cdek_orders_csv(), dalli_returns()):
            store(conn, a_file(conn), parsed(data))
        assert rows(conn, "select courier, purpose from report order by 1") == [
            ("cdek", "statuses"),
            ("dalli", "returns"),
        ]
