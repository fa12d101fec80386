"""What people read of a discrepancy's life, in both languages."""

import pytest

from sverka.discrepancies import Action, Why, history
from sverka.discrepancies.nouns import ResolvedBy, State
from sverka.discrepancies.words import (
    actions,
    answer_in_words,
    event_in_words,
    how_in_words,
    refusal_in_words,
    state_in_words,
)
from sverka.texts import Language, Texts
from tests.discrepancies.facts import Facts

SAY, ENGLISH = Texts(), Texts(Language.ENGLISH)


@pytest.mark.parametrize("say", [SAY, ENGLISH], ids=["ru", "en"])
def test_everything_has_its_own_words(say: Texts) -> None:
    for enum, words in (
        (State, [state_in_words(say, one) for one in State]),
        (ResolvedBy, [how_in_words(say, one) for one in ResolvedBy]),
        (Why, [refusal_in_words(say, one) for one in Why]),
        (Action, list(actions(say).values())),
    ):
        assert len(set(words)) == len(enum)
        assert all(words)


def test_a_history_can_be_read_aloud(facts: Facts) -> None:
    line_id = facts.line()
    facts.refresh()
    facts.decide(Action.EXPLAIN, "Ждём.")
    facts.judge(line_id, "underpaid", received=50_000)
    facts.refresh()
    facts.judge(line_id, "underpaid", received=40_000)
    facts.refresh()
    facts.decide(Action.ACCEPT_LOSS)
    facts.decide(Action.REOPEN)
    facts.judge(line_id, "matched")
    facts.refresh()
    facts.judge(line_id, "underpaid")
    facts.refresh()
    told = [event_in_words(SAY, one, "RUB") for one in history(facts.conn, facts.only().id)]
    assert [one.replace("\u00a0", " ") for one in told] == [
        "открыто, 100,00 ₽",
        "объяснено",
        "открыто снова: решали о другой сумме или другом выводе",
        "сумма или вывод изменились, теперь 600,00 ₽",
        "решено: убыток принят",
        "открыто снова: так решил человек",
        "решено: исправлено в МоёмСкладе",
        "открыто снова: то, что его закрыло, больше не так",
    ]


def test_an_answer_names_the_first_rows_and_counts_the_rest() -> None:
    refused = [{"sheet": "Лист", "line_no": n, "reason": "Нет."} for n in range(25)]
    told = answer_in_words(SAY, {"applied": 1, "same": 2, "refused": 25}, refused)
    assert told[0] == "Решения из книги: применено 1. Уже было так: 2. Не применено: 25."
    assert told[1] == "Лист «Лист», строка 0: Нет."
    assert (len(told), told[-1]) == (22, "Ещё не применено: 5.")


def test_a_workbook_without_decisions_is_told_so() -> None:
    assert answer_in_words(SAY, {"applied": 0}, []) == [
        "Книга с решениями: ни одного решения в ней нет."
    ]
