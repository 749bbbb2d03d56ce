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
from geoaq.zones.noburn.places import Fires, Floats, Grounds, Places, grounds_of
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
    grounds = grounds_of(fires)
    found = [_edges_within(grounds, shapes, float(limit.max(initial=0.0) + grounds.reach_m.max(initial=0.0)))]
    areas = np.flatnonzero(shapely.get_dimensions(shapes) == 2)
    if len(areas):
        points = shapely.points(grounds.lon, grounds.lat)
        area, ground = shapely.STRtree(points).query(shapes[areas], predicate="intersects")
        found.append((ground.astype(np.intp), areas[area], np.zeros(len(ground))))
    ground, thing, apart = (np.concatenate([one[at] for one in found]) for at in range(3))
    order = np.lexsort((apart, thing, ground))
    ground, thing, apart = ground[order], thing[order], apart[order]
    nearest = np.append(True, (np.diff(ground) != 0) | (np.diff(thing) != 0))[: len(ground)]
    ground, thing, apart = ground[nearest], thing[nearest], apart[nearest]
    bound, error = limit[thing], grounds.reach_m[ground]
    ends_in = np.asarray(inclusive, np.bool_)[thing]
    inside = np.where(ends_in, apart + error <= bound, apart + error < bound)
    kept = inside | (apart - error <= bound)
    truth = np.where(inside, TRUE, UNKNOWN).astype(np.int8)
    pair, fire = grounds.fires(ground[kept])
    return Measured(fire, thing[kept][pair], truth[kept][pair], apart[kept][pair])


def _edges_within(
    grounds: Grounds, shapes: npt.NDArray[np.object_], reach_m: float
) -> tuple[Places, Places, Floats]:
    """Return ground, thing and metres for every thing whose line or point comes within reach."""
    parts, of_part = shapely.get_parts(shapes, return_index=True)
    lines = np.where(shapely.get_dimensions(parts) == 2, shapely.boundary(parts), parts)
    lines, of_line = shapely.get_parts(lines, return_index=True)
    corners, line = shapely.get_coordinates(lines, return_index=True)
    same = line[1:] == line[:-1]
    owner = of_part[of_line[line]]
    single = np.bincount(line, minlength=len(lines))[line] == 1
    u, v = corners[single].T
    near = pairs_within(grounds.lon, grounds.lat, u, v, radius_m=reach_m)
    ground, thing, apart = near.subject.astype(np.intp), owner[single][near.anchor], near.distance_m
    if same.any():
        (west, south), (east, north) = corners[:-1][same].T, corners[1:][same].T
        index = build_lines(west, south, east, north, owner[1:][same], n_groups=len(shapes))
        hits = lines_within(index, grounds.lon, grounds.lat, reach_m=reach_m)
        ground = np.concatenate([ground, hits.subject.astype(np.intp)])
        thing = np.concatenate([thing, hits.group.astype(np.intp)])
        apart = np.concatenate([apart, hits.distance_m])
    return ground, thing.astype(np.intp), apart


def limit_km(thing: Zone, rule: DistanceRule) -> float:
    """Return the distance that is kept from a thing: what its text states, else the policy's."""
    return float(Decimal(rule.km)) if thing.radius_km is None else thing.radius_km
