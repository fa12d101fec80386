"""Settings, read once from the environment; docs/settings.md lists them."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sverka.errors import Misconfigured
from sverka.notices.channels import Channel, channels_of
from sverka.texts import Language

INCLUDE = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class ZoneSettings:
    """One landing zone: where people and couriers drop files.

    `connection` names an Airflow connection that holds the credentials; `options` are fsspec
    storage options for use without Airflow.
    """

    name: str
    url: str
    connection: str | None = None
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class MoySkladConnection:
    """How to reach MoySklad: the real service or the sandbox, the client does not know which.

    `token` or `login` and `password`. `answer_seconds` is how long an answer may take: the real
    service allows itself 300 s (MoySklad docs, «Первые шаги»); a request without an answer is
    looked up only after that time.
    """

    url: str
    token: str | None = None
    login: str | None = None
    password: str | None = None
    answer_seconds: int = 300


@dataclass(frozen=True)
class Settings:
    """Everything that differs between installations.

    The include folders hold data, not code: courier schemas, posting schemes, couriers' terms.
    """

    database_url: str
    storage_url: str
    storage_options: dict[str, Any]
    zones: tuple[ZoneSettings, ...]
    moysklad: MoySkladConnection | None
    settle_seconds: float = 2.0
    """A dropped file is whole when size and time did not change for this long."""
    public_url: str = ""
    """Where people open the Airflow UI, for links in the report."""
    language: Language = Language.RUSSIAN
    notices: tuple[Channel, ...] = ()
    """Who is told what by e-mail and Telegram; nobody by default."""
    courier_schemas: Path = INCLUDE / "courier_schemas"
    posting_schemes: Path = INCLUDE / "posting_schemes"
    couriers: Path = INCLUDE / "couriers"


def from_environment(environ: Mapping[str, str] = os.environ) -> Settings:
    """Settings from `SVERKA_*` and `MOYSKLAD_*`.

    Raises:
        Misconfigured: a required variable is absent or is not what it should be.
    """
    zones = json.loads(environ.get("SVERKA_INBOXES", "[]"))
    return Settings(
        database_url=_required(environ, "SVERKA_DATABASE_URL"),
        storage_url=_required(environ, "SVERKA_STORAGE_URL"),
        storage_options=json.loads(environ.get("SVERKA_STORAGE_OPTIONS", "{}")),
        zones=tuple(ZoneSettings(**zone) for zone in zones),
        moysklad=_moysklad(environ),
        settle_seconds=float(environ.get("SVERKA_SETTLE_SECONDS", "2")),
        public_url=environ.get("SVERKA_PUBLIC_URL", ""),
        language=language_of(environ),
        notices=channels_of(environ.get("SVERKA_NOTICES", "[]")),
    )


def language_of(environ: Mapping[str, str]) -> Language:
    """The language that people see, alone: for what is named before anything is read.

    Raises:
        Misconfigured: there is no such language.
    """
    name = environ.get("SVERKA_LANGUAGE", Language.RUSSIAN)
    try:
        return Language(name)
    except ValueError as error:
        known = ", ".join(Language)
        raise Misconfigured(
            f"the environment variable SVERKA_LANGUAGE is {name!r}; it may be: {known}"
        ) from error


def _required(environ: Mapping[str, str], name: str) -> str:
    value = environ.get(name, "")
    if not value:
        raise Misconfigured(f"the environment variable {name} is not set; see docs/settings.md")
    return value


def _moysklad(environ: Mapping[str, str]) -> MoySkladConnection | None:
    url = environ.get("MOYSKLAD_URL")
    if not url:
        return None
    return MoySkladConnection(
        url=url,
        token=environ.get("MOYSKLAD_TOKEN"),
        login=environ.get("MOYSKLAD_LOGIN"),
        password=environ.get("MOYSKLAD_PASSWORD"),
        answer_seconds=int(environ.get("MOYSKLAD_ANSWER_SECONDS", "300")),
    )
