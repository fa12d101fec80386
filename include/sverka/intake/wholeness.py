"""Whether the bytes of a file look as if its sender has not finished."""

END_OF_ZIP = b"PK\x05\x06"
END_OF_ZIP_WITHIN = 22 + 65535
"""The end-of-central-directory record and the longest comment behind it (APPNOTE.TXT, 4.3.16)."""

SIGNS_OF_TEXT = {b"<": (b">",), b"{": (b"}",), b"[": (b"]",)}
"""XML and JSON: how the text begins and how it must end."""


def looks_cut_off(data: bytes) -> bool:
    """True for an empty file, a ZIP (XLSX) without its directory, an XML or JSON without an end.

    A CSV cannot show that it is cut off; its totals do that later.
    """
    if not data:
        return True
    if data.startswith(b"PK\x03\x04"):
        return END_OF_ZIP not in data[-END_OF_ZIP_WITHIN:]
    beginning = _visible(data[:64])[:1]
    endings = SIGNS_OF_TEXT.get(beginning)
    return endings is not None and not _visible(data[-64:]).endswith(endings)


def _visible(data: bytes) -> bytes:
    """Without byte-order marks, the zero bytes of UTF-16 and white space."""
    for mark in (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"):
        data = data.removeprefix(mark)
    return data.replace(b"\x00", b"").strip()
