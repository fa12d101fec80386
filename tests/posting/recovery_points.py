"""The recovery points: every moment after which the world is another one, each by its name.

A closed list. A transaction that changes something and is not named here fails the kill tests, and
so does a name that nothing reaches. Between two neighbours nothing outside of the process changes,
so a kill there is a kill at the earlier one. docs/posting.md shows the names to people.
"""

INTAKE = {
    "intake.intake._take": "file registered",
    "intake.intake.look_round": "run offered",
    "settling.claim": "file claimed",
    "settling._recognised": "layout recognised",
    "settling.parse": "lines stored",
    "checking.judge._check": "lines checked",
}
MIRROR = {
    "snapshot.mirror._Mirror._look_around": "account compared",
    "snapshot.mirror._Mirror._kept": "mirror page stored",
    "snapshot.mirror._Mirror._states": "states stored",
    "snapshot.mirror._Mirror._move_cursor": "mirror cursor moved",
    "reconciling.reconcile.reconcile": "verdicts written",
    "settling.reconcile": "rows counted",
}
POSTING = {
    "posting.plan.plan": "plan committed",
    "posting.approve.approve": "approved",
    "posting.outbox.mark_sending": "sending committed",
    "posting.outbox.settle": "outcome settled",
}
PUBLISHING = {
    "settling.finish": "file finished",
    "settling.publish": "discrepancies renewed",
    "reporting.publish.publish": "debts noted",
    "reporting.publish._announce": "report published",
}
REFUSING = {
    "intake.intake._archived": "arrival noted",
    "intake.quarantine.quarantine": "file refused",
}
UNDOING = {
    "posting.undo._ask": "undo asked",
    "posting.undoing_ledger.mark_sending": "reversal sending",
    "posting.undoing_ledger.settle": "reversal settled",
    "posting.undoing_snapshot.refresh": "snapshot refreshed",
    "posting.undo._end": "undo finished",
}
SUPERSEDING = {
    "posting.supersede._carry_out": "superseded",
    "posting.supersede._take_back": "exchange finished",
    "posting.supersede.supersede": "question answered",
}

DECIDING = {
    "posting.deciding.note_question": "question asked",
    "posting.deciding._recorded": "answer noted",
    "settling.decide": "run goes on",
}

COMMITS = INTAKE | MIRROR | POSTING | PUBLISHING | REFUSING | UNDOING | SUPERSEDING | DECIDING
"""By the function that opens the transaction: what its commit is called."""

REQUEST = ("request sent", "answer on its way", "answer received")
"""Of a write to MoySklad. With the answer on its way the books there are written."""

DELETION = ("deletion sent", "deletion answered", "deleted")

FILES = {
    "archive/": "file archived",
    "quarantine/": "copy in quarantine",
    "reports/": "page written",
}
"""By the folder of the storage."""

REMOVED = "file removed"

OF_POSTING = {*POSTING.values(), *REQUEST}
OF_UNDOING = {*UNDOING.values(), *REQUEST, *DELETION}
OF_SUPERSEDING = (OF_POSTING | OF_UNDOING | {*SUPERSEDING.values()}) - {
    "undo asked",
    "undo finished",
}
OF_REFUSING = {"plan committed", *DECIDING.values()}
OF_ALLOWING = (OF_POSTING - {"approved"}) | OF_REFUSING
OF_A_FILE = {
    *("file archived", REMOVED, "page written"),
    *(name for part in (INTAKE, MIRROR, PUBLISHING) for name in part.values()),
} | OF_POSTING
OF_A_REFUSAL = {
    *("arrival noted", "file archived", "file registered", REMOVED, "run offered", "file claimed"),
    *("copy in quarantine", "file refused", "discrepancies renewed", "page written"),
    *("debts noted", "report published"),
}
EVERY_ONE = OF_A_FILE | OF_A_REFUSAL | OF_UNDOING | OF_SUPERSEDING | OF_ALLOWING


def committed(place: str) -> str:
    """The name of a commit by the function whose transaction it was.

    Raises:
        LookupError: nobody has named it; what a kill there leaves behind has to be thought over.
    """
    if place not in COMMITS:
        raise LookupError(f"{place} commits a change and is no named recovery point")
    return COMMITS[place]


def put(path: str) -> str:
    """The name of a file's arrival in the storage."""
    return next(name for folder, name in FILES.items() if path.startswith(folder))
