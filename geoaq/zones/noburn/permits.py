"""Permits for planned burning, matched to fires: place, time, weather. A permit allows nothing by itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from geoaq.findings import FALSE, TRUE, UNKNOWN, Tri, tri_and
from geoaq.zones.noburn.places import Fires, Floats, Places, locate
from geoaq.zones.noburn.times import BEIJING_S, span_truth


@dataclass(frozen=True)
class Permit:
    """Leave to burn at one place and time, as its issuer printed it.

    Parameters
    ----------
    id, version
        Its identity, and which of its versions this is.
    name, number, issuer, day
        What it is called, its number, who issued it and when (YYYY-MM-DD).
    begin, end
        Seconds since 1970 UTC, both included.
    shape
        Where: a polygon, WGS 84.
    wind_ms, aqi
        Upper limits of wind speed (m/s) and of the air quality index, both included; None: not limited.
    """

    id: str
    version: int
    name: str
    number: str
    issuer: str
    day: str
    begin: int
    end: int
    shape: shapely.Geometry
    wind_ms: float | None = None
    aqi: float | None = None

    @property
    def holds_from(self) -> int:
        """Return the moment from which on it may be held up: never before the day of its issue."""
        if not self.day:
            return self.begin
        return max(self.begin, int(np.datetime64(self.day, "s").astype(np.int64)) - BEIJING_S)


class Matched(NamedTuple):
    """Pairs of a fire and a permit that fits it or may; how place, time and weather fall, by fire."""

    fire: Places
    permit: Places
    place: Tri
    time: Tri
    weather: Tri


def match(
    fires: Fires, permits: Sequence[Permit], weather: Mapping[str, npt.ArrayLike] | None = None
) -> Matched:
    """Return which permits fit which fires, or may.

    Parameters
    ----------
    fires, permits
        The fires and the permits.
    weather
        ``wind_ms`` and ``aqi`` at each fire when it was first seen, NaN unknown, shape (n,); None: unknown.

    Returns
    -------
    Matched
        Only pairs of which neither place nor time nor weather speaks against the permit.
    """
    found = locate(fires, [permit.shape for permit in permits])
    time, sky = (np.full(len(found.fire), UNKNOWN, np.int8) for _ in range(2))
    for position, permit in enumerate(permits):
        rows = np.flatnonzero(found.outline == position)
        fire = found.fire[rows]
        time[rows] = span_truth(fires.first[fire], fires.last[fire], permit.holds_from, permit.end)
        sky[rows] = _weather(permit, fire, weather or {})
    kept = tri_and(found.truth, time, sky) != FALSE
    return Matched(found.fire[kept], found.outline[kept], found.truth[kept], time[kept], sky[kept])


def _weather(permit: Permit, fire: Places, weather: Mapping[str, npt.ArrayLike]) -> Tri:
    truth = np.full(len(fire), TRUE, np.int8)
    for name, limit in (("wind_ms", permit.wind_ms), ("aqi", permit.aqi)):
        if limit is None:
            continue
        values: Floats = np.full(len(fire), np.nan)
        if name in weather:
            values = np.asarray(weather[name], np.float64)[fire]
        kept = np.where(np.isnan(values), UNKNOWN, np.where(values <= limit, TRUE, FALSE)).astype(np.int8)
        truth = tri_and(truth, kept)
    return truth
