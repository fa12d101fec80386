"""The name of a document is made of what it is about, and of nothing else."""

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from sverka.nouns import PostingKind
from sverka.posting.bookable import Bookable
from sverka.posting.identity import fingerprint, of_line, of_report
from tests.posting.test_arithmetic import LINE

ACCOUNT = UUID("7944ef04-f831-11e5-7a69-971500188b19")
KIND = PostingKind.PAYMENTIN


def test_the_names_of_documents_in_the_books_stay_what_they_are() -> None:
    """Another value here would book everything a second time."""
    line = replace(LINE, courier="gorod", line_key=ACCOUNT, revision=1)
    assert of_line(ACCOUNT, line, KIND) == UUID("da366244-4b7a-513c-b0b3-8be4aa569f4c")
    line = replace(line, sha256="ab", ordinal=2, organization=ACCOUNT, store=ACCOUNT)
    assert of_report(ACCOUNT, line, 3, PostingKind.SUPPLY) == UUID(
        "a15b0e4f-7e97-58cd-8918-d093529f6d78"
    )


@pytest.mark.parametrize(
    "change", [{"courier": "other"}, {"line_key": ACCOUNT}, {"revision": 2}], ids=str
)
def test_another_line_has_another_name(change: dict[str, Any]) -> None:
    assert of_line(ACCOUNT, replace(LINE, **change), KIND) != of_line(ACCOUNT, LINE, KIND)


@pytest.mark.parametrize(
    "change",
    [{"line_id": 7}, {"file_name": "renamed.csv"}, {"sha256": "2"}, {"line_no": 9}, {"ordinal": 5}],
    ids=str,
)
def test_the_same_line_in_another_file_has_the_same_name(change: dict[str, Any]) -> None:
    assert of_line(ACCOUNT, replace(LINE, **change), KIND) == of_line(ACCOUNT, LINE, KIND)


@pytest.mark.parametrize(
    "change",
    [
        {"courier": "c"},
        {"sha256": "2"},
        {"ordinal": 5},
        {"organization": ACCOUNT},
        {"store": ACCOUNT},
    ],
    ids=str,
)
def test_a_document_of_another_report_has_another_name(change: dict[str, Any]) -> None:
    assert _of_report(replace(LINE, **change)) != _of_report(LINE)


def test_kinds_accounts_and_batches_have_names_of_their_own() -> None:
    names = [
        of_line(account, LINE, kind) for account in (ACCOUNT, LINE.store) for kind in PostingKind
    ]
    names += [of_report(ACCOUNT, LINE, batch, PostingKind.SUPPLY) for batch in (0, 1)]
    assert len(set(names)) == len(names)


def _of_report(line: Bookable) -> UUID:
    return of_report(ACCOUNT, line, 0, PostingKind.SUPPLY)


def test_a_fingerprint_knows_the_content_and_not_the_order_of_fields() -> None:
    assert fingerprint({"sum": 1, "имя": "Я"}) == fingerprint({"имя": "Я", "sum": 1})
    assert fingerprint({"sum": 1}) != fingerprint({"sum": 2})
    assert fingerprint({"sum": 1, "имя": "Я"}) == (
        "2fef94f5f487ac10315d2ffa0f605a1f8dcf07d5b4ca3f9adebaecda7fc2d4e5"
    )
