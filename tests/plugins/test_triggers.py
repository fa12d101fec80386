"""The doorbell rings while something waits, and never falls silent for good."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest


def bell() -> Any:
    from sverka_airflow.triggers import Bell

    return Bell()


A, AB, B = frozenset({"a"}), frozenset({"a", "b"}), frozenset({"b"})
NOTHING: frozenset[str] = frozenset()


@pytest.mark.parametrize(
    ("looks", "rings"),
    [
        pytest.param([(0, NOTHING), (60, NOTHING)], [False, False], id="nothing there"),
        pytest.param([(0, A), (1, A), (19, A), (20, A), (21, A)], [1, 0, 0, 1, 0], id="again"),
        pytest.param([(0, A), (1, AB), (2, AB)], [1, 1, 0], id="a second file at once"),
        pytest.param([(0, AB), (1, A), (2, A)], [1, 0, 0], id="one was taken"),
        pytest.param([(0, A), (1, NOTHING), (2, A)], [1, 0, 1], id="the same name dropped again"),
        pytest.param([(0, A), (1, B)], [1, 1], id="another instead"),
        pytest.param(
            [(0, A), (300, A), (320, A), (599, A), (600, A)], [1, 1, 0, 0, 1], id="seldom later"
        ),
        pytest.param([(0, A), (300, A), (400, AB), (420, AB)], [1, 1, 1, 1], id="patience anew"),
    ],
)
def test_when_the_bell_rings(looks: list[tuple[float, frozenset[str]]], rings: list[int]) -> None:
    one = bell()
    assert [one.rings(pending, 1000 + now) for now, pending in looks] == [bool(r) for r in rings]


@pytest.fixture
def inbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "inbox"
    monkeypatch.setenv("SVERKA_DATABASE_URL", "postgresql://nowhere.invalid/sverka")
    monkeypatch.setenv("SVERKA_STORAGE_URL", str(tmp_path))
    monkeypatch.setenv("SVERKA_INBOXES", json.dumps([{"name": "папка", "url": str(folder)}]))
    return folder


async def ring(events: AsyncIterator[Any], seconds: float) -> Any:
    return await asyncio.wait_for(anext(events), seconds)


def test_it_rings_for_a_dropped_file_and_for_the_next(inbox: Path) -> None:
    from sverka_airflow.triggers import Doorbell

    inbox.mkdir()

    async def scenario() -> None:
        events = Doorbell("папка").run()
        waiting = asyncio.ensure_future(anext(events))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        (inbox / "a.csv").write_bytes(b"x")
        first = await asyncio.wait_for(waiting, 60)
        assert first.payload == {"zone": "папка", "files": 1}
        (inbox / "b.csv").write_bytes(b"x")
        assert (await ring(events, 60)).payload == {"zone": "папка", "files": 2}

    asyncio.run(scenario())


def test_a_zone_that_appears_later_is_heard_without_a_restart(inbox: Path) -> None:
    """Nothing is raised while the folder is missing: a raising trigger is restarted for ever."""
    from sverka_airflow.triggers import Doorbell

    async def scenario() -> None:
        waiting = asyncio.ensure_future(anext(Doorbell("папка").run()))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        inbox.mkdir()  # noqa: ASYNC240 - a test folder
        (inbox / "a.csv").write_bytes(b"x")
        assert (await asyncio.wait_for(waiting, 60)).payload["files"] == 1

    asyncio.run(scenario())


def test_a_zone_that_is_not_in_the_settings_does_not_kill_the_trigger(inbox: Path) -> None:
    from sverka_airflow.triggers import Doorbell

    async def scenario() -> None:
        waiting = asyncio.ensure_future(anext(Doorbell("unknown").run()))
        await asyncio.sleep(0.3)
        assert not waiting.done()
        waiting.cancel()

    inbox.mkdir()
    asyncio.run(scenario())


def test_airflow_can_carry_it_to_the_triggerer() -> None:
    from airflow.sdk.module_loading import import_string
    from airflow.triggers.base import BaseEventTrigger

    from sverka_airflow.triggers import Doorbell

    path, arguments = Doorbell("папка").serialize()
    again = import_string(path)(**arguments)
    assert isinstance(again, BaseEventTrigger)
    assert again.zone == "папка"
    assert json.loads(json.dumps(arguments)) == {"zone": "папка"}
