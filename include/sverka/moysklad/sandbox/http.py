"""Requests and answers as plain values, between the ASGI edge and the rules."""

import gzip
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode

from sverka.moysklad.sandbox.errors import BAD_REQUEST, TOO_LARGE, ApiError, malformed

API_ROOT = "/api/remap/1.2"
LARGEST_BODY = 20 * 1024 * 1024
"""Bytes in one request (MoySklad docs, «Ограничения»)."""
LARGEST_ARRAY = 1000
DEEPEST = 10
LARGEST_HEAD = 8 * 1024
"""Bytes of address and headers together (MoySklad docs, «Ограничения»)."""

_JSON_TYPE = "application/json;charset=utf-8"


@dataclass(frozen=True, slots=True)
class Request:
    """One request; `path` is without the API root for calls to the API, `origin` is scheme://host."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    origin: str

    @property
    def base(self) -> str:
        """The URL that all hrefs of this server begin with."""
        return self.origin + API_ROOT

    @property
    def head_bytes(self) -> int:
        """The length of the request line and the headers."""
        line = len(f"{self.method} {quote(API_ROOT + self.path)}?{self.query} HTTP/1.1\r\n")
        return line + sum(len(f"{name}: {value}\r\n") for name, value in self.headers.items())

    @property
    def parameters(self) -> dict[str, str]:
        """Query parameters, decoded; the last of equal names holds.

        Raises:
            ApiError: 1058, `>` or `<` was not percent-encoded (the real service answers 400).
        """
        if ">" in self.query or "<" in self.query:
            raise ApiError(BAD_REQUEST, 1058, "Не удалось декодировать параметры запроса из URL")
        # Not parse_qsl(separator=";"): the semicolon joins filter conditions.
        return dict(parse_qsl(self.query, keep_blank_values=True))

    def link(self, **changes: str) -> str:
        """This request's URL with other parameters, for nextHref and previousHref."""
        return f"{self.base}{self.path}?{urlencode({**self.parameters, **changes})}"

    def json(self) -> Any:
        """The body; numbers with a point are Decimal.

        Raises:
            ApiError: 1037, 1044, 2001, 2005, 2006 or 2007.
        """
        if self.headers.get("content-type", "").split(";")[0].strip() != "application/json":
            raise ApiError(BAD_REQUEST, 1037, "Неверно указан Content-Type запроса")
        if len(self.body) > LARGEST_BODY:
            raise ApiError(TOO_LARGE, 1044, "Превышен максимальный размер запроса")
        value = _parse(self.body)
        if not isinstance(value, dict | list):
            raise malformed(2005, "входящий JSON должен начинаться либо с объекта, либо с массива")
        if _depth(value) > DEEPEST:
            raise malformed(2006, "слишком большая вложенность объектов")
        if isinstance(value, list) and len(value) > LARGEST_ARRAY:
            raise ApiError(
                TOO_LARGE, 2007, "Ошибка формата: слишком большое число вложенных объектов"
            )
        return value


def _parse(body: bytes) -> Any:
    try:
        return json.loads(body, parse_float=Decimal, parse_constant=_no_constant)
    except ValueError as error:
        raise malformed(2001, "входящий запрос не соответствует формату JSON") from error


def _no_constant(name: str) -> Any:
    raise ValueError(f"{name} is not JSON")


def _depth(value: Any) -> int:
    if isinstance(value, dict):
        return 1 + max(map(_depth, value.values()), default=0)
    if isinstance(value, list):
        return max(map(_depth, value), default=0)
    return 0


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer; `content` is JSON, or text with another `media_type`; None is an empty body."""

    status: int = 200
    content: Any = None
    media_type: str = _JSON_TYPE
    headers: Mapping[str, str] = field(default_factory=dict)

    def encoded(self) -> bytes:
        """The bytes of the body, gzip-encoded; empty when there is no content."""
        if self.content is None:
            return b""
        text = self.content if isinstance(self.content, str) else dumps(self.content)
        return gzip.compress(text.encode(), compresslevel=1, mtime=0)


def dumps(content: Any) -> str:
    """JSON as MoySklad writes it: Russian letters as they are."""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


def refused(error: ApiError) -> Answer:
    """The answer to a request that broke a rule."""
    return Answer(error.status, error.body())
