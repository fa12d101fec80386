"""Settings come from the environment; what is missing is named; what is documented exists."""

import re
from pathlib import Path

import pytest

from sverka.errors import Misconfigured
from sverka.settings import from_environment
from sverka.texts import Language

DOCS = Path(__file__).resolve().parent.parent / "docs" / "settings.md"
REQUIRED = {"SVERKA_DATABASE_URL": "postgresql:///sverka", "SVERKA_STORAGE_URL": "file:///srv"}


def test_the_least_that_is_needed() -> None:
    settings = from_environment(REQUIRED)
    assert settings.database_url == "postgresql:///sverka"
    assert settings.zones == ()
    assert settings.moysklad is None
    assert settings.couriers.is_dir()


@pytest.mark.parametrize("name", REQUIRED)
def test_what_is_missing_is_named(name: str) -> None:
    rest = {key: value for key, value in REQUIRED.items() if key != name}
    with pytest.raises(Misconfigured, match=name):
        from_environment(rest)


def test_everything_set() -> None:
    settings = from_environment(
        REQUIRED
        | {
            "SVERKA_INBOXES": '[{"name": "s3", "url": "s3://b/inbox", "connection": "aws"}]',
            "SVERKA_STORAGE_OPTIONS": '{"key": "k"}',
            "SVERKA_SETTLE_SECONDS": "5",
            "SVERKA_PUBLIC_URL": "https://airflow.example",
            "SVERKA_LANGUAGE": "en",
            "MOYSKLAD_URL": "https://api.moysklad.ru/api/remap/1.2",
            "MOYSKLAD_TOKEN": "t",
        }
    )
    assert settings.zones[0].connection == "aws"
    assert settings.storage_options == {"key": "k"}
    assert settings.settle_seconds == 5
    assert settings.moysklad is not None
    assert settings.moysklad.answer_seconds == 300
    assert settings.language is Language.ENGLISH


def test_an_unknown_language_is_told_with_the_known_ones() -> None:
    with pytest.raises(Misconfigured, match=r"'de'; it may be: ru, en"):
        from_environment(REQUIRED | {"SVERKA_LANGUAGE": "de"})


def test_every_variable_the_code_reads_is_documented_and_the_other_way_round() -> None:
    source = Path(from_environment.__code__.co_filename).read_text("utf-8")
    read = set(re.findall(r'"((?:SVERKA|MOYSKLAD)_[A-Z_]+)"', source))
    documented = set(re.findall(r"`((?:SVERKA|MOYSKLAD)_[A-Z_]+)`", DOCS.read_text("utf-8")))
    assert read
    assert read == documented
