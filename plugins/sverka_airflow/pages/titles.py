"""Couriers' titles by code, for pages that only name them."""

from sverka_airflow.served import settings


def courier_titles() -> dict[str, str]:
    """The titles; a code that is not among them is shown as it is."""
    from sverka.recognition.known import known_couriers
    from sverka.services import services_from

    couriers = known_couriers(services_from(settings()))
    return {courier.code: courier.title for courier in couriers}
