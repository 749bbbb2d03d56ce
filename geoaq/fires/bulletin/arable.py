"""Arable land by county from a coarse map of land cover: a stand-in until an office gives its own areas.

A cell of 0.05° counts with what its commonest class holds under crops at least by its definition, as it
does for pixels (``layers/policy/fire_quality.toml [cropland.classes]``). This is no surveyed area of arable
land: paths, ditches and villages are in it, small fields elsewhere are not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

#: A cell is divided by so many points along either side among the counties.
POINTS = 5
# WGS 84
_A, _F = 6_378_137.0, 1 / 298.257223563
_E = np.sqrt(_F * (2 - _F))


def arable_by_county(
    classes: npt.NDArray[np.uint8],
    *,
    west: float,
    north: float,
    cell: float,
    weights: Mapping[int, float],
    locate: Callable[[Floats, Floats], npt.NDArray[np.int32]],
    counties: int,
) -> Floats:
    """Return hectares of cropland by position of the county; shape (counties,).

    Parameters
    ----------
    classes
        IGBP classes, shape (rows, columns), north up.
    west, north, cell
        Corner and width of the cells, degrees WGS 84.
    weights
        Share of a cell under crops by class (``fire_quality.toml [cropland.classes.igbp]``), else none.
    locate
        Gives the position of the county of each point, -1 outside.
    counties
        How many there are.
    """
    rows, columns = np.nonzero(np.isin(classes, list(weights)))
    weight = np.zeros(256)
    weight[list(weights)] = list(weights.values())
    part = weight[classes[rows, columns]] / POINTS
    step = (np.arange(POINTS) + 0.5) / POINTS
    sums = np.zeros(counties)
    for down in step:
        lat = north - (rows + down) * cell
        # The strip of a cell that its points on this parallel stand for.
        strip = _zone_m2(lat - cell / POINTS / 2, lat + cell / POINTS / 2) * cell / 10_000.0
        for along in step:
            place = locate(west + (columns + along) * cell, lat)
            inside = place >= 0
            sums += np.bincount(place[inside], (strip * part)[inside], counties)
    return sums


def _zone_m2(south: Floats, north: Floats) -> Floats:
    """Return the area between two parallels and one degree of longitude on WGS 84 (Snyder 1987, eq. 3-12)."""

    def q(lat: Floats) -> Floats:
        sine = np.sin(np.radians(lat))
        inner: Floats = sine / (1 - (_E * sine) ** 2) + np.arctanh(_E * sine) / _E
        return inner

    b = _A * (1 - _F)
    area: Floats = np.radians(1.0) * b * b / 2 * (q(north) - q(south))
    return area
