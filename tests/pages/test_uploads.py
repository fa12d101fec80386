"""What people drop gets a safe name that nothing else in the zone has."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from sverka.intake.names import is_temporary
from sverka.intake.zones import Zone
from sverka.pages.uploads import free_name, put, safe_name
from sverka.services import Services, services_from
from sverka.settings import Settings


@pytest.mark.parametrize(
    ("given", "safe"),
    [
        ("реестр 5.xlsx", "реестр 5.xlsx"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\Anna\\акт.xls", "акт.xls"),
        ("/акт.xls", "акт.xls"),
        ("..", "_"),
        ("a\0b\r\nc.csv", "a b c.csv"),
        ('<img src=x onerror="1">.csv', "_img src=x onerror=_1_.csv"),
        ("~$акт.xlsx", "файл акт.xlsx"),
        (".акт.xlsx", "акт.xlsx"),
        ("акт.xlsx.part", "акт.xlsx.part.bin"),
    ],
)
def test_a_name_becomes_safe(given: str, safe: str) -> None:
    assert safe_name(given) == safe


@pytest.mark.parametrize(
    "given",
    ["", ".", "..", "../..", "\\", ".tmp", "~$", "~$~$.tmp", "x" * 5000 + ".xlsx", "\ud800.xlsx",
     "thumbs.db", "Desktop.INI", "a/b/../c", "....//x.upload"],
)  # fmt: skip
def test_no_name_leaves_the_zone_or_is_passed_over_in_it(given: str) -> None:
    safe = safe_name(given)
    assert safe not in {"", ".", ".."}
    assert not set(safe) & set("/\\\0\n")
    assert not is_temporary(safe)
    assert len(safe.encode()) <= 255


def test_a_taken_name_gets_a_number_in_any_case_of_letters() -> None:
    assert free_name("Акт.xlsx", []) == "Акт.xlsx"
    assert free_name("Акт.xlsx", ["акт.XLSX"]) == "Акт (2).xlsx"
    assert free_name("Акт.xlsx", ["акт.xlsx", "Акт (2).xlsx"]) == "Акт (3).xlsx"


@pytest.fixture
def services(database_url: str, tmp_path: Path) -> Services:
    return services_from(Settings(database_url, str(tmp_path / "storage"), {}, (), None))


def test_many_at_once_under_one_name_are_all_there(services: Services, tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "акт.csv").write_bytes(b"old")
    sources = [tmp_path / f"source {number}" for number in range(6)]
    for number, source in enumerate(sources):
        source.write_bytes(str(number).encode())

    def one(source: Path) -> str:
        return put(services, Zone("inbox", str(inbox), {}), "акт.csv", str(source))

    with ThreadPoolExecutor(6) as pool:
        names = list(pool.map(one, sources))
    assert sorted(names) == [f"акт ({number}).csv" for number in range(2, 8)]
    assert (inbox / "акт.csv").read_bytes() == b"old"
    assert {(inbox / name).read_bytes() for name in names} == {b"0", b"1", b"2", b"3", b"4", b"5"}
