"""A month's register of static sources for those who look it over: with places, plants, and detections."""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd

from geoaq.errors import NotFoundError
from geoaq.flows.fires.places import plain_counties
from geoaq.geodesy import nearest
from geoaq.io.built import load_plants, open_layers
from geoaq.store.fires.registers import Register
from geoaq.store.fires.rows import DAY_S
from geoaq.store.fires.store import FireStore
from geoaq.zones.admin import AdminIndex

#: Detections up to so far beyond the radius of a source are shown with it, metres.
AROUND_M = 500.0
# Fewer metres than in a degree of latitude anywhere: no search box is too small.
_DEGREE_M = 110_000.0
_SPAN_S = 31 * DAY_S
_PLACE = ("adcode", "county", "city", "province_adcode", "province")


class Hits(NamedTuple):
    """Detections at a source, the newest first; before which moment older ones are (None: there are none)."""

    rows: pd.DataFrame
    before: int | None


def newest_first(store: FireStore) -> list[Register]:
    """Return what is noted of every month's register, the newest first."""
    return sorted(store.registers().values(), key=lambda one: -one.as_of)


def placed_register(store: FireStore, register: Register, data: Path) -> pd.DataFrame:
    """Return a month's register with the county of each source and the nearest plant that is known.

    Parameters
    ----------
    store
        The open store.
    register
        The month, as `newest_first` tells it.
    data
        The folder of all state: where the built layers are.

    Returns
    -------
    pandas.DataFrame
        Columns of `geoaq.store.fires.registers.STATIC`, ``adcode county city province_adcode province``
        ('' outside), ``plant`` (name; '' where no plants are known), ``plant_m`` (metres to it, NaN),
        ``plant_exact`` (its position is exact), and ``decision``. A plant is context: the register is
        learned without it.

    Raises
    ------
    ConfigError
        ``layers_not_built``.
    """
    layers = data / "layers"
    frame = _placed(store, register.as_of, register.sha256, layers, open_layers(layers).key)
    decisions = store.static_decisions()
    return frame.assign(decision=[decisions.get(source, "open") for source in frame["source"]])


@lru_cache(maxsize=6)
def _placed(store: FireStore, as_of: int, _sha256: str, layers: Path, key: str) -> pd.DataFrame:
    frame = store.register_of(as_of)
    lon, lat = (frame[name].to_numpy(np.float64) for name in ("lon", "lat"))
    counties = _counties(layers, key)
    place = counties.locate(lon, lat)
    known = {name: counties.counties[name].astype(object).to_numpy()[place] for name in _PLACE}
    found = {name: np.where(place < 0, "", words) for name, words in known.items()}
    plants = load_plants(open_layers(layers).path)
    at, far = nearest(lon, lat, plants["lon"], plants["lat"])
    names = plants["name"].astype(object).to_numpy()
    exact = (plants["position_quality"] == "exact").to_numpy(bool)
    return frame.assign(
        **found,
        plant=np.where(at < 0, "", names[at]) if len(plants) else "",
        plant_m=far,
        plant_exact=exact[at] & (at >= 0) if len(plants) else False,
    )


@lru_cache(maxsize=1)
def _counties(layers: Path, _key: str) -> AdminIndex:
    return plain_counties(layers)


def source_of(store: FireStore, source: str, month: int | None = None) -> tuple[Register, int]:
    """Return the register that names a source: that of a month, else the newest; with the month's first day.

    Raises
    ------
    NotFoundError
        ``no_static_source``.
    """
    for register in newest_first(store):
        if month is not None and register.as_of != month:
            continue
        if (store.register_of(register.as_of)["source"] == source).any():
            return register, register.as_of
    raise NotFoundError("no_static_source")


def hits(store: FireStore, row: pd.Series[float], *, before: int | None = None, least: int = 20) -> Hits:
    """Return detections at a source up to its last, the newest first, month by month until there are enough.

    Parameters
    ----------
    row
        A row of a register.
    before
        Only those acquired before this moment (seconds since 1970 UTC); None: from the last one on.
    least
        How many are enough.

    Returns
    -------
    Hits
        Columns of `geoaq.frames.FIRE_PIXELS` and ``apart_m``: metres from the middle of the source.
    """
    first, end = int(row["first"]), int(row["last"]) + 1
    end = end if before is None else min(end, before)
    found: list[pd.DataFrame] = []
    count = 0
    while end > first and count < least:
        begin = max(first, end - _SPAN_S)
        part = _around(store, row, begin, end)
        found.append(part)
        count += len(part)
        end = begin
    rows = pd.concat(found, ignore_index=True) if found else _around(store, row, first, first)
    rows = rows.sort_values(["acquired", "satellite"], ascending=[False, True], ignore_index=True)
    return Hits(rows, end if end > first else None)


def _around(store: FireStore, row: pd.Series[float], begin: int, end: int) -> pd.DataFrame:
    lon, lat = float(row["lon"]), float(row["lat"])
    reach = float(row["radius_m"]) + AROUND_M
    high = reach / _DEGREE_M
    wide = high / np.cos(np.radians(lat))
    box = (lon - wide, lat - high, lon + wide, lat + high)
    seen = store.visible(begin, end, box=box, kinds=["satellite"])
    _, apart = nearest(seen["lon"], seen["lat"], [lon], [lat])
    near: pd.DataFrame = seen.assign(apart_m=apart)[apart <= reach]
    return near


def history(store: FireStore, source: str) -> Iterator[dict[str, object]]:
    """Yield what was decided about a source, the newest first: ``decision by remark at``."""
    reviews = store.static_reviews()
    own = reviews[reviews["source"] == source]
    for one in own.iloc[::-1].to_dict("records"):
        yield {str(name): value for name, value in one.items() if name != "source"}
