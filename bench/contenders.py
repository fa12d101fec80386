"""Each contender runs in a process of its own and prints what it took, as one line of JSON.

`python -m bench.contenders NAME REGISTER DATABASE_URL`
"""

import json
import sys
import time
from pathlib import Path

from bench.stages import matched_lines, offline_services, peak_megabytes, to_verdicts
from sverka.database.connection import connect
from sverka.intake.zones import Zone


def raw_read(register: Path, _database_url: str) -> dict[str, float]:
    """Only the cells, by python-calamine: the floor for everything that reads XLSX."""
    from python_calamine import CalamineWorkbook

    started = time.perf_counter()
    rows = CalamineWorkbook.from_path(register).get_sheet_by_index(0).to_python()
    return {"read": time.perf_counter() - started, "rows": len(rows)}


def sverka(register: Path, database_url: str) -> dict[str, float]:
    """The product: take in, read, recognise, parse, store, check, reconcile."""
    services = offline_services(database_url, register.parent)
    inbox = Zone("bench", (register.parent / "inbox").as_uri(), {})
    inbox.drop(register.name, register.read_bytes())
    taken, _ = to_verdicts(services, inbox)
    return {**taken.wall, "rows": matched_lines(database_url)}


def pandas_peer(register: Path, database_url: str) -> dict[str, float]:
    """What a data team would write first: read_excel, GX on the frame, a merge."""
    taken: dict[str, float] = {}
    started = time.perf_counter()
    import great_expectations as gx
    import pandas as pd

    taken["import"] = time.perf_counter() - started

    started = time.perf_counter()
    head = pd.read_excel(register, engine="openpyxl", header=None, nrows=40)
    header = next(
        i for i, row in head.iterrows() if row.astype(str).str.contains("заказ", case=False).sum()
    )
    frame = pd.read_excel(register, engine="openpyxl", header=header, dtype=str)
    order = next(c for c in frame.columns if "заказ" in c.lower())
    money = next(c for c in frame.columns if "получено" in c.lower() or "принято" in c.lower())
    frame = frame[frame[order].notna() & frame[order].str.startswith("ИМ-")].copy()
    frame["collected"] = (pd.to_numeric(frame[money]) * 100).round().astype("int64")
    taken["read"] = time.perf_counter() - started

    started = time.perf_counter()
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = {"globally": False}
    suite = gx.ExpectationSuite(
        name="register",
        expectations=[
            gx.expectations.ExpectColumnValuesToNotBeNull(column=order),
            gx.expectations.ExpectColumnValuesToBeUnique(column=order),
            gx.expectations.ExpectColumnValuesToBeBetween(column="collected", min_value=0),
        ],
    )
    context.data_sources.pandas_default.read_dataframe(frame).validate(suite)
    taken["check"] = time.perf_counter() - started

    started = time.perf_counter()
    with connect(database_url) as conn:
        books = pd.read_sql("select name, sum - payed_sum as open from snapshot_order", conn)
    merged = frame.merge(books, left_on=order, right_on="name", how="left")
    taken["merge"] = time.perf_counter() - started
    taken["rows"] = int((merged["collected"] == merged["open"]).sum())
    return taken


CONTENDERS = {"raw read": raw_read, "sverka": sverka, "pandas": pandas_peer}

if __name__ == "__main__":
    measured = CONTENDERS[sys.argv[1]](Path(sys.argv[2]), sys.argv[3])
    print(json.dumps({**measured, "cpu": time.process_time(), "peak_mb": peak_megabytes()}))
