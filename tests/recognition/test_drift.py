"""Drift: a known layout that changed is held with the difference and a patch that mends it."""

from collections.abc import Callable

import pytest

from sverka.couriers import Couriers
from sverka.errors import NeedsMapping, Refusal
from sverka.nouns import Line
from sverka.parsing import parse
from sverka.reading import read
from sverka.recognition import Drift, Recognised, Schemas, recognise
from sverka.recognition.loading import load_schema_text
from sverka.recognition.recognise import fits

LEARNED = """\
language: 1
schema: bystro_register
version: 3
title: Быстро, реестр
courier: gorod
provenance: {kind: learned, sources: [a register of November 2026], remarks: First file.}
settlement: net
layout:
  table:
    require: [order, taken, ours]
    beside: [Комментарий]
columns:
  order: {headers: [Отправление], as: id}
  day: {headers: [Отдано], as: date}
  taken: {headers: [Взяли], as: money}
  delivery: {headers: [За доставку], as: money}
  cod: {headers: [За деньги], as: money}
  ours: {headers: [Ваши деньги], as: money}
line:
  order_ref: order
  occurred_on: day
  collected: taken
  fee_delivery: delivery
  fee_cod: cod
  payout: ours
rules:
  - when: {taken: {sign: positive}}
    outcome: delivered
  - {}
identity: [order]
"""
HEADER = ["Отправление", "Отдано", "Взяли", "За доставку", "За деньги", "Ваши деньги"]
ROWS = [
    ["N-1", "11.11.2026", "1000.50", "250", "20.10", "730.40"],
    ["N-2", "12.11.2026", "2000.00", "250", "40.00", "1710.00"],
    ["N-3", "13.11.2026", "3333.30", "300", "66.70", "2966.60"],
]
Table = list[list[str]]


@pytest.fixture
def known(schemas: Schemas) -> Schemas:
    learned = load_schema_text(LEARNED, "bystro_register.yaml", schemas.vocabulary)
    return schemas.plus([learned])


def csv(table: Table) -> bytes:
    return "\r\n".join(";".join(row) for row in table).encode()


def renamed(old: str, new: str) -> Table:
    return [[new if name == old else name for name in HEADER], *ROWS]


def without(name: str) -> Table:
    at = HEADER.index(name)
    return [row[:at] + row[at + 1 :] for row in [HEADER, *ROWS]]


def with_column(title: str, *cells: str) -> Table:
    return [[*HEADER, title], *([*row, cell] for row, cell in zip(ROWS, cells, strict=True))]


@pytest.fixture
def drift(known: Schemas, couriers: Couriers) -> Callable[[Table], Drift]:
    def held(table: Table) -> Drift:
        with pytest.raises(NeedsMapping) as asked:
            recognise(read(csv(table), "x.csv"), known, couriers)
        found = asked.value.drift
        assert found is not None
        assert found.in_words() in asked.value.reason
        assert found.schema.code == "bystro_register"
        return found

    return held


def lines(table: Table, schemas: Schemas, couriers: Couriers) -> list[Line]:
    raw = read(csv(table), "x.csv")
    found: Recognised = recognise(raw, schemas, couriers)
    return [line for one in parse(raw, found, "sha") for line in one.lines]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ("За деньги", "За деньгу", "похожее название"),
        ("За доставку", "За доставку и СМС", "похожее название"),
        ("За деньги", "Агентское вознаграждение", "такое название значит то же"),
        ("Отправление", "Номер заказа", "такое название значит то же"),
        ("Взяли", "Выручка", "единственная незнакомая колонка с суммами"),
        ("Отдано", "Когда", "единственная незнакомая колонка с датами"),
    ],
)
def test_a_renamed_column_is_found_again_and_the_patch_reads_the_file(
    drift: Callable[[Table], Drift],
    known: Schemas,
    couriers: Couriers,
    old: str,
    new: str,
    why: str,
) -> None:
    table = renamed(old, new)
    found = drift(table)
    assert [tuple(one) for one in found.renamed] == [(old, new, why)]
    assert found.patches
    patched = load_schema_text(found.patched_text(), "bystro_register.yaml", known.vocabulary)
    assert patched.version == 4
    assert f"«{old}» → «{new}»" in patched.provenance["remarks"]
    truth = lines([HEADER, *ROWS], known, couriers)
    assert lines(table, known.plus([patched]), couriers) == truth
    assert lines([HEADER, *ROWS], known.plus([patched]), couriers) == truth


def test_a_new_fee_that_the_rows_need_is_proposed_as_one(
    drift: Callable[[Table], Drift], known: Schemas, couriers: Couriers
) -> None:
    table = with_column("Упаковка", "10", "20", "30")
    for row, fee in zip(table[1:], (10, 20, 30), strict=True):
        row[5] = f"{float(row[5]) - fee:.2f}"
    found = drift(table)
    assert [(one.title, one.field) for one in found.inserted] == [("Упаковка", "fee_other")]
    patched = load_schema_text(found.patched_text(), "x.yaml", known.vocabulary)
    read_lines = lines(table, known.plus([patched]), couriers)
    assert [line.fee_other for line in read_lines] == [1000, 2000, 3000]


def test_a_new_column_with_amounts_that_the_rows_do_not_need_is_asked_about(
    drift: Callable[[Table], Drift], known: Schemas, couriers: Couriers
) -> None:
    table = with_column("Упаковка", "10", "20", "30")
    found = drift(table)
    assert found.inserted[0].field is None
    patched = load_schema_text(found.patched_text(), "x.yaml", known.vocabulary)
    assert lines(table, known.plus([patched]), couriers) == lines([HEADER, *ROWS], known, couriers)


@pytest.mark.parametrize(
    ("title", "cells"),
    [
        ("Менеджер", ("Анна", "Пётр", "Анна")),
        ("Телефон", ("79990000001", "79990000002", "79990000003")),
        ("Количество мест", ("1", "2", "1")),
        ("Вес, кг", ("0.5", "1.25", "3")),
        ("Удержано", ("0", "0.00", "-")),
        ("Оценочная стоимость", ("1000", "2000", "3000")),
        ("№ п/п", ("1", "2", "3")),
        ("Дата выгрузки", ("21.11.2026", "21.11.2026", "21.11.2026")),
        ("Комментарий", ("500", "вернуть 300", "12")),
    ],
)
def test_a_new_column_without_amounts_is_noted_and_does_not_hold(
    known: Schemas, couriers: Couriers, title: str, cells: tuple[str, str, str]
) -> None:
    raw = read(csv(with_column(title, *cells)), "x.csv")
    found = recognise(raw, known, couriers)
    assert found.schema.code == "bystro_register"
    assert any(title in note for note in found.notes) is (title != "Комментарий")


@pytest.mark.parametrize("name", ["За доставку", "За деньги"])
def test_a_fee_that_vanished_holds(drift: Callable[[Table], Drift], name: str) -> None:
    found = drift(without(name))
    assert [one.title for one in found.removed] == [name]
    assert "Не хватает" in found.in_words()


def test_the_patch_of_a_vanished_fee_lets_it_be_absent(
    drift: Callable[[Table], Drift], known: Schemas, couriers: Couriers
) -> None:
    found = drift(without("За деньги"))
    patched = load_schema_text(found.patched_text(), "x.yaml", known.vocabulary)
    assert patched.columns["cod"].optional
    assert len(lines(without("За деньги"), known.plus([patched]), couriers)) == 3


def test_the_order_of_columns_is_free(known: Schemas, couriers: Couriers) -> None:
    table = [row[::-1] for row in [HEADER, *ROWS]]
    assert lines(table, known, couriers) == lines([HEADER, *ROWS], known, couriers)


def test_what_moved_is_told_beside_what_matters(drift: Callable[[Table], Drift]) -> None:
    found = drift([row[::-1] for row in renamed("За деньги", "За деньгу")])
    assert "Взяли" in found.moved
    assert "Переставлено (это не мешает)" in found.in_words()


@pytest.mark.parametrize("title", ["За деньги, коп.", "За деньги (в копейках)"])
def test_a_unit_in_the_header_is_a_changed_unit(
    drift: Callable[[Table], Drift], known: Schemas, title: str
) -> None:
    found = drift(renamed("За деньги", title))
    assert [one.title for one in found.unit_changed] == ["За деньги"]
    patched = load_schema_text(found.patched_text(), "x.yaml", known.vocabulary)
    assert patched.columns["cod"].in_kopecks
    assert not patched.columns["taken"].in_kopecks


def test_a_unit_that_only_the_arithmetic_knows_is_found(
    drift: Callable[[Table], Drift], known: Schemas, couriers: Couriers
) -> None:
    table = [HEADER, *([*row[:4], row[4].replace(".", ""), row[5]] for row in ROWS)]
    found = drift(table)
    assert [one.title for one in found.unit_changed] == ["За деньги"]
    patched = load_schema_text(found.patched_text(), "x.yaml", known.vocabulary)
    assert lines(table, known.plus([patched]), couriers) == lines([HEADER, *ROWS], known, couriers)


@pytest.mark.parametrize(
    ("one", "other", "words"),
    [
        ("Взяли", "Ваши деньги", "поменять её местами"),
        ("Взяли", "За деньги", "поменять её местами"),
        ("Отдано", "Взяли", "вместо сумм даты"),
        ("Отправление", "Взяли", "вместо номеров и слов суммы"),
        ("Отправление", "Отдано", "вместо номеров и слов даты"),
    ],
)
def test_exchanged_names_are_noticed_and_no_patch_is_offered(
    drift: Callable[[Table], Drift], one: str, other: str, words: str
) -> None:
    names = {one: other, other: one}
    found = drift([[names.get(name, name) for name in HEADER], *ROWS])
    assert words in found.in_words()
    assert not found.patches


def test_a_new_fee_beside_a_lost_transfer_is_told_as_both(drift: Callable[[Table], Drift]) -> None:
    table = with_column("Упаковка", "10", "20", "30")
    found = drift([row[:5] + row[6:] for row in table])
    assert "«Ваши деньги»" in found.in_words()
    assert "«Упаковка»" in found.in_words()


def test_two_columns_of_one_name_hold_and_no_patch_is_offered(
    drift: Callable[[Table], Drift],
) -> None:
    found = drift(with_column("Ваши деньги", "1", "2", "3"))
    assert "«Ваши деньги» (F) и «Ваши деньги» (G)" in found.in_words()
    assert not found.patches


def test_a_text_that_ends_within_its_last_row_is_refused(
    known: Schemas, couriers: Couriers
) -> None:
    whole = csv([HEADER, *ROWS])
    with pytest.raises(Refusal, match="обрывается"):
        recognise(read(whole[: whole.rindex(b";") - 1], "x.csv"), known, couriers)


def test_the_only_row_is_compared_with_the_header(known: Schemas, couriers: Couriers) -> None:
    data = csv([HEADER, ROWS[0][:4]])
    with pytest.raises(Refusal, match="обрывается посередине строки"):
        recognise(read(data, "x.csv"), known, couriers)


def test_a_learned_layout_with_another_couriers_name_is_asked_about(
    known: Schemas, couriers: Couriers
) -> None:
    with pytest.raises(NeedsMapping, match="назван в файле другой курьер") as asked:
        recognise(read(csv([["Реестр СДЭК"], HEADER, *ROWS]), "x.csv"), known, couriers)
    assert asked.value.drift is None


def test_two_layouts_that_fit_are_told_apart_by_the_courier_or_refused(
    known: Schemas, couriers: Couriers
) -> None:
    twin = LEARNED.replace("bystro_register", "twin").replace("courier: gorod", "courier: dalli")
    both = known.plus([load_schema_text(twin, "twin.yaml", known.vocabulary)])
    named = read(csv([["Городской курьер"], HEADER, *ROWS]), "x.csv")
    assert recognise(named, both, couriers).schema.code == "bystro_register"
    with pytest.raises(Refusal, match="сразу к нескольким"):
        recognise(read(csv([HEADER, *ROWS]), "x.csv"), both, couriers)


def test_less_than_most_of_the_columns_is_another_layout(
    known: Schemas, couriers: Couriers
) -> None:
    header = ["Отправление", "Отдано", "Альфа", "Бета", "Гамма", "Дельта"]
    with pytest.raises(NeedsMapping, match="видит впервые") as asked:
        recognise(read(csv([header, *ROWS]), "x.csv"), known, couriers)
    assert asked.value.drift is None


def test_a_layout_is_found_although_another_nearly_fits(known: Schemas, couriers: Couriers) -> None:
    raw = read(csv([HEADER, *ROWS]), "x.csv")
    fitting = [schema.code for schema in known if fits(raw, schema)]
    assert fitting == ["bystro_register"]


def test_a_spoiled_header_over_a_repeated_one_does_not_lose_the_first_page(
    drift: Callable[[Table], Drift],
) -> None:
    found = drift([*renamed("Взяли", "Взялли"), HEADER, *ROWS])
    assert found.line_no == 1
    assert [one.new for one in found.renamed] == ["Взялли"]


def test_a_repeated_header_is_no_change(known: Schemas, couriers: Couriers) -> None:
    once, twice = [HEADER, *ROWS], [HEADER, *ROWS[:1], HEADER, *ROWS[1:]]
    places = [
        [(line.order_ref, line.collected, line.payout) for line in lines(table, known, couriers)]
        for table in (once, twice)
    ]
    assert places[0] == places[1]
