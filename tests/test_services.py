"""Services are put together once and shared by all steps of a task."""

from sverka.services import services_from
from sverka.settings import MoySkladConnection, Settings


def test_all_steps_share_one_client_because_the_limits_count_for_the_user() -> None:
    connection = MoySkladConnection("http://127.0.0.1:1/api/remap/1.2", token="t")
    services = services_from(Settings("postgresql:///x", "file:///x", {}, (), connection))
    assert services.moysklad() is services.moysklad()
