"""A known layout that changed is drafted as itself, one version higher."""

from sverka.couriers import Couriers
from sverka.drafting import draft, propose
from sverka.errors import NeedsMapping
from sverka.reading import read
from sverka.recognition import Schemas, recognise

FILE = "Городской курьер. Отчёт № 5 от 12.11.2026\nЗаказ ИМ;Взято с клиента;Комиссия 3%;К выплате\nW-1;1500;45;1455\nW-2;700;21;679\nW-3;900;27;873\n"


def test_a_renamed_column_is_patched_and_told(schemas: Schemas, couriers: Couriers) -> None:
    first = draft(read(FILE.encode(), "a.csv"), schemas, couriers)
    known = schemas.plus([first.schema()])
    raw = read(FILE.replace("Взято с клиента", "Получено с клиента").encode(), "b.csv")
    held = None
    try:
        recognise(raw, known, couriers)
    except NeedsMapping as refusal:
        held = refusal
    assert held is not None
    assert held.drift is not None
    patched = propose(raw, known, couriers, held)
    assert patched.code == first.code
    assert patched.schema().version == first.schema().version + 1
    assert "«Получено с клиента»" in patched.proofs[0]
    (report,) = patched.parsed(raw, couriers)
    assert [line.collected for line in report.lines] == [150000, 70000, 90000]
