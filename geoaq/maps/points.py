"""Subjects as the map draws them: columns of points, or cells where there are too many; and drawn areas."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.errors import InputError
from geoaq.frames import CONTENT_KEY

# Signs of the map in the order of their digit: what the lead finding makes of a subject.
SIGNS = ("applies", "encouraged", "review", "not", "none")
MAX_POINTS = 100_000
MAX_CORNERS = 500
# A subject is named by row × 4096 + part, on the map as in tiles.
PARTS = 4096
_MAX_CELLS = 20_000
_CELL_SIZES_DEG = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0)
Floats = npt.NDArray[np.float64]


def point_table(subjects: pd.DataFrame, *, max_points: int = MAX_POINTS) -> dict[str, Any]:
    """Return the subjects as plain columns for the map (``points.json`` of the page).

    Parameters
    ----------
    subjects
        Columns ``row``, ``part``, ``subject_id``, ``name``, ``lon``, ``lat`` (WGS 84, degrees) and ``lead``,
        one of `SIGNS`. Rows without a position are left out.
    max_points
        Up to so many subjects come as points; above, they are counted in square cells.

    Returns
    -------
    dict
        ``kind`` ``points`` or ``cells`` and the columns of that kind; ready for ``json.dumps``.
    """
    placed = _placed(subjects)
    if len(placed) > max_points:
        return _cells(placed)
    codes = sign_codes(placed["lead"])
    return {
        "kind": "points",
        "count": len(placed),
        "lon": np.round(placed["lon"].to_numpy(float), 6).tolist(),
        "lat": np.round(placed["lat"].to_numpy(float), 6).tolist(),
        "sign": "".join(map(str, codes.tolist())),
        "key": [f"{row}-{part}" for row, part in zip(placed["row"], placed["part"], strict=True)],
        "label": point_labels(placed),
    }


def point_columns(subjects: pd.DataFrame) -> bytes:
    """Return the subjects as the bytes of four columns, one after the other (``points.bin`` of the page).

    Parameters
    ----------
    subjects
        As of `point_table`.

    Returns
    -------
    bytes
        Of n subjects with a position, in their order: row × 4096 + part (float64), longitude and latitude
        (int32, millionths of a degree, WGS 84), place of the lead in `SIGNS` (uint8); little endian, 17
        bytes a subject. A browser lays its arrays over them, where it would have to read text.
    """
    placed = _placed(subjects)
    number = placed["row"].to_numpy(np.float64) * PARTS + placed["part"].to_numpy(np.float64)
    place = [np.rint(placed[name].to_numpy(float) * 1e6).astype("<i4") for name in ("lon", "lat")]
    columns = (number.astype("<f8"), *place, sign_codes(placed["lead"]).astype("u1"))
    return b"".join(column.tobytes() for column in columns)


def point_labels(subjects: pd.DataFrame) -> list[str]:
    """Return number and name of each subject of `point_columns`, in the same order."""
    placed = _placed(subjects)
    ids, names = (placed[name].astype("string").fillna("") for name in ("subject_id", "name"))
    found: list[str] = labels(ids, names).tolist()
    return found


def _placed(subjects: pd.DataFrame) -> pd.DataFrame:
    lon, lat = subjects["lon"].to_numpy(float), subjects["lat"].to_numpy(float)
    placed: pd.DataFrame = subjects[np.isfinite(lon) & np.isfinite(lat)]
    return placed


def labels(ids: pd.Series, names: pd.Series) -> pd.Series:
    """Return number and name of each subject; a content key is shown only where there is no name."""
    own = ids.where(~(ids.str.fullmatch(CONTENT_KEY) & (names != "")), "")
    return (own + " " + names).str.strip()


def sign_codes(lead: pd.Series) -> npt.NDArray[np.int8]:
    """Return the digit of each sign: its place in `SIGNS`; anything else counts as data missing."""
    digits = {sign: digit for digit, sign in enumerate(SIGNS)}
    found = lead.astype("string").map(digits).fillna(SIGNS.index("review"))
    return np.asarray(found.to_numpy(int), np.int8)


def _cells(placed: pd.DataFrame) -> dict[str, Any]:
    """Count the signs in square cells, as small as the limit on their number lets them be."""
    lon, lat = placed["lon"].to_numpy(float), placed["lat"].to_numpy(float)
    codes = sign_codes(placed["lead"])
    for size in _CELL_SIZES_DEG:
        column, line = np.floor(lon / size).astype(np.int64), np.floor(lat / size).astype(np.int64)
        cells, where = np.unique(line * 1_000_000 + column, return_inverse=True)
        if len(cells) <= _MAX_CELLS:
            break
    counts = np.zeros((len(SIGNS), len(cells)), np.int64)
    np.add.at(counts, (codes, where), 1)
    first = np.zeros(len(cells), np.int64)
    first[where] = np.arange(len(placed))
    return {
        "kind": "cells",
        "count": len(placed),
        "size_deg": size,
        "lon": np.round((column[first] + 0.5) * size, 6).tolist(),
        "lat": np.round((line[first] + 0.5) * size, 6).tolist(),
        **{sign: counts[code].tolist() for code, sign in enumerate(SIGNS)},
    }


def parse_area(text: str) -> Floats:
    """Read a drawn polygon ``lon,lat;lon,lat;…`` into corners (n, 2), WGS 84 degrees.

    Raises
    ------
    InputError
        ``area_invalid``: fewer than 3 corners, more than 500, not numbers, or outside the globe.

    Examples
    --------
    >>> parse_area("120,31;121,31;121,32").tolist()
    [[120.0, 31.0], [121.0, 31.0], [121.0, 32.0]]
    """
    parts = text.split(";")
    if not 3 <= len(parts) <= MAX_CORNERS:
        raise InputError("area_invalid", corners=MAX_CORNERS)
    try:
        corners = np.array([[float(number) for number in part.split(",")] for part in parts])
    except ValueError as error:
        raise InputError("area_invalid", corners=MAX_CORNERS) from error
    if corners.shape[1:] != (2,) or not (np.abs(corners) <= (180.0, 90.0)).all():
        raise InputError("area_invalid", corners=MAX_CORNERS)
    return corners


def inside(lon: Floats, lat: Floats, area: Floats) -> npt.NDArray[np.bool_]:
    """Tell which points lie inside a drawn polygon, its sides straight in longitude and latitude.

    A choice on the screen, never a verdict: by even and odd crossings, no datum, no error budget.

    Parameters
    ----------
    lon, lat
        Points, WGS 84 degrees, shape (n,); a point without a position is outside.
    area
        Corners (m, 2) from `parse_area`; the last joins the first.
    """
    within = np.zeros(len(lon), bool)
    x0, y0 = area[-1]
    for x1, y1 in area:
        if y0 != y1:
            crosses = (lat < y0) != (lat < y1)
            within ^= crosses & (lon < (x1 - x0) * (lat - y0) / (y1 - y0) + x0)
        x0, y0 = x1, y1
    return within & np.isfinite(lon) & np.isfinite(lat)
