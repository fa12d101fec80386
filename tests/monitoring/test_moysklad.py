"""The request limit of every user, without their names; how fresh each part of the mirror is."""

from collections.abc import Callable
from datetime import timedelta

from sverka.database.connection import Connection
from sverka.monitoring.moysklad import anonymous
from sverka.moysklad.bucket import CAPACITY
from sverka.moysklad.budget import Budget, key_of
from sverka.settings import MoySkladConnection
from sverka.snapshot.mirror import COMPARED, EVERYTHING
from sverka.snapshot.tables import move_cursor
from tests.conftest import FrozenClock
from tests.monitoring.conftest import Scrape
from tests.support.rows import NOON

LOGIN = key_of(MoySkladConnection("https://api.example", login="anna@shop", password="p"))
USER = anonymous(LOGIN)
Scraping = Callable[[], Scrape]


def test_a_request_in_flight_is_seen_and_then_not(scrape: Scraping, url: str) -> None:
    budget = Budget(url, LOGIN, lambda: 1)
    with budget.place(10) as place:
        assert scrape().rows("sverka_moysklad_requests_in_flight") == {(USER,): 1}
        place.headers = {"X-RateLimit-Remaining": "31", "X-Lognex-Reset": "60000"}
    found = scrape()
    assert found.rows("sverka_moysklad_requests_in_flight") == {(USER,): 0}
    assert found.rows("sverka_moysklad_units_left") == {(USER,): 31}
    assert found.rows("sverka_moysklad_units_capacity") == {(USER,): CAPACITY}
    assert found.rows("sverka_moysklad_requests_waiting") == {(USER,): 0}


def test_a_window_that_is_over_is_full_again(scrape: Scraping, conn: Connection, url: str) -> None:
    with Budget(url, LOGIN, lambda: 1).place(10) as place:
        place.headers = {"X-RateLimit-Remaining": "0", "X-Lognex-Reset": "60000"}
    assert scrape().rows("sverka_moysklad_units_left") == {(USER,): 0}
    with conn.cursor() as cursor:
        cursor.execute("update moysklad_budget set full_at = full_at - 3600")
    assert scrape().rows("sverka_moysklad_units_left") == {(USER,): CAPACITY}


def test_a_request_that_waits_for_its_turn_is_seen(scrape: Scraping, conn: Connection) -> None:
    with conn.cursor() as cursor:
        cursor.execute(
            "insert into moysklad_budget values (%s, 45, 0, 0, 0, 62, true), "
            "('other', 45, 0, 0, 0, 0, false)",
            (LOGIN,),
        )
    found = scrape()
    assert found.by("sverka_moysklad_requests_waiting") == {USER: 1}
    assert found.by("sverka_moysklad_requests_in_flight") == {USER: 5}


def test_users_are_told_apart_and_not_named(scrape: Scraping, url: str) -> None:
    token = key_of(MoySkladConnection("https://api.example", token="secret-of-boris"))
    for key in (LOGIN, token):
        with Budget(url, key, lambda: 1).place(10):
            pass
    found = scrape()
    assert set(found.rows("sverka_moysklad_units_left")) == {(USER,), (anonymous(token),)}
    for word in ("anna", "shop", "token", "login", "boris", "api.example"):
        assert word not in found.text.replace("MoySklad", "")


def test_every_part_of_the_mirror_says_when_it_was_read(
    scrape: Scraping, conn: Connection, clock: FrozenClock
) -> None:
    for minutes, entity in enumerate((EVERYTHING, COMPARED, "customerorder")):
        loaded = NOON - timedelta(minutes=minutes)
        move_cursor(conn, entity, NOON - timedelta(days=9), loaded)
    clock.advance(seconds=1)
    assert scrape().by("sverka_snapshot_age_seconds") == {
        "everything": 1,
        "compared": 61,
        "customerorder": 121,
    }
