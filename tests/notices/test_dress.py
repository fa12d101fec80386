"""A notice in an e-mail and in Telegram: names of files are anybody's and do nothing."""

import re
from html.parser import HTMLParser

import pytest

from sverka.notices.channels import Kind
from sverka.notices.dress import MESSAGE_LIMIT, as_mail, as_telegram
from sverka.notices.notice import TITLE_LIMIT, Notice, one_line
from sverka.texts import Language, Texts

SAY = Texts()
URL = "https://airflow.example/"


def a_notice(title: str = "Отчёт не принят", *lines: str, step: str = "Исправьте файл.") -> Notice:
    return Notice(Kind.QUARANTINED, title, lines or ("Нет колонки.",), step, "/sverka/files/1")


def plain(html: str) -> str:
    """What Telegram counts: the text without its markup."""
    found: list[str] = []
    parser = HTMLParser()
    parser.handle_data = found.append  # type: ignore[method-assign]
    parser.feed(html)
    parser.close()
    return "".join(found)


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("реестр.xlsx\r\nBcc: all@shop.example", "реестр.xlsx Bcc: all@shop.example"),
        ("a\u2028b\u2029c\x00d\x85e", "a b c d e"),
        ("отчёт\u202exslx.exe", "отчётxslx.exe"),
        ("a\ud800b", "ab"),
        ("1\u00a0234,50\u00a0₽", "1\u00a0234,50\u00a0₽"),
    ],
)
def test_a_name_stays_in_one_line_and_reads_as_it_is(name: str, shown: str) -> None:
    assert one_line(name, 100) == shown
    assert as_mail(a_notice(name), SAY, URL).subject == shown


def test_a_long_title_is_cut_where_it_shows() -> None:
    subject = as_mail(a_notice("я" * 10_000), SAY, URL).subject
    assert len(subject) == TITLE_LIMIT
    assert subject.endswith("я…")


def test_markup_in_a_name_is_text() -> None:
    evil = a_notice("<b>&", '<a href="https://evil.example">нажмите</a>', step="<script>")
    for html in (as_mail(evil, SAY, URL).html, as_telegram(evil, SAY, URL)):
        assert "evil.example&quot;&gt;" in html
        assert "<script" not in html
        assert re.findall('href="([^"]*)"', html) == ["https://airflow.example/sverka/files/1"]


def test_every_notice_says_what_happened_what_to_do_and_where() -> None:
    for html in (as_mail(a_notice(), SAY, URL).html, as_telegram(a_notice(), SAY, URL)):
        text = plain(html)
        for words in ("Отчёт не принят", "Нет колонки.", "Что делать: Исправьте файл.", "Открыть"):
            assert words in text


def test_without_an_address_there_is_no_link() -> None:
    for html in (as_mail(a_notice(), SAY, "").html, as_telegram(a_notice(), SAY, "")):
        assert "href" not in html
        assert "Открыть" not in html


def test_english_where_the_installation_speaks_it() -> None:
    english = Texts(Language.ENGLISH)
    assert "What to do: Исправьте файл." in plain(as_telegram(a_notice(), english, URL))
    assert '<html lang="en">' in as_mail(a_notice(), english, URL).html


@pytest.mark.parametrize("letter", ["<", "&", "ж", "🧾"])
def test_a_telegram_is_never_longer_than_one_message(letter: str) -> None:
    lines = [f"{number} {letter * 300}" for number in range(100)]
    text = plain(as_telegram(a_notice(letter * 5000, *lines, step=letter * 5000), SAY, URL))
    units = len(text.encode("utf-16-le")) // 2
    assert MESSAGE_LIMIT - 700 < units <= MESSAGE_LIMIT
    assert "… остальное в Сверке." in text
    assert "\n0 " in text


def test_a_telegram_with_room_has_everything() -> None:
    text = plain(as_telegram(a_notice("Т", *(f"строка {n}" for n in range(50))), SAY, URL))
    assert "строка 49" in text
    assert "остальное" not in text
