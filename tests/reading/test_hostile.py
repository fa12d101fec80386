"""Files made to harm end in a refusal, with little memory and little time."""

import subprocess
import sys
from pathlib import Path

import pytest

from sverka.errors import Refusal
from sverka.reading import read
from tests.reading import hostile
from tests.support.containers import sheet_data, xlsx, zipped

ROOT = Path(__file__).resolve().parents[2]
MEMORY = 2 << 30
SECONDS = 30
"""Of a processor: how busy the machine is does not count."""
WAIT_SECONDS = 240
GOOD = {"fine_page": 2, "lying_dimension_xlsx": 2}


@pytest.mark.parametrize("name", sorted(hostile.CASES))
def test_a_hostile_file_ends_within_little_memory_and_time(name: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "tests.reading.hostile", name, str(MEMORY), str(SECONDS)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=WAIT_SECONDS,
        check=False,
        env={"PYTHONPATH": f"{ROOT / 'include'}:{ROOT}", "PYTHONIOENCODING": "utf-8"},
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    wanted = f"READ {GOOD[name]}" if name in GOOD else "REFUSED "
    assert ended.stdout.startswith(wanted), ended.stdout


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd.csv",
        "/etc/passwd.csv",
        "C:\\Windows\\x.csv",
        "..\\x.csv",
        "a\x01b.csv",
        "a" * 900,
    ],
)
def test_a_path_in_an_archive_is_only_a_name(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (table,) = read(zipped({name: "a;b\n1;2\n"}), "x").tables
    assert table.rows == [["a", "b"], ["1", "2"]]
    assert table.sheet == name.replace("\x01", "")
    assert list(tmp_path.iterdir()) == []
    assert not Path("/etc/passwd.csv").exists()


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"a" * 2000: "a;b\n"}, "слишком длинное"),
        ({"": "a;b\n"}, "нет имени"),
        ({f"{n}.csv": "a;b\n" for n in range(201)}, "слишком много файлов"),
    ],
)
def test_odd_archives_are_refused_in_words(members: dict[str, str], words: str) -> None:
    with pytest.raises(Refusal, match=words):
        read(zipped(members), "x")


def test_two_members_of_one_name_are_not_chosen_between() -> None:
    data = zipped({"a.csv": "a;b\n1;2\n", "b.csv": "a;b\n3;4\n"}, stored=True)
    with pytest.raises(Refusal, match="с одним именем"):
        read(data.replace(b"b.csv", b"a.csv"), "x")


FORMULAS = ["=cmd|' /C calc'!A0", "+1+cmd|' /C calc'!A0", "-2+3+cmd|", "@SUM(1)", "\t=1+1"]


def test_a_formula_in_a_text_stays_a_text() -> None:
    rows = [["Заказ", "Сумма"], *([one, "1"] for one in FORMULAS)]
    assert read(xlsx({"Л": sheet_data(rows)}), "x").tables[0].rows == rows
    page = "".join(f"<tr><td>{a}<td>{b}</tr>" for a, b in rows).replace("\t", "")
    assert read(f"<table>{page}</table>".encode(), "x").tables[0].rows[1] == [FORMULAS[0], "1"]


def test_a_formula_is_shown_and_not_computed() -> None:
    cell = '<row r="1"><c r="A1"><f>HYPERLINK("http://127.0.0.1:9/"&amp;B1)</f></c></row>'
    data = xlsx({"Л": f"<sheetData>{cell}</sheetData>"})
    assert read(data, "x").tables[0].rows == [['=HYPERLINK("http://127.0.0.1:9/"&B1)']]


def test_macros_and_links_of_a_workbook_are_left_alone() -> None:
    extra = {
        "xl/vbaProject.bin": b"\xd0\xcf\x11\xe0macro",
        "xl/externalLinks/externalLink1.xml": '<externalLink><a href="file:///etc/passwd"/></externalLink>',
        "xl/connections.xml": '<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><x/>',
    }
    raw = read(xlsx({"Л": sheet_data([["a", "b"]])}, extra=extra), "отчёт.xlsm")
    assert (raw.container, raw.tables[0].rows) == ("xlsx", [["a", "b"]])


EXTERNAL = [
    '<!DOCTYPE r [<!ENTITY x SYSTEM "file://{path}">]><r>&x;</r>',
    '<!DOCTYPE r [<!ENTITY % x SYSTEM "file://{path}"> %x;]><r/>',
    '<!DOCTYPE r SYSTEM "file://{path}"><r/>',
    '<r xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include parse="text" href="file://{path}"/></r>',
]


@pytest.mark.parametrize("text", EXTERNAL)
def test_no_file_is_fetched_by_an_xml(text: str, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("СЕКРЕТ")
    data = text.format(path=secret).encode()
    for made in (
        data,
        data.replace(b"DOCTYPE r", b"DOCTYPE html").replace(b"<r>", b"<table><tr><td>"),
    ):
        try:
            said = repr(read(made, "x"))
        except Refusal as refusal:
            said = str(refusal)
        assert "СЕКРЕТ" not in said


def test_an_entity_in_a_part_of_a_workbook_is_never_text() -> None:
    laughing = '<!DOCTYPE x [<!ENTITY x "ха-ха">]>' + (
        '<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">'
        "<si><t>&x;</t></si></sst>"
    )
    cell = '<sheetData><row r="1"><c r="A1" t="s"><v>0</v></c></row></sheetData>'
    with pytest.raises(Refusal):
        read(xlsx({"Л": cell}, extra={"xl/sharedStrings.xml": laughing}), "x")
