"""Approval: by the policy or by a person, of exactly the plan that was looked at."""

from dataclasses import replace
from uuid import UUID

import pytest

from sverka.approval import ASK
from sverka.couriers import Courier, Couriers
from sverka.database.connection import connect
from sverka.posting import approve as approving
from sverka.posting.approve import approve
from sverka.posting.errors import PlanChanged
from sverka.posting.ledger import planned
from tests.posting.conftest import Noted
from tests.support.books import Books

LIVE = Courier("live", "Город", ("Город",), "ООО «Город»", "net", dry_run=False)
COURIERS = [
    LIVE,
    replace(LIVE, code="asks", approval=ASK),
    replace(LIVE, code="dry", dry_run=True),
    replace(LIVE, code="dry and asks", approval=ASK, dry_run=True),
]


@pytest.fixture
def services(services: Noted, monkeypatch: pytest.MonkeyPatch) -> Noted:
    known = Couriers({one.code: one for one in COURIERS})
    monkeypatch.setattr(approving, "known_couriers", lambda _: known)
    return services


def plans(books: Books, file_id: int) -> dict[str, UUID]:
    """A planned document of every courier, and others of the live one that are not to be approved."""
    ids = {one.code: books.posting(file_id, state="planned", courier=one.code) for one in COURIERS}
    dry = {"state": "planned", "courier": "live", "dry_run": True}
    return ids | {
        "without terms": books.posting(file_id, state="planned", courier="unknown"),
        "planned in a dry run": books.posting(file_id, **dry),
        "reversed": books.posting(file_id, state="reversed", courier="live"),
        "failed": books.posting(file_id, state="failed", courier="live", sent_at=None),
    }


def approved(books: Books, ids: dict[str, UUID]) -> set[str]:
    rows = {
        row[0] for row in books.run("select sync_id::text from posting where state = 'approved'")
    }
    return {name for name, sync_id in ids.items() if str(sync_id) in rows}


def seal_of(books: Books, file_id: int) -> str:
    with connect(books.url) as conn:
        return planned(conn, file_id).seal


def test_the_policy_approves_where_no_person_has_to(books: Books, services: Noted) -> None:
    file_id, other = books.file(), books.file()
    ids, others = plans(books, file_id), plans(books, other)
    books.run("delete from posting where sync_id = any(%s::uuid[])", asking(ids))
    assert approve(services, file_id, "policy") == 1
    # What was refused before is tried once more; nobody has to approve it again.
    assert approved(books, ids) == {"live", "failed"}
    assert approved(books, others) == set()
    rows = books.run(
        "select approved_by, approved_at from posting where sync_id = any(%s::uuid[])",
        [str(ids["live"])],
    )
    assert rows == [("policy", services.clock())]
    assert services.locks == ["account"]


def asking(ids: dict[str, UUID]) -> list[str]:
    return [str(ids["asks"]), str(ids["dry and asks"])]


def test_the_policy_leaves_what_waits_for_a_person(books: Books, services: Noted) -> None:
    file_id = books.file()
    ids = plans(books, file_id)
    others = [str(one) for one in ids.values() if str(one) not in asking(ids)]
    books.run("delete from posting where sync_id = any(%s::uuid[])", others)
    assert approve(services, file_id, "policy") == 0
    assert approved(books, ids) == set()


def test_a_person_approves_all_but_dry_runs(books: Books, services: Noted) -> None:
    file_id = books.file()
    ids = plans(books, file_id)
    seal = seal_of(books, file_id)
    assert approve(services, file_id, "Мария", seal=seal) == 2
    assert approved(books, ids) == {"live", "asks", "failed"}
    told = books.run(
        "select kind, by, sync_id::text, detail ->> 'seal', at from journal "
        "where file_id = %s order by kind, sync_id",
        file_id,
    )
    now = services.clock()
    by_person = sorted(str(ids[name]) for name in ("live", "asks"))
    assert told == [
        *(("posting.approved", "Мария", one, seal, now) for one in by_person),
        ("posting.retried", "Мария", str(ids["failed"]), None, now),
    ]


def test_another_plan_than_the_one_that_was_looked_at_is_not_approved(
    books: Books, services: Noted
) -> None:
    file_id = books.file()
    ids = plans(books, file_id)
    seal = seal_of(books, file_id)
    books.run("update posting set fingerprint = '1' where sync_id = %s", ids["dry"])
    with pytest.raises(PlanChanged):
        approve(services, file_id, "Мария", seal=seal)
    with pytest.raises(PlanChanged):
        approve(services, file_id, "Мария", seal="")
    assert approved(books, ids) == set()
    assert books.run("select 1 from journal where file_id = %s", file_id) == []


def test_without_a_plan_there_is_nothing_to_approve(books: Books, services: Noted) -> None:
    file_id = books.file()
    assert approve(services, file_id, "Мария", seal="") == 0
    assert approve(services, file_id, "policy") == 0
