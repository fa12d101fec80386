"""A known layout that changed is drafted as itself, one version higher, and asks what is new in it."""

from collections.abc import Callable, Mapping
from functools import partial

import pytest

from sverka.couriers import Couriers
from sverka.drafting import Draft, draft, propose
from sverka.errors import NeedsMapping, Refusal
from sverka.nouns import Line
from sverka.parsing import parse
from sverka.reading import read
from sverka.recognition import Schemas, recognise
from sverka.recognition.loading import load_schema_text

LEARNED = """\
language: 1
schema: bystro_register
version: 3
title: Быстро, реестр
courier: gorod
provenance: {kind: learned, sources: [a register of November 2026]}
settlement: net
layout:
  table:
    require: [order, taken, ours]
columns:
  order: {headers: [Отправление], as: id}
  taken: {headers: [Взяли], as: money}
  delivery: {headers: [За доставку], as: money}
  cod: {headers: [За деньги], as: money}
  ours: {headers: [Ваши деньги], as: money}
line:
  order_ref: order
  collected: taken
  fee_delivery: delivery
  fee_cod: cod
  payout: ours
rules:
  - {}
identity: [order]
"""
HEADER = "Отправление;Взяли;За доставку;За деньги;Ваши деньги"
FILE = (
    f"{HEADER}\nN-1;1000.50;250;20.10;730.40\nN-2;2000;250;40;1710\nN-3;3333.30;300;66.70;2966.60\n"
)
KEPT = (
    f"{HEADER};Упаковка\nN-1;1000;250;20;720;10\nN-2;2000;250;40;1690;20\nN-3;3000;300;60;2610;30\n"
)
"""«Упаковка» is one more fee that the transfer lacks."""
BESIDE = (
    f"{HEADER};Упаковка\nN-1;1000;250;20;730;10\nN-2;2000;250;40;1710;20\nN-3;3000;300;60;2640;30\n"
)
"""The same column, but the rows add up without it."""
KEY = "column:Упаковка"
Proposed = Callable[..., Draft]


def known(schemas: Schemas, text: str = LEARNED) -> Schemas:
    return schemas.plus([load_schema_text(text, "bystro_register.yaml", schemas.vocabulary)])


@pytest.fixture
def proposed(schemas: Schemas, couriers: Couriers) -> Proposed:
    """What is proposed for a text that is held, with these answers."""

    def of(text: str, answers: Mapping[str, str] | None = None, *, schema: str = LEARNED) -> Draft:
        raw, all_ = read(text.encode(), "x.csv"), known(schemas, schema)
        with pytest.raises(NeedsMapping) as held:
            recognise(raw, all_, couriers)
        return propose(raw, all_, couriers, held.value, answers=answers or {})

    return of


@pytest.fixture
def lines(schemas: Schemas, couriers: Couriers) -> Callable[[Draft, str], list[Line]]:
    """The lines of a text once the draft is confirmed: among all layouts, the old one replaced."""

    def of(draft: Draft, text: str) -> list[Line]:
        raw = read(text.encode(), "x.csv")
        found = recognise(raw, known(schemas).plus([draft.schema()]), couriers)
        assert (found.schema.code, found.schema.version) == ("bystro_register", 4)
        return [line for one in parse(raw, found, "") for line in one.lines]

    return of


Lines = Callable[[Draft, str], list[Line]]


def test_a_renamed_column_asks_nothing_and_both_names_are_read(
    proposed: Proposed, lines: Lines
) -> None:
    renamed = FILE.replace("За деньги", "За деньгу")
    draft = proposed(renamed)
    assert (draft.code, draft.courier, draft.certain) == ("bystro_register", "gorod", True)
    assert draft.questions == ()
    assert "«За деньги» → «За деньгу»" in draft.proofs[0]
    placed = {one.field: one for one in draft.columns}["fee_cod"]
    assert (placed.column, placed.confidence) == ("За деньгу", 0.8)
    assert lines(draft, FILE) == lines(draft, renamed)
    assert [line.fee_cod for line in lines(draft, FILE)] == [2010, 4000, 6670]


IN_KOPECKS = (
    FILE.replace("За деньги", "За деньги, коп.")
    .replace("20.10", "2010")
    .replace(";40;", ";4000;")
    .replace("66.70", "6670")
)
BY_VALUES = FILE.replace("Взяли", "Выручка")
"""Nothing but its values speaks for the new name."""


@pytest.mark.parametrize("text", [BY_VALUES, IN_KOPECKS])
def test_what_only_values_or_another_unit_tell_is_not_certain(
    proposed: Proposed, text: str
) -> None:
    assert not proposed(text).certain


def test_under_another_unit_the_old_name_is_held_rather_than_read_a_hundred_times_wrong(
    proposed: Proposed, lines: Lines
) -> None:
    draft = proposed(IN_KOPECKS)
    assert [line.fee_cod for line in lines(draft, IN_KOPECKS)] == [2010, 4000, 6670]
    with pytest.raises(NeedsMapping, match="За деньги"):
        lines(draft, FILE)


@pytest.mark.parametrize("text", [KEPT, BESIDE])
def test_every_new_column_with_amounts_is_a_question(proposed: Proposed, text: str) -> None:
    draft = proposed(text)
    [question] = draft.questions
    assert question.key == KEY
    assert [value for value, _ in question.choices][-1] == "ignore"
    assert len(question.choices) == 7
    assert question.proposed == ("fee_other" if text == KEPT else None)
    assert not draft.certain


@pytest.mark.parametrize("fee", ["fee_storage", "fee_other", "fee_delivery"])
def test_the_answer_is_in_the_lines_and_the_old_files_are_read_as_before(
    proposed: Proposed, lines: Lines, fee: str
) -> None:
    draft = proposed(KEPT, {KEY: fee})
    assert draft.questions == ()
    assert draft.certain
    before = [25000, 25000, 30000] if fee == "fee_delivery" else [0, 0, 0]
    new = [1000, 2000, 3000]
    read_ = [getattr(line, fee) for line in lines(draft, KEPT)]
    assert read_ == [a + b for a, b in zip(before, new, strict=True)]
    assert [getattr(line, fee) for line in lines(draft, FILE)] == before


def test_a_fee_that_is_printed_below_zero_is_a_cost_all_the_same(
    proposed: Proposed, lines: Lines
) -> None:
    text = KEPT
    for cost in (";10\n", ";20\n", ";30\n"):
        text = text.replace(cost, f";-{cost[1:]}")
    assert proposed(text).questions[0].proposed == "fee_other"
    read_ = lines(proposed(text, {KEY: "fee_storage"}), text)
    assert [line.fee_storage for line in read_] == [1000, 2000, 3000]


def test_what_is_none_of_the_settlement_stands_beside(proposed: Proposed, lines: Lines) -> None:
    draft = proposed(BESIDE, {KEY: "ignore"})
    assert draft.certain
    assert [(one.column, one.money) for one in draft.unplaced] == [("Упаковка", True)]
    assert [line.fee_other for line in lines(draft, BESIDE)] == [0, 0, 0]


@pytest.mark.parametrize("answer", ["", "payout", "сбор"])
def test_an_answer_that_is_no_choice_leaves_the_question(proposed: Proposed, answer: str) -> None:
    assert [one.key for one in proposed(KEPT, {KEY: answer}).questions] == [KEY]


def test_an_answer_against_the_arithmetic_is_no_certain_draft(proposed: Proposed) -> None:
    draft = proposed(KEPT, {KEY: "ignore"})
    assert not draft.certain
    assert any("сходится в 0 стр. из 3" in proof for proof in draft.proofs)


RULES = "rules:\n  - {}\n"
BY_KIND = (
    "rules:\n  - when: {taken: {sign: positive}}\n    money: {collected: taken, fee_delivery: delivery,"
    " fee_cod: cod, payout: ours}\n  - {}\n"
)
IN_PARTS = RULES + "parts:\n  - {name: a}\n  - {name: b, rules: [{skip: true}]}\n"


@pytest.mark.parametrize("rules", [BY_KIND, IN_PARTS])
def test_a_layout_with_amounts_by_kind_of_row_takes_no_fee_that_it_would_lose_or_count_twice(
    proposed: Proposed, rules: str
) -> None:
    draft = proposed(BESIDE, {KEY: "fee_storage"}, schema=LEARNED.replace(RULES, rules))
    [question] = draft.questions
    assert [value for value, _ in question.choices] == ["ignore"]
    assert "Упаковка" in draft.schema_text


def test_a_lost_fee_is_not_certain(proposed: Proposed) -> None:
    rows = [row.split(";") for row in FILE.splitlines()]
    draft = proposed("\n".join(";".join([*row[:3], row[4]]) for row in rows))
    assert draft.code == "bystro_register"
    assert not draft.certain


NOBODYS = LEARNED.replace("courier: gorod", "courier: null").replace("learned", "convention")


def test_a_layout_of_nobody_asks_whose_the_file_is(proposed: Proposed) -> None:
    renamed = FILE.replace("За деньги", "За деньгу")
    draft = proposed(renamed, schema=NOBODYS)
    assert [one.key for one in draft.questions] == ["courier"]
    assert (draft.courier, draft.certain) == (None, False)
    answered = proposed(renamed, {"courier": "dalli"}, schema=NOBODYS)
    assert (answered.courier, answered.questions) == ("dalli", ())
    named = proposed(f"Реестр Dalli\n{renamed}", schema=NOBODYS)
    assert (named.courier, named.questions) == ("dalli", ())


@pytest.mark.parametrize(
    "text",
    [
        FILE.replace("За доставку", "Ваши деньги"),  # doubled: a person has to say which
        BESIDE.replace(";Упаковка", ";"),  # without a header no schema can name it
    ],
)
def test_what_no_patch_mends_is_drafted_anew(
    schemas: Schemas, couriers: Couriers, text: str
) -> None:
    raw, all_ = read(text.encode(), "x.csv"), known(schemas)
    with pytest.raises(NeedsMapping) as held:
        recognise(raw, all_, couriers)
    assert held.value.drift is not None
    assert not held.value.drift.patches
    assert outcome(lambda: propose(raw, all_, couriers, held.value)) == outcome(
        lambda: draft(raw, all_, couriers)
    )


def outcome(drafting: Callable[[], Draft]) -> str:
    """The drafted text, or why there is none."""
    try:
        return drafting().schema_text
    except Refusal as refusal:
        return refusal.reason


def plainer(text: str) -> str:
    """In words that a layout can be drafted from anew."""
    return text.replace("Взяли", "Взято с клиента").replace("Ваши деньги", "Перечислим вам")


class TestAnotherCouriersFile:
    """Small couriers use one template: the name in the file speaks against the known columns."""

    TEXT = plainer(f"Реестр СДЭК\n{FILE}")
    LEARNED = plainer(LEARNED)

    @pytest.fixture
    def proposed(self, proposed: Proposed) -> Proposed:
        return partial(proposed, schema=self.LEARNED)

    @pytest.mark.parametrize("changed", ["За деньги", "За деньгу"])
    def test_is_asked_about_and_nobody_is_proposed(self, proposed: Proposed, changed: str) -> None:
        draft = proposed(self.TEXT.replace("За деньги", changed))
        question = draft.questions[0]
        assert (question.key, question.proposed, draft.courier) == ("courier", None, None)
        assert "«Быстро, реестр»" in question.text
        assert "«Городской курьер»" in question.text
        assert "«СДЭК»" in question.text
        assert not draft.certain

    @pytest.mark.parametrize("answer", ["", "nobody"])
    def test_an_answer_that_is_nobody_leaves_the_question(
        self, proposed: Proposed, answer: str
    ) -> None:
        assert proposed(self.TEXT, {"courier": answer}).questions[0].key == "courier"

    def test_is_drafted_anew_for_the_courier_that_is_said(self, proposed: Proposed) -> None:
        draft = proposed(self.TEXT, {"courier": "cdek"})
        assert draft.courier == "cdek"
        assert draft.code.startswith("cdek_")

    def test_that_changed_is_the_patched_layout_of_its_own_courier_only(
        self, proposed: Proposed
    ) -> None:
        changed = self.TEXT.replace("За деньги", "За деньгу")
        own = proposed(changed, {"courier": "gorod"})
        assert (own.code, own.schema().version) == ("bystro_register", 4)
        assert proposed(changed, {"courier": "dalli"}).code.startswith("dalli_")

    def test_in_words_that_nothing_can_be_drafted_from_is_told_for_what_it_is(
        self, schemas: Schemas, couriers: Couriers
    ) -> None:
        raw, all_ = read(f"Реестр СДЭК\n{FILE}".encode(), "x.csv"), known(schemas)
        with pytest.raises(NeedsMapping) as held:
            recognise(raw, all_, couriers)
        with pytest.raises(NeedsMapping, match="назван в файле другой курьер: «СДЭК»"):
            propose(raw, all_, couriers, held.value)
