"""A corrected report in words: what a person is asked, and what was done."""

from dataclasses import replace
from datetime import date

from sverka.money import Minor
from sverka.posting.send import Sent
from sverka.posting.supersede_found import Edition, Found
from sverka.posting.supersede_lines import Difference
from sverka.posting.supersede_told import Corrected, Superseded, question
from sverka.posting.undoing_told import Undone
from tests.support.shelf import uid

FOUND = Found(
    Edition(2, 0), Edition(1, 0), "gorod", "55", date(2026, 11, 20), date(2026, 11, 19), "old.xlsx",
    sure=True,
)  # fmt: skip
DIFFERS = Difference(
    changed=frozenset({uid("a"), uid("b")}),
    removed=frozenset({uid("c")}),
    more=4,
    other=True,
    before=Minor(150_000),
    after=Minor(-7),
)
UNDONE = Undone(1, "old.xlsx", ())
NUMBERS = "Из проведённых строк изменено 2, убрано 1, новых строк 4."


def test_the_question_names_the_reports_the_numbers_and_what_to_do() -> None:
    asked = question(FOUND, DIFFERS, 2).replace("\u00a0", " ")
    assert asked.startswith(
        "Это исправленный отчёт: № 55 от 19.11.2026 уже пришёл в файле «old.xlsx». "
        f"{NUMBERS} К перечислению было 1 500,00 ₽, стало "
    )
    assert "0,07 ₽" in asked
    assert "«Заменить старый отчёт этим» и номером файла 2;" in asked
    unsure = question(replace(FOUND, sure=False, old_date=None), DIFFERS, 2)
    assert unsure.startswith("Похоже на исправленный отчёт, но дата у него другая")
    assert ": № 55 уже пришёл в файле" in unsure


def test_what_was_done_is_told_report_by_report() -> None:
    one = Corrected(FOUND, DIFFERS, UNDONE, held=0)
    lines = ["Отчёт № 55 от 20.11.2026 заменяет файл «old.xlsx».", NUMBERS, UNDONE.text]
    assert one.text == "\n".join(lines)
    held = replace(one, held=3)
    assert held.text.startswith(one.text)
    assert "Строк, которые остаются как были проведены: 3." in held.text
    both = Superseded((one, held), Sent(5, 0, 0, 0))
    last = "Документов исправленного отчёта в МоёмСкладе: 5"
    assert both.text == "\n".join([one.text, held.text, last])
    assert Superseded((one,)).text == one.text
    assert Superseded(()).text.startswith("Исправлять нечего")
