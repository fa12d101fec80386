"""Values deep in a tree: a path of keys, with lists on the way."""

from collections.abc import Iterator
from typing import Any

from sverka.recognition.statement_facts import Path


def nodes_at(node: Any, path: Path) -> Iterator[Any]:
    """What stands at the end of the path; a list is walked item by item."""
    if isinstance(node, list):
        for item in node:
            yield from nodes_at(item, path)
    elif not path:
        yield node
    elif isinstance(node, dict) and path[0] in node:
        yield from nodes_at(node[path[0]], path[1:])


def texts_at(node: Any, path: Path) -> list[str]:
    """The different filled texts at the end of the path, in the order of the file."""
    found = (end.get("#text") if isinstance(end, dict) else end for end in nodes_at(node, path))
    texts = (" ".join(text.split()) for text in found if isinstance(text, str))
    return list(dict.fromkeys(text for text in texts if text))
