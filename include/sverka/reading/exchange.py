"""1CClientBankExchange, the text in which banks give statements to 1C.

Format: «Обмен данными с системой Клиент банка», 1C's standard of 1.01 to 1.03: `key=value` lines,
sections of accounts and documents. Banks add keys of their own, repeat keys and break long values.
"""

import re
from typing import Any

from sverka.errors import Refusal
from sverka.reading.limits import hold_nodes
from sverka.reading.texts import cut_text

MAGIC = b"1CClientBankExchange"

_ROOT = MAGIC.decode("ascii")
_DECLARED = (
    (re.compile(rb"=\s*windows", re.IGNORECASE), "cp1251"),
    (re.compile(rb"=\s*dos", re.IGNORECASE), "cp866"),
    (re.compile(rb"=\s*utf-?8", re.IGNORECASE), "utf-8-sig"),
)
_HEAD = 4096
_END = "КонецФайла"
_ACCOUNT, _ACCOUNT_END = "СекцияРасчСчет", "КонецРасчСчет"
_DOCUMENT, _DOCUMENT_END = "СекцияДокумент", "КонецДокумента"
_SECTIONS = {_ACCOUNT: _ACCOUNT_END, _DOCUMENT: _DOCUMENT_END}
_LISTS = ("РасчСчет", "Документ")
"""Keys of the head that repeat, one for each account and each kind of document."""
_KEY = re.compile(r"[A-Za-zА-Яа-яЁё][\w ]{0,60}")


def read_exchange(data: bytes) -> dict[str, Any]:
    """The tree `{"1CClientBankExchange": [head]}` with `СекцияРасчСчет` and `СекцияДокумент`.

    Values are text; an empty one is "". A key that a section gives twice has a list of its values.
    A document's kind is `@вид`. A line without a key continues the value above it.

    Raises:
        Refusal: cut off: without `КонецФайла`, or a section that never ends.
    """
    hold_nodes(max(data.count(b"\n"), data.count(b"\r")))
    lines = re.split(r"\r\n|\n|\r", _text(data))
    reader = _Reader()
    for number, line in enumerate(lines[1:], 2):
        if line.strip() == _END:
            return reader.tree(number)
        reader.take(line, number)
    raise _cut(len(lines))


def _text(data: bytes) -> str:
    """UTF-8 that spells the sections wins over a wrong `Кодировка=Windows`, which banks leave in."""
    declared = [encoding for sign, encoding in _DECLARED if sign.search(data, 0, _HEAD)]
    fallback: str | None = None
    for encoding in ("utf-8-sig", *declared, "cp1251", "cp866"):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        if _DOCUMENT in text or _END in text:
            return text
        fallback = fallback or text
    if fallback is None:
        raise cut_text()
    return fallback


class _Reader:
    def __init__(self) -> None:
        self._head: dict[str, Any] = {key: [] for key in (*_LISTS, *_SECTIONS)}
        self._section: dict[str, Any] | None = None
        self._name = ""
        self._last = ""

    def take(self, line: str, number: int) -> None:
        bare = line.strip()
        key, equals, value = (part.strip() for part in bare.partition("="))
        if key in _SECTIONS:
            self._open(key, value, number)
        elif self._section is not None and bare == _SECTIONS[self._name]:
            self._section, self._last = None, ""
        elif equals and _KEY.fullmatch(key):
            self._put(key, value)
        elif bare:
            self._go_on(bare, number)

    def tree(self, number: int) -> dict[str, Any]:
        if self._section is not None:
            raise _cut(number)
        return {_ROOT: [self._head]}

    def _open(self, key: str, value: str, number: int) -> None:
        if self._section is not None:
            raise _cut(number)
        self._section = {"@вид": value} if key == _DOCUMENT else {}
        self._name, self._last = key, ""
        self._head[key].append(self._section)

    def _put(self, key: str, value: str) -> None:
        node = self._head if self._section is None else self._section
        self._last = key
        if key not in node:
            node[key] = value
        elif isinstance(node[key], list):
            node[key].append(value)
        else:
            node[key] = [node[key], value]

    def _go_on(self, text: str, number: int) -> None:
        node = self._head if self._section is None else self._section
        if not self._last:
            raise Refusal(
                f"в выписке стоит строка, которой там не должно быть: «{text[:60]}». Выгрузите выписку "
                "из банка ещё раз в формате 1С.",
                line_no=number,
            )
        value = node[self._last]
        if isinstance(value, list):
            value[-1] = f"{value[-1]} {text}".strip()
        else:
            node[self._last] = f"{value} {text}".strip()


def _cut(number: int) -> Refusal:
    return Refusal(
        "выписка банка обрывается: нет конца файла или документа. Выгрузите её из банка ещё раз целиком.",
        line_no=number,
    )
