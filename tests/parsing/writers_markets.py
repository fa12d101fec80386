"""Writes the files of marketplaces in their true layouts: headers in their order, sheets, archives.

The header texts are those that public parsers and vendor documentation name; spacing and typos are
theirs. A row is a mapping of header → cell; what it leaves out is an empty cell.
"""

from collections.abc import Mapping, Sequence

from sverka.demo.workbooks import Cell, csv_bytes, workbook, zip_bytes

Given = Mapping[str, Cell]

WB_GEN1 = (
    "№", "Номер поставки", "Предмет", "Код номенклатуры", "Бренд", "Артикул поставщика", "Название",
    "Размер", "Баркод", "Тип документа", "Обоснование для оплаты", "Дата заказа покупателем",
    "Дата продажи", "Кол-во", "Цена розничная", "Вайлдберриз реализовал Товар (Пр)",
    "Согласованный продуктовый дисконт, %", "Промокод %", "Итоговая согласованная скидка",
    "Цена розничная с учетом согласованной скидки", "Размер снижения кВВ из-за рейтинга, %",
    "Размер снижения кВВ из-за акции, %", "Скидка постоянного Покупателя (СПП)", "Размер кВВ, %",
    "Размер  кВВ без НДС, % Базовый", "Итоговый кВВ без НДС, %",
    "Вознаграждение с продаж до вычета услуг поверенного, без НДС",
    "Возмещение за выдачу и возврат товаров на ПВЗ", "Возмещение издержек по эквайрингу",
    "Вознаграждение Вайлдберриз (ВВ), без НДС", "НДС с Вознаграждения Вайлдберриз",
    "К перечислению Продавцу за реализованный Товар", "Количество доставок", "Количество возврата",
    "Услуги по доставке товара покупателю", "Общая сумма штрафов", "Доплаты",
    "Виды логистики, штрафов и доплат", "Стикер МП", "Наименование банка-эквайера", "Номер офиса",
    "Наименование офиса доставки", "ИНН партнера", "Партнер", "Склад", "Страна", "Тип коробов",
    "Номер таможенной декларации", "Код маркировки", "ШК", "Rid", "Srid",
    "Возмещение издержек по перевозке", "Организатор перевозки",
)  # fmt: skip
"""Wildberries, detail of the weekly report, 2022-2023."""

WB_GEN2 = (
    "№", "Номер поставки", "Предмет", "Код номенклатуры", "Бренд", "Артикул поставщика", "Название",
    "Размер", "Баркод", "Тип документа", "Обоснование для оплаты", "Дата заказа покупателем",
    "Дата продажи", "Кол-во", "Цена розничная", "Вайлдберриз реализовал Товар (Пр)",
    "Согласованный продуктовый дисконт, %", "Промокод, %", "Итоговая согласованная скидка, %",
    "Цена розничная с учетом согласованной скидки", "Размер снижения кВВ из-за рейтинга, %",
    "Размер изменения кВВ из-за акции, %", "Скидка постоянного Покупателя (СПП), %",
    "Размер кВВ, %", "Размер кВВ без НДС, % Базовый", "Итоговый кВВ без НДС, %",
    "Вознаграждение с продаж до вычета услуг поверенного, без НДС",
    "Возмещение за выдачу и возврат товаров на ПВЗ", "Эквайринг/Комиссии за организацию платежей",
    "Размер комиссии за эквайринг/Комиссии за организацию платежей, %",
    "Тип платежа за Эквайринг/Комиссии за организацию платежей",
    "Вознаграждение Вайлдберриз (ВВ), без НДС", "НДС с Вознаграждения Вайлдберриз",
    "К перечислению Продавцу за реализованный Товар", "Количество доставок", "Количество возврата",
    "Услуги по доставке товара покупателю", "Дата начала действия фиксации",
    "Дата конца действия фиксации", "Признак услуги платной доставки", "Общая сумма штрафов",
    "Корректировка Вознаграждения Вайлдберриз (ВВ)", "Виды логистики, штрафов и корректировок ВВ",
    "Стикер МП", "Наименование банка-эквайера", "Номер офиса", "Наименование офиса доставки",
    "ИНН партнера", "Партнер", "Склад", "Страна", "Тип коробов", "Номер таможенной декларации",
    "Номер сборочного задания", "Код маркировки", "ШК", "Srid",
    "Возмещение издержек по перевозке/по складским операциям с товаром", "Организатор перевозки",
    "Хранение", "Удержания", "Операции на приемке", "Фиксированный коэффициент склада по поставке",
    "Признак продажи юридическому лицу", "Номер короба для обработки товара",
    "Скидка по программе софинансирования", "Скидка Wibes, %",
    "Компенсация скидки по программе лояльности", "Стоимость участия в программе лояльности",
    "Сумма удержанная за начисленные баллы программы лояльности", "Id корзины заказа",
    "Разовое изменение срока перечисления денежных средств",
    "Id собственной акции продавца с дополнительной скидкой",
    "Размер дополнительной скидки по собственной акции продавца, %",
    "Способы продажи и тип товара", "Уникальный идентификатор скидки лояльности от продавца",
    "Размер скидки лояльности от продавца,%", "Id промокода", "Скидка за промокод, %",
)  # fmt: skip
"""Wildberries, the same file in 2025."""

OZON_PROCESSING = (
    "Обработка отправления (Drop-off/Pick-up) (разбивается по товарам пропорционально\n"
    "            количеству в отправлении)"
)
OZON_LAST_MILE = (
    "Последняя миля (разбивается по товарам пропорционально доле цены товара в сумме отправления)"
)
OZON_CANCELLED = (
    "Обработка отмененного или невостребованного товара (разбивается по товарам в отправлении в\n"
    "            одинаковой пропорции)"
)
_OZON_FIRST = (
    "Дата начисления", "Тип начисления", "Номер отправления или идентификатор услуги",
    "Дата принятия заказа в обработку или оказания услуги", "Склад отгрузки", "SKU", "Артикул",
    "Название товара или услуги", "Количество", "За продажу или возврат до вычета комиссий и услуг",
)  # fmt: skip
_OZON_SERVICES = (
    "Сборка заказа", OZON_PROCESSING, "Магистраль", OZON_LAST_MILE, "Обратная магистраль",
    "Обработка возврата", OZON_CANCELLED, "Обработка невыкупленного товара", "Логистика",
    "Индекс локализации",
)  # fmt: skip
OZON_GEN1 = (
    *_OZON_FIRST,
    "Ставка комиссии",
    "Комиссия за продажу",
    *_OZON_SERVICES,
    "Обратная логистика",
    "Итого",
)
"""Ozon, accruals; line breaks and indentation inside the names are those of the file."""
OZON_GEN2 = (
    *_OZON_FIRST,
    "Вознаграждение Ozon, %",
    "Вознаграждение Ozon",
    *_OZON_SERVICES,
    "Среднее время доставки, часы",
    "Обратная логистика",
    "Итого, руб.",
)

OZON_REALIZATION = (
    "№ п/п", "Название товара", "Артикул", "SKU", "Штрих-код товара", "Реализовано на сумму, руб.",
    "Выплаты по механикам лояльности партнёров, руб.", "Баллы за скидки", "Кол-во реализовано",
    "Цена реализации, руб.", "Вознаграждение за продажу по категории (справочно)",
    "Цена до скидок по поручению продавца, руб., (справочно)", "Базовое вознаграждение Ozon, руб.",
    "Итого к начислению, руб.", "Возвращено на сумму, руб.",
    "Выплаты по механикам лояльности партнёров при возврате, руб.", "Баллы за скидки при возврате",
    "Кол-во возвращено", "Цена реализации при возврате, руб.",
    "Базовое вознаграждение Ozon при возврате, руб.", "Итого возвращено, руб.", "Номер отправления",
    "Дата отправления", "Номер счет-фактуры", "Дата счет-фактуры",
)  # fmt: skip
"""Ozon, the flat realization report."""

_BUSINESS = (
    ("BUSINESS_ID", "ID бизнес-аккаунта"), ("MODEL", "Модели работы"), ("PARTNER_ID", "ID магазинов"),
    ("SHOP_NAME", "Названия магазинов"), ("INN", "ИНН"),
    ("PLACEMENT_CONTRACT", "Номера договоров на размещение"),
    ("PROMOTION_CONTRACT", "Номера договоров на продвижение"),
)  # fmt: skip
_ORDER = (
    ("ORDER_ID", "Номер заказа или отгрузки"), ("ORDER_CREATION_DATE", "Дата создания заказа"),
    ("ORDER_DELIVERY_DATE", "Дата доставки заказа"),
)  # fmt: skip
_GOODS = (
    ("ORDER_TYPE", "Тип заказа"), ("SHOP_SKU", "Ваш SKU"), ("OFFER_NAME", "Название товара"),
    ("COUNT", "Количество"), ("TRANSACTION_SUM", "Сумма транзакции"),
    ("TRANSACTION_SOURCE", "Источник транзакции"),
)  # fmt: skip
_ACT = (
    ("ACT_ID", "Номер акта об оказанных услугах"), ("ACT_DATE", "Дата акта об оказанных услугах"),
)  # fmt: skip
_MOVED = (("TRANSACTION_DATE", "Дата транзакции"), ("TRANSACTION_ID", "ID транзакции"))
YANDEX_PAYMENT_ORDER = {
    "netting_report_accruals": (
        "Информация о начислениях",
        (*_ORDER, ("CLAIM_NUMBER", "Номер и дата претензии"), *_GOODS, *_ACT, *_MOVED),
    ),
    "netting_report_returns_and_compensations": (
        "Информация о возвратах и компенсациях покупателям",
        (_ORDER[0], ("ORDER_CREATION_DATE", "Дата оформления"), _ORDER[2], *_GOODS, *_MOVED),
    ),
    "netting_report_retentions": (
        "Информация об удержаниях",
        (*_ACT, ("SERVICE_NAME", "Название услуги к удержанию"), *_GOODS[4:], *_MOVED),
    ),
}
"""Yandex Market, payment order: file → group of the workbook, (CSV name, XLSX name) of its columns."""

YANDEX_CLOSING = (
    ("TRANSACTION_DATE", "Дата транзакции"), ("TRANSACTION_ID", "ID транзакции"),
    ("ORDER_ID", "Номер заказа или акта об оказанных услугах"),
    ("SHOP_ORDER_ID", "Ваш номер заказа"),
    ("ORDER_CREATION_DATE", "Дата оформления заказа или акта об оказанных услугах"),
    ("CLAIM_NUMBER", "Номер и дата претензии"), ("ORDER_TYPE", "Тип заказа"),
    ("OFFER_ID", "Ваш SKU"), ("OFFER_NAME", "Название товара"), ("COUNT", "Количество, шт."),
    ("TRANSACTION_SUM", "Сумма транзакции"), ("TRANSACTION_TYPE", "Тип транзакции"),
    ("TRANSACTION_SOURCE", "Источник транзакции"), ("PAYMENT_STATUS", "Статус"),
    ("BANK_ORDER_DATE", "Дата платёжного поручения"),
    ("BANK_ORDER_ID", "Номер платёжного поручения"),
    ("BANK_ORDER_SUM", "Сумма платёжного поручения или удерживаемая за услуги сумма"),
)  # fmt: skip
"""Yandex Market, closing documents: «платёжного» with ё here, with е in the payment report."""
YANDEX_CLOSING_SHEETS = {
    "Получено от потребителей": "period_closure_income_payments",
    "Возвращено потребителям": "period_closure_income_refunds",
    "Реализовано от имени заказчика": "period_closure_income_sold_refunds",
    "Возвращено реализованных": "period_closure_income_sold_defect_refunds",
    "Удержано за услуги Маркета": "period_closure_income_fees",
    "Удержано штрафов": "period_closure_income_fines",
    "Компенсации от Маркета": "period_closure_income_compensations",
}
_CLOSING_SUMMARY = ["Платежи по отчёту", "Что это за платежи", "Сумма платежа*"]


def table(headers: Sequence[str], rows: Sequence[Given]) -> list[list[Cell]]:
    """The header and its rows. A cell under no header is a mistake of the test."""
    for row in rows:
        assert row.keys() <= set(headers), row.keys() - set(headers)
    return [list(headers), *([row.get(name) for name in headers] for row in rows)]


def wildberries(headers: Sequence[str], rows: Sequence[Given]) -> bytes:
    """The workbook: one sheet, the header in its first row."""
    return workbook({"Sheet1": table(headers, rows)})


def wildberries_zip(*weeks: bytes) -> bytes:
    """One week as the cabinet gives it, a ZIP with `0.xlsx`; several weeks are a ZIP of such ZIPs."""
    zips = [zip_bytes({"0.xlsx": week}) for week in weeks]
    if len(zips) == 1:
        return zips[0]
    names = [
        f"Еженедельный детализированный отчет {number}.zip" for number in range(1, len(zips) + 1)
    ]
    return zip_bytes(dict(zip(names, zips, strict=True)))


def ozon_accruals(headers: Sequence[str], rows: Sequence[Given]) -> bytes:
    """Sheet «Начисления»: a title above the header."""
    return workbook({"Начисления": [["Отчёт по начислениям"], *table(headers, rows)]})


def ozon_realization(rows: Sequence[Given]) -> bytes:
    """The flat table with its totals row."""
    totals: list[Cell] = ["Итого"]
    for name in OZON_REALIZATION[1:]:
        cells = [row.get(name) for row in rows]
        summed = name.startswith(("Реализовано на", "Возвращено на", "Итого", "Базовое", "Выплаты"))
        totals.append(sum(cell for cell in cells if cell) if summed else None)  # type: ignore[misc]
    return workbook({"Отчёт о реализации": [*table(OZON_REALIZATION, rows), totals]})


def yandex_payment_order_zip(files: Mapping[str, Sequence[Given]]) -> bytes:
    """The three CSVs of a payment order; rows are keyed by the CSV names."""
    members = {}
    for file, (_, columns) in YANDEX_PAYMENT_ORDER.items():
        names = [name for name, _ in (*_BUSINESS, *columns)]
        members[f"{file}.csv"] = _csv(names, files.get(file, ()))
    return zip_bytes(members)


def yandex_payment_order_xlsx(file: str, rows: Sequence[Given]) -> bytes:
    """One of the three tables as a workbook: a preamble, merged groups over the names."""
    group, columns = YANDEX_PAYMENT_ORDER[file]
    return _grouped({"Отчёт о платежном поручении": (group, columns, rows)})


def yandex_closing_xlsx(sheets: Mapping[str, Sequence[Given]]) -> bytes:
    """The workbook of closing documents, its summary first."""
    return _grouped(
        {
            name: ("Информация о платежах", YANDEX_CLOSING, sheets.get(name, ()))
            for name in YANDEX_CLOSING_SHEETS
        },
        {"Отчёт об исполнении поручения": [_CLOSING_SUMMARY, ["Получено", "от потребителей", 1]]},
    )


def yandex_closing_zip(sheets: Mapping[str, Sequence[Given]]) -> bytes:
    """The same as a ZIP with a CSV per sheet."""
    names = [name for name, _ in (*_BUSINESS, *YANDEX_CLOSING)]
    summary = csv_bytes(
        [["PAYMENTS", "PAYMENTS_DESCRIPTION", "PAYMENT_SUM"], ["Получено", "от потребителей", "1"]],
        encoding="utf-8-sig",
        delimiter=",",
    )
    tables = {
        f"{file}.csv": _csv(names, sheets.get(sheet, ()))
        for sheet, file in YANDEX_CLOSING_SHEETS.items()
    }
    return zip_bytes({"period_closure_income_summary.csv": summary, **tables})


_Columns = Sequence[tuple[str, str]]


def _grouped(
    tables: Mapping[str, tuple[str, _Columns, Sequence[Given]]],
    before: Mapping[str, Sequence[Sequence[Cell]]] | None = None,
) -> bytes:
    sheets: dict[str, Sequence[Sequence[Cell]]] = dict(before or {})
    merged = {}
    for sheet, (group, columns, rows) in tables.items():
        csv_names = [name for name, _ in (*_BUSINESS, *columns)]
        body = table(csv_names, rows)[1:]
        titles: list[Cell] = [title for _, title in (*_BUSINESS, *columns)]
        groups: list[Cell] = ["Информация о бизнесе", *[None] * (len(_BUSINESS) - 1), group]
        groups += [None] * (len(titles) - len(groups))
        sheets[sheet] = [[sheet], [], groups, titles, *body]
        merged[sheet] = [(2, 0, len(_BUSINESS) - 1), (2, len(_BUSINESS), len(titles) - 1)]
    return workbook(sheets, merged=merged)


def _csv(names: Sequence[str], rows: Sequence[Given]) -> bytes:
    body = [["" if cell is None else str(cell) for cell in row] for row in table(names, rows)]
    return csv_bytes(body, encoding="utf-8-sig", delimiter=",")
