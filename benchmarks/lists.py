"""The list of a screening on the server: p50 of a page, of every order and of a text filter, a million rows.

``python benchmarks/lists.py [--rows 1000000]`` writes a synthetic screening, asks for its list as the page
does (`subjects.json`, in one process, without a network), and checks pages against those that pandas makes
of it. It then compares two such screenings.
"""

from __future__ import annotations

import argparse
import atexit
import statistics
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from geoaq import report
from geoaq.findings import FINDINGS_SCHEMA
from geoaq.flows.comparing import compare_screenings
from geoaq.report.columns import subjects_schema
from geoaq.store.place import new_id
from web import create_app

SIGNS = ("applies", "encouraged", "review", "not", "none")
RULES = ("gf.boiler.chp30", "gf.boiler.le35.key", "gf.boiler.heatnet", "gf.boiler.ule.key")
ASKED = {
    "first page": "",
    "page 500": "page=500",
    "sort by distance": "sort=distance",
    "sort by distance, down": "sort=distance&dir=desc",
    "sort by name": "sort=name",
    "sort by number": "sort=subject_id",
    "sort by county": "sort=county",
    "sort by verdict": "sort=verdict",
    "sort by plant": "sort=anchor",
    "text 电厂": "q=电厂",
    "text, one hit": "q=GL-0123456",
    "text and sort": "q=12号&sort=capacity&dir=desc",
    "verdict and sort": "verdict=review&sort=distance",
    "rule": "rule=gf.boiler.heatnet",
    "county": "county=330100",
    "find one": "sort=name&find=54321-0",
}
BASE = "http://127.0.0.1:5000"


def table(rows: int, *, seed: int) -> pd.DataFrame:
    """Return a synthetic table of subjects."""
    draw = np.random.default_rng(seed)
    number = np.arange(rows)
    counties = np.array([f"{330000 + 100 * n}" for n in range(300)], object)
    home = draw.integers(0, 300, rows)
    owners = np.array(["纺织", "印染", "造纸", "化工", "食品", "电厂", "热力", "木业"], object)[
        draw.integers(0, 8, rows)
    ]
    distance = draw.uniform(0, 120, rows)
    lead = np.array(SIGNS, object)[draw.choice(5, rows, p=[0.3, 0.05, 0.3, 0.34, 0.01])]
    return pd.DataFrame(
        {
            "row": number + 2,
            "part": 0,
            "subject_id": [f"GL-{n:07d}" for n in number],
            "name": [f"合成{owner}{n % 5000}厂{n % 13}号" for owner, n in zip(owners, number, strict=True)],
            "lon": draw.uniform(74, 134, rows),
            "lat": draw.uniform(19, 52, rows),
            "province": "某省",
            "city": "某市",
            "county": [f"第{n}县" for n in home],
            "adcode": counties[home],
            "fuel": "coal",
            "status": "operating",
            "capacity_tph": draw.choice([2.0, 4.0, 10.0, 35.0, 75.0, np.nan], rows),
            "capacity_text": "",
            "lead": lead,
            "lead_rule": np.array(RULES, object)[draw.integers(0, 4, rows)],
            "lead_outcome": "applies",
            "lead_timing": np.array(["due", "overdue", "no_date"], object)[draw.integers(0, 3, rows)],
            "anchor_name": [f"电厂{n}" for n in draw.integers(0, 1200, rows)],
            "distance_km": np.where(draw.random(rows) < 0.1, np.nan, distance),
            "margin_m": 30_000 - distance * 1000,
            "distance_u_m": 50.0,
            "review_reasons": "",
            "lead_contested_by": "",
        }
    )


def write(folder: Path, frame: pd.DataFrame, *, as_of: date) -> None:
    """Write the tables and the summary of a screening."""
    folder.mkdir(parents=True)
    schema = subjects_schema("boiler")
    columns = [
        pa.Array.from_pandas(frame[field.name], type=field.type)
        if field.name in frame.columns
        else pa.nulls(len(frame), field.type)
        for field in schema
    ]
    pq.write_table(pa.Table.from_arrays(columns, schema=schema), folder / "subjects.parquet")
    n, r = len(frame), len(RULES)
    word = np.zeros(n * r, np.int16)
    outcome = np.random.default_rng(3).integers(0, 3, n * r).astype(np.int16)
    for at, sign in ((0, "applies"), (2, "review")):
        hit = np.repeat((frame["lead"] == sign).to_numpy(), r)
        outcome[hit] = at // 2 * 2
    words: dict[str, Any] = {
        "rule_id": (np.tile(np.arange(r, dtype=np.int16), n), list(RULES)),
        "outcome": (outcome, ["applies", "does_not_apply", "needs_review"]),
        "timing": (word, ["due" if as_of.year < 2026 else "overdue"]),
        "quantity": (word, ["distance_km"]),
    }
    columns = []
    for field in FINDINGS_SCHEMA:
        if field.name in ("row", "part", "subject_id"):
            columns.append(pa.array(np.repeat(frame[field.name].to_numpy(), r), field.type))
        elif field.name in ("measured", "limit", "margin"):
            columns.append(pa.array(np.repeat(frame["distance_km"].to_numpy(), r)))
        else:
            codes, said = words.get(field.name, (word, [""]))
            columns.append(pa.DictionaryArray.from_arrays(pa.array(codes), pa.array(said)))
    pq.write_table(pa.Table.from_arrays(columns, schema=FINDINGS_SCHEMA), folder / "findings.parquet")
    report.write_summary(folder / "summary.json", summary(frame, as_of))


def summary(frame: pd.DataFrame, as_of: date) -> report.Summary:
    """Return the summary of a synthetic table."""
    tally = report.Tally("boiler").counts().model_dump(by_alias=True)
    tally["verdicts"]["all"]["count"] = tally["verdicts"]["none"]["count"] = len(frame)
    return report.Summary.model_validate(
        {
            "subject": "boiler",
            "as_of": as_of,
            "rows": {"read": len(frame), "with_results": len(frame), "unusable": 0, "to_check": 0},
            "issues": {},
            "issue_codes": {},
            "counts": tally,
            "datum": {"used": "wgs84"},
            "inputs": (),
            "policy": {"id": "synthetic", "version": "1", "sha256": "0" * 64},
            "layers": {},
            "synthetic": True,
            "complete_for": (),
            "rules_not_in_force": (),
            "brakes": (),
            "code": {"version": "0", "source_sha256": "0" * 64},
        }
    )


def timed(ask: Any, times: int) -> tuple[float, list[float]]:
    """Return the milliseconds of the first call and of the following ones."""
    taken = []
    for _ in range(times + 1):
        start = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - start) * 1000)
    return taken[0], taken[1:]


def lists(data: Path, frame: pd.DataFrame, times: int) -> None:
    """Print the milliseconds of every question, the first time and p50 after it."""
    app = create_app({"testing": True, "data": data})
    atexit.unregister(app.extensions["geoaq"].jobs.close)  # its folder is gone by then
    screenings = app.extensions["geoaq"].screenings
    screening_id = new_id()
    screenings.put(screening_id, data / "made", filename="synthetic.xlsx", created=datetime.now(UTC))
    client = app.test_client()
    address = f"/screenings/{screening_id}/subjects.json?"
    start = time.perf_counter()
    client.get(address, base_url=BASE)
    print(f"opening the table: {(time.perf_counter() - start) * 1000:.0f} ms")
    check(client, address, frame)
    for name, query in ASKED.items():
        first, after = timed(lambda query=query: client.get(address + query, base_url=BASE), times)
        print(f"  {name:24} first {first:7.0f} ms   then p50 {statistics.median(after):6.0f} ms")


def check(client: Any, address: str, frame: pd.DataFrame) -> None:
    """Stop where a page is not the one that pandas makes of the table."""
    for name, column in (("distance", "distance_km"), ("name", "name"), ("capacity", "capacity_tph")):
        for way in ("asc", "desc"):
            answer = client.get(f"{address}sort={name}&dir={way}&page=7", base_url=BASE).get_json()
            ranked = frame.sort_values(
                column, ascending=way == "asc", kind="stable", na_position="last", ignore_index=True
            )
            expected = ranked["subject_id"].iloc[300:350].tolist()
            if [row["subject_id"] for row in answer["rows"]] != expected:
                raise SystemExit(f"sorted by {name} {way}: another page than pandas makes")
    found = frame["name"].str.contains("电厂", regex=False).sum()
    if client.get(f"{address}q=电厂", base_url=BASE).get_json()["total"] != found:
        raise SystemExit("another number of hits than pandas finds")


def comparing(data: Path, frame: pd.DataFrame) -> None:
    """Print the seconds of comparing two screenings whose day, and a hundredth of whose rows, differ."""
    other = frame.copy()
    other.loc[::100, "capacity_tph"] = 99.0
    other.loc[::100, "lead"] = "not"
    for folder, rows, day in (("old", frame, date(2025, 1, 1)), ("new", other, date(2026, 11, 21))):
        write(data / folder, rows, as_of=day)
    start = time.perf_counter()
    found = compare_screenings(data / "old", data / "new")
    seconds = time.perf_counter() - start
    print(f"compared twice {len(frame)} subjects in {seconds:.1f} s, {found.counts['changed']} changed")


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the list of a synthetic screening.")
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--compared", type=int, default=100_000)
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        data = Path(name)
        frame = table(asked.rows, seed=1)
        write(data / "made", frame, as_of=date(2026, 11, 21))
        print(f"{asked.rows} synthetic subjects")
        lists(data, frame, asked.times)
        del frame
        comparing(data, table(asked.compared, seed=2))


if __name__ == "__main__":
    main()
