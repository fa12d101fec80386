"""What is no settlement ends as rejected, with a reason that names what it looks like."""

import pytest

from sverka.parsing.printed import parsed_file
from tests.drafting.others import OTHER_TREES, OTHERS, Other


def test_there_are_enough_kinds() -> None:
    assert len({other.name for other in (*OTHERS, *OTHER_TREES)}) >= 25


@pytest.mark.parametrize("other", [*OTHERS, *OTHER_TREES], ids=lambda other: other.name)
def test_it_is_rejected_in_words(other: Other) -> None:
    printed = parsed_file(other.text.encode(), f"{other.name}.csv")
    assert printed["status"] == "rejected"
    assert other.says in printed["reason"]
    assert printed["lines"] == []


@pytest.mark.parametrize("other", OTHERS, ids=lambda other: other.name)
def test_the_encoding_does_not_make_it_a_report(other: Other) -> None:
    printed = parsed_file(other.text.encode("cp1251"), "выгрузка.csv")
    assert printed["status"] == "rejected"
