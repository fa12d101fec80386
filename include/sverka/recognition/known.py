"""What this installation knows: layouts and couriers from the folders and those a person confirmed.

A file of `include/couriers` wins over a confirmed courier, and a shipped schema of a higher version
over a confirmed one of the same code. What is stored and does not load any more stops nobody: it is
left out and told.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from sverka.couriers import Courier, Couriers, courier_of
from sverka.database.connection import Connection
from sverka.errors import Misconfigured
from sverka.recognition.loading import load_schema_text
from sverka.recognition.schema import Schema
from sverka.recognition.schemas import Schemas
from sverka.services import Services

log = logging.getLogger(__name__)

_NEWEST = """
    select distinct on (code) code, version, schema from confirmed_schema
     where withdrawn_at is null order by code, version desc
"""


@dataclass(frozen=True, slots=True)
class Knowledge:
    """All layouts and couriers, what was left out (Russian sentences), and a mark of it all.

    Two equal marks mean that a file that was unknown before is unknown still.
    """

    schemas: Schemas
    couriers: Couriers
    left_out: tuple[str, ...]
    confirmed: frozenset[str]
    """Codes of the schemas that a person confirmed here."""

    @property
    def mark(self) -> str:
        """A digest of everything that decides how a file is read."""
        parts = [f"{schema.code} {schema.version} {schema.text}" for schema in self.schemas]
        parts += [repr(courier) for courier in self.couriers]
        return sha256("\n".join(sorted(parts)).encode()).hexdigest()


def known(services: Services) -> tuple[Schemas, Couriers]:
    """The layouts and couriers that every step goes by.

    Raises:
        Misconfigured: a file of the folders is bad; what is stored never raises.
    """
    everything = knowledge(services)
    return everything.schemas, everything.couriers


def known_couriers(services: Services) -> Couriers:
    """Only the couriers, for steps that read no file.

    Raises:
        Misconfigured: a file of the folder is bad.
    """
    with services.connect() as conn:
        return couriers_known_to(conn, services.settings.couriers)


def couriers_known_to(conn: Connection, folder: Path) -> Couriers:
    """As `known_couriers`, on a connection that is open already."""
    return _couriers(conn, Couriers.load(folder))[0]


def knowledge(services: Services) -> Knowledge:
    """As `known`, with what was left out.

    Raises:
        Misconfigured: a file of the folders is bad.
    """
    shipped = Schemas.load(services.settings.courier_schemas)
    folder = Couriers.load(services.settings.couriers)
    with services.connect() as conn:
        couriers, lost_couriers = _couriers(conn, folder)
        confirmed, lost_schemas = _schemas(conn, shipped, couriers)
    left_out = (*lost_couriers, *lost_schemas)
    for sentence in left_out:
        log.error("%s", sentence)
    codes = frozenset(schema.code for schema in confirmed)
    return Knowledge(shipped.plus(confirmed), couriers, left_out, codes)


def _couriers(conn: Connection, folder: Couriers) -> tuple[Couriers, list[str]]:
    found: list[Courier] = []
    lost: list[str] = []
    with conn.cursor() as cursor:
        cursor.execute("select code, terms from confirmed_courier order by code")
        rows: Iterable[tuple[str, str]] = cursor.fetchall()
    for code, terms in rows:
        if code in folder.by_code:
            continue
        try:
            found.append(courier_of(terms, f"confirmed courier {code}"))
        except Misconfigured as error:
            lost.append(
                f"Сохранённая служба доставки «{code}» не читается и не используется: {error}. "
                "Передайте это тому, кто обслуживает Сверку."
            )
    return folder.plus(found), lost


def _schemas(
    conn: Connection, shipped: Schemas, couriers: Couriers
) -> tuple[list[Schema], list[str]]:
    found: list[Schema] = []
    lost: list[str] = []
    with conn.cursor() as cursor:
        cursor.execute(_NEWEST)
        rows: Iterable[tuple[str, int, str]] = cursor.fetchall()
    for code, version, text in rows:
        own = shipped.by_code.get(code)
        if own is not None and own.version > version:
            continue
        try:
            found.append(_stored(code, version, text, shipped, couriers))
        except Misconfigured as error:
            lost.append(
                f"Сохранённая раскладка «{code}», версия {version}, не читается и не используется: "
                f"{error}. Файлы такого вида снова будут спрашивать, как их читать."
            )
    return found, lost


def _stored(code: str, version: int, text: str, shipped: Schemas, couriers: Couriers) -> Schema:
    schema = load_schema_text(text, f"confirmed schema {code} {version}", shipped.vocabulary)
    if schema.courier is not None:
        couriers.get(schema.courier)
    return schema
