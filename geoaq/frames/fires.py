"""The columns of fire pixels, as read and as judged, and of events; the identity of a detection."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.frames.contracts import Column, Contract

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
            "county_share",
            "float",
            "of the footprint (of unknown size: a circle) in it, 0 to 1; NaN unknown",
            dtype="float32",
        ),
        Column("others", "str", "adcode=share of other counties, joined by ';'", dtype="category"),
        Column("disputed_border", "bool", "the centre lies on a border that is under question", dtype="bool"),
        Column("disputed_by", "str", "why it is under question, or ''", dtype="category"),
        # Of the areas that an office has loaded (`geoaq.fires.areas`).
        Column("township", "str", "乡镇（街道） of the centre, or ''", dtype="category"),
        Column("township_code", "str", "its code, or '' where none is stated", dtype="category"),
        Column("township_share", "float", "of the footprint in it, 0 to 1; NaN unknown", dtype="float32"),
        Column("township_others", "str", "township=share of others, joined by ';'", dtype="category"),
        Column("disputed_township", "bool", "the pixel lies across townships", dtype="bool"),
        Column("village", "str", "行政村 of the centre, or ''", dtype="category"),
        Column("village_code", "str", "its code, or '' where none is stated", dtype="category"),
        Column("village_share", "float", "of the footprint in it, 0 to 1; NaN unknown", dtype="float32"),
        Column("grid", "str", "网格 of the centre, or ''", dtype="category"),
        Column("grid_code", "str", "its code, or '' where none is stated", dtype="category"),
        Column("grid_share", "float", "of the footprint in it, 0 to 1; NaN unknown", dtype="float32"),
        Column("event", "str", "identity of the event; '' for class static", dtype="category"),
    ),
)
# The levels of areas that an office may load, and the columns of FIRE_JUDGED that tell of them.
AREA_LEVELS = ("township", "village", "grid")
AREA_COLUMNS = tuple(
    name for name in FIRE_JUDGED.names if name.removeprefix("disputed_").partition("_")[0] in AREA_LEVELS
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
        Column("township", "str", "with most pixels, of equals the lowest name; '' unknown", dtype="object"),
        Column("townships", "str", "township=pixels of every township, joined by ';'", dtype="object"),
        Column("disputed_township", "bool", "it lies across townships", dtype="bool"),
        Column("villages", "str", "village=pixels of every village, joined by ';'", dtype="object"),
        Column("grids", "str", "grid cell=pixels of every grid cell, joined by ';'", dtype="object"),
        Column("level", "int", "lowest level of its pixels: 0 URT to 3 SP", dtype="int64"),
        Column("verdict", "str", "'', applies, does_not_apply, needs_review", dtype="object"),
        Column("rules", "str", "findings behind the verdict, JSON", dtype="object"),
        Column("changed", "int", "change of the judged store that it came with", dtype="int64"),
        Column("alive", "bool", "False when it was merged or is gone", dtype="bool"),
        Column("merged_into", "str", "event that it grew into, or ''", dtype="object"),
    ),
)


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
