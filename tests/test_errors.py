"""A refusal says where and why, as far as it knows."""

import pytest

from sverka.errors import Refusal


@pytest.mark.parametrize(
    ("place", "words"),
    [
        ({}, "Не сходится"),
        ({"sheet": "Акт"}, "Лист «Акт»: не сходится"),
        ({"line_no": 7}, "Строка 7: не сходится"),
        (
            {"sheet": "Акт", "line_no": 7, "column": "Сумма"},
            "Лист «Акт», строка 7, колонка «Сумма»: не сходится",
        ),
    ],
)
def test_the_place_comes_before_the_reason(place: dict[str, object], words: str) -> None:
    refusal = Refusal("не сходится", **place)  # type: ignore[arg-type]
    assert refusal.where_and_why() == words
    assert str(refusal) == words
