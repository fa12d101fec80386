"""After a restore from a backup: MoySklad may know more than we do."""

from sverka.services import Services

_DOUBT = """
    update posting set sent_at = %(now)s
     where state in ('planned', 'approved') and sent_at is null and not dry_run
"""


def doubt(services: Services) -> int:
    """Makes every document that is not sent yet one that may have been; returns how many.

    What was sent after the copy was made stands in MoySklad while the restored books call it
    planned. From now on each of these is looked up before it is sent (`send`).
    """
    with services.connect() as conn, conn.cursor() as cursor:
        cursor.execute(_DOUBT, {"now": services.clock()})
        return cursor.rowcount
