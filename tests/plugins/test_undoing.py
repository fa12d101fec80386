"""The tasks of `undo_report`: the form's words reach the domain, and mistakes end at once."""

from types import SimpleNamespace
from typing import Any

import pytest
from airflow.sdk.exceptions import AirflowFailException

from sverka_airflow import services as airflow_services
from sverka_airflow import undoing
from tests.posting.conftest import Desk, desk, sandbox, shop
from tests.posting.corrected import edition, expected, rows_of, run
from tests.posting.undone import balance, booked

__all__ = ["desk", "sandbox", "shop"]

RUN = SimpleNamespace(triggering_user_name="anna")


@pytest.fixture(autouse=True)
def installed(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(airflow_services, "task_services", lambda: desk.services)


def form(action: str, **given: Any) -> dict[str, Any]:
    return {"file": "report-1.xlsx", "action": action, "reason": None, **given}


def test_the_file_is_found_by_the_name_in_the_report(desk: Desk) -> None:
    file = booked(desk, 1)
    assert undoing.find(form("undo")) == file.file_id


def test_a_wrong_name_is_not_tried_again(desk: Desk) -> None:
    with pytest.raises(AirflowFailException, match="не принимала"):
        undoing.find(form("undo", file="другой.xlsx"))


def test_who_started_the_run_has_asked(desk: Desk) -> None:
    file = booked(desk, 1)
    text = undoing.act(form("undo", reason="ошибка"), file.file_id, RUN)
    assert "Отменено: входящие платежи, 1" in text
    assert desk.in_moysklad() == {}
    assert desk.books.run("select asked_by, reason from undo") == [("anna", "ошибка")]


def test_a_run_without_a_person_says_so(desk: Desk) -> None:
    file = booked(desk, 1)
    undoing.act(form("undo"), file.file_id, SimpleNamespace(triggering_user_name=None))
    assert desk.books.run("select asked_by from undo") == [(undoing.SOMEBODY,)]


def test_looking_changes_nothing(desk: Desk) -> None:
    file = booked(desk, 1)
    before = balance(desk)
    assert "Будет отменено" in undoing.act(form("show"), file.file_id, RUN)
    assert balance(desk) == before


def test_a_corrected_report_takes_its_place(desk: Desk) -> None:
    rows = rows_of(desk)
    run(desk, edition(desk, "dalli", rows))
    new = edition(desk, "dalli", rows[1:])
    assert "заменяет файл" in undoing.act(form("supersede"), new, RUN)
    assert balance(desk) == expected(rows[1:])


def test_a_report_of_its_own_is_booked(desk: Desk) -> None:
    rows = rows_of(desk)
    run(desk, edition(desk, "dalli", rows[:2]))
    new = edition(desk, "dalli", [rows[0].but(fee=1), rows[2]])
    assert "отдельный отчёт" in undoing.act(form("separate"), new, RUN)
    assert balance(desk) == expected(rows)


def test_what_was_refused_is_asked_about_again(desk: Desk) -> None:
    file = booked(desk, 1)
    assert undoing.act(form("ask"), file.file_id, RUN).endswith("Документов: 0")


def test_the_form_offers_what_the_task_can_do(desk: Desk) -> None:
    with pytest.raises(ValueError, match="unknown action"):
        undoing.act(form("explode"), 1, RUN)
    assert set(undoing.ACTIONS) == {"undo", "show", "supersede", "separate", "ask"}
