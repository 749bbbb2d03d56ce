"""A synthetic year of fire pixels whose truth is known: for tests and benchmarks, never to be shown as real.

Six blocks of 1.5° stand where straw is burned or steel is made. In each lie fields and villages, furnaces
(strong and weak, some lit or shut down on the way), roofs that glint on summer days, and wild land. What
burns is planted with its truth; five satellites see part of it by pixels of their own size, whose centres are
not the place of the fire.
The numbers are rough likenesses (Henan 2025, fire-free months included), not statistics of any place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.fires.quality.cropland import Cover, Shares, crop_shares
from geoaq.fires.quality.rule import QualityRule
from geoaq.fires.quality.windows import Window
from geoaq.frames import FIRE_PIXELS, NRT, fire_keys

#: What a planted pixel is in truth.
TRUTHS = ("straw", "static", "roof", "wild", "other")
_DEGREES, _CELL = 1.5, 0.005
_SIDE = round(_DEGREES / _CELL)
_DAY_S = 86_400
_KM = 111.2
Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]


class _Block(NamedTuple):
    """A block of land: its county, its south-west corner, and how much of it is under crops."""

    adcode: str
    west: float
    south: float
    crops: float


class _Sensor(NamedTuple):
    """A satellite: hour of local solar time, narrowest pixel, times that it widens, its share of sight."""

    name: str
    hour: float
    pixel_km: float
    widest: float
    sees: float


_BLOCKS = (
    _Block("230112", 126.0, 45.5, 0.70),
    _Block("411321", 112.0, 32.5, 0.75),
    _Block("320925", 119.0, 33.0, 0.65),
    _Block("451402", 107.0, 22.0, 0.35),
    _Block("150203", 109.5, 40.0, 0.40),
    _Block("652301", 87.0, 43.5, 0.15),
)
_SENSORS = (
    _Sensor("snpp", 13.5, 0.39, 2.0, 0.55),
    _Sensor("noaa20", 13.4, 0.39, 2.0, 0.55),
    _Sensor("noaa21", 13.4, 0.39, 2.0, 0.55),
    _Sensor("terra", 22.5, 1.0, 4.0, 0.25),
    _Sensor("aqua", 13.5, 1.0, 4.0, 0.25),
)


@dataclass(frozen=True)
class Simulation:
    """A synthetic year.

    Parameters
    ----------
    pixels
        `geoaq.frames.FIRE_PIXELS` and ``adcode``, ``truth`` (one of `TRUTHS`), ``site`` (the furnace or roof;
        of straw the furnace that it was planted beside; else -1) and ``block``, by time: two years of history
        and the year itself.
    covers
        The land cover of each block, 1 for crops.
    begin
        Where the year begins, seconds since 1970, UTC.
    """

    pixels: pd.DataFrame
    covers: tuple[Cover, ...]
    begin: int

    def shares(self, rule: QualityRule) -> Shares:
        """Return the share of each footprint under crops."""
        found = np.empty(len(self.pixels), np.float32)
        for k, cover in enumerate(self.covers):
            rows = np.flatnonzero(self.pixels["block"] == k)
            found[rows] = crop_shares(self.pixels.iloc[rows], np.zeros(len(rows)), cover, rule=rule)
        return found


def simulate(seed: int, *, year: int, windows: tuple[Window, ...], scale: float = 1.0) -> Simulation:
    """Return a synthetic year with two years of history; the same for the same arguments.

    Parameters
    ----------
    seed
        Of numpy's PCG64.
    year
        The year to be judged.
    windows
        When straw is burned where, as the rule says; a block without one burns in October.
    scale
        How much of everything; 1 gives some 100,000 pixels.
    """
    random = np.random.default_rng(seed)
    start, begin = (_seconds(date(y, 1, 1)) for y in (year - 2, year))
    days = (_seconds(date(year + 1, 1, 1)) - start) // _DAY_S
    covers, parts = [], []
    for number, block in enumerate(_BLOCKS):
        land = _land(random, block.crops)
        covers.append(Cover(land, block.west, block.south + _DEGREES, _CELL, {1: 1.0}, frozenset({255})))
        fires = _planted(random, block, land, windows, start, days, scale)
        part = _seen(random, fires, start)
        part["block"], part["adcode"] = number, block.adcode
        parts.append(part)
    every = pd.concat(parts, ignore_index=True)
    every["site"] += np.where(every["site"] >= 0, every["block"] * 1_000_000, 0)
    return Simulation(_table(every), tuple(covers), begin)


def _seconds(day: date) -> int:
    return (day - date(1970, 1, 1)).days * _DAY_S


def _land(random: np.random.Generator, crops: float) -> npt.NDArray[np.uint8]:
    """Return fields (1) and other land (0) in patches of some kilometres."""
    from scipy.ndimage import gaussian_filter

    field = gaussian_filter(random.normal(size=(_SIDE, _SIDE)), 4.0, mode="wrap")
    return (field < np.quantile(field, crops)).astype(np.uint8)


def _on(random: np.random.Generator, block: _Block, cells: npt.NDArray[np.bool_], n: int) -> Floats:
    """Return random places on some cells, ``lon lat``, shape (n, 2)."""
    row, column = np.divmod(random.choice(np.flatnonzero(cells), n), _SIDE)
    lat = block.south + _DEGREES - (row + random.random(n)) * _CELL
    return np.column_stack([block.west + (column + random.random(n)) * _CELL, lat])


def _holds(block: _Block, land: npt.NDArray[np.uint8], places: Floats) -> npt.NDArray[np.bool_]:
    """Say which places lie on fields of the block."""
    row = np.floor((block.south + _DEGREES - places[:, 1]) / _CELL).astype(np.int64)
    column = np.floor((places[:, 0] - block.west) / _CELL).astype(np.int64)
    inside = (row >= 0) & (row < _SIDE) & (column >= 0) & (column < _SIDE)
    field: npt.NDArray[np.bool_] = land[row.clip(0, _SIDE - 1), column.clip(0, _SIDE - 1)] == 1
    return inside & field


def _moved(random: np.random.Generator, places: Floats, km: float) -> Floats:
    """Return places strewn about by a normal distribution."""
    away = random.normal(0.0, km / _KM, places.shape)
    away[:, 0] /= np.cos(np.radians(places[:, 1]))
    return places + away


def _fires(
    truth: str,
    places: Floats,
    day: Ints,
    night: npt.NDArray[np.bool_],
    power: Floats,
    site: Ints | None = None,
) -> pd.DataFrame:
    """Return fires of one kind: each is on during one half of one day."""
    sites = np.full(len(places), -1) if site is None else site
    fires = {"truth": truth, "lon": places[:, 0], "lat": places[:, 1], "day": day, "night": night}
    return pd.DataFrame(fires | {"power": power, "site": sites})


def _planted(
    random: np.random.Generator,
    block: _Block,
    land: npt.NDArray[np.uint8],
    windows: tuple[Window, ...],
    start: int,
    days: int,
    scale: float,
) -> pd.DataFrame:
    """Return everything that burns in a block."""
    fields, wild = land.ravel() == 1, land.ravel() == 0
    calendar = [date.fromordinal(date(1970, 1, 1).toordinal() + start // _DAY_S + k) for k in range(days)]
    own = [window for window in windows if block.adcode.startswith(window.adcodes)]
    season = np.array(
        [any(w.holds((d.month, d.day)) for w in own) if own else d.month == 10 for d in calendar]
    )
    furnaces = _furnaces(random, block, fields | wild, days, round(24 * scale))
    parts = [furnaces, _roofs(random, block, wild, calendar, round(12 * scale))]

    # Straw: nine in ten inside a window, most on a few bad days, half around the same villages, one in a
    # hundred beside a furnace.
    n = round(2500 * scale * block.crops)
    weight = np.where(season, random.gamma(0.4, 1.0, days), 0.0)
    weight = 0.9 * weight / weight.sum() + 0.1 * ~season / np.sum(~season)
    villages = _on(random, block, fields, max(1, round(250 * scale)))
    around = _moved(random, villages[random.integers(0, len(villages), n)], 1.0)
    near = (random.random(n) < 0.6) & _holds(block, land, around)
    places = np.where(near[:, None], around, _on(random, block, fields, n))
    beside = np.flatnonzero(random.random(n) < 0.01)
    hot = furnaces.groupby("site")[["lon", "lat"]].mean()
    own_site = np.full(n, -1, np.int64)
    own_site[beside] = random.choice(hot.index.to_numpy(np.int64), len(beside))
    places[beside] = _moved(random, hot.loc[own_site[beside]].to_numpy(), 0.6)
    power = random.lognormal(np.log(4.0), 0.9, n) * random.integers(1, 5, n)
    night = random.random(n) < 0.25
    parts.append(_fires("straw", places, random.choice(days, n, p=weight), night, power, own_site))

    for truth, n, typical in (("wild", round(150 * scale), 12.0), ("other", round(150 * scale), 2.0)):
        places = _on(random, block, wild if truth == "wild" else fields | wild, n)
        power = random.lognormal(np.log(typical), 0.8, n)
        parts.append(_fires(truth, places, random.integers(0, days, n), random.random(n) < 0.4, power))
    return pd.concat(parts, ignore_index=True)


def _furnaces(
    random: np.random.Generator, block: _Block, cells: npt.NDArray[np.bool_], days: int, n: int
) -> pd.DataFrame:
    """Return what furnaces give off: a third weak, a fifth lit later, a tenth shut down."""
    place = _on(random, block, cells, n)
    often = np.where(random.random(n) < 0.33, random.uniform(0.03, 0.08, n), random.uniform(0.15, 0.7, n))
    lit = np.where(random.random(n) < 0.2, random.integers(days // 3, days, n), 0)
    shut = np.where(random.random(n) < 0.1, random.integers(days // 3, days, n), days)
    strength = random.lognormal(np.log(1.3), 0.5, n)
    on = random.random((n, days, 2)) < often[:, None, None] * [0.4, 1.0]
    on &= ((np.arange(days) >= lit[:, None]) & (np.arange(days) < shut[:, None]))[:, :, None]
    site, day, half = np.nonzero(on)
    power = strength[site] * random.lognormal(0.0, 0.5, len(site))
    return _fires("static", _moved(random, place[site], 0.15), day, half == 1, power, site)


def _roofs(
    random: np.random.Generator, block: _Block, cells: npt.NDArray[np.bool_], calendar: list[date], n: int
) -> pd.DataFrame:
    """Return roofs and solar fields that glint around noon from April to September."""
    place = _on(random, block, cells, n)
    summer = np.array([4 <= day.month <= 9 for day in calendar])
    on = (random.random((n, len(calendar))) < random.uniform(0.03, 0.2, n)[:, None]) & summer
    site, day = np.nonzero(on)
    power = random.lognormal(np.log(1.5), 0.4, len(site))
    night = np.zeros(len(site), bool)
    return _fires("roof", _moved(random, place[site], 0.1), day, night, power, site + 100_000)


def _seen(random: np.random.Generator, fires: pd.DataFrame, start: int) -> pd.DataFrame:
    """Return what the satellites see of some fires: pixels of their own size around the place."""
    parts = []
    for sensor in _SENSORS:
        coarse = sensor.pixel_km >= 1.0
        chance = sensor.sees * np.minimum(1.0, fires["power"] / (8.0 if coarse else 1.0))
        seen = fires[random.random(len(fires)) < chance].reset_index(drop=True)
        n = len(seen)
        edge = random.random(n) ** 2
        scan = sensor.pixel_km * (1.0 + edge * (sensor.widest - 1.0))
        track = sensor.pixel_km * (1.0 + edge)
        lat = seen["lat"] + (random.random(n) - 0.5) * track / _KM
        across = (random.random(n) - 0.5) * scan / _KM
        solar = (sensor.hour + np.where(seen["night"], 12.0, 0.0)) % 24.0
        if sensor.name == "terra":  # in the evening and in the morning
            solar = np.where(seen["night"], 22.5, 10.5)
        lon = seen["lon"] + across / np.cos(np.radians(lat))
        utc = (solar - lon / 15.0) * 3600.0 + random.normal(0.0, 1200.0, n)
        doubt = random.random(n)
        low = ~seen["night"] & (doubt < np.where(seen["truth"] == "roof", 0.35, 0.08)) & ~coarse
        seen["satellite"] = sensor.name
        seen["acquired"] = start + seen["day"] * _DAY_S + np.rint(utc).astype(np.int64)
        seen["lon"], seen["lat"] = np.round(lon, 5), np.round(lat, 5)
        seen["scan_km"], seen["track_km"] = np.round(scan, 2), np.round(track, 2)
        seen["frp_mw"] = np.round(seen["power"] * random.lognormal(0.0, 0.2, n) * (1.5 if coarse else 1.0), 2)
        seen["confidence"] = np.where(low, 0, np.where(doubt > 0.95, 2, 1))
        parts.append(seen)
    return pd.concat(parts, ignore_index=True)


def _table(every: pd.DataFrame) -> pd.DataFrame:
    """Return pixels with their exact types, by time."""
    every["kind"] = "satellite"
    every["daynight"] = (~every["night"]).astype(np.int8)
    for name in ("t4_k", "t11_k"):
        every[name] = np.nan
    every["confidence_pct"], every["fire_type"], every["deadline"] = -1, -1, -1
    every["level"], every["saturated"], every["number"] = NRT, False, ""
    every["satellite"] = every["satellite"].astype("category")
    every["key"] = fire_keys(
        every["satellite"],
        every["acquired"].to_numpy(np.int64),
        every["lon"].to_numpy(np.float64),
        every["lat"].to_numpy(np.float64),
    )
    every = every.sort_values(["acquired", "key"], ignore_index=True)
    own = {"adcode": "category", "truth": "category", "site": "int64", "block": "int8"}
    return every.astype(FIRE_PIXELS.dtypes | own)[[*FIRE_PIXELS.names, *own]]
