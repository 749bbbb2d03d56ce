"""Column contracts, and the issues that unusable or repaired cells leave behind.

A frame is a pandas ``DataFrame`` whose columns follow a `Contract`. Whatever cannot be used leaves as an
issue with its row, field and value; nothing is dropped silently.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Severity = Literal["error", "warning", "repair"]
#: What stands in place of a number where a list has none (`geoaq.io.lists.identity`).
CONTENT_KEY = r"k-[0-9a-f]{16}(?:-\d+)?"
ISSUE_COLUMNS = ("row", "field", "value", "severity", "code", "params")


@dataclass(frozen=True)
class Column:
    """One column: its name, kind (``str``, ``int``, ``float``, ``bool``, ``tri``), meaning and unit.

    ``tri`` is int8 in three-valued logic: 0 false, 1 true, 2 unknown. ``dtype`` is the exact type of a column
    of which there are millions.
    """

    name: str
    kind: Literal["str", "int", "float", "bool", "tri"]
    meaning: str
    unit: str | None = None
    required: bool = False
    dtype: str | None = None


@dataclass(frozen=True)
class Contract:
    """The columns that a frame must have."""

    name: str
    columns: tuple[Column, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """Return the column names in order."""
        return tuple(column.name for column in self.columns)

    @property
    def dtypes(self) -> dict[str, str]:
        """Return the exact type of every column that has one, in order."""
        return {column.name: column.dtype for column in self.columns if column.dtype is not None}


# Where a subject is, and where its row says that it is.
_PLACE = (
    Column("lon", "float", "longitude, WGS 84", "degree", required=True),
    Column("lat", "float", "latitude, WGS 84", "degree", required=True),
    Column("datum", "str", "wgs84, cgcs2000, gcj02, bd09, gk:<EPSG code>, or unstated"),
    Column("position_quality", "str", "key of layers/policy/budgets.toml [position]; unstated if blank"),
    Column("decimals", "int", "decimals of a degree as printed (DMS: 4 for whole seconds); -1 projected"),
    Column("province_stated", "str", "province as the row states it"),
    Column("city_stated", "str", "prefecture as the row states it"),
    Column("county_stated", "str", "county as the row states it"),
)
BOILERS = Contract(
    "boilers",
    (
        Column("row", "int", "row number of the sheet as its user sees it (header rows counted)"),
        Column("part", "int", "0, or 1…n where one row holds several boilers (2×35)"),
        Column("subject_id", "str", "the office's own number, else a documented content key"),
        Column("name", "str", "unit that owns or uses the boiler"),
        *_PLACE,
        Column("fuel", "str", "coal, biomass, gas, oil, electric, other, or '' if not stated"),
        Column("boiler_class", "str", "steam, hot_water, thermal_oil, hot_air, power_station, facility, ''"),
        # space_heating: 集中供暖, the exempt one; heating_unstated: 供暖 alone, central or not is not said;
        # domestic: heating of one's own too; agricultural; '' not stated.
        Column("purpose", "str", "industrial, space_heating, heating_unstated, central_steam, domestic, …"),
        # relocating: 迁建, planned, though 新建 to the letter may not count it; altering: 改建 and 扩建.
        Column("status", "str", "operating, standby, stopped, demolished, planned, relocating, altering, ''"),
        Column("eliminated_by", "str", "demolished, clean_energy, flue_cut: evidence of elimination, or ''"),
        Column("commissioned_year", "float", "year in which it came into operation, where stated", "year"),
        Column("capacity_tph", "float", "capacity of one boiler, decimal as printed (0.7 MW = 1 t/h)", "t/h"),
        Column("capacity_text", "str", "the capacity cell as printed"),
        Column("capacity_conflict", "bool", "two columns of the row state different capacities"),
        Column("industry_code", "str", "GB/T 4754 code as stated, or ''"),
        Column("heat_network_stated", "tri", "the row says: inside heat-network coverage"),
        Column("built_up_stated", "tri", "the row says: inside the built-up area"),
    ),
)
PLANTS = Contract(
    "plants",
    (
        Column("plant_id", "str", "identity of the plant", required=True),
        Column("name", "str", "name, Chinese where known"),
        Column("lon", "float", "longitude, WGS 84", "degree", required=True),
        Column("lat", "float", "latitude, WGS 84", "degree", required=True),
        Column("position_quality", "str", "key of layers/policy/budgets.toml [plant_position]"),
        Column("installed_mw", "float", "installed electric capacity of the plant", "MW", required=True),
        Column("largest_unit_mw", "float", "electric capacity of its largest unit", "MW"),
        Column("fuel", "str", "coal, gas, nuclear, biomass, waste, other"),
        Column("dispatched", "tri", "统调: dispatched by the grid"),
        Column("heat_evidence", "str", "name, captive, none, user: a heuristic, to be verified"),
        Column("confirmed_document", "str", "document number by which the office confirms it as CHP, or ''"),
        Column("confirmed_issuer", "str", "who issued that document, or ''"),
        Column("province_adcode", "str", "GB/T 2260 province code of the point, or ''"),
    ),
)
UNITS = Contract(
    "units",
    (
        Column("row", "int", "row number of the sheet"),
        Column("part", "int", "0, or 1…n where one row holds several units"),
        Column("subject_id", "str", "the office's own number, else a documented content key"),
        Column("name", "str", "plant or owner"),
        *_PLACE,
        Column("fuel", "str", "as in boilers"),
        Column("status", "str", "as in boilers"),
        Column("capacity_mw", "float", "electric capacity of the unit", "MW"),
        Column("unit_type", "str", "backpressure, extraction, condensing, retrofit, ''"),
        Column("captive", "tri", "自备: captive unit"),
        Column("chp", "tri", "combined heat and power"),
        Column("backward_listed", "tri", "on an official list of 落后 units"),
        Column("plant_id", "str", "identity in the plant table, or ''"),
        Column("dispatched", "tri", "统调: dispatched by the grid"),
    ),
)

PROJECTS = Contract(
    "projects",
    (
        Column("row", "int", "row number of the sheet, or number of the feature from 1"),
        Column("part", "int", "0: a row is one project, also with a site in several parts"),
        Column("subject_id", "str", "the office's own project number, else a documented content key"),
        Column("name", "str", "name of the project"),
        Column("applicant", "str", "who builds it"),
        # Of a site that is a polygon, the position is a point inside it, for places and for the map.
        *_PLACE,
        Column("geometry_kind", "str", "point, or polygon: the site is in `ProjectIntake.sites`"),
        Column("industry_code", "str", "GB/T 4754 code, digits as stated, or ''"),
        Column("industry_edition", "str", "edition of GB/T 4754: 2017, 2011, or '' if not stated"),
        Column("industry_text", "str", "the industry cell as printed"),
        # technical: 技术改造; rebuild: 改建; relocation: 迁建.
        Column("nature", "str", "new, relocation, rebuild, expansion, technical, or '' if not stated"),
        Column("stack_m", "float", "highest stack that the project builds, above ground; 0 none", "m"),
        Column("stack_text", "str", "the stack cell as printed"),
        Column("new_stack", "tri", "the project builds a new stack; new and relocation with a height do"),
        Column("eia_kind", "str", "report_book, report_form, registration, or ''"),
        Column("uses_coal", "tri", "the project uses coal"),
        Column("coal_replacement", "tri", "a complete plan for coal replacement is stated"),
        Column("adds_capacity", "tri", "the project adds production capacity"),
        Column("capacity_swap", "tri", "a plan for capacity swap (产能置换) is stated"),
        Column("regional_reduction", "tri", "a plan for regional reduction (区域削减) is stated"),
        Column("new_captive_unit", "tri", "the project builds a captive generating unit (自备机组)"),
        Column("new_boiler_tph", "float", "largest new boiler of the project, decimal as printed", "t/h"),
        Column("new_boiler_fuel", "str", "its fuel, as in boilers"),
        Column("boiler_purpose", "str", "its purpose, as in boilers"),
        Column("dispersion_ug_m3", "float", "modelled contribution at the worst place downwind", "µg/m³"),
        Column("dispersion_model", "str", "the model used, as printed"),
        Column("emissions_text", "str", "emissions as the row states them"),
        Column("remark", "str", "remark as printed"),
    ),
)

# Satellites by their plain names; a detection of another kind bears its source's own (``camera:<id>``).
SATELLITES = (
    "terra", "aqua", "snpp", "noaa20", "noaa21", "himawari8", "himawari9", "landsat8", "landsat9",
    "fy3d", "fy3e", "fy4a", "fy4b", "gk2a",
)  # fmt: skip
# platform: found by a province's own system; push: 上级推送, never mixed with what an office found itself.
FIRE_KINDS = ("satellite", "camera", "tower", "drone", "report", "platform", "push")
URT, RT, NRT, SP = range(4)
FIRE_PIXELS = Contract(
    "fire_pixels",
    (
        Column("satellite", "str", "one of SATELLITES, or the source's own name", dtype="category"),
        Column("kind", "str", "one of FIRE_KINDS", dtype="category"),
        Column("acquired", "int", "since 1970, UTC", "s", required=True, dtype="int64"),
        Column("lon", "float", "of the pixel's centre, WGS 84", "degree", required=True, dtype="float64"),
        Column("lat", "float", "of the pixel's centre, WGS 84", "degree", required=True, dtype="float64"),
        Column("scan_km", "float", "footprint along the scan; NaN unknown", "km", dtype="float32"),
        Column("track_km", "float", "footprint along the track; NaN unknown", "km", dtype="float32"),
        Column("t4_k", "float", "brightness temperature at 4 µm; NaN unknown", "K", dtype="float32"),
        Column("t11_k", "float", "brightness temperature at 11 µm; NaN unknown", "K", dtype="float32"),
        Column("frp_mw", "float", "fire radiative power; NaN unknown", "MW", dtype="float32"),
        Column("confidence", "int", "0 low, 1 nominal, 2 high; -1 unknown", dtype="int8"),
        Column("confidence_pct", "int", "confidence of MODIS; -1 unknown", "%", dtype="int8"),
        Column("daynight", "int", "1 day, 0 night, as printed; -1 unknown", dtype="int8"),
        # 0 presumed vegetation, 1 volcano, 2 other static source on land, 3 offshore
        Column("fire_type", "int", "type by FIRMS, in SP only; -1 absent", dtype="int8"),
        Column("level", "int", "0 URT, 1 RT, 2 NRT, 3 SP; 2 for kinds other than satellite", dtype="int8"),
        Column("saturated", "bool", "t4_k is the ceiling of the sensor", dtype="bool"),
        Column("number", "str", "official number of a push, else ''", dtype="category"),
        Column("deadline", "int", "of a push, since 1970, UTC; -1 none", "s", dtype="int64"),
        Column("key", "int", "identity inside a level: see fire_keys", dtype="uint64"),
    ),
)
# What a fire pixel is taken for, the best-supported first (`geoaq.fires.quality`).
FIRE_CLASSES = ("straw_likely", "mixed", "static", "not_cropland", "suspect", "unknown")
# Whose pixel it is comes from `geoaq.fires.attribution`.
FIRE_JUDGED = Contract(
    "fire_judged",
    (
        *FIRE_PIXELS.columns,
        Column("class", "str", "one of FIRE_CLASSES", dtype="category"),
        Column("reasons", "str", "codes joined by ';', as cropland;window", dtype="category"),
        Column("crop_share", "float", "of the footprint, 0 to 1; NaN unknown", dtype="float32"),
        Column("static_source", "str", "its identity in the register, or ''", dtype="category"),
        Column("adcode", "str", "county of the centre, or '' outside", dtype="category"),
        Column("province_adcode", "str", "province of the centre, or '' outside", dtype="category"),
        Column(
            "county_share", "float", "of the footprint in that county, 0 to 1; NaN unknown", dtype="float32"
        ),
        Column("others", "str", "adcode=share of other counties, joined by ';'", dtype="category"),
        Column("disputed_border", "bool", "the centre lies on a border that is under question", dtype="bool"),
        Column("disputed_by", "str", "why it is under question, or ''", dtype="category"),
        Column("event", "str", "identity of the event; '' for class static", dtype="category"),
    ),
)
# An event as SQL keeps it (`geoaq.fires.events`); times are seconds since 1970 UTC, places WGS 84.
FIRE_EVENTS = Contract(
    "fire_events",
    (
        Column("event", "str", "identity", required=True, dtype="object"),
        Column("first_seen", "int", "first detection", "s", dtype="int64"),
        Column("last_seen", "int", "last detection", "s", dtype="int64"),
        Column("pixels", "int", "detections", dtype="int64"),
        Column("satellites", "str", "sources in alphabetical order, joined by ';'", dtype="object"),
        Column("official", "bool", "made of official pushes", dtype="bool"),
        Column("lon", "float", "mean of the centres", "degree", dtype="float64"),
        Column("lat", "float", "mean of the centres", "degree", dtype="float64"),
        Column("west", "float", "of the centres", "degree", dtype="float64"),
        Column("south", "float", "of the centres", "degree", dtype="float64"),
        Column("east", "float", "of the centres", "degree", dtype="float64"),
        Column("north", "float", "of the centres", "degree", dtype="float64"),
        Column("across_m", "float", "between the corners of that box", "m", dtype="float64"),
        Column("frp_peak_mw", "float", "largest sum of one overpass; NaN unknown", "MW", dtype="float64"),
        Column("frp_peak_at", "int", "begin of that overpass; -1 unknown", "s", dtype="int64"),
        Column("frp_peak_by", "str", "its satellite, or ''", dtype="object"),
        Column("frp_last_mw", "float", "of the latest overpass with a known power", "MW", dtype="float64"),
        Column("frp_pixel_mw", "float", "largest of one pixel; NaN unknown", "MW", dtype="float64"),
        Column("overpasses", "int", "how often satellites saw it", dtype="int64"),
        Column("class", "str", "the best-supported class of its pixels", dtype="object"),
        Column("crop_share", "float", "mean over the pixels with one; NaN unknown", dtype="float64"),
        Column("confidence", "int", "highest: 0 low, 1 nominal, 2 high; -1 unknown", dtype="int64"),
        Column("adcode", "str", "county with most pixels, of equals the lowest; '' outside", dtype="object"),
        Column("county", "str", "its name", dtype="object"),
        Column("city_adcode", "str", "its prefecture", dtype="object"),
        Column("city", "str", "name of the prefecture", dtype="object"),
        Column("province_adcode", "str", "its province", dtype="object"),
        Column("province", "str", "name of the province", dtype="object"),
        Column("counties", "str", "adcode=pixels of every county, joined by ';'", dtype="object"),
        Column("disputed_border", "bool", "whose ground it is is under question", dtype="bool"),
        Column("level", "int", "lowest level of its pixels: 0 URT to 3 SP", dtype="int64"),
        Column("verdict", "str", "'', applies, does_not_apply, needs_review", dtype="object"),
        Column("rules", "str", "findings behind the verdict, JSON", dtype="object"),
        Column("changed", "int", "change of the judged store that it came with", dtype="int64"),
        Column("alive", "bool", "False when it was merged or is gone", dtype="bool"),
        Column("merged_into", "str", "event that it grew into, or ''", dtype="object"),
    ),
)


@dataclass
class IssueLog:
    """Collects issues; a row number of 0 means the whole list."""

    _rows: list[tuple[int, str, str, str, str, str]] = field(default_factory=list)

    def add(
        self, row: int, field: str, value: object, code: str, severity: Severity = "error", **params: object
    ) -> None:
        """Note one issue; ``code`` is looked up in ``wording/issues.toml``."""
        self._rows.append(
            (
                int(row),
                field,
                str(value),
                severity,
                code,
                json.dumps(params, ensure_ascii=False, sort_keys=True),
            )
        )

    def add_many(
        self,
        rows: Iterable[int],
        field: str,
        values: Sequence[object],
        code: str,
        severity: Severity = "error",
        **params: object,
    ) -> None:
        """Note the same issue for many rows; parameters are shared."""
        text = json.dumps(params, ensure_ascii=False, sort_keys=True)
        self._rows.extend(
            (int(row), field, str(value), severity, code, text)
            for row, value in zip(rows, values, strict=True)
        )

    def extend(self, other: IssueLog, *, list_name: str) -> None:
        """Take over the issues of another list; its name goes before the field, so that rows keep apart."""
        self._rows.extend(
            (0, f"{list_name} {row}: {field}", value, severity, code, params)
            for row, field, value, severity, code, params in other._rows
        )

    def frame(self) -> pd.DataFrame:
        """Return the issues as a frame (`ISSUE_COLUMNS`), by row, in the order noted."""
        frame = pd.DataFrame(self._rows, columns=list(ISSUE_COLUMNS))
        return frame.sort_values("row", kind="stable", ignore_index=True)


def fire_keys(
    satellite: pd.Series[Any],
    acquired: npt.NDArray[np.int64],
    lon: npt.NDArray[np.float64],
    lat: npt.NDArray[np.float64],
) -> npt.NDArray[np.uint64]:
    """Return the identity of detections inside a level: one satellite, one minute, one place (5 decimals).

    The same on every machine and in every release: the words are mixed by splitmix64 (Steele, Lea and Flood
    2014), the satellite's name comes in by its SHA-256.

    Parameters
    ----------
    satellite
        Names, a categorical series; shape (n,).
    acquired
        Seconds since 1970, UTC; shape (n,).
    lon, lat
        Degrees, WGS 84; shape (n,).
    """
    names = satellite.cat.categories
    seeds = [int.from_bytes(hashlib.sha256(str(name).encode()).digest()[:8], "little") for name in names]
    words = np.array(seeds, np.uint64)[satellite.cat.codes.to_numpy()]
    for part in (acquired // 60, np.rint(lat * 1e5).astype(np.int64), np.rint(lon * 1e5).astype(np.int64)):
        words = _mixed(words ^ part.astype(np.uint64))
    return words


def _mixed(words: npt.NDArray[np.uint64]) -> npt.NDArray[np.uint64]:
    """Return the next output of splitmix64 for each state."""
    words = words + np.uint64(0x9E3779B97F4A7C15)
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))
