"""1CClientBankExchange: a bank statement as a tree, in whatever encoding the bank wrote it."""

from typing import Any

import pytest

from sverka.errors import Refusal
from sverka.reading import read

STATEMENT = """1CClientBankExchange
ВерсияФормата=1.02
Кодировка={declared}
Отправитель=Банк
РасчСчет=40702810000000000001
РасчСчет=40702810000000000002
Документ=Платежное поручение
Документ=Банковский ордер
СекцияРасчСчет
РасчСчет=40702810000000000001
НачальныйОстаток=100000.00
КонецРасчСчет
СекцияДокумент=Платежное поручение
Номер=00042
Сумма=15000.50
Плательщик1=ООО "Городской курьер"
ДатаПоступило=

НазначениеПлатежа=Перечисление по реестру № 7
от 20.11.2026, НДС не облагается
КонецДокумента
СекцияДокумент=Банковский ордер
Номер=5
Получатель=ООО А
Получатель=ООО Б
КонецДокумента
КонецФайла
"""


def statement(data: bytes) -> Any:
    raw = read(data, "kl_to_1c.txt")
    assert (raw.container, raw.tables) == ("1c", ())
    (head,) = raw.tree["1CClientBankExchange"]
    return head


@pytest.mark.parametrize(
    ("declared", "encoding"),
    [
        ("Windows", "cp1251"),
        ("DOS", "cp866"),
        ("UTF-8", "utf-8"),
        ("UTF-8", "utf-8-sig"),
        ("Windows", "utf-8"),
        ("Windows", "utf-8-sig"),
        ("DOS", "cp1251"),
        ("", "cp1251"),
        ("", "utf-8"),
    ],
)
@pytest.mark.parametrize("line_end", ["\n", "\r\n"])
def test_a_statement_is_read_in_the_encoding_it_is_in(
    declared: str, encoding: str, line_end: str
) -> None:
    text = STATEMENT.format(declared=declared).replace("\n", line_end)
    head = statement(text.encode(encoding))
    assert head["Отправитель"] == "Банк"
    assert head["РасчСчет"] == ["40702810000000000001", "40702810000000000002"]
    assert head["Документ"] == ["Платежное поручение", "Банковский ордер"]
    assert head["СекцияРасчСчет"] == [
        {"РасчСчет": "40702810000000000001", "НачальныйОстаток": "100000.00"}
    ]
    first, second = head["СекцияДокумент"]
    assert first == {
        "@вид": "Платежное поручение",
        "Номер": "00042",
        "Сумма": "15000.50",
        "Плательщик1": 'ООО "Городской курьер"',
        "ДатаПоступило": "",
        "НазначениеПлатежа": "Перечисление по реестру № 7 от 20.11.2026, НДС не облагается",
    }
    assert second["Получатель"] == ["ООО А", "ООО Б"]


def test_a_statement_without_operations_is_a_statement() -> None:
    head = statement("1CClientBankExchange\nВерсияФормата=1.03\nКонецФайла\n".encode())
    assert (head["СекцияДокумент"], head["ВерсияФормата"]) == ([], "1.03")


def test_what_follows_the_end_is_not_looked_at() -> None:
    assert statement("1CClientBankExchange\nКонецФайла\n\n\x1a".encode("cp1251"))["РасчСчет"] == []


@pytest.mark.parametrize("cut", ["КонецФайла", "КонецДокумента\nКонецФайла", "НазначениеПлатежа"])
def test_a_statement_that_is_cut_is_refused_with_its_line(cut: str) -> None:
    text = STATEMENT.format(declared="Windows")
    with pytest.raises(Refusal, match="обрывается") as refused:
        read(text[: text.rindex(cut)].encode("cp1251"), "x")
    assert refused.value.line_no is not None


def test_a_document_within_a_document_is_refused() -> None:
    text = STATEMENT.format(declared="Windows").replace("КонецДокумента\nСекция", "Секция")
    with pytest.raises(Refusal, match="обрывается"):
        read(text.encode("cp1251"), "x")


def test_a_line_that_belongs_nowhere_is_shown() -> None:
    with pytest.raises(Refusal, match="«чужая строка»") as refused:
        read("1CClientBankExchange\nчужая строка\nКонецФайла\n".encode(), "x")
    assert refused.value.line_no == 2
