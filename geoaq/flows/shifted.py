"""Whether shapes were drawn on a shifted map: only unshifted do their corners lie on county lines.

GCJ-02 moves everything by some hundred metres, and a shape alone does not show it. But layers of offices
often follow the lines of counties, and those are known: where many corners lie on such a line after GCJ-02 is
undone and hardly any before, the file is on GCJ-02 without saying so. One that follows no county line cannot
tell.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from geoaq.crs import gcj02_to_wgs84
from geoaq.zones.admin import AdminIndex

Floats = npt.NDArray[np.float64]
# So many corners are looked at, along so many counties at most.
MOST_CORNERS, MOST_COUNTIES = 4000, 60
# A corner lies on a line within this many metres, a fifteenth of the usual shift.
ON_LINE_M = 30.0
# Fewer corners on a line say nothing, nor does a lower share, nor less than so many times the other count.
FEWEST, LEAST_SHARE, TIMES = 20, 0.1, 3
_METRES_A_DEGREE = 111_320.0


def coinciding(lon: Floats, lat: Floats, admin: AdminIndex) -> dict[str, int]:
    """Count the corners that lie on a county line as they are, and after GCJ-02 is undone.

    Parameters
    ----------
    lon, lat
        Corners of shapes, degrees as stated, shape (n,).
    admin
        The boundaries that decide.

    Returns
    -------
    dict
        ``corners`` looked at, ``as_is`` and ``unshifted``.
    """
    step = max(1, len(lon) // MOST_CORNERS)
    lon, lat = lon[::step][:MOST_CORNERS], lat[::step][:MOST_CORNERS]
    undone = gcj02_to_wgs84(lon, lat)
    found = np.concatenate([admin.locate(lon, lat), admin.locate(*undone)])
    counties = np.unique(found[found >= 0])[:MOST_COUNTIES].astype(np.int32)
    if not len(counties):
        return {"corners": len(lon), "as_is": 0, "unshifted": 0}
    middle = float(lat.mean())
    counted = [_on_lines(x, y, admin, counties, middle) for x, y in ((lon, lat), undone)]
    return {"corners": len(lon), "as_is": counted[0], "unshifted": counted[1]}


def looks_shifted(counted: dict[str, int]) -> bool:
    """Say whether what `coinciding` counted shows GCJ-02.

    Examples
    --------
    >>> looks_shifted({"corners": 400, "as_is": 9, "unshifted": 260})
    True
    >>> looks_shifted({"corners": 400, "as_is": 250, "unshifted": 12})
    False
    """
    unshifted = counted["unshifted"]
    enough = unshifted >= max(FEWEST, LEAST_SHARE * counted["corners"])
    return enough and unshifted >= TIMES * counted["as_is"]


def _on_lines(
    lon: Floats, lat: Floats, admin: AdminIndex, counties: npt.NDArray[np.int32], middle: float
) -> int:
    """Count the points that lie on a line of the counties; on a plane that is true near ``middle``."""
    import shapely

    shrink = np.array([np.cos(np.radians(middle)), 1.0])
    rings = shapely.get_rings(shapely.get_parts(admin.polygons(counties)))
    lines = shapely.transform(rings, lambda places: places * shrink)
    near = shapely.STRtree(lines).query(
        shapely.points(np.stack([lon, lat], axis=1) * shrink),
        predicate="dwithin",
        distance=ON_LINE_M / _METRES_A_DEGREE,
    )
    return len(np.unique(near[0]))
