"""Samples of bank statements with the quirks the facts name."""

from tests.parsing.writers_banks import Keys, bal, camt, details, exchange, ntry, stmt

OURS, SECOND = "40702810000000000001", "40702810000000000002"
COURIER, LANDLORD = "40702810000000000888", "40702810000000000999"
HEAD = {
    "Отправитель": "Городской банк",
    "Получатель": "1С:Предприятие",
    "ДатаСоздания": "21.11.2026",
    "ВремяСоздания": "06:15:00",
    "ДатаНачала": "19.11.2026",
    "ДатаКонца": "20.11.2026",
}


def section(account: str, day: str, *sums: str) -> Keys:
    """The balances of one day: opening, received, spent, closing."""
    opening, received, spent, closing = sums
    return {
        "ДатаНачала": day,
        "ДатаКонца": day,
        "РасчСчет": account,
        "НачальныйОстаток": opening,
        "ВсегоПоступило": received,
        "ВсегоСписано": spent,
        "КонечныйОстаток": closing,
    }


def incoming(number: str, amount: str, **more: str) -> tuple[str, Keys]:
    """Money of a courier on our account."""
    keys = {
        "Номер": number,
        "Дата": "18.11.2026",
        "Сумма": amount,
        "ПлательщикСчет": COURIER,
        "Плательщик": "ИНН 7700000003 ООО «Городской курьер»",
        "ПлательщикИНН": "",
        "ПолучательСчет": OURS,
        "ДатаПоступило": "19.11.2026",
        "ПолучательИНН": "7700000001",
        "Получатель1": "ООО «Ромашка»",
        "НазначениеПлатежа": "Перечисление наложенных платежей по реестру 118/11. НДС не облагается",
    }
    return "Платежное поручение", keys | more


def outgoing(number: str, amount: str, **more: str) -> tuple[str, Keys]:
    """Rent from our account; its purpose is cut into pieces."""
    keys = {
        "Номер": number,
        "Дата": "20.11.2026",
        "Сумма": amount,
        "ПлательщикСчет": OURS,
        "ДатаСписано": "20.11.2026",
        "ПлательщикИНН": "7700000001",
        "Плательщик1": "ООО «Ромашка»",
        "ПолучательСчет": LANDLORD,
        "ПолучательИНН": "7700000002",
        "Получатель1": "ООО «Склад»",
        "Получатель2": "р/с 40702810000000000999",
        "НазначениеПлатежа1": "Аренда склада за ноябрь 2026,",
        "НазначениеПлатежа2": "договор 7 от 10.01.2026",
    }
    return "Платежное поручение", keys | more


def one_c_documents() -> list[tuple[str, Keys]]:
    equal = incoming("77", "1500.50")
    between = {
        "Номер": "9",
        "Дата": "20.11.2026",
        "Сумма": "1000",
        "ПлательщикСчет": OURS,
        "ДатаСписано": "20.11.2026",
        "ПолучательСчет": SECOND,
        "ДатаПоступило": "20.11.2026",
        "НазначениеПлатежа": "Перевод между своими счетами",
    }
    fee = {
        "Номер": "305",
        "Дата": "20.11.2026",
        "Сумма": "49.00",
        "ПлательщикСчет": OURS,
        "ДатаСписано": "20.11.2026",
        "ПолучательСчет": "70601810000000000001",
        "Получатель": "Городской банк",
        "НазначениеПлатежа": "Комиссия за ведение счёта",
    }
    return [
        equal,
        equal,
        outgoing("4", "15000.00"),
        ("Платежное поручение", between),
        ("Банковский ордер", fee),
        incoming(
            "78", "2'000,00", ПлательщикИНН="7700000003", Плательщик1="ООО «Городской курьер»"
        ),
    ]


def one_c_sections() -> list[Keys]:
    return [
        section(OURS, "19.11.2026", "100000.00", "5001.00", "0.00", "105001.00"),
        section(OURS, "20.11.2026", "105001.00", "0.00", "16049.00", "88952.00"),
        section(SECOND, "20.11.2026", "0.00", "1000.00", "0.00", "1000.00"),
    ]


def one_c(encoding: str = "cp1251", newline: str = "\r\n") -> bytes:
    return exchange(
        HEAD,
        one_c_sections(),
        one_c_documents(),
        accounts=[OURS, SECOND],
        encoding=encoding,
        newline=newline,
    )


def one_c_utf8() -> bytes:
    """The same in UTF-8 with a BOM, still declaring Windows."""
    return one_c("utf-8-sig", "\n")


def camt_entries() -> list[str]:
    return [
        ntry("3034.56", "CRDT", [
            details("55", "Dbtr", "ООО «Городской курьер»", COURIER, ["Реестр НП 118/11", "от 20.11.2026"])
        ]),
        ntry("700.00", "CRDT", [
            details("61", "Dbtr", "ООО «Экспресс-Нева»", COURIER, ["Реестр 5"], amount="300.00"),
            details("62", "Dbtr", "ООО «Быстро»", LANDLORD, ["Реестр 6"], inn="7700000004", amount="400.00"),
        ]),
        ntry("15000", "DBIT", [details("NOTPROVIDED", "Cdtr", "ООО «Склад»", LANDLORD, ["Аренда"])]),
        ntry("99.00", "CRDT", status="<Sts>PDNG</Sts>"),
        ntry("120.00", "CRDT", [details("63", "Cdtr", "ООО «Склад»", LANDLORD, ["Отмена платежа 60"])],
             more="<RvslInd>true</RvslInd>"),
    ]  # fmt: skip


def camt_053() -> bytes:
    balances = [bal("OPBD", "20000.00"), bal("CLBD", "8854.56"), bal("CLAV", "8755.56")]
    nothing = stmt(
        "2026-11-20/2", SECOND, [bal("PRCD", "10", "DBIT"), bal("CLBD", "10", "DBIT")], []
    )
    return camt([stmt("2026-11-20/1", OURS, balances, camt_entries()), nothing])


SAMPLES_BANKS = {
    "bank_1c_statement.txt": (one_c, "bank_1c_statement"),
    "bank_1c_statement_utf8.txt": (one_c_utf8, "bank_1c_statement"),
    "bank_camt053.xml": (camt_053, "bank_camt053"),
}
