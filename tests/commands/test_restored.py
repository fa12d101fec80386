"""`sverka restored`: MoySklad is read anew, or the restore goes no further."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from sverka import cli
from sverka.moysklad.client import MoySklad
from sverka.moysklad.errors import Transient
from tests.posting.conftest import Desk, desk, sandbox, shop
from tests.posting.test_send import approved

__all__ = ["desk", "sandbox", "shop"]

Restored = Callable[[], int]


@pytest.fixture
def restored(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Restored:
    """The command as a script sees it: its exit code."""
    approved(desk, desk.orders("dalli")[:1])
    monkeypatch.setattr(cli, "_services", lambda: desk.services)
    return lambda: cli.main(["restored"])


def test_says_how_much_was_read_and_how_much_is_in_doubt(
    desk: Desk, restored: Restored, capsys: pytest.CaptureFixture[str]
) -> None:
    assert restored() == 0
    said = capsys.readouterr().out
    [(doubted,)] = desk.books.run("select count(*) from posting where state = 'unsure'")
    assert "Данные МоегоСклада прочитаны заново: " in said
    assert said.strip().endswith(f"в МоёмСкладе: {doubted}.")


def test_without_moysklad_it_says_so_fails_and_has_doubted_all_the_same(
    desk: Desk, restored: Restored, capsys: pytest.CaptureFixture[str]
) -> None:
    def away() -> MoySklad:
        raise Transient("МойСклад сейчас не отвечает на чтение (тест).", seconds=60)

    desk.services = replace(desk.services, moysklad=away)
    assert restored() == 1
    assert "МойСклад" in capsys.readouterr().err
    assert desk.books.run("select distinct state from posting") == [("unsure",)]
