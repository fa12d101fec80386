"""Whatever the bytes are, reading ends in tables, a tree or a refusal in Russian."""

import re
import zipfile
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sverka.errors import Refusal
from sverka.reading import RawFile, read
from tests.reading.test_containers import CUT
from tests.support.containers import zipped

FILES = {kind: build() for kind, build in CUT.items()}
PACKED = [kind for kind, data in FILES.items() if data.startswith(b"PK")]
CHANGES = st.lists(
    st.tuples(
        st.integers(0, 1 << 30), st.sampled_from(["set", "cut", "add"]), st.binary(max_size=8)
    ),
    min_size=1,
    max_size=6,
)


def outcome(data: bytes) -> RawFile | Refusal:
    try:
        return read(data, "файл")
    except Refusal as refusal:
        return refusal


def ends_well(data: bytes) -> None:
    ended = outcome(data)
    if isinstance(ended, Refusal):
        assert re.search("[а-яё]{3}", str(ended))
        assert not re.search(r"Error|Exception|Traceback", str(ended))
        return
    assert ended.tables or ended.tree is not None
    for table in ended.tables:
        assert all(cell is None or cell for row in table.rows for cell in row)


def changed(data: bytes, changes: list[tuple[int, str, bytes]]) -> bytes:
    out = bytearray(data)
    for where, how, by in changes:
        at = where % (len(out) + 1)
        if how == "set":
            out[at : at + len(by)] = by
        elif how == "cut":
            del out[at : at + 1 + len(by) * 4]
        else:
            out[at:at] = by
    return bytes(out)


@given(st.binary(max_size=400))
def test_random_bytes(data: bytes) -> None:
    ends_well(data)


@given(st.text(max_size=300), st.sampled_from(["utf-8", "utf-16", "cp1251", "cp866"]))
def test_random_texts(text: str, encoding: str) -> None:
    ends_well(text.encode(encoding, "replace"))


@pytest.mark.parametrize("kind", FILES)
@settings(max_examples=60)
@given(changes=CHANGES)
def test_damaged_files(kind: str, changes: list[tuple[int, str, bytes]]) -> None:
    ends_well(changed(FILES[kind], changes))


@pytest.mark.parametrize("kind", PACKED)
@settings(max_examples=60)
@given(changes=CHANGES, member=st.integers(0, 20))
def test_damaged_parts_with_true_checksums(
    kind: str, changes: list[tuple[int, str, bytes]], member: int
) -> None:
    with zipfile.ZipFile(BytesIO(FILES[kind])) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    name = list(parts)[member % len(parts)]
    ends_well(zipped(parts | {name: changed(parts[name], changes)}, stored=True))
