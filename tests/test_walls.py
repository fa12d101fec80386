"""Walls of the house that a reader can trust because a test reads every file."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sverka.database.connection import connect

ROOT = Path(__file__).resolve().parents[1]
DOMAIN = ROOT / "include" / "sverka"
FILES = sorted(DOMAIN.rglob("*.py"))

MONEY_PATH = [
    *(DOMAIN / name for name in ("money.py", "nouns.py", "sums.py")),
    *(DOMAIN / "moysklad" / name for name in ("documents.py", "wire.py", "stored.py")),
    *(
        path
        for room in (
            "parsing",
            "reconciling",
            "posting",
            "payouts",
            "snapshot",
            "reporting",
            "discrepancies",
        )
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


@pytest.mark.parametrize(
    "path",
    [path for path in MONEY_PATH if path.exists()],
    ids=lambda path: str(path.relative_to(DOMAIN)),
)
def test_money_is_never_divided_into_a_float(path: Path) -> None:
    # `/` joins paths, too; by a number it makes a float. `round` rounds to even, money does not.
    divided = [
        f"line {node.lineno}"
        for node in names_of(path)
        if (
            isinstance(node, ast.BinOp)
            and isinstance(node.op, ast.Div)
            and any(
                isinstance(side, ast.Constant) and isinstance(side.value, int)
                for side in (node.left, node.right)
            )
        )
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id == "round"
        )
    ]
    assert divided == []


SQL_FILES = sorted(DOMAIN.rglob("*.sql"))


@pytest.mark.parametrize("path", SQL_FILES, ids=lambda path: str(path.relative_to(DOMAIN)))
def test_no_question_to_the_database_makes_money_a_float(path: Path) -> None:
    told = "\n".join(line.partition("--")[0] for line in path.read_text("utf-8").splitlines())
    assert not re.search(r"(::|\bas)\s*(real|float[48]?|double\s+precision|money)\s*[),;]", told)


def test_the_database_has_no_column_of_money_that_is_not_exact(database_url: str) -> None:
    with connect(database_url) as conn, conn.cursor() as cursor:
        cursor.execute(
            "select table_name, column_name from information_schema.columns where table_schema = "
            "'public' and data_type in ('real', 'double precision', 'money', 'numeric')"
        )
        inexact = {table for table, _ in cursor.fetchall()}
        cursor.execute(
            "select count(*) from information_schema.columns where table_schema = 'public' and "
            "data_type = 'bigint' and column_name ~ '(sum|amount|collected|payout|fee|expected)'"
        )
        assert cursor.fetchone()[0] > 10
    # Seconds and units of the request budget are no money.
    assert inexact <= {"moysklad_budget"}


CLOCKS = {"now", "utcnow", "today", "time", "monotonic"}


def at_import(tree: ast.Module) -> Iterator[ast.AST]:
    """What runs when the module is imported: all but the bodies of functions, with their defaults."""
    rest: list[ast.AST] = list(tree.body)
    while rest:
        node = rest.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            defaults = [one for one in node.args.kw_defaults if one is not None]
            rest += [*node.decorator_list, *node.args.defaults, *defaults]
        elif isinstance(node, ast.Lambda):
            rest += node.args.defaults
        else:
            rest += ast.iter_child_nodes(node)


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(DOMAIN)))
def test_no_clock_is_read_at_import(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    read = [
        f"line {node.lineno}"
        for node in at_import(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in CLOCKS
    ]
    assert read == []


def test_a_clock_in_a_default_would_be_seen() -> None:
    tree = ast.parse("import time\ndef f(at=time.time()):\n    return time.time() - at\n")
    calls = [node for node in at_import(tree) if isinstance(node, ast.Call)]
    assert len(calls) == 1
