"""Reads a file of zones, of what distances are kept from, or of permits: outlines and what stands beside.

Nothing is mended here: an outline that bans something must be the one that its text draws, so a broken one is
told with its place and left out.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.frames import IssueLog
from geoaq.io.fires.beijing import read_instant
from geoaq.io.lists.features import fault_of, read_outlines
from geoaq.io.lists.product import ListProduct
from geoaq.io.lists.zone_cells import read_day, read_hours, read_seasons
from geoaq.io.tables import DEFAULT_LIMITS, Limits

#: The kinds that have an outline, and those that may be points or lines.
AREAS, THINGS = ("straw", "fuel", "permit"), ("airport", "motorway", "railway", "road")
CLASSES = {"straw": ("ban", "limit"), "fuel": ("I", "II", "III")}
_NUMBERS = ("radius_km", "wind_ms", "aqi")
_DAY_S = 86_400


@dataclass(frozen=True)
class ZoneIntake:
    """A file of zones that has been read.

    Parameters
    ----------
    frame
        The rows that can be used: ``row zone kind class name basis title number issuer day article quote``
        (texts; ``day`` as YYYY-MM-DD), ``first last`` (dates, None open), ``seasons hours`` (pairs),
        ``complete_for`` (codes), ``radius_km wind_ms aqi`` (None not stated), ``begin end`` (seconds since
        1970 UTC, None not stated), ``remark``.
    shapes
        Their shapes, WGS 84, valid; shape (n,).
    issues
        What could not be used, and what is to be looked at.
    features
        How many the file holds.
    """

    frame: pd.DataFrame
    shapes: npt.NDArray[np.object_]
    issues: IssueLog
    features: int


def read_zones(
    path: Path,
    *,
    product: ListProduct,
    defaults: Mapping[str, str] | None = None,
    limits: Limits = DEFAULT_LIMITS,
) -> ZoneIntake:
    """Read zones, things or permits from a GeoPackage, shapefile, GeoJSON or KML.

    Parameters
    ----------
    product
        ``zone_list`` of the catalogue: the headers of the attributes and the words in them.
    defaults
        Column → text for features that do not state it.

    Raises
    ------
    InputError, LimitError
        As `geoaq.io.vectors.read_vector`: the file as a whole cannot be used.
    """
    log = IssueLog()
    stated, numbers, shapes = read_outlines(path, product, log, limits=limits)
    rows, kept = [], []
    for at, number in enumerate(numbers):
        cells = {
            name: str(texts[at]).strip() or (defaults or {}).get(name, "") for name, texts in stated.items()
        }
        row = _Row(number, cells, product, log)
        found = row.read()
        if _usable_shape(shapes[at], found["kind"], row) and row.good:
            rows.append(found)
            kept.append(at)
    return ZoneIntake(pd.DataFrame(rows, dtype=object), shapes[np.array(kept, np.intp)], log, len(shapes))


def _usable_shape(shape: Any, kind: str, row: _Row) -> bool:
    import shapely

    if shape is None or shape.is_empty:
        row.wrong("geometry", "", "zone_no_shape")
        return False
    if kind in AREAS and shapely.get_type_id(shape) not in (3, 6):
        row.wrong("geometry", "", "zone_not_area", said=shape.geom_type)
        return False
    if not shapely.is_valid(shape):
        reason, lon, lat = fault_of(shape)
        row.wrong("geometry", "", "zone_shape_invalid", said=reason, lon=lon, lat=lat)
        return False
    return True


class _Row:
    """The cells of one feature, read one by one; each that cannot be read is noted."""

    def __init__(self, number: int, cells: Mapping[str, str], product: ListProduct, log: IssueLog) -> None:
        self._number, self._cells, self._log = number, cells, log
        self._words = {
            column: {_plain(word): value for value, words in values.items() for word in (value, *words)}
            for column, values in product.words.items()
        }
        self.good = True

    def wrong(self, column: str, value: object, code: str, **params: object) -> None:
        self.good = False
        said = str(value)
        self._log.add(self._number, column, said, code, "error", **(_said(code, said) | params))

    def read(self) -> dict[str, Any]:
        kind = self._word("kind", "zone_kind_unknown")
        texts = ("zone", "name", "title", "number", "issuer", "article", "quote", "remark")
        found: dict[str, Any] = {name: self._cells.get(name, "") for name in texts}
        found |= {"row": self._number, "kind": kind, "class": self._class(kind), "basis": self._basis()}
        issued = self._day("day")
        found["day"] = "" if issued is None else issued.isoformat()
        found |= {name: self._day(name) for name in ("first", "last")}
        found |= {name: self._number_in(name) for name in _NUMBERS}
        found |= {"begin": self._moment("begin"), "end": self._moment("end")}
        found["seasons"] = self._pairs("seasons", read_seasons, "zone_season_unreadable")
        found["hours"] = self._pairs("hours", read_hours, "zone_hours_unreadable")
        codes = [code for code in re.split(r"[;；、,，\s]+", self._cells.get("complete_for", "")) if code]
        found["complete_for"] = tuple(codes)
        for code in codes:
            if not re.fullmatch(r"[1-8]\d{5}", code):
                self.wrong("complete_for", code, "zone_code_unknown")
        self._needed(kind, found)
        return found

    def _needed(self, kind: str, found: Mapping[str, Any]) -> None:
        """Note what a zone or a permit cannot do without."""
        needed: tuple[str, ...]
        if kind == "permit":
            needed = ("number", "issuer", "day", "begin", "end")
            ends = found["begin"], found["end"]
        else:
            needed = ("first",) if kind else ()
            ends = found["first"], found["last"]
        for name in needed:
            if found[name] in ("", None) and not self._cells.get(name):
                self.wrong(name, "", "zone_cell_missing")
        if None not in ends and ends[1] < ends[0]:
            self.wrong("last" if kind != "permit" else "end", ends[1], "zone_days_reversed")

    def _word(self, column: str, code: str) -> str:
        cell = self._cells.get(column, "")
        found = self._words[column].get(_plain(cell), "")
        if not found:
            self.wrong(column, cell, code if _plain(cell) else "zone_cell_missing")
        return found

    def _class(self, kind: str) -> str:
        if kind not in CLASSES:
            return ""
        # 限烧区 under the header of the kind says the class too.
        cell = self._cells.get("class", "") or self._cells.get("kind", "").removeprefix("秸秆")
        found = self._words["class"].get(_plain(cell), "")
        if not found and kind == "straw" and not self._cells.get("class", ""):
            return "ban"
        if found not in CLASSES[kind]:
            self.wrong("class", cell, "zone_class_unknown", expected="、".join(CLASSES[kind]))
        return found

    def _basis(self) -> str:
        if self._cells.get("basis", ""):
            return self._word("basis", "zone_basis_unknown")
        return "local_notice" if self._cells.get("title", "") else ""

    def _day(self, name: str) -> Any:
        cell = self._cells.get(name, "")
        found = read_day(cell) if cell else None
        if cell and found is None:
            self.wrong(name, cell, "zone_day_unreadable")
        return found

    def _moment(self, name: str) -> int | None:
        cell = self._cells.get(name, "")
        found = read_instant(cell) if cell else None
        if cell and found is None:
            self.wrong(name, cell, "zone_day_unreadable")
        if found is None or not found.day_only:
            return None if found is None else found.seconds
        # A day alone is taken as noon: a permit begins and ends with the day.
        return found.seconds - _DAY_S // 2 + (0 if name == "begin" else _DAY_S - 1)

    def _number_in(self, name: str) -> float | None:
        cell = self._cells.get(name, "")
        try:
            value = float(unicodedata.normalize("NFKC", cell)) if cell else None
        except ValueError:
            value = -1.0
        if value is not None and not 0.0 < value < float("inf"):
            self.wrong(name, cell, "zone_number_unreadable")
            return None
        return value

    def _pairs(self, name: str, read: Any, code: str) -> tuple[tuple[str, str], ...]:
        found = read(self._cells.get(name, ""))
        if found is None:
            self.wrong(name, self._cells[name], code)
        return found or ()


def _said(code: str, value: str) -> dict[str, str]:
    """Return the value for a sentence that repeats it."""
    return {} if code in ("zone_no_shape", "zone_cell_missing", "zone_datum_suspect") else {"said": value}


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).lower()
