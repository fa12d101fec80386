"""One sample per layout with the quirks the facts name; goldens stand in `golden/`."""

from datetime import date
from decimal import Decimal

from sverka.demo import layouts as lay
from tests.parsing.samples_banks import SAMPLES_BANKS
from tests.parsing.samples_couriers import SAMPLES_COURIERS
from tests.parsing.samples_markets import SAMPLES_MARKETS

D = Decimal
DAY = date(2026, 11, 20)
PAID = date(2026, 11, 21)
MOVED, HELD = "Переведён по графику выплат", "Удержан из платежей покупателей"


def dalli() -> bytes:
    orders = [
        lay.DalliOrder("A5185814", "61339918", DAY, D(0), D(320), D(0)),
        lay.DalliOrder("A5185815", "W-42", DAY, D("1500.50"), D(320), D("1180.50")),
        lay.DalliOrder("A5185816", "W 43", None, D(900), D(320), D(580)),
    ]
    second = [lay.DalliOrder("A5185815", "W-42", DAY, D(100), D(0), D(100))]
    return lay.dalli_act(
        [
            lay.DalliAct("267870", DAY, PAID, D("1760.50"), "6129", orders),
            lay.DalliAct("267871", DAY, PAID, D(100), "6130", second),
        ]
    )


def cdek() -> bytes:
    orders = [
        lay.CdekOrder("1014263974", D("2500.50"), D("350.25"), D("75.02"), D("2425.48")),
        lay.CdekOrder("1014263975", D(0), D(410), D(0), D(0)),
    ]
    return lay.cdek_registry(
        [
            lay.CdekRegistry(4501, PAID, DAY, D("2425.48"), "777", orders),
            lay.CdekRegistry(4502, None, DAY, D(0), None, []),
        ]
    )


def yandex_rows() -> list[lay.YandexRow]:
    def row(order: str | None, amount: str, status: str, **more: object) -> lay.YandexRow:
        paid = {"bank_order_id": "90017", "bank_order_day": PAID, "bank_sum": D(5000)}
        given = {"day": DAY, "sku": "SKU-1"} | (paid if status in {MOVED, HELD} else {}) | more
        shop_order = f"M-{order}" if order else None
        return lay.YandexRow(shop_order, order and f"5956484544{order}", D(amount), status, **given)  # type: ignore[arg-type]

    services = {"type": "Удержание", "source": "Оплата услуг Яндекс.Маркета", "sku": None}
    return [
        row("1", "1500.50", MOVED, transaction_id="t1"),
        row("1", "1500.50", "Будет переведён по графику выплат"),
        row("2", "700", MOVED),
        row("2", "700", MOVED),
        row("3", "-60", HELD, type="Возврат", source="Возврат платежа покупателя"),
        row(None, "-210.45", HELD, name="Размещение товаров", act_id="А-77", **services),
        row("1", "-35", HELD, name="Доставка покупателю", **services),
        row("4", "-35", "Будет удержан из платежей покупателей", **services),
        row("5", "300", MOVED, bank_order_id=None, bank_order_day=None),
        row("6", "50", "Справочно: пополнен баланс", source="Баллы за скидку Маркета"),
        row("7", "10", "Не будет переведён из-за отмены заказа"),
        row("8", "99", MOVED, source="Компенсация по претензии"),
        row("9", "5", "Новый статус"),
        row("9", "-5", MOVED),
    ]


def yandex_xlsx() -> bytes:
    return lay.yandex_netting_xlsx(yandex_rows())


def yandex_zip() -> bytes:
    return lay.yandex_netting_zip(yandex_rows())


HEAD = lay.RegisterHead("ООО «Городской курьер»", "118/11", DAY, "55", PAID, D("4269.12"))


def register_rows() -> list[lay.RegisterRow]:
    def row(order: str, track: str | None, status: str, *sums: str) -> lay.RegisterRow:
        collected, delivery, cod, payout = map(D, sums)
        paid_by = "наличные" if collected else None
        return lay.RegisterRow(order, track, DAY, status, paid_by, collected, delivery, cod, payout)

    return [
        row("00042", "GK1", "Доставлен", "1234.56", "300", "24.69", "1234.56"),
        row("W-43/1", "GK2", "Вручён", "1800", "300", "36", "1800"),
        row("44", None, "Отказ", "0", "300", "0", "0"),
        row("45", "GK4", "Частичный выкуп", "0", "300", "0", "0"),
        row("00042", "GK1", "Доставлен", "1234.56", "300", "24.69", "1234.56"),
    ]


def register_xlsx() -> bytes:
    return lay.cod_register_xlsx(HEAD, register_rows())


def register_csv() -> bytes:
    return lay.cod_register_csv(HEAD, register_rows())


SAMPLES = {
    "dalli_money_act.xml": (dalli, "dalli_money_act"),
    "cdek_cod_registry.json": (cdek, "cdek_cod_registry"),
    "yandex_netting.xlsx": (yandex_xlsx, "yandex_netting"),
    "yandex_netting.zip": (yandex_zip, "yandex_netting"),
    "cod_register.xlsx": (register_xlsx, "cod_register"),
    "cod_register.csv": (register_csv, "cod_register"),
    **SAMPLES_MARKETS,
    **SAMPLES_COURIERS,
    **SAMPLES_BANKS,
}
