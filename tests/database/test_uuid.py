"""A UUID is a value like any other, also in a process that knows nothing of Airflow."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = """
import sys
from uuid import UUID
from sverka.database.connection import connect
with connect(sys.argv[1]) as conn, conn.cursor() as cursor:
    cursor.execute("select %s::text", (UUID(int=1),))
    print(cursor.fetchone()[0])
"""


def test_a_uuid_is_written_by_the_command_line_alone(database_url: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, database_url],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == "00000000-0000-0000-0000-000000000001"
