"""Samples of the marketplaces' reports, with the quirks that public parsers and documentation name."""

from collections.abc import Callable
from decimal import Decimal

from sverka.demo.workbooks import Cell
from tests.parsing import writers_markets as write
from tests.parsing.writers_markets import Given

D = Decimal
SALE, RETURN = "Продажа", "Возврат"
FOR_PAY = "К перечислению Продавцу за реализованный Товар"
DELIVERY = "Услуги по доставке товара покупателю"
PRICE = "Цена розничная с учетом согласованной скидки"
FINE = "Общая сумма штрафов"


def wb_row(reason: str, document: str | None = None, **more: Cell) -> Given:
    """A row of the weekly detail; `srid` and `day` by keyword, amounts by `cells`."""
    given: dict[str, Cell] = {
        "№": 1,
        "Предмет": "Кружки",
        "Тип документа": document,
        "Обоснование для оплаты": reason,
        "Кол-во": 1 if document else 0,
        "Количество возврата": 0,
        PRICE: D(0),
        FOR_PAY: D(0),
        DELIVERY: D(0),
        FINE: D(0),
    }
    return given | more


def wb_sale(srid: str, price: str, for_pay: str, **more: Cell) -> Given:
    """A sale: what the buyer paid is a quarter below the shop's price, as the buyer's discount does."""
    sold: dict[str, Cell] = {
        "Srid": srid,
        "Дата продажи": "2026-11-12",
        "Вайлдберриз реализовал Товар (Пр)": D(price) * 3 / 4,
        PRICE: D(price),
        FOR_PAY: D(for_pay),
    }
    return wb_row(SALE, SALE, **sold) | more


def wb_gen2_rows() -> list[Given]:
    """A week: sales of 1500 and 400, one return, reversals, a compensation and every kind of cost."""
    goods = {"Артикул поставщика": "МУГ-1", "Дата продажи": "2026-11-13"}
    return [
        wb_sale("a1.0.0", "1500", "1320.50", **{"Номер сборочного задания": "2816993144"}),
        wb_sale("a2.0.0", "400", "310.10", **{"Обоснование для оплаты": "ПРОДАЖА"}),
        wb_row(RETURN, RETURN, Srid="a0.0.0", **goods, **{PRICE: D(1000), FOR_PAY: D("820.50")}),
        wb_row(
            "Логистика",
            Srid="a1.0.0",
            **goods,
            **{
                DELIVERY: D(50),
                "Виды логистики, штрафов и корректировок ВВ": "К клиенту при продаже",
            },
        ),
        wb_row(
            "логистика",
            Srid="a0.0.0",
            **goods,
            **{
                DELIVERY: D("33.30"),
                "Количество возврата": 1,
                "Виды логистики, штрафов и корректировок ВВ": "От клиента при возврате",
            },
        ),
        wb_row("Логистика сторно", Srid="a7.0.0", **goods, **{DELIVERY: D(-20)}),
        wb_row("Хранение", Хранение=D("120.45")),
        wb_row("Штраф", Srid="a8.0.0", **{FINE: D(200)}),
        wb_row("Удержание", Удержания=D("99.99")),
        wb_row("Платная приемка", **{"Операции на приемке": D(15)}),
        wb_row(
            "Возмещение издержек по перевозке/по складским операциям с товаром",
            **{"Возмещение издержек по перевозке/по складским операциям с товаром": D("1.349")},
        ),
        wb_row("Возмещение за выдачу и возврат товаров на ПВЗ", Srid="a1.0.0"),
        wb_row("Сторно продаж", RETURN, Srid="a3.0.0", **goods, **{PRICE: D(500), FOR_PAY: D(400)}),
        wb_row("Сторно возвратов", SALE, Srid="a4.0.0", **goods, **{FOR_PAY: D(150)}),
        wb_row("Оплата потерянного товара", SALE, Srid="a5.0.0", **goods, **{FOR_PAY: D(275)}),
    ]


def wb_gen1_rows() -> list[Given]:
    """The columns of 2022: `Rid`, no assembly task, no storage."""
    return [
        wb_sale("b1", "2000", "1500", Rid="500001", **{"Стикер МП": "123"}),
        wb_sale("b1", "2000", "1500", Rid="500001", **{"Стикер МП": "123"}),
        wb_row(RETURN, RETURN, Srid="b2", **{"Дата продажи": "2026-11-11", FOR_PAY: D(700)}),
        wb_row("Логистика", Srid="b1", **{"Дата продажи": "2026-11-12", DELIVERY: D("46.50")}),
        wb_row("Штраф", **{FINE: D(100)}),
    ]


def wb_gen1() -> bytes:
    return write.wildberries(write.WB_GEN1, wb_gen1_rows())


def wb_gen2() -> bytes:
    return write.wildberries(write.WB_GEN2, wb_gen2_rows())


def wb_zip() -> bytes:
    return write.wildberries_zip(wb_gen2())


def wb_zip_of_zips() -> bytes:
    return write.wildberries_zip(wb_gen1(), wb_gen2())


ACCRUAL = "За продажу или возврат до вычета комиссий и услуг"
POSTING = "Номер отправления или идентификатор услуги"
TO_BUYER = "Доставка покупателю"
FROM_BUYER = "Получение возврата, отмены, невыкупа от покупателя"


def ozon_row(type_: str, posting: str, **more: Cell) -> Given:
    """A row of the accruals; goods and amounts by `more`."""
    given: dict[str, Cell] = {
        "Дата начисления": "20.11.2026",
        "Тип начисления": type_,
        POSTING: posting,
    }
    return given | more


def ozon_rows(commission: str, total: str) -> list[Given]:
    """Two goods of one posting, a return, its processing, advertising, a compensation."""
    mug: dict[str, Cell] = {"SKU": 148591112, "Артикул": "'МУГ-1", "Количество": 1}
    plate: dict[str, Cell] = {"SKU": 148591113, "Артикул": "'ТАР-2", "Количество": 1}
    sold = {
        ACCRUAL: D(1000), commission: D("-150"), write.OZON_PROCESSING: D("-12.50"),
        "Логистика": D(-60), write.OZON_LAST_MILE: D("-55.25"), "Индекс локализации": D("1.2"),
        total: D("722.25"),
    }  # fmt: skip
    other = {ACCRUAL: D(500), commission: D(-75), "Логистика": D(-30), total: D(395)}
    back = {ACCRUAL: D(-500), commission: D(75), "Обратная логистика": D(-40), total: D(-465)}
    return [
        ozon_row(TO_BUYER, "21621656-0045-1", **mug, **sold),
        ozon_row(TO_BUYER, "21621656-0045-1", **plate, **other),
        ozon_row(FROM_BUYER, "21621650-0002-1", **plate, **back),
        ozon_row(
            "Доставка и обработка возврата, отмены, невыкупа",
            "21621650-0002-1",
            **{"Обработка возврата": D(-15), total: D(-15)},
        ),
        ozon_row("Трафареты", "7720145", **{total: D("-99.90")}),
        ozon_row("Начисление по претензии", "881100", **{total: D(250)}),
        ozon_row("Трафареты", "7720146", **{total: D(0)}),
    ]


def ozon_gen1() -> bytes:
    return write.ozon_accruals(write.OZON_GEN1, ozon_rows("Комиссия за продажу", "Итого"))


def ozon_gen2() -> bytes:
    return write.ozon_accruals(write.OZON_GEN2, ozon_rows("Вознаграждение Ozon", "Итого, руб."))


def ozon_realization_rows() -> list[Given]:
    """A sale, a return of an earlier month, and a sale that came back in the same month."""
    sold = {
        "Реализовано на сумму, руб.": D(900), "Выплаты по механикам лояльности партнёров, руб.": D(20),
        "Баллы за скидки": D(80), "Кол-во реализовано": 1,
        "Базовое вознаграждение Ozon, руб.": D(150), "Итого к начислению, руб.": D(850),
    }  # fmt: skip
    back = {
        "Возвращено на сумму, руб.": D(450), "Баллы за скидки при возврате": D(50),
        "Кол-во возвращено": 1, "Базовое вознаграждение Ozon при возврате, руб.": D(75),
        "Итого возвращено, руб.": D(425),
    }  # fmt: skip
    place = {"Дата отправления": "05.11.2026", "Номер счет-фактуры": "12"}
    first: dict[str, Cell] = {"№ п/п": 1, "SKU": 148591112, "Номер отправления": "21621656-0045-1"}
    second: dict[str, Cell] = {"№ п/п": 2, "SKU": 148591113, "Номер отправления": "21621650-0002-1"}
    third: dict[str, Cell] = {"№ п/п": 3, "SKU": 148591113, "Номер отправления": "21621660-0001-2"}
    return [first | sold | place, second | back | place, third | sold | back | place]


def ozon_realization() -> bytes:
    return write.ozon_realization(ozon_realization_rows())


ACCRUALS, RETURNS, RETENTIONS = write.YANDEX_PAYMENT_ORDER
BUYER, MARKET = "Платёж покупателя", "Баллы за скидку Маркета"
SERVICES = "Оплата услуг Яндекс.Маркета"


def payment_order_rows() -> dict[str, list[Given]]:
    """Payment order 90017: 1500.50 + 99.50 + 700 accrued, 60 given back, 210.45 withheld."""

    def paid(order: str, amount: str, source: str = BUYER) -> Given:
        return {
            "ORDER_ID": order, "SHOP_SKU": "SKU-1", "OFFER_NAME": "Кружка",
            "ORDER_DELIVERY_DATE": "18.11.2026", "TRANSACTION_DATE": "20.11.2026 10:00",
            "TRANSACTION_ID": f"t{order}{source[0]}", "TRANSACTION_SUM": D(amount),
            "TRANSACTION_SOURCE": source,
        }  # fmt: skip

    withheld = {
        "ACT_ID": 77, "ACT_DATE": "19.11.2026", "SERVICE_NAME": "Размещение товаров",
        "TRANSACTION_SUM": D("-210.45"), "TRANSACTION_SOURCE": SERVICES,
        "TRANSACTION_DATE": "20.11.2026 10:00", "TRANSACTION_ID": "s1",
    }  # fmt: skip
    return {
        ACCRUALS: [
            paid("59564845441", "1500.50"),
            paid("59564845441", "99.50", MARKET),
            paid("59564845442", "700"),
        ],
        RETURNS: [paid("59564845430", "-60", "Возврат платежа покупателя")],
        RETENTIONS: [withheld],
    }


def payment_order_zip() -> bytes:
    return write.yandex_payment_order_zip(payment_order_rows())


def payment_order_xlsx() -> bytes:
    return write.yandex_payment_order_xlsx(ACCRUALS, payment_order_rows()[ACCRUALS])


def closing_rows() -> dict[str, list[Given]]:
    """A month: two payments, a refund, a service, a fine, a compensation."""

    def row(order: str, amount: str, type_: str, source: str, **more: Cell) -> Given:
        status = (
            "Переведён по графику выплат" if D(amount) > 0 else "Удержан из платежей покупателей"
        )
        return {
            "TRANSACTION_DATE": "20.11.2026", "TRANSACTION_ID": f"c{order}", "ORDER_ID": order,
            "OFFER_ID": "SKU-1", "OFFER_NAME": "Кружка", "COUNT": 1, "TRANSACTION_SUM": D(amount),
            "TRANSACTION_TYPE": type_, "TRANSACTION_SOURCE": source, "PAYMENT_STATUS": status,
            "BANK_ORDER_DATE": "21.11.2026", "BANK_ORDER_ID": 90017, "BANK_ORDER_SUM": D("2029.55"),
        } | more  # fmt: skip

    forecast: dict[str, Cell] = {
        "PAYMENT_STATUS": "Будет переведён по графику выплат",
        "BANK_ORDER_ID": None,
    }
    return {
        "Получено от потребителей": [
            row("59564845441", "1500.50", "Начисление", BUYER, SHOP_ORDER_ID="M-1"),
            row("59564845442", "700", "Начисление", BUYER),
            row("59564845443", "300", "Начисление", BUYER, **forecast),
        ],
        "Возвращено потребителям": [
            row("59564845430", "-60", "Возврат", "Возврат платежа покупателя")
        ],
        "Удержано за услуги Маркета": [row("77", "-210.45", "Удержание", SERVICES)],
        "Удержано штрафов": [row("78", "-50", "Удержание", "Штраф за отмену")],
        "Компенсации от Маркета": [
            row("59564845444", "99", "Начисление", "Компенсация по претензии")
        ],
    }


def closing_xlsx() -> bytes:
    return write.yandex_closing_xlsx(closing_rows())


def closing_zip() -> bytes:
    return write.yandex_closing_zip(closing_rows())


SAMPLES_MARKETS: dict[str, tuple[Callable[[], bytes], str]] = {
    "wildberries_gen1.xlsx": (wb_gen1, "wildberries_weekly"),
    "wildberries_gen2.xlsx": (wb_gen2, "wildberries_weekly"),
    "wildberries_week.zip": (wb_zip, "wildberries_weekly"),
    "wildberries_weeks.zip": (wb_zip_of_zips, "wildberries_weekly"),
    "ozon_accruals_gen1.xlsx": (ozon_gen1, "ozon_accruals"),
    "ozon_accruals_gen2.xlsx": (ozon_gen2, "ozon_accruals"),
    "ozon_realization.xlsx": (ozon_realization, "ozon_realization"),
    "yandex_payment_order.zip": (payment_order_zip, "yandex_payment_order"),
    "yandex_payment_order.xlsx": (payment_order_xlsx, "yandex_payment_order"),
    "yandex_closing_documents.xlsx": (closing_xlsx, "yandex_closing_documents"),
    "yandex_closing_documents.zip": (closing_zip, "yandex_closing_documents"),
}
