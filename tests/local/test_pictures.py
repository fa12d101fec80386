"""The pictures of the docs: all of them are taken by the script, and it takes no others."""

import re
import struct
from pathlib import Path

import pytest

from local.pictures import IMAGES, LARGEST, PICTURES, WIDTH, Picture
from local.state import REPOSITORY

NAMES = [picture.name for picture in PICTURES]
SHOWN = re.compile(r"!\[[^\]]+\]\((?:docs/)?images/([^)]+)\.png\)")


def shown_in(page: Path) -> list[str]:
    return SHOWN.findall(page.read_text("utf-8"))


def test_the_guide_shows_every_picture_once_and_no_other() -> None:
    assert sorted(shown_in(REPOSITORY / "docs" / "operator.md")) == sorted(NAMES)


def test_no_page_shows_what_the_script_does_not_take() -> None:
    pages = [REPOSITORY / "README.md", *(REPOSITORY / "docs").rglob("*.md")]
    shown = {name for page in pages for name in shown_in(page)}
    assert "report" in shown
    assert shown <= set(NAMES)


def test_nothing_else_lies_beside_the_pictures() -> None:
    assert sorted(path.name for path in IMAGES.iterdir()) == sorted(f"{n}.png" for n in NAMES)


@pytest.mark.parametrize("picture", PICTURES, ids=NAMES)
def test_a_picture_is_as_it_was_asked_for(picture: Picture) -> None:
    data = (IMAGES / f"{picture.name}.png").read_bytes()
    assert data.startswith(b"\x89PNG\r\n\x1a\n")
    assert struct.unpack(">II", data[16:24]) == (WIDTH, picture.height)
    assert len(data) <= LARGEST
