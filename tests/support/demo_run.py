"""The demo's files settled against a sandbox, with all that went over the wire written down."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from sverka import settling
from sverka.demo.reports import demo_reports
from sverka.demo.shop import build_shop
from sverka.errors import Refusal, TryLater
from sverka.intake.intake import take
from sverka.intake.zones import Zone
from sverka.moysklad.client import MoySklad
from sverka.services import Services, services_from
from sverka.settings import Settings
from tests.conftest import FrozenClock
from tests.support.faulty import Time
from tests.support.sandbox import RunningSandbox
from tests.support.traffic import Exchange

SHOP = build_shop(orders=600)
CREATED = ("paymentin", "supply", "paymentout", "salesreturn")
WRITTEN = (*CREATED, "customerorder", "demand")
DAY = datetime.fromisoformat("2026-11-21T09:00:00+00:00")

Json = dict[str, Any]


@dataclass
class Run:
    """One settling of all demo files: what went over the wire and what the database holds."""

    origin: str
    exchanges: list[Exchange] = field(repr=False)
    postings: dict[str, Json] = field(repr=False)
    """By syncId: file, kind, state, amount, and the document as it was planned."""

    @property
    def reads(self) -> list[Exchange]:
        return [one for one in self.exchanges if not one.is_write]

    @property
    def writes(self) -> list[Exchange]:
        return [one for one in self.exchanges if one.is_write]

    def written(self, *entities: str) -> Iterator[tuple[str, Json]]:
        """Every element of every body, with its entity."""
        for one in self.writes:
            if one.entity in (entities or WRITTEN):
                for element in one.sent():
                    yield one.entity, element


TROUBLES = (
    ("lose_reply", "/entity/paymentin"),
    ("reset_before_commit", "/entity/paymentin"),
    ("lose_reply_halfway", "/entity/supply"),
    ("html_502_after_commit", "/entity/paymentout"),
    ("truncate_reply", "/entity/salesreturn"),
    ("too_many", "/entity/customerorder"),
    ("html_500", "/entity/demand"),
    ("cut_off", "/entity/demand"),
)
"""Faults in the order in which the requests of a path meet them."""


def services(database: str, folder: Path, sandbox: RunningSandbox, seconds: Time) -> Services:
    settings = Settings(
        database_url=database,
        storage_url=str(folder / "storage"),
        storage_options={},
        zones=(),
        moysklad=sandbox.connection,
        settle_seconds=0,
    )
    client = MoySklad(sandbox.connection, sleep=seconds.sleep, monotonic=seconds.monotonic)
    clock = FrozenClock(DAY)
    return replace(services_from(settings, clock), moysklad=lambda: client)


def settle_everything(services: Services, folder: Path) -> None:
    inbox = folder / "inbox"
    inbox.mkdir()
    for name, data in demo_reports(SHOP).items():
        (inbox / name).write_bytes(data)
        for key in take(services, [Zone("inbox", str(inbox), {})], wait=time.sleep):
            file_id = settling.claim(services, key, "run")
            assert file_id is not None
            settle_to_the_end(services, file_id)


def settle_to_the_end(services: Services, file_id: int) -> None:
    clock = services.clock
    assert isinstance(clock, FrozenClock)
    for _ in range(10):
        try:
            settling.settle(services, file_id)
        except TryLater as later:
            clock.advance(seconds=later.seconds)
        except Refusal:
            return
        else:
            return
    pytest.fail("settling never came to an end")


def postings_of(database: str) -> dict[str, Json]:
    with psycopg2.connect(database) as conn, conn.cursor() as cursor:
        cursor.execute(
            "select sync_id::text, jsonb_build_object('file', file_id, 'kind', kind,"
            " 'state', state, 'document', document, 'amount', amount) from posting"
        )
        return dict(cursor.fetchall())
