"""Settlement files in layouts that nobody described, written by code from a table of columns.

Each column has a header and a role; the roles are the ground truth: which field the column is, and
what money its rows hold.
"""

import csv
import io
import json
import random
from dataclasses import dataclass, field
from decimal import Decimal
from xml.sax.saxutils import quoteattr

NETTED = {
    "net": ("fee_delivery", "fee_cod", "fee_insurance", "fee_return", "fee_storage", "fee_other"),
    "agent": ("fee_cod",),
    "gross": (),
}
FEES = NETTED["net"]
TRACKS = {
    "cdek": lambda i: f"11{48_200_000 + 137 * i}",
    "boxberry": lambda i: f"DUD{15_086_277 + 31 * i}",
    "letters": lambda i: f"EN{4_100 + i:06d}",
    "postal": lambda i: _postal(8_009_305_362_400 + 17 * i),
    "dalli": lambda i: f"A{5_185_814 + 3 * i}",
    "digits": lambda i: f"{700_100 + 7 * i}",
}


def _postal(thirteen: int) -> str:
    text = f"{thirteen:013d}"
    digits = [int(sign) for sign in text]
    return f"{text}{(10 - (3 * sum(digits[0::2]) + sum(digits[1::2])) % 10) % 10}"


@dataclass(frozen=True)
class Layout:
    """One layout. `columns` are (header, role); a header may be `(group, header)` for two rows."""

    name: str
    columns: tuple[tuple[str | tuple[str, str], str], ...]
    titles: tuple[str, ...] = ()
    model: str = "net"
    container: str = "csv"
    notation: str = "comma"
    track: str = "letters"
    order: str = "W-{}"
    date: str = "%d.%m.%Y"
    rows: int = 12
    totals: bool = True
    numbering: bool = False
    statuses: dict[str, str] = field(
        default_factory=lambda: {"delivered": "Вручен", "refused": "Отказ"}
    )
    tail: tuple[str, ...] = ()
    sheet: str = "Лист1"
    other_sheets: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...] = ()
    collected_when: str = "delivered"
    seed: int = 7


@dataclass(frozen=True)
class Truth:
    """What a right reading of the file gives: field → header(s), and the money of the lines."""

    mapping: dict[str, tuple[str, ...]]
    lines: list[dict[str, object]]


MAPPED = {
    "order": "order_ref",
    "track": "track_ref",
    "date": "occurred_on",
    "status": "outcome",
    "paid": "payment_method",
    "collected": "collected",
    "vat_in": "vat",
    "vat_on": "vat",
    "payout": "payout",
} | {fee: fee for fee in FEES}


def rows_of(layout: Layout) -> list[dict[str, object]]:
    """The operations of the file in kopecks, the same for the same layout."""
    chance = random.Random(layout.seed)
    roles = {role.lstrip("-") for _, role in layout.columns}
    made = []
    for i in range(1, layout.rows + 1):
        refused = i % 5 == 0
        price = 100 * chance.randrange(800, 9000) + chance.choice([0, 0, 50, 99])
        row: dict[str, object] = {
            "order": layout.order.format(100 + i),
            "track": TRACKS[layout.track](i),
            "day": 1 + i % 27,
            "outcome": "refused" if refused else "delivered",
            "paid": "Картой" if i % 3 else "Наличными",
            "planned": price,
            "declared": price + 100 * (i % 7) + 5000,
            "price": price - 100 * (i % 4) - 7700,
            "collected": 0 if refused else price,
            "fee_delivery": 100 * chance.randrange(180, 520),
            "fee_insurance": (price + 99) // 200,
            "fee_return": 100 * chance.randrange(90, 200) if refused else 0,
            "fee_storage": 1500 * chance.randrange(0, 3),
            "fee_other": 100 * chance.randrange(5, 60),
        }
        row["fee_cod"] = 0 if refused else (price * 3 + 50) // 100
        for fee in FEES:
            if fee not in roles and (roles & set(FEES) or "services" not in roles):
                row[fee] = 0
        if "services" in roles and not roles & set(FEES):
            row |= {fee: 0 for fee in FEES if fee != "fee_delivery"}
        row["fee_other2"] = 100 * chance.randrange(1, 9) if "fee_other2" in roles else 0
        row["services"] = sum(int(row[fee]) for fee in FEES)  # type: ignore[call-overload]
        row["vat_in"] = (int(row["services"]) * 22 + 61) // 122  # type: ignore[call-overload]
        row["vat_on"] = (int(row["fee_delivery"]) * 22 + 50) // 100 if "vat_on" in roles else 0  # type: ignore[call-overload]
        kept = sum(int(row[fee]) for fee in NETTED[layout.model])  # type: ignore[call-overload]
        kept += int(row["fee_other2"]) + int(row["vat_on"]) if layout.model == "net" else 0  # type: ignore[call-overload]
        row["payout"] = int(row["collected"]) - kept  # type: ignore[call-overload]
        made.append(row)
    return made


def truth_of(layout: Layout) -> Truth:
    """The ground truth: what a right draft places, and the lines under it."""
    mapping: dict[str, tuple[str, ...]] = {}
    for header, role in layout.columns:
        name = role.lstrip("-").removesuffix("2")
        title = "/".join(header) if isinstance(header, tuple) else header
        if name in MAPPED:
            mapping[MAPPED[name]] = (*mapping.get(MAPPED[name], ()), title)
        if name == "vat_on":
            mapping["fee_delivery"] = (*mapping.get("fee_delivery", ()), title)
        if name == "services" and not {r.lstrip("-") for _, r in layout.columns} & set(FEES):
            mapping["fee_delivery"] = (title,)
        if name == "planned" and layout.collected_when == "planned":
            mapping["collected"] = (title,)
        if name == "same":
            mapping["collected"] = mapping["payout"] = (title,)
    lines = []
    for row in rows_of(layout):
        fees = {fee: int(row[fee]) for fee in FEES}  # type: ignore[call-overload]
        fees["fee_other"] += int(row["fee_other2"])  # type: ignore[call-overload]
        fees["fee_delivery"] += int(row["vat_on"])  # type: ignore[call-overload]
        lines.append({"collected": row["collected"], "payout": row["payout"], **fees})
    return Truth(mapping, lines)


def cell(  # noqa: PLR0911 - one role a line
    layout: Layout, role: str, row: dict[str, object], ordinal: int
) -> object:
    """The cell of a role, as the layout writes it."""
    sign = -1 if role.startswith("-") else 1
    name = role.lstrip("-")
    if name in {"n"}:
        return str(ordinal)
    if name in {"order", "track", "paid"}:
        return row[name]
    if name == "status":
        return layout.statuses[str(row["outcome"])]
    if name == "date":
        return (
            layout.date.replace("%d", f"{row['day']:02d}").replace("%m", "11").replace("%Y", "2026")
        )
    if name in {"same", "kept"}:
        return money(layout, int(row["collected"]))  # type: ignore[call-overload]
    if name in TEXTS:
        return TEXTS[name][ordinal % len(TEXTS[name])]
    return money(layout, sign * int(row[name]))  # type: ignore[call-overload]


TEXTS = {
    "person": ("Иванов И. И.", "Петрова А. С.", "Сидоренко П."),
    "city": ("Тверь", "Псков", "Санкт-Петербург"),
    "weight": ("1,2", "0,5", "3,75"),
    "places": ("1", "1", "2"),
    "comment": ("", "звонить заранее", ""),
    "rate": ("3", "3", "3"),
    "zip": ("170000", "180000", "190000"),
}


def money(layout: Layout, kopecks: int) -> object:  # noqa: PLR0911 - one notation a line
    """An amount in the layout's notation."""
    amount = Decimal(kopecks).scaleb(-2)
    match layout.notation:
        case "kopecks":
            return str(kopecks)
        case "point":
            return f"{amount:.2f}"
        case "short":
            return f"{amount.normalize():f}".replace(".", ",")
        case "spaces":
            return f"{amount:,.2f}".replace(",", "\u00a0").replace(".", ",")
        case "rubles":
            return f"{amount:,.2f}".replace(",", " ").replace(".", ",") + " ₽"
        case "brackets":
            text = f"{abs(amount):,.2f}".replace(",", " ").replace(".", ",")
            return f"({text})" if amount < 0 else text
        case "dash":
            return "—" if not kopecks else f"{amount:.2f}".replace(".", ",")
        case "number":
            return amount
        case _:
            return f"{amount:.2f}".replace(".", ",")


def grid(layout: Layout) -> list[list[object]]:
    """The whole sheet, row by row."""
    width = len(layout.columns)
    rows: list[list[object]] = [[title] for title in layout.titles]
    groups = [header[0] if isinstance(header, tuple) else "" for header, _ in layout.columns]
    names = [header[1] if isinstance(header, tuple) else header for header, _ in layout.columns]
    if any(groups):
        upper = [
            ("" if i and group == groups[i - 1] else group) or (names[i] if not group else "")
            for i, group in enumerate(groups)
        ]
        rows.append(list(upper))
        rows.append([name if group else "" for name, group in zip(names, groups, strict=True)])
    else:
        rows.append(list(names))
    if layout.numbering:
        rows.append([str(i) for i in range(1, width + 1)])
    operations = rows_of(layout)
    for ordinal, row in enumerate(operations, 1):
        rows.append([cell(layout, role, row, ordinal) for _, role in layout.columns])
    if layout.totals:
        rows.append(_totals(layout, operations))
    rows += [[text] for text in layout.tail]
    return rows


def _totals(layout: Layout, operations: list[dict[str, object]]) -> list[object]:
    total: list[object] = []
    for _, role in layout.columns:
        name, sign = role.lstrip("-"), -1 if role.startswith("-") else 1
        name = "collected" if name in {"same", "kept"} else name
        sums = name in {
            "collected",
            "payout",
            "planned",
            "declared",
            "services",
            "vat_in",
            "vat_on",
            "fee_other2",
            *FEES,
        }
        total.append(
            money(layout, sign * sum(int(row[name]) for row in operations)) if sums else ""
        )  # type: ignore[call-overload]
    first = next((i for i, text in enumerate(total) if not text), None)
    if first is None:
        return ["Итого", *total[1:]]
    total[first] = "Итого"
    return total


def built(layout: Layout) -> tuple[bytes, str]:
    """The file and its name."""
    if layout.container in {"xlsx", "xlsx-merged"}:
        return _xlsx(layout), f"{layout.name}.xlsx"
    if layout.container in {"json", "json-bare"}:
        return _json(layout), f"{layout.name}.json"
    if layout.container in {"xml", "xml-children"}:
        return _xml(layout), f"{layout.name}.xml"
    return _csv(layout), f"{layout.name}.csv"


def _csv(layout: Layout) -> bytes:
    separator = {"tsv": "\t", "csv-comma": ","}.get(layout.container, ";")
    text = io.StringIO()
    csv.writer(text, delimiter=separator, lineterminator="\r\n").writerows(grid(layout))
    encoding = {"csv-1251": "cp1251", "csv-bom": "utf-8-sig", "tsv": "utf-16"}
    return text.getvalue().encode(encoding.get(layout.container, "utf-8"))


def _xlsx(layout: Layout) -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.title = layout.sheet
    for row in grid(layout):
        sheet.append([value if value != "" else None for value in row])
    for title, rows in layout.other_sheets:
        other = book.create_sheet(title)
        for texts in rows:
            other.append(list(texts))
    data = io.BytesIO()
    book.save(data)
    return data.getvalue()


def _json(layout: Layout) -> bytes:
    records = [
        _nested({str(header): cell(layout, role, row, n) for header, role in layout.columns})
        for n, row in enumerate(rows_of(layout), 1)
    ]
    head = dict(title.split("=") for title in layout.titles)
    tree = records if layout.container == "json-bare" else head | {"items": records}
    return json.dumps(tree, ensure_ascii=False, default=float).encode()


def _nested(record: dict[str, object]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in record.items():
        outer, _, inner = key.partition(".")
        if inner:
            found.setdefault(outer, {})[inner] = value  # type: ignore[index]
        else:
            found[key] = value
    return found


def _xml(layout: Layout) -> bytes:
    head = " ".join(f"{k}={quoteattr(v)}" for k, v in (t.split("=") for t in layout.titles))
    records = []
    for n, row in enumerate(rows_of(layout), 1):
        cells = [(str(header), str(cell(layout, role, row, n))) for header, role in layout.columns]
        if layout.container == "xml":
            records.append(f"<order {' '.join(f'{k}={quoteattr(v)}' for k, v in cells)}/>")
        else:
            records.append("<order>" + "".join(f"<{k}>{v}</{k}>" for k, v in cells) + "</order>")
    return (
        f"<?xml version='1.0' encoding='utf-8'?><report {head}>{''.join(records)}</report>".encode()
    )
