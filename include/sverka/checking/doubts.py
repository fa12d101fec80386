"""When a file as a whole cannot be believed, and how to say so."""

from collections.abc import Sequence
from typing import Any

from sverka.checking.findings import Finding, failed
from sverka.checking.results import Contents
from sverka.checking.words import FIELDS, amount, place
from sverka.money import Minor, in_words_of_money

HELD = "Файл отложен целиком, в МойСклад по нему ничего не отправлено. "
_ASK_ENGINEER = "Передайте файл тому, кто обслуживает Сверку."
_SHOWN = 3


def doubt(
    lines: Sequence[Finding], reports: Sequence[Finding], rejected: int, found: Contents
) -> str | None:
    """The first reason not to believe the file, with what to do; None when there is none."""
    return (
        _heads_doubt(reports, found)
        or _totals_doubt(reports, found)
        or _whole_doubt(lines)
        or _rows_doubt(lines, rejected, found)
    )


def _heads_doubt(findings: Sequence[Finding], found: Contents) -> str | None:
    """What speaks against a report before its money is looked at."""
    told = {
        "complete": _lost,
        "report_date_plausible": _future,
        "period_order": _backwards,
        "rounding_sum": _one_sided,
    }
    for finding in failed(findings, *told):
        if finding.rule.critical:
            return told[finding.rule.code](finding.sample, found)
    return None


def _lost(rows: Sequence[dict[str, Any]], _found: Contents) -> str:
    row = rows[0]
    return (
        f"Прочитано строк: {row['printed']}, а учтено: {row['counted']}. Строка потерялась или "
        f"посчитана дважды. {HELD}{_ASK_ENGINEER}"
    )


def _future(rows: Sequence[dict[str, Any]], _found: Contents) -> str:
    return (
        f"Отчёт или его платёжное поручение датированы на {rows[0]['days_ahead']} дн. позже дня, "
        f"когда пришёл файл: дата в нём неверна или прочитана неверно. {HELD}"
        "Проверьте дату в файле и запросите у курьера исправленный отчёт."
    )


def _backwards(_rows: Sequence[dict[str, Any]], _found: Contents) -> str:
    return (
        f"Период отчёта кончается раньше, чем начинается. {HELD}"
        "Проверьте даты в файле и запросите у курьера исправленный отчёт."
    )


def _one_sided(rows: Sequence[dict[str, Any]], found: Contents) -> str:
    money = in_words_of_money(Minor(rows[0]["one_sided"]), found.currency)
    return (
        f"В каждой строке не хватает немного денег, а вместе {money}: так не округляют. Похоже, в "
        f"отчёте есть удержание, которого Сверка не видит. {HELD}{_ASK_ENGINEER}"
    )


def _totals_doubt(findings: Sequence[Finding], found: Contents) -> str | None:
    """Why the control totals speak against the file; None when they do not.

    A courier's totals cover the rows that parsing could not read as well. When the readable rows
    alone do not reach a total, those rows carry money that nobody can see, so the file is held:
    booking the rest would hide it.
    """
    for unknown in failed(findings, "total_known"):
        names = ", ".join(f"«{row['field']}»" for row in unknown.sample)
        return f"В отчёте напечатан итог, который нечем проверить: {names}. {HELD}{_ASK_ENGINEER}"
    for unequal in failed(findings, "control_total"):
        return _unequal(unequal, found)
    return None


def _unequal(finding: Finding, found: Contents) -> str:
    rows = sorted(finding.sample, key=lambda row: _weight(str(row["field"])))
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


def _total(row: dict[str, Any], currency: str) -> str:
    field = str(row["field"])
    name = FIELDS.get(field, field)
    printed, counted, difference = (
        amount(field, int(row[key]), currency) for key in ("printed", "counted", "difference")
    )
    return f"{name} — в файле указано {printed}, по строкам выходит {counted}, разница {difference}"


def _whole_doubt(findings: Sequence[Finding]) -> str | None:
    """A check of the whole file that failed: it names no row to put aside."""
    for finding in findings:
        if finding.rule.critical and not finding.passed and not finding.refused:
            return (
                f"Нарушено правило «{finding.rule.sentence}»: в файле {finding.observed}. {HELD}"
                f"Запросите у курьера исправленный отчёт; если с ним всё верно, {_ASK_ENGINEER.lower()}"
            )
    return None


def _rows_doubt(findings: Sequence[Finding], rejected: int, found: Contents) -> str | None:
    """Why the rows speak against the file; None while at least half of them can be used."""
    every = found.lines + found.unreadable
    if 2 * (rejected + found.unreadable) <= every:
        return None
    critical = [f for f in findings if f.rule.critical and f.refused]
    if not critical:
        return (
            f"Не прочитано строк: {found.unreadable} из {every}. Первая причина: "
            f"{found.first_unreadable} {HELD}Похоже, изменилась раскладка отчёта. {_ASK_ENGINEER}"
        )
    worst = max(critical, key=lambda finding: finding.refused)
    return (
        f"Не подходит больше половины строк: {rejected + found.unreadable} из {every}. Чаще всего "
        f"нарушено правило «{worst.rule.sentence}» (строк: {worst.refused}). Например, "
        f"{_example(worst)} {HELD}Похоже, изменились договор или раскладка отчёта. "
        f"{_ASK_ENGINEER}"
    )


def _example(finding: Finding) -> str:
    row = finding.sample[0]
    return f"{place(row['sheet'], row['line_no'])}: {row['reason']}"
