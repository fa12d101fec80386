"""The worked example in the schemas' README is true."""

import re
import shutil
from pathlib import Path

from sverka.parsing.printed import parsed_file
from sverka.settings import INCLUDE


def block(text: str, language: str) -> str:
    found = re.search(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    assert found
    return found[1]


def test_the_worked_example_parses_its_file(tmp_path: Path) -> None:
    schemas = Path(shutil.copytree(INCLUDE / "courier_schemas", tmp_path / "schemas"))
    couriers = Path(shutil.copytree(INCLUDE / "couriers", tmp_path / "couriers"))
    text = (schemas / "README.md").read_text(encoding="utf-8")
    (schemas / "bystro_register.yaml").write_text(block(text, "yaml"), encoding="utf-8")
    terms = (couriers / "gorod.yaml").read_text(encoding="utf-8")
    (couriers / "bystro.yaml").write_text(terms.replace("courier: gorod", "courier: bystro"))
    printed = parsed_file(
        block(text, "").encode(), "файл.csv", courier_schemas=schemas, couriers=couriers
    )
    assert (printed["report"]["schema"], printed["report"]["report_no"]) == ("bystro_register", "7")
    (line,) = printed["lines"]
    assert (line["order_ref"], line["occurred_on"]) == ("W-42", "2026-11-20")
    assert (line["collected"], line["fee_cod"], line["payout"]) == (150000, 3000, 147000)
