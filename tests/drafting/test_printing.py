"""What a person and a program see of a draft."""

from sverka.drafting.draft import Draft
from sverka.parsing.printed import as_text, parsed_file

from .conftest import Drafted

FILE = "Городской курьер. Отчёт № 5 от 12.11.2026\nЗаказ ИМ;Взято с клиента;Комиссия 3%;К выплате\nW-1;1500;45;1455\nW-2;700;21;679\nW-3;900;27;873\n"


def test_the_answer_has_the_proposal_and_the_lines_under_it() -> None:
    printed = parsed_file(FILE.encode(), "отчёт.csv")
    assert printed["status"] == "needs_mapping"
    assert printed["certain"] is True
    assert printed["drift"] is None
    assert printed["proposed_mapping"]["payout"]["column"] == "К выплате"
    assert 0.9 < printed["proposed_mapping"]["payout"]["confidence"] < 1
    assert [line["payout"] for line in printed["lines"]] == [145500, 67900, 87300]
    assert printed["report"]["courier"] == "gorod"
    assert printed["schema_draft"].startswith("language: 1\n")


def test_the_text_shows_a_table_first_lines_and_what_to_do() -> None:
    text = as_text(parsed_file(FILE.encode(), "отчёт.csv"))
    assert "к перечислению                      ← «К выплате»" in text
    assert "сходится во всех 3 стр." in text
    assert "W-1: принято с покупателя 1\u00a0500,00\u00a0₽" in text
    assert "sverka schema draft" in text


def test_questions_are_shown_with_their_choices() -> None:
    text = as_text(parsed_file(FILE.replace("Городской курьер. ", "").encode(), "отчёт.csv"))
    assert "? Чей это отчёт?" in text
    assert "Городской курьер" in text


def test_the_digest_is_of_the_schema_text(drafted: Drafted) -> None:
    found: Draft = drafted(FILE)
    assert found.sha256 == drafted(FILE).sha256
    assert found.schema().code == found.code
    assert len(found.sha256) == 64


def test_a_confirmed_draft_reads_the_next_file_of_the_layout(tmp_path: object) -> None:
    from sverka.couriers import Couriers
    from sverka.drafting import draft
    from sverka.parsing import parse
    from sverka.reading import read
    from sverka.recognition import Schemas, recognise
    from sverka.settings import INCLUDE

    schemas, couriers = (
        Schemas.load(INCLUDE / "courier_schemas"),
        Couriers.load(INCLUDE / "couriers"),
    )
    known = schemas.plus([draft(read(FILE.encode(), "a.csv"), schemas, couriers).schema()])
    other = FILE.replace("№ 5 от 12", "№ 6 от 19").replace("W-1;1500;45;1455", "W-9;100;3;97")
    raw = read(other.encode(), "b.csv")
    (report,) = parse(raw, recognise(raw, known, couriers), "")
    assert (report.report.report_no, report.lines[0].order_ref, report.lines[0].payout) == (
        "6",
        "W-9",
        9700,
    )


def test_a_confirmed_draft_of_a_tree_reads_the_next_tree() -> None:
    import json

    from sverka.couriers import Couriers
    from sverka.drafting import draft
    from sverka.parsing import parse
    from sverka.reading import read
    from sverka.recognition import Schemas, recognise
    from sverka.settings import INCLUDE

    schemas, couriers = (
        Schemas.load(INCLUDE / "courier_schemas"),
        Couriers.load(INCLUDE / "couriers"),
    )
    rows = [
        {
            "order_id": f"W-{i}",
            "cod_sum": f"{i}00.00",
            "cod_fee": f"{i}.00",
            "to_pay": f"{i * 99}.00",
        }
        for i in range(2, 7)
    ]
    raw = read(json.dumps({"number": "3", "items": rows}).encode(), "act.json")
    known = schemas.plus([draft(raw, schemas, couriers).schema()])
    (report,) = parse(raw, recognise(raw, known, couriers), "")
    assert [line.payout for line in report.lines] == [19800, 29700, 39600, 49500, 59400]
    assert report.lines[0].line_no == 1
