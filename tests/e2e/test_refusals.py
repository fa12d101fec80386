"""Whatever people drop, it is read right or refused in words, and stops nobody else."""

import json
import zipfile
from io import BytesIO

import pytest

from tests.e2e.installation import Installation
from tests.support.demo_files import Registers

pytestmark = pytest.mark.e2e


def _zip_with_nothing_of_use() -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("readme.txt", "привет")
    return buffer.getvalue()


BROKEN = {
    "пустой.xlsx": b"",
    "картинка.xlsx": b"\x89PNG\r\n\x1a\n" + bytes(200),
    "обрезанный.xml": b'<?xml version="1.0" encoding="UTF-8"?>\n<moneyTransfers><act number="1"',
    "акт сверки.pdf": b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n",
    "архив.zip": _zip_with_nothing_of_use(),
    "не тот.json": json.dumps({"hello": "world"}).encode(),
    "заметка.txt": "Позвонить в банк".encode("cp1251"),
}


def test_every_broken_file_is_quarantined_in_words_and_a_good_one_passes(
    installation: Installation, registers: Registers
) -> None:
    zone = installation.zones["folder"]
    for name, data in BROKEN.items():
        zone.drop(name, data)
    good, data, _ = registers.of(3)
    zone.drop(good, data)

    installation.wait_for_files([*BROKEN, good])

    files = installation.files()
    assert files[good]["state"] == "settled"
    assert {files[name]["state"] for name in BROKEN} == {"quarantined"}
    for name in BROKEN:
        reason = files[name]["reason"]
        assert any("а" <= letter <= "я" for letter in reason), f"{name}: {reason!r} is not Russian"
    quarantine = installation.state.storage / "quarantine"
    kept = [path.name for path in quarantine.rglob("*") if path.is_file()]
    for name in BROKEN:
        assert any(name in path for path in kept), f"{name} is not in {kept}"
