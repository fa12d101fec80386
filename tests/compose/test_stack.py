"""The deployment as a shop runs it: fed, shot at, cut off from its parts, destroyed and restored.

One story in the order of this file; `make compose-test` plays it.
"""

import hashlib
import json
import subprocess
import time
from collections import Counter
from pathlib import Path

import pytest
import requests

from sverka.demo.expected import Expected, Fate
from sverka.demo.things import Order
from sverka.nouns import PostingKind
from tests.compose.stack import Stack
from tests.support.demo_files import Registers

CREATED = ("paymentin", "supply", "paymentout", "salesreturn")
ROWS = 6
"""Rows of each small register that is dropped after the demo."""


def documents(stack: Stack) -> dict[str, list[str]]:
    """Kind → syncIds of all documents in the sandbox that are ours."""
    found = {kind: [row.get("syncId") for row in stack.moysklad.rows(kind)] for kind in CREATED}
    return {kind: [one for one in ids if one] for kind, ids in found.items()}


def assert_each_stands_once(stack: Stack) -> None:
    """Every posted document of the books stands in MoySklad once, and no other does."""
    rows = stack.query("select kind, sync_id, state from posting where kind not like '%.state'")
    assert {row["state"] for row in rows} == {"posted"}
    ours = {row["sync_id"] for row in rows}
    for kind, ids in documents(stack).items():
        mine = Counter(one for one in ids if one in ours)
        wanted = {row["sync_id"] for row in rows if row["kind"] == kind}
        assert set(mine) == wanted, kind
        assert set(mine.values()) <= {1}, kind


def paid(stack: Stack, order: Order) -> int:
    """Kopecks that MoySklad's payments bring for the order."""
    rows = stack.query(
        f"select amount from posting where kind = 'paymentin' and order_id = '{order.id}'"
    )
    return sum(int(row["amount"]) for row in rows)


def test_files_come_by_sftp_and_s3_while_worker_and_scheduler_are_shot(
    stack: Stack, demo_files: dict[str, bytes], truth: Expected
) -> None:
    inboxes = (stack.sftp(), stack.bucket())
    for number, (name, data) in enumerate(demo_files.items()):
        inboxes[number % 2].drop(name, data)
    stack.wait_until(lambda: len(stack.files()) >= 5, seconds=300, what="the first files")
    stack.shoot("worker", index=1)
    stack.shoot("scheduler")
    taken = [file.name for file in truth.files if file.fate != Fate.REPEATED]
    contents = {hashlib.sha256(demo_files[name]).hexdigest() for name in taken}
    stack.wait_until(
        lambda: (
            contents
            <= {
                row["sha256"]
                for row in stack.query(
                    "select sha256 from file where state in ('settled', 'quarantined')"
                )
            }
        ),
        seconds=1200,
        what="all contents",
    )
    restarts = stack.restarts()
    assert restarts["worker"] >= 1, "the shot worker was brought back"
    assert restarts["scheduler"] >= 1


def test_the_books_are_right_to_the_kopeck(stack: Stack, truth: Expected) -> None:
    rows = stack.query("select courier, kind, sum(amount) as total from posting group by 1, 2")
    booked = {(row["courier"], row["kind"]): int(row["total"]) for row in rows}
    expected = {
        (courier, str(kind)): int(total)
        for courier, kinds in truth.sums().items()
        for kind, total in kinds.items()
        if total
    }
    assert {key: total for key, total in booked.items() if key[1] in CREATED} == expected
    assert_each_stands_once(stack)


def test_several_workers_had_a_share(stack: Stack) -> None:
    rows = stack.query(
        "select hostname, count(*) from task_instance"
        " where dag_id = 'settle_report' and state = 'success' group by 1",
        database="airflow",
    )
    assert len([row for row in rows if row["hostname"]]) >= 2


def test_the_report_of_the_day_is_published(stack: Stack, truth: Expected) -> None:
    latest = stack.storage()
    assert latest.exists("reports/latest/otchet.html")
    report = json.loads(latest.read("reports/latest/report.json"))
    booked = sum(kinds[PostingKind.PAYMENTIN] for kinds in truth.sums().values())
    paid_in = [one["amount"] for one in report["documents"] if one["kind"] == "paymentin"]
    assert sum(paid_in) == booked


def test_logs_of_tasks_outlive_their_workers(stack: Stack) -> None:
    assert any("dag_id=settle_report" in path for path in stack.storage("logs").list("tasks"))


def test_nobody_enters_without_a_login(stack: Stack) -> None:
    for path in ("/sverka/", "/sverka/discrepancies", "/api/v2/dags"):
        assert requests.get(f"{stack.url}{path}", timeout=30).status_code == 401
        assert requests.get(f"{stack.url}{path}", headers=stack.admin(), timeout=30).ok
    assert requests.get(f"http://{stack.env['S3_BIND']}/inbox", timeout=30).status_code == 403


def test_what_is_measured_can_be_scraped(stack: Stack) -> None:
    answer = requests.get(f"http://{stack.env['METRICS_BIND']}/metrics", timeout=30)
    assert "sverka_up 1.0" in answer.text


@pytest.mark.parametrize(
    ("part", "seconds"),
    [
        pytest.param("redis", 30, id="Redis"),
        pytest.param("postgres", 30, id="PostgreSQL"),
        pytest.param("storage", 45, id="S3"),
        pytest.param("sandbox", 60, id="MoySklad"),
        pytest.param("triggerer", 30, id="triggerer"),
        pytest.param("api-server", 30, id="api-server"),
    ],
)
def test_a_part_is_down_and_comes_back(
    stack: Stack, registers: Registers, part: str, seconds: int
) -> None:
    """A file is on its way when the part goes away; nothing is lost, nothing is doubled."""
    name, data, orders = registers.of(ROWS)
    stack.sftp().drop(name, data)
    stack.wait_until(lambda: name in stack.files(), seconds=400, what=name)
    stack.compose("kill", part)
    time.sleep(seconds)
    stack.compose("up", "-d", "--no-recreate", "--scale", "worker=2")
    stack.wait_for_files([name])
    assert stack.files()[name] == "settled"
    assert [paid(stack, order) for order in orders] == [order.sum for order in orders]
    assert_each_stands_once(stack)


def test_the_inbox_is_down_and_what_was_dropped_is_taken_afterwards(
    stack: Stack, registers: Registers
) -> None:
    name, data, _ = registers.of(ROWS)
    stack.compose("stop", "triggerer", "scheduler")
    stack.sftp().drop(name, data)
    stack.compose("kill", "sftp")
    stack.compose("start", "triggerer", "scheduler")
    other, content, _ = registers.of(ROWS)
    stack.bucket().drop(other, content)
    stack.wait_for_files([other])
    assert name not in stack.files()
    stack.compose("up", "-d", "--no-recreate", "--scale", "worker=2")
    stack.wait_for_files([name])
    assert_each_stands_once(stack)


def test_destroyed_and_restored_it_books_nothing_twice(
    stack: Stack, registers: Registers, tmp_path: Path
) -> None:
    before = stack.query("select sync_id from posting where state = 'posted'")
    folder = stack.script("backup.sh", str(tmp_path)).split()[-1]
    late, content, _ = registers.of(ROWS)
    stack.bucket().drop(late, content)
    stack.wait_for_files([late])
    written = documents(stack)
    # MoySklad lives on while the shop's machine burns: the sandbox as it is now, not as it was.
    options = ("--username=postgres", "--format=custom", "sandbox")
    container = stack.compose("ps", "-q", "postgres").strip()
    _dump(container, options, Path(folder) / "sandbox.dump")
    stack.destroy()
    (stack.folder / ".env").rename(stack.folder / ".env.lost")

    said = stack.script("restore.sh", folder)

    assert "Журнал цел" in said
    stack.wait_until(stack.healthy, seconds=400, what="healthy containers")
    assert (stack.folder / ".env").read_text() == (stack.folder / ".env.lost").read_text()
    restored = stack.query("select sync_id from posting where state = 'posted'")
    assert {row["sync_id"] for row in restored} == {row["sync_id"] for row in before}
    assert late not in stack.files(), "it came after the copy was made"
    stack.bucket().drop(late, content)
    stack.wait_for_files([late])
    assert {kind: sorted(ids) for kind, ids in documents(stack).items()} == {
        kind: sorted(ids) for kind, ids in written.items()
    }
    published = "reports/latest/report.json"
    stack.wait_until(lambda: stack.storage().exists(published), seconds=300, what=published)
    latest = json.loads(stack.storage().read(published))
    assert latest["documents"]


def _dump(container: str, options: tuple[str, ...], into: Path) -> None:
    with into.open("wb") as file:
        subprocess.run(["docker", "exec", container, "pg_dump", *options], stdout=file, check=True)
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.name}"
        for path in sorted(into.parent.iterdir())
        if path.name != "SHA256SUMS"
    ]
    (into.parent / "SHA256SUMS").write_text("\n".join(lines) + "\n")
