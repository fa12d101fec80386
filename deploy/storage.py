"""`python -m deploy.storage save reports | save others | load`: Sverka's buckets as tars, for backups.

`save` writes a tar to standard output, `load` reads one from standard input. Reports are apart,
because the heads of the journal are published among them: copied after the journal, they would name
links that the copy of it does not have. Task logs are left out: they are no books. Works with any
storage that fsspec opens, so a backup of one can be loaded into another.
"""

import io
import json
import os
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from typing import IO, Any

REPORTS = "storage/reports/"
"""Where the tar has what is published."""

Filesystems = dict[str, tuple[Any, str]]
"""Name in the tar → filesystem and root."""


def main(arguments: list[str], environ: Mapping[str, str] = os.environ) -> int:
    """Says on standard error how many objects there were."""
    places = _places(environ)
    if arguments in (["save", "reports"], ["save", "others"]):
        count = save(places, sys.stdout.buffer, reports=arguments[1] == "reports")
    elif arguments == ["load"]:
        count = load(places, sys.stdin.buffer)
    else:
        print(__doc__, file=sys.stderr)
        return 2
    print(f"{count} objects", file=sys.stderr)
    return 0


def save(places: Filesystems, out: IO[bytes], *, reports: bool) -> int:
    """Writes the published reports, or all other objects.

    One that is removed meanwhile is passed over (an inbox is emptied).
    """
    count = 0
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for name, copy in _objects(places, reports=reports):
            entry = tarfile.TarInfo(name)
            entry.size = copy.seek(0, os.SEEK_END)
            copy.seek(0)
            tar.addfile(entry, copy)
            count += 1
    return count


def load(places: Filesystems, source: IO[bytes]) -> int:
    """Puts every object back under its name.

    Raises:
        ValueError: the tar names a place that this installation has not.
    """
    count = 0
    with tarfile.open(fileobj=source, mode="r|") as tar:
        for entry in tar:
            name, _, path = entry.name.partition("/")
            if name not in places:
                raise ValueError(f"{entry.name}: there is no place named {name}")
            filesystem, root = places[name]
            content = tar.extractfile(entry)
            if content is not None:
                filesystem.pipe_file(f"{root}/{path}", content.read())
                count += 1
    return count


def _objects(places: Filesystems, *, reports: bool) -> Iterator[tuple[str, IO[bytes]]]:
    for place, (filesystem, root) in places.items():
        for path in sorted(filesystem.find(root)):
            name = f"{place}/{path[len(root) + 1 :]}"
            if name.startswith(REPORTS) is not reports:
                continue
            with tempfile.SpooledTemporaryFile(max_size=16 << 20) as copy:
                try:
                    with filesystem.open(path, "rb") as content:
                        while piece := content.read(1 << 20):
                            copy.write(piece)
                except FileNotFoundError:
                    continue
                yield name, io.BufferedReader(copy)  # type: ignore[type-var]


def _places(environ: Mapping[str, str]) -> Filesystems:
    """The storage, and the S3 inbox with what nobody has taken yet."""
    from sverka.intake.filesystem import open_filesystem

    options = json.loads(environ.get("SVERKA_STORAGE_OPTIONS", "{}"))
    urls = {"storage": environ["SVERKA_STORAGE_URL"]}
    for zone in json.loads(environ.get("SVERKA_INBOXES", "[]")):
        if zone["url"].startswith("s3://"):
            urls[f"inbox-{zone['name']}"] = zone["url"]
    return {name: open_filesystem(url, options) for name, url in urls.items()}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
