"""What the domain says when it refuses, read out of its source: every sentence with its place."""

import ast
import importlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

DOMAIN = Path(__file__).resolve().parents[2] / "include" / "sverka"


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence as far as the source tells it; `…` stands for what only a run knows."""

    place: str
    text: str

    @property
    def known(self) -> bool:
        """Whether the source tells how it begins; what a run puts there decides otherwise."""
        return not self.text.startswith("…")


def arguments(rooms: tuple[str, ...], calls: frozenset[str], at: int = 0) -> Iterator[Said]:
    """The argument at this place of every call of these names, in these rooms of the domain."""
    for path, module, tree in _modules(rooms):
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and len(node.args) > at and _name(node.func) in calls:
                yield Said(_place(path, node), _text(node.args[at], module))


def returned(room: str) -> Iterator[Said]:
    """Every sentence that a function of the module gives back."""
    for path, module, tree in _modules((room,)):
        for node in ast.walk(tree):
            if isinstance(node, ast.Return) and node.value is not None:
                said = Said(_place(path, node), _text(node.value, module))
                if " " in said.text:
                    yield said


def constants(room: str) -> Iterator[Said]:
    """The module's sentences that have a name: `PAID = "…"`."""
    for path, module, tree in _modules((room,)):
        for node in tree.body:
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
                value = getattr(module, node.targets[0].id)
                if isinstance(value, str) and " " in value:
                    yield Said(_place(path, node), value)


def words_in(rooms: tuple[str, ...]) -> Iterator[str]:
    """Every text of these rooms, whatever becomes of it."""
    for _, module, tree in _modules(rooms):
        for node in ast.walk(tree):
            match node:
                case ast.JoinedStr():
                    yield _text(node, module)
                case ast.Constant(value=str(text)):
                    yield text


def _modules(rooms: tuple[str, ...]) -> Iterator[tuple[Path, ModuleType, ast.Module]]:
    for room in rooms:
        for path in sorted(DOMAIN.glob(f"{room}.py")) or sorted((DOMAIN / room).rglob("*.py")):
            dotted = ".".join(path.relative_to(DOMAIN.parent).with_suffix("").parts)
            module = importlib.import_module(dotted.removesuffix(".__init__"))
            yield path, module, ast.parse(path.read_text(encoding="utf-8"))


def _place(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(DOMAIN)}:{getattr(node, 'lineno', 0)}"


def _name(called: ast.expr) -> str:
    return called.attr if isinstance(called, ast.Attribute) else getattr(called, "id", "")


def _text(node: ast.expr, module: ModuleType) -> str:
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.JoinedStr(values=parts):
            return "".join(_text(part, module) for part in parts)
        case ast.FormattedValue(value=inner):
            return _text(inner, module)
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            return _text(left, module) + _text(right, module)
        case ast.Name(id=name) if isinstance(getattr(module, name, None), str):
            return str(getattr(module, name))
        case _:
            return "…"
