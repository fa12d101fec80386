"""The schemas' README is true: its examples load, and no key of the language is missing from it."""

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from sverka.parsing.printed import parsed_file
from sverka.recognition import Schemas
from sverka.recognition.loading import load_schema_text
from sverka.settings import INCLUDE

FOLDER = INCLUDE / "courier_schemas"
README = (FOLDER / "README.md").read_text(encoding="utf-8")
WORKED, *EXAMPLES = re.findall(r"^```yaml\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def top_level(text: str) -> dict[str, str]:
    """The text of each top-level key."""
    pieces = re.split(r"^(?=[a-z_]+:)", text, flags=re.MULTILINE)
    return {piece.split(":")[0]: piece for piece in pieces if re.match(r"[a-z_]+:", piece)}


def test_the_worked_example_parses_its_file(tmp_path: Path) -> None:
    schemas = Path(shutil.copytree(FOLDER, tmp_path / "schemas"))
    couriers = Path(shutil.copytree(INCLUDE / "couriers", tmp_path / "couriers"))
    (schemas / "bystro_register.yaml").write_text(WORKED, encoding="utf-8")
    terms = (couriers / "gorod.yaml").read_text(encoding="utf-8")
    (couriers / "bystro.yaml").write_text(terms.replace("courier: gorod", "courier: bystro"))
    found = re.search(r"^```\n(.*?)^```", README, re.DOTALL | re.MULTILINE)
    assert found
    printed = parsed_file(found[1].encode(), "файл.csv", courier_schemas=schemas, couriers=couriers)
    assert (printed["report"]["schema"], printed["report"]["report_no"]) == ("bystro_register", "7")
    (line,) = printed["lines"]
    assert (line["order_ref"], line["occurred_on"]) == ("W-42", "2026-11-20")
    assert (line["collected"], line["fee_cod"], line["payout"]) == (150000, 3000, 147000)


@pytest.mark.parametrize("example", EXAMPLES)
def test_an_example_loads_in_place_of_the_same_keys(schemas: Schemas, example: str) -> None:
    text = "".join((top_level(WORKED) | top_level(example)).values())
    schema = load_schema_text(text, "README.md", schemas.vocabulary)
    assert schema.code == "bystro_register"


def test_a_mistake_is_told_as_the_readme_says(schemas: Schemas) -> None:
    found = re.search(r"`(bystro_register\.yaml, line \d+: .*?)`", README)
    assert found
    with pytest.raises(Exception, match=re.escape(found[1])):
        load_schema_text(
            WORKED.replace("payout: ours", "payout: our"),
            "bystro_register.yaml",
            schemas.vocabulary,
        )


def keys_of_language(rules: Any) -> Iterator[str]:
    for name, value in rules.items() if isinstance(rules, dict) else ():
        if name == "properties":
            yield from value
        yield from keys_of_language(value)
    for value in rules if isinstance(rules, list) else ():
        yield from keys_of_language(value)


def keys_of(given: Any) -> Iterator[str]:
    for name, value in given.items() if isinstance(given, dict) else ():
        yield name
        yield from keys_of(value)
    for value in given if isinstance(given, list) else ():
        yield from keys_of(value)


def test_every_key_of_the_language_has_an_example() -> None:
    statements = [path.read_text(encoding="utf-8") for path in FOLDER.glob("bank_*.yaml")]
    shown = {
        key for text in [WORKED, *EXAMPLES, *statements] for key in keys_of(yaml.safe_load(text))
    }
    language = json.loads((FOLDER / "schema.json").read_text(encoding="utf-8"))
    assert set(keys_of_language(language)) - shown == set()
