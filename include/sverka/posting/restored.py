"""After a restore from a backup: MoySklad may know more than we do."""

from uuid import UUID

from sverka.audit.journal import Kind
from sverka.audit.postings import Change, note_changes
from sverka.services import Services

BY = "restored"
"""Who doubted, in the journal."""

_APPROVED = """
    update posting set state = 'unsure', sent_at = %(now)s where state = 'approved'
 returning sync_id::text
"""

# Nobody sends these until a person or a policy lets them, and then they are looked up first. Of what
# was in doubt already, the last request may be younger than the copy.
_OTHERS = """
    update posting set sent_at = %(now)s
     where not dry_run and (state in ('planned', 'sending', 'unsure', 'rejected')
                            or state = 'failed' and moysklad_id is null)
       and sent_at is distinct from %(now)s
"""


def doubt(services: Services) -> int:
    """Makes every document that may have been sent after the copy one to look up; returns how many.

    What was sent after the copy was made stands in MoySklad while the restored books call it
    approved, planned or refused. From now on each of these is looked up before it is sent (`send`),
    and the approved ones before they count as unsent in an undo, too (`recover`). Safe to repeat.
    """
    now = services.clock()
    with services.hold("account"), services.connect() as conn, conn.cursor() as cursor:
        cursor.execute(_APPROVED, {"now": now})
        approved = [Change(UUID(row[0]), Kind.POSTING_UNSURE) for row in cursor.fetchall()]
        note_changes(conn, approved, by=BY, now=now)
        cursor.execute(_OTHERS, {"now": now})
        return len(approved) + cursor.rowcount
