"""Suggestions stand beside their discrepancy in all three renderings."""

from collections.abc import Callable
from uuid import UUID

from sverka.database.connection import Connection
from sverka.reporting.daily import Daily
from sverka.reporting.html import as_html
from sverka.texts import Texts
from tests.reporting.conftest import Rendered
from tests.support.rows import a_file, a_line, a_report, a_verdict

Read = Callable[..., Daily]
ORDER = UUID("00000000-0000-4000-8000-00000000000a")
FIRST = "заказ «00042» от 15.11.2026: номер без нулей, сумма та же"
SECOND = "могли вернуться: <b>Чайник</b> × 1"


def test_a_discrepancy_shows_its_suggestions_in_their_order(
    conn: Connection, daily: Read, rendered: Rendered
) -> None:
    from openpyxl import load_workbook

    report_id = a_report(conn, a_file(conn))
    line = a_line(conn, report_id, order="42", line_no=2)
    a_verdict(conn, line, "unknown_order")
    a_verdict(conn, a_line(conn, report_id, order="43", line_no=3), "unknown_order")
    for rank, kind, order_id, words in (
        (2, "goods", None, SECOND),
        (1, "order", str(ORDER), FIRST),
    ):
        given = {"rank": rank, "kind": kind, "order_id": order_id, "words": words}
        with conn.cursor() as cursor:
            cursor.execute(
                "insert into suggestion (line_id, rank, kind, order_id, words) "
                "values (%(line_id)s, %(rank)s, %(kind)s, %(order_id)s, %(words)s)",
                given | {"line_id": line},
            )
    conn.commit()
    report = daily()
    told = {one["order"]: one for one in rendered.json(report)["discrepancies"]}
    assert told["42"]["suggestions"] == [
        {"kind": "order", "order_id": str(ORDER), "words": FIRST},
        {"kind": "goods", "order_id": None, "words": SECOND},
    ]
    assert told["43"]["suggestions"] == []
    page = as_html(report, Texts()).decode()
    assert f"Возможно, {FIRST}" in page
    assert "могли вернуться: &lt;b&gt;Чайник&lt;/b&gt; × 1" in page
    sheet = load_workbook(rendered.xlsx(report))["Расхождения"]
    cells = {row[2].value: row[23].value for row in sheet.iter_rows(min_row=3)}
    assert cells["42"] == f"{FIRST}; {SECOND}"
