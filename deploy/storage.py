"""`python -m deploy.storage save | load`: all objects of Sverka's buckets as one tar, for backups.

`save` writes the tar to standard output, `load` reads it from standard input. Task logs are left
out: they are no books. Works with any storage that fsspec opens, so a backup of one can be loaded
into another.
"""

import io
import json
import os
import sys
import tarfile
import tempfile
from collections.abc import Iterator, Mapping
from typing import IO, Any

Filesystems = dict[str, tuple[Any, str]]
"""Name in the tar → filesystem and root."""


def main(arguments: list[str], environ: Mapping[str, str] = os.environ) -> int:
    """Says on standard error how many objects there were."""
    places = _places(environ)
    if arguments == ["save"]:
        count = save(places, sys.stdout.buffer)
    elif arguments == ["load"]:
        count = load(places, sys.stdin.buffer)
    else:
        print(__doc__, file=sys.stderr)
        return 2
    print(f"{count} objects", file=sys.stderr)
    return 0


def save(places: Filesystems, out: IO[bytes]) -> int:
    """Writes every object; one that is removed meanwhile is passed over (an inbox is emptied)."""
    count = 0
    with tarfile.open(fileobj=out, mode="w|", format=tarfile.PAX_FORMAT) as tar:
        for name, path, copy in _objects(places):
            entry = tarfile.TarInfo(f"{name}/{path}")
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


def _objects(places: Filesystems) -> Iterator[tuple[str, str, IO[bytes]]]:
    for name, (filesystem, root) in places.items():
        for path in sorted(filesystem.find(root)):
            with tempfile.SpooledTemporaryFile(max_size=16 << 20) as copy:
                try:
                    with filesystem.open(path, "rb") as content:
                        while piece := content.read(1 << 20):
                            copy.write(piece)
                except FileNotFoundError:
                    continue
                yield name, path[len(root) + 1 :], io.BufferedReader(copy)  # type: ignore[type-var]


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
