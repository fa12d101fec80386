"""What the sandbox refuses, in MoySklad's own shape, codes and words.

Codes and texts: MoySklad docs, «Ошибки». The HTTP status is documented only for some codes; where
it is not, a malformed request gets 400 and a rejected value 412, as «Обработка ошибок» groups them.
"""

from collections.abc import Sequence
from typing import Any

BAD_REQUEST = 400
FORBIDDEN = 403
NOT_FOUND = 404
IN_USE = 409
REJECTED = 412
TOO_LARGE = 413
TOO_MANY = 429

_MORE_INFO = "https://dev.moysklad.ru/doc/api/remap/1.2/#error_"


class ApiError(Exception):
    """One refusal: HTTP status, vendor code (None where the vendor has none) and Russian text.

    `dependencies` are the metas of what stands in the way of a deletion.
    """

    def __init__(
        self,
        status: int,
        code: int | None,
        text: str,
        *,
        parameter: str | None = None,
        dependencies: Sequence[dict[str, Any]] = (),
    ) -> None:
        self.status = status
        self.code = code
        self.text = text
        self.parameter = parameter
        self.dependencies = dependencies
        super().__init__(f"{code}: {text}")

    def body(self) -> dict[str, Any]:
        """The answer `{"errors": [...]}`; only `error` is always there."""
        error: dict[str, Any] = {"error": self.text}
        if self.parameter is not None:
            error["parameter"] = self.parameter
        if self.code is not None:
            error["code"] = self.code
            error["moreInfo"] = f"{_MORE_INFO}{self.code}"
        if self.dependencies:
            error["dependencies"] = list(self.dependencies)
        return {"errors": [error]}


def malformed(code: int, text: str, *, parameter: str | None = None) -> ApiError:
    """The request has a wrong form (2xxx and their kin)."""
    return ApiError(BAD_REQUEST, code, f"Ошибка формата: {text}", parameter=parameter)


def rejected(code: int, text: str, *, parameter: str | None = None) -> ApiError:
    """The form is right, a value is not."""
    return ApiError(REJECTED, code, text, parameter=parameter)


def wrong_type(name: str, expected: str) -> ApiError:
    """2016: a string where a number belongs, a date without a time, and so on."""
    return malformed(
        2016, f"значение поля '{name}' не соответствует типу {expected}", parameter=name
    )


def required(name: str) -> ApiError:
    """3000: the field is empty or absent."""
    return rejected(
        3000,
        f"Ошибка сохранения объекта: поле '{name}' не может быть пустым или отсутствовать",
        parameter=name,
    )


def unchangeable(name: str) -> ApiError:
    """3001: the field is fixed once the object exists."""
    return rejected(
        3001, f"Ошибка сохранения объекта: поле '{name}' не может быть изменено", parameter=name
    )


def negative(name: str) -> ApiError:
    """3002: the number must be zero or more."""
    return rejected(
        3002,
        f"Ошибка сохранения объекта: поле '{name}' не может иметь отрицательное значение",
        parameter=name,
    )


def not_positive(name: str) -> ApiError:
    """3003: the number must be above zero."""
    return rejected(
        3003, f"Ошибка сохранения объекта: поле '{name}' должно быть больше нуля", parameter=name
    )


def differs_from_base(name: str) -> ApiError:
    """3004: a return says something else than its demand."""
    return rejected(
        3004,
        f"Ошибка сохранения объекта: поле '{name}' не соответствует полю связанного объекта",
        parameter=name,
    )


def not_unique(name: str) -> ApiError:
    """3006: another object has this value already."""
    return rejected(
        3006,
        f"Ошибка сохранения объекта: нарушено ограничение уникальности параметра '{name}'",
        parameter=name,
    )


def too_big(name: str) -> ApiError:
    """3008: the value is above what is allowed."""
    return rejected(
        3008,
        f"Ошибка сохранения объекта: значение поля '{name}' превышает максимально допустимое значение",
        parameter=name,
    )


def not_found(kind: str, identifier: object) -> ApiError:
    """1021: no object of this type has this id (or this syncId)."""
    return ApiError(
        NOT_FOUND, 1021, f"Объект с типом '{kind}' и идентификатором '{identifier}' не найден"
    )


def too_long() -> ApiError:
    """1088: five minutes of work on a bulk request are over.

    Neither its status nor what became of the elements is documented; 400 is the harder reading,
    because a client may take it for "nothing was done".
    """
    return ApiError(BAD_REQUEST, 1088, "Превышено максимальное время ответа на запрос")


def bad_filter(text: str) -> ApiError:
    """1034: the filter names a field that cannot be filtered, or misuses an operator."""
    return rejected(1034, f"Ошибка фильтрации: {text}", parameter="filter")


def beyond_sandbox(what: str) -> ApiError:
    """501 without a vendor code: the real service can do it, the sandbox does not."""
    return ApiError(501, None, f"Песочница этого не умеет: {what}")
