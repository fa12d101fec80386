"""The rules of reconciling: each gives one verdict, says whether the line may be booked, and why.

The SQL decides only the rule; verdict, cleanness and the sentence follow from this table. In a
sentence `{expected}`, `{received}` and `{difference}` are sums of money (the difference without
its sign) of the line; `{open}`, `{total}` and `{apart}` the same of all lines of the file about the
order, so that of two lines for one order none says «больше на 0,00 ₽». `{order}` and `{track}` are
the numbers as the report has them.
"""

from dataclasses import dataclass

from sverka.nouns import VerdictKind

V = VerdictKind


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule; only a clean line may be booked."""

    name: str
    verdict: VerdictKind
    clean: bool
    sentence: str


def _clean(name: str, verdict: VerdictKind, sentence: str) -> Rule:
    return Rule(name, verdict, clean=True, sentence=sentence)


def _doubt(name: str, verdict: VerdictKind, sentence: str) -> Rule:
    return Rule(name, verdict, clean=False, sentence=sentence)


RULES = (
    _doubt(
        "row.service",
        V.SERVICE_ROW,
        "Это строка об услуге, штрафе или удержании, а не о заказе: документов по ней нет, "
        "сверьте её с договором.",
    ),
    _doubt(
        "line.settled",
        V.ALREADY_SETTLED,
        "Эта строка уже проведена из другого файла: второй раз {received} не проводим, "
        "делать ничего не нужно.",
    ),
    _doubt(
        "settled.less",
        V.UNDERPAID,
        "Строка по заказу {order} уже проведена из другого файла, но теперь курьер оставляет "
        "магазину {received} вместо {expected}: на {difference} меньше. Проведённое не меняем. "
        "Спросите курьера, что он пересчитал, и поправьте документы вручную.",
    ),
    _doubt(
        "settled.more",
        V.OVERPAID,
        "Строка по заказу {order} уже проведена из другого файла, но теперь курьер оставляет "
        "магазину {received} вместо {expected}: на {difference} больше. Проведённое не меняем. "
        "Спросите курьера, что он пересчитал, и поправьте документы вручную.",
    ),
    _doubt(
        "settled.other",
        V.DUPLICATE_IN_REPORT,
        "Строка по заказу {order} с теми же номерами уже проведена из другого файла, но говорит "
        "другое: не сходятся исход, дата или отдельные суммы. Ещё раз {received} не проводим. "
        "Сравните оба отчёта и спросите курьера, какой верный.",
    ),
    _doubt(
        "fees.repeated",
        V.DUPLICATE_IN_REPORT,
        "Денег в строке нет, а такие же услуги по заказу {order} уже есть в другой строке этого "
        "курьера. Второй раз не проводим. Спросите курьера, за что он берёт ещё раз.",
    ),
    _doubt(
        "line.contradicted",
        V.DUPLICATE_IN_REPORT,
        "Строка с теми же номерами стоит в файле ещё раз и говорит другое: {received} не проводим. "
        "Спросите курьера, какая из них верна.",
    ),
    _doubt(
        "line.repeated",
        V.DUPLICATE_IN_REPORT,
        "Эта же строка уже есть в файле выше: {received} учтены один раз. Если это две разные "
        "посылки, спросите курьера.",
    ),
    _doubt(
        "copy.extra",
        V.DUPLICATE_IN_REPORT,
        "Точная копия другой строки, и на заказе {order} для неё ничего не остаётся: {received} "
        "не проводим. Спросите курьера, не посчитал ли он дважды.",
    ),
    _doubt(
        "order.unknown",
        V.UNKNOWN_ORDER,
        "Заказа {order} с трек-номером {track} в МоёмСкладе нет: {received} пока не к чему "
        "отнести. Найдите заказ и поправьте номер или спросите курьера.",
    ),
    _doubt(
        "order.alike",
        V.UNKNOWN_ORDER,
        "Заказа {order} с трек-номером {track} в МоёмСкладе нет, есть только похожий номер: {received} "
        "не проводим наугад. Посмотрите подсказку, поправьте номер и запустите сверку ещё раз.",
    ),
    _doubt(
        "track.differs",
        V.AMBIGUOUS_ORDER,
        "Заказ {order} в МоёмСкладе есть, но трек-номер у него другой, в отчёте {track}: {received} не "
        "проводим. Проверьте, тот ли это заказ, и поправьте трек-номер.",
    ),
    _doubt(
        "order.long_ago",
        V.AMBIGUOUS_ORDER,
        "Заказ {order} в МоёмСкладе есть, но между ним и отчётом больше полугода, а номера каждый год "
        "начинаются заново: {received} не проводим. Проверьте, тот ли это заказ.",
    ),
    _doubt(
        "order.several",
        V.AMBIGUOUS_ORDER,
        "Под номером {order} и трек-номером {track} подходит несколько заказов: {received} не "
        "проводим наугад. Выберите заказ и проведите вручную.",
    ),
    _doubt(
        "order.conflict",
        V.AMBIGUOUS_ORDER,
        "Номер заказа {order} и трек-номер {track} указывают на разные заказы: {received} не "
        "проводим. Проверьте, какой из номеров верный.",
    ),
    _doubt(
        "demand.several",
        V.AMBIGUOUS_ORDER,
        "У заказа {order} несколько отгрузок, и по трек-номеру {track} не видно, какая из них "
        "вернулась. Оформите возврат вручную.",
    ),
    _doubt(
        "currency.differs",
        V.CURRENCY_MISMATCH,
        "Валюта строки не та, что у заказа {order}: {received} не проводим. Уточните у курьера, "
        "в какой валюте он рассчитался.",
    ),
    _doubt(
        "currency.foreign",
        V.CURRENCY_MISMATCH,
        "Заказ {order} и отчёт не в валюте учёта МоегоСклада: {received} не проводим, чтобы сумма не "
        "попала в документы без пересчёта. Проведите вручную по нужному курсу.",
    ),
    _doubt(
        "order.cancelled",
        V.CANCELLED_IN_BOOKS,
        "Заказ {order} в МоёмСкладе отменён, а курьер сообщает о нём и передаёт {received}. "
        "Проверьте, не отменили ли его по ошибке.",
    ),
    _doubt(
        "order.came_back",
        V.CANCELLED_IN_BOOKS,
        "По заказу {order} в МоёмСкладе уже есть возврат покупателя, а курьер сообщает о доставке и "
        "передаёт {received}, ждали {expected}. Проверьте, что на самом деле вернулось.",
    ),
    _doubt(
        "demand.none",
        V.NOT_SHIPPED,
        "У заказа {order} в МоёмСкладе нет проведённой отгрузки, а курьер передаёт {received}. "
        "Проведите отгрузку и запустите сверку ещё раз.",
    ),
    _doubt(
        "demand.vanished",
        V.NOT_SHIPPED,
        "Отгрузки заказа {order} больше нет в МоёмСкладе. Восстановите её или оформите возврат "
        "вручную.",
    ),
    _doubt(
        "outcome.lost",
        V.LOST,
        "Курьер пишет, что посылка по заказу {order} утеряна или уничтожена: магазин не получил "
        "{difference}. Предъявите курьеру претензию.",
    ),
    _doubt(
        "return.money_back",
        V.RETURN_NOT_BOOKED,
        "Курьер забирает назад {received} по заказу {order}: деньги уже были учтены. Оформите "
        "возврат покупателя и возврат денег вручную.",
    ),
    _doubt(
        "return.with_money",
        V.RETURN_NOT_BOOKED,
        "Заказ {order} вернулся, но курьер передаёт по нему {received}. Спросите курьера, за что "
        "эти деньги, и оформите возврат вручную.",
    ),
    _doubt(
        "return.already_paid",
        V.RETURN_NOT_BOOKED,
        "Заказ {order} вернулся, но в МоёмСкладе он оплачен. Оформите возврат покупателя и верните "
        "деньги вручную.",
    ),
    _doubt(
        "return.and_delivered",
        V.RETURN_NOT_BOOKED,
        "По заказу {order} в одном файле есть и доставка, и возврат. Спросите курьера, что из "
        "этого верно.",
    ),
    _doubt(
        "return.partly_booked",
        V.RETURN_NOT_BOOKED,
        "По отгрузке заказа {order} в МоёмСкладе уже есть возврат на другую сумму. Сравните его с "
        "тем, что вернулось, и поправьте вручную.",
    ),
    _doubt(
        "return.draft",
        V.RETURN_NOT_BOOKED,
        "По отгрузке заказа {order} в МоёмСкладе есть непроведённый возврат. Проведите или удалите "
        "его и запустите сверку ещё раз.",
    ),
    _doubt(
        "return.not_in_pieces",
        V.RETURN_NOT_BOOKED,
        "В отгрузке заказа {order} есть товар не поштучно, со скидкой или с ценой в долях "
        "копейки. Оформите возврат вручную.",
    ),
    _clean(
        "return.whole",
        V.RETURNED,
        "Заказ {order} вернулся целиком, денег по нему не ждём: оформляем возврат покупателя.",
    ),
    _clean(
        "return.booked",
        V.RETURNED,
        "Заказ {order} вернулся целиком, возврат покупателя в МоёмСкладе уже есть: второго не "
        "оформляем.",
    ),
    _doubt(
        "partial.several_rows",
        V.PARTIALLY_DELIVERED,
        "Заказ {order} выкуплен частично и разбит на несколько строк: не видно, что вернулось. "
        "Оформите возврат вручную.",
    ),
    _doubt(
        "partial.nothing_missing",
        V.PARTIALLY_DELIVERED,
        "Курьер пишет о частичном выкупе заказа {order}, но передаёт {received}: всё, что "
        "оставалось оплатить. Спросите, что вернулось.",
    ),
    _doubt(
        "partial.order_differs",
        V.PARTIALLY_DELIVERED,
        "Заказ {order} выкуплен частично, но сумма отгрузки не равна сумме заказа: не видно, что "
        "вернулось. Оформите возврат вручную.",
    ),
    _doubt(
        "partial.unexplained",
        V.PARTIALLY_DELIVERED,
        "Заказ {order} выкуплен частично: не пришло {difference}, и такой суммы из его товаров "
        "не складывается. Спросите курьера, что вернулось.",
    ),
    _doubt(
        "partial.several_ways",
        V.PARTIALLY_DELIVERED,
        "Заказ {order} выкуплен частично: не пришло {difference}, и вернуться могли разные "
        "товары. Посмотрите, что вернулось, и оформите возврат вручную.",
    ),
    _doubt(
        "partial.not_in_pieces",
        V.PARTIALLY_DELIVERED,
        "Заказ {order} выкуплен частично, а товар в отгрузке не поштучный, со скидкой или с "
        "ценой в долях копейки. Оформите возврат вручную.",
    ),
    _clean(
        "partial.explained",
        V.PARTIALLY_DELIVERED,
        "Заказ {order} выкуплен частично: пришло {received}, товар на {difference} вернулся, "
        "оформляем на него возврат.",
    ),
    _clean(
        "partial.booked",
        V.PARTIALLY_DELIVERED,
        "Заказ {order} выкуплен частично: пришло {received}, возврат на {difference} в МоёмСкладе "
        "уже есть.",
    ),
    _clean(
        "residual.exact",
        V.MATCHED,
        "Всё сошлось: курьер передал {received}, столько и оставалось оплатить по заказу {order}.",
    ),
    _clean(
        "residual.prepaid",
        V.MATCHED,
        "Заказ {order} оплачен заранее, денег от курьера не ждём: учитываем только его услуги.",
    ),
    _clean(
        "residual.tolerance",
        V.MATCHED_WITHIN_TOLERANCE,
        "Курьер передал {received}, ждали {expected}: разница {difference} в пределах допуска "
        "по договору.",
    ),
    _doubt(
        "residual.below",
        V.UNDERPAID,
        "По заказу {order} ждали {open}, курьер передал {total}: не хватает {apart}. "
        "Запросите у курьера остаток.",
    ),
    _doubt(
        "residual.no_money",
        V.UNDERPAID,
        "По заказу {order} ждали {expected}, а денег курьер не показывает. Спросите, доставлен "
        "ли заказ и где деньги.",
    ),
    _doubt(
        "residual.above",
        V.OVERPAID,
        "По заказу {order} ждали {open}, курьер передал {total}: больше на {apart}. "
        "Проверьте сумму заказа и спросите курьера.",
    ),
    _doubt(
        "residual.already_paid",
        V.OVERPAID,
        "Заказ {order} уже оплачен полностью, а курьер передаёт ещё {received}. Проверьте, не "
        "оплатил ли покупатель дважды.",
    ),
    _doubt(
        "residual.negative",
        V.OVERPAID,
        "По заказу {order} в МоёмСкладе оплачено больше его суммы. Разберитесь с оплатами заказа и "
        "запустите сверку ещё раз.",
    ),
    _doubt(
        "contract.kept_more",
        V.UNDERPAID,
        "По заказу {order} курьер должен был перечислить {expected}, а перечисляет {received}: "
        "удержал на {difference} больше, чем по договору.",
    ),
    _doubt(
        "contract.kept_less",
        V.OVERPAID,
        "По заказу {order} курьер должен был перечислить {expected}, а перечисляет {received}: "
        "удержал на {difference} меньше, чем по договору. Проверьте условия.",
    ),
    _doubt(
        "contract.negative_fee",
        V.OVERPAID,
        "В строке заказа {order} услуга курьера стоит меньше нуля. Спросите курьера, что он "
        "пересчитал, и проведите строку вручную.",
    ),
)
