"""Spoils the statements that a Python module keeps in its constants."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from mutants.mutant import Mutant
from mutants.scope import module_of
from mutants.sql import spoiled

_STATEMENT = re.compile(
    r"\s*(select|insert|update|delete|with|create|and|where|from|join|left join|order by)\s", re.I
)


def mutants_of(file: Path, code: str) -> list[Mutant]:
    """A mutant per change of such a constant; any function of the module may read it."""
    module = module_of(file)
    return [
        Mutant(module, f"sverka.{module}", name, text, new, statement=True)
        for name, text in _statements(code)
        for new in spoiled(text)
    ]


def _statements(code: str) -> Iterator[tuple[str, str]]:
    known: dict[str, object] = {}
    for node in ast.parse(code).body:
        match node:
            case ast.Assign(
                targets=[ast.Name(id=name)], value=ast.Constant() | ast.JoinedStr() as value
            ):
                known[name] = _value(value, known)
                text = known[name]
                if isinstance(text, str) and _STATEMENT.match(text):
                    yield name, text


def _value(node: ast.expr, known: dict[str, object]) -> object:
    """The constant; None when more than constants of the same module is needed for it."""
    try:
        return eval(compile(ast.Expression(node), "constant", "eval"), {}, known)
    except NameError:
        return None
