"""The page: complete, self-contained, safe, and honest about what it leaves out."""

import re
from collections.abc import Callable

import pytest

from sverka.database.connection import Connection
from sverka.reporting import collect, html
from sverka.reporting.daily import Daily
from sverka.texts import Texts
from tests.reporting.pages import Page
from tests.support.rows import (
    NOON,
    a_discrepant_line,
    a_file,
    a_line,
    a_matched_line,
    a_posting,
    a_rejected_row,
    a_report,
    a_sighting,
    a_verdict,
    rows_add_up,
)

Read = Callable[..., Daily]


def as_html(daily: Daily) -> bytes:
    return html.as_html(daily, Texts())


def a_full_day(conn: Connection, text: str = "реестр.xlsx") -> None:
    """Every section of the page has something to say."""
    file_id = a_file(conn, text, state="processing", claimed_by="run")
    report_id = a_report(conn, file_id, ignored=[{"reason": text, "rows": 1, "payout": 5}])
    a_matched_line(conn, report_id)
    a_discrepant_line(
        conn, report_id, "underpaid", expected=120000, order=text, sheet=text, sentence=text
    )
    a_verdict(conn, a_line(conn, report_id), "service_row", sentence=text)
    a_rejected_row(conn, report_id, column_name=text, value=text, reason=text)
    a_posting(conn, report_id, None, "supply", state="rejected", error=text)
    a_posting(conn, report_id, None, state="planned")
    a_file(conn, text, state="quarantined", reason=text)
    a_sighting(conn, file_id, name=text, seen_at=NOON.replace(hour=15))
    old = a_report(conn, a_file(conn, text, received_at=NOON.replace(day=18)))
    a_discrepant_line(conn, old, "unknown_order")
    a_file(conn, text, state="stalled", reason=text, received_at=NOON.replace(day=18))
    rows_add_up(conn)


def test_an_empty_day_says_so(daily: Read) -> None:
    page = Page(as_html(daily()))
    assert "Новых отчётов курьеров в этот день не было." in page.text
    assert "Курьеры ничего не должны. Открытых расхождений нет." in page.text
    assert "Нечего от вас ничего не требуется" in page.text
    assert "<table" not in as_html(daily()).decode()


def test_a_full_day_is_sound_html_whose_links_lead_somewhere(conn: Connection, daily: Read) -> None:
    a_full_day(conn)
    page = Page(as_html(daily()))
    ids = set(page.values("id"))
    inside = {href[1:] for href in page.values("href") if href.startswith("#")}
    assert inside
    assert inside <= ids
    assert {"discrepancies", "services", "rejected", "files", "again", "carried"} <= ids


def test_the_page_needs_nothing_but_itself(conn: Connection, daily: Read) -> None:
    a_full_day(conn)
    page = as_html(daily())
    tags = {tag for tag, _ in Page(page).tags}
    assert not tags & {"script", "link", "img", "iframe", "object", "form", "base", "use", "image"}
    assert b"url(" not in page
    assert b"@import" not in page
    assert not Page(page).values("src")
    assert not Page(page).values("target"), "pop-ups are dead in the sandboxed frame of Airflow"


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "</style>"]
)
def test_text_from_files_stays_text(conn: Connection, daily: Read, text: str) -> None:
    a_full_day(conn, text)
    page = Page(as_html(daily()))
    assert page.text.count(text) >= 10
    assert not {tag for tag, _ in page.tags} & {"script", "img"}


def test_a_discrepancy_says_where_how_much_and_why(conn: Connection, daily: Read) -> None:
    report_id = a_report(conn, a_file(conn, "реестр 7.xlsx"))
    a_discrepant_line(
        conn,
        report_id,
        "underpaid",
        order="М-5",
        sheet="Лист1",
        line_no=14,
        collected=123456,
        expected=200000,
        sentence="Не хватает 765,44 ₽.",
    )
    text = Page(as_html(daily())).text
    assert "765,44 ₽ Городской курьер должно быть 2 000,00 ₽ получено 1 234,56 ₽" in text
    assert "Заказ М-5 недоплата Не хватает 765,44 ₽. Что сделать. Спросите у курьера" in text
    assert "реестр 7.xlsx лист «Лист1», строка 14" in text


def test_a_long_list_is_cut_with_a_word_about_the_rest(
    conn: Connection, daily: Read, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(collect.__globals__, "SHOWN", 2)
    report_id = a_report(conn, a_file(conn))
    for order, collected in (("МАЛЫЙ", 1), ("СРЕДНИЙ", 50), ("БОЛЬШОЙ", 900)):
        a_discrepant_line(conn, report_id, "unknown_order", order=order, collected=collected)
    text = Page(as_html(daily())).text
    assert "БОЛЬШОЙ" in text
    assert "СРЕДНИЙ" in text
    assert "МАЛЫЙ" not in text
    assert "Здесь 2 расхождения с самыми большими суммами. Ещё 1 — в таблице Excel" in text


def test_the_control_line_is_an_equation_with_honest_signs(conn: Connection, daily: Read) -> None:
    report_id = a_report(conn, a_file(conn))
    a_matched_line(conn, report_id, collected=1000)
    a_line(conn, report_id, collected=-300, accepted=False)
    rows_add_up(conn)
    text = Page(as_html(daily())).text
    assert "7,00 ₽ в отчётах = 10,00 ₽ сошлось + 0,00 ₽ в расхождениях" in text
    assert "− 3,00 ₽ в отклонённых строках." in text


def test_waiting_is_told_apart_from_problems(conn: Connection, daily: Read) -> None:
    a_file(conn, state="stalled")
    report_id = a_report(conn, a_file(conn, state="processing"))
    line_id = a_line(conn, report_id)
    a_verdict(conn, line_id)
    a_posting(conn, report_id, line_id, state="unsure", error="Нет ответа.")
    rows_add_up(conn)
    text = Page(as_html(daily())).text
    assert "Решить Нечего" in text
    assert "Под вопросом Всё сошлось" in text
    assert "В работе 1 файл." in text
    assert "1 документ без ответа МоегоСклада: Сверка сама найдёт их там" in text


def test_a_table_names_its_columns_and_rows(conn: Connection, daily: Read) -> None:
    a_full_day(conn)
    heads = [attrs.get("scope") for tag, attrs in Page(as_html(daily())).tags if tag == "th"]
    assert heads
    assert set(heads) == {"col", "row"}


def test_colours_are_readable_in_light_and_dark() -> None:
    """WCAG 2.1 AA: text has a contrast of at least 4.5 to 1 with what is behind it."""
    css = (html.HERE / "report.css").read_text(encoding="utf-8")
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", block))
        for block in re.findall(r":root \{(.*?)\}", css, re.DOTALL)[:2]
    )
    pairs = [
        (ink, ground) for ink in ("ink", "quiet", "bad", "good") for ground in ("paper", "sheet")
    ]
    pairs += [
        ("bad", "bad-soft"),
        ("good", "good-soft"),
        ("wait", "wait-soft"),
        ("ask", "ask-soft"),
    ]
    for theme in (light, dark):
        for ink, ground in pairs:
            assert contrast(theme[ink], theme[ground]) >= 4.5, (ink, ground)


def contrast(one: str, other: str) -> float:
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (p / 12.92 if p <= 0.03928 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def test_the_same_data_is_the_same_bytes(conn: Connection, daily: Read) -> None:
    a_full_day(conn)
    assert as_html(daily()) == as_html(daily())


def test_a_file_that_was_read_leads_to_the_checks_of_a_file(conn: Connection, daily: Read) -> None:
    """By its own day, so that the link works from `latest` as well."""
    read, unread = a_file(conn, "a.xlsx"), a_file(conn, "b.xlsx", state="quarantined")
    a_matched_line(conn, a_report(conn, read))
    links = Page(as_html(daily())).values("href")

    assert f"../2026-11-20/checks/{read}.html" in links
    assert not [link for link in links if link.endswith(f"/{unread}.html")]
