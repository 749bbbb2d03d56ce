"""Detections of fires as a file for others: csv, Parquet, GeoJSON or a workbook."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv
import pyarrow.parquet as pq

from geoaq.report.cells import neutral_text
from geoaq.report.detections_workbook import write_workbook

SUFFIXES = (".csv", ".xlsx", ".parquet", ".geojson")
_CHINA = ZoneInfo("Asia/Shanghai")
_AT_ONCE = 50_000
_BOM = b"\xef\xbb\xbf"


def write_detections(path: Path, tables: Iterable[pa.Table], schema: pa.Schema, lang: str = "zh") -> int:
    """Write detections into a new file, by the end of its name, and return how many there are.

    csv and GeoJSON tell the time as text, UTC and Beijing time, and leave out what is unknown; Parquet holds
    the columns of
    `geoaq.frames.FIRE_PIXELS` or `geoaq.frames.FIRE_JUDGED` as they are. A workbook bears titles and words in
    ``lang``.

    Parameters
    ----------
    path
        Ends in one of `SUFFIXES`; it appears when it is whole.
    tables
        Tables of one schema.
    schema
        That schema.
    lang
        ``zh`` or ``en``.

    Raises
    ------
    LimitError
        ``sheet_rows``: a workbook cannot hold so many.
    FileExistsError
        There is such a file already.
    """
    ways: dict[str, Callable[[BinaryIO, Iterable[pa.Table], pa.Schema], int]] = {
        ".csv": _csv,
        ".xlsx": partial(_xlsx, lang=lang),
        ".parquet": _parquet,
        ".geojson": _geojson,
    }
    with _aside(path) as file:
        return ways[path.suffix](file, _gathered(tables), schema)


def _gathered(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """Put small tables together: a year has thousands, each with a few rows and a cost of its own."""
    waiting: list[pa.Table] = []
    rows = 0
    for table in tables:
        if waiting and rows + table.num_rows > _AT_ONCE:
            yield pa.concat_tables(waiting).unify_dictionaries()
            waiting, rows = [], 0
        waiting.append(table)
        rows += table.num_rows
    if waiting:
        yield pa.concat_tables(waiting).unify_dictionaries()


@contextmanager
def _aside(path: Path) -> Iterator[BinaryIO]:
    aside = path.with_name(f".{path.name}.new")
    try:
        with aside.open("wb") as file:
            yield file
        path.hardlink_to(aside)
    finally:
        aside.unlink(missing_ok=True)


def _parquet(file: BinaryIO, tables: Iterable[pa.Table], schema: pa.Schema) -> int:
    rows = 0
    with pq.ParquetWriter(file, schema, compression="zstd") as writer:
        for table in tables:
            writer.write_table(table)
            rows += table.num_rows
    return rows


def _csv(file: BinaryIO, tables: Iterable[pa.Table], schema: pa.Schema) -> int:
    rows = 0
    file.write(_BOM)
    head = pacsv.WriteOptions(include_header=True)
    pacsv.write_csv(_told(schema.empty_table()), file, head)
    for table in tables:
        pacsv.write_csv(_told(table), file, pacsv.WriteOptions(include_header=False))
        rows += table.num_rows
    return rows


def _xlsx(file: BinaryIO, tables: Iterable[pa.Table], schema: pa.Schema, *, lang: str) -> int:
    return write_workbook(file, tables, schema, partial(_told, neutral=False), lang)


def _geojson(file: BinaryIO, tables: Iterable[pa.Table], _schema: pa.Schema) -> int:
    rows = 0
    file.write(b'{"type": "FeatureCollection", "features": [')
    for table in tables:
        for row in _told(table, neutral=False).to_pylist():
            place = [row.pop("lon"), row.pop("lat")]
            known = {name: value for name, value in row.items() if value not in (None, "")}
            point: dict[str, Any] = {"type": "Point", "coordinates": place}
            feature = {"type": "Feature", "geometry": point, "properties": known}
            file.write((",\n" if rows else "\n").encode() + json.dumps(feature, ensure_ascii=False).encode())
            rows += 1
    file.write(b"\n]}\n")
    return rows


def _told(table: pa.Table, *, neutral: bool = True) -> pa.Table:
    """Return the table for people: times as text, unknown numbers empty, keys as text."""
    frame = table.to_pandas()
    told: dict[str, Any] = {}
    for name in table.column_names:
        column = frame[name]
        if name == "acquired":
            told["acquired_utc"], told["acquired_beijing"] = _moments(column)
        elif name == "deadline":
            told["deadline_beijing"] = _moments(column)[1]
        elif pa.types.is_dictionary(table.schema.field(name).type):
            text = pa.array(column.astype(str), pa.string())
            told[name] = neutral_text(text) if neutral else text
        elif name == "key":
            told[name] = pa.array([f"{key:016x}" for key in column], pa.string())
        elif name in ("confidence", "confidence_pct", "daynight", "fire_type"):
            told[name] = pa.array(column.to_numpy(), mask=(column < 0).to_numpy())
        elif column.dtype == "float32":
            # A float32 has some seven digits: 2.17 is not 2.1700000762939453.
            told[name] = pa.array(column.to_numpy("f8").round(4), from_pandas=True)
        else:
            told[name] = table.column(name)
    return pa.table(told)


def _moments(seconds: pd.Series[Any]) -> tuple[pa.Array, pa.Array]:
    """Return moments as text, UTC and Beijing time; none where there is none (-1)."""
    moments = pd.to_datetime(seconds.where(seconds >= 0), unit="s", utc=True)
    utc = moments.dt.strftime("%Y-%m-%dT%H:%M:%SZ")
    china = moments.dt.tz_convert(_CHINA).dt.strftime("%Y-%m-%d %H:%M:%S")
    return pa.array(utc, pa.string(), from_pandas=True), pa.array(china, pa.string(), from_pandas=True)
