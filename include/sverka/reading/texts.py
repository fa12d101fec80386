"""The encoding of a text, told from its bytes."""

import codecs
from collections import Counter

from sverka.errors import Refusal

_SAMPLE = 200_000
_CHUNK = 1 << 20
_COMMON = frozenset("оеаинтсрвлОЕАИНТСРВЛ")
"""The commonest Russian letters: the right one of two Cyrillic encodings gives more of them."""
_STEMS = (
    *("заказ", "номер", "сумм", "дата", "итог", "оплат", "достав", "получ", "перечисл", "курьер"),
    *("возврат", "услуг", "отправ", "комисс", "статус", "реестр", "отч", "налож", "платеж", "рубл"),
    *("наимен", "товар", "вручен", "период", "договор", "город", "кол-во", "секция", "банк"),
)
"""Pieces of words that stand in reports; bytes in another encoding do not spell them by chance."""
_ONE_BYTE = ("cp1251", "cp866", "koi8-r")


def decoded(data: bytes) -> str:
    """The whole text.

    Raises:
        Refusal: not text, or cut off in the middle of a sign.
    """
    try:
        text = data.decode(encoding_of(data))
    except UnicodeDecodeError as error:
        raise cut_text() from error
    if "\0" in text:
        raise not_text()
    return text


def encoding_of(data: bytes) -> str:
    """UTF-8, UTF-16 and UTF-32 with or without their mark, else cp1251, cp866 or koi8-r.

    koi8-r is believed only when words of reports are spelled by it and by no other encoding.

    Raises:
        Refusal: not text, or UTF-8 with damaged places.
    """
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return "utf-32"
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if (unmarked := _unmarked_utf16(data)) is not None:
        return unmarked
    if b"\0" in data:
        raise not_text()
    if _is_utf8(data):
        return "utf-8-sig"
    if data.startswith(codecs.BOM_UTF8) or _was_utf8(data[:_SAMPLE]):
        raise cut_text()
    return _one_byte(data)


def _unmarked_utf16(data: bytes) -> str | None:
    """UTF-16 without its mark: one byte of almost every pair is 0 (Latin) or 4 (Cyrillic)."""
    sample = data[:1000]
    pairs = len(sample) // 2
    for encoding, high in (("utf-16-le", sample[1::2]), ("utf-16-be", sample[::2])):
        if pairs and 0 in high and (high.count(0) + high.count(4)) * 10 > pairs * 8:
            return encoding
    return None


def _is_utf8(data: bytes) -> bool:
    """True when all bytes are UTF-8; the text is never held whole."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    view = memoryview(data)
    try:
        for start in range(0, len(data), _CHUNK):
            decoder.decode(view[start : start + _CHUNK])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _was_utf8(sample: bytes) -> bool:
    """True when most Russian letters are UTF-8 pairs: the rest is damage, not another encoding."""
    high = sum(byte > 0x7F for byte in sample)
    russian = sum("\u0400" <= sign <= "\u04ff" for sign in sample.decode("utf-8", "ignore"))
    return russian * 2 * 2 > high


def _one_byte(data: bytes) -> str:
    if any(code in data[:4000] for code in range(9)):
        raise not_text()
    sample = data[:_SAMPLE]
    words = {encoding: _words(sample, encoding) for encoding in _ONE_BYTE}
    told = [encoding for encoding in _ONE_BYTE if words[encoding]]
    if len(told) == 1 and (told[0] != "koi8-r" or words["koi8-r"] > 1):
        return told[0]
    score = {encoding: _letters(sample, encoding) for encoding in ("cp1251", "cp866")}
    return "cp866" if score["cp866"] > score["cp1251"] else "cp1251"


def _words(sample: bytes, encoding: str) -> int:
    text = sample.decode(encoding, "replace").lower()
    return sum(stem in text for stem in _STEMS)


def _letters(sample: bytes, encoding: str) -> int:
    signs = Counter(sample.decode(encoding, "replace"))
    return sum(count for sign, count in signs.items() if sign in _COMMON)


def not_text() -> Refusal:
    """The refusal of bytes that are neither a text nor anything else that is known."""
    return Refusal(
        "содержимое файла не похоже на отчёт: это не таблица Excel, не CSV, не XML и не JSON. "
        "Скачайте отчёт у курьера ещё раз или попросите его в формате XLSX."
    )


def cut_text() -> Refusal:
    """The refusal of a text that is cut off or damaged."""
    return Refusal(
        "файл обрывается посередине или повреждён: текст не читается до конца. "
        "Скачайте отчёт у курьера ещё раз."
    )
