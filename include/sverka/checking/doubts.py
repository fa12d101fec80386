"""When a file as a whole cannot be believed, and how to say so."""

from collections.abc import Sequence

from sverka.checking import results
from sverka.checking.results import Contents
from sverka.checking.validation import Finding
from sverka.checking.words import FIELDS, amount, misfit
from sverka.database.connection import Connection

HELD = "Файл отложен целиком, в МойСклад по нему ничего не отправлено. "
_ASK_ENGINEER = "Передайте файл тому, кто обслуживает Сверку."
_SHOWN = 3


def totals_doubt(findings: Sequence[Finding], found: Contents) -> str | None:
    """Why the control totals speak against the file; None when they do not.

    A courier's totals cover the rows that parsing could not read as well. When the readable rows
    alone do not reach a total, those rows carry money that nobody can see, so the file is held:
    booking the rest would hide it.
    """
    known, equal = findings
    if not known.passed:
        names = ", ".join(f"«{row['field']}»" for row in known.rows)
        return f"В отчёте напечатан итог, который нечем проверить: {names}. {HELD}{_ASK_ENGINEER}"
    if equal.passed:
        return None
    rows = sorted(equal.rows, key=lambda row: _weight(str(row["field"])))
    parts = [_total(row, found.currency) for row in rows]
    shown = "; ".join(parts[:_SHOWN])
    more = f" (и ещё {len(parts) - _SHOWN})" if len(parts) > _SHOWN else ""
    if found.unreadable:
        return (
            f"Контрольный итог нельзя подтвердить: {shown}{more}. Сверка не смогла прочитать "
            f"строк: {found.unreadable}, деньги в них не видны; первая причина: "
            f"{found.first_unreadable} {HELD}Исправьте эти строки или запросите у курьера новый отчёт."
        )
    return (
        f"Контрольный итог не сходится: {shown}{more}. В отчёте не хватает строк или в них ошибка. "
        f"{HELD}Запросите у курьера исправленный отчёт."
    )


def _weight(field: str) -> tuple[int, str]:
    """What people look at first: the money that comes, the money that was taken, the rest."""
    first = ("payment_order_sum", "payout", "collected")
    return (first.index(field) if field in first else len(first), field)


def _total(row: dict[str, int | str], currency: str) -> str:
    field = str(row["field"])
    name = FIELDS.get(field, field)
    printed, counted, difference = (
        amount(field, int(row[key]), currency) for key in ("printed", "counted", "difference")
    )
    return f"{name} — в файле указано {printed}, по строкам выходит {counted}, разница {difference}"


def rows_doubt(
    conn: Connection, findings: Sequence[Finding], rejected: int, found: Contents
) -> str | None:
    """Why the rows speak against the file; None while at least half of them can be used."""
    every = found.lines + found.unreadable
    if 2 * (rejected + found.unreadable) <= every:
        return None
    critical = [f for f in findings if f.rule.severity == "critical" and not f.passed]
    if not critical:
        return (
            f"Не прочитано строк: {found.unreadable} из {every}. Первая причина: "
            f"{found.first_unreadable} {HELD}Похоже, изменилась раскладка отчёта. {_ASK_ENGINEER}"
        )
    worst = max(critical, key=lambda finding: len(finding.rows))
    first = worst.rows[0]["line_id"]
    example = misfit(worst.rule, results.rows(conn, [first], found.models)[first])
    return (
        f"Не подходит больше половины строк: {rejected + found.unreadable} из {every}. Чаще всего "
        f"нарушено правило «{worst.rule.sentence}» (строк: {len(worst.rows)}). Например, {example} "
        f"{HELD}Похоже, изменились договор или раскладка отчёта. {_ASK_ENGINEER}"
    )
