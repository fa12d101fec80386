"""Judging what MoySklad shows for a document we sent: ours, another one, or in the bin."""

from typing import Any
from uuid import UUID

from sverka.money import Minor, NotMoney, in_words_of_money
from sverka.moysklad.documents import StateChange
from sverka.moysklad.wire import id_of, minor
from sverka.posting.outbox import Done, Item


def judged(item: Item, body: dict[str, Any]) -> Done:
    """`posted` when MoySklad's picture is the document we meant, else `failed` with words.

    A repeated create with a known syncId returns the earlier object, whatever its content
    (MoySklad docs, «syncId»), so every answer is compared.
    """
    moysklad_id = UUID(body["id"])
    name = body.get("name")
    difference = _difference(item, body)
    if difference is None:
        link = body.get("meta", {}).get("uuidHref")
        return Done(item.sync_id, "posted", moysklad_id, name, link=link)
    return Done(item.sync_id, "failed", moysklad_id, name, error=difference)


def _difference(item: Item, body: dict[str, Any]) -> str | None:
    document = item.document
    if isinstance(document, StateChange):
        return None
    name = body.get("name", "без номера")
    if body.get("deleted"):
        return (
            f"Документ {name} лежит в корзине МоегоСклада. Заново его не создаём: восстановите его "
            "из корзины или отмените проведение файла."
        )
    if str(body.get("syncId", item.sync_id)).lower() != str(item.sync_id):
        return f"В МоёмСкладе есть копия {name}, а самого документа нет. Проверьте, откуда она."
    if (words := _other_sum(item, body)) is not None:
        return words
    if id_of(body.get("agent", {})) != document.agent.id:
        return f"У документа {name} в МоёмСкладе другой контрагент. Проверьте, кто его изменил."
    return None


def _other_sum(item: Item, body: dict[str, Any]) -> str | None:
    name = body.get("name", "без номера")
    try:
        found = minor(body.get("sum", 0))
    except NotMoney:
        return f"У документа {name} в МоёмСкладе сумма {body.get('sum')!r}: это не деньги."
    if found == item.amount:
        return None
    return (
        f"У документа {name} в МоёмСкладе сумма {in_words_of_money(found)}, а должна быть "
        f"{in_words_of_money(Minor(item.amount))}. Проверьте, кто его изменил."
    )
