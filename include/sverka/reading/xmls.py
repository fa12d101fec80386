"""XML, parsed without DTD, entities and network, into whatever a target builds."""

from collections.abc import Callable
from typing import Any, Protocol
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import XMLParser

from sverka.errors import Refusal
from sverka.reading.limits import MAX_DEPTH, hold_nodes, too_deep
from sverka.reading.texts import decoded

_CHUNK = 1 << 20


class Target(Protocol):
    """What the parser tells of the document as it goes through it."""

    def start(self, tag: str, attrs: dict[str, str]) -> None: ...
    def end(self, tag: str) -> None: ...
    def data(self, data: str) -> None: ...
    def close(self) -> Any: ...


def read_xml(data: bytes) -> Any:
    """The XML tree: `{root tag: [root]}`, see `RawFile.tree`. Namespaces are dropped.

    Raises:
        Refusal: see `parsed`; or nested too deep, or too many elements.
    """
    return parsed(data, _Tree)


def parsed(data: bytes, target: Callable[[], Target]) -> Any:
    """What a `target` has built at the end; a file whose declared encoding is not its own is read
    again, into another target, by its content.

    Raises:
        Refusal: cut off, not XML, or with entities of its own (XXE, billion laughs).
    """
    try:
        try:
            return _fed(data.strip() if data[:1].isspace() else data, target())
        except ParseError:
            # Given a text, the parser does not look at the encoding that the file declares.
            return _fed(decoded(data).strip(), target())
    except DefusedXmlException as error:
        raise Refusal(
            "в файле XML объявлены собственные сущности (DOCTYPE). Отчётам курьеров они не нужны, "
            "а прочитать такой файл небезопасно. Попросите у курьера обычный XML."
        ) from error
    except (ParseError, ValueError, LookupError) as error:
        raise Refusal("файл XML обрывается или испорчен. Скачайте его ещё раз целиком.") from error


def _fed(source: bytes | str, target: Target) -> Any:
    parser = XMLParser(target=target, forbid_dtd=True)
    for start in range(0, len(source), _CHUNK):
        parser.feed(source[start : start + _CHUNK])
    return parser.close()


class _Tree:
    """Builds the dicts directly: a tree of element objects beside them would double the memory."""

    def __init__(self) -> None:
        self._root: dict[str, Any] = {}
        self._open: list[tuple[dict[str, Any], list[str]]] = [(self._root, [])]
        self._nodes = 0

    def start(self, tag: str, attrs: dict[str, str]) -> None:
        self._nodes += 1 + len(attrs)
        hold_nodes(self._nodes)
        if len(self._open) > MAX_DEPTH:
            raise too_deep()
        node: dict[str, Any] = {f"@{local(name)}": value for name, value in attrs.items()}
        self._open[-1][0].setdefault(local(tag), []).append(node)
        self._open.append((node, []))

    def data(self, data: str) -> None:
        self._open[-1][1].append(data)

    def end(self, tag: str) -> None:  # noqa: ARG002 - the parser's own signature
        node, texts = self._open.pop()
        if text := "".join(texts).strip():
            node["#text"] = text

    def close(self) -> dict[str, Any]:
        return self._root


def local(name: str) -> str:
    """A tag or attribute name without its namespace."""
    return name.rpartition("}")[2]
