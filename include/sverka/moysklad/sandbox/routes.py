"""From method and path to the handler of a resource."""

import re
from collections.abc import Callable

from sverka.moysklad.sandbox.errors import BAD_REQUEST, NOT_FOUND, ApiError, beyond_sandbox
from sverka.moysklad.sandbox.gate import is_basic
from sverka.moysklad.sandbox.handlers import Handlers
from sverka.moysklad.sandbox.http import Answer, Request
from sverka.moysklad.sandbox.meddling import Meddling
from sverka.moysklad.sandbox.model import Entity
from sverka.moysklad.sandbox.position_handlers import PositionHandlers
from sverka.moysklad.sandbox.saving import Rules, entity_named
from sverka.moysklad.sandbox.storage import Store

_ID = r"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})"
_ENTITY_PATH = re.compile(r"/entity/(\w+)(/.*)?")
_Resource = Callable[..., Answer]
_Positions = PositionHandlers

_RESOURCES: tuple[tuple[re.Pattern[str], dict[str, _Resource]], ...] = tuple(
    (re.compile(pattern), methods)
    for pattern, methods in (
        ("", {"GET": Handlers.list_objects, "POST": Handlers.create}),
        ("/delete", {"POST": Handlers.delete_many}),
        ("/new", {"PUT": Handlers.new_template}),
        ("/metadata", {"GET": Handlers.metadata}),
        ("/metadata/attributes", {"GET": Handlers.list_attributes}),
        (f"/metadata/attributes/{_ID}", {"GET": Handlers.get_attribute}),
        (f"/metadata/states/{_ID}", {"GET": Handlers.get_state}),
        (
            r"/syncid/([^/]+)",
            {
                "GET": Handlers.get_by_sync_id,
                "PUT": Handlers.update_by_sync_id,
                "DELETE": Handlers.delete_by_sync_id,
            },
        ),
        (
            f"/{_ID}",
            {"GET": Handlers.get_object, "PUT": Handlers.update, "DELETE": Handlers.delete},
        ),
        (f"/{_ID}/trash", {"POST": Handlers.trash}),
        (f"/{_ID}/positions", {"GET": _Positions.list_positions, "POST": _Positions.add_positions}),
        (f"/{_ID}/positions/delete", {"POST": _Positions.delete_positions}),
        (
            f"/{_ID}/positions/{_ID}",
            {
                "GET": _Positions.get_position,
                "PUT": _Positions.change_position,
                "DELETE": _Positions.delete_position,
            },
        ),
        (f"/{_ID}/accounts", {"GET": Handlers.list_accounts}),
    )
)


def respond(
    store: Store, request: Request, rules: Rules, login: str, meddling: Meddling | None = None
) -> Answer:
    """The answer to an admitted request.

    Raises:
        ApiError: the path or the method is not there, or the handler refuses.
    """
    handlers = PositionHandlers(store, request, rules, login, meddling)
    if (request.method, request.path) == ("GET", "/context/employee"):
        return handlers.employee()
    if (request.method, request.path) == ("GET", "/context/companysettings"):
        return handlers.company_settings()
    if (request.method, request.path) == ("POST", "/security/token"):
        if not is_basic(request.headers):
            raise ApiError(401, 1056, "Ошибка аутентификации: нужны логин и пароль")
        return handlers.new_token()
    match = _ENTITY_PATH.fullmatch(request.path)
    if match is None:
        raise _no_path(request)
    entity = entity_named(match[1])
    resource, arguments = _resource(entity, request, match[2] or "")
    return resource(handlers, entity, *arguments)


def _resource(entity: Entity, request: Request, rest: str) -> tuple[_Resource, tuple[str, ...]]:
    for pattern, methods in _RESOURCES:
        match = pattern.fullmatch(rest)
        if match is None:
            continue
        resource = methods.get(request.method)
        if resource is None:
            raise _no_method(request, rest)
        if "/positions" in rest and not entity.position_type:
            raise _no_path(request)
        _check_played(entity, resource, request)
        return resource, match.groups()
    if rest.count("/") == 1:
        raise ApiError(BAD_REQUEST, 1000, "Элемент URI не является идентификатором")
    raise _no_path(request)


def _check_played(entity: Entity, resource: _Resource, request: Request) -> None:
    if resource is Handlers.new_template and entity.type != "salesreturn":
        raise beyond_sandbox(f"шаблон для {entity.type}")
    if resource is Handlers.list_accounts and not entity.has_accounts:
        raise _no_path(request)


def _no_method(request: Request, rest: str) -> ApiError:
    if rest == "" and request.method in {"PUT", "DELETE"}:
        return ApiError(BAD_REQUEST, 1012, "Не указан идентификатор объекта")
    if re.fullmatch(f"/{_ID}", rest) and request.method == "POST":
        text = "Создание объектов с указанным идентификатором запрещено"
        return ApiError(BAD_REQUEST, 1006, text)
    return ApiError(405, 1039, f"Операция {request.method} не поддерживается для данного ресурса")


def _no_path(request: Request) -> ApiError:
    return ApiError(NOT_FOUND, 1002, f"Неопознанный путь: {request.path}")
