"""A list of projects through the whole flow: seconds of each part, and of one sheet.

``python benchmarks/projects.py [--rows 1000]`` screens a synthetic list with the command line's own flow, in
one process as a job of the server does it: until the tables are whole, until every document is there, and
until the sheet of one project is on disk.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from datetime import date
from pathlib import Path

import pandas as pd

from geoaq.catalog import Catalog
from geoaq.flows.border import ProjectRequest, screen_projects, sheet_data, write_sheet
from geoaq.io.sample_projects import write_project_sample
from geoaq.settings import data_dir
from geoaq.store.staging import TABLES_ARE_WHOLE


def main() -> None:
    """Print the times of one list."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--rows", type=int, default=1000)
    rows = asked.parse_args().rows
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        listing = folder / "projects.xlsx"
        write_project_sample(listing, rows, seed=1)
        request = ProjectRequest(
            path=listing, as_of=date(2026, 11, 21), layers_dir=data_dir() / "layers", catalog=Catalog.load()
        )
        begun: dict[str, float] = {}
        start = time.perf_counter()
        summary = screen_projects(
            request, folder / "out", lambda step, *_: begun.setdefault(step, time.perf_counter())
        )
        end = time.perf_counter()
        print(f"{rows} synthetic projects (xlsx), {summary.rows.with_results} screened")
        print(f"  tables whole after {begun[TABLES_ARE_WHOLE] - start:.2f} s")
        print(f"  every document after {end - start:.2f} s")
        seconds = []
        for row in pd.read_parquet(folder / "out" / "subjects.parquet")["row"].head(3).tolist():
            begin = time.perf_counter()
            data = sheet_data(folder / "out", row, 0, catalog=request.catalog, layers_dir=request.layers_dir)
            write_sheet(data, folder / f"sheet-{row}", "zh")
            seconds.append(time.perf_counter() - begin)
        print("  a sheet with its letters: " + ", ".join(f"{s:.2f} s" for s in seconds))


if __name__ == "__main__":
    main()
