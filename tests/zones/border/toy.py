"""Four square provinces about one point, with a sea to the east: small enough to know every answer.

A | B          A 410000, B 320000 (coast at 121° E), C 340000, D 330000 (coast at 121° E)
--+--  sea     E 460000: an island 0.15° (14 km) off the coast of D
C | D   E
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import shapely
from pyproj import Geod

from geoaq.zones.border import Borders, BorderScreen, screen

GEOD = Geod(ellps="WGS84")
A, B, C, D, E = "410000", "320000", "340000", "330000", "460000"
WEST, MIDDLE, EAST = 117.0, 119.0, 121.0
SOUTH, CENTRE, NORTH = 30.0, 32.0, 34.0


def ring(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """Return a box with a corner every tenth of a degree, so that parallels hardly differ from geodesics."""
    return shapely.segmentize(shapely.box(west, south, east, north), 0.1)


def polygons(middle: float = MIDDLE) -> dict[str, shapely.Polygon]:
    return {
        A: ring(WEST, CENTRE, middle, NORTH),
        B: ring(middle, CENTRE, EAST, NORTH),
        C: ring(WEST, SOUTH, middle, CENTRE),
        D: ring(middle, SOUTH, EAST, CENTRE),
        E: ring(EAST + 0.15, SOUTH, EAST + 1.0, CENTRE - 1.0),
    }


def borders(areas: dict[str, shapely.Polygon] | None = None, source: str = "amap") -> Borders:
    areas = polygons() if areas is None else areas
    shapes = np.array(list(areas.values()), object)
    return Borders.from_polygons(
        shapes, list(areas), source=source, name=source, version="1", sha256="0" * 64
    )


def beside_middle(distance_km: float, lat: float = 33.0, **more: object) -> dict[str, object]:
    """Place a subject in A, so far west of the line with B (a meridian), by Geod.fwd."""
    lon, lat_there, _ = GEOD.fwd(MIDDLE, lat, 270.0, distance_km * 1000.0)
    return {"lon": lon, "lat": lat_there, "u_m": 10.0, "province_adcode": A, "alternatives": ""} | more


def judge(
    subjects: list[dict[str, object]],
    first: Borders | None = None,
    second: Borders | None = None,
    **more: object,
) -> BorderScreen:
    settled: dict[str, object] = {
        "strip_km": 20.0,
        "inclusive": True,
        "border_budget_m": 200.0,
        "reach_km": 50.0,
    }
    return screen(pd.DataFrame(subjects), first or borders(), second, **(settled | more))  # type: ignore[arg-type]


def outcome(subject: dict[str, object], *more: Borders, **settled: object) -> tuple[int, str]:
    row = judge([subject], *more, **settled).per_subject.iloc[0]
    return int(row["truth"]), str(row["reasons"])
