"""Shows how the dropped files go through, and what became of them."""

import time
from collections.abc import Iterator

import psycopg2

from local.state import State

PATIENCE_SECONDS = 300
WORDS = {
    "registered": "принят",
    "processing": "в работе",
    "settled": "готов",
    "quarantined": "в карантине",
    "waiting": "ждёт ответа",
    "stalled": "ждёт повтора",
    "undone": "отменён",
}
OPEN = ("registered", "processing")


def follow(state: State, url: str) -> bool:
    """Prints each change of a file's state until nothing is on its way any more.

    Returns False when nothing has moved for five minutes although files are open.
    """
    seen: dict[str, tuple[str, str | None]] = {}
    moved = time.monotonic()
    while True:
        now = dict(_files(url))
        for name, (word, reason) in now.items():
            if seen.get(name) != (word, reason):
                print(f"  {WORDS[word]:<13} {name}" + (f": {reason}" if reason else ""), flush=True)
                moved = time.monotonic()
        seen = now
        on_the_way = [name for name, (word, _) in now.items() if word in OPEN]
        if not on_the_way and not _in_inbox(state):
            return True
        if time.monotonic() - moved > PATIENCE_SECONDS:
            print(f"Пять минут ничего не меняется: {', '.join(on_the_way) or 'файлы в папке'}")
            return False
        time.sleep(1)


def _files(url: str) -> Iterator[tuple[str, tuple[str, str | None]]]:
    conn = psycopg2.connect(url)
    try:
        with conn, conn.cursor() as cursor:
            cursor.execute("select name, state, reason from file order by id")
            for name, word, reason in cursor.fetchall():
                yield name, (word, reason)
    finally:
        conn.close()


def _in_inbox(state: State) -> bool:
    return any(path.is_file() and not path.name.startswith(".") for path in state.inbox.iterdir())
