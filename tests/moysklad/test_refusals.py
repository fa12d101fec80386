"""MoySklad's refusals: only `error` is promised."""

from typing import Any

import pytest

from sverka.moysklad.refusals import Refused, first_refusal


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        ({"errors": [{"error": "Нет", "code": 3000}]}, Refused(3000, "Нет")),
        ({"errors": [{"error": "Нет"}]}, Refused(None, "Нет")),
        (
            {"errors": [{"error": "Нет", "error_message": "Поле пусто"}]},
            Refused(None, "Поле пусто"),
        ),
        ({"errors": [{"error": "А", "code": 1}, {"error": "Б", "code": 2}]}, Refused(1, "А; Б")),
        ({"errors": [{"code": 1021}]}, Refused(1021, "без пояснения")),
        ({"errors": [{"error": "Нет", "code": "x"}]}, Refused(None, "Нет")),
        ({"errors": ["Нет"]}, Refused(None, "без пояснения")),
    ],
)
def test_a_refusal_is_read_as_far_as_it_goes(answer: Any, refusal: Refused) -> None:
    assert first_refusal(answer) == refusal


@pytest.mark.parametrize(
    "answer", [None, [], {}, "errors", {"errors": []}, {"errors": "x"}, {"id": 1}]
)
def test_anything_else_is_no_refusal(answer: Any) -> None:
    assert first_refusal(answer) is None
