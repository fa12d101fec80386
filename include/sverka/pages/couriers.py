"""Couriers for people: terms, layouts, the last files and transfers."""

from dataclasses import dataclass
from datetime import date, datetime

from sverka.couriers import Courier
from sverka.database.connection import Connection
from sverka.money import Minor
from sverka.nouns import Purpose
from sverka.pages.reading import read
from sverka.recognition.known import knowledge
from sverka.recognition.schema import Schema
from sverka.schemes import Scheme, Schemes
from sverka.services import Services

SHOWN_TRANSFERS = 20


@dataclass(frozen=True, slots=True)
class Confirmed:
    """Who agreed to a layout or a courier, and when."""

    code: str
    confirmed_by: str
    confirmed_at: datetime


@dataclass(frozen=True, slots=True)
class Layout:
    """A layout of this courier, or one that any courier may use (`whose` is None).

    `confirmed` is None for one that comes with Sverka.
    """

    code: str
    title: str
    version: int
    whose: str | None
    confirmed: Confirmed | None


@dataclass(frozen=True, slots=True)
class Transfer:
    """What a report says the courier transfers, and the bank. Money is minor units."""

    file_id: int
    file: str
    report_no: str | None
    currency: str
    own: Minor | None
    state: str
    moved_on: date | None
    received: Minor | None
    sentence: str


@dataclass(frozen=True, slots=True)
class CourierView:
    """A courier with its terms. `confirmed` is who named it, None for one of the folder."""

    courier: Courier
    scheme: Scheme | None
    layouts: tuple[Layout, ...]
    confirmed: Confirmed | None


def couriers(services: Services, conn: Connection) -> list[CourierView]:
    """All couriers that this installation knows, by title."""
    known = knowledge(services)
    schemes = Schemes.load(services.settings.posting_schemes)
    layouts = {one.code: one for one in read(conn, Confirmed, _LAYOUTS, {})}
    named = {one.code: one for one in read(conn, Confirmed, _NAMED, {})}
    every = [
        _layout(schema, layouts.get(schema.code) if schema.code in known.confirmed else None)
        for schema in known.schemas
        if schema.purpose is not Purpose.STATEMENT
    ]
    return [
        CourierView(
            courier=courier,
            scheme=schemes.by_name.get(courier.posting_scheme),
            layouts=tuple(one for one in every if one.whose in {courier.code, None}),
            confirmed=named.get(courier.code),
        )
        for courier in sorted(known.couriers, key=lambda one: one.title.casefold())
    ]


def transfers(conn: Connection, courier: str) -> list[Transfer]:
    """The newest claims of a courier's reports on transfers."""
    return read(conn, Transfer, _TRANSFERS, {"courier": courier, "limit": SHOWN_TRANSFERS})


def _layout(schema: Schema, confirmed: Confirmed | None) -> Layout:
    return Layout(
        code=schema.code,
        title=schema.title,
        version=schema.version,
        whose=schema.courier,
        confirmed=confirmed,
    )


_LAYOUTS = """
    select distinct on (code) code, confirmed_by, confirmed_at from confirmed_schema
     where withdrawn_at is null order by code, version desc
"""
_NAMED = "select code, confirmed_by, confirmed_at from confirmed_courier"
_TRANSFERS = """
    select p.file_id, f.name as file, r.report_no, p.currency, p.own, p.state, p.moved_on,
           p.received, p.sentence
      from payout p
      join file f on f.id = p.file_id
      join report r on r.file_id = p.file_id and r.ordinal = p.ordinal
     where p.courier = %(courier)s and p.state not in ('void', 'nothing')
     order by p.at desc, p.file_id desc, p.ordinal limit %(limit)s
"""
