"""Mutations of headers and columns."""

from collections.abc import Callable
from random import Random

from fuzz.books import Book, Sheet
from fuzz.columns import may_be_absent, said_by, unseen_between
from fuzz.mutations import Did, mutation
from sverka.nouns import Settlement
from sverka.recognition.bearing import canonical
from sverka.settings import INCLUDE

LETTERS = "абвгдеёжзиклмнопрстуфхцчшщэюя"


def pick(book: Book, rng: Random, kind: str | None = None) -> tuple[Sheet, str] | None:
    """A read sheet and one of its known columns."""
    found = [
        (sheet, name)
        for sheet in book.sheets
        for name in sheet.columns
        if sheet.header is not None and (kind is None or book.schema.columns[name].kind == kind)
    ]
    return rng.choice(found) if found else None


def header(sheet: Sheet, name: str) -> str:
    """The text of a column's header."""
    assert sheet.header is not None
    row = sheet.rows[sheet.header]
    index = sheet.columns[name]
    return str(row[index] or "") if index < len(row) else ""


def rename(sheet: Sheet, name: str, new: str) -> None:
    """Writes another text into a column's header."""
    assert sheet.header is not None
    sheet.rows[sheet.header][sheet.columns[name]] = new


def _lost(book: Book, name: str) -> frozenset[str]:
    """Under a name that says nothing a column which may be absent is as good as gone."""
    column = book.schema.columns[name]
    return said_by(book.schema, column) if may_be_absent(book.schema, column) else frozenset()


def _renaming(
    name: str,
    change: Callable[[str, Random], str],
    kind: str | None = None,
    *,
    alien: bool = False,
) -> None:
    def mutate(book: Book, rng: Random, model: Settlement | None) -> Did | None:
        found = pick(book, rng, kind)
        if found is None:
            return None
        old = header(*found)
        new = change(old, rng)
        if not old or new == old:
            return None
        rename(*found, new)
        return Did(
            f"header {old!r} became {new!r}", _lost(book, found[1]) if alien else frozenset()
        )

    mutate.__name__ = name
    mutation(mutate)


def _typo(text: str, rng: Random) -> str:
    at = rng.randrange(len(text)) if text else 0
    return rng.choice(
        [
            text[:at] + text[at + 1 :],
            text[:at] + rng.choice(LETTERS) + text[at + 1 :],
            text + " (план)",
        ]
    )


_renaming("typo", _typo)
_renaming("header_upper", lambda text, _: text.upper())
_renaming("header_lower", lambda text, _: text.lower())
_renaming("header_spaces", lambda text, _: f"  {text.replace(' ', '   ')} ")
_renaming("header_nbsp", lambda text, _: text.replace(" ", "\u00a0"))
_renaming("header_newline", lambda text, _: text.replace(" ", "\n", 1))
_renaming(
    "header_yo",
    lambda text, _: text.replace("е", "ё", 1) if "е" in text else text.replace("ё", "е"),
)
_renaming("header_colon", lambda text, _: f"{text}:")
_renaming("header_blank", lambda _text, _: "", alien=True)
_renaming("header_kopecks", lambda text, _: text.replace(", руб.", "") + ", коп.", "money")
_renaming(
    "header_other_word",
    lambda _text, rng: rng.choice(["Показатель", "Сумма", "Итог 2", "Прочее 5"]),
    alien=True,
)


@mutation
def synonym(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """Another word of the vocabulary for the same thing."""
    found = pick(book, rng)
    means = canonical(book.schema).get(found[1]) if found else None
    words = _synonyms().get(means or "", ())
    if found is None or not words:
        return None
    old, new = header(*found), rng.choice(words)
    rename(*found, new)
    return Did(f"header {old!r} became {new!r}")


def _synonyms() -> dict[str, list[str]]:
    from sverka.recognition.yamls import load_yaml

    headers: dict[str, list[str]] = load_yaml(INCLUDE / "courier_schemas" / "vocabulary.yaml")[
        "headers"
    ]
    return headers


@mutation
def swap_labels(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """The names of two columns change places, the cells stay. The dangerous one."""
    first, second = pick(book, rng), pick(book, rng)
    if first is None or second is None or first[0] is not second[0] or first[1] == second[1]:
        return None
    sheet, one = first
    other = second[1]
    texts = header(sheet, one), header(sheet, other)
    rename(sheet, one, texts[1])
    rename(sheet, other, texts[0])
    columns = book.schema.columns
    unseen = unseen_between(book.schema, columns[one], columns[other], model)
    return Did(f"headers {texts[0]!r} and {texts[1]!r} changed places", unseen)


@mutation
def reorder_columns(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """Columns with their cells in another order."""
    found = pick(book, rng)
    if found is None:
        return None
    sheet = found[0]
    assert sheet.header is not None
    width = max(len(row) for row in sheet.rows[sheet.header :])
    order = list(range(width))
    rng.shuffle(order)
    for index in range(sheet.header, len(sheet.rows)):
        row = sheet.rows[index] + [None] * (width - len(sheet.rows[index]))
        sheet.rows[index] = [row[place] for place in order]
    sheet.columns = {name: order.index(index) for name, index in sheet.columns.items()}
    return Did(f"columns in the order {order}")


def _insert(sheet: Sheet, at: int, title: str, cell: Callable[[int], str | None]) -> None:
    assert sheet.header is not None
    for index in range(sheet.header, len(sheet.rows)):
        row = sheet.rows[index]
        if not any(row):
            continue
        row += [None] * (at - len(row))
        row.insert(at, title if index == sheet.header else cell(index))
    sheet.columns = {n: i + (i >= at) for n, i in sheet.columns.items()}


def _inserting(name: str, titles: list[str], cell: Callable[[int, Random], str | None]) -> None:
    def mutate(book: Book, rng: Random, model: Settlement | None) -> Did | None:
        found = pick(book, rng)
        if found is None:
            return None
        sheet, title = found[0], rng.choice(titles)
        assert sheet.header is not None
        at = rng.randrange(len(sheet.rows[sheet.header]) + 1)
        _insert(sheet, at, title, lambda index: cell(index, rng))
        return Did(f"new column {title!r} at {at}")

    mutate.__name__ = name
    mutation(mutate)


_inserting("insert_text", ["Комментарий", "Менеджер", "Регион"], lambda _i, _r: "текст")
_inserting(
    "insert_money", ["Сбор за упаковку", "Удержано", "Доплата, руб."], lambda i, _r: f"{i}.50"
)
_inserting(
    "insert_whole_money",
    ["Упаковка", "Подъём на этаж", ""],
    lambda i, r: str(r.choice([30, 50, 70])),
)
_inserting("insert_date", ["Дата выгрузки"], lambda _i, _r: "21.11.2026")
_inserting("insert_empty", ["", "Резерв 1"], lambda _i, _r: None)


@mutation
def duplicate_column(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """A known column stands twice, the second time with other amounts or the same."""
    found = pick(book, rng)
    if found is None:
        return None
    sheet, name = found
    index, other = sheet.columns[name], rng.random() < 0.5
    title = header(sheet, name)
    cells = [row[index] if index < len(row) else None for row in sheet.rows]
    _insert(sheet, len(sheet.rows[sheet.header or 0]), title, lambda i: "7" if other else cells[i])
    return Did(f"column {title!r} twice, with {'other' if other else 'equal'} cells")


@mutation
def delete_column(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """A known column is gone with its cells."""
    found = pick(book, rng)
    if found is None:
        return None
    sheet, name = found
    index, title = sheet.columns[name], header(sheet, name)
    for row in sheet.rows[sheet.header or 0 :]:
        del row[index : index + 1]
    absent = _lost(book, name)
    sheet.columns = {n: i - (i > index) for n, i in sheet.columns.items() if n != name}
    return Did(f"column {title!r} deleted", absent)


@mutation
def group_row(book: Book, rng: Random, model: Settlement | None) -> Did | None:
    """A merged group over some columns."""
    found = pick(book, rng)
    if found is None or not found[0].header:
        return None
    sheet = found[0]
    assert sheet.header is not None
    width = len(sheet.rows[sheet.header])
    first = rng.randrange(width)
    last = min(width - 1, first + rng.randrange(1, 4))
    row: list[object] = [None] * width
    row[first] = "Услуги"
    sheet.rows.insert(sheet.header, row)
    sheet.merged.append((sheet.header, first, last))
    sheet.header += 1
    return Did(f"group over columns {first} to {last}")
