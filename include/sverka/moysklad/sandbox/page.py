"""The page at `/`: what this server is, for a person who opened its address in a browser."""

from collections.abc import Mapping

from sverka.moysklad.sandbox.http import API_ROOT

_TITLES = {
    "customerorder": "Заказы покупателей",
    "demand": "Отгрузки",
    "paymentin": "Входящие платежи",
    "supply": "Приёмки",
    "paymentout": "Исходящие платежи",
    "salesreturn": "Возвраты покупателей",
    "counterparty": "Контрагенты",
    "organization": "Юрлица",
    "store": "Склады",
    "product": "Товары",
    "service": "Услуги",
    "expenseitem": "Статьи расходов",
}

_PAGE = """<!doctype html>
<html lang="ru"><head><meta charset="utf-8"><title>Песочница МоегоСклада</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>body{{font:16px/1.5 system-ui,sans-serif;max-width:40rem;margin:3rem auto;padding:0 1rem}}
td{{padding:.1rem 1.5rem .1rem 0}}td+td{{text-align:right;font-variant-numeric:tabular-nums}}</style>
</head><body>
<h1>Песочница МоегоСклада</h1>
<p>Это учебный сервер, который отвечает по правилам JSON API 1.2 МоегоСклада: те же поля, ошибки и
ограничения. Здесь ненастоящий магазин: документы можно создавать и удалять, денег никто не заметит.</p>
<p>Адрес API: <code>{api}</code>. Что сейчас в магазине:</p>
<table>{rows}</table>
<p>{note}</p>
</body></html>
"""


def front_page(origin: str, counts: Mapping[str, int]) -> str:
    """The HTML with the number of objects of each kind."""
    rows = "".join(
        f"<tr><td>{title}</td><td>{counts.get(kind, 0)}</td></tr>"
        for kind, title in _TITLES.items()
    )
    note = (
        "Сбои для проверок включаются через <code>POST /sandbox/faults</code>, "
        "счётчики запросов — <code>GET /sandbox/requests</code>."
        if counts.get("organization")
        else "Магазин пуст: загрузите демонстрационный магазин, и здесь появятся заказы."
    )
    return _PAGE.format(api=origin + API_ROOT, rows=rows, note=note)
