"""One word for one thing: the nouns, the report's words and docs/glossary.md agree."""

import re
from dataclasses import fields
from enum import StrEnum
from pathlib import Path

import pytest

from sverka import nouns
from sverka.reporting import words
from sverka.texts import Language, Texts

SAY = Texts()
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
VERDICTS = words.verdicts(SAY)
KINDS, STATES = words.posting_kinds(SAY), words.posting_states(SAY)
FILES, PURPOSES = words.file_states(SAY), words.purposes(SAY)
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
    said = {kind.value: verdict.title for kind, verdict in VERDICTS.items()}
    for table in (KINDS, STATES, FILES, PURPOSES):
        said |= {key.value: title for key, title in table.items()}
    assert len(said) > 30
    assert {key: ENTRIES[key].casefold() for key in said} == {
        key: title.casefold() for key, title in said.items()
    }


@pytest.mark.parametrize(
    ("table", "enum"),
    [
        (VERDICTS, nouns.VerdictKind),
        (KINDS, nouns.PostingKind),
        (STATES, nouns.PostingState),
        (FILES, nouns.FileState),
        (PURPOSES, nouns.Purpose),
    ],
)
def test_every_code_has_its_russian_word(table: dict[StrEnum, object], enum: type[StrEnum]) -> None:
    assert set(table) == set(enum)


def test_no_two_things_share_a_word() -> None:
    for table in (KINDS, STATES, FILES):
        assert len(set(table.values())) == len(table)
    assert len({verdict.title for verdict in VERDICTS.values()}) == len(VERDICTS)


def test_the_operators_guide_tells_what_to_do_for_each_verdict_and_state() -> None:
    for verdict in VERDICTS.values():
        assert f"**{verdict.title}**" in OPERATOR
    for state in (*FILES.values(), *STATES.values()):
        assert f"«{state}»" in OPERATOR


def test_everything_that_may_be_a_discrepancy_has_a_title_and_a_next_step() -> None:
    for code in ("underpaid", "overdue", "rejected", "failed", "missing", "differs", "contested"):
        about = words.question(SAY, code)
        assert about.title != code
        assert about.next_step
    assert words.question(SAY, "новое").title == "новое"


def test_all_words_have_english() -> None:
    english = Texts(Language.ENGLISH)
    for table in (words.posting_kinds, words.posting_states, words.file_states, words.purposes):
        assert not [word for word in table(english).values() if CYRILLIC.search(word)]
    for about in words.questions(english).values():
        assert not CYRILLIC.search(about.title + about.next_step)
