"""A small plane for a drawing: kilometres east and north of a centre, and what of it is in the frame.

Good for a picture of at most a few hundred kilometres; nothing is measured on it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import cos, radians

KM_PER_DEGREE = 111.195


@dataclass(frozen=True)
class Frame:
    """A picture of ``width`` by ``height`` units that shows ``km`` from its centre to the nearer edges.

    Attributes
    ----------
    lon, lat
        The centre, degrees WGS 84.
    km
        Half of the shorter side.
    """

    lon: float
    lat: float
    km: float
    width: float
    height: float

    @property
    def units_per_km(self) -> float:
        """Return how long a kilometre is drawn."""
        return min(self.width, self.height) / 2 / self.km

    def xy(self, lon: float, lat: float) -> tuple[float, float]:
        """Return the place of a point in the picture, y downwards."""
        scale = self.units_per_km * KM_PER_DEGREE
        east = (lon - self.lon) * cos(radians(self.lat)) * scale
        return self.width / 2 + east, self.height / 2 - (lat - self.lat) * scale

    def holds(self, x: float, y: float, margin: float = 0.0) -> bool:
        """Return whether a place of the picture is inside it, ``margin`` units from the edge."""
        return margin <= x <= self.width - margin and margin <= y <= self.height - margin


def around(points: Sequence[tuple[float, float]], *, least_km: float, room: float, width: float,
           height: float) -> Frame:  # fmt: skip
    """Return the frame around points, at least ``least_km`` to each side, ``room`` times what they need."""
    lons, lats = [lon for lon, _ in points], [lat for _, lat in points]
    lon, lat = (min(lons) + max(lons)) / 2, (min(lats) + max(lats)) / 2
    shorter = min(width, height)
    across = (max(lons) - min(lons)) / 2 * KM_PER_DEGREE * cos(radians(lat)) * shorter / width
    up = (max(lats) - min(lats)) / 2 * KM_PER_DEGREE * shorter / height
    return Frame(lon, lat, max(least_km, room * across, room * up), width, height)


def path(frame: Frame, lines: Iterable[Sequence[tuple[float, float]]], *, closed: bool) -> str:
    """Return the path of lines or rings as far as the frame shows them.

    Vertices nearer than a third of a unit to the one before are left out.
    """
    parts = []
    for line in lines:
        places = [frame.xy(lon, lat) for lon, lat in line]
        for piece in [_ring_inside(frame, places)] if closed else _pieces_inside(frame, places):
            drawn: list[tuple[float, float]] = []
            for x, y in piece:
                if not drawn or abs(x - drawn[-1][0]) + abs(y - drawn[-1][1]) > 0.33:
                    drawn.append((x, y))
            if len(drawn) > 1:
                parts.append("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in drawn) + ("Z" if closed else ""))
    return "".join(parts)


_EDGE = 10.0  # so far beyond the frame a drawing is cut, out of sight


def _ring_inside(frame: Frame, ring: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Return a ring cut at the four sides of the frame (Sutherland and Hodgman 1974)."""
    for axis, bound, sign in (
        (0, -_EDGE, 1.0),
        (0, frame.width + _EDGE, -1.0),
        (1, -_EDGE, 1.0),
        (1, frame.height + _EDGE, -1.0),
    ):
        kept: list[tuple[float, float]] = []
        for start, end in zip(ring[-1:] + ring[:-1], ring, strict=True):
            before, after = sign * (start[axis] - bound), sign * (end[axis] - bound)
            if (before < 0) != (after < 0):
                part = before / (before - after)
                kept.append((start[0] + part * (end[0] - start[0]), start[1] + part * (end[1] - start[1])))
            if after >= 0:
                kept.append(end)
        ring = kept
    return ring


def _pieces_inside(frame: Frame, line: list[tuple[float, float]]) -> list[list[tuple[float, float]]]:
    """Return the runs of a line whose edges may be seen."""
    pieces: list[list[tuple[float, float]]] = []
    run: list[tuple[float, float]] = []
    for (ax, ay), (bx, by) in pairwise(line):
        across = max(ax, bx) >= -_EDGE and min(ax, bx) <= frame.width + _EDGE
        if across and max(ay, by) >= -_EDGE and min(ay, by) <= frame.height + _EDGE:
            run = run or [(ax, ay)]
            run.append((bx, by))
        elif run:
            pieces.append(run)
            run = []
    return [*pieces, run] if run else pieces


def round_length(km: float) -> float:
    """Return the largest of 1, 2, 5 times a power of ten that is at most ``km``.

    Examples
    --------
    >>> round_length(37.0), round_length(0.9), round_length(5.0)
    (20.0, 0.5, 5.0)
    """
    power = 1.0
    while power * 10 <= km:
        power *= 10
    while power > km:
        power /= 10
    return max(step * power for step in (1.0, 2.0, 5.0) if step * power <= km)


def label_place(
    frame: Frame,
    rings: Iterable[Sequence[tuple[float, float]]],
    taken: Sequence[tuple[float, float, float, float]] = (),
) -> tuple[float, float] | None:
    """Return a place for an area's name well inside the part of it that the frame shows, or None.

    Parameters
    ----------
    taken
        Lines of the picture (x, y, x, y) that the name is to keep away from.
    """
    import shapely

    window = shapely.box(14, 14, frame.width - 14, frame.height - 14)
    lines = [shapely.LineString([one[:2], one[2:]]) for one in taken]
    window = window.difference(shapely.union_all(shapely.buffer(lines, 22)))
    parts = []
    for ring in rings:
        corners = [frame.xy(lon, lat) for lon, lat in ring]
        if len(corners) >= 4:
            parts.append(shapely.make_valid(shapely.Polygon(corners)).intersection(window))
    widest = max(parts, key=lambda part: part.area, default=None)
    if widest is None or widest.area < 600:
        return None
    inner = shapely.maximum_inscribed_circle(widest, tolerance=2.0)
    return float(inner.coords[0][0]), float(inner.coords[0][1])
