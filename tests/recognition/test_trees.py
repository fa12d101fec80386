"""XML and JSON reports: the shapes exports save them in, and answers that are no reports."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from sverka.couriers import Couriers
from sverka.errors import NeedsMapping, Refusal
from sverka.parsing import parse
from sverka.reading import read
from sverka.recognition import Recognised, Schemas, recognise
from sverka.recognition.loading import load_schema_text

Recognise = Callable[[bytes], Recognised]


@pytest.fixture
def recognised(schemas: Schemas, couriers: Couriers) -> Recognise:
    return lambda data: recognise(read(data, "x"), schemas, couriers)


ROW: dict[str, Any] = {
    "cdek_number": "1014263974",
    "payment_sum": 100,
    "transfer_sum": 95,
    "total_sum_without_agent": 300,
    "agent_commission_sum": 5,
}
REGISTRY: dict[str, Any] = {"registry_number": 1, "sum": 95, "orders": [ROW]}


@pytest.mark.parametrize(
    ("value", "reports"),
    [
        ({"registries": [REGISTRY, REGISTRY]}, 2),
        ({"registries": REGISTRY}, 1),
        ([REGISTRY, REGISTRY], 2),
        (REGISTRY, 1),
        ({"registries": [REGISTRY], "total": 1, "errors": []}, 1),
        ({"registries": [REGISTRY | {"note": "x", "tags": ["a"]}]}, 1),
        ({"registries": [REGISTRY | {"orders": None}]}, 1),
        ({"registries": [REGISTRY | {"orders": [ROW | {"more": {"a": [1]}}]}]}, 1),
    ],
)
def test_registries_come_in_several_wrappings(
    recognised: Recognise, value: object, reports: int
) -> None:
    found = recognised(json.dumps(value).encode())
    assert (found.schema.code, len(found.reports)) == ("cdek_cod_registry", reports)


def test_one_registry_per_line_is_a_list(recognised: Recognise) -> None:
    line = json.dumps(REGISTRY).encode()
    assert len(recognised(line + b"\n" + line + b"\n").reports) == 2


@pytest.mark.parametrize("where", [0, 1])
def test_one_record_without_a_field_does_not_hide_the_layout(
    recognised: Recognise, where: int
) -> None:
    rows = [ROW, ROW]
    rows[where] = {"cdek_number": "1014263975", "payment_sum": 1, "transfer_sum": 1}
    assert recognised(json.dumps([REGISTRY | {"orders": rows}]).encode()).reports[0].records == [
        {key: str(value) for key, value in row.items()} for row in rows
    ]


@pytest.mark.parametrize(
    "answer",
    [
        '<moneyTransfers error="2">Акты не найдены</moneyTransfers>',
        '<moneyTransfers><error error="2">Акты не найдены.</error></moneyTransfers>',
        '<moneyTransfers><error error="2" errormsg="Акты не найдены"/></moneyTransfers>',
        '<error error="2" errormsg="АКТЫ НЕ НАЙДЕНЫ"/>',
        "<moneyTransfers/>",
    ],
)
def test_no_acts_is_a_valid_answer_without_reports(recognised: Recognise, answer: str) -> None:
    found = recognised(answer.encode())
    assert (found.schema.code, found.reports) == ("dalli_money_act", ())


ORDER = '<order strbarcode="A5185814" number="1" price="1" service="0" transfer="1"/>'


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ('<moneyTransfers><error code="1" msg="Нет доступа"/></moneyTransfers>', "Нет доступа"),
        ('{"requests": [], "errors": [{"message": "no access"}]}', "no access"),
        ("<moneyTransfers><from>2026-11-20</from></moneyTransfers>", "«from»"),
        (
            f'<moneyTransfers><act number="1" date=""><orders>{ORDER}</orders></act></moneyTransfers>',
            "«orders».*операции",
        ),
        (
            f'<moneyTransfers><act number="1" date="">{ORDER}</act><fine sum="5"/></moneyTransfers>',
            "«fine»",
        ),
        (json.dumps({"registries": [REGISTRY], "page": {"total": 3}}), "«page»"),
    ],
)
def test_sections_that_may_hide_money_and_errors_are_refused(
    recognised: Recognise, data: str, words: str
) -> None:
    with pytest.raises(Refusal, match=words) as refused:
        recognised(data.encode())
    assert not isinstance(refused.value, NeedsMapping)


@pytest.mark.parametrize(
    ("data", "lost"),
    [
        (json.dumps({"registries": [{"registry_number": 1, "sum": 5}]}), "«orders»"),
        (json.dumps([REGISTRY | {"orders": [{"cdek_number": "1"}]}]), "«payment_sum»"),
        ("<moneyTransfers><act><number>1</number></act></moneyTransfers>", "«number», «date»"),
    ],
)
def test_a_known_layout_that_lost_fields_names_them(
    recognised: Recognise, data: str, lost: str
) -> None:
    with pytest.raises(NeedsMapping, match=lost):
        recognised(data.encode())


@pytest.mark.parametrize(
    ("change", "renamed", "inserted", "removed"),
    [
        ({"agent_commission_sum": "agent_commission"}, ["agent_commission_sum"], [], []),
        ({"agent_commission_sum": None}, [], [], ["agent_commission_sum"]),
        ({"": "penalty_sum"}, [], ["penalty_sum"], []),
    ],
)
def test_changed_fields_of_a_tree_are_told_apart(
    recognised: Recognise,
    change: dict[str, str | None],
    renamed: list[str],
    inserted: list[str],
    removed: list[str],
) -> None:
    row = {change.get(key, key): value for key, value in ROW.items()}
    row = {key: value for key, value in row.items() if key is not None}
    row |= {new: "12.50" for old, new in change.items() if not old and new}
    with pytest.raises(NeedsMapping) as asked:
        recognised(json.dumps({"registries": [REGISTRY | {"orders": [row]}]}).encode())
    drift = asked.value.drift
    assert drift is not None
    assert [one.old for one in drift.renamed] == renamed
    assert [one.title for one in drift.inserted] == inserted
    assert [one.title for one in drift.removed] == removed


@pytest.mark.parametrize(
    "more",
    [{"basis_type": 1}, {"note": "12.50 руб. вернуть"}, {"weight": 1.25}, {"penalty_sum": 0}],
)
def test_new_fields_without_amounts_are_harmless(
    recognised: Recognise, more: dict[str, Any]
) -> None:
    data = json.dumps({"registries": [REGISTRY | {"orders": [ROW | more]}]})
    assert recognised(data.encode()).schema.code == "cdek_cod_registry"


def test_a_renamed_field_is_read_by_the_patched_schema(
    recognised: Recognise, schemas: Schemas, couriers: Couriers
) -> None:
    row = {"agent_fee_sum" if key == "agent_commission_sum" else key: v for key, v in ROW.items()}
    data = json.dumps({"registries": [REGISTRY | {"orders": [row]}]}).encode()
    with pytest.raises(NeedsMapping) as asked:
        recognised(data)
    assert asked.value.drift is not None
    patched = load_schema_text(
        asked.value.drift.patched_text(), "cdek_cod_registry.yaml", schemas.vocabulary
    )
    raw = read(data, "x")
    (report,) = parse(raw, recognise(raw, schemas.plus([patched]), couriers), "sha")
    assert [line.fee_cod for line in report.lines] == [500]
