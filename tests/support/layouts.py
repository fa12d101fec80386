"""Small schemas for tests of the language, and a short way from their text to parsed reports."""

from typing import Any

from sverka.parsing import ParsedReport, parse
from sverka.reading.raw import RawFile, RawTable, Row
from sverka.recognition.loading import load_schema_text
from sverka.recognition.recognise import Recognised, fits
from sverka.recognition.schema import Schema
from sverka.recognition.vocabulary import Vocabulary

REGISTER = """\
language: 1
schema: register
version: 1
title: Реестр
courier: gorod
provenance: {kind: learned, sources: [a register]}
layout:
  table:
    require: [order, taken, ours]
    totals_row: true
columns:
  order: {headers: [Заказ], as: id}
  track: {headers: [Трек], as: id}
  day: {headers: [Дата], as: date}
  status: {headers: [Статус]}
  pieces: {headers: [Штук], as: number}
  taken: {headers: [Взято], as: money}
  fee: {headers: [Тариф], as: money}
  extra: {headers: [Надбавка], as: money}
  ours: {headers: [Нам], as: money}
line:
  order_ref: order
  track_ref: track
  occurred_on: day
  collected: taken
  fee_delivery: [fee, extra]
  payout: ours
rules:
  - {}
identity: [order, track]
"""
HEADER: Row = ["Заказ", "Трек", "Дата", "Статус", "Штук", "Взято", "Тариф", "Надбавка", "Нам"]


def loaded(text: str, vocabulary: Vocabulary, name: str = "register.yaml") -> Schema:
    """The schema of a text."""
    return load_schema_text(text, name, vocabulary)


def changed(old: str, new: str, text: str = REGISTER) -> str:
    """The register's schema with one piece replaced; the piece has to be there."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def parsed_rows(schema: Schema, *rows: Row, header: Row = HEADER, **table: Any) -> ParsedReport:
    """What the rows of a sheet with this header are by the schema."""
    raw = RawFile("f", "xlsx", (RawTable("Л", [header, *rows], **table),))
    found = fits(raw, schema)
    assert found is not None
    (report,) = parse(raw, Recognised(schema, None, found.tables), "sha")
    return report


def money(report: ParsedReport) -> list[tuple[str | None, int, int, int]]:
    """Number, collected, delivery fee and payout of each line."""
    return [(one.order_ref, one.collected, one.fee_delivery, one.payout) for one in report.lines]
