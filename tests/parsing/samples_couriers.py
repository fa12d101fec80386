"""Samples of couriers' files beside settlements, and of payment gateways, with their quirks."""

from xml.sax.saxutils import quoteattr

from sverka.demo.workbooks import Cell, csv_bytes, workbook, zip_bytes

ORDERS_HEADER = [
    "Номер заказа", "Номер отправления ИМ ", "Дата создания заказа", "Статуса заказа",
    "Удаленный заказ", "Отправитель", "Причина невручения", "Номер места", "Дата доставки",
    "Город отправитель", "Город  получателя",
]  # fmt: skip
SHOP, CDEK = "ООО «Ромашка»", "СДЭК-Логистика"


def order_row(
    waybill: str,
    shop_order: str | None,
    status: str,
    reason: str | None = None,
    *,
    deleted: str | None = None,
    sender: str = SHOP,
    place: str = "1",
) -> list[str | None]:
    """A row of the cabinet's export; the day of delivery is filled for what was handed over."""
    day = "20.11.2026" if status == "Вручен" else None
    return [waybill, shop_order, "12.11.2026 10:05", status, deleted, sender, reason, place, day,
            "Москва", "Тверь"]  # fmt: skip


def cdek_order_rows() -> list[list[str | None]]:
    return [
        order_row("1014263974", " W 42", "Вручен"),
        order_row("1014263975", "00043", "Не вручен", "Возврат, отказ от получения: Передумал"),
        order_row("1014263976", "44/1", "Вручен", "Частичная доставка"),
        order_row("1014263977", "45", "Не вручен", "Частичная доставка"),
        order_row("1014263978", "46", "Не вручен", "Утерян"),
        order_row("1014263979", "47", "Не вручен", "Не востребован, утилизация"),
        order_row("1014263980", "48", "Встречен в г. получателе"),
        order_row("1014263980", "48", "Встречен в г. получателе", place="2"),
        order_row("1014263981", "49", "Создан", deleted="Да"),
        order_row("1014263982", None, "Вручен", sender=CDEK),
        order_row("1014263983", None, "Вручен"),
        order_row("1014263984", "50", "Передан роботу"),
    ]


def cdek_orders_xlsx() -> bytes:
    return workbook({"Orders": [ORDERS_HEADER, *cdek_order_rows()]})


def cdek_orders_csv() -> bytes:
    rows = [[cell or "" for cell in row] for row in cdek_order_rows()]
    return csv_bytes([ORDERS_HEADER, *rows], encoding="utf-8", delimiter=";")


def return_item(track: str, order: str, product: str, quantity: str = "1", mark: str = "") -> str:
    """A record of the return act: one kind of goods of an order."""
    attributes = {
        "acode": "6144984",
        "barcode": track,
        "number": order,
        "delivereddate": "2026-11-18",
        "deliveredtime": "11:55:00",
        "deliveredto": "по письму ИМ",
        "returnQty": quantity,
        "ProductName": product,
        "governmentCode": mark,
        "ClientBarCode": "212313231",
    }
    return f"<order {' '.join(f'{key}={quoteattr(text)}' for key, text in attributes.items())} />"


def dalli_returns(*items: str) -> bytes:
    given = items or (
        return_item("A5428842", "62876792", "Чай улун, 50 г"),
        return_item("A5428842", "62876792", "Чашка", "2"),
        return_item("A5428842", "62876792", "Чай улун, 50 г"),
        return_item("A5428650", "W 43", "Туфли", mark="010460123456789021'9'"),
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<returnTransfers>'
        '<act number="894821" actDate="2026-11-20" actMessage="">'
        f"{''.join(given)}</act></returnTransfers>"
    ).encode()


PAYMENTS_HEADER = [
    "Идентификатор платежа", "Сумма платежа", "Валюта платежа", "Сумма за вычетом комиссии и НДС",
    "Сумма комиссии без НДС", "Комиссия за чеки с НДС", "Время платежа",
    "Идентификатор платежного средства", "Описание", "Тип платежа", "Имя плательщика",
    "Адрес плательщика", "ИНН плательщика", "НДС с комиссии",
]  # fmt: skip


def payments_rows() -> list[list[str]]:
    def row(number: str, amount: str, net: str, fee: str, vat: str, text: str) -> list[str]:
        return [f"2f3b588d-000f-5000-8000-{number}", amount, "RUB", net, fee, "0", "20.11.2026 17:46:58",
                "41001860899377", text, "AC", "", "", "", vat]  # fmt: skip

    return [
        row("1d6e87c7fbd1", "1000.00", "963.40", "30.00", "6,60", "Заказ №72; самовывоз"),
        row("1d6e87c7fbd2", "2500.50", "2409.01", "75.00", "16,49", "Заказ №73"),
    ]


def _register(
    title: list[str], header: list[str], rows: list[list[str]], below: list[str]
) -> bytes:
    lines = [[line] for line in title] + [header] + rows + [[]] + [[line] for line in below]
    return csv_bytes(lines, encoding="utf-8", delimiter=";")


PAYMENTS_TITLE = ["РЕЕСТР ПЛАТЕЖЕЙ ПО ДОГОВОРУ НЭК.100001.01 (100001)", "Дата платежей: 2026-11-20"]
PAYMENTS_BELOW = [
    "Сумма принятых платежей: 3500.50 RUB",
    "Сумма принятых платежей за вычетом комиссии и НДС: 3372.41 RUB",
    "Число платежей: 2",
]


def yookassa_payments() -> bytes:
    return _register(PAYMENTS_TITLE, PAYMENTS_HEADER, payments_rows(), PAYMENTS_BELOW)


def yookassa_payments_xlsx() -> bytes:
    rows: list[list[Cell]] = [[line] for line in PAYMENTS_TITLE]
    rows += [[*row] for row in [PAYMENTS_HEADER, *payments_rows(), []]]
    return workbook({"Реестр": rows + [[line] for line in PAYMENTS_BELOW]})


def yookassa_payments_standard(*rows: str) -> bytes:
    """The standard register: no fee column, spaces after the semicolons."""
    total = sum(100 for _ in rows)
    text = [
        "РЕЕСТР ПЛАТЕЖЕЙ В Ромашка. № 118",
        "Дата платежей: 20.11.2026",
        "Номер транзакции; Идентификатор клиента; Сумма платежа; Валюта платежа; Сумма за вычетом "
        "комиссии; Время платежа; Номер кошелька плательщика; Краткое описание; Тип платежа",
        *rows,
        "",
        f"Сумма принятых платежей: {total}.00 RUB",
        f"Число платежей: {len(rows)}",
    ]
    return "\r\n".join(text).encode()


def yookassa_payments_old() -> bytes:
    return yookassa_payments_standard(
        "2000000000001;client@example.com;100.00;RUB;96.50;20.11.2026 00:01:07;;Заказ 74;AC"
    )


def yookassa_payments_empty() -> bytes:
    """A day without payments."""
    return yookassa_payments_standard()


def yookassa_refunds() -> bytes:
    header = ["Идентификатор возврата", "Идентификатор платежа", "Сумма возврата", "Валюта возврата",
              "Время возврата"]  # fmt: skip
    rows = [
        [
            "3a01-refund-1",
            "2f3b588d-000f-5000-8000-1d6e87c7fbd1",
            "200.00",
            "RUB",
            "20.11.2026 10:00:00",
        ],
        [
            "3a01-refund-2",
            "2f3b588d-000f-5000-8000-1d6e87c7fbd1",
            "200.00",
            "RUB",
            "20.11.2026 10:05:00",
        ],
    ]
    title = ["РЕЕСТР ВОЗВРАТОВ ПО ДОГОВОРУ НЭК.100001.01 (100001)", "Дата возвратов: 2026-11-20"]
    return _register(title, header, rows, ["Сумма возвратов: 400.00 RUB", "Число возвратов: 2"])


TOCHKA_HEADER = [
    "TRANS_DATE", "TRANSACTION_ID", "SUM", "COMMISSION", "ITV_COMMISSION", "USER_INFO", "MERCH",
    "MERCH_SITE", "PARENT_TRANSACTION_ID", "TRANSACTION_TYPE", "MERCHANT_SITE_NAME",
    "PAYMENT_METHOD_TYPE", "RRN", "AUTH_CODE", "ORDER_UID", "QRC_ID",
]  # fmt: skip


def tochka_row(
    number: str, amount: str, commission: str, kind: str = "PAYMENT", *, itv: str = "0", order: str
) -> list[str]:
    """A row of the processing register; a refund names its payment."""
    parent = "p-1" if kind == "REFUND" else ""
    return ["20.11.2026 12:30:01", number, amount, commission, itv, "553691******1234", "200001",
            "300001", parent, kind, "https://romashka.example", "CARD", "123456789012", "A1B2C3",
            order, ""]  # fmt: skip


def tochka(*rows: list[str]) -> bytes:
    given = rows or (
        tochka_row("p-1", "1500,50", "37,51", order="W-42"),
        tochka_row("p-2", "2000", "50", order="W-43"),
        tochka_row("r-1", "500,50", "0", "REFUND", order="W-42"),
        tochka_row("p-3", "100,00", "2,50", itv="0,40", order="W-44"),
        tochka_row("r-2", "100,00", "2,50", "REFUND", order="W-44"),
    )
    table = csv_bytes([TOCHKA_HEADER, *given], encoding="utf-8", delimiter=";")
    return zip_bytes({"registry_2026-11-20.csv": table})


SAMPLES_COURIERS = {
    "cdek_orders.xlsx": (cdek_orders_xlsx, "cdek_orders"),
    "cdek_orders.csv": (cdek_orders_csv, "cdek_orders"),
    "dalli_return_act.xml": (dalli_returns, "dalli_return_act"),
    "yookassa_payments.csv": (yookassa_payments, "yookassa_payments"),
    "yookassa_payments.xlsx": (yookassa_payments_xlsx, "yookassa_payments"),
    "yookassa_payments_old.csv": (yookassa_payments_old, "yookassa_payments"),
    "yookassa_payments_empty.csv": (yookassa_payments_empty, "yookassa_payments"),
    "yookassa_refunds.csv": (yookassa_refunds, "yookassa_refunds"),
    "tochka_operations.zip": (tochka, "tochka_operations"),
}
