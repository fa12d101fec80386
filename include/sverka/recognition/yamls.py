"""YAML files that fail loudly and with a line: not YAML, not a mapping, one key given twice."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from sverka.errors import Misconfigured

Place = Sequence[str | int]
"""The way to a value: keys and positions, `("rules", 2, "when")`."""


class _Strict(yaml.CSafeLoader):
    """PyYAML takes the last of two equal keys in silence; here that is an error.

    LibYAML's parser is ten times as fast as the one in Python: every step of every file loads all
    layouts.

    A key that is no text is one too: an unquoted `Yes`, `1` or `2026-01-01` is no longer what the
    file says (YAML 1.1).
    """

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        seen = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode) or key.tag != "tag:yaml.org,2002:str":
                shown = key.value if isinstance(key, yaml.ScalarNode) else "a collection"
                raise _at(f"a key must be text, found {shown}; put it into quotes", key)
            if key.value in seen:
                raise _at(f"a key is given twice: {key.value}", key)
            seen.add(key.value)
        return super().construct_mapping(node, deep=deep)


def _at(problem: str, node: yaml.Node) -> yaml.constructor.ConstructorError:
    return yaml.constructor.ConstructorError(None, None, problem, node.start_mark)


@dataclass(frozen=True, slots=True)
class Document:
    """A YAML mapping that knows on which line each of its parts stands."""

    name: str
    text: str
    given: dict[str, Any]
    lines: dict[tuple[str | int, ...], int] = field(repr=False)

    def wrong(self, place: Place, problem: str) -> Misconfigured:
        """The error that names the file, the line and the place: `x.yaml, line 12: line.payout: …`.

        A place that is absent is told by the line of what should hold it.
        """
        at = tuple(place)
        while at and at not in self.lines:
            at = at[:-1]
        line = f", line {self.lines[at]}" if at else ""
        shown = ".".join(str(step) for step in place)
        return Misconfigured(
            ": ".join(part for part in (f"{self.name}{line}", shown, problem) if part)
        )


def load_yaml(path: Path) -> dict[str, Any]:
    """The mapping in a YAML file.

    Raises:
        Misconfigured: the file is not there or is not a mapping; the message names it.
    """
    return document_of(text_of(path), path.name).given


def text_of(path: Path) -> str:
    """The text of a file in UTF-8.

    Raises:
        Misconfigured: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8")
    except OSError as error:
        raise Misconfigured(f"{path.name}: cannot be read: {error}") from error
    except UnicodeDecodeError as error:
        raise Misconfigured(f"{path.name}: not YAML: not in UTF-8: {error}") from error


def document_of(text: str, name: str) -> Document:
    """The mapping in a YAML text; `name` stands in messages.

    Raises:
        Misconfigured: not YAML, not a mapping, or a key twice; the message has the line.
    """
    loader = _Strict(text)
    try:
        node = loader.get_single_node()
        given = loader.construct_document(node) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f", line {mark.line + 1}" if mark else ""
        raise Misconfigured(f"{name}{line}: not YAML: {error.problem or error}") from error
    except yaml.YAMLError as error:
        raise Misconfigured(f"{name}: not YAML: {error}") from error
    finally:
        loader.dispose()
    if node is None or not isinstance(given, dict):
        raise Misconfigured(f"{name}: a mapping is needed, found {type(given).__name__}")
    lines: dict[tuple[str | int, ...], int] = {}
    _note_lines(node, (), lines)
    return Document(name, text, given, lines)


def _note_lines(
    node: yaml.Node, place: tuple[str | int, ...], lines: dict[tuple[str | int, ...], int]
) -> None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            at = (*place, key.value)
            lines[at] = key.start_mark.line + 1
            _note_lines(value, at, lines)
    elif isinstance(node, yaml.SequenceNode):
        for index, value in enumerate(node.value):
            at = (*place, index)
            lines[at] = value.start_mark.line + 1
            _note_lines(value, at, lines)
