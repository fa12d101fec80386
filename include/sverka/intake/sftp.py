"""SFTP that knows whom it talks to and does not choke on an old client's file names."""

import io
from collections.abc import Iterator
from typing import Any

import paramiko
from fsspec.implementations.sftp import SFTPFileSystem
from paramiko.hostkeys import HostKeyEntry
from paramiko.sftp import CMD_CLOSE, CMD_HANDLE, CMD_OPENDIR, CMD_READDIR

from sverka.errors import Misconfigured

CONNECT_SECONDS = 10
ANSWER_SECONDS = 60


class TolerantSFTP(paramiko.SFTPClient):
    """Names are bytes on the wire; those that are not UTF-8 come as surrogates, not as an error.

    Paramiko decodes strictly, so one name written by a Windows client in CP1251 would make the
    whole folder unreadable (paramiko `Message.get_text`).
    """

    _request: Any
    """Paramiko's own, without a type."""

    def _adjust_cwd(self, path: str | bytes) -> bytes:
        raw = path.encode("utf-8", "surrogateescape") if isinstance(path, str) else path
        return super()._adjust_cwd(raw)  # type: ignore[misc, no-any-return]

    def listdir_iter(self, path: str | bytes = ".", read_aheads: int = 50) -> Iterator[Any]:  # noqa: ARG002
        """Lists one request at a time; `read_aheads` is the base class's and has no use here."""
        kind, answer = self._request(CMD_OPENDIR, self._adjust_cwd(path))
        if kind != CMD_HANDLE:
            raise paramiko.SFTPError("the server gave no handle for the folder")
        handle = answer.get_string()
        try:
            while True:
                _, answer = self._request(CMD_READDIR, handle)
                yield from self._entries(answer)
        except EOFError:
            self._request(CMD_CLOSE, handle)

    @staticmethod
    def _entries(answer: paramiko.Message) -> Iterator[Any]:
        for _ in range(answer.get_int()):
            name = answer.get_string().decode("utf-8", "surrogateescape")
            long_name = answer.get_string().decode("utf-8", "surrogateescape")
            entry = paramiko.SFTPAttributes._from_msg(answer, name, long_name)  # type: ignore[attr-defined]
            if name not in {".", ".."}:
                yield entry


class PinnedSFTP(SFTPFileSystem):  # type: ignore[misc]
    """fsspec's SFTP filesystem that refuses a server whose key it does not know.

    Options: `host`, `port`, `username`, `password`, `private_key` (text of an OpenSSH key) or
    `key_filename`, `passphrase`, and `host_key` ("ssh-ed25519 AAAA…", as in `known_hosts`).
    Without `host_key` the key must be in this account's `~/.ssh/known_hosts`. fsspec's own default
    accepts any key at first sight, and here it would be first sight every time.
    """

    protocol = "sftp"

    def _connect(self) -> None:
        options = dict(self.ssh_kwargs)
        for name in ("skip_instance_cache", "use_listings_cache"):
            options.pop(name, None)
        self.client = paramiko.SSHClient()
        self.client.set_missing_host_key_policy(paramiko.RejectPolicy())
        host_key = options.pop("host_key", None)
        if host_key:
            self._pin(host_key, int(options.get("port", 22)))
        else:
            self.client.load_system_host_keys()
        private_key = options.pop("private_key", None)
        if private_key:
            options["pkey"] = _private_key(private_key, options.get("passphrase"))
        self.client.connect(
            self.host,
            timeout=CONNECT_SECONDS,
            banner_timeout=CONNECT_SECONDS,
            auth_timeout=CONNECT_SECONDS,
            allow_agent=False,
            look_for_keys=False,
            **options,
        )
        self._open_channel()

    def _open_channel(self) -> None:
        transport: Any = self.client.get_transport()
        transport.set_keepalive(30)
        session: Any = TolerantSFTP.from_transport(transport)
        # Without this a connection that died quietly would hang a look for ever.
        session.get_channel().settimeout(ANSWER_SECONDS)
        self.ftp = session

    def _pin(self, host_key: str, port: int) -> None:
        name = self.host if port == 22 else f"[{self.host}]:{port}"
        words = host_key.split()
        kinds = [at for at, word in enumerate(words) if word.startswith(("ssh-", "ecdsa-"))]
        entry = None
        if kinds:
            line = " ".join([name, *words[kinds[0] : kinds[0] + 2]])
            entry = HostKeyEntry.from_line(line)
        if entry is None or entry.key is None:
            raise Misconfigured(
                "host_key is not understood; expected «ssh-ed25519 AAAA…», the second and third "
                "words of a line that ssh-keyscan prints"
            )
        self.client.get_host_keys().add(name, entry.key.get_name(), entry.key)

    def cat_file(
        self, path: str, start: int | None = None, end: int | None = None, **kwargs: Any
    ) -> bytes:
        """The whole file with requests sent ahead; a plain read waits a round trip per 32 KB."""
        if start is not None or end is not None:
            return super().cat_file(path, start=start, end=end, **kwargs)  # type: ignore[no-any-return]
        content = io.BytesIO()
        self.ftp.getfo(self._strip_protocol(path), content)
        return content.getvalue()

    def close(self) -> None:
        """Ends the session."""
        self.client.close()


def _private_key(text: str, passphrase: str | None) -> paramiko.PKey:
    for kind in (paramiko.Ed25519Key, paramiko.ECDSAKey, paramiko.RSAKey):
        try:
            return kind.from_private_key(io.StringIO(text), passphrase)
        except paramiko.PasswordRequiredException as error:
            raise Misconfigured("the private key is encrypted and has no passphrase") from error
        except (paramiko.SSHException, ValueError):
            continue
    raise Misconfigured("the private key is neither Ed25519, ECDSA nor RSA")
