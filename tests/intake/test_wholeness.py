"""Bytes that show that their sender has not finished."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sverka.intake.wholeness import looks_cut_off


def a_zip(comment: bytes = b"") -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>" * 100)
        archive.writestr("[Content_Types].xml", "<Types/>" * 100)
        archive.comment = comment
    return content.getvalue()


WHOLE = [
    a_zip(),
    a_zip(b"c" * 65535),
    b"<report/>",
    b"\xef\xbb\xbf  <report></report>\r\n\n",
    "\ufeff<report></report>\n".encode("utf-16-le"),
    "\ufeff<report></report>".encode("utf-16-be"),
    b'{"a": 1}',
    b"[1, 2]\n",
    b"a;b\r\n1;2",
    b"\xd0\xcf\x11\xe0 an old xls",
    b"x",
]

CUT_OFF = [
    b"",
    a_zip()[:-30],
    b"PK\x03\x04",
    b"<report><line",
    b"\xef\xbb\xbf<report></rep",
    "\ufeff<report></rep".encode("utf-16-le"),
    b'{"lines": [{"a": 1}]',
    b"[1, 2",
]


@pytest.mark.parametrize("data", WHOLE)
def test_whole_files_are_let_in(data: bytes) -> None:
    assert not looks_cut_off(data)


@pytest.mark.parametrize("data", CUT_OFF)
def test_cut_off_files_are_seen(data: bytes) -> None:
    assert looks_cut_off(data)


def test_a_cut_between_two_objects_cannot_be_seen() -> None:
    """Only the last visible byte is looked at; the reader refuses such a file with words."""
    assert not looks_cut_off(b'{"lines": [{"a": 1}')
    assert not looks_cut_off(b"<report><line>")


@given(st.integers(0, len(a_zip()) - 22))
def test_a_workbook_cut_anywhere_is_seen(length: int) -> None:
    data = a_zip()[:length]
    assert looks_cut_off(data) or not data.startswith(b"PK\x03\x04")


@given(st.binary(max_size=200))
def test_no_bytes_break_the_look(data: bytes) -> None:
    assert looks_cut_off(data) in {True, False}
