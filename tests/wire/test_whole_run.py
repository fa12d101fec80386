"""The whole run on the wire: recorded by a proxy that also loses, delays and damages replies.

Request by request it is held against MoySklad's documentation; in the end the documents that stand
in the sandbox are counted and summed against the files. A failure prints the seed and the request;
`SVERKA_WIRE_SEEDS=400` tries more of them, `SVERKA_WIRE_LINES` sets the rows of the long report.
"""

import os
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sverka.moysklad.sandbox import seed as fill
from sverka.moysklad.sandbox.limits import Limits
from tests.conftest import fresh_database
from tests.support.proxy import Exchange, Proxy, passes, running_proxy
from tests.support.sandbox import TOKEN, RunningSandbox, running_sandbox
from tests.wire import rules, sequence
from tests.wire.damage import Plan
from tests.wire.whole import (
    Books,
    VirtualTime,
    Work,
    present,
    read_files,
    services,
    settle_all,
    standing,
    work,
)

LINES = int(os.environ.get("SVERKA_WIRE_LINES", "1200"))
SEEDS = int(os.environ.get("SVERKA_WIRE_SEEDS", "4"))
FEW_LINES = 60
# From 1 December 2026 a user's request weighs 4, so that 11 fit into a window.
DAY = datetime.fromisoformat("2026-12-02T09:00:00+03:00")
WEIGHT = 4


@dataclass
class Stage:
    """A filled sandbox behind a proxy, and a database in which the files are read and checked."""

    work: Work
    sandbox: RunningSandbox
    proxy: Proxy
    now: VirtualTime
    server_url: str
    template: str
    ids: dict[str, int]
    before: frozenset[str]
    folder: Path

    @property
    def host(self) -> str:
        return urlsplit(self.proxy.origin).netloc

    def run(self, treat: object) -> list[Exchange]:
        """All files from the beginning; the record of what went over the wire."""
        self.sandbox.reset()
        self.proxy.forget()
        self.proxy.treat = treat  # type: ignore[assignment]
        fresh = contextmanager(fresh_database)
        with fresh(self.server_url, self.template) as database:
            url = f"{self.proxy.origin}/api/remap/1.2"
            settle_all(services(database, self.folder, url, self.now), self.now, self.ids)
        self.proxy.treat = passes
        return self.proxy.exchanges


def _stage(stack: ExitStack, request: pytest.FixtureRequest, lines: int) -> Stage:
    server_url = request.getfixturevalue("server_url")
    folder = request.getfixturevalue("tmp_path_factory").mktemp("wire")
    fresh = contextmanager(fresh_database)
    template = stack.enter_context(fresh(server_url, request.getfixturevalue("template_database")))
    books = stack.enter_context(fresh(server_url, "template0"))
    now, to_do = VirtualTime(DAY), work(lines=lines)
    fill(books, to_do.shop)
    options = {"limits": Limits(weight=WEIGHT), "clock": now, "monotonic": now.monotonic}
    sandbox = stack.enter_context(running_sandbox(books, **options))
    sandbox.mark()
    proxy = stack.enter_context(
        running_proxy(sandbox.origin, monotonic=now.monotonic, sleep=now.sleep)
    )
    nowhere = services(template, folder, f"{proxy.origin}/api/remap/1.2", now)
    ids = read_files(nowhere, folder, to_do.files)
    assert proxy.exchanges == [], "reading a file is no reason to speak to MoySklad"
    before = present(sandbox.origin)
    now.sleep(10)  # those requests are not the client's
    name = urlsplit(template).path.lstrip("/")
    return Stage(to_do, sandbox, proxy, now, server_url, name, ids, before, folder)


@pytest.fixture(scope="module")
def long_stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with ExitStack() as stack:
        yield _stage(stack, request, LINES)


@pytest.fixture(scope="module")
def stage(request: pytest.FixtureRequest) -> Iterator[Stage]:
    with ExitStack() as stack:
        yield _stage(stack, request, FEW_LINES)


def judge(stage: Stage, record: list[Exchange]) -> None:
    """Everything that the documentation and the promise ask of a record and of the books."""
    wrong = [text for one in record for text in rules.wrong(one, stage.host, TOKEN)]
    wrong += sequence.limits(record, weight=WEIGHT)
    wrong += sequence.refusals(record)
    wrong += sequence.blind(record, answer_seconds=300)
    wrong += sequence.unlooked(record)
    stage.now.sleep(10)
    books, found = standing(stage.sandbox.origin, stage.before)
    stage.now.sleep(10)
    doubled = [
        f"{number} documents {mark}"
        for rows in found.values()
        for mark, number in Counter(row["syncId"] for row in rows).items()
        if number > 1
    ]
    assert not [*wrong, *doubled], "\n".join([*wrong, *doubled][:20])
    assert differences(books, stage.work.books) == []


def differences(found: Books, expected: Books) -> list[str]:
    """Sums of all kinds, and numbers of the documents that every row has one of."""
    counts = {kind: found.counts[kind] for kind in expected.counts}
    wrong = [
        f"{kind}: {counts[kind]} documents, in the files {number}"
        for kind, number in expected.counts.items()
        if counts[kind] != number
    ]
    return wrong + [
        f"{kind}: {found.sums[kind]}, in the files {total}"
        for kind, total in (expected.sums | dict.fromkeys(found.sums - expected.sums, 0)).items()
        if found.sums[kind] != total
    ]


def test_a_calm_run_says_nothing_that_the_docs_do_not_allow(long_stage: Stage) -> None:
    record = long_stage.run(passes)
    judge(long_stage, record)
    assert [str(one) for one in record if one.answer is None or one.answer.status != 200] == []
    entities = {one.target.split("/")[5].partition("?")[0] for one in record if one.is_write}
    assert entities == {
        "paymentin",
        "supply",
        "paymentout",
        "salesreturn",
        "customerorder",
        "demand",
    }


def test_a_long_run_through_a_bad_network_ends_in_the_same_books(long_stage: Stage) -> None:
    record = long_stage.run(Plan(0, reads=0.15, writes=0.6, until=300))
    assert len(sequence.kinds(record)) > 5
    judge(long_stage, record)


@pytest.mark.parametrize("seed", range(1, SEEDS))
def test_through_any_damage_every_document_stands_once(stage: Stage, seed: int) -> None:
    record = stage.run(Plan(seed, reads=0.15, writes=0.6, until=300))
    assert len(sequence.kinds(record)) > 5
    judge(stage, record)
