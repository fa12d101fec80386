"""Landing zones from the settings, with credentials from Airflow connections."""

from typing import TYPE_CHECKING, Any

from sverka.errors import Misconfigured

if TYPE_CHECKING:
    from sverka.intake.zones import Zone
    from sverka.settings import ZoneSettings

TYPES = {"s3": {"aws"}, "sftp": {"sftp", "ssh"}}
"""URL scheme → connection types that can open it."""


def open_zone(zone: "ZoneSettings") -> "Zone":
    """The zone, inside a task.

    Raises:
        AirflowNotFoundException: its connection is not in Airflow. Without this check a missing
            `aws` connection would silently become anonymous access to amazonaws.com.
        Misconfigured: the connection is of another type than the URL.
    """
    from airflow.sdk import BaseHook

    return _zone(zone, BaseHook.get_connection(zone.connection) if zone.connection else None)


async def open_zone_from_trigger(zone: "ZoneSettings") -> "Zone":
    """The same inside the triggerer, where asking synchronously would stop every trigger."""
    from airflow.sdk import BaseHook

    found = await BaseHook.aget_connection(zone.connection) if zone.connection else None
    return _zone(zone, found)


def _zone(zone: "ZoneSettings", connection: Any | None) -> "Zone":
    from sverka.intake.zones import Zone

    options = storage_options(zone.url, connection) if connection is not None else {}
    return Zone(zone.name, zone.url, options | zone.options)


def storage_options(url: str, connection: Any) -> dict[str, Any]:
    """An Airflow connection as fsspec options for this URL."""
    scheme = url.partition("://")[0]
    if connection.conn_type not in TYPES.get(scheme, set()):
        raise Misconfigured(
            f"connection {connection.conn_id} has the type {connection.conn_type}, "
            f"which does not open {scheme}://"
        )
    options = _s3(connection) if scheme == "s3" else _sftp(connection)
    return {name: value for name, value in options.items() if value not in (None, "", {})}


def _s3(connection: Any) -> dict[str, Any]:
    extra = connection.extra_dejson
    region = extra.get("region_name")
    return {
        "key": connection.login or extra.get("aws_access_key_id"),
        "secret": connection.password or extra.get("aws_secret_access_key"),
        "token": extra.get("aws_session_token"),
        "endpoint_url": extra.get("endpoint_url"),
        "client_kwargs": {"region_name": region} if region else {},
    }


def _sftp(connection: Any) -> dict[str, Any]:
    extra = connection.extra_dejson
    return {
        "host": connection.host,
        "port": connection.port,
        "username": connection.login,
        "password": connection.password,
        "private_key": extra.get("private_key"),
        "key_filename": extra.get("key_file"),
        "passphrase": extra.get("private_key_passphrase"),
        "host_key": extra.get("host_key"),
    }
