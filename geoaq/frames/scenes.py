"""What the detector takes of a scene, row by row, and the codes of its mask: shared by readers and detector.

A scene is a swath: rows along the track, columns along the scan, as the sensor saw it. Where a file was
resampled to a map before, `SceneRows` are rows of that map, and whoever reads it has to say so.
"""

from __future__ import annotations

from typing import NamedTuple, Protocol

import numpy as np
import numpy.typing as npt

Singles = npt.NDArray[np.float32]
Doubles = npt.NDArray[np.float64]
Marks = npt.NDArray[np.uint8]

# Codes of the mask, those of VNP14IMG (Schroeder and Giglio, VIIRS 375 m ATBD, 2016).
NOT_PROCESSED, BOW_TIE, GLINT, WATER, CLOUD, LAND, UNCLASSIFIED, LOW, NOMINAL, HIGH = range(10)
# Quality of one band of one pixel.
GOOD, SATURATED, BAD = range(3)
#: Satellite of a scene that was simulated: its fires are no detections, and stay out of the store.
SYNTHETIC = "synthetic"
# Whether a pixel was seen at all: seen, deleted on board where scans overlap, or without data.
SEEN, BOW_TIE_FILL, NO_DATA = range(3)
# Ground of a pixel by a mask of land and water.
ON_LAND, ON_WATER, GROUND_UNKNOWN = 0, 1, 255
# What a brightness temperature can be, K: cold noise over high cloud, and a little above the highest ceiling
# (band 21 of MODIS, 500 K). Numbers beyond stand for something else: fill that nobody declared, counts.
COLDEST_K, HOTTEST_K = 100.0, 550.0


class SceneRows(NamedTuple):
    """Some rows of a scene; every array has shape (rows, columns) and lies row after row in memory.

    Attributes
    ----------
    t4, t11
        Brightness temperature near 4 µm and near 11 µm, K; NaN where there is none.
    t12
        Brightness temperature near 12 µm, K; None for sensors without that band.
    red, nir, swir
        Reflectance at the top of the atmosphere, divided by the cosine of the sun's zenith angle, near 0.65,
        0.86 and 1.6 µm (VIIRS) or 2.1 µm (MODIS, AHI); NaN by night.
    sun_zenith
        Degrees.
    water
        ``ON_LAND``, ``ON_WATER`` or ``GROUND_UNKNOWN``.
    q4, q11
        ``GOOD``, ``SATURATED`` or ``BAD``.
    fill
        ``SEEN``, ``BOW_TIE_FILL`` or ``NO_DATA``.
    """

    t4: Singles
    t11: Singles
    t12: Singles | None
    red: Singles
    nir: Singles
    swir: Singles
    sun_zenith: Singles
    water: Marks
    q4: Marks
    q11: Marks
    fill: Marks


class ScenePlaces(NamedTuple):
    """Where the pixels of some rows lie and how they were seen; shape (rows, columns), NaN where unknown.

    Attributes
    ----------
    lon, lat
        Centre, degrees, WGS 84.
    view_zenith, view_azimuth, sun_azimuth
        Degrees; azimuths clockwise from north, pointing away from the pixel.
    """

    lon: Doubles
    lat: Doubles
    view_zenith: Singles
    view_azimuth: Singles
    sun_azimuth: Singles


class Scene(Protocol):
    """A scene that gives its rows piece by piece; pieces are asked for in order, most of them once.

    Arrays that were given must not change afterwards: the detector keeps some of them for a while.
    """

    @property
    def rows(self) -> int:
        """Number of rows."""

    @property
    def columns(self) -> int:
        """Number of columns."""

    @property
    def satellite(self) -> str:
        """One of `geoaq.frames.SATELLITES`, or the source's own name."""

    @property
    def swath(self) -> bool:
        """Whether rows are lines of the scan; False where the file was resampled to a map before."""

    @property
    def frp_band(self) -> bool:
        """Whether `moderate` gives a band."""

    def bands(self, start: int, stop: int) -> SceneRows:
        """Return what was seen in the rows from ``start`` until before ``stop``."""

    def places(self, start: int, stop: int) -> ScenePlaces:
        """Return where these rows lie and how they were seen."""

    def times(self, start: int, stop: int) -> Doubles:
        """Return when these rows were seen, seconds since 1970 UTC, shape (stop - start,)."""

    def moderate(self, start: int, stop: int) -> Singles | None:
        """Return the radiance near 4 µm of the coarse pixels that hold these rows, W m⁻² sr⁻¹ µm⁻¹.

        ``start`` is even, ``stop`` too unless the scene ends there. A coarse pixel is two by two: line
        ``start + 2i`` and sample ``2j`` lie in pixel ``[i, j]``. NaN where there is none.
        """
