"""The schema language: what a schema may say, and how a mistake in one is told."""

import re
import shutil
from pathlib import Path

import pytest

from sverka.errors import Misconfigured
from sverka.nouns import Outcome, Purpose, RowKind
from sverka.recognition import Schemas
from sverka.recognition.loading import load_schema_text
from sverka.recognition.schema import TableLayout, Term
from sverka.settings import INCLUDE
from tests.support.layouts import REGISTER, changed, loaded

FOLDER = INCLUDE / "courier_schemas"


def line_of(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


@pytest.mark.parametrize(
    ("old", "new", "at", "place", "words"),
    [
        ("language: 1\n", "", None, "", "language is missing"),
        ("language: 1", "language: 2", "language", "language", "reads language 1, found 2"),
        ("language: 1", "language: true", "language", "language", "found True"),
        ("version: 1", "version: one", "version", "version", "'one' is not of type 'integer'"),
        ("version: 1", "version: 1\nunits: rubles", "units", "units", "known: language, schema"),
        ("title: Реестр\n", "", None, "", "'title' is a required property; found: language"),
        ("kind: learned", "kind: rumour", "kind: r", "provenance.kind", "known: documented, seen"),
        ("[order, taken, ours]", "[]", "require", "layout.table.require", "[] should be non-empty"),
        ("  table:\n    require: [order, taken, ours]\n    totals_row: true", "  {}", "layout:", "layout", "needs a table or a tree"),
        ("totals_row: true", "totals: true", "totals: true", "layout.table.totals", "known: require, shared_headers"),
        ("  status: {headers: [Статус]}", "  status: {headers: [Статус], as: word}", "status", "columns.status.as", "known: text, id, money, number, date"),
        ("  status: {headers: [Статус]}", "  status: {headers: [Статус], unit: kopecks}", "status", "columns.status.unit", "only a money column"),
        ("  status: {headers: [Статус]}", "  status: {}", "status", "columns.status", "no headers"),
        ("  payout: ours", "  payout: theirs", "  payout", "line.payout", "no column 'theirs'; known: order, track"),
        ("  payout: ours", "  payout: status", "  payout", "line.payout", "'status' is not money but text"),
        ("  payout: ours", "  payout: pieces", "  payout", "line.payout", "'pieces' is not money but number"),
        ("  payout: ours", "  paid: ours", "  paid", "line.paid", "known: order_ref, track_ref"),
        ("[fee, extra]", "[fee, extras]", "fee_delivery", "line.fee_delivery", "no column 'extras'"),
        ("[fee, extra]", "[fee, fee]", "fee_delivery", "line.fee_delivery", "has non-unique elements"),
        ("order_ref: order", "order_ref: taken", "order_ref", "line.order_ref", "not id or text but money"),
        ("occurred_on: day", "occurred_on: status", "occurred_on", "line.occurred_on", "not date but text"),
        ("  - {}", "  - when: {state: {present: true}}", "state", "rules.0.when.state", "no column 'state'"),
        ("  - {}", "  - when: {status: {sign: positive}}", "sign", "rules.0.when.status", "not money or number but text"),
        ("  - {}", "  - when: {taken: {words: [Да]}}", "words", "rules.0.when.taken", "not text or id but money"),
        ("  - {}", "  - when: {status: {equals: [Да]}}", "equals", "rules.0.when.status.equals", "known: words, starts, contains"),
        ("  - {}", "  - row_kind: parcel", "row_kind", "rules.0.row_kind", "known: order, return"),
        ("  - {}", "  - money: {sum: taken}", "money: {sum", "rules.0.money.sum", "known: collected"),
        ("  - {}", "  - money: {vat: order}", "money: {vat", "rules.0.money.vat", "'order' is not money"),
        ("  - {}", "  - {ignore: x, payout_of_ignored: dues}", "ignore", "rules.0.payout_of_ignored", "no column 'dues'"),
        ("  - {}", "  - skip: true", "skip", "rules.0.skip", "only a rule of a part can skip"),
        ("rules:\n  - {}", "parts:\n  - {name: a, line: {payout: due}}", "name: a", "parts.0.line.payout", "no column 'due'"),
        ("rules:\n  - {}", "parts:\n  - {name: a, rules: [{when: {due: {present: true}}}]}", "name: a", "parts.0.rules.0.when.due", "no column 'due'"),
        ("rules:\n  - {}", "words:\n  outcome: {column: state, vocabulary: outcomes}", "column: state", "words.outcome.column", "no column 'state'"),
        ("rules:\n  - {}", "words:\n  outcome: {column: status, vocabulary: results}", "vocabulary", "words.outcome.vocabulary", "known: outcomes, payment_methods"),
        ("rules:\n  - {}", "words:\n  outcome: {column: status, meanings: {Ура: done}}", "meanings", "words.outcome.meanings.Ура", "no meaning 'done'; known: delivered"),
        ("rules:\n  - {}", "words:\n  outcome:\n    column: status\n    meanings: {Ура: lost, ура: refused}", "meanings", "words.outcome.meanings.ура", "two meanings"),
        ("rules:\n  - {}", "words:\n  outcome: {column: status}", "outcome", "words.outcome", "is not valid under any"),
        ("rules:\n  - {}", "report:\n  report_no: {title: ['№ (\\d+)']}", "report_no", "report.report_no.title.0", "no group `value`"),
        ("rules:\n  - {}", "report:\n  report_no: {title: ['(?P<value>']}", "report_no", "report.report_no.title.0", "missing"),
        ("rules:\n  - {}", "report:\n  report_no: {column: number}", "column: number", "report.report_no.column", "no column 'number'"),
        ("identity: [order, track]", "identity: [order, trak]", "identity", "identity.1", "no column 'trak'"),
        ("identity: [order, track]\n", "", None, "", "'identity' is a required property"),
        ("courier: gorod", "courier: gorod\npurpose: statement", "purpose", "purpose", "a statement has `movement`"),
        ("courier: gorod", "courier: gorod\npurpose: gossip", "purpose", "purpose", "known: settlement, statuses"),
        ("version: 1", "version: 1\nversion: 2", "version: 2", None, "a key is given twice: version"),
        ("  - {}", "  - when: {status: {words: [x]}, Yes: {present: true}}", "Yes", None, "a key must be text, found Yes"),
        ("title: Реестр", "title: [", None, None, "not YAML"),
    ],
)  # fmt: skip
def test_a_mistake_is_told_with_file_line_place_and_what_there_is(
    schemas: Schemas, old: str, new: str, at: str | None, place: str | None, words: str
) -> None:
    text = changed(old, new)
    with pytest.raises(Misconfigured) as wrong:
        loaded(text, schemas.vocabulary)
    message = str(wrong.value)
    assert words in message
    assert message.startswith("register.yaml")
    if at is not None:
        assert f", line {line_of(text, at)}:" in message
    else:
        assert re.match(r"register\.yaml(, line \d+)?: ", message)
    if place:
        assert f": {place}: " in message


def test_the_name_of_a_text_without_a_file_stands_in_its_errors(schemas: Schemas) -> None:
    with pytest.raises(Misconfigured, match=r"^черновик файла 7, line 3: version:"):
        load_schema_text(
            changed("version: 1", "version: 0"), "черновик файла 7", schemas.vocabulary
        )


@pytest.mark.parametrize("text", ["", "# nothing\n", "- 1\n", "just words"])
def test_what_is_no_mapping_is_named(schemas: Schemas, text: str) -> None:
    with pytest.raises(Misconfigured, match=r"register\.yaml: a mapping is needed"):
        loaded(text, schemas.vocabulary)


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "schemas"))
    (folder / "broken.yaml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(Misconfigured, match=r"broken\.yaml: not YAML: not in UTF-8"):
        Schemas.load(folder)


def test_a_file_is_called_like_its_schema(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(FOLDER, tmp_path / "schemas"))
    (folder / "other.yaml").write_text(REGISTER, encoding="utf-8")
    with pytest.raises(Misconfigured, match=r"other\.yaml, line 2: schema: must be 'other'"):
        Schemas.load(folder)


def test_every_schema_says_its_language_and_its_rules_to_editors() -> None:
    for path in FOLDER.glob("*.yaml"):
        if path.name != "vocabulary.yaml":
            text = path.read_text(encoding="utf-8")
            assert text.startswith("# yaml-language-server: $schema=schema.json\n"), path.name
            assert re.search(r"^language: 1$", text, re.MULTILINE), path.name


def test_a_schema_by_code_takes_the_place_of_a_known_one(schemas: Schemas) -> None:
    one = loaded(changed("schema: register", "schema: dalli_money_act"), schemas.vocabulary)
    other = loaded(REGISTER, schemas.vocabulary)
    more = schemas.plus([one, other])
    assert more.by_code["dalli_money_act"] is one
    assert more.by_code["register"] is other
    assert len(more.by_code) == len(schemas.by_code) + 1
    assert "register" not in schemas.by_code


def test_a_schema_keeps_its_text_its_sources_and_its_checks(schemas: Schemas) -> None:
    text = REGISTER + "expectations:\n  - {rule: r, expect: e, sentence: с}\n"
    schema = loaded(text, schemas.vocabulary)
    assert schema.text == text
    assert schema.provenance["kind"] == "learned"
    assert [check["rule"] for check in schema.expectations] == ["r"]


def test_purpose_and_units(schemas: Schemas) -> None:
    plain = loaded(REGISTER, schemas.vocabulary)
    assert (plain.purpose, plain.in_kopecks) == (Purpose.SETTLEMENT, False)
    text = changed("courier: gorod", "courier: gorod\npurpose: statuses\nunit: kopecks")
    text = changed("[Нам], as: money", "[Нам], as: money, unit: rubles", text)
    schema = loaded(text, schemas.vocabulary)
    assert (schema.purpose, schema.in_kopecks) == (Purpose.STATUSES, True)
    assert (schema.columns["taken"].in_kopecks, schema.columns["ours"].in_kopecks) == (True, False)


def test_an_amount_is_a_sum_of_signed_columns(schemas: Schemas) -> None:
    schema = loaded(changed("[fee, extra]", '[fee, "-extra", "-|taken|"]'), schemas.vocabulary)
    assert schema.money["fee_delivery"].terms == (
        Term("fee", negated=False, absolute=False),
        Term("extra", negated=True, absolute=False),
        Term("taken", negated=True, absolute=True),
    )
    assert schema.money["payout"].columns == ("ours",)


def test_a_part_goes_over_the_line_key_by_key(schemas: Schemas) -> None:
    text = changed(
        "rules:\n  - {}",
        "rules:\n  - {outcome: delivered}\n"
        "parts:\n  - name: sold\n  - {name: back, line: {payout: '-ours'}, rules: [{row_kind: return}]}",
    )
    sold, back = loaded(text, schemas.vocabulary).parts
    assert (sold.name, sold.rules[0].outcome) == ("sold", Outcome.DELIVERED)
    assert (back.money["payout"].terms[0].negated, back.money["collected"]) == (
        True,
        sold.money["collected"],
    )
    assert (back.refs, back.rules[0].row_kind) == (sold.refs, RowKind.RETURN)


def test_without_parts_a_record_is_read_once(schemas: Schemas) -> None:
    schema = loaded(REGISTER, schemas.vocabulary)
    (part,) = schema.parts
    assert (part.name, part.money, part.refs, part.rules) == (
        "", schema.money, schema.refs, schema.rules,
    )  # fmt: skip


def test_words_of_the_schema_go_before_the_vocabulary(schemas: Schemas) -> None:
    text = changed(
        "rules:\n  - {}",
        "words:\n  outcome:\n    column: status\n    vocabulary: outcomes\n"
        "    meanings: {Выдан: lost, В пути: null}",
    )
    words = loaded(text, schemas.vocabulary).words["outcome"]
    assert words.meanings["выдан"] == "lost"
    assert words.meanings["вручен"] == "delivered"
    assert words.meanings["в пути"] is None


def test_sheets_and_columns_beside_are_compared_like_headers(schemas: Schemas) -> None:
    text = changed(
        "totals_row: true",
        "totals_row: true\n    sheets: [' Отчёт № 1 ']\n    beside: ['Цена, руб.', Группа ₽/Цена]",
    )
    layout = loaded(text, schemas.vocabulary).layout
    assert isinstance(layout, TableLayout)
    assert layout.sheets == {"отчет номер 1"}
    assert {"цена", "группа/цена"} <= layout.beside


def test_a_column_under_a_group_is_known_by_both(schemas: Schemas) -> None:
    text = changed("[Нам], as: money", '["Реализовано, руб./Сумма, руб."], as: money')
    schema = loaded(text, schemas.vocabulary)
    assert "реализовано/сумма" in schema.columns["ours"].headers
