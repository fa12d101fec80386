"""«Что делать, когда…» has a section for every verdict, state and refusal of the code, and no other.

What the code can say is read out of the code: closed lists, and the sentences of every refusal.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest

from sverka.checking import rules as checks
from sverka.checking.suite import line_rules
from sverka.discrepancies.deciding import Why
from sverka.discrepancies.nouns import ResolvedBy, State, What
from sverka.notices import channels
from sverka.nouns import FileState, PostingState, VerdictKind
from sverka.pages import help as sections
from sverka.pages.reasons import KEPT, REFUSALS, UNSENT, Kinds, kind_of
from sverka.payouts.facts import PayoutState
from sverka.posting import policy, questions, withheld
from sverka.posting.undoing_compare import LINKS
from sverka.recognition.schemas import Schemas
from sverka.reporting.words import file_states, posting_states, verdicts
from sverka.texts import Texts
from tests.support.refusing import DOMAIN, Said, arguments, constants, returned, words_in

REFUSING = ("intake", "reading", "recognition", "parsing", "drafting", "confirming", "checking")
CALLS = frozenset({"Refusal", "NeedsMapping", "Foreign", "ForeignFile", "asked", "refusal", "kind"})
PARTS = {
    "checking/doubts.py": "one total inside of the sentence about totals",
    "posting/undoing_compare.py": "what is linked to a document stands in a table of its own",
    "reading/packed.py": "the reason of a file inside of the archive follows, and decides",
}
"""Sentences that are no reason of their own."""


def refusals() -> Iterator[Said]:
    yield from arguments(REFUSING, CALLS)
    for room in ("checking/doubts", "checking/judge", "recognition/asking"):
        yield from returned(room)


def unsent() -> Iterator[Said]:
    yield from constants("posting/looking")
    yield from constants("posting/closing")
    yield from returned("posting/answers")


def kept() -> Iterator[Said]:
    yield from constants("posting/undoing_look")
    yield from constants("posting/undoing")
    yield from returned("posting/undoing")
    yield from returned("posting/undoing_compare")
    for words in LINKS.values():
        yield Said("posting/undoing_compare.py", f"к документу {words}")


def rules_of_checks() -> set[str]:
    schemas = Schemas.load(DOMAIN.parent / "courier_schemas")
    assert len(list(schemas)) > 10
    # A rule of a schema's own bears its name before a dot; the section is about all of them.
    found = {rule.code.rpartition(".")[2] for schema in schemas for rule in line_rules(schema)}
    return found | {rule.code for rule in checks.REPORTS}


def rules_of_rows() -> set[str]:
    """The rules of rejected rows: the first text of `BadCell(…)`, the one of a `RejectedRow(…)`."""
    code = re.compile(r"[a-z_]+")
    found: set[str] = set()
    for call, at in (("BadCell", 0), ("RejectedRow", 4), ("_row", 3)):
        texts = (said.text for said in arguments(("parsing",), frozenset({call}), at=at))
        found |= {text for text in texts if code.fullmatch(text)}
    return found


def states_of_reversals() -> list[str]:
    migration = DOMAIN / "database" / "migrations" / "versions" / "0003_posting.sql"
    table = migration.read_text("utf-8").partition("create table reversal ")[2]
    [listed] = re.findall(r"state +text not null check \(state in \(([^)]+)\)\)", table)[:1]
    return re.findall(r"'(\w+)'", listed)


def refusals_of_decisions() -> set[str]:
    pages = [DOMAIN / "discrepancies" / name for name in ("door.py", "workbook.py")]
    named = {
        node.value.removeprefix("decision.")
        for page in pages
        for node in ast.walk(ast.parse(page.read_text("utf-8")))
        if isinstance(node, ast.Constant) and str(node.value).startswith("decision.")
    }
    return {name for name in named if name} | set(Why)


def errors() -> set[str]:
    """Everything that Sverka raises on purpose and that is no refusal of a file, in snake case."""
    bases = {
        node.name: {base.id for base in node.bases if isinstance(base, ast.Name)}
        for page in DOMAIN.rglob("*.py")
        for node in ast.walk(ast.parse(page.read_text("utf-8")))
        if isinstance(node, ast.ClassDef)
    }
    found = {"SverkaError"}
    while more := {name for name in bases if bases[name] & found} - found - {"Refusal"}:
        found |= more
    return {re.sub(r"\B([A-Z])", r"_\1", name).lower() for name in found - {"SverkaError"}}


def refusals_of_uploads() -> set[str]:
    page = Path(__file__).parents[1] / "plugins" / "sverka_airflow" / "pages" / "upload.py"
    return set(re.findall(r'problem="(\w+)"', page.read_text("utf-8")))


OF_AN_UPLOADED_FILE = {"empty", "away", "forbidden"}
"""What the page says of one file, and of a person who may not: no code of their own."""

WITHHELD = (withheld.NEVER, withheld.REFUSED)
"""Rules of lines that reconcile and are not booked."""

EXPECTED = {
    "verdict": set(VerdictKind),
    "transfer": set(PayoutState),
    "discrepancy": {*State, ResolvedBy.ACCEPTED_LOSS, What.REOPENED},
    "decision": refusals_of_decisions(),
    "file": set(FileState),
    "refusal": set(REFUSALS),
    "row": rules_of_rows(),
    "check": rules_of_checks(),
    "document": set(PostingState),
    "approval": {*policy.Why, questions.VOID, *(rule.partition(".")[2] for rule in WITHHELD)},
    "unsent": set(UNSENT),
    "reversal": set(states_of_reversals()),
    "kept": set(KEPT),
    "error": errors(),
    "upload": refusals_of_uploads() | OF_AN_UPLOADED_FILE,
    "notice": {*channels.Kind, "given_up"},
}


def test_every_family_of_anchors_is_held_to_the_code() -> None:
    assert set(EXPECTED) == set(sections.FAMILIES)
    assert min(map(len, EXPECTED.values())) >= 4


@pytest.mark.parametrize("family", sections.FAMILIES)
def test_each_has_its_section_and_no_section_is_about_what_is_gone(family: str) -> None:
    there = {name for name in sections.anchors() if name.startswith(f"{family}.")}
    assert there == {f"{family}.{name}" for name in EXPECTED[family]}


def test_nothing_is_explained_twice() -> None:
    assert {name for name, times in sections.anchors().items() if times > 1} == set()


def test_a_section_says_what_it_means_in_money_or_what_to_do() -> None:
    text = sections.text_of(sections.Page.WHAT_NOW)
    explained = re.findall(r"^### [^`\n]+((?: `[^`\n]+`)+)\n\n(.+?)(?=^##|\Z)", text, re.M | re.S)
    assert len(explained) > 80
    assert [names for names, said in explained if "**Что делать:**" not in said] == []
    booked_or_not = {"verdict", "transfer", "file", "document", "discrepancy", "reversal"}
    silent = [
        names
        for names, said in explained
        if names.strip(" `").partition(".")[0] in booked_or_not and "**Деньги:**" not in said
    ]
    assert silent == []


def test_the_verdicts_are_called_as_in_the_report() -> None:
    text, say = sections.text_of(sections.Page.WHAT_NOW), Texts()
    titles = {f"verdict.{kind}": words.title for kind, words in verdicts(say).items()}
    titles |= {f"file.{state}": title for state, title in file_states(say).items()}
    titles |= {f"document.{state}": title for state, title in posting_states(say).items()}
    headings = {
        name: title.casefold() for title, name in re.findall(r"^### ([^`]+?) `(.+?)`", text, re.M)
    }
    assert {name: headings[name] for name in titles} == titles


@pytest.mark.parametrize(
    ("said", "kinds"),
    [(refusals, REFUSALS), (unsent, UNSENT), (kept, KEPT)],
    ids=["refusals", "unsent", "kept"],
)
def test_every_sentence_of_the_code_is_of_a_known_kind(said: object, kinds: Kinds) -> None:
    assert callable(said)
    known = [one for one in said() if one.known]
    assert len(known) > 8
    strangers = [one for one in known if kind_of(one.text, kinds) is None]
    assert [one for one in strangers if one.place.partition(":")[0] not in PARTS] == []


@pytest.mark.parametrize("kinds", [REFUSALS, UNSENT, KEPT], ids=["refusals", "unsent", "kept"])
def test_every_piece_of_a_kind_is_still_said(kinds: Kinds) -> None:
    source = "\n".join(words_in((*REFUSING, "posting"))).casefold()
    assert [one for one in _pieces(kinds) if one.casefold() not in source] == []


def _pieces(kinds: Kinds) -> Iterable[str]:
    return (piece for pieces in kinds.values() for piece in pieces)
