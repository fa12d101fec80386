"""Documents when the bank has the money: none before, all of them on the bank's day."""

from datetime import date

from sverka.posting.supersede import supersede
from tests.payouts.conftest import FEE, Shop
from tests.posting.undone import undone


def test_a_report_alone_books_nothing_and_the_statement_books_it(waiting: Shop) -> None:
    file_id = waiting.report(2)
    assert waiting.run(file_id)["plan"]["documents"] == {}
    assert waiting.desk.postings() == {}
    for verdict, rule, clean, sentence in waiting.verdicts(file_id):
        assert (verdict, rule, clean) == ("unpaid", "bank.waiting", False)
        assert sentence.startswith("Отчёт № 55. Перевод на ")
        assert sentence.endswith("деньги в банк ещё не пришли. Проведём сами, когда придут.")
    waiting.statement(waiting.movement(waiting.payout(file_id) - 1, "less"))
    assert waiting.woken() == []

    came = {"number": "123", "moved_on": date(2026, 12, 1)}
    waiting.statement(waiting.movement(waiting.payout(file_id), **came))
    assert waiting.woken() == [file_id]
    waiting.run(file_id)
    assert waiting.desk.in_moysklad(file_id) == {"paymentin": 2, "supply": 2, "paymentout": 2}
    assert waiting.days(file_id) == [("2026-12-01", "123"), ("2026-12-01", None)]
    assert {row[0] for row in waiting.verdicts(file_id)} == {"matched"}
    assert waiting.woken() == []
    waiting.run(file_id)
    assert waiting.desk.in_moysklad(file_id) == {"paymentin": 2, "supply": 2, "paymentout": 2}


def test_the_statement_first_and_the_report_is_booked_at_once(waiting: Shop) -> None:
    file_id = waiting.report()
    waiting.statement(waiting.movement(waiting.payout(file_id)))
    waiting.run(file_id)
    assert waiting.desk.in_moysklad(file_id) == {"paymentin": 1, "supply": 1, "paymentout": 1}


def test_the_order_with_another_sum_books_nothing_and_shows_the_difference(waiting: Shop) -> None:
    file_id = waiting.report(payment_order_no="77")
    waiting.books.line(file_id, "нет такого", 5_000)
    waiting.statement(waiting.movement(waiting.payout(file_id) - 1_000))
    waiting.run(file_id)
    first, second = waiting.verdicts(file_id)
    assert first[:3] == ("unpaid", "bank.asks", False)
    assert "на 10,00\u00a0₽ меньше" in first[3]
    assert second[0] == "unknown_order", "a line in doubt for itself stays in doubt"
    assert waiting.desk.postings() == {}


def test_what_the_shop_owes_is_never_booked_and_a_report_of_nothing_is(waiting: Shop) -> None:
    owed, nothing = waiting.report(), waiting.report(report_no="56")
    hold = {"row_kind": "hold", "outcome": None}
    waiting.books.line(owed, None, payout=-waiting.payout(owed) - 5_000, **hold)
    waiting.books.line(nothing, None, payout=-waiting.payout(nothing), **hold)
    waiting.statement(waiting.movement(5_000), waiting.movement(5_000, "out", direction="out"))
    for file_id in (owed, nothing):
        waiting.run(file_id)
    assert waiting.states(owed) + waiting.states(nothing) == ["owed", "nothing"]
    assert waiting.desk.in_moysklad(owed) == {}
    assert waiting.desk.in_moysklad(nothing)["paymentin"] == 1


def test_of_two_orders_in_a_file_only_the_paid_report_is_booked(waiting: Shop) -> None:
    file_id = waiting.books.file("dalli", reports=0)
    for ordinal, number in enumerate(("77", "78")):
        waiting.books.report(file_id, "dalli", ordinal, payment_order_no=number)
        waiting.rows(file_id, ordinal + 1, ordinal)
    waiting.statement(waiting.movement(waiting.payout(file_id, 1), number="78"))
    waiting.run(file_id)
    assert waiting.states(file_id) == ["waiting", "paid"]
    assert waiting.desk.in_moysklad(file_id)["paymentin"] == 2
    assert [row[0] for row in waiting.verdicts(file_id)] == ["unpaid", "matched", "matched"]


def test_undoing_the_report_frees_its_money_at_once(waiting: Shop) -> None:
    file_id = waiting.report()
    waiting.statement(waiting.movement(waiting.payout(file_id)))
    waiting.run(file_id)
    undone(waiting.desk, file_id)
    assert waiting.states(file_id) == ["void"]
    kinds = [kind for kind, _ in waiting.events()]
    assert kinds == ["payout.matched", "payout.unmatched"]


def test_undoing_the_statement_takes_back_what_nobody_approved(waiting: Shop) -> None:
    waiting.terms("dalli", approval="nothing")
    file_id = waiting.report()
    waiting.run(file_id)
    statement = waiting.statement(waiting.movement(waiting.payout(file_id)))
    assert waiting.woken() == [file_id]
    waiting.run(file_id)
    assert waiting.desk.postings()["paymentin"] == {"planned": 1}
    undone(waiting.desk, statement)
    assert waiting.woken() == [file_id]
    waiting.run(file_id)
    assert waiting.desk.postings() == {}


def test_a_corrected_report_takes_the_place_and_the_money(waiting: Shop) -> None:
    old = waiting.report()
    waiting.run(old)
    [[order, taken]] = waiting.books.run("select order_ref, collected from line")
    new = waiting.books.file("dalli")
    waiting.books.line(new, order, taken, fee_delivery=FEE + 100, payout=taken - FEE - 100)
    supersede(waiting.services, new, "бухгалтер", of=old)
    assert waiting.states(old) + waiting.states(new) == ["void", "waiting"]
    sums = [waiting.payout(one) for one in (old, new)]
    waiting.statement(waiting.movement(sums[0], "old"), waiting.movement(sums[1], "new"))
    assert waiting.states(old) + waiting.states(new) == ["void", "paid"]


def test_it_is_overdue_by_the_contract_only(waiting: Shop) -> None:
    """The report is of the 19th, the clock stands on the 20th."""
    file_id = waiting.report()
    for days, rule in ((1, "bank.waiting"), (0, "bank.overdue")):
        waiting.terms("dalli", payout_days=days)
        waiting.run(file_id)
        assert waiting.verdicts(file_id)[0][:2] == ("unpaid", rule)


def test_who_books_at_once_waits_for_nothing_and_is_shown(waiting: Shop) -> None:
    waiting.terms("dalli", posting_scheme="net")
    file_id = waiting.report()
    waiting.run(file_id)
    assert waiting.states(file_id) == ["waiting"]
    waiting.statement(waiting.movement(waiting.payout(file_id)))
    assert (waiting.states(file_id), waiting.woken()) == (["paid"], [])
    assert {day for day, _ in waiting.days(file_id)} == {"2026-11-19"}
