"""An operator decides about ticked discrepancies, or about all of a filter after seeing how many."""

import re
from dataclasses import dataclass
from html import unescape
from html.parser import HTMLParser
from urllib.parse import parse_qs, urlencode, urlsplit

import pytest

from sverka.discrepancies import refresh
from tests.plugins.pages.conftest import OURS, Site
from tests.support.rows import NOON, a_discrepant_line, a_file, a_report

PATH = "/sverka/discrepancies"
GOROD = urlencode({"courier": "gorod"})


class Fields(HTMLParser):
    """What the page's own form would send."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.hidden: dict[str, str] = {}
        self.picks: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and given.get("type") == "hidden":
            self.hidden[str(given["name"])] = given.get("value") or ""
        if tag == "input" and given.get("name") == "pick":
            self.picks.append(str(given["value"]))


@dataclass
class Standing:
    """Three discrepancies: of «gorod» 200,00 ₽ and 100,00 ₽, of «dalli» 50,00 ₽."""

    site: Site
    report: int

    def add(self, order: str, expected: int) -> None:
        a_discrepant_line(self.site.conn, self.report, "underpaid", order=order, expected=expected)
        refresh(self.site.conn, NOON)
        self.site.conn.commit()

    def states(self) -> dict[str, tuple[str, str | None, str | None]]:
        with self.site.conn.cursor() as cursor:
            cursor.execute("select order_ref, state, decided_by, comment from discrepancy")
            found = {order: (state, by, words) for order, state, by, words in cursor.fetchall()}
        self.site.conn.rollback()
        return found


@pytest.fixture
def standing(site: Site) -> Standing:
    conn = site.conn
    other = a_report(conn, a_file(conn), "dalli")
    a_discrepant_line(conn, other, "underpaid", order="D1", expected=105000)
    found = Standing(site, a_report(conn, a_file(conn), "gorod"))
    found.add("G1", 120000)
    found.add("G2", 110000)
    return found


OPEN = ("open", None, None)


def words_of(html: str) -> str:
    text = unescape(re.sub(r"<[^>]+>", " ", html)).replace("\u00a0", " ").replace("\u202f", " ")
    return re.sub(r"\s+", " ", text)


def test_ticked_ones_are_decided_in_the_name_of_the_operator(standing: Standing) -> None:
    browser = standing.site.as_("user", "Ольга")
    picks = Fields(browser.get(PATH).text).picks
    data = {"action": "explain", "comment": "доплатят в пятницу", "pick": picks[:2]}
    answer = browser.post(PATH, headers=OURS, data=data)
    assert parse_qs(urlsplit(answer.headers["location"]).query) == {"done": ["2.0.0"]}
    assert "Записано: 2 решения" in words_of(browser.get(answer.headers["location"]).text)
    told = ("explained", "Ольга", "доплатят в пятницу")
    assert standing.states() == {"G1": told, "G2": told, "D1": OPEN}


def test_all_of_a_filter_is_asked_first_with_how_many_and_how_much(standing: Standing) -> None:
    browser = standing.site.operator
    form = Fields(browser.get(f"{PATH}?{GOROD}").text).hidden
    data = form | {"action": "accept_loss", "scope": "all", "comment": "спишем"}
    question = browser.post(PATH, headers=OURS, data=data)
    assert question.status_code == 200
    said = words_of(question.text)
    assert "Решить обо всех сразу?" in said
    assert "2 расхождения , 300,00 ₽" in said
    assert "«принять убыток»" in said
    assert "Да, записать: 2 решения" in said
    assert set(standing.states().values()) == {OPEN}
    answer = browser.post(PATH, headers=OURS, data=Fields(question.text).hidden)
    assert answer.headers["location"].endswith(f"?{GOROD}&done=2.0.0")
    lost = ("resolved", "Анна", "спишем")
    assert standing.states() == {"G1": lost, "G2": lost, "D1": OPEN}


def test_what_came_after_the_question_is_left_alone(standing: Standing) -> None:
    browser = standing.site.operator
    question = browser.post(
        PATH, headers=OURS, data={"action": "resolve", "scope": "all", "filters": GOROD}
    )
    form = Fields(question.text).hidden
    form["seen_at"] = NOON.isoformat()
    with standing.site.conn.cursor() as cursor:
        cursor.execute(
            "update discrepancy set changed_at = changed_at + interval '1 minute', "
            "updated = updated + 1 where order_ref = 'G2'"
        )
    standing.site.conn.commit()
    answer = browser.post(PATH, headers=OURS, data=form)
    assert answer.headers["location"].endswith("done=1.0.1")
    assert "Не применено: 1" in words_of(browser.get(answer.headers["location"]).text)
    assert {order: state for order, (state, _, _) in standing.states().items()} == {
        "G1": "resolved", "G2": "open", "D1": "open",
    }  # fmt: skip


def test_an_empty_filter_has_nothing_to_confirm(standing: Standing) -> None:
    data = {"action": "resolve", "scope": "all", "filters": "courier=nobody"}
    answer = standing.site.operator.post(PATH, headers=OURS, data=data)
    assert "решать не о чем" in answer.text
    assert Fields(answer.text).hidden == {}


@pytest.mark.parametrize("scope", ["picked", "all"])
def test_an_explanation_without_words_changes_nothing(standing: Standing, scope: str) -> None:
    browser = standing.site.operator
    picks = Fields(browser.get(PATH).text).picks
    data = {"action": "explain", "comment": "  ", "scope": scope, "pick": picks}
    answer = browser.post(PATH, headers=OURS, data=data)
    assert "Ничего не изменено" in browser.get(answer.headers["location"]).text
    assert set(standing.states().values()) == {OPEN}


@pytest.mark.parametrize("action", ["", "delete", "EXPLAIN"])
def test_an_action_that_does_not_exist_is_refused(standing: Standing, action: str) -> None:
    data = {"action": action, "scope": "all"}
    assert standing.site.operator.post(PATH, headers=OURS, data=data).status_code == 404
    assert set(standing.states().values()) == {OPEN}


@pytest.mark.parametrize("pick", ["", "1", "1.", "-1.1", "1.1.1", "x.y", "9" * 30 + ".1", "999.1"])
def test_a_tick_that_our_page_did_not_make_decides_nothing(standing: Standing, pick: str) -> None:
    data = {"action": "resolve", "pick": pick}
    answer = standing.site.operator.post(PATH, headers=OURS, data=data)
    assert answer.status_code == 303
    assert set(standing.states().values()) == {OPEN}


def test_a_viewer_has_no_form_and_is_refused_with_a_copied_one(standing: Standing) -> None:
    picks = Fields(standing.site.operator.get(PATH).text).picks
    assert len(picks) == 3
    page = standing.site.viewer.get(PATH).text
    assert Fields(page).picks == []
    assert "<fieldset" not in page
    for scope in ("picked", "all"):
        data = {"action": "resolve", "pick": picks, "scope": scope, "seen_at": "2027-01-01T00:00Z"}
        assert standing.site.viewer.post(PATH, headers=OURS, data=data).status_code == 403
    assert set(standing.states().values()) == {OPEN}


def test_another_sites_form_is_refused(standing: Standing) -> None:
    picks = Fields(standing.site.operator.get(PATH).text).picks
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {}):
        data = {"action": "resolve", "pick": picks}
        answer = standing.site.operator.post(PATH, headers=headers, data=data)
        assert answer.status_code == 403
    assert set(standing.states().values()) == {OPEN}


def test_a_decision_tells_its_history_with_the_evidence(standing: Standing) -> None:
    browser = standing.site.operator
    picks = Fields(browser.get(f"{PATH}?{GOROD}").text).picks
    data = {"action": "resolve", "comment": "сверили", "pick": picks[:1]}
    browser.post(PATH, headers=OURS, data=data)
    page = browser.get(f"{PATH}/{picks[0].partition('.')[0]}")
    said = words_of(page.text)
    assert "решено: решил человек Анна сверили" in said
    assert re.search(r'href="/sverka/files/\d+/lines\?q=G1"', page.text)
