"""What happens to a file when its run cannot go on."""

import logging
from collections.abc import Mapping
from typing import Any

log = logging.getLogger(__name__)

AWAY = (
    "МойСклад или другая служба долго не отвечали. Деньги не потеряны, дважды ничего не проведено. "
    "Делать ничего не нужно: Сверка продолжит сама через полчаса."
)
LACKING = (
    "Не хватает настройки, без неё продолжить нельзя. Передайте это тому, кто обслуживает Сверку; она "
    "пробует снова каждые полчаса."
)
BROKEN = (
    "Обработка прервалась из-за ошибки в Сверке. Деньги не потеряны, дважды ничего не проведено. "
    "Сверка попробует снова через полчаса; если не поможет, передайте это тому, кто обслуживает Сверку."
)


def mark_stalled(context: Mapping[str, Any]) -> None:
    """For `on_failure_callback`: notes in words why the run's file waits.

    Runs in the worker, or, after a worker was killed, in the dag-processor, where the context has
    no exception and no connections. A file in quarantine keeps its own reason.
    """
    from sverka.clock import system_clock
    from sverka.database.connection import connect
    from sverka.intake import ledger
    from sverka.settings import from_environment

    with connect(from_environment().database_url) as conn:
        file_id = ledger.claimed_by(conn, context["dag_run"].run_id)
        if file_id is not None:
            reason = words(context.get("exception"))
            ledger.stalled(conn, file_id, reason, system_clock())
            log.error("file %s stalled: %s", file_id, reason)


def words(exception: object) -> str:
    """The reason in Russian, with the technical part at its end."""
    from sverka.errors import Misconfigured, TryLater

    if isinstance(exception, TryLater):
        text = AWAY
    elif isinstance(exception, Misconfigured):
        text = LACKING
    else:
        text = BROKEN
    if exception is None:
        return text
    technical = " ".join(str(exception).split())[:500]
    return f"{text} Технически: {type(exception).__name__}: {technical}"
