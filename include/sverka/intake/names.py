"""File names as people give them, made fit for databases, keys and other filesystems."""

import re
import unicodedata
from collections.abc import Callable
from pathlib import PurePosixPath

PARTITION_KEY_LIMIT = 250
"""Airflow's column for partition keys (`airflow.models.dagrun`)."""
PATH_PART_LIMIT = 200
"""Bytes; filesystems allow 255 and the quarantine adds a hash before and a word after."""
HASH_LENGTH = 12
BETWEEN = " · "

TEMPORARY_BEGINNINGS = (".", "~$")
TEMPORARY_ENDINGS = (
    ".part",
    ".partial",
    ".tmp",
    ".filepart",
    ".crdownload",
    ".download",
    ".upload",
)
"""What WinSCP, browsers and editors call a file that is not whole yet."""
OF_WINDOWS = {"thumbs.db", "desktop.ini"}
"""Windows puts these into shared folders by itself."""


def is_temporary(name: str) -> bool:
    """Whether the name says that the file is not a finished one, or is nobody's report."""
    lower = name.casefold()
    return (
        lower.startswith(TEMPORARY_BEGINNINGS)
        or lower.endswith(TEMPORARY_ENDINGS)
        or lower in OF_WINDOWS
    )


def shown_name(name: str) -> str:
    """The name for people, databases and logs: valid Unicode, one spelling, one line.

    A name that is not UTF-8 is read as CP1251, which is what older Windows clients write. macOS
    spells «й» as two characters; a person searching for the name types one.
    """
    one_line = re.sub(r"[\x00-\x1f\x7f\u2028\u2029]+", " ", _decoded(name))
    return unicodedata.normalize("NFC", one_line).strip() or "без имени"


def _decoded(name: str) -> str:
    try:
        name.encode("utf-8")
    except UnicodeEncodeError:
        surrogates = re.sub("[\ud800-\udc7f\udd00-\udfff]", "\ufffd", name)
        return surrogates.encode("utf-8", "surrogateescape").decode("cp1251", "replace")
    return name


def partition_key(name: str, sha256: str) -> str:
    """The run's name in Airflow: the file's name and the beginning of its hash, ≤ 250 characters."""
    tail = BETWEEN + sha256[:HASH_LENGTH]
    return _shortened(name, PARTITION_KEY_LIMIT - len(tail), len) + tail


def path_part(name: str) -> str:
    """The name as one part of a path on any filesystem, Windows shares among them."""
    safe = re.sub(r'[\\/:*?"<>|\x00-\x1f\x7f]+', "_", name).strip(" .") or "_"
    return _shortened(safe, PATH_PART_LIMIT, lambda text: len(text.encode()))


def _shortened(name: str, limit: int, size: Callable[[str], int]) -> str:
    """Cuts the middle out, so that the beginning and the extension stay."""
    if size(name) <= limit:
        return name
    suffix = PurePosixPath(name).suffix
    ending = "…" + (suffix if len(suffix) <= 12 else "")
    stem = name[:limit]
    while size(stem + ending) > limit:
        stem = stem[:-1]
    return stem.rstrip() + ending
