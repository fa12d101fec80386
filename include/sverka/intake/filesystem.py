"""One way to open a folder on this machine, a bucket or an SFTP directory."""

from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

from sverka.errors import Misconfigured

S3_PATIENCE = {"connect_timeout": 10, "read_timeout": 60, "retries": {"max_attempts": 3}}
"""Seconds. Botocore's own default waits 60 s for a connection, five times over."""


def open_filesystem(url: str, options: dict[str, Any]) -> tuple[Any, str]:
    """A new fsspec filesystem and the root path on it, without a slash at the end.

    Never a cached instance and never a cached listing: s3fs shows no new keys from its cache, and
    a cached SFTP session stays dead after the server drops it. `url` is a path, `file://`,
    `s3://bucket/prefix`, `sftp://user@host:port/dir`, or any other URL that fsspec knows;
    `options` are fsspec storage options and win over the URL.

    Raises:
        Misconfigured: the URL has no folder.
        OSError: nobody answers there (SFTP connects at once).
    """
    protocol, _, rest = url.rpartition("://")
    if protocol in {"", "file", "local"}:
        # `Path.as_uri` writes a space or a Cyrillic letter with percent signs; a plain path does not.
        return _local(unquote(rest) if protocol else rest)
    if protocol == "sftp":
        return _sftp(url, options)
    if protocol == "s3":
        return _s3(rest, options)
    from fsspec.core import url_to_fs

    filesystem, root = url_to_fs(url, skip_instance_cache=True, use_listings_cache=False, **options)
    return filesystem, str(root)


def _local(path: str) -> tuple[Any, str]:
    from fsspec.implementations.local import LocalFileSystem

    if not PurePosixPath(path).is_absolute():
        raise Misconfigured(f"a folder needs an absolute path, not «{path}»")
    return LocalFileSystem(skip_instance_cache=True), path.rstrip("/")


def _sftp(url: str, options: dict[str, Any]) -> tuple[Any, str]:
    from sverka.intake.sftp import PinnedSFTP

    parts = urlsplit(url)
    known = {
        "host": parts.hostname,
        "port": parts.port,
        "username": unquote(parts.username) if parts.username else None,
        "password": unquote(parts.password) if parts.password else None,
    }
    known = {key: value for key, value in known.items() if value is not None} | options
    if not known.get("host"):
        raise Misconfigured(f"«{url}» names no SFTP server")
    return PinnedSFTP(**known, skip_instance_cache=True), unquote(parts.path).rstrip("/")


def _s3(path: str, options: dict[str, Any]) -> tuple[Any, str]:
    from s3fs import S3FileSystem

    if not path.strip("/"):
        raise Misconfigured("an s3:// URL needs a bucket")
    config = S3_PATIENCE | options.get("config_kwargs", {})
    filesystem = S3FileSystem(
        **{**options, "config_kwargs": config}, skip_instance_cache=True, use_listings_cache=False
    )
    return filesystem, path.strip("/")
