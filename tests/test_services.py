"""Services are put together once and shared by all steps of a task."""

import psycopg2

from sverka.services import services_from
from sverka.settings import MoySkladConnection, Settings
from tests.support.faulty import answers, faulty_server


def test_all_steps_share_one_client_because_the_limits_count_for_the_user() -> None:
    connection = MoySkladConnection("http://127.0.0.1:1/api/remap/1.2", token="t")
    services = services_from(Settings("postgresql:///x", "file:///x", {}, (), connection))
    assert services.moysklad() is services.moysklad()


def test_all_processes_of_the_installation_share_one_request_budget(database_url: str) -> None:
    told = {"X-RateLimit-Remaining": "17", "X-Lognex-Reset": "60000"}
    with faulty_server() as server:
        server.script = [answers(200, {"states": []}, headers=told)]
        connection = MoySkladConnection(server.url, token="t")
        settings = Settings(database_url, "file:///x", {}, (), connection)
        services_from(settings).moysklad().states("demand")
    conn = psycopg2.connect(database_url)
    with conn, conn.cursor() as cursor:
        cursor.execute("select units, flying from moysklad_budget")
        assert cursor.fetchall() == [(17, 0)]
    conn.close()
