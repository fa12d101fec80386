"""Watching: what each courier owes, how old it is, and what is late by the contract."""

from sverka.watching.facts import (
    AGES,
    STAGES,
    Age,
    Behind,
    CameBack,
    Change,
    Figure,
    Late,
    Orders,
    Owed,
    Part,
    Phase,
    Received,
)
from sverka.watching.late import overdue_now
from sverka.watching.look import refresh
from sverka.watching.owed import orders_behind, owed
from sverka.watching.trend import (
    note_day,
    payouts_by_courier,
    returns_by_day,
    since_yesterday,
    trend,
)

__all__ = [
    "AGES",
    "STAGES",
    "Age",
    "Behind",
    "CameBack",
    "Change",
    "Figure",
    "Late",
    "Orders",
    "Owed",
    "Part",
    "Phase",
    "Received",
    "note_day",
    "orders_behind",
    "overdue_now",
    "owed",
    "payouts_by_courier",
    "refresh",
    "returns_by_day",
    "since_yesterday",
    "trend",
]
