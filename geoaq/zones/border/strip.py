"""The picture: on each side of each line between two provinces, what lies within the strip."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import NamedTuple

import shapely

from geoaq.geodesy import line_buffer
from geoaq.zones.border.derive import Pair
from geoaq.zones.border.lines import Borders


class Strip(NamedTuple):
    """One side of one strip.

    ``pair`` are the two codes, ascending; ``side`` is the one of the province that the polygon (WGS 84) lies
    in.
    """

    pair: Pair
    side: str
    polygon: shapely.Polygon | shapely.MultiPolygon


def strips(
    borders: Borders,
    polygons: Mapping[str, shapely.Geometry],
    *,
    strip_km: float,
    pairs: Collection[Pair] | None = None,
) -> list[Strip]:
    """Draw the strips on both sides of province lines.

    Parameters
    ----------
    borders
        The lines.
    polygons
        The area of each province by its code, of the same source (WGS 84): it cuts the strip into its sides.
    strip_km
        Width on either side, km.
    pairs
        Which pairs; by default all.

    Returns
    -------
    list of Strip
        By pair, then by side; a side without a polygon is left out. Corners of the outer edge lie within 0.2
        m of the width at 20 km. A picture: verdicts come from `screen`.
    """
    drawn = []
    for group, pair in enumerate(borders.pairs):
        if pairs is not None and pair not in pairs:
            continue
        area = line_buffer(borders.index, group, radius_m=strip_km * 1000.0)
        for side in pair:
            if side in polygons:
                # The line itself belongs to both sides: only what has an area is a side.
                parts = shapely.get_parts(shapely.intersection(area, polygons[side]))
                flat = parts[shapely.get_dimensions(parts) == 2]
                whole = flat[0] if len(flat) == 1 else shapely.MultiPolygon(list(flat))
                drawn.append(Strip(pair, side, whole))
    return drawn
