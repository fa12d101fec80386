"""Brings the English catalogue up to the texts in code and templates: `make texts`.

A text is what `say(…)` or `say.counted(…)` is called with. New ones stand in the catalogue without
English until somebody writes it; texts that are gone are dropped.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from sverka.texts import CATALOGUE

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

PROJECT = Path(__file__).parents[1]
FOLDERS = ("include/sverka", "plugins", "dags")
SAYERS = ("say", "texts", "_say")
COUNTED = 4  # number, one, few, many


def extracted(project: Path) -> "Catalog":
    """All texts of the project, without English."""
    from babel.messages.catalog import Catalog

    catalogue = Catalog(locale="en", charset="utf-8", project="Sverka")
    for key in sorted(set(texts_of(project)), key=str):
        catalogue.add(key)
    return catalogue


def texts_of(project: Path) -> Iterator[str | tuple[str, str]]:
    """Each text; of a counted noun its first and last form."""
    for folder in FOLDERS:
        for path in sorted((project / folder).rglob("*")):
            if path.suffix == ".py":
                yield from in_code(path.read_text(encoding="utf-8"))
            elif path.suffix == ".j2":
                yield from in_template(path.read_text(encoding="utf-8"))


def in_code(source: str) -> Iterator[str | tuple[str, str]]:
    """The texts of a Python module."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            yield from _said(node)


def in_template(source: str) -> Iterator[str | tuple[str, str]]:
    """The texts of a Jinja template."""
    from jinja2 import Environment, nodes

    tree = Environment(autoescape=True).parse(source)
    for call in tree.find_all(nodes.Call):
        words = [arg.value for arg in call.args if isinstance(arg, nodes.Const)]
        if isinstance(call.node, nodes.Name) and call.node.name in SAYERS and words:
            yield str(words[0])
        elif isinstance(call.node, nodes.Getattr) and call.node.attr == "counted":
            yield str(words[-3]), str(words[-1])


def _said(call: ast.Call) -> Iterator[str | tuple[str, str]]:
    words = [arg.value for arg in call.args if isinstance(arg, ast.Constant)]
    match call.func:
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in SAYERS:
            if words and isinstance(words[0], str) and re.search("[а-яё]", words[0], re.IGNORECASE):
                yield words[0]
        case ast.Attribute(attr="counted") if len(call.args) == COUNTED == len(words) + 1:
            yield str(words[-3]), str(words[-1])
        case _:
            return


def main() -> None:
    """Rewrites `en.po` and says what lacks English."""
    from babel.messages.pofile import read_po, write_po

    with CATALOGUE.open("rb") as file:
        catalogue = read_po(file, locale="en")
    catalogue.update(extracted(PROJECT), no_fuzzy_matching=True)
    catalogue.obsolete.clear()
    with CATALOGUE.open("wb") as file:
        write_po(file, catalogue, width=100, sort_output=True, no_location=True, omit_header=True)
    for message in catalogue:
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        if message.id and not all(said):
            print(f"no English: {message.id}")


if __name__ == "__main__":
    main()
