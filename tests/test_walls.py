"""Walls of the house that a reader can trust because a test reads every file."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
DOMAIN = ROOT / "include" / "sverka"
FILES = sorted(DOMAIN.rglob("*.py"))

MONEY_PATH = [
    *(DOMAIN / "money.py", DOMAIN / "nouns.py"),
    *(DOMAIN / "moysklad" / name for name in ("documents.py", "wire.py", "stored.py")),
    *(
        path
        for room in ("parsing", "reconciling", "posting", "snapshot", "reporting")
        for path in sorted((DOMAIN / room).rglob("*.py"))
    ),
]


def names_of(path: Path) -> list[ast.AST]:
    return list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in names_of(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def test_there_is_something_to_read() -> None:
    assert len(FILES) > 30
    assert len(MONEY_PATH) > 20


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(DOMAIN)))
def test_the_domain_does_not_know_airflow(path: Path) -> None:
    roots = {module.split(".")[0] for module in imports_of(path)}
    assert not roots & {"airflow", "sverka_airflow"}


@pytest.mark.parametrize(
    "path",
    [path for path in MONEY_PATH if path.exists()],
    ids=lambda path: str(path.relative_to(DOMAIN)),
)
def test_no_float_on_the_way_of_money(path: Path) -> None:
    floats = [
        f"line {node.lineno}"
        for node in names_of(path)
        if (isinstance(node, ast.Name) and node.id == "float")
        or (isinstance(node, ast.Constant) and isinstance(node.value, float))
    ]
    assert floats == []
