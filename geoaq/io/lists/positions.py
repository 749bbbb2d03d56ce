"""Where a row says it is: two cells, one cell or six, swapped or not, in any datum, brought to WGS 84."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from geoaq.errors import InputError
from geoaq.io.cells.coordinates import BLANK, CLEANED, DMS, UNREADABLE, Angles, read_angles, split_pair
from geoaq.io.cells.text import coded, is_blank
from geoaq.io.lists.intake import Sheet

Floats = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]

# Longitudes and latitudes of China do not overlap: a swap is certain.
LON = (73.0, 136.0)
LAT = (3.0, 54.0)
# Northings of China in metres (3° to 54° N).
NORTHING = (330_000.0, 6_000_000.0)
UNSTATED = "unstated"
_PROJECTED_FROM = 100_000.0
_FINEST = 9
_BY_CHANCE = 3


@dataclass(frozen=True)
class Positions:
    """Positions of the rows of a sheet, WGS 84 degrees, NaN where a row has none that can be used.

    ``decimals`` of a degree as printed (see `printed_decimals`), -1 projected; ``datum`` as in
    `geoaq.frames.BOILERS`; ``printed`` the cells as one text, for identity; ``bad`` rows have an error.
    """

    lon: Floats
    lat: Floats
    decimals: npt.NDArray[np.int64]
    datum: npt.NDArray[np.object_]
    printed: pa.Array
    bad: Mask


def read_positions(sheet: Sheet, datum: str | None) -> Positions:
    """Read the positions of a sheet; every repair and every row without a usable position is noted.

    Parameters
    ----------
    sheet
        The rows that hold data.
    datum
        Datum of rows that state none, as `geoaq.crs.parse_datum` reads it; None leaves them ``unstated``:
        taken as WGS 84 (CGCS2000 for plane coordinates), with the wider margin of the policy pack.

    Raises
    ------
    InputError
        ``datum`` is unknown or refused.
    """
    first, second, fields = _cells(sheet)
    x, y = read_angles(first), read_angles(second)
    bad = _note_cells(sheet, first, x, fields[0]) | _note_cells(sheet, second, y, fields[1])
    printed = pc.binary_join_element_wise(first, second, " ")
    names = row_datums(sheet, datum, bad)
    a, b = x.degrees.copy(), y.degrees.copy()
    plane = (np.abs(a) >= _PROJECTED_FROM) & (np.abs(b) >= _PROJECTED_FROM)
    decimals = printed_decimals(x.decimals, y.decimals)
    _swap(sheet, a, b, plane | bad, printed, fields[0])
    if plane.any():
        _unproject(sheet, a, b, plane, bad, names, printed, fields)
        decimals[plane] = -1
    _shift(a, b, ~plane & ~bad, names)
    zero = ~bad & (a == 0) & (b == 0)
    sheet.note(zero, fields[0], "coordinate_zero", "error", printed)
    inside = (a >= LON[0]) & (a <= LON[1]) & (b >= LAT[0]) & (b <= LAT[1])
    outside = ~bad & ~zero & ~inside
    sheet.note(outside, fields[0], "coordinate_outside_china", "error", printed)
    bad = bad | zero | outside
    a[bad], b[bad] = np.nan, np.nan
    if bool((names == UNSTATED).all()):
        sheet.log.add(0, "datum", "", "datum_unstated", "warning")
    return Positions(a, b, decimals, names, printed, bad)


def printed_decimals(first: npt.ArrayLike, second: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Return the decimals of a pair of angles, which were taken together: the finer of the two.

    A spreadsheet drops zeros at the end, so 120.92 beside 30.8389 was 120.9200. Where they differ by three
    and more, that would be too much of a chance: the coarser one counts.

    Examples
    --------
    >>> printed_decimals([6, 5, 2], [6, 6, 6]).tolist()
    [6, 6, 2]
    """
    a, b = np.asarray(first, np.int64), np.asarray(second, np.int64)
    found = np.where(np.abs(a - b) < _BY_CHANCE, np.maximum(a, b), np.minimum(a, b))
    return np.minimum(found, _FINEST).astype(np.int64)


def _cells(sheet: Sheet) -> tuple[pa.Array, pa.Array, tuple[str, str]]:
    if sheet.has("lon") and sheet.has("lat"):
        return sheet.text("lon"), sheet.text("lat"), ("lon", "lat")
    if sheet.has("lon_d") and sheet.has("lat_d"):
        return _joined(sheet, "lon"), _joined(sheet, "lat"), ("lon_d", "lat_d")
    if sheet.has("lonlat"):
        pairs = coded(sheet.text("lonlat"))
        halves = [split_pair(text) for text in pairs.distinct]
        codes = pa.array(pairs.codes)
        first = pa.array([half[0] for half in halves], pa.string()).take(codes)
        second = pa.array([half[1] for half in halves], pa.string()).take(codes)
        return first, second, ("lonlat", "lonlat")
    return sheet.text("east"), sheet.text("north"), ("east", "north")


def _joined(sheet: Sheet, axis: str) -> pa.Array:
    """Return degrees, minutes and seconds of three columns as one text; no degrees, no text."""
    whole, minutes, seconds = (sheet.text(f"{axis}_{part}") for part in "dms")
    text = pc.binary_join_element_wise(whole, minutes, seconds, " ")
    return pc.utf8_trim_whitespace(pc.if_else(pc.equal(whole, ""), "", text))


def _note_cells(sheet: Sheet, cells: pa.Array, angles: Angles, field: str) -> Mask:
    missing, unreadable = angles.state == BLANK, angles.state == UNREADABLE
    sheet.note(missing, field, "coordinate_missing", "error", cells)
    sheet.note(unreadable, field, "coordinate_unreadable", "error", cells)
    dms = angles.state == DMS
    sheet.note(dms, field, "coordinate_dms", "repair", cells)
    sheet.note(angles.state == CLEANED, field, "coordinate_cleaned", "repair", cells)
    sheet.note(dms & (angles.decimals < 4), field, "coordinate_no_seconds", "warning", cells)
    bad: Mask = missing | unreadable
    return bad


def row_datums(sheet: Sheet, given: str | None, bad: Mask) -> npt.NDArray[np.object_]:
    """Return the datum of every row, ``given`` where it states none; a row with an unusable one turns bad."""
    from geoaq.crs import parse_datum

    fallback = UNSTATED if given in {None, "", UNSTATED} else parse_datum(str(given))
    if not sheet.has("datum"):
        return np.full(sheet.size, fallback, object)
    cells = sheet.text("datum")
    texts = coded(cells)
    names: list[str] = []
    refused: dict[int, str] = {}
    for place, text in enumerate(texts.distinct):
        try:
            names.append(fallback if is_blank(text) else parse_datum(text))
        except InputError as error:
            refused[place] = "datum_refused" if error.code == "datum_refused" else "datum_unknown"
            names.append(UNSTATED)
    for place, code in refused.items():
        rows = texts.codes == place
        sheet.note(rows, "datum", code, "error", cells)
        bad |= rows
    return np.array(names, object)[texts.codes]


def _swap(sheet: Sheet, a: Floats, b: Floats, passed: Mask, printed: pa.Array, field: str) -> None:
    swapped = ~passed & (a >= LAT[0]) & (a <= LAT[1]) & (b >= LON[0]) & (b <= LON[1])
    if swapped.any():
        a[swapped], b[swapped] = b[swapped], a[swapped].copy()
        if field != "east":
            sheet.note(swapped, field, "coordinates_swapped", "repair", printed)


def _unproject(
    sheet: Sheet,
    a: Floats,
    b: Floats,
    plane: Mask,
    bad: Mask,
    names: npt.NDArray[np.object_],
    printed: pa.Array,
    fields: tuple[str, str],
) -> None:
    """Bring plane coordinates to degrees in place; the northing is found by its size, not by its header."""
    from geoaq.crs import gk_zones, to_wgs84

    plane = plane & ~bad
    turned = plane & northing_first(a, b)
    if turned.any():
        a[turned], b[turned] = b[turned], a[turned].copy()
        if fields == ("east", "north"):
            sheet.note(turned, fields[0], "axes_swapped", "repair", printed)
    sheet.note(plane, fields[0], "projected_converted", "repair", printed)
    zones = gk_zones(a)
    # Rows get a new name as they are done: what they state is kept aside, or they would be converted twice.
    stated = names.copy()
    for name in sorted(set(stated[plane].tolist())):
        rows = plane & (stated == name)
        known = name.startswith("gk:")
        lost = rows & (zones == -1) & (not known)
        sheet.note(lost, fields[0], "gk_zone_unknown", "error", printed)
        bad |= lost
        rows &= ~lost
        wrong_kind = name in {"gcj02", "bd09"}
        if wrong_kind:
            sheet.note(rows, fields[0], "datum_not_plane", "error", printed)
            bad |= rows
            continue
        if rows.any():
            a[rows], b[rows] = to_wgs84(a[rows], b[rows], name if known else "gk")
        if name in {"gk", "cgcs2000"}:
            names[rows] = [f"gk:{zone}" for zone in zones[rows].tolist()]
    lost = plane & ~bad & ~np.isfinite(a)
    sheet.note(lost, fields[0], "projected_unusable", "error", printed)
    bad |= lost


def northing_first(a: Floats, b: Floats) -> Mask:
    """Say of every row whether its first plane coordinate is the northing.

    Each row is judged by itself where it fits one order only; the others (both numbers have six digits) go
    with most of those, and stay as they are where there is no majority.

    Examples
    --------
    >>> northing_first(np.array([3351163.0, 40514433.0]), np.array([40514433.0, 3351163.0])).tolist()
    [True, False]
    """
    from geoaq.crs import gk_zones

    def fits(northing: Floats, easting: Floats) -> Mask:
        inside: Mask = (northing >= NORTHING[0]) & (northing <= NORTHING[1]) & (gk_zones(easting) != 0)
        return inside

    first, second = fits(a, b), fits(b, a)
    most = int((first & ~second).sum()) > int((second & ~first).sum())
    found: Mask = (first & ~second) | ((first == second) & most)
    return found


def _shift(a: Floats, b: Floats, rows: Mask, names: npt.NDArray[np.object_]) -> None:
    """Bring geographic coordinates of a shifted datum to WGS 84 in place."""
    from geoaq.crs import to_wgs84

    if not rows.any():
        return
    for name in sorted(set(names[rows].tolist()) & {"gcj02", "bd09"}):
        these = rows & (names == name)
        a[these], b[these] = to_wgs84(a[these], b[these], name)
    for name in set(names[rows].tolist()):
        if name.startswith("gk"):
            names[rows & (names == name)] = "cgcs2000"
