"""Events of fire as a file for others: csv, workbook or GeoJSON."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa
import pyarrow.csv as pacsv

from geoaq.frames import FIRE_EVENTS
from geoaq.report.cells import neutral_text, write_cell
from geoaq.wording import say

SUFFIXES = (".csv", ".xlsx", ".geojson")
_CHINA = ZoneInfo("Asia/Shanghai")
_TIMES = ("first_seen", "last_seen", "frp_peak_at")
_LEFT_OUT = ("changed", "alive", "merged_into")
_DIGITS = {"lon": 5, "lat": 5, "west": 5, "south": 5, "east": 5, "north": 5, "across_m": 1}
_BOM = b"\xef\xbb\xbf"


def write_events(path: Path, events: pd.DataFrame, lang: str) -> int:
    """Write events into a new file, by the end of its name, and return how many there are.

    Times are Beijing time; what is unknown is left out. csv and GeoJSON bear the names and codes of
    `geoaq.frames.FIRE_EVENTS`, a workbook titles and words in ``lang``.

    Parameters
    ----------
    path
        Ends in one of `SUFFIXES`; it appears when it is whole.
    events
        As `geoaq.store.fires.events.Events.events` returns them.
    lang
        ``zh`` or ``en``.

    Raises
    ------
    FileExistsError
        There is such a file already.
    """
    told = _told(events)
    body = {".csv": _csv, ".geojson": _geojson}.get(path.suffix)
    content = _xlsx(told, lang) if body is None else body(told)
    aside = path.with_name(f".{path.name}.new")
    try:
        aside.write_bytes(content)
        path.hardlink_to(aside)
    finally:
        aside.unlink(missing_ok=True)
    return len(events)


def _told(events: pd.DataFrame) -> dict[str, list[Any]]:
    """Return the columns for people: times as text, numbers rounded, None for what is unknown."""
    told: dict[str, list[Any]] = {}
    for name in FIRE_EVENTS.names:
        values = events[name].tolist()
        if name in _LEFT_OUT:
            continue
        if name in _TIMES:
            told[name] = [_moment(value) for value in values]
        elif name == "confidence":
            told[name] = [None if value < 0 else value for value in values]
        elif FIRE_EVENTS.dtypes[name] == "float64":
            digits = _DIGITS.get(name, 3)
            told[name] = [None if value != value else round(value, digits) for value in values]
        else:
            told[name] = values
    return told


def _moment(seconds: int) -> str | None:
    return None if seconds < 0 else datetime.fromtimestamp(seconds, _CHINA).strftime("%Y-%m-%d %H:%M:%S")


def _csv(told: dict[str, list[Any]]) -> bytes:
    columns = {name: pa.array(values) for name, values in told.items()}
    for name, column in columns.items():
        if pa.types.is_string(column.type):
            columns[name] = neutral_text(column)
    sink = pa.BufferOutputStream()
    pacsv.write_csv(pa.table(columns), sink)
    body: bytes = sink.getvalue().to_pybytes()
    return _BOM + body


def _geojson(told: dict[str, list[Any]]) -> bytes:
    features = []
    for values in zip(*told.values(), strict=True):
        row = dict(zip(told, values, strict=True))
        row["rules"] = json.loads(row["rules"])
        place = {"type": "Point", "coordinates": [row.pop("lon"), row.pop("lat")]}
        known = {name: value for name, value in row.items() if value not in (None, "")}
        features.append({"type": "Feature", "geometry": place, "properties": known})
    lines = ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in features)
    return ('{"type": "FeatureCollection", "features": [\n' + lines + "\n]}\n").encode()


def _xlsx(told: dict[str, list[Any]], lang: str) -> bytes:
    import xlsxwriter

    options = {
        "in_memory": True, "strings_to_formulas": False, "strings_to_urls": False,
        "strings_to_numbers": False,
    }  # fmt: skip
    body = BytesIO()
    with xlsxwriter.Workbook(body, options) as book:
        # No clock gets into a file.
        book.set_properties(
            {"created": datetime(2000, 1, 1, tzinfo=UTC), "comments": say("fire_events.notice", lang)}
        )
        page = book.add_worksheet(say("fire_events.sheet", lang))
        head = book.add_format({"bold": True, "bg_color": "#DCE6F1", "border": 1, "text_wrap": True})
        names = [name for name in told if name != "rules"]
        page.write_string(0, 0, say("fire_events.notice", lang))
        for column, name in enumerate(names):
            page.write_string(1, column, say(f"fire_events.column_{name}", lang), head)
            for row, value in enumerate(told[name], 2):
                write_cell(page, row, column, _word(name, value, lang))
        page.freeze_panes(2, 1)
        page.autofilter(1, 0, max(1, len(told["event"]) + 1), len(names) - 1)
        page.set_column(0, len(names) - 1, 16)
    return body.getvalue()


def _word(name: str, value: Any, lang: str) -> Any:
    """Return what a reader is told of a value."""
    if name == "class":
        return say(f"fire_quality.class_{value}", lang)
    if name == "verdict":
        return say(f"bans.verdict_{value}" if value else "fire_events.verdict_none", lang)
    if isinstance(value, bool):
        return say(f"fire_events.{'yes' if value else 'no'}", lang)
    if name == "level":
        return ("URT", "RT", "NRT", "SP")[value]
    return value
