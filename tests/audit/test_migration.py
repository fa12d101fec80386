"""An installation that booked before it had a journal: its documents begin the chain."""

import psycopg2
import pytest
from alembic import command
from alembic.config import Config

from sverka.audit.agreement import disagreements
from sverka.audit.chain import walk
from sverka.database.connection import connect
from sverka.database.migrate import MIGRATIONS, migrate
from tests.support.books import Books


@pytest.fixture
def before(empty_database_url: str) -> Books:
    """The schema of the release before."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["url"] = empty_database_url
    command.upgrade(config, "0002")
    return Books(empty_database_url)


def test_what_was_booked_is_inherited_and_verifies(before: Books) -> None:
    file_id = before.file()
    posted = before.posting(file_id, amount=500)
    rejected = before.posting(file_id, state="rejected")
    before.posting(file_id, state="planned")
    migrate(before.url)
    rows = before.run(
        "select id, kind, by, file_id, sync_id::text, detail from journal order by id"
    )
    assert [row[:4] for row in rows] == [
        (1, "file.inherited", "migration", file_id),
        (2, "posting.inherited", "migration", file_id),
        (3, "posting.inherited", "migration", file_id),
    ]
    assert {row[4] for row in rows[1:]} == {str(posted), str(rejected)}
    with connect(before.url) as conn:
        assert walk(conn).broken is None
        assert list(disagreements(conn)) == []


def test_an_empty_installation_has_an_empty_journal(before: Books) -> None:
    migrate(before.url)
    assert before.run("select count(*) from journal") == [(0,)]


def test_an_inherited_document_is_watched_like_any_other(before: Books) -> None:
    sync_id = before.posting(before.file(), amount=500)
    migrate(before.url)
    before.run("update posting set amount = 501 where sync_id = %s", sync_id)
    with connect(before.url) as conn:
        assert [one.what for one in disagreements(conn)] == ["content"]


def test_the_journal_of_a_new_installation_is_protected_from_its_first_row(before: Books) -> None:
    before.file()
    migrate(before.url)
    with pytest.raises(psycopg2.errors.InsufficientPrivilege):
        before.run("delete from journal")
