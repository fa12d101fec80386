"""What did not arrive is said in the day's report; all of it is seen on the command line."""

import argparse
import json
from datetime import timedelta

import pytest

from sverka.commands import notices
from sverka.notices.deliver import Refused
from sverka.notices.listing import undelivered, undelivered_in_words
from sverka.reporting import publish
from sverka.services import Services
from sverka.texts import Texts
from tests.conftest import FrozenClock
from tests.notices.conftest import Post, with_channels
from tests.support.rows import DAY


@pytest.fixture
def two_of_three(post: Post) -> Post:
    post.note("Отчёт не принят: реестр.xlsx")
    post.troubles["200"] = Refused("Forbidden: bot was blocked by the user")
    post.round()
    return post


def test_the_report_of_the_day_tells_what_was_given_up(
    two_of_three: Post, services: Services, clock: FrozenClock
) -> None:
    now, day = clock(), timedelta(days=1)
    with services.connect() as conn:
        [one] = undelivered(conn, now, now + day)
        assert undelivered(conn, now - day, now) == []
        assert undelivered(conn, now + day, now + 2 * day) == []
    assert undelivered_in_words(one, Texts()) == (
        "Не доставлено (chat, 200): «Отчёт не принят: реестр.xlsx». Передайте это тому, кто "
        "обслуживает Сверку. Технически: Forbidden: bot was blocked by the user"
    )


def test_it_stands_on_the_page_and_among_what_a_person_has_to_do(
    two_of_three: Post, services: Services, clock: FrozenClock
) -> None:
    published = publish(services, DAY)
    page = services.storage.read(published.paths["html"]).decode()
    assert "Не доставлено (chat, 200): «Отчёт не принят: реестр.xlsx»." in page
    [asked] = [one for one in published.summary["decisions"] if one["anchor"] == "undelivered"]
    assert (asked["title"], asked["count"]) == ("Оповещения не доставлены", 1)
    clock.advance(seconds=86_400)
    tomorrow = publish(services, DAY + timedelta(days=1))
    assert b"undelivered" not in services.storage.read(tomorrow.paths["html"])


def run(services: Services, *arguments: str) -> int:
    parser = argparse.ArgumentParser()
    notices.add_parser(parser.add_subparsers(required=True), lambda: services)
    parsed = parser.parse_args(["notices", *arguments])
    code: int = parsed.run(parsed)
    return code


def test_the_command_line_shows_every_delivery_with_its_state(
    two_of_three: Post, services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(services) == 0
    first, second, third = capsys.readouterr().out.splitlines()
    assert first == (
        "20\u00a0ноября, 12:00 · отправлено · chat → -100 · Отчёт не принят: реестр.xlsx"
    )
    assert "не доставлено · chat → 200" in second
    assert second.endswith("bot was blocked by the user")
    assert "owner → owner@shop.example" in third


def test_a_machine_reads_it_too(
    two_of_three: Post, services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(services, "--json", "--limit", "2") == 0
    rows = json.loads(capsys.readouterr().out)
    assert [(row["recipient"], row["state"]) for row in rows] == [
        ("-100", "sent"),
        ("200", "given_up"),
    ]


def test_without_a_channel_it_says_so(
    services: Services, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(with_channels(services)) == 0
    assert "Оповещения не настроены" in capsys.readouterr().out
