"""Bank statements: every movement once, the right way round, proved by the balances."""

from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sverka.errors import NeedsMapping, Refusal
from sverka.nouns import Movement, Purpose
from sverka.parsing import ParsedReport
from sverka.parsing.entries import NOT_BOOKED, OWN_TRANSFER
from sverka.parsing.statement import movement_keys
from tests.parsing import samples_banks as banks
from tests.parsing.conftest import Parse
from tests.parsing.samples_banks import COURIER, LANDLORD, OURS, SECOND
from tests.parsing.writers_banks import Keys, bal, camt, details, exchange, ntry, stmt

DAY = date(2026, 11, 20)


def one_c(
    *documents: tuple[str, Keys],
    sections: list[Keys] | None = None,
    head: Keys | None = None,
    accounts: list[str] | None = None,
) -> bytes:
    """A statement without balances unless they are given."""
    return exchange(
        banks.HEAD if head is None else head,
        sections or [],
        documents,
        accounts=[OURS] if accounts is None else accounts,
    )


def report_of(parsed: Parse, data: bytes) -> ParsedReport:
    (report,) = parsed(data)
    return report


def movement_of(parsed: Parse, document: tuple[str, Keys]) -> Movement:
    (movement,) = report_of(parsed, one_c(document)).movements
    return movement


def without(document: tuple[str, Keys], *keys: str) -> tuple[str, Keys]:
    kind, given = document
    return kind, {key: value for key, value in given.items() if key not in keys}


# 1C


def test_a_statement_for_1c(parsed: Parse) -> None:
    report = report_of(parsed, banks.one_c())
    head = report.report
    assert (head.courier, head.schema, head.purpose) == (
        None, "bank_1c_statement", Purpose.STATEMENT,
    )  # fmt: skip
    assert (head.report_date, head.period_from, head.period_to) == (
        date(2026, 11, 21), date(2026, 11, 19), DAY,
    )  # fmt: skip
    assert [(m.line_no, m.direction, m.number, m.moved_on.day, m.amount) for m in report.movements] == [
        (1, "in", "77", 19, 150050),
        (2, "in", "77", 19, 150050),
        (3, "out", "4", 20, 1500000),
        (5, "out", "305", 20, 4900),
        (6, "in", "78", 19, 200000),
    ]  # fmt: skip
    assert (report.lines, report.rejected, report.warnings) == ([], [], [])
    assert report.rows_read == 6 == len(report.movements) + sum(r.rows for r in report.ignored)


def test_money_that_came(parsed: Parse) -> None:
    assert movement_of(parsed, banks.incoming("77", "1500.50")) == Movement(
        line_no=1,
        account=OURS,
        direction="in",
        number="77",
        document_date=date(2026, 11, 18),
        moved_on=date(2026, 11, 19),
        amount=150050,  # type: ignore[arg-type]
        currency="RUB",
        counterparty="ООО «Городской курьер»",
        counterparty_inn="7700000003",
        counterparty_account=COURIER,
        purpose="Перечисление наложенных платежей по реестру 118/11. НДС не облагается",
    )


def test_money_that_went(parsed: Parse) -> None:
    movement = movement_of(parsed, banks.outgoing("4", "15000"))
    assert (movement.direction, movement.moved_on, movement.amount) == ("out", DAY, 1500000)
    assert (movement.counterparty, movement.counterparty_inn) == ("ООО «Склад»", "7700000002")
    assert movement.counterparty_account == LANDLORD
    assert movement.purpose == "Аренда склада за ноябрь 2026, договор 7 от 10.01.2026"


@pytest.mark.parametrize("encoding", ["cp1251", "cp866", "utf-8", "utf-8-sig"])
@pytest.mark.parametrize("newline", ["\r\n", "\n"])
def test_the_declared_encoding_is_not_believed(parsed: Parse, encoding: str, newline: str) -> None:
    """Every one of them declares Windows."""
    data = banks.one_c(newline=newline)
    text = data.decode("cp1251").replace("«", '"').replace("»", '"')
    expected = report_of(parsed, text.encode("cp1251")).movements
    assert report_of(parsed, text.encode(encoding)).movements == expected


@pytest.mark.parametrize(
    ("given", "name", "inn"),
    [
        ({"Плательщик": "ИНН 7700000003 ООО Клиент"}, "ООО Клиент", "7700000003"),
        ({"Плательщик": "ИНН 7700000003/770001001 ООО Клиент"}, "ООО Клиент", "7700000003"),
        ({"Плательщик": "ИНН 770000000312 ИП Клиент"}, "ИП Клиент", "770000000312"),
        ({"Плательщик": "ИНН 7700000003"}, None, "7700000003"),
        ({"Плательщик": "Иннокентий 7700000003"}, "Иннокентий 7700000003", None),
        ({"Плательщик1": "ООО Раз", "Плательщик": "ООО Два"}, "ООО Раз", None),
        ({"Плательщик1": "", "Плательщик": "ООО Два"}, "ООО Два", None),
        ({"Плательщик": "ИНН 7700000003 ООО", "ПлательщикИНН": "7700000009"}, "ООО", "7700000009"),
        ({"Плательщик": "ООО", "ПлательщикИНН": "0"}, "ООО", None),
        ({"Плательщик": ""}, None, None),
    ],
)
def test_the_other_party_and_its_inn(
    parsed: Parse, given: Keys, name: str | None, inn: str | None
) -> None:
    kind, keys = without(banks.incoming("77", "10"), "Плательщик", "ПлательщикИНН")
    movement = movement_of(parsed, (kind, {**keys, **given}))
    assert (movement.counterparty, movement.counterparty_inn) == (name, inn)


@pytest.mark.parametrize(
    ("given", "purpose"),
    [
        ({"НазначениеПлатежа": "Целиком", "НазначениеПлатежа1": "часть"}, "Целиком"),
        ({"НазначениеПлатежа": "", "НазначениеПлатежа1": "один", "НазначениеПлатежа3": "три"}, "один три"),
        ({"НазначениеПлатежа6": "шесть"}, "шесть"),
        ({}, None),
    ],
)  # fmt: skip
def test_a_purpose_may_be_cut_into_pieces(parsed: Parse, given: Keys, purpose: str | None) -> None:
    kind, keys = without(banks.incoming("77", "10"), "НазначениеПлатежа")
    assert movement_of(parsed, (kind, {**keys, **given})).purpose == purpose


def test_the_account_may_stand_in_the_second_key(parsed: Parse) -> None:
    """ПлательщикСчет is then the bank's own account for settlements."""
    kind, keys = banks.outgoing("4", "10")
    movement = movement_of(
        parsed,
        (kind, {**keys, "ПлательщикСчет": "30101810000000000001", "ПлательщикРасчСчет": OURS}),
    )
    assert (movement.direction, movement.account) == ("out", OURS)


@pytest.mark.parametrize(
    ("code", "currency"), [("810", "RUB"), ("643", "RUB"), ("840", "USD"), ("156", "CNY")]
)
def test_the_account_tells_the_currency(parsed: Parse, code: str, currency: str) -> None:
    account = f"40702{code}000000000001"
    data = one_c(banks.incoming("1", "10", ПолучательСчет=account), accounts=[account])
    report = report_of(parsed, data)
    assert [m.currency for m in report.movements] == [report.report.currency] == [currency]


def test_an_account_in_an_unknown_currency_is_refused(parsed: Parse) -> None:
    account = "40702999000000000001"
    with pytest.raises(Refusal, match="код 999"):
        parsed(one_c(banks.incoming("1", "10", ПолучательСчет=account), accounts=[account]))


def transfer(**days: str) -> tuple[str, Keys]:
    keys = {"Номер": "9", "Дата": "20.11.2026", "Сумма": "1000", "ПлательщикСчет": OURS,
            "ПолучательСчет": SECOND}  # fmt: skip
    return "Платежное поручение", keys | days


@pytest.mark.parametrize(
    "shown",
    [
        [transfer(ДатаСписано="20.11.2026", ДатаПоступило="20.11.2026")],
        [transfer(ДатаСписано="20.11.2026"), transfer(ДатаПоступило="20.11.2026")],
    ],
    ids=["once", "for each account"],
)
def test_a_transfer_between_own_accounts_is_no_movement(
    parsed: Parse, shown: list[tuple[str, Keys]]
) -> None:
    sections = [
        banks.section(OURS, "20.11.2026", "5000", "0", "1000", "4000"),
        banks.section(SECOND, "20.11.2026", "0", "1000", "0", "1000"),
    ]
    report = report_of(parsed, one_c(*shown, sections=sections, accounts=[OURS, SECOND]))
    (ignored,) = report.ignored
    assert (report.movements, ignored.reason, ignored.rows) == ([], OWN_TRANSFER, len(shown))


def test_a_day_without_movements_is_a_statement(parsed: Parse) -> None:
    report = report_of(
        parsed, one_c(sections=[banks.section(OURS, "20.11.2026", "5", "0", "0", "5")])
    )
    assert (report.movements, report.warnings) == ([], [])


def test_accounts_may_be_named_by_their_balances_only(parsed: Parse) -> None:
    data = one_c(
        banks.incoming("1", "10"),
        sections=[banks.section(OURS, "20.11.2026", "5", "10", "0", "15")],
        accounts=[],
    )
    assert [m.account for m in report_of(parsed, data).movements] == [OURS]


def test_movements_outside_the_period_are_told_and_kept(parsed: Parse) -> None:
    report = report_of(parsed, one_c(banks.incoming("1", "10", ДатаПоступило="02.04.2027")))
    assert [m.moved_on for m in report.movements] == [date(2027, 4, 2)]
    assert any("вне периода выписки: 1" in w and "02.04.2027" in w for w in report.warnings)


def test_a_statement_without_balances_is_told(parsed: Parse) -> None:
    report = report_of(parsed, one_c(banks.incoming("1", "10")))
    assert len(report.movements) == 1
    assert [w for w in report.warnings if OURS in w and "нет остатков" in w]


@pytest.mark.parametrize(
    ("document", "place", "words"),
    [
        (without(banks.incoming("1", "10"), "ДатаПоступило"), "Строка 2, колонка «ДатаПоступило»",
         "не выписка"),
        (without(banks.outgoing("1", "10"), "ДатаСписано"), "Строка 2, колонка «ДатаСписано»",
         "не выписка"),
        (banks.incoming("1", "10", ПолучательСчет=LANDLORD), "Строка 2, колонка «ПолучательСчет»",
         OURS),
        (banks.incoming("1", ""), "Строка 2, колонка «Сумма»", "нет суммы"),
        (banks.incoming("1", "-10"), "Строка 2, колонка «Сумма»", "отрицательная"),
        (banks.incoming("1", "десять"), "Строка 2, колонка «Сумма»", "не сумма"),
        (banks.incoming("1", "10.005"), "Строка 2, колонка «Сумма»", "10.005"),
        (banks.incoming("1", "10", ДатаПоступило="31.02.2026"), "Строка 2, колонка «ДатаПоступило»",
         "не дата"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_refuses_the_whole_statement(
    parsed: Parse, document: tuple[str, Keys], place: str, words: str
) -> None:
    """A statement is proof of money: half of one proves nothing."""
    with pytest.raises(Refusal) as refused:
        parsed(one_c(banks.incoming("0", "5"), document))
    assert str(refused.value).startswith(place)
    assert words in str(refused.value)


def test_a_key_given_twice_with_two_values_is_refused(parsed: Parse) -> None:
    data = one_c(banks.incoming("1", "10")).decode("cp1251")
    with pytest.raises(Refusal, match=r"дважды.*10, 20"):
        parsed(data.replace("Сумма=10", "Сумма=10\r\nСумма=20").encode("cp1251"))


def test_a_transfer_that_did_not_happen_yet_is_refused(parsed: Parse) -> None:
    with pytest.raises(Refusal, match="не выписка"):
        parsed(one_c(transfer(), accounts=[OURS, SECOND]))


def test_a_statement_of_no_account_is_refused(parsed: Parse) -> None:
    with pytest.raises(Refusal, match="не указан расчётный счёт"):
        parsed(one_c(banks.incoming("1", "10"), accounts=[]))


def test_payment_orders_on_their_way_to_the_bank_are_no_statement(parsed: Parse) -> None:
    with pytest.raises(Refusal, match="для отправки в банк"):
        parsed(one_c(without(banks.outgoing("4", "10"), "ДатаСписано")))


def test_documents_without_accounts_are_held(parsed: Parse) -> None:
    document = without(banks.incoming("1", "10"), "ПолучательСчет", "ПлательщикСчет")
    with pytest.raises(Refusal):
        parsed(one_c(document))


# camt.053


def test_a_camt_statement(parsed: Parse) -> None:
    first, second = parsed(banks.camt_053())
    assert (first.report.schema, first.report.courier, first.report.report_no) == (
        "bank_camt053", None, "2026-11-20/1",
    )  # fmt: skip
    assert (first.report.period_from, first.report.period_to) == (DAY, DAY)
    assert [(m.line_no, m.direction, m.number, m.amount, m.counterparty) for m in first.movements] == [
        (1, "in", "55", 303456, "ООО «Городской курьер»"),
        (2, "in", "61", 30000, "ООО «Экспресс-Нева»"),
        (2, "in", "62", 40000, "ООО «Быстро»"),
        (3, "out", "A-15000", 1500000, "ООО «Склад»"),
        (5, "in", "63", 12000, "ООО «Склад»"),
    ]  # fmt: skip
    assert {(m.account, m.moved_on, m.currency) for m in first.movements} == {(OURS, DAY, "RUB")}
    assert first.movements[0].purpose == "Реестр НП 118/11 от 20.11.2026"
    assert (first.movements[0].counterparty_inn, first.movements[0].counterparty_account) == (
        "7700000003", COURIER,
    )  # fmt: skip
    assert [(rows.reason, rows.rows, rows.payout) for rows in first.ignored] == [
        (NOT_BOOKED, 1, 9900)
    ]
    assert (second.movements, second.warnings) == ([], [])


def camt_of(*entries: str, balances: list[str] | None = None, version: str = "02") -> bytes:
    return camt([stmt("1", OURS, balances or [], entries)], version=version)


PARTY = ("Dbtr", "ООО «Городской курьер»", COURIER, ["Реестр"])


def test_a_newer_version_wraps_parties_and_statuses(parsed: Parse) -> None:
    entry = ntry(
        "10", "CRDT", [details("1", *PARTY, wrapped=True)], status="<Sts><Cd>BOOK</Cd></Sts>"
    )
    (movement,) = report_of(parsed, camt_of(entry, version="08")).movements
    assert (movement.counterparty, movement.counterparty_inn) == (
        "ООО «Городской курьер»", "7700000003",
    )  # fmt: skip


@pytest.mark.parametrize("status", ["PDNG", "INFO", "FUTR"])
def test_what_is_not_booked_is_no_money(parsed: Parse, status: str) -> None:
    report = report_of(parsed, camt_of(ntry("10", "CRDT", status=f"<Sts>{status}</Sts>")))
    assert (report.movements, report.ignored[0].reason) == ([], NOT_BOOKED)


@pytest.mark.parametrize(
    ("sign", "direction", "party"), [("CRDT", "in", "Cdtr"), ("DBIT", "out", "Dbtr")]
)
def test_a_reversal_moves_its_own_way_with_the_parties_of_the_original(
    parsed: Parse, sign: str, direction: str, party: str
) -> None:
    """ISO 20022: CRDT with RvslInd takes back a debit; the money comes in."""
    entry = ntry("10", sign, [details("1", party, "ООО «Склад»", LANDLORD, ["Отмена"])],
                 more="<RvslInd>true</RvslInd>")  # fmt: skip
    (movement,) = report_of(parsed, camt_of(entry)).movements
    assert (movement.direction, movement.counterparty) == (direction, "ООО «Склад»")


def bundle(*amounts: str) -> list[str]:
    return [details(str(n), *PARTY, amount=amount) for n, amount in enumerate(amounts, 1)]


@pytest.mark.parametrize(
    ("entry", "amounts"),
    [
        (ntry("30", "CRDT", bundle("10", "20")), [1000, 2000]),
        (ntry("30", "CRDT", bundle("10", "19")), [3000]),
        (ntry("30", "CRDT", bundle("10", "")), [3000]),
        (ntry("30", "CRDT", bundle("10")), [3000]),
        (ntry("30", "CRDT"), [3000]),
        (ntry("30", "CRDT", bundle("10", "20")).replace('Ccy="RUB">20', 'Ccy="USD">20'), [3000]),
    ],
    ids=["adds up", "does not", "an amount is missing", "one payment", "no details", "currencies"],
)
def test_a_bundle_counts_by_its_payments_only_when_they_add_up(
    parsed: Parse, entry: str, amounts: list[int]
) -> None:
    assert [m.amount for m in report_of(parsed, camt_of(entry)).movements] == amounts


def test_a_bundle_that_does_not_add_up_names_nobody_it_is_not_sure_of(parsed: Parse) -> None:
    parts = [
        details("1", *PARTY, amount="1"),
        details("2", "Dbtr", "ООО «Быстро»", LANDLORD, ["Ещё"], inn="7700000004", amount="1"),
    ]
    (movement,) = report_of(parsed, camt_of(ntry("30", "CRDT", parts))).movements
    assert (movement.counterparty, movement.counterparty_inn, movement.counterparty_account) == (
        None, None, None,
    )  # fmt: skip
    assert movement.purpose == "Реестр Ещё"


def test_an_iban_is_an_account_too(parsed: Parse) -> None:
    data = camt_of(ntry("10", "CRDT")).replace(
        f"<Othr><Id>{OURS}</Id></Othr>".encode(), b"<IBAN>DE89370400440532013000</IBAN>"
    )
    (movement,) = report_of(parsed, data).movements
    assert (movement.account, movement.currency) == ("DE89370400440532013000", "RUB")


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        (ntry("10", "CRDT", status="<Sts>GONE</Sts>"), "GONE"),
        (ntry("10", "CRDT", status=""), "ничего не стоит"),
        (ntry("10", "BOTH"), "BOTH"),
        (ntry("-10", "CRDT"), "отрицательная"),
        (ntry("", "CRDT"), "нет суммы"),
        (ntry("10", "CRDT", booked=""), "не указан день"),
        (ntry("10", "CRDT", booked="<BookgDt><Dt>вчера</Dt></BookgDt>"), "не дата"),
    ],
)
def test_an_odd_entry_refuses_the_statement(parsed: Parse, entry: str, words: str) -> None:
    with pytest.raises(Refusal, match="Строка 2") as refused:
        parsed(camt_of(ntry("5", "CRDT"), entry))
    assert words in str(refused.value)


def test_an_unknown_section_of_a_statement_is_refused(parsed: Parse) -> None:
    data = camt_of(ntry("5", "CRDT")).replace(b"</Stmt>", b"<Extra><Ntry/></Extra></Stmt>")
    with pytest.raises(Refusal, match="Extra"):
        parsed(data)


def test_entries_without_a_side_are_held(parsed: Parse) -> None:
    data = camt_of(ntry("5", "CRDT")).replace(b"<CdtDbtInd>CRDT</CdtDbtInd>", b"")
    with pytest.raises(NeedsMapping, match="CdtDbtInd"):
        parsed(data)


def test_another_message_of_the_bank_is_no_statement(parsed: Parse) -> None:
    """camt.054 tells of single entries and has no balances."""
    data = camt_of(ntry("5", "CRDT")).replace(b"BkToCstmrStmt", b"BkToCstmrDbtCdtNtfctn")
    with pytest.raises(Refusal):
        parsed(data)


# balances


@pytest.mark.parametrize(
    ("sections", "words"),
    [
        ([banks.section(OURS, "20.11.2026", "100", "10", "0", "111")], "разница 1,00"),
        ([banks.section(OURS, "20.11.2026", "100", "11", "0", "110")], "поступило 11,00"),
        ([banks.section(OURS, "20.11.2026", "100", "10", "5", "110")], "списано 5,00"),
        ([banks.section(OURS, "19.11.2026", "100", "0", "0", "100"),
          banks.section(OURS, "20.11.2026", "100", "20", "0", "120")], "разница 10,00"),
    ],
)  # fmt: skip
def test_balances_that_contradict_hold_the_file(
    parsed: Parse, sections: list[Keys], words: str
) -> None:
    with pytest.raises(Refusal) as refused:
        parsed(one_c(banks.incoming("1", "10"), sections=sections))
    said = str(refused.value).replace("\u00a0", " ")
    assert OURS in said
    assert words in said


@pytest.mark.parametrize(
    "sections",
    [
        [banks.section(OURS, "20.11.2026", "-100", "10", "0", "-90")],
        [banks.section(OURS, "20.11.2026", "100", "10", "0", "110"),
         banks.section(OURS, "19.11.2026", "100", "0", "0", "100")],
        [banks.section(OURS, "20.11.2026", "100", "", "", "110")],
        [{**banks.section(OURS, "19.11.2026", "100", "10", "0", "110"), "ДатаКонца": "20.11.2026"},
         banks.section(OURS, "19.11.2026", "100", "0", "0", "100"),
         banks.section(OURS, "20.11.2026", "100", "10", "0", "110")],
    ],
    ids=["overdraft", "days in any order", "no turnovers", "the period and its days"],
)  # fmt: skip
def test_balances_that_come_out(parsed: Parse, sections: list[Keys]) -> None:
    report = report_of(parsed, one_c(banks.incoming("1", "10"), sections=sections))
    assert (len(report.movements), report.warnings) == (1, [])


def test_a_removed_document_is_found_by_the_balance(parsed: Parse) -> None:
    whole = banks.one_c_documents()
    for missing in range(len(whole)):
        documents = whole[:missing] + whole[missing + 1 :]
        data = one_c(*documents, sections=banks.one_c_sections(), accounts=[OURS, SECOND])
        with pytest.raises(Refusal, match=r"4070281000000000000[12]"):
            parsed(data)


@pytest.mark.parametrize(
    ("balances", "due"),
    [
        ([bal("OPBD", "100"), bal("CLBD", "110")], True),
        ([bal("PRCD", "100", "DBIT", "2026-11-19"), bal("CLBD", "90", "DBIT")], True),
        ([bal("OPBD", "100", day="2026-11-19"), bal("CLBD", "105", day="2026-11-19"),
          bal("OPBD", "105"), bal("CLBD", "110")], True),
        ([bal("OPBD", "100"), bal("CLBD", "100")], False),
        ([bal("OPBD", "100", "DBIT"), bal("CLBD", "110")], False),
    ],
)  # fmt: skip
def test_the_balances_of_camt(parsed: Parse, balances: list[str], due: bool) -> None:
    data = camt_of(ntry("10", "CRDT"), balances=balances)
    if due:
        assert report_of(parsed, data).warnings == []
    else:
        with pytest.raises(Refusal, match="не сходится"):
            parsed(data)


def test_a_pending_entry_is_not_in_the_balance(parsed: Parse) -> None:
    entries = [ntry("10", "CRDT"), ntry("7", "CRDT", status="<Sts>PDNG</Sts>")]
    data = camt_of(*entries, balances=[bal("OPBD", "0"), bal("CLBD", "10")])
    assert len(report_of(parsed, data).movements) == 1


MOVES = st.lists(st.tuples(st.booleans(), st.integers(1, 10**12)), max_size=8)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(moves=MOVES, opening=st.integers(-(10**12), 10**12), off=st.sampled_from([0, 0, 1, -100]))
def test_any_statement_comes_out_exactly_or_is_refused(
    parsed: Parse, moves: list[tuple[bool, int]], opening: int, off: int
) -> None:
    """To the kopeck, whatever the amounts: nothing is rounded on the way."""
    documents = [
        (banks.incoming if comes else banks.outgoing)(str(number), rubles(amount))
        for number, (comes, amount) in enumerate(moves)
    ]
    closing = opening + sum(amount if comes else -amount for comes, amount in moves)
    balance = banks.section(OURS, "20.11.2026", rubles(opening), "", "", rubles(closing + off))
    data = one_c(*documents, sections=[balance])
    if off:
        with pytest.raises(Refusal, match=OURS):
            parsed(data)
        return
    read = report_of(parsed, data).movements
    assert [(m.direction == "in", m.amount) for m in read] == moves


def rubles(kopecks: int) -> str:
    sign = "-" if kopecks < 0 else ""
    return f"{sign}{abs(kopecks) // 100}.{abs(kopecks) % 100:02d}"


# keys


def test_honest_equal_movements_have_two_keys_and_the_same_again_in_every_statement(
    parsed: Parse,
) -> None:
    movements = report_of(parsed, banks.one_c()).movements
    keys = movement_keys(movements)
    assert len(set(keys)) == len(movements)
    assert keys == movement_keys(report_of(parsed, banks.one_c_utf8()).movements)


def test_an_overlapping_statement_gives_the_keys_again(parsed: Parse) -> None:
    equal = banks.incoming("77", "1500.50")
    whole = report_of(parsed, one_c(equal, equal, banks.outgoing("4", "1"))).movements
    part = report_of(parsed, one_c(equal, equal)).movements
    assert movement_keys(part) == movement_keys(whole)[:2]


@pytest.mark.parametrize(
    "change",
    [
        {"Номер": "78"},
        {"Сумма": "11"},
        {"ДатаПоступило": "20.11.2026"},
        {"ПлательщикИНН": "7700000009"},
    ],
)
def test_another_movement_has_another_key(parsed: Parse, change: dict[str, Any]) -> None:
    kind, keys = banks.incoming("77", "10")
    one, other = (movement_of(parsed, (kind, {**keys, **more})) for more in ({}, change))
    assert movement_keys([one]) != movement_keys([other])


def test_the_wording_of_a_purpose_is_no_part_of_the_key(parsed: Parse) -> None:
    one, other = (
        movement_of(parsed, banks.incoming("77", "10", НазначениеПлатежа=text))
        for text in ("a", "b")
    )
    assert movement_keys([one]) == movement_keys([other])
