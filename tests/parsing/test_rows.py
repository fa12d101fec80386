"""What a schema makes of rows: sums of columns, units, own words, parts, and the money they protect."""

import pytest

from sverka.errors import Refusal
from sverka.nouns import Outcome, Purpose, RowKind
from sverka.reading.raw import Row
from sverka.recognition import Schemas
from tests.support.layouts import HEADER, REGISTER, changed, loaded, money, parsed_rows

ONE: Row = ["W-1", "T1", "20.11.2026", "Вручен", "1", "1000", "100", "20", "880"]


def row(**given: str | None) -> Row:
    titles = {
        "order": 0, "track": 1, "day": 2, "status": 3, "pieces": 4,
        "taken": 5, "fee": 6, "extra": 7, "ours": 8,
    }  # fmt: skip
    cells = [*ONE]
    for name, value in given.items():
        cells[titles[name]] = value
    return cells


@pytest.mark.parametrize(
    ("terms", "fee", "extra", "sum_"),
    [
        ("[fee, extra]", "100", "20", 12000),
        ("[fee, extra]", None, "20", 2000),
        ("[fee, extra]", None, None, 0),
        ('[fee, "-extra"]', "100", "20,50", 7950),
        ('["-fee", "|extra|"]', "100", "-20", -8000),
        ('["-|fee|", "-|extra|"]', "-100", "20", -12000),
    ],
)
def test_an_amount_is_the_sum_of_its_columns_with_their_signs(
    schemas: Schemas, terms: str, fee: str | None, extra: str | None, sum_: int
) -> None:
    schema = loaded(changed("[fee, extra]", terms), schemas.vocabulary)
    report = parsed_rows(schema, row(fee=fee, extra=extra))
    assert money(report) == [("W-1", 100000, sum_, 88000)]


def test_vat_is_not_stated_only_when_none_of_its_columns_is_filled(schemas: Schemas) -> None:
    schema = loaded(
        changed("  payout: ours", '  payout: ours\n  vat: ["-fee", extra]'), schemas.vocabulary
    )
    report = parsed_rows(schema, row(fee=None), row(fee=None, extra=None), row(fee="0", extra="—"))
    assert [line.vat for line in report.lines] == [2000, None, 0]


def test_the_unit_of_a_column_goes_before_the_files(schemas: Schemas) -> None:
    text = changed("courier: gorod", "courier: gorod\nunit: kopecks")
    text = changed("[Нам], as: money", "[Нам], as: money, unit: rubles", text)
    report = parsed_rows(
        loaded(text, schemas.vocabulary), row(), ["Итого", *[None] * 4, "1000", None, None, "880"]
    )
    assert money(report) == [("W-1", 1000, 120, 88000)]
    assert report.report.totals == {"collected": 1000, "payout": 88000}


@pytest.mark.parametrize(
    ("pieces", "kind"), [("2", "return"), ("2,0", "return"), ("0", "order"), (None, "order")]
)
def test_a_quantity_can_be_asked_for_its_sign(
    schemas: Schemas, pieces: str | None, kind: str
) -> None:
    rules = "  - {when: {pieces: {sign: positive}}, row_kind: return}\n  - {}"
    report = parsed_rows(loaded(changed("  - {}", rules), schemas.vocabulary), row(pieces=pieces))
    assert [line.row_kind for line in report.lines] == [kind]


def test_a_quantity_that_is_no_number_is_rejected(schemas: Schemas) -> None:
    report = parsed_rows(loaded(REGISTER, schemas.vocabulary), row(pieces="две"), ONE)
    assert [(bad.line_no, bad.column, bad.rule) for bad in report.rejected] == [
        (2, "Штук", "not_a_number")
    ]


def test_all_that_a_condition_asks_has_to_hold(schemas: Schemas) -> None:
    rule = "  - {when: {status: {starts: [Возврат], contains: [склад]}}, ignore: на складе}\n  - {}"
    schema = loaded(changed("  - {}", rule), schemas.vocabulary)
    report = parsed_rows(
        schema, row(status="Возврат на склад"), row(status="Возврат"), row(status="склад")
    )
    assert [line.line_no for line in report.lines] == [3, 4]


OWN_WORDS = changed(
    "rules:\n  - {}",
    "words:\n  outcome:\n    column: status\n"
    "    meanings: {Вручен: delivered, Утилизация груза: destroyed, В пути: null}\n"
    "rules:\n  - {}",
)


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("вручён", Outcome.DELIVERED),
        (" Утилизация  груза", Outcome.DESTROYED),
        ("В пути", None),
        (None, None),
    ],
)
def test_a_schema_has_words_of_its_own(
    schemas: Schemas, word: str | None, outcome: Outcome | None
) -> None:
    report = parsed_rows(loaded(OWN_WORDS, schemas.vocabulary), row(status=word))
    assert [line.outcome for line in report.lines] == [outcome]


def test_a_word_that_is_in_no_list_is_asked_about(schemas: Schemas) -> None:
    report = parsed_rows(loaded(OWN_WORDS, schemas.vocabulary), row(status="Утерян"))
    assert (report.lines, [bad.rule for bad in report.rejected]) == ([], ["unknown_word"])


PARTS = """\
language: 1
schema: realization
version: 1
title: Реализация
courier: ozon
provenance: {kind: learned, sources: [a form with two groups]}
layout:
  table:
    require: [posting, sold, back]
    totals_row: true
columns:
  posting: {headers: [Отправление], as: id}
  pieces: {headers: [Реализовано/Кол-во], as: number}
  sold: {headers: [Реализовано/Сумма], as: money}
  back_pieces: {headers: [Возвращено/Кол-во], as: number}
  back: {headers: [Возвращено/Сумма], as: money}
line:
  order_ref: posting
parts:
  - name: sold
    line: {collected: sold, payout: sold}
    rules:
      - {when: {pieces: {sign: zero}}, skip: true}
      - outcome: delivered
  - name: back
    line: {collected: "-back", payout: "-back"}
    rules:
      - {when: {back_pieces: {sign: zero}}, skip: true}
      - {row_kind: return, outcome: returned}
identity: [posting]
"""
GROUPS: Row = [None, "Реализовано", None, "Возвращено", None]
UNDER: Row = ["Отправление", "Кол-во", "Сумма", "Кол-во", "Сумма"]


def of_parts(schemas: Schemas, *rows: Row) -> "tuple[list[tuple[object, ...]], list[str], int]":
    report = parsed_rows(loaded(PARTS, schemas.vocabulary), UNDER, *rows, header=GROUPS)
    lines = [
        (line.line_no, line.row_kind, line.collected, line.payout, line.identity)
        for line in report.lines
    ]
    return lines, [bad.rule for bad in report.rejected], report.rows_read


def test_one_record_tells_a_sale_and_a_return(schemas: Schemas) -> None:
    lines, rejected, read = of_parts(
        schemas, ["1-1", "2", "500", "1", "250"], ["2-1", "1", "99", None, None]
    )
    assert lines == [
        (3, RowKind.ORDER, 50000, 50000, "1-1|sold"),
        (3, RowKind.RETURN, -25000, -25000, "1-1|back"),
        (4, RowKind.ORDER, 9900, 9900, "2-1|sold"),
    ]
    assert (rejected, read) == ([], 3)


def test_a_part_is_not_skipped_over_its_money(schemas: Schemas) -> None:
    lines, rejected, read = of_parts(schemas, ["1-1", "2", "500", None, "250"])
    assert [line[1] for line in lines] == [RowKind.ORDER]
    assert (rejected, read) == (["skipped_money"], 2)


def test_a_record_without_any_part_is_counted(schemas: Schemas) -> None:
    report = parsed_rows(
        loaded(PARTS, schemas.vocabulary), UNDER, ["1-1", "0", "0", None, None], header=GROUPS
    )
    assert (report.lines, report.rejected, report.rows_read) == ([], [], 1)
    assert [(rows.reason, rows.rows) for rows in report.ignored] == [
        ("в строке нет ни одной из операций этого отчёта", 1)
    ]


def test_the_total_of_parts_is_that_of_all_their_columns(schemas: Schemas) -> None:
    report = parsed_rows(
        loaded(PARTS, schemas.vocabulary),
        UNDER,
        ["1-1", "2", "500", "1", "250"],
        ["Итого", "2", "500", "1", "250"],
        header=GROUPS,
    )
    assert report.report.totals == {"collected": 25000, "payout": 25000}


ABSOLUTE = changed("[fee, extra]", '"|fee|"')


@pytest.mark.parametrize(
    ("text", "total", "fits"),
    [
        (ABSOLUTE, "-200", True),  # raw cells are compared: the line has another sign
        (ABSOLUTE, "-199", False),
        (changed("  - {}", "  - {money: {collected: taken, payout: ours}}"), "-200", True),
        (changed("  - {}", "  - {money: {collected: taken, payout: ours}}"), "200", False),
        (REGISTER, "-200", True),  # the other column of the sum has no total
        (REGISTER, "-100", False),
    ],
)
def test_a_total_of_no_field_is_held_to_its_column(
    schemas: Schemas,
    text: str,
    total: str,
    fits: bool,
) -> None:
    rows = [row(fee="-100"), row(fee="-100"), ["Итого", *[None] * 5, total, None, "1760"]]
    schema = loaded(text, schemas.vocabulary)
    if fits:
        assert parsed_rows(schema, *rows).report.totals == {"payout": 176000}
    else:
        with pytest.raises(Refusal, match="напечатан итог") as held:
            parsed_rows(schema, *rows)
        assert (held.value.sheet, held.value.line_no) == ("Л", 4)


@pytest.mark.parametrize("purpose", ["settlement", "statuses", "returns"])
def test_a_report_says_what_it_is_for(schemas: Schemas, purpose: str) -> None:
    text = changed("courier: gorod", f"courier: gorod\npurpose: {purpose}")
    assert parsed_rows(loaded(text, schemas.vocabulary), ONE).report.purpose is Purpose(purpose)


KINDS = changed(
    "rules:\n  - {}",
    "words:\n  row_kind: {column: status, vocabulary: row_kinds, unknown: nothing}\nrules:\n  - {}",
)


@pytest.mark.parametrize(
    ("order", "kind", "ref"),
    [
        ("Забор", RowKind.PICKUP, None),
        ("вызов  курьера", RowKind.PICKUP, None),
        ("Хранение", RowKind.SERVICE, None),
        ("Забор-1", RowKind.ORDER, "Забор-1"),
        ("W-1", RowKind.ORDER, "W-1"),
    ],
)
def test_a_word_in_the_place_of_a_number_is_the_kind_of_the_row(
    schemas: Schemas, order: str, kind: RowKind, ref: str | None
) -> None:
    schema = loaded(KINDS, schemas.vocabulary)
    report = parsed_rows(schema, row(order=order, track=None, status=None))
    assert [(line.row_kind, line.order_ref) for line in report.lines] == [(kind, ref)]


def test_a_word_for_an_order_is_not_its_number(schemas: Schemas) -> None:
    report = parsed_rows(
        loaded(KINDS, schemas.vocabulary), row(order="Доставка", track=None, status=None)
    )
    assert (report.lines, [bad.rule for bad in report.rejected]) == ([], ["no_reference"])


@pytest.mark.parametrize(
    ("style", "doubtful", "read"),
    [
        (["1,234.56", "99.10"], "1,234", 123400),
        (["1,234,567", "12.00"], "-12,500", -1250000),
        (["1.234,56", "99,10"], "1.234", 123400),
        (["1,234.56"], "1.234", None),  # the point stands before a fraction here
        (["1 234,56"], "1,234", None),  # the comma stands before a fraction here
        (["12,50"], "1,234", None),
        (["12.50"], "1,234", None),  # nothing shows what the comma is
        (["1,234.56", "12,50"], "1,234", None),  # two notations in one column
        (["1,234.56", "1.234,56"], "1,234", None),
        (["1,500", "2,750"], "1,234", None),
        ([], "1,234", None),
    ],
)
def test_thousands_are_told_from_fractions_only_by_the_rest_of_the_column(
    schemas: Schemas, style: list[str], doubtful: str, read: int | None
) -> None:
    schema = loaded(REGISTER, schemas.vocabulary)
    rows = [row(taken=text) for text in [doubtful, *style]]
    report = parsed_rows(schema, *rows)
    taken = {line.line_no: line.collected for line in report.lines}
    assert taken.get(2) == read
    if read is None:
        assert {bad.column for bad in report.rejected} == {"Взято"}
        assert report.rejected[0].rule in {"ambiguous_number", "fraction_of_kopeck"}


def test_a_total_is_read_in_the_notation_of_its_column(schemas: Schemas) -> None:
    rows = [row(taken="1,234.56"), row(taken="765.44")]
    total: Row = ["Итого", None, None, None, None, "2,000", None, None, "1760"]
    report = parsed_rows(loaded(REGISTER, schemas.vocabulary), *rows, total)
    assert report.report.totals["collected"] == 200000


@pytest.mark.parametrize(
    ("others", "doubtful", "day"),
    [
        (["25/04/2026"], "03/04/2026", "2026-04-03"),
        (["04/25/2026"], "03/04/2026", "2026-03-04"),
        (["04/25/26", "04/26/2026"], "03/04/26", "2026-03-04"),
        (["25/04/2026", "04/25/2026"], "03/04/2026", None),
        (["25.04.2026"], "03/04/2026", None),
        ([], "03/04/2026", None),
        ([], "04/04/2026", "2026-04-04"),
        ([], "03.04.2026", "2026-04-03"),
    ],
)
def test_day_and_month_are_told_apart_only_by_the_rest_of_the_column(
    schemas: Schemas, others: list[str], doubtful: str, day: str | None
) -> None:
    rows = [row(day=text) for text in [doubtful, *others]]
    report = parsed_rows(loaded(REGISTER, schemas.vocabulary), *rows)
    found = {line.line_no: str(line.occurred_on) for line in report.lines}
    assert found.get(2) == day
    if day is None:
        assert (report.rejected[0].column, report.rejected[0].rule) == ("Дата", "ambiguous_date")
        assert "день или месяц" in report.rejected[0].reason


def test_every_row_has_the_titles_of_the_file(schemas: Schemas) -> None:
    report = parsed_rows(loaded(REGISTER, schemas.vocabulary), row(taken="x"))
    assert report.rejected[0].column == HEADER[5]
