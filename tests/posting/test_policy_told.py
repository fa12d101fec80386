"""A courier's policy in the accountant's words: nothing of it is left unsaid."""

import pytest

from sverka.approval import ASK, CLEAN, Policy
from sverka.money import Minor
from sverka.nouns import PostingKind, VerdictKind
from sverka.posting.policy_told import terms_in_words
from sverka.texts import Language, Texts

MONEY = "1\u00a0000,00\u00a0₽"
LIMIT = Minor(100_000)


@pytest.mark.parametrize(
    ("policy", "words"),
    [
        (CLEAN, ["всё, что сошлось, проводится само"]),
        (ASK, ["каждый план одобряет человек"]),
        (
            Policy(verdicts=(VerdictKind.MATCHED,)),
            ["сами проводятся только строки с выводом: сошлось"],
        ),
        (
            Policy(kinds=tuple(kind for kind in PostingKind if kind != PostingKind.SALESRETURN)),
            ["всё, что сошлось, проводится само", "сами не проводятся возвраты покупателей"],
        ),
        (
            Policy(document=LIMIT, file=LIMIT, day=LIMIT),
            [
                "всё, что сошлось, проводится само",
                f"документ больше чем на {MONEY} одобряет человек",
                f"файл, где документов больше чем на {MONEY}, одобряет человек",
                f"за день без человека можно провести не больше чем на {MONEY}",
            ],
        ),
        (
            Policy(
                verdicts=(),
                never_verdicts=(VerdictKind.RETURNED,),
                never_kinds=(PostingKind.DEMAND_STATE,),
            ),
            [
                "каждый план одобряет человек",
                "никогда не проводятся строки с выводом: возврат",
                "никогда не создаются статусы отгрузок",
            ],
        ),
    ],
)
def test_a_policy_is_told(policy: Policy, words: list[str]) -> None:
    assert terms_in_words(policy, "RUB", Texts()) == words
    english = terms_in_words(policy, "RUB", Texts(Language.ENGLISH))
    assert len(english) == len(words)
    assert not set(english) & set(words)
