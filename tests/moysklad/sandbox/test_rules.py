"""docs/sandbox.md names a test for every rule, and every such test is there."""

import re
from pathlib import Path

from sverka.moysklad.sandbox.account import Account
from sverka.moysklad.sandbox.faults import FaultKind

HERE = Path(__file__).parent
PAGE = (HERE.parents[2] / "docs" / "sandbox.md").read_text("utf-8")
NAMED = re.findall(r"^\|.*\| `(test_\w+\.py)::(test_\w+)` \|$", PAGE, re.MULTILINE)


def test_every_rule_has_a_test() -> None:
    rules = PAGE.partition("## Rules")[2].partition("## What it does not do")[0]
    rows = [line for line in rules.splitlines() if line.startswith("| ")][1:]
    assert len(rows) == len(NAMED) > 60
    missing = [
        f"{file}::{name}"
        for file, name in NAMED
        if f"def {name}(" not in (HERE / file).read_text("utf-8")
    ]
    assert missing == []


def test_every_fault_and_every_setting_is_described() -> None:
    for word in [*map(str, FaultKind), *Account().shown()]:
        assert f"`{word}`" in PAGE, word
