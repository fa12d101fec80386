"""`sverka schema …` and `sverka courier …`: what a person at a terminal can do without Airflow."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sverka import cli
from sverka.cli import main
from sverka.demo.registers import payable
from sverka.demo.shop import Shop, build_shop
from sverka.moysklad.sandbox import seed
from sverka.settings import INCLUDE
from tests.conftest import fresh_database
from tests.parsing.samples import SAMPLES
from tests.support import unknown
from tests.support.sandbox import RunningSandbox, running_sandbox
from tests.support.unknown import unknown_register

SHOP: Shop = build_shop()
ORDERS = list(payable(SHOP.orders))[:6]
Printed = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def sandbox(server_url: str) -> Iterator[RunningSandbox]:
    for url in fresh_database(server_url, "template0"):
        with running_sandbox(url) as running:
            seed(url, SHOP)
            yield running


@pytest.fixture(autouse=True)
def no_environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(cli, "LOCAL_ENVIRONMENT", tmp_path / "absent.env")
    for name in ("SVERKA_DATABASE_URL", "SVERKA_STORAGE_URL", "MOYSKLAD_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def settings(
    monkeypatch: pytest.MonkeyPatch, database_url: str, tmp_path: Path, sandbox: RunningSandbox
) -> None:
    monkeypatch.setenv("SVERKA_DATABASE_URL", database_url)
    monkeypatch.setenv("SVERKA_STORAGE_URL", str(tmp_path / "s"))
    monkeypatch.setenv("SVERKA_INBOXES", json.dumps([]))
    monkeypatch.setenv("MOYSKLAD_URL", sandbox.connection.url)
    monkeypatch.setenv("MOYSKLAD_TOKEN", str(sandbox.connection.token))


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "реестр.csv"
    path.write_bytes(unknown_register(ORDERS))
    return path


NEW = ["--new-courier", unknown.COURIER, "--counterparty", unknown.COUNTERPARTY]


class TestDraft:
    def test_without_answers_it_asks_and_says_how_to_answer(
        self, file: Path, capsys: Printed
    ) -> None:
        assert main(["schema", "draft", str(file)]) == 3
        printed = capsys.readouterr()
        assert "schema: " in printed.out
        assert "принято с покупателя ← «Взято с получателя»" in printed.err
        assert "--courier gorod" in printed.err
        assert "--new-courier" in printed.err

    def test_with_answers_it_is_complete_and_written_where_asked(
        self, file: Path, tmp_path: Path, capsys: Printed
    ) -> None:
        out = tmp_path / "x.yaml"
        assert main(["schema", "draft", str(file), "--courier", "gorod", "--out", str(out)]) == 0
        assert "courier: gorod" in out.read_text(encoding="utf-8")
        assert capsys.readouterr().out == ""
        assert main(["schema", "check", str(out)]) == 0

    def test_an_odd_fee_is_answered_by_key_and_value(self, tmp_path: Path, capsys: Printed) -> None:
        path = tmp_path / "a.csv"
        path.write_bytes(unknown_register(ORDERS, fee=unknown.ODD_FEE))
        arguments = ["schema", "draft", str(path), "--courier", "gorod"]
        assert main(arguments) == 3
        key = f"column:{unknown.ODD_FEE}"
        assert f'--answer "{key}=fee_storage"' in capsys.readouterr().err
        assert main([*arguments, "--answer", f"{key}=fee_storage"]) == 0
        assert "fee_storage" in capsys.readouterr().out

    @pytest.mark.parametrize("data", [b"%PDF-1.7", b"", b"just words"])
    def test_what_is_no_report_is_refused(
        self, tmp_path: Path, capsys: Printed, data: bytes
    ) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(data)
        assert main(["schema", "draft", str(path)]) == 4
        assert capsys.readouterr().err

    def test_a_known_layout_needs_no_draft(self, tmp_path: Path, capsys: Printed) -> None:
        path = tmp_path / "a.xlsx"
        path.write_bytes(SAMPLES["cod_register.xlsx"][0]())
        assert main(["schema", "draft", str(path)]) == 0
        assert "уже известна: cod_register" in capsys.readouterr().err

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--confirm"], "--by"),
            (["--by", "я"], "--confirm"),
            (["--courier", "nobody"], "nobody"),
            (["--answer", "пусто"], "KEY=VALUE"),
        ],
    )
    def test_a_wrong_wish_is_said(
        self, file: Path, capsys: Printed, arguments: list[str], words: str
    ) -> None:
        assert main(["schema", "draft", str(file), *arguments]) == 1
        assert words in capsys.readouterr().err


@pytest.mark.usefixtures("settings")
class TestConfirming:
    def test_a_confirmed_draft_is_known_listed_shown_and_withdrawn(
        self, file: Path, capsys: Printed
    ) -> None:
        confirm = ["schema", "draft", str(file), *NEW, "--confirm", "--by", "Инженер"]
        assert main(confirm) == 0
        captured = capsys.readouterr()
        assert "Запомнено" in captured.err
        code = captured.out.split("schema: ")[1].split()[0]

        assert main(["schema", "draft", str(file)]) == 0
        assert f"уже известна: {code}" in capsys.readouterr().err
        assert main(["schema", "list"]) == 0
        listed = capsys.readouterr().out
        assert "подтвердил Инженер" in listed
        assert "cod_register" in listed
        assert main(["schema", "show", code]) == 0
        assert f"schema: {code}" in capsys.readouterr().out

        assert main(["schema", "withdraw", code]) == 0
        capsys.readouterr()
        assert main(["schema", "draft", str(file)]) == 0  # the courier is known by now
        assert "Черновик" in capsys.readouterr().err
        assert main(["schema", "withdraw", code]) == 1
        assert main(["schema", "show", code]) == 1

    def test_nothing_is_stored_while_something_is_asked(self, file: Path, capsys: Printed) -> None:
        assert main(["schema", "draft", str(file), "--confirm", "--by", "Инженер"]) == 3
        assert main(["schema", "list"]) == 0
        assert "Инженер" not in capsys.readouterr().out

    def test_a_new_courier_is_only_planned_until_somebody_says_post(
        self, file: Path, capsys: Printed
    ) -> None:
        main(["schema", "draft", str(file), *NEW, "--confirm", "--by", "Инженер"])
        capsys.readouterr()
        code = "ooo_ekspress_neva"
        assert main(["courier", "list"]) == 0
        assert any(
            line.split()[0] == code and "только план" in line
            for line in capsys.readouterr().out.splitlines()
        )
        assert main(["courier", "post", code, "--by", "Инженер"]) == 0
        assert main(["courier", "show", code]) == 0
        assert "dry_run: false" in capsys.readouterr().out
        assert main(["courier", "plan", code, "--by", "Инженер"]) == 0
        assert main(["courier", "show", code]) == 0
        assert "dry_run: true" in capsys.readouterr().out

    def test_a_courier_with_a_file_is_changed_in_its_file(self, capsys: Printed) -> None:
        assert main(["courier", "post", "gorod", "--by", "Инженер"]) == 1
        assert "gorod.yaml" in capsys.readouterr().err

    def test_an_unknown_counterparty_teaches_nothing(self, file: Path, capsys: Printed) -> None:
        wrong = ["--new-courier", unknown.COURIER, "--counterparty", "ООО «Опечатка»"]
        command = ["schema", "draft", str(file), *wrong, "--confirm", "--by", "Инженер"]
        assert main(command) == 4
        assert "не найден" in capsys.readouterr().err
        assert main(["schema", "draft", str(file)]) == 3


def test_all_shipped_schemas_pass_the_check(capsys: Printed) -> None:
    folder = INCLUDE / "courier_schemas"
    files = [str(path) for path in folder.glob("*.yaml") if path.name != "vocabulary.yaml"]
    assert main(["schema", "check", *files]) == 0
    assert len(capsys.readouterr().out.splitlines()) == len(files) > 3


def test_a_bad_schema_is_named_with_its_line(tmp_path: Path, capsys: Printed) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("language: 1\nschema: bad\nversion: one\n", encoding="utf-8")
    assert main(["schema", "check", str(bad), str(tmp_path / "absent.yaml")]) == 1
    errors = capsys.readouterr().err
    assert "bad.yaml" in errors
    assert "absent.yaml" in errors
