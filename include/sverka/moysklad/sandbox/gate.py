"""What every request must carry before any rule of a document is asked.

MoySklad docs, «Общие сведения»: gzip is mandatory, `Accept` has one allowed value, and who calls
is known from Basic or Bearer.
"""

import base64
import binascii
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from sverka.moysklad.sandbox.errors import BAD_REQUEST, ApiError

_ACCEPTED = {"", "*/*", "application/json;charset=utf-8"}


@dataclass(frozen=True, slots=True)
class Credentials:
    """Who may call: one user with a login, a password and a token that is valid from the start."""

    login: str = "admin@sandbox"
    password: str = "sandbox"  # noqa: S105 - a public word: the sandbox guards nothing
    token: str = "sandbox"  # noqa: S105


class NoGzip(Exception):
    """415 with an empty body."""


def require_gzip(headers: Mapping[str, str]) -> None:
    """Raises NoGzip unless the caller accepts gzip."""
    encodings = headers.get("accept-encoding", "").lower().split(",")
    if not any(encoding.split(";")[0].strip() == "gzip" for encoding in encodings):
        raise NoGzip


def require_accept(headers: Mapping[str, str]) -> None:
    """Raises ApiError 1062 for any `Accept` but the documented one (or none at all)."""
    accept = headers.get("accept", "").replace(" ", "").lower()
    if accept not in _ACCEPTED:
        raise ApiError(
            BAD_REQUEST,
            1062,
            "Неверное значение заголовка 'Accept'. "
            "Поддерживается только значение 'application/json;charset=utf-8'",
        )


def caller(
    headers: Mapping[str, str], credentials: Credentials, owner_of: Callable[[str], str | None]
) -> str:
    """The login of the caller; `owner_of` tells whose token it is.

    Raises:
        ApiError: 401 with code 1056.
    """
    scheme, _, value = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        login = owner_of(value.strip())
        if login is not None:
            return login
        raise _unknown("неверный токен доступа")
    if scheme.lower() == "basic":
        if _decoded(value) == f"{credentials.login}:{credentials.password}":
            return credentials.login
        raise _unknown("неправильный пароль или имя пользователя")
    raise _unknown("отсутствует заголовок Authorization")


def is_basic(headers: Mapping[str, str]) -> bool:
    """Whether the caller came with a password: only then a token is issued."""
    return headers.get("authorization", "").lower().startswith("basic ")


def _decoded(value: str) -> str:
    try:
        return base64.b64decode(value, validate=True).decode()
    except (binascii.Error, UnicodeDecodeError):
        return ""


def _unknown(text: str) -> ApiError:
    return ApiError(401, 1056, f"Ошибка аутентификации: {text}")
