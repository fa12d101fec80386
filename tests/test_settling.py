"""One file from the inbox to MoySklad, through every room, killed and repeated at every step."""

from pathlib import Path
from typing import Any

import pytest

from sverka import settling
from sverka.demo.reports import demo_reports
from sverka.demo.shop import Shop
from sverka.errors import Refusal
from sverka.intake import ledger
from sverka.intake.archive import EMPTY
from sverka.intake.intake import take
from sverka.intake.zones import Zone
from sverka.nouns import FileState
from sverka.services import Services
from tests.conftest import FrozenClock
from tests.support.sandbox import sandbox
from tests.support.settling import services, shop

__all__ = ["sandbox", "services", "shop"]

REPORT = "Городской курьер реестр 125.xlsx"
DOCUMENTS = ("paymentin", "supply", "paymentout", "salesreturn")


@pytest.fixture(scope="module")
def reports(shop: Shop) -> dict[str, bytes]:
    return demo_reports(shop)


def dropped(services: Services, tmp_path: Path, clock: FrozenClock, name: str, data: bytes) -> int:
    """Drops the file, takes it, claims it; its id."""
    (tmp_path / "inbox").mkdir(exist_ok=True)
    zone = Zone("папка", str(tmp_path / "inbox"))
    zone.drop(name, data)
    keys: list[str] = []
    while not keys:
        keys = take(services, [zone], wait=lambda _: clock.advance(seconds=30))
    file_id = settling.claim(services, keys[0], "run 1")
    assert file_id is not None
    return file_id


def books(services: Services) -> dict[str, set[str]]:
    """The documents that live in MoySklad, by kind."""
    client = services.moysklad()
    return {kind: {row["id"] for row in client.rows(kind)} for kind in DOCUMENTS}


def state_of(services: Services, file_id: int) -> tuple[FileState, str | None]:
    with services.connect() as conn:
        row = ledger.file_of(conn, file_id)
    return row.state, row.reason


def test_a_report_becomes_documents_and_a_page(
    services: Services, reports: dict[str, bytes], tmp_path: Path, clock: FrozenClock
) -> None:
    before = books(services)
    file_id = dropped(services, tmp_path, clock, REPORT, reports[REPORT])

    done = settling.settle(services, file_id)

    assert list(done) == [*(step.__name__ for step in settling.STEPS), "publish"]
    assert done["recognise"]["courier"] == "gorod"
    assert done["parse"]["lines"] == done["check"]["accepted"] + done["check"]["rejected"] > 0
    assert sum(done["reconcile"].values()) == done["check"]["accepted"]
    assert done["send"]["posted"] == done["approve"]["approved"] > 0
    assert state_of(services, file_id) == (FileState.SETTLED, None)
    with services.connect() as conn:
        row = ledger.file_of(conn, file_id)
    assert (row.courier, row.schema_version) == ("gorod", 1)
    assert books(services)["paymentin"] > before["paymentin"]
    assert services.storage.exists("reports/2026-11-20/otchet.html")

    after = books(services)
    again = settling.settle(services, file_id)
    assert again["send"] == done["send"]
    assert books(services) == after


class Killed(BaseException):
    """Stands for SIGKILL."""


def test_a_kill_after_any_step_and_a_repetition_give_the_same_documents_once(
    services: Services, reports: dict[str, bytes], tmp_path: Path, clock: FrozenClock
) -> None:
    """Steps 1…n are done and the process dies, for every n; the next process begins again."""
    before = books(services)
    file_id = dropped(services, tmp_path, clock, REPORT, reports[REPORT])
    for count in range(1, len(settling.STEPS)):
        for step in settling.STEPS[:count]:
            step(services, file_id)
    done = settling.settle(services, file_id)

    made = sum(len(books(services)[kind] - before[kind]) for kind in DOCUMENTS)
    with services.connect() as conn, conn.cursor() as cursor:
        cursor.execute(
            "select count(*), count(distinct moysklad_id) from posting "
            "where state = 'posted' and kind not like '%.state'"
        )
        assert cursor.fetchone() == (made, made)
    assert made > 0
    assert done["send"]["waiting"] == 0


@pytest.mark.parametrize(
    ("name", "data", "words"),
    [
        ("пустой.xlsx", b"", EMPTY),
        ("Прайс-лист.xlsx", None, "не похоже на отчёт курьера"),
        ("картинка.xlsx", b"\x89PNG\r\n\x1a\n" + b"\x00" * 100, None),
        ("оборванный.xlsx", b"PK\x03\x04" + b"\x00" * 100, None),
    ],
)
def test_what_is_no_report_is_quarantined_with_words(
    services: Services,
    reports: dict[str, bytes],
    tmp_path: Path,
    clock: FrozenClock,
    name: str,
    data: bytes | None,
    words: str | None,
) -> None:
    content = reports[name] if data is None else data
    file_id = dropped(services, tmp_path, clock, name, content)
    with pytest.raises(Refusal):
        settling.settle(services, file_id)
    state, reason = state_of(services, file_id)
    assert state is FileState.QUARANTINED
    assert reason is not None
    assert (words or "") in reason
    copy, note = services.storage.list("quarantine")
    assert services.storage.read(copy) == content
    assert reason in services.storage.read(note).decode("utf-8-sig")
    assert name.encode() in services.storage.read("reports/2026-11-20/otchet.html")


def test_a_report_of_nobody_is_asked_about_or_renamed_and_then_goes_through(
    services: Services, reports: dict[str, bytes], tmp_path: Path, clock: FrozenClock
) -> None:
    """The register of gorod without any name of the courier in it, then renamed."""
    data = without_the_couriers_name(reports[REPORT])
    file_id = dropped(services, tmp_path, clock, "реестр.xlsx", data)
    assert settling.recognise(services, file_id) == {"asks": "courier"}
    settling.refuse(services, file_id, Refusal("впишите имя"))

    again = dropped(services, tmp_path, clock, "Городской курьер реестр.xlsx", data)
    assert again == file_id
    assert settling.recognise(services, again)["courier"] == "gorod"


def without_the_couriers_name(data: bytes) -> bytes:
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(data))
    for sheet in book:
        sheet.title = "Лист1"
        for row in sheet.iter_rows():
            for cell in row:
                value: Any = cell.value
                if isinstance(value, str):
                    cell.value = value.replace("Городской курьер", "").replace("курьер", "")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_wrong_step_order_is_no_danger(services: Services) -> None:
    assert settling.claim(services, "nothing · 000000000000", "run") is None
    with pytest.raises(LookupError):
        settling.recognise(services, 1)
