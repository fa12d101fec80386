"""File names come from people and old programs; everything behind the door needs them tame."""

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sverka.intake.names import (
    PARTITION_KEY_LIMIT,
    PATH_PART_LIMIT,
    is_temporary,
    partition_key,
    path_part,
    shown_name,
)

SHA = "0123456789abcdef" * 4

any_name = st.text(
    st.characters(codec=None, exclude_categories=()), min_size=1, max_size=400
) | st.binary(min_size=1, max_size=255).map(lambda raw: raw.decode("utf-8", "surrogateescape"))


@pytest.mark.parametrize(
    ("name", "temporary"),
    [
        ("report.xlsx", False),
        ("Отчёт.part.xlsx", False),
        ("part", False),
        ("tmp.csv", False),
        (".report.xlsx", True),
        (".DS_Store", True),
        ("~$report.xlsx", True),
        ("report.xlsx.part", True),
        ("report.xlsx.PART", True),
        ("report.xlsx.tmp", True),
        ("report.xlsx.filepart", True),
        ("report.xlsx.crdownload", True),
        ("Thumbs.db", True),
        ("desktop.ini", True),
    ],
)
def test_names_that_say_the_file_is_not_finished(name: str, temporary: bool) -> None:
    assert is_temporary(name) is temporary


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("Отчёт.csv", "Отчёт.csv"),
        (unicodedata.normalize("NFD", "Чай й.csv"), "Чай й.csv"),
        ("отчёт.csv".encode("cp1251").decode("utf-8", "surrogateescape"), "отчёт.csv"),
        ("two\nlines\t.csv", "two lines .csv"),
        ("\x00\x01", "без имени"),
        ("  ", "без имени"),
    ],
)
def test_a_shown_name_is_readable(name: str, shown: str) -> None:
    assert shown_name(name) == shown


@given(any_name)
@example("\ud800.csv")
def test_any_name_can_be_shown_stored_and_put_on_a_disk(name: str) -> None:
    shown = shown_name(name)
    assert shown.encode("utf-8")
    assert shown.isprintable() or "\x00" not in shown
    assert shown_name(shown) == shown

    part = path_part(shown)
    assert 0 < len(part.encode()) <= PATH_PART_LIMIT
    assert not set(part) & set('\\/:*?"<>|\n\x00')
    assert part not in {".", ".."}


@given(any_name)
def test_a_partition_key_fits_and_ends_with_the_hash(name: str) -> None:
    key = partition_key(shown_name(name), SHA)
    assert len(key) <= PARTITION_KEY_LIMIT
    assert key.endswith(" · 0123456789ab")
    assert key.strip()


def test_a_short_name_is_whole_in_its_key() -> None:
    assert partition_key("Реестр 7.xlsx", SHA) == "Реестр 7.xlsx · 0123456789ab"


def test_a_long_name_keeps_its_beginning_and_extension() -> None:
    key = partition_key("Реестр " + "ы" * 400 + ".xlsx", SHA)
    assert key.startswith("Реестр ыыы")
    assert key.endswith("…" + ".xlsx · 0123456789ab")


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("Отчёт за ноябрь.xlsx", "Отчёт за ноябрь.xlsx"),
        ("../../etc/passwd", "_.._etc_passwd"),
        ('a:b*c?"d"<e>|f.csv', "a_b_c_d_e_f.csv"),
        ("back\\slash.csv", "back_slash.csv"),
        ("...", "_"),
        ("точка в конце.", "точка в конце"),
    ],
)
def test_a_name_becomes_one_safe_part_of_a_path(name: str, part: str) -> None:
    assert path_part(name) == part
