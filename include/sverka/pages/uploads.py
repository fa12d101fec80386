"""Files that people drop on the page: put into the landing zone as a careful sender would."""

from collections.abc import Collection
from pathlib import PurePosixPath

from sverka.intake.names import is_temporary, path_part, shown_name
from sverka.intake.zones import Zone
from sverka.services import Services

MOST_BYTES = 200 * 2**20
"""Of one upload; a report of a million rows is a tenth of it."""

MOST_FILES = 50


def safe_name(given: str) -> str:
    """The name without folders and without what a filesystem, a log or a page could trip over.

    A name that the zone would pass over as unfinished loses what says so.
    """
    name = path_part(shown_name(given.replace("\\", "/").rpartition("/")[2]))
    while is_temporary(name):
        name = f"файл {name.lstrip('.~$')}" if name.startswith((".", "~$")) else f"{name}.bin"
    return name


def free_name(name: str, taken: Collection[str]) -> str:
    """The name, or the name with a number where the zone has one already, in any case of letters."""
    used = {one.casefold() for one in taken}
    stem, suffix = PurePosixPath(name).stem, PurePosixPath(name).suffix
    number, free = 1, name
    while free.casefold() in used:
        number += 1
        free = f"{stem} ({number}){suffix}"
    return free


def put(services: Services, zone: Zone, given: str, local: str) -> str:
    """Copies a file of this machine into the zone; returns the name it has there.

    Nothing that lies there is replaced: one upload at a time looks for a free name.

    Raises:
        Away: the zone does not answer.
    """
    with services.hold(f"upload {zone.name}"):
        name = free_name(safe_name(given), [entry.name for entry in zone.look()])
        zone.take_in(name, local)
    return name
