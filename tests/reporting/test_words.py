"""One word for one thing: the nouns, the report's words and docs/glossary.md agree."""

import re
from dataclasses import fields
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path

import pytest

from sverka import nouns
from sverka.reporting import words

GLOSSARY = (Path(__file__).parents[2] / "docs" / "glossary.md").read_text(encoding="utf-8")
OPERATOR = (Path(__file__).parents[2] / "docs" / "operator.md").read_text(encoding="utf-8")
ENTRIES = dict(re.findall(r"^\| `([^`]+)` \| ([^|]+?) \|", GLOSSARY, re.MULTILINE))
ENUMS = [
    nouns.RowKind,
    nouns.Outcome,
    nouns.PaymentMethod,
    nouns.Settlement,
    nouns.VerdictKind,
    nouns.PostingKind,
    nouns.PostingState,
    nouns.FileState,
    nouns.Purpose,
]


@pytest.mark.parametrize("enum", ENUMS, ids=lambda enum: enum.__name__)
def test_every_word_of_a_closed_list_is_in_the_glossary(enum: type[StrEnum]) -> None:
    assert list(enum)
    assert [word.value for word in enum if word.value not in ENTRIES] == []


@pytest.mark.parametrize("noun", [nouns.Line, nouns.Report])
def test_every_field_is_in_the_glossary(noun: type) -> None:
    names = [field.name for field in fields(noun)]
    assert names
    assert [name for name in names if name not in ENTRIES] == []


def test_the_report_uses_the_words_of_the_glossary() -> None:
    said = {kind.value: verdict.title for kind, verdict in words.VERDICTS.items()}
    for table in (words.POSTING_KINDS, words.POSTING_STATES, words.FILE_STATES, words.PURPOSES):
        said |= {key.value: title for key, title in table.items()}
    assert len(said) > 30
    assert {key: ENTRIES[key].casefold() for key in said} == {
        key: title.casefold() for key, title in said.items()
    }


@pytest.mark.parametrize(
    ("table", "enum"),
    [
        (words.VERDICTS, nouns.VerdictKind),
        (words.POSTING_KINDS, nouns.PostingKind),
        (words.POSTING_STATES, nouns.PostingState),
        (words.FILE_STATES, nouns.FileState),
        (words.PURPOSES, nouns.Purpose),
    ],
)
def test_every_code_has_its_russian_word(table: dict[StrEnum, object], enum: type[StrEnum]) -> None:
    assert set(table) == set(enum)


def test_no_two_things_share_a_word() -> None:
    for table in (words.POSTING_KINDS, words.POSTING_STATES, words.FILE_STATES):
        assert len(set(table.values())) == len(table)
    assert len({verdict.title for verdict in words.VERDICTS.values()}) == len(words.VERDICTS)


def test_the_operators_guide_tells_what_to_do_for_each_verdict_and_state() -> None:
    for verdict in words.VERDICTS.values():
        assert f"**{verdict.title}**" in OPERATOR
    for state in (*words.FILE_STATES.values(), *words.POSTING_STATES.values()):
        assert f"«{state}»" in OPERATOR


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (0, "0 файлов"),
        (1, "1 файл"),
        (2, "2 файла"),
        (4, "4 файла"),
        (5, "5 файлов"),
        (11, "11 файлов"),
        (12, "12 файлов"),
        (14, "14 файлов"),
        (21, "21 файл"),
        (22, "22 файла"),
        (111, "111 файлов"),
        (1001, "1 001 файл"),
        (1234567, "1 234 567 файлов"),
    ],
)
def test_russian_counts_agree_with_their_nouns(number: int, said: str) -> None:
    assert words.plural(number, "файл", "файла", "файлов").replace("\u00a0", " ") == said


def test_days_and_moments_are_moscow_ones() -> None:
    assert words.day_in_words(date(2026, 5, 1)) == "1\u00a0мая 2026, пятница"
    late = datetime(2026, 12, 31, 21, 5, tzinfo=UTC)
    assert words.moment_in_words(late) == "1\u00a0января, 00:05"
