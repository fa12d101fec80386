"""Trees as tables."""

import json

from sverka.reading import read
from sverka.reading.flattened import flattened


def test_a_list_of_records_is_a_table_with_its_head_above() -> None:
    tree = {
        "act": {"number": "5"},
        "rows": [{"id": "1", "sum": {"cod": "10"}}, {"id": "2", "note": "x"}],
    }
    (table,) = flattened(read(json.dumps(tree).encode(), "act.json"))
    assert table.sheet == "rows"
    assert table.rows == [
        ["act.number: 5"],
        ["id", "sum.cod", "note"],
        ["1", "10", None],
        ["2", None, "x"],
    ]
    assert table.first_line + 2 == 1


def test_children_and_attributes_of_xml_are_columns() -> None:
    xml = b"<acts><act no='7'><order id='1'><sum>10</sum></order><order id='2'><sum>20</sum></order></act></acts>"
    (table,) = flattened(read(xml, "act.xml"))
    assert table.rows[-3:] == [["id", "sum"], ["1", "10"], ["2", "20"]]
    assert ["no: 7"] in table.rows or ["act.no: 7"] in table.rows


def test_each_act_is_a_table_of_its_own_with_the_same_columns() -> None:
    tree = [
        {"no": "1", "date": "a", "orders": [{"id": "1", "sum": "5"}]},
        {"no": "2", "date": "b", "orders": [{"id": "2", "sum": "6", "fee": "1"}]},
    ]
    acts, first, second = flattened(read(json.dumps(tree).encode(), "acts.json"))
    assert acts.rows[0][:2] == ["no", "date"]
    assert first.rows[-2] == second.rows[-2] == ["id", "sum", "fee"]


def test_a_table_is_not_flattened() -> None:
    assert flattened(read("а;б\n1;2\n".encode(), "x.csv")) == ()
