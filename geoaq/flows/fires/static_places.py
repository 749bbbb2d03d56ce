"""Places that an office knows to be hot or to glint: its own polygons, as fire pixels are judged by them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.errors import InputError
from geoaq.io.lists.zone_cells import read_day
from geoaq.io.tables import Limits
from geoaq.io.vectors import read_areas
from geoaq.store.office_layers import OfficeLayers

#: Id of the layer by which an office gives them.
LAYER = "static_places"
# What an office calls the kinds of layers/policy/fire_quality.toml [places].
_WORDS = {
    "钢铁": "steel", "焦化": "coke", "水泥": "cement", "电厂": "power", "火电": "power", "玻璃": "glass",
    "砖瓦": "brick", "砖厂": "brick", "化工": "chemical", "石化": "chemical", "火炬": "flare",
    "填埋场": "landfill", "填埋": "landfill", "其他热源": "other_heat", "光伏": "photovoltaic",
    "PV": "photovoltaic", "屋顶": "roof", "彩钢屋顶": "roof", "大棚": "greenhouse",
}  # fmt: skip
_KIND = re.compile(r"kind|type|类型|类别|行业", re.IGNORECASE)
# A shapefile cuts a title after ten bytes: three Chinese characters.
_FIRST = re.compile(r"first(_day)?|起始日期?", re.IGNORECASE)
_LAST = re.compile(r"last(_day)?|终止日期?", re.IGNORECASE)
_CHINA = timezone(timedelta(hours=8))
_EVER = int(np.iinfo(np.int64).max)


def own_static_places(data: Path, *, limits: Limits) -> pd.DataFrame:
    """Return the office's polygons, each with the time in which it counts; none where none were given.

    Parameters
    ----------
    data
        The folder of all state.
    limits
        How large the file may be.

    Returns
    -------
    pandas.DataFrame
        ``kind geometry begin end``. ``kind`` as the file states it in a column *kind*, *type*, 类型, 类别 or
        行业, in the words of ``layers/policy/fire_quality.toml`` or in Chinese; ``""`` where none stands
        there, and then it decides nothing. ``geometry`` is shapely, degrees WGS 84. It counts from ``begin``
        until before ``end`` (seconds since 1970 UTC): the days of the columns 起始日期 (*first*) and 终止日期
        (*last*, included), Beijing time. Without a first day it counts from the UTC day on which the file
        was added, so that no earlier fire is taken for a source by what is learned today; a place whose days
        cannot be read never counts.

    Raises
    ------
    InputError
        The file, which was looked through when it came, cannot be read any more.
    """
    version = OfficeLayers(data).in_use(LAYER)
    if version is None:
        return _places([], np.empty(0, object), [])
    frame = read_areas(version.file, limits=limits)
    column = next((name for name in frame if _KIND.fullmatch(str(name).strip())), None)
    stated = [""] * len(frame) if column is None else [str(value or "").strip() for value in frame[column]]
    added = version.added.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    times = [_times(first, last, int(added.timestamp())) for first, last in _days(frame)]
    kinds = [_WORDS.get(word, word.lower()) for word in stated]
    return _places(kinds, np.asarray(frame.geometry.to_numpy(), object), times)


def _places(kinds: list[str], shapes: npt.NDArray[np.object_], times: list[tuple[int, int]]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "kind": pd.Series(kinds, dtype=object),
            "geometry": shapes,
            "begin": np.array([begin for begin, _ in times], np.int64),
            "end": np.array([end for _, end in times], np.int64),
        }
    )


def check_static_places(path: Path, *, limits: Limits) -> None:
    """Refuse a file of places whose days cannot be read.

    Raises
    ------
    InputError
        ``static_place_days``: a first or last day is none, or the last is before the first; and as of
        `geoaq.io.vectors.read_areas`.
    """
    for at, (first, last) in enumerate(_days(read_areas(path, limits=limits)), start=1):
        begin, end = _times(first, last, -_EVER)
        if begin >= end:
            raise InputError("static_place_days", name=path.name, feature=at, first=first, last=last)


def _days(frame: pd.DataFrame) -> list[tuple[str, str]]:
    """Return the cells of first and last day, "" for none."""
    found = []
    for pattern in (_FIRST, _LAST):
        column = next((name for name in frame if pattern.fullmatch(str(name).strip())), None)
        found.append([""] * len(frame) if column is None else [_cell(value) for value in frame[column]])
    return list(zip(*found, strict=True))


def _cell(value: Any) -> str:
    if value is None or value != value:  # also a day that is none (NaT)
        return ""
    return f"{value:%Y-%m-%d}" if isinstance(value, date) else str(value).strip()


def _times(first: str, last: str, added: int) -> tuple[int, int]:
    """Return begin and end, seconds since 1970 UTC; what cannot be read gives a time that never is."""
    days = [read_day(text) if text else None for text in (first, last)]
    if any(text and day is None for text, day in zip((first, last), days, strict=True)):
        return _EVER, -_EVER
    begin, end = (None if day is None else _midnight(day) for day in days)
    return added if begin is None else begin, _EVER if end is None else end + 86_400


def _midnight(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=_CHINA).timestamp())
