"""A file from the inbox to MoySklad and back out of it: every step is told, and all of it verifies."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from sverka import settling
from sverka.audit.journal import Kind
from sverka.audit.trace import trace
from sverka.audit.tree import as_text
from sverka.audit.verify import verify
from sverka.demo.reports import demo_reports
from sverka.demo.shop import build_shop
from sverka.errors import Refusal
from sverka.moysklad.sandbox import seed
from sverka.posting.undo import undo
from sverka.services import services_from
from sverka.settings import Settings
from tests.audit.conftest import Ledger
from tests.conftest import FrozenClock
from tests.support.installed import Installed
from tests.support.sandbox import running_sandbox
from tests.support.witness import witnessed

REPORT = "Городской курьер реестр 125.xlsx"


@pytest.fixture
def installed(
    database_url: str, empty_database_url: str, tmp_path: Path, clock: FrozenClock
) -> Iterator[Installed]:
    """With the demo shop; the witness compares every change with its event in the end."""
    with running_sandbox(empty_database_url) as sandbox:
        seed(empty_database_url, build_shop())
        settings = Settings(database_url, str(tmp_path / "storage"), {}, (), sandbox.connection)
        with witnessed(database_url):
            yield Installed(services_from(settings, clock), clock, tmp_path / "inbox")


def told(installed: Installed) -> list[str]:
    """The kinds of events in their order, each run of equal ones once."""
    rows = Ledger(installed.services.settings.database_url).rows("kind")
    kinds = [kind for (kind,) in rows]
    return [kind for n, kind in enumerate(kinds) if n == 0 or kinds[n - 1] != kind]


def test_the_way_of_a_file_is_told_in_order_and_verifies(installed: Installed) -> None:
    file_id = installed.dropped(REPORT, demo_reports(build_shop())[REPORT])
    settling.settle(installed.services, file_id)
    kinds = told(installed)
    way = [
        Kind.FILE_RECEIVED,
        Kind.FILE_CLAIMED,
        Kind.FILE_RECOGNISED,
        Kind.FILE_PARSED,
        Kind.PLAN_MADE,
        Kind.POSTING_APPROVED,
        Kind.POSTING_SENDING,
        Kind.POSTING_POSTED,
        Kind.FILE_SETTLED,
    ]
    assert [kind for kind in way if kind in kinds] == way
    assert [kinds.index(kind) for kind in way] == sorted(kinds.index(kind) for kind in way)
    found = verify(installed.services)
    assert found.troubles == ()
    assert found.heads == 1, "the head lies beside the day's report"


def test_settling_it_again_adds_nothing_to_the_journal(installed: Installed) -> None:
    file_id = installed.dropped(REPORT, demo_reports(build_shop())[REPORT])
    settling.settle(installed.services, file_id)
    before = installed.count("journal")
    settling.settle(installed.services, file_id)
    assert installed.count("journal") == before


def test_an_undone_file_is_traced_with_who_asked(installed: Installed) -> None:
    file_id = installed.dropped(REPORT, demo_reports(build_shop())[REPORT])
    settling.settle(installed.services, file_id)
    undo(installed.services, file_id, "Анна", reason="не тот период")
    assert verify(installed.services).troubles == ()
    with installed.services.connect() as conn:
        found = trace(conn, REPORT)
    text = as_text(found)
    assert "попросили отменить: не тот период — Анна" in text
    reversed_ = [
        step
        for report in found.files[0].reports
        for line in report.lines
        for posting in line.postings
        for step in posting.steps
        if step.kind == Kind.POSTING_REVERSED
    ]
    assert reversed_
    assert {step.by for step in reversed_} == {"Анна"}


def test_a_refused_file_is_traced_with_its_reason(installed: Installed) -> None:
    file_id = installed.dropped("пусто.csv", b"")
    with pytest.raises(Refusal):
        settling.settle(installed.services, file_id)
    with installed.services.connect() as conn:
        text = as_text(trace(conn, "пусто.csv"))
    assert "в карантине" in text
    assert "0 байт" in text
    assert verify(installed.services).troubles == ()
