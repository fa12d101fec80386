"""The workbook with decisions goes its own way through the steps of a file."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from sverka import settling
from sverka.database.connection import connect
from sverka.discrepancies import Discrepancy, State
from sverka.discrepancies.answer import answer_path
from sverka.discrepancies.keys import encode
from sverka.discrepancies.workbook import columns
from sverka.intake.intake import take
from sverka.intake.zones import Zone
from sverka.nouns import FileState
from sverka.services import services_from
from sverka.settings import Settings
from sverka.texts import Texts
from tests.conftest import FrozenClock
from tests.discrepancies.books import book, rows_of
from tests.discrepancies.facts import Facts
from tests.support import containers
from tests.support.installed import Installed

Said = dict[int, tuple[str | None, str | None]]


@pytest.fixture
def installed(database_url: str, tmp_path: Path, clock: FrozenClock) -> Installed:
    """Without a MoySklad: a step that asked for it would fail."""
    settings = Settings(database_url, str(tmp_path / "storage"), {}, (), None)
    return Installed(services_from(settings, clock), clock, tmp_path / "inbox")


@pytest.fixture
def two(installed: Installed, clock: FrozenClock) -> list[Discrepancy]:
    with connect(installed.services.settings.database_url) as conn:
        facts = Facts(conn, clock)
        facts.line(key="1", received=70_000)
        facts.line(key="2")
        facts.refresh()
        return list(facts.all())


def standing(installed: Installed) -> list[Discrepancy]:
    with installed.services.connect() as conn:
        return list(Facts(conn, installed.clock).all())


def xlsx(found: list[Discrepancy], said: Said) -> bytes:
    return book(rows_of(found, said))


def ods(found: list[Discrepancy], said: Said) -> bytes:
    told = columns(Texts())
    rows = [[told.decision, told.comment, told.key]]
    rows += [[*(word or "" for word in said[one.id]), encode(one)] for one in found]
    table = f'<table:table table:name="Лист1">{containers.ods_rows(rows)}</table:table>'
    return containers.ods(table)


def noted(installed: Installed) -> Any:
    report = json.loads(installed.services.storage.read("reports/2026-11-20/report.json"))
    return [file["noted"] for file in report["files"] if file["name"] == "решения.xlsx"]


def answered(installed: Installed, file_id: int) -> list[str]:
    data = installed.services.storage.read(answer_path(installed.row(file_id)))
    return data.decode("utf-8-sig").split("\r\n")


def test_it_is_recognised_applied_and_answered(
    installed: Installed, two: list[Discrepancy]
) -> None:
    first, second = two
    said: Said = {first.id: ("решено", None), second.id: ("решонно", None)}
    file_id = installed.dropped("решения.xlsx", xlsx(two, said))
    done = settling.settle(installed.services, file_id)

    assert done["recognise"] == {"courier": None, "schema": "sverka_decisions"}
    assert done["parse"] == {"applied": 1, "same": 0, "refused": 1}
    assert done["check"] == done["reconcile"] == done["send"] == {"noted": ["decisions"]}
    assert installed.row(file_id).state is FileState.SETTLED
    assert installed.count("draft") == 0
    [[summary, refused]] = noted(installed)
    assert summary == "Решения из книги: применено 1. Не применено: 1."
    assert refused.startswith("Лист «Расхождения», строка 4: «решонно»")
    assert answered(installed, file_id) == ["Файл: решения.xlsx", "", summary, refused, ""]


@pytest.mark.parametrize(("name", "made"), [("решения.xlsx", xlsx), ("решения.ods", ods)])
def test_the_inbox_is_empty_and_the_journal_says_which_file_decided(
    installed: Installed,
    two: list[Discrepancy],
    name: str,
    made: Callable[[list[Discrepancy], Said], bytes],
) -> None:
    said: Said = {one.id: ("принять убыток", "Мелочь") for one in two}
    file_id = installed.dropped(name, made(two, said))
    settling.settle(installed.services, file_id)
    assert list(installed.inbox.iterdir()) == []
    who = f"из файла «{installed.row(file_id).partition_key}»"
    decided = {(one.state, one.decided_by, one.comment) for one in standing(installed)}
    assert decided == {(State.RESOLVED, who, "Мелочь")}
    with installed.services.connect() as conn, conn.cursor() as cursor:
        cursor.execute(
            "select kind, by, file_id, detail ->> 'how' from journal where by = %s order by id",
            (who,),
        )
        assert cursor.fetchall() == [
            *[("discrepancy.resolved", who, None, "accepted_loss")] * 2,
            ("decisions.read", who, file_id, None),
        ]


def test_the_same_workbook_again_changes_nothing(
    installed: Installed, two: list[Discrepancy]
) -> None:
    said: Said = {one.id: ("объяснено", "Ждём акт") for one in two}
    data = xlsx(two, said)
    settling.settle(installed.services, installed.dropped("решения.xlsx", data))
    before, events = standing(installed), installed.count("discrepancy_event")

    Zone("папка", str(installed.inbox)).drop("копия.xlsx", data)
    taken = take(
        installed.services,
        [Zone("папка", str(installed.inbox))],
        wait=lambda _: installed.clock.advance(seconds=30),
    )
    assert (taken, list(installed.inbox.iterdir())) == ([], [])
    saved_anew = book([*rows_of(two, said), ("", 0, None, None, None)])
    done = settling.settle(installed.services, installed.dropped("снова.xlsx", saved_anew))
    assert done["parse"] == {"applied": 0, "same": 2, "refused": 0}
    assert (standing(installed), installed.count("discrepancy_event")) == (before, events)


def test_a_decision_about_what_changed_meanwhile_is_shown_and_not_applied(
    installed: Installed, two: list[Discrepancy]
) -> None:
    data = xlsx(two, {one.id: ("решено", None) for one in two})
    line_id = two[0].line_id
    assert line_id is not None
    with installed.services.connect() as conn:
        facts = Facts(conn, installed.clock)
        facts.judge(line_id, "underpaid", received=1)
        facts.refresh()
    file_id = installed.dropped("решения.xlsx", data)
    assert settling.settle(installed.services, file_id)["parse"]["refused"] == 1
    assert [one.state for one in standing(installed)] == [State.OPEN, State.RESOLVED]
    assert answered(installed, file_id)[2:] == [
        "Решения из книги: применено 1. Не применено: 1.",
        "Лист «Расхождения», строка 3: Расхождение изменилось после того, как вы его видели. "
        "Откройте свежий отчёт и решите заново.",
        "",
    ]


def test_a_kill_between_the_steps_applies_once(
    installed: Installed, two: list[Discrepancy]
) -> None:
    data = xlsx(two, {one.id: ("решено", None) for one in two})
    file_id = installed.dropped("решения.xlsx", data)
    settling.recognise(installed.services, file_id)
    first = settling.parse(installed.services, file_id)
    events = installed.count("discrepancy_event")
    assert settling.parse(installed.services, file_id) == first
    assert settling.settle(installed.services, file_id)["parse"] == first
    assert installed.count("discrepancy_event") == events


def test_a_file_that_ends_renews_its_discrepancies(
    installed: Installed, clock: FrozenClock
) -> None:
    with connect(installed.services.settings.database_url) as conn:
        facts = Facts(conn, clock)
        file_id = facts.file_of(facts.line())
    settling.publish(installed.services, file_id)
    assert installed.count("discrepancy") == 1
