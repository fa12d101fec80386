"""Which layout a registered file has, by all that is known now."""

from dataclasses import replace

from sverka.confirming import store
from sverka.couriers import Courier, Couriers
from sverka.errors import NeedsMapping, Refusal
from sverka.intake.archive import bytes_of
from sverka.intake.ledger import FileRow
from sverka.nouns import Purpose
from sverka.parsing import parse
from sverka.reading import read
from sverka.reading.raw import RawFile
from sverka.recognition import Recognised, Schemas, recognise
from sverka.recognition.known import Knowledge
from sverka.recognition.schema import TableLayout
from sverka.services import Services

HEAD_ROWS = 60
"""Rows enough to recognise a described layout: titles, the head of the table, its first lines."""


class Nameless(NeedsMapping):
    """The layout is known, but nothing says whose report it is."""

    def __init__(self, found: Recognised) -> None:
        self.found = found
        super().__init__(
            "формат файла понятен, но из него не видно, чей это отчёт. Скажите это в ответ на вопрос "
            "или впишите название службы доставки в имя файла и положите его ещё раз."
        )


def head_of(services: Services, row: FileRow) -> RawFile | None:
    """The first rows of the file; None when it cannot be read, and the whole of it says why."""
    try:
        return raw_of(services, row, head=HEAD_ROWS)
    except Refusal:
        return None


def known_layout(
    services: Services, row: FileRow, knowledge: Knowledge, head: RawFile | None = None
) -> Recognised:
    """The layout and the courier of the file.

    A described layout is recognised by the head of the file. Whatever else the head gives is no
    verdict yet: the whole file is looked at, and a generic layout has to parse, because its proof
    is in the rows. `head` saves reading it when the caller has it already.

    Raises:
        Nameless: nothing says whose report it is.
        NeedsMapping: no layout fits; a person has to be asked.
        Refusal: it is nothing that could be asked about.
    """
    said = _said(services, row, knowledge.couriers)
    schemas, couriers = as_said(knowledge.schemas, knowledge.couriers, said)
    try:
        found = recognise(head or raw_of(services, row, head=HEAD_ROWS), schemas, couriers)
        if not is_generic(found):
            return _with_courier(found, said)
    except Nameless:
        raise
    except Refusal:
        pass
    raw = raw_of(services, row)
    found = recognise(raw, schemas, couriers)
    if is_generic(found):
        parse(raw, found, row.sha256)
    return _with_courier(found, said)


def pinned_layout(
    services: Services, row: FileRow, raw: RawFile, knowledge: Knowledge
) -> Recognised:
    """The layout that the file was recognised in, as long as that version is the known one.

    Raises:
        Refusal: the file is not read by it, or it was withdrawn and no other fits.
    """
    said = _said(services, row, knowledge.couriers)
    schemas, couriers = as_said(knowledge.schemas, knowledge.couriers, said)
    chosen = schemas.by_code.get(row.schema or "")
    if chosen is not None and chosen.version == row.schema_version:
        schemas = Schemas({chosen.code: chosen}, schemas.vocabulary)
    return _with_courier(recognise(raw, schemas, couriers), said)


def as_said(schemas: Schemas, couriers: Couriers, said: Courier | None) -> tuple[Schemas, Couriers]:
    """What is known of one courier, when a person said that the file is its: no other name counts."""
    if said is None:
        return schemas, couriers
    theirs = {one.code: one for one in schemas if one.courier in (None, said.code)}
    return Schemas(theirs, schemas.vocabulary), Couriers({said.code: said})


def raw_of(services: Services, row: FileRow, *, head: int | None = None) -> RawFile:
    """The file's raw tables, whole or only their heads."""
    return read(bytes_of(services.storage, row), row.name, head=head)


def is_generic(found: Recognised) -> bool:
    """A layout of nobody in particular, told by its words alone."""
    return isinstance(found.schema.layout, TableLayout) and found.schema.layout.generic


def _said(services: Services, row: FileRow, couriers: Couriers) -> Courier | None:
    """The courier that a person named for this very file, as far as it is still known."""
    with services.connect() as conn:
        said = store.said_courier(conn, row.id)
    return couriers.by_code.get(said or "")


def _with_courier(found: Recognised, said: Courier | None) -> Recognised:
    """What a person said about this file counts before what the file says."""
    if said is not None:
        return replace(found, courier=said)
    if found.schema.purpose is Purpose.STATEMENT:
        return found  # a bank's file, of no courier
    if found.courier is None:
        raise Nameless(found)
    return found
