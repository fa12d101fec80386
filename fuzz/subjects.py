"""What is spoiled: the samples of all layouts, and plain registers of every settlement model."""

from datetime import date
from decimal import Decimal

from sverka.demo import layouts as lay
from sverka.recognition import Schemas
from sverka.recognition.loading import load_schema_text
from sverka.settings import INCLUDE
from tests.parsing.samples import SAMPLES

DAY = date(2026, 11, 20)
LEARNED = """\
language: 1
schema: neva_register
version: 1
title: Экспресс-Нева, реестр
courier: gorod
provenance: {kind: learned, sources: [a register of November 2026]}
settlement: net
layout:
  table:
    totals_row: true
    require: [order, day, taken, delivery, cod, ours]
    beside: [Комментарий курьера]
columns:
  order: {headers: [Отправление], as: id}
  day: {headers: [Отдано], as: date}
  taken: {headers: [Взяли], as: money}
  delivery: {headers: [За доставку], as: money}
  cod: {headers: [За деньги], as: money}
  ours: {headers: [Ваши деньги], as: money}
line:
  order_ref: order
  occurred_on: day
  collected: taken
  fee_delivery: delivery
  fee_cod: cod
  payout: ours
rules:
  - when: {taken: {sign: positive}}
    outcome: delivered
  - {}
identity: [order]
"""
"""A layout that a person confirmed; its rows obey the net model."""


def samples() -> tuple[dict[str, bytes], Schemas]:
    """The files by name, and the schemas they are read by."""
    schemas = Schemas.load(INCLUDE / "courier_schemas")
    learned = load_schema_text(LEARNED, "neva_register.yaml", schemas.vocabulary)
    data = {name: build() for name, (build, _) in SAMPLES.items()}
    data |= {f"register_{model}.xlsx": _register(model) for model in ("net", "agent", "gross")}
    data["neva_register.csv"] = _learned()
    return data, schemas.plus([learned])


def _register(model: str) -> bytes:
    rows = []
    for number in range(1, 7):
        collected = Decimal(0) if number == 4 else Decimal(f"{number * 731}.{number}5")
        delivery, fee = Decimal(190 + number), (collected / 50).quantize(Decimal("0.01"))
        kept = {"net": delivery + fee, "agent": fee, "gross": Decimal(0)}[model]
        payout = collected - kept if collected or model == "net" else Decimal(0)
        status = "Доставлен" if collected else "Отказ"
        order, track = f"00{number}42", f"GK{number}"
        rows.append(
            lay.RegisterRow(order, track, DAY, status, None, collected, delivery, fee, payout)
        )
    paid = sum((row.payout for row in rows), Decimal(0))
    head = lay.RegisterHead("ООО «Городской курьер»", "118/11", DAY, "55", DAY, paid)
    return lay.cod_register_xlsx(head, rows)


def _learned() -> bytes:
    rows = ["Отправление;Отдано;Взяли;За доставку;За деньги;Ваши деньги;Комментарий курьера"]
    for number in range(1, 8):
        taken = Decimal(f"{900 + number * 113}.{number}0")
        delivery, fee = Decimal(250), (taken * 3 / 100).quantize(Decimal("0.01"))
        cells = (
            f"N-10{number}",
            f"{number + 10}.11.2026",
            taken,
            delivery,
            fee,
            taken - delivery - fee,
            "ок",
        )
        rows.append(";".join(map(str, cells)))
    return "\r\n".join(rows).encode()
