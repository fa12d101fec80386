"""Dalli: the act of goods handed back, one record per item."""

import pytest

from sverka.errors import NeedsMapping, Refusal
from sverka.nouns import Outcome, Purpose, RowKind
from sverka.recognition import Schemas
from sverka.recognition.texts import folded
from tests.parsing.conftest import Parse
from tests.parsing.samples_couriers import dalli_returns, return_item


def test_an_act_of_returns_has_a_line_for_each_item(parsed: Parse) -> None:
    (report,) = parsed(dalli_returns())
    assert (report.report.courier, report.report.purpose) == ("dalli", Purpose.RETURNS)
    assert (report.report.report_no, str(report.report.report_date)) == ("894821", "2026-11-20")
    assert [(line.order_ref, line.track_ref) for line in report.lines] == [
        ("62876792", "A5428842"),
        ("62876792", "A5428842"),
        ("62876792", "A5428842"),
        ("W 43", "A5428650"),
    ]
    assert {(line.row_kind, line.outcome) for line in report.lines} == {
        (RowKind.RETURN, Outcome.RETURNED)
    }
    assert {(line.collected, line.payout) for line in report.lines} == {(0, 0)}


def test_equal_goods_of_one_order_stay_two(parsed: Parse) -> None:
    (report,) = parsed(dalli_returns())
    tea, cup, more_tea, _ = report.lines
    assert tea.identity == more_tea.identity != cup.identity
    assert (tea.occurrence, more_tea.occurrence) == (1, 2)


def test_a_mark_of_honest_sign_tells_goods_apart(parsed: Parse) -> None:
    items = [return_item("A5428650", "W 43", "Туфли", mark=mark) for mark in ("01a", "01b")]
    (report,) = parsed(dalli_returns(*items))
    assert len({line.identity for line in report.lines}) == 2


@pytest.mark.parametrize("quantity", ["0", "-1", ""])
def test_an_item_of_no_pieces_is_asked_about(parsed: Parse, quantity: str) -> None:
    (report,) = parsed(dalli_returns(return_item("A5428842", "1", "Чай", quantity)))
    (rejected,) = report.rejected
    assert (report.lines, rejected.column) == ([], "returnQty")


def test_no_acts_is_a_valid_answer(parsed: Parse) -> None:
    answer = '<returnTransfers error="2">Акты не найдены</returnTransfers>'.encode()
    (report,) = parsed(answer)
    assert report.lines == []


def test_an_act_without_the_orders_number_is_held(parsed: Parse) -> None:
    with pytest.raises(NeedsMapping, match="number"):
        parsed(dalli_returns().replace(b" number=", b" orderno="))


def test_an_unknown_section_of_the_act_is_refused(parsed: Parse) -> None:
    data = dalli_returns().replace(b"</act>", b"<service><row sum='1'/></service></act>")
    with pytest.raises(Refusal, match="service"):
        parsed(data)


def test_a_money_act_is_not_taken_for_it(parsed: Parse) -> None:
    with pytest.raises(Refusal):
        parsed(dalli_returns().replace(b"returnTransfers", b"moneyTransfers"))


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        ("Доставлен", Outcome.DELIVERED),
        ("COMPLETE", Outcome.DELIVERED),
        ("Доставлен частично", Outcome.PARTIALLY_DELIVERED),
        ("Не доставлен (Возврат/Отмена)", Outcome.REFUSED),
        ("Возвращен", Outcome.RETURNED),
        ("Доставлен (предварительно)", None),
        ("COURIERDELIVERED", None),
    ],
)
def test_the_status_words_of_measoft(
    schemas: Schemas, status: str, outcome: Outcome | None
) -> None:
    """Dalli and other couriers run MeaSoft. A preliminary delivery is not final: it is asked about."""
    assert schemas.vocabulary.words["outcomes"].get(folded(status)) == outcome
