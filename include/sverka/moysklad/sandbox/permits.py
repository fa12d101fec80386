"""What an account's settings and the caller's role forbid, whatever the object says.

MoySklad docs, «Ошибки»: 1016–1018, 1045 and 1092 (rights), 17009 (closed period), 3006 (numbers that
must be unique).
"""

from datetime import date

from sverka.moysklad.sandbox.account import Account, Right
from sverka.moysklad.sandbox.errors import FORBIDDEN, ApiError, not_unique, rejected
from sverka.moysklad.sandbox.model import Entity
from sverka.moysklad.sandbox.storage import Store, Stored

_DENIED = {
    Right.VIEW: (1016, "просмотр данного объекта"),
    Right.EDIT: (1017, "редактирование данного объекта"),
    Right.DELETE: (1018, "удаление данного объекта"),
    Right.CREATE: (1045, "создание данного объекта"),
}


def require_right(account: Account, right: Right, entity: Entity) -> None:
    """Raises ApiError 1016, 1017, 1018, 1045 or 1092 when the caller lacks the right."""
    if not account.forbids(right, entity.type):
        return
    if right is Right.CONDUCT:
        text = f"Доступ запрещен: у вас нет прав на проведение объекта {entity.type}"
        raise ApiError(FORBIDDEN, 1092, text)
    code, what = _DENIED[right]
    raise ApiError(FORBIDDEN, code, f"Доступ запрещен: у вас нет прав на {what}")


def require_open_period(account: Account, entity: Entity, *documents: Stored | None) -> None:
    """Raises ApiError 17009 when one of the documents lies in the closed period."""
    if account.closed_until is None or not entity.is_document:
        return
    for document in documents:
        moment = document.body.get("moment") if document is not None else None
        if moment is not None and date.fromisoformat(moment[:10]) <= account.closed_until:
            text = (
                f"Ошибка сохранения документа: дата '{entity.type}' не попадает в открытый для "
                "редактирования период"
            )
            raise rejected(17009, text, parameter="moment")


def require_unique_name(account: Account, store: Store, entity: Entity, stored: Stored) -> None:
    """Raises ApiError 3006 when the account wants unique numbers and this one is taken.

    Numbering begins anew every year, so a number is compared within its year only, unless the
    account numbers through.
    """
    if not account.unique_names or not entity.is_document:
        return
    year = "" if account.global_numbering else stored.body["moment"][:4]
    if store.is_name_taken(entity.type, stored.body["name"], year, stored.id):
        raise not_unique("name")
