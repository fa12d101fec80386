"""What the words of a header say: patterns over its comparable form, each with its weight.

A weight is how much the words alone prove, 0 to 1: an exact name of `vocabulary.yaml` is 0.97, a
pattern below is what its line says. Patterns stand in groups of a field; the heaviest that is found
counts. `AGAINST` takes a field back: «сбор за объявленную ценность» is a fee, «объявленная ценность»
is no money of a settlement at all.
"""

import re
from functools import lru_cache

Pattern = tuple[str, float]

_WHO = r"(?:получател|покупател|клиент|адресат|физ|потребител|заказчик)"
_TAKEN = r"(?:принят|получен|взят|собран|взыскан|оплачен|внесен|уплачен|инкассир|поступил)"
_SHOP = r"(?:им|магазин\w*|клиент\w*|заказчик\w*|отправител\w*|продав\w*|партнер\w*|принципал\w*|поставщик\w*|контрагент\w*|нам|вам)"
_CARRIER = (
    r"(?:сдэк|cdek|dpd|дпд|boxberry|боксберри|5post|pickpoint|почт\w*|курьер\w*|кс|тк|сд|перевозчик\w*|"
    r"исполнител\w*|агент\w*|служб\w*|оператор\w*|логист\w*|системы?|далли|dalli|iml)"
)
_FEE = r"(?:стоим\w*|цен[аы]|тариф\w*|плат[аы]|сбор\w*|услуг\w*|сумм\w*|расход\w*|комисси\w*|вознагражд\w*|удерж\w*|начислен\w*|затрат\w*|price|cost|fee|charge|sum|amount|tarif\w*)"

FIELDS: dict[str, tuple[Pattern, ...]] = {
    "order": (
        (rf"\b(?:номер|id|код|заказ\w*|отправлени\w*)\b.*\b{_SHOP}$", 0.95),
        (r"\bваш\w*\s+(?:номер|заказ|код)", 0.95),
        (r"(?:внешн|внутренн)\w*\s+(?:номер|код|id)", 0.92),
        (
            r"\b(?:client|shop|sender|merchant|partner|customer|store|seller|external|ext|im|your)\b.*\b(?:order|number|id|no|nr|num|ref\w*)\b",
            0.95,
        ),
        (r"^(?:imid|im id|clientordernr|oid|nomer zakaza|zakaz)$", 0.93),
        (
            r"\bномер\w*\s+заказ|\bзаказ\w*\s+номер|^заказ\w*$|\bid\s+заказ|\bкод\s+заказ|\bзаказ\s+(?:клиента|покупателя)",
            0.9,
        ),
        (
            r"\border\b.*\b(?:number|no|nr|num|id|ref|code)\b|^(?:order|order id|zakaz|nomer zakaza|number zakaz\w*)$|\b(?:nomer|num)\s*zakaz\w*",
            0.9,
        ),
        (r"\bномер\w*\s+(?:заявк|покупк|чека|сборочн)|^заявка$|^заказ\b", 0.65),
        (
            r"\bоснование\b|\bномер\s+документ|^документ$|^(?:номер|number|no|num|nomer|id|№)$|\bссылка\b|\breference\b",
            0.4,
        ),
    ),
    "track": (
        (r"\bтрек|\btrack\w*|\bшпи\b|\bрпо\b|\bawb\b|waybill|\bnakladn\w*|\bdispatch\w*", 0.95),
        (
            rf"\b(?:номер|id|код)\b.*\b(?:заказ\w*|отправлени\w*)\b.*\b{_CARRIER}\b|\b{_CARRIER}\b.*\b(?:number|id|no|nr|num|номер|код)\b",
            0.95,
        ),
        (r"штрих ?-?код|штрихкод|\bшк\b|bar ?code|shtrih", 0.9),
        (r"накладн", 0.92),
        (r"(?:отправлени\w*|посылк\w*|рпо|груз\w*)\s+номер", 0.92),
        (
            r"номер\w*\s+(?:отправлени|посылк|рпо|груз|пост)|код\w*\s+(?:для\s+)?(?:отправлени|посылк|слежени|отслеж)|идентификатор",
            0.92,
        ),
        (r"\b(?:parcel|posting|shipment|package|consignment)\b.*\b(?:number|id|no|code)?\b", 0.85),
        (r"^отправлени[ея]$|^посылка$|\bквитанц|номер\w*\s+перевод|\bperevod\b.*\bno\b", 0.7),
    ),
    "delivered": (
        (
            r"(?:дата|день|время)\b.*(?:вруч|доставк|достав|выдач|исполнен|реализ|выкуп|получени)",
            0.95,
        ),
        (
            r"(?:вручен|доставлен|выдан)\w*\s*(?:дата|числа)?$|^(?:вручен|доставлен|выдан)[оа]?$",
            0.75,
        ),
        (r"^(?:delivered|issued|vruchen|dostavlen)$", 0.85),
        (
            r"\bdeliver\w*\s*(?:date|day|at|on|dt|time)\b|\b(?:date|dt|data|day)\b.*\b(?:deliver\w*|dostavk\w*|vruch\w*|issue\w*)|\bdelivereddate\b",
            0.95,
        ),
        (
            r"дата.*(?:операци|оплат|платеж|прием\w*\s+(?:денег|платеж|нп)|изменени|статус|событи|возврат|проводк|закрыт)",
            0.8,
        ),
        (
            r"\b(?:operation|payment|pay|event|transaction|status|closed)\b.*\b(?:date|dt|at|time)\b|\bdata\b.*\b(?:oplat\w*|oper\w*)",
            0.8,
        ),
        (r"^дата$|^date$|^data$|^день$|^dt$", 0.7),
        (r"дата|\bdate\b|\bdata\b", 0.3),
    ),
    "status": (
        (r"статус|состояни|\bstatus\b|\bstate\b|\boutcome\b|исход\b", 0.95),
        (r"результат|\bresult\b|итог\w*\s+доставк|факт\w*\s+вручени", 0.9),
        (r"\bотметк|примечани|причина", 0.3),
    ),
    "operation": (
        (
            r"(?:вид|тип|наименовани|название|категори)\w*\s+(?:операци|строк|начислен|движени|событи|записи|транзакци)|^операци[яи]$",
            0.95,
        ),
        (
            r"\b(?:operation|transaction|row|record|line|entry)\b.*\b(?:type|kind|name)\b|^(?:operation|kind|tip|vid)$",
            0.93,
        ),
        (
            r"(?:вид|тип|наименовани\w*|название)\s+услуг|^услуга$|^(?:тип|вид|type)$|\bservice (?:name|type)\b",
            0.7,
        ),
        (r"содержание|основание\s+(?:начисл|плат)|\bнаименование$", 0.4),
    ),
    "paid_by": (
        (r"(?:способ|вид|тип|форма|метод)\w*\s+(?:оплат|платеж|расчет|прием)", 0.95),
        (
            r"\b(?:payment|pay)\b\s*\b(?:method|type|form|kind|way)\b|^paytype$|\b(?:sposob|vid|tip) oplat\w*",
            0.95,
        ),
        (
            r"^(?:оплата|нал ?/ ?безнал\w*|наличн\w* ?/ ?(?:карт|безнал)\w*|касса|чем оплачен\w*)$",
            0.8,
        ),
    ),
    "currency": ((r"^валюта|\bcurrency\b|^valuta$|^ccy$", 0.95),),
    "collected": (
        (rf"{_TAKEN}\w*\b.*\b(?:с|от|у)?\s*{_WHO}", 0.95),
        (
            rf"{_TAKEN}\w*\s+(?:нп|налож\w*|деньг\w*|денежн\w*|наличн\w*|средств\w*|сумм\w*|плат\w*|фактическ\w*|курьер\w*|кассир\w*|по факту|оплат\w*|cod)",
            0.93,
        ),
        (
            rf"(?:сумма|оплата|платеж|деньги|средства|выручка|наличные|касса|итого|всего)\w*\s+.*(?:с|от)\s+{_WHO}",
            0.92,
        ),
        (rf"\b(?:оплат|платеж|выручк)\w*\s+{_WHO}", 0.9),
        (rf"(?:сумма|итог)\w*\s+(?:фактическ\w*\s+)?{_TAKEN}", 0.9),
        (
            r"факт\w*\s+(?:нп|налож|получен|принят|оплат|сумм|взят)|(?:нп|налож\w* плат\w*|оплат\w*|сумма)\W*\(?факт",
            0.95,
        ),
        (
            r"наложен\w*\s+плат|\bналожка\b|\bнал\.?\s*плат|\bнп\b|\bнпп\b|nalozh\w*|\bnal ?plat\w*|\bn p\b|\bnpp?\b",
            0.9,
        ),
        (
            r"\bcod\b|cash on delivery|\bpfr\b|\bcollect(?:ed|ion)?\b|payment from recipient|\b(?:cash|sum|amount)? ?(?:received|taken)\b|\bprinyato\b|\bpolucheno\b|\bvzyato\b|\bsobrano\b",
            0.92,
        ),
        (
            r"\b(?:paid|payment|received|money|cash|sum|amount)\b.*\b(?:recipient|client|customer|buyer|receiver|consignee|poluchatel\w*|pokupatel\w*)\b|\b(?:recipient|client|customer|buyer)\b.*\b(?:paid|payment|sum|amount)\b",
            0.93,
        ),
        (
            rf"^{_TAKEN}[оаы]?$|^(?:paid|(?:paid|received) (?:amount|sum)|(?:amount|sum) (?:paid|received))$",
            0.8,
        ),
        (rf"\b{_TAKEN}\w*$|^{_TAKEN}\w*\b", 0.7),
        (
            r"^(?:выручка|касса|инкассация|оборот|наличные|оплачено|деньги)$|^сумма (?:платежа|оплаты|операции|перевода|транзакции|продажи|чека|расчета)$|\b(?:transaction|operation|payment) (?:sum|amount)\b|^oplata$|\bsumm?a oplat\w*|^payment$|^payment sum$",
            0.6,
        ),
        (
            r"к\s+(?:получени\w*|взыскани\w*|оплате)\b|\bоплата\b|^(?:сумма|sum|amount|summa|price|total)$",
            0.35,
        ),
        (r"(?:сумма|стоимость|цена)\s+(?:заказ|товар|отправлен)", 0.3),
    ),
    "payout": (
        (r"к\s+(?:перечислени|выплат|переводу|перечисл|зачислени|возмещени)", 0.96),
        (
            rf"(?:к\s+(?:оплате|получению|начислению|расчету|возврату)|причитается|долг|итого|сумма|остаток|задолженность|выплата|перевод|оплата|всего)\s+.*\b(?:для\s+|перед\s+)?{_SHOP}$",
            0.9,
        ),
        (r"перечисл(?!\w*\s+комисс)|\bвыплат|\bвыплач|переведен|\bпричитается|\bзачислен", 0.88),
        (
            r"\b(?:to|for)[ _]?(?:pay|transfer|payout|payment|remit\w*|partner|client|shop|merchant|seller)\b|\bpay ?out\b|\bptp\b|\btransfer\w*\b|\bremit\w*|\bnet (?:amount|sum|payout|payment|total)\b|\bk ?(?:pere\w+|vypl\w+|vipl\w+|perev\w+|oplate)\b|\bperechisl\w*|\bvyplat\w*",
            0.93,
        ),
        (r"\bsettle(?:d|ment)\b.*\b(?:sum|amount)\b|\bpayable\b|\bfor pay\b|\bnet\b", 0.85),
        (
            rf"\bк\s+(?:отдаче|выдаче)\b|^сумма\s+к\s+возврату$|^(?:отдаем|выдаем|вернуть)\b|^(?:вам|итого вам)$|\bвозмещени\w*\s+{_SHOP}$|^возмещено\b",
            0.82,
        ),
        (r"к\s+начислени|к\s+расчету|\bна расчетный счет|\bна р/?с\b", 0.85),
        (
            r"\b(?:итого|всего|сумма|баланс|сальдо)\b.*\b(?:клиенту|заказчику|магазину|нам|вам|отправителю|продавцу|партнеру|им)\b",
            0.9,
        ),
        (
            r"^(?:к возврату|итого к оплате|итого|итог|всего|баланс|сальдо|остаток|total|balance|itogo|к оплате|разница|за вычетом.*|перевод|чистыми)$",
            0.5,
        ),
    ),
    "fee_cod": (
        (
            r"^(?:collection|cod|cash)\s+(?:fee|charge)$|агентск|вознагражд|\bagent\w*\b.*\b(?:fee|commission|reward|sum)\b|\bagent fee\b",
            0.93,
        ),
        (r"комисс|\bcommission\b|\bkomiss?i\w*", 0.88),
        (
            r"эквайр|acquiring|\bрко\b|кассов\w*\s+(?:обслуж|сбор)|\bcash service\b|^cs$|\bпроцент\s+за\s+(?:нп|налож|прием)",
            0.9,
        ),
        (
            r"\b(?:сбор|плата|услуг\w*|стоим\w*|обработк\w*|тариф|вознагр\w*|процент|расход\w*|удерж\w*)\b.*\b(?:за\s+)?(?:нп|нпп|налож\w*|прием\w*|перевод\w*|перечисл\w*|инкасс\w*|наличн\w*|платеж\w*|оплат\w*|денег|деньг|денежн\w*|cod)\b",
            0.92,
        ),
        (
            r"\bcod\b.*\b(?:fee|commission|charge|cost|service|tax)\b|\b(?:fee|commission|charge|service)s?\b.*\b(?:cod|cash)\b|\bcash (?:fee|commission|handling)\b|\bpayment fee\b",
            0.95,
        ),
        (
            r"\bза\s+(?:прием|перевод|инкасс)|\bприем\w*\s+платеж\w*$|^инкассация$|\bбанк\w*\s+услуг|^nds? ?komis\w*$",
            0.6,
        ),
    ),
    "fee_delivery": (
        (
            rf"{_FEE}\b.*\b(?:доставк|пересылк|перевозк|логист|транспорт|курьер|экспед|отправк|достав)\w*",
            0.93,
        ),
        (
            r"\b(?:доставк\w*|пересылк\w*|перевозк\w*|логистик\w*|магистраль|экспедирован\w*|последн\w* мил\w*)",
            0.82,
        ),
        (
            r"\b(?:deliver\w*|shipping|shipment|freight|dostavk\w*|logist\w*|transport\w*)\b.*\b(?:price|cost|fee|charge|sum|amount|service|tariff?)\b|\b(?:prices?|costs?|fees?|charges?|services?|sum|tariffs?|stoimost)\b.*\b(?:deliver\w*|shipping|dostavk\w*)\b",
            0.95,
        ),
        (r"^(?:dc|dostavka|delivery|shipping|freight|tarif|tariff|logistics)$", 0.88),
        (r"(?:вознагражд\w*|комисси\w*)\s+за\s+(?:доставк|пересыл|логист|перевоз)", 0.95),
        (r"\bкурьерск\w*\s+(?:услуг|доставк|сбор|тариф)", 0.9),
        (r"^стоимость$|^сумма услуг$", 0.5),
        (
            r"^тариф\b|^база$|^базов\w*$|\bбазов\w*\s+(?:тариф|стоим|расчет)|\bпочтов\w*\s+(?:сбор|тариф)|\bплата\s+за\s+(?:вес|массу)|mass rate",
            0.85,
        ),
        (
            r"(?:стоим\w*|сумма|цена|плата)\s+(?:\w+\s+)?услуг|^услуг[иа]?$|удержано\s+за\s+услуги|\bнаши\s+услуги|\bуслуги\s+(?:кс|сд|тк|службы|оператор|курьер|компании|исполнител|агента)|^service$|^services$|^services? (?:sum|cost|price|amount)\b(?: kop\w*)?$|^uslugi$",
            0.72,
        ),
    ),
    "fee_insurance": (
        (r"страхов|\binsur\w*|^ins$|\bstrah\w*", 0.95),
        (
            r"(?:сбор|плата|процент|комисси\w*|услуг\w*|тариф|надбавк\w*)\b.*\b(?:за\s+)?(?:объявлен\w*|оценоч\w*|ценност\w*|оц)\b",
            0.95,
        ),
    ),
    "fee_return": (
        (
            rf"{_FEE}\b.*\b(?:возврат|обратн)\w*|\b(?:доставк\w*|логистик\w*|обработк\w*|пересылк\w*)\s+(?:на\s+)?(?:возврат|обратно)\w*|\bобратн\w*\s+(?:доставк|логист|пересыл)|\bвозвратн\w*\s+(?:логист|тариф|доставк)|\bза\s+(?:возврат|отказ|невыкуп)",
            0.94,
        ),
        (
            r"\breturn\w*\b.*\b(?:price|cost|fee|charge|service|tariff?|delivery)\b|\b(?:price|cost|fee|charge)\b.*\breturn\w*\b|\bvozvrat\w*\b.*\b(?:stoim\w*|tarif|sum\w*)\b",
            0.94,
        ),
        (r"\bвозврат|\breturn\b|\bvozvrat", 0.55),
    ),
    "fee_storage": ((r"хранени|\bstorage\b|\bhranen\w*", 0.94),),
    "fee_other": (
        (
            r"\b(?:проч|дополн|доп\b|ины|други|сопутств)\w*.*(?:услуг|расход|удерж|сбор|плат|начисл|затрат)|^проч(?:ее|ие)$|^доп\b|\bother\b.*|\badditional\b.*|\bextra\b.*|\bmisc\w*|\bprochee\b|\bdop\b.*",
            0.9,
        ),
        (
            r"\bсмс\b|\bsms\b|упаков|подъем|на этаж|ожидани|частичн\w*\s+(?:выкуп|доставк|отказ)|\bзабор|сервисн\w*\s+сбор|обработк|сортиров|удержан|\bштраф|\bпен[ия]\b|неустойк|фулфил|маркиров|пример(?:к|оч)|вскрыти|перевес|сверх ?вес|доплат\w*\s+за\s+вес|габарит|топлив|наценк|надбавк|корректиров|уведомлени|прозвон|документ\w*\s+возврат|вложени\w*\s+опис|опись|зона\s+удал|удаленн\w*\s+зон|выходн|приемк|комплектац|packag\w*|packing|pickup|fine\b|penalt\w*|surcharge|deduct\w*|\bpack\b|\buderzh\w*|\bhandling\b|fuel",
            0.85,
        ),
        (r"\bсбор|\bfee\b|\bcharge\b|\bудержа", 0.45),
    ),
    "vat": ((r"\bндс\b|\bvat\b|\bnds\b|\btax\b|\bналог", 0.95),),
    "services_total": (
        (
            r"(?:итого|всего|общ\w*|итог)\b.*(?:услуг|удерж|комисси|расход|сбор|вознагражд|затрат|начислен)|сумма\b.*(?:услуг|удерж|расход|затрат|начислен)|(?:услуг\w*|удержан\w*|комисси\w*|расход\w*)\W*\b(?:итого|всего|общ\w*)|\btotal\b.*\b(?:fee|service|charge|cost|deduct|commission)\w*|\b(?:fees?|services?|charges?|costs?)\b.*\btotal\b|^tsc$|полная стоимость услуг|стоимость услуг\b.*\b(?:всего|итого|общ)",
            0.95,
        ),
    ),
    "deleted": (
        (r"удаленн\w*\s+заказ|заказ\w*\s+удал|^удален|аннулир|^deleted$|^is deleted$", 0.95),
    ),
}

SHOPS_OWN = "|".join((*(FIELDS["order"][n][0] for n in (0, 1, 3)), r"внешн\w*\s+(?:номер|код|id)"))
"""Number of an order that names the shop as the one who gave it."""

AGAINST: dict[str, str] = {
    "order": r"дата|сумма|стоим|статус|кол|цен|состав|вес|тип|вид\b|date|sum\b|status|price|amount|count|адрес|места?\b|строк|п/п|пп\b|счет|телефон",
    "track": r"дата|сумма|стоим|статус|кол|цен|вес|товар|sku|date|sum\b|status|price|amount|вид\b|тип\b|категори|разряд",
    "delivered": r"план|срок|прибыт|желаем|обещан|сумма|стоим|услуг|тариф|плат[аы]\b(?<!оплаты)|цена|price|cost|fee|sum\b|город|адрес|способ|вид|тип|созда|п/п|поручен|акт|договор|отчет|рожд|возврат\w*\s+нп|принят\w*\s+на\b|приема\s+(?:заказ|отправ|груз|на|в)|сдач|отправк|отгруз",
    "status": r"дата|оплат|сумма|date|payment|pay\b|код",
    "operation": r"оплат|дата|сумма|pay|достав|отправлени|номер|date|sum\b",
    "paid_by": r"сумма|дата|услуг|sum\b|amount|date",
    "collected": (
        r"комисс|вознагр|сбор|тариф|услуг|за\s+прием|за\s+нп|за\s+налож|за\s+перевод|за\s+перечисл|объявл|оценоч|страх|"
        r"к\s+перечисл|к\s+выпл|перечисл|выплат|дата|номер|статус|способ|вид\b|тип\b|кол-?во|колич|процент|%|\bставк|"
        r"fee|commission|charge|date|status|method|type|number|service|insur|declared|доставк(?!\w*\s+и\s+товар)|ндс|vat|хранен|эквайр|"
        r"обслуж|удерж|возврат\w*\s+(?:стоим|тариф)|мест\b|вес\b|deliver|shipp|tariff|order\s+(?:number|id|no)|принято\s+на\b|принято\s+мест|предоплат"
    ),
    "payout": (
        r"комисс|вознагр|\bсбор|тариф|\bза\s+переч|\bза\s+перев|дата|номер|статус|способ|%|процент|\bставк|услуг|"
        r"date|number|status|fee|commission|charge|\bno\b|кол-?во|удерж|преми[яю]|зарплат|оклад|\bранее\b|прошл|поручен|назначен|страхов|ндс|vat|сотрудник|получател|покупател"
    ),
    "fee_cod": r"страх|объявл|оценоч|ценност|процент\b(?!\s+за)|%|\bставк|дата|номер|к\s+перечисл(?!\w*\s+комис)|без\s+комис|за\s+вычетом|минус|до\s+вычета|доставк|хранен|возврат|без\s+агент|without|итого\s+за\s+выч",
    "fee_delivery": r"дата|адрес|город|способ|срок|вид\b|тип\b|номер|зона|режим|статус|время|интервал|date|address|city|возврат|обратн|return|служб|план|пункт|страхов|(?:комисс|вознагр)(?!\w*\s+за\s+(?:доставк|пересыл|логист|перевоз))|агентск|с\s+получател|покупател|клиентом|получателем|частичн|хранен|услуг\w*\s+(?:по\s+)?(?:перевод|прием|банк|эквайр|страх|хран)|налож|\bнп\b|name|method|point",
    "fee_insurance": r"дата|номер|%|процент$|\bставк|компани|стоимост|полис",
    "fee_return": r"\bк\s+возврат|дата|номер|причин|статус|кол-?во|кол\b|тип|вид\b|date|reason|status|qty|count|(?:сумма|стоимость)\s+возврат\w*\s+(?:товар|покупат|получат|клиент)|возвращ\w*\s+(?:покуп|получат|товар)|нп\b|налож|денежн|средств",
    "fee_storage": r"дата|дн|срок|склад|место|days|place|условия",
    "fee_other": r"дата|номер|процент$|%|статус|вид\b|тип\b|наименов|информац|контакт|сведени|date|info|phone|name|(?<!за )\bвес\b|объем|комментар|страх|хран|агентск|вознагр|налож",
    "vat": r"без\s+ндс|\bставк|%|с\s+(?:учетом\s+)?ндс|c\s+ндс|rate|процент|вкл|without|включая|с\s+налог",
    "services_total": r"ндс|дата|номер",
    "deleted": r"дата",
    "currency": r"курс|rate|сумма",
}

BESIDE = (
    r"объявлен|оценоч|ценност|\bоц\b|declared|assess\w*|\bvalue\b|стоимость\s+(?:товар|вложен|отправлен|заказ|покупк|посыл|груз|продукц)"
    r"|цена(?!\s+услуг)|сумма\s+(?:заказ|товар|вложен|скидк)|\bскидк|discount|предоплат|аванс|\bгруз|goods|item price|insh ?price|price per"
    r"|\bвес\b|масса|weight|объем|кол-?во|количеств|\bмест[оа]?\b|quantity|\bqty\b|\bcount\b|индекс|zip|телефон|phone|процент|%|\bставк|\brate\b"
    r"|\bп/п\b|\bпп\b|номер\s+п/?п|^номер$|^№$|^n$|порядков|row num|\bинн\b|\bкпп\b|артикул|\bsku\b|сдача|купюр|\bкурс\b|себестоим|закупоч|наценк\w*\s+им"
    r"|\bitems?\b.*(?:price|cost|sum|amount)|\bgoods\b|\bproducts?\b"
    r"|бонус|балл|bonus|\bдней\b|\bсрок|days|\bвозраст|length|width|height|длина|ширина|высота|zone|\bзона\b"
)
"""Headers of amounts and numbers that a settlement neither takes nor pays."""

CREDIT = r"скидк|компенсац|возмещен\w*\s+(?:ущерб|утрат|убытк|стоим|за\s)|\bдоплата\s+(?:магазин|клиент|продавц|партнер)|discount|compensat"
"""Amounts that lessen what the courier keeps."""
PLANNED = r"план|прогноз|^начислено$|к начислению$|подлежал|заявлен|к\s+получени|к\s+оплате|к\s+взыскани|ожида|назначен|должен|по\s+накладн|заказан|исходн|первоначал|order(?:ed)?\s+cod|planned|expected|выставлен"
ACTUAL = r"факт|принят|получен|взят|собран|оплачен|внесен|actual|collected|received|taken|paid"

KOPECKS = r"\bкоп\b|копе[йе]?к|\bkop\b|kope[iy]?k|\bcents?\b|\bminor\b"
_OF_A_SUM = frozenset(
    {"payout", "collected", "services_total", "fee_cod", "fee_delivery", "fee_other"}
)


@lru_cache(maxsize=512)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern)


def says(pattern: str, words: str) -> bool:
    """True when the pattern is found in the words."""
    return _compiled(pattern).search(words) is not None


_AFTER = re.compile(
    r"\s*\(?(?:за вычетом|за минусом|минус|без учета|с учетом|после вычета|до вычета|за исключением).*"
)


_TAX = re.compile(
    r"[\s,(]*\b(?:без\s+(?:учета\s+)?ндс|с\s+(?:учетом\s+)?ндс|вкл(?:ючая|\.)?\s+ндс|в\s?т\.?\s?ч\.?\s+ндс|"
    r"в\s+том\s+числе\s+ндс)(?:\s*\d+\s*%)?\)?$"
)
_TAXED = frozenset(
    {
        *("services_total", "fee_delivery", "fee_cod", "fee_insurance"),
        *("fee_return", "fee_storage", "fee_other"),
    }
)
"""A fee is named the same with its tax and without."""


@lru_cache(maxsize=20_000)
def weight(field: str, words: str) -> float:
    """How much the words alone speak for the field, 0 to 1."""
    if field in _OF_A_SUM:
        # «К перечислению за вычетом комиссии» is what is left, not the commission.
        words = _AFTER.sub("", words) or words
    if field in _TAXED:
        words = _TAX.sub("", words).strip() or words
    if field in AGAINST and says(AGAINST[field], words):
        return 0.0
    return max((w for pattern, w in FIELDS[field] if says(pattern, words)), default=0.0)
