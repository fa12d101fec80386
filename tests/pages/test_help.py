"""From what a page shows to the section that says what to do, and the pages as safe HTML."""

import re

import pytest

from sverka.nouns import VerdictKind
from sverka.pages import help as sections
from sverka.pages.help import Page
from sverka.pages.help_drawn import drawn


@pytest.mark.parametrize(
    ("state", "reason", "section"),
    [
        ("quarantined", "Файл пуст: в нём 0 байт. Скачайте отчёт заново.", "refusal.empty"),
        ("quarantined", "Лист «Итого», строка 4: контрольный итог не сходится: …",
         "refusal.control_total"),
        ("quarantined", "В архиве файл «a.pdf»: это PDF. Попросите …", "refusal.another_format"),
        ("quarantined", "Это веб-страница (HTML) …", "refusal.web_page"),
        ("quarantined", "раскладку отклонили, ответил Анна. это PDF", "refusal.declined"),
        ("quarantined", "причина другой версии", "file.quarantined"),
        ("quarantined", None, "file.quarantined"),
        ("stalled", "МойСклад не отвечает", "file.stalled"),
        ("settled", None, "file.settled"),
        ("unheard_of", None, ""),
    ],
)  # fmt: skip
def test_a_file_leads_to_its_reason_else_to_its_state(
    state: str, reason: str | None, section: str
) -> None:
    assert sections.of_file(state, reason) == section


def test_the_reason_counts_and_not_what_it_quotes_of_the_file() -> None:
    reason = "Такую таблицу Сверка видит впервые. Найдены колонки: «файл пустой:», «это PDF»."
    assert sections.of_file("quarantined", reason) == "refusal.unknown_layout"


@pytest.mark.parametrize(
    ("state", "error", "section"),
    [
        ("rejected", "МойСклад не принял: закрытый период (код 30300)", "unsent.refused"),
        ("failed", "Заказа больше нет в МоёмСкладе: не отправлено.", "unsent.gone"),
        ("failed", "Документ 00012 лежит в корзине МоегоСклада. …", "unsent.in_bin"),
        ("failed", "что-то новое", "document.failed"),
        ("unsure", "МойСклад не принял", "document.unsure"),
    ],
)
def test_a_document_leads_to_its_refusal_else_to_its_state(
    state: str, error: str, section: str
) -> None:
    assert sections.of_document(state, error) == section


def test_every_discrepancy_leads_to_one_section() -> None:
    for verdict in VerdictKind:
        assert sections.of_discrepancy(verdict) == f"verdict.{verdict}"
    assert sections.of_discrepancy("rejected") == "document.rejected"
    assert sections.of_discrepancy("contested") == "transfer.contested"
    assert sections.of_discrepancy("unheard_of") == ""
    assert sections.anchor("row", "not_a_number") == "row.not_a_number"


def test_every_anchor_is_an_id_of_the_page_once() -> None:
    html = drawn(Page.WHAT_NOW, "/sverka").html
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    assert set(sections.anchors()) == {one for one in ids if "." in one}


def test_every_chapter_can_be_reached() -> None:
    for page in Page:
        found = drawn(page, "")
        assert len(found.parts) > 5
        for part in found.parts:
            assert f'id="{part.anchor}"' in found.html


def test_links_stay_inside_of_sverka(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "# Т\n\n[руководство](operator.md) [журнал](trace.md) [чужое](https://a.example/) ![к](images/a.png)\n"
    monkeypatch.setattr("sverka.pages.help_drawn.text_of", lambda _: text)
    html = drawn(Page.WHAT_NOW, "/sverka").html
    assert '<a href="/sverka/help/operator">руководство</a> журнал чужое' in html
    assert 'src="/sverka/help/images/a.png"' in html


def test_html_in_a_text_stays_text(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "# Т\n\n<script>alert(1)</script> `<b>` [x](javascript:alert)\n\n<img src=x>\n"
    monkeypatch.setattr("sverka.pages.help_drawn.text_of", lambda _: text)
    html = drawn(Page.WHAT_NOW, "").html
    assert "<script" not in html
    assert "<img" not in html
    assert "<b>" not in html
    assert "<a " not in html
