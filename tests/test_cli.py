"""`sverka …`: what a person at a terminal gets, with an exit code that a script can rely on."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sverka import cli
from sverka.cli import main
from sverka.confirming import store
from sverka.couriers import Couriers
from sverka.database.connection import connect
from sverka.drafting import draft
from sverka.reading import read
from sverka.recognition import Schemas
from sverka.settings import INCLUDE
from tests.parsing.samples import SAMPLES

UNKNOWN = """Заказ клиента;Взято с получателя;Наша комиссия;К выплате магазину
10001;1000,00;20,00;980,00
10002;2500,50;50,01;2450,49
10003;700,00;14,00;686,00
10004;3100,00;62,00;3038,00
"""
"""A register whose columns no schema describes."""
ENVIRONMENT = ("SVERKA_DATABASE_URL", "SVERKA_STORAGE_URL", "SVERKA_INBOXES")


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cli, "LOCAL_ENVIRONMENT", tmp_path / "absent.env")
    for name in ENVIRONMENT:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def settings(monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path) -> Path:
    """Settings with one inbox; the inbox."""
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    zones = json.dumps([{"name": "папка", "url": str(inbox), "options": {}}])
    for name, value in zip(ENVIRONMENT, (database_url, str(tmp_path / "s"), zones), strict=True):
        monkeypatch.setenv(name, value)
    return inbox


@pytest.mark.parametrize(
    ("data", "status", "code"),
    [
        (SAMPLES["cod_register.csv"][0](), "parsed", 0),
        (UNKNOWN.encode(), "needs_mapping", 3),
        ("Дата;Кто;Сколько\n1;2;3\n".encode(), "rejected", 4),
        (b"%PDF-1.7", "rejected", 4),
        (b"", "rejected", 4),
    ],
)
def test_parse_tells_the_status_by_its_exit_code(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], data: bytes, status: str, code: int
) -> None:
    file = tmp_path / "отчёт.xlsx"
    file.write_bytes(data)
    assert main(["parse", str(file), "--json"]) == code
    printed = json.loads(capsys.readouterr().out)
    assert list(printed)[:4] == ["status", "reason", "report", "lines"]
    assert printed["status"] == status
    assert (printed["reason"] is None) is (status == "parsed")
    assert (printed["report"] is None) is (status == "rejected")


def test_parse_tells_a_person_whose_report_it_is_and_how_much(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.xlsx"
    file.write_bytes(SAMPLES["cod_register.xlsx"][0]())
    assert main(["parse", str(file)]) == 0
    text = capsys.readouterr().out
    assert "№ 118/11 от 2026-11-20, строк: 5" in text
    assert "Принято с покупателей: 4\u00a0269,12\u00a0₽" in text


def test_parse_names_the_place_of_a_row_it_could_not_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "x.csv"
    rows = "1;сто 1;1\n2;20;20\n3;30;30\n4;45;45\n"
    file.write_text(f"Номер заказа;Сумма НП;К выплате\n{rows}", encoding="utf-8")
    assert main(["parse", str(file)]) == 0
    assert "Не прочитано: строка 2, колонка «Сумма НП»: «сто 1» — не сумма." in (
        capsys.readouterr().out
    )


def confirm(database_url: str, file: Path) -> str:
    """Confirms the draft of the file under «Городской курьер», as a person would; its code."""
    folder = INCLUDE / "courier_schemas"
    known, couriers = Schemas.load(folder), Couriers.load(INCLUDE / "couriers")
    raw = read(file.read_bytes(), file.name)
    drafted = draft(raw, known, couriers, answers={"courier": "gorod"})
    said = store.Said("Бухгалтер", datetime(2026, 11, 20, tzinfo=UTC))
    with connect(database_url) as conn:
        store.confirm_schema(conn, store.Numbered(drafted.code, 1, drafted.schema_text), said)
    return drafted.code


@pytest.fixture
def unknown(tmp_path: Path) -> Path:
    file = tmp_path / "реестр.csv"
    file.write_text(UNKNOWN, encoding="utf-8")
    return file


@pytest.mark.usefixtures("settings")
def test_parse_knows_what_was_confirmed_here(
    unknown: Path, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["parse", str(unknown)]) == 3
    code = confirm(database_url, unknown)
    capsys.readouterr()
    assert main(["parse", str(unknown), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["report"]["schema"] == code


@pytest.mark.usefixtures("settings")
@pytest.mark.parametrize(
    ("url", "told"),
    [(None, False), ("postgresql://127.0.0.1:1/none", True)],
)
def test_parse_needs_no_database(
    unknown: Path,
    database_url: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    url: str | None,
    told: bool,
) -> None:
    """Without one only the folders count; one that is away is told."""
    confirm(database_url, unknown)
    monkeypatch.delenv("SVERKA_DATABASE_URL")
    if url:
        monkeypatch.setenv("SVERKA_DATABASE_URL", url)
    assert main(["parse", str(unknown)]) == 3
    captured = capsys.readouterr()
    assert "видит впервые" in captured.out
    assert ("подтверждённые раскладки не учтены" in captured.err) is told


def test_parse_reads_by_the_folders_when_the_database_is_empty(
    settings: Path,
    empty_database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Nobody has migrated it yet."""
    monkeypatch.setenv("SVERKA_DATABASE_URL", empty_database_url)
    file = tmp_path / "x.xlsx"
    file.write_bytes(SAMPLES["cod_register.xlsx"][0]())
    assert main(["parse", str(file)]) == 0
    assert "не учтены" in capsys.readouterr().err


def test_parse_tells_the_columns_it_left_aside(
    unknown: Path, database_url: str, settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    confirm(database_url, unknown)
    head, *rows = UNKNOWN.splitlines()
    more = "\n".join([f"{head};Менеджер", *(f"{row};Анна" for row in rows)])
    unknown.write_text(f"{more}\n", encoding="utf-8")
    assert main(["parse", str(unknown)]) == 0
    assert "Внимание: не прочитаны незнакомые колонки без сумм: «Менеджер»." in (
        capsys.readouterr().out
    )


@pytest.mark.parametrize("command", ["parse", "drop"])
@pytest.mark.parametrize(("name", "words"), [("нет.xlsx", "такого файла нет"), (".", "это папка")])
def test_what_is_no_file_is_said_kindly(
    settings: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    command: str,
    name: str,
    words: str,
) -> None:
    assert main([command, str(tmp_path / name)]) == 1
    captured = capsys.readouterr()
    assert captured.out == ""
    assert words in captured.err
    assert list(settings.iterdir()) == []


def test_a_file_without_the_right_to_read_it_is_said_kindly(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def forbidden(_: Path) -> bytes:
        raise PermissionError(13, "Permission denied")

    # Under root every file is readable, so the refusal of the system is played.
    monkeypatch.setattr(Path, "read_bytes", forbidden)
    assert main(["parse", "x.csv"]) == 1
    assert "нет прав на чтение" in capsys.readouterr().err


def test_drop_puts_the_files_into_the_first_inbox(
    settings: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "реестр.csv"
    file.write_bytes(b"a;b")
    assert main(["drop", str(file)]) == 0
    assert (settings / "реестр.csv").read_bytes() == b"a;b"
    assert "реестр.csv →" in capsys.readouterr().out


def test_report_publishes_the_day_and_prints_it(
    settings: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", "2026-11-20"]) == 0
    assert "Сверка за 20\u00a0ноября 2026" in capsys.readouterr().out
    assert (settings.parent / "s/reports/2026-11-20/otchet.html").exists()


def test_report_says_when_the_database_is_away(
    settings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SVERKA_DATABASE_URL", "postgresql://127.0.0.1:1/none")
    assert main(["report"]) == 1
    assert "база данных Сверки не отвечает" in capsys.readouterr().err


@pytest.mark.parametrize("command", [["drop", __file__], ["report"]])
def test_a_setting_that_is_not_there_is_named(
    capsys: pytest.CaptureFixture[str], command: list[str]
) -> None:
    assert main(command) == 1
    assert "SVERKA_DATABASE_URL" in capsys.readouterr().err


def test_drop_without_an_inbox_says_so(
    settings: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SVERKA_INBOXES", "[]")
    assert main(["drop", __file__]) == 1
    assert "SVERKA_INBOXES" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["parse"], ["report", "вчера"], ["unknown"]])
def test_a_wrong_command_ends_with_two(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage" in capsys.readouterr().err
