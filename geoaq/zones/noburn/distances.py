"""How far a fire is from airports, motorways, railways and roads, exactly; whether that is near is policy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import shapely

from geoaq.findings import TRUE, UNKNOWN, Tri
from geoaq.geodesy import build_lines, lines_within, pairs_within
from geoaq.zones.noburn.places import Fires, Floats, Places
from geoaq.zones.noburn.zone import Zone


@dataclass(frozen=True)
class DistanceRule:
    """A distance that is kept from things of one kind (``layers/policy/noburn.toml [[distance]]``).

    Parameters
    ----------
    kind
        One of `geoaq.zones.noburn.FEATURES`.
    km
        Kilometres, as a decimal text.
    inclusive
        Whether a fire at exactly this distance is within it.
    """

    kind: str
    km: str
    inclusive: bool


class Measured(NamedTuple):
    """Fires that are (TRUE) or may be (UNKNOWN) within the distance of a thing, with metres to it."""

    fire: Places
    thing: Places
    truth: Tri
    distance_m: Floats


def measure(
    fires: Fires, things: Sequence[Zone], limits_km: Sequence[float], inclusive: Sequence[bool]
) -> Measured:
    """Return which fires lie within the distances of things.

    Parameters
    ----------
    fires
        The fires; their ``reach_m`` is the error of their position.
    things
        Points, lines or polygons (WGS 84); of a polygon the area counts, inside it the distance is 0.
    limits_km, inclusive
        The distance of each thing, and whether its end is in it.
    """
    shapes = np.array([thing.shape for thing in things], object)
    limit = np.asarray(limits_km, np.float64) * 1000.0
    found = [_edges_within(fires, shapes, float(limit.max(initial=0.0) + fires.reach_m.max(initial=0.0)))]
    areas = np.flatnonzero(shapely.get_dimensions(shapes) == 2)
    if len(areas):
        points = shapely.points(fires.lon, fires.lat)
        area, fire = shapely.STRtree(points).query(shapes[areas], predicate="intersects")
        found.append((fire.astype(np.intp), areas[area], np.zeros(len(fire))))
    fire, thing, apart = (np.concatenate([one[at] for one in found]) for at in range(3))
    order = np.lexsort((apart, thing, fire))
    fire, thing, apart = fire[order], thing[order], apart[order]
    nearest = np.append(True, (np.diff(fire) != 0) | (np.diff(thing) != 0))[: len(fire)]
    fire, thing, apart = fire[nearest], thing[nearest], apart[nearest]
    bound, error = limit[thing], fires.reach_m[fire]
    ends_in = np.asarray(inclusive, np.bool_)[thing]
    inside = np.where(ends_in, apart + error <= bound, apart + error < bound)
    kept = inside | (apart - error <= bound)
    truth = np.where(inside, TRUE, UNKNOWN).astype(np.int8)
    return Measured(fire[kept], thing[kept], truth[kept], apart[kept])


def _edges_within(
    fires: Fires, shapes: npt.NDArray[np.object_], reach_m: float
) -> tuple[Places, Places, Floats]:
    """Return fire, thing and metres for every thing whose line or point comes within reach."""
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    lines = np.where(shapely.get_dimensions(parts) == 2, shapely.boundary(parts), parts)
    lines, of_line = shapely.get_parts(lines, return_index=True)
    corners, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    owner = of_part[of_line[line]]
    single = np.bincount(line, minlength=len(lines))[line] == 1
    u, v = corners[single].T
    near = pairs_within(fires.lon, fires.lat, u, v, radius_m=reach_m)
    fire, thing, apart = near.subject.astype(np.intp), owner[single][near.anchor], near.distance_m
    if same.any():
        (west, south), (east, north) = corners[:-1][same].T, corners[1:][same].T
        index = build_lines(west, south, east, north, owner[1:][same], n_groups=len(shapes))
        hits = lines_within(index, fires.lon, fires.lat, reach_m=reach_m)
        fire = np.concatenate([fire, hits.subject.astype(np.intp)])
        thing = np.concatenate([thing, hits.group.astype(np.intp)])
        apart = np.concatenate([apart, hits.distance_m])
    return fire, thing.astype(np.intp), apart


def limit_km(thing: Zone, rule: DistanceRule) -> float:
    """Return the distance that is kept from a thing: what its text states, else the policy's."""
    return float(Decimal(rule.km)) if thing.radius_km is None else thing.radius_km
