"""What a file is when it is no settlement of a courier: kinds of other documents and their signs."""

from collections.abc import Sequence
from dataclasses import dataclass

from sverka.drafting.words import says


@dataclass(frozen=True, slots=True)
class OtherKind:
    """A kind of document. `headers` each count once; `title` counts twice. `hard`: never a settlement."""

    name: str
    why: str
    instead: str
    title: str
    headers: tuple[str, ...]
    needs: int = 2
    hard: bool = False
    must: bool = False
    """The first of `headers` has to be there."""
    moneyless: bool = False
    """A table with named money is none of this kind."""


_DROP = (
    "Положите реестр или акт курьера, где по заказам видно, сколько принято и сколько перечислено."
)

STATUSES = OtherKind(
    "список статусов доставки",
    "в нём видно, где заказы, но не видно денег, которые курьер перечислил",
    _DROP,
    r"статус",
    (r"статус|status|состояни", r"трек|накладн|отправлен|заказ|track|order", r"дата|date"),
    must=True,
)
SERVICES = OtherKind(
    "детализацию услуг курьера",
    "в ней видно, сколько стоят услуги, но не видно, сколько принято с покупателей и перечислено",
    _DROP,
    "",
    (),
)

KINDS: tuple[OtherKind, ...] = (
    OtherKind(
        "расчётную ведомость по зарплате",
        "в ней начисления сотрудникам, а не деньги покупателей",
        "В Сверку её класть не нужно.",
        r"зарплат|заработн|расчетн\w* ведомост|расчетный лист|payroll|фот\b",
        (
            r"сотрудник|работник|табельн|employee",
            r"\bоклад|ставка за час|salary",
            r"ндфл|страховые взнос",
            r"должност|position",
            r"отработан\w* (?:дн|час)|\bсмен",
            r"\bпреми|бонус к зар|аванс",
        ),
        hard=True,
    ),
    OtherKind(
        "оборотно-сальдовую ведомость, карточку счёта или акт сверки",
        "в ней остатки и обороты по счетам учёта, а не заказы",
        _DROP,
        r"оборотно|сальдов|карточка счета|акт сверки|анализ счета|журнал проводок",
        (
            r"сальдо|остаток на (?:начало|конец)",
            r"оборот",
            r"\bдебет",
            r"\bкредит",
            r"\bсчет\b",
            r"субконто|корр",
        ),
        hard=True,
    ),
    OtherKind(
        "выписку банка",
        "в ней движения по счёту без разбивки по заказам",
        "Положите выписку в формате 1С (kl_to_1c.txt) или camt.053, а деньги по заказам возьмите из реестра курьера.",
        r"выписк\w* (?:по|из|о|операц)|statement of account|движени\w* по счету|операции по счету|банк клиент",
        (
            r"\bдебет|списан|расход",
            r"\bкредит|зачислен|приход",
            r"назначение",
            r"контрагент|плательщик|корреспондент|получатель",
            r"\bбик\b",
            r"\bсчет|р/с|расч\w* сч",
        ),
        needs=3,
        hard=True,
    ),
    OtherKind(
        "счёт, УПД, накладную на товар или акт услуг",
        "в нём то, что купила или должна оплатить сторона, а не деньги покупателей по заказам",
        _DROP,
        r"счет на оплату|^счет\s+номер|счет-фактура|\bупд\b|универсальный передаточный|товарная накладная|торг-12|invoice|акт (?:оказанных|выполненных|об оказании|сдачи|приемки)|оказани\w* услуг|спецификация",
        (
            r"наименование (?:товар|работ|услуг|номенклат)|товары|услуга|description",
            r"ед\.?\s*изм|единица|\bunit\b",
            r"\bкол-?во|количеств|\bqty|quantity",
            r"цена|price",
            r"стоимость|сумма|amount|total",
            r"ставка ндс|налогов|сумма ндс|\bндс\b|\bvat\b",
        ),
        needs=4,
    ),
    OtherKind(
        "прайс-лист",
        "в нём цены товаров, а не деньги по заказам",
        _DROP,
        r"прайс|price ?-?list|каталог|оптовые цены",
        (
            r"артикул|\bsku\b|штрихкод|код товара|barcode",
            r"наименован|номенклат|товар|name|модель|title",
            r"розн\w*|опт\w*|\bррц\b|\bмрц\b|\bцена|price",
            r"остаток|наличи|stock|остатк",
            r"бренд|производител|категори|brand|category",
            r"описани|характерист|фото|description",
        ),
        needs=3,
    ),
    OtherKind(
        "складскую ведомость остатков",
        "в ней товары на складе, а не деньги",
        _DROP,
        r"остатки|инвентариз|ведомость по товарам|складск",
        (
            r"остаток|остатк|stock",
            r"\bсклад|ячейк|место хранения|warehouse",
            r"артикул|номенклат|товар|sku",
            r"резерв|приход|расход|в пути",
        ),
        needs=3,
    ),
    OtherKind(
        "таблицу тарифов",
        "в ней расценки, а не деньги по заказам",
        _DROP,
        r"тариф(?!икац)|расценк|прейскурант|стоимость доставки по",
        (
            r"\bзона|zone|направлени|регион|город|пункт назнач",
            r"\bвес|до \d+ ?кг|weight|\d+ ?кг|масса",
            r"тариф|цена|стоимость|price",
            r"срок|дней|days",
            r"доп\w* кг|за (?:каждый )?кг|мин\w* стоим",
        ),
        needs=3,
    ),
    OtherKind(
        "список отправлений на сдачу (Ф103)",
        "в нём то, что сдано на отправку, с назначенным, а не принятым наложенным платежом",
        "Положите отчёт о принятых и перечисленных наложенных платежах.",
        r"ф\.? ?103|список (?:рпо|почтовых|внутренних|отправлени)|ф\.? ?112|ф\.? ?7",
        (
            r"\bоц\b|объявлен",
            r"\bвес|масса",
            r"индекс",
            r"вид (?:отправлени|рпо)|категори|разряд",
            r"способ пересылки|отметк|особ",
            r"адрес|куда|кому|адресат",
            r"плата за пересыл|тариф",
        ),
        needs=3,
    ),
    OtherKind(
        "маршрутный лист или опись сдачи курьеру",
        "в нём заказы, которые ещё только везут: деньги по ним ещё не приняты",
        "Положите отчёт курьера о принятых деньгах, он приходит после доставки.",
        r"маршрутн|манифест|акт приема-передачи (?:отправлений|груз|заказов|посылок)|опись|лист доставк|manifest|план доставк",
        (
            r"адрес|address",
            r"телефон|phone",
            r"получател|адресат|фио|клиент|recipient|контакт",
            r"интервал|время достав|окно",
            r"\bвес|мест|масса|weight",
            r"к оплате|к получени|оплата при|нп\b|налож",
            r"подпис",
            r"коммент|примечан",
        ),
        needs=3,
    ),
    OtherKind(
        "выгрузку заказов магазина",
        "в ней заказы и их стоимость, но не деньги, которые перечислил курьер",
        _DROP,
        r"заказы (?:клиентов|покупателей|магазина)|выгрузка заказов|список заказов|orders export|экспорт заказов",
        (
            r"сумма заказа|стоимость заказа|итого заказ|order total|сумма\b|total",
            r"покупател|клиент|фио|customer|email|e-mail|почта",
            r"телефон|phone",
            r"адрес|город|address|city",
            r"товар|состав|позици|items|product|артикул",
            r"дата создан|дата заказа|создан|created",
            r"менеджер|источник|промокод|канал|source|comment|коммент",
            r"способ доставки|доставка\b|delivery method",
            r"способ оплаты|payment",
        ),
        needs=3,
    ),
    OtherKind(
        "список контактов",
        "в нём нет денег",
        _DROP,
        r"контакт|адресная книга|база клиентов|справочник",
        (
            r"телефон|phone|моб|e-?mail|почта",
            r"e-?mail|почта|город|address|адрес",
            r"фио|имя|фамили|name|контакт",
            r"адрес|город|address",
            r"должност|компания|организац|company",
            r"дата рожд|birthday",
            r"комментар|примечан",
        ),
        needs=2,
        moneyless=True,
    ),
    OtherKind(
        "анкету или ответы на опрос",
        "в ней нет денег",
        _DROP,
        r"анкет|опрос|survey|голосован|отзыв",
        (
            r"вопрос|question|оцените|довольны|посоветуете|как вы|почему|\?$",
            r"ответ|answer|оценка|отзыв|rating|nps",
            r"отметка времени|timestamp",
            r"пожелани|комментар|имя|возраст",
        ),
        needs=2,
        moneyless=True,
    ),
    STATUSES,
)


_MONEY = r"сумм|стоим|руб|\bцен|оплат|выплат|перечисл|взят|принят|получен[оа]|доставка$|price|\bsum\b|amount|total|payment"


def _hits(kind: OtherKind, headers: Sequence[str]) -> int:
    """How many of its signs are there; one header is one sign."""
    free = list(headers)
    hits = 0
    for sign in kind.headers:
        found = next((header for header in free if says(sign, header)), None)
        if found is not None:
            free.remove(found)
            hits += 1
    return hits


def looks_like(headers: Sequence[str], texts: Sequence[str]) -> tuple[OtherKind, int] | None:
    """The kind that the headers and the texts around speak for most, with its signs; None: none."""
    found = []
    of_money = any(says(_MONEY, header) for header in headers)
    for rank, kind in enumerate(KINDS):
        if kind.moneyless and of_money:
            continue
        hits = _hits(kind, headers)
        if kind.must and not any(says(kind.headers[0], header) for header in headers):
            continue
        titled = bool(kind.title) and any(says(kind.title, text) for text in texts)
        if hits >= kind.needs or (titled and hits >= min(2, kind.needs)):
            found.append((2 * titled + hits - kind.needs, hits, -rank, kind))
    if not found:
        return None
    surplus, hits, _, kind = max(found, key=lambda one: one[:3])
    return kind, hits + max(0, surplus - hits + kind.needs)
