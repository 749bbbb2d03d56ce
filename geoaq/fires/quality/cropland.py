"""The share of a pixel's footprint that is under crops, by a raster of land cover."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.fires.footprints import with_sizes
from geoaq.fires.quality.rule import QualityRule
from geoaq.geodesy.ellipsoid import SEMI_MAJOR_M, SEMI_MINOR_M, Floats

Shares = npt.NDArray[np.float32]
_E2 = 1.0 - (SEMI_MINOR_M / SEMI_MAJOR_M) ** 2


class Cover(NamedTuple):
    """A window of a raster of classes: its north-west corner and the width of a cell, degrees WGS 84.

    ``weights`` is the share of a cell under crops by class; a class without one has none under crops, and
    ``empty`` are codes that mean no class at all.
    """

    codes: npt.NDArray[np.uint8]
    west: float
    north: float
    cell: float
    weights: Mapping[int, float]
    empty: frozenset[int]

    @property
    def cell_m(self) -> float:
        """Return the height of a cell, metres."""
        return self.cell * 111_195.0


def metres_per_degree(lat: Floats) -> Floats:
    """Return metres in a degree of latitude and of longitude on WGS 84, shape (n, 2)."""
    sine, cosine = np.sin(np.radians(lat)), np.cos(np.radians(lat))
    normal = SEMI_MAJOR_M / np.sqrt(1.0 - _E2 * sine**2)
    meridian = normal * (1.0 - _E2) / (1.0 - _E2 * sine**2)
    metres: Floats = np.radians(np.column_stack([meridian, np.maximum(normal * cosine, 1.0)]))
    return metres


def crop_shares(pixels: pd.DataFrame, bearing_deg: Floats, cover: Cover, *, rule: QualityRule) -> Shares:
    """Return the share of each footprint (ellipse of scan by track) under crops, 0 to 1; NaN unknown.

    Parameters
    ----------
    pixels
        ``lon lat scan_km track_km kind`` of `geoaq.frames.FIRE_PIXELS`. A size that is not known is the
        circle of the rule's ``unknown_radius_m``.
    bearing_deg
        As `geoaq.fires.footprints.track_bearing` returns it; NaN makes a circle of the same area.
    cover
        Classes around the pixels. A footprint less than ``least_known`` of which has a class is unknown.
    rule
        For ``unknown_radius_m`` and ``least_known``.
    """
    if not len(pixels):
        return np.empty(0, np.float32)
    from geoaq.fires.quality import loops

    sized = with_sizes(pixels, rule.unknown_radius_m)
    scan, track = (sized[name].to_numpy(np.float32) for name in ("scan_km", "track_km"))
    round_ = ~np.isfinite(bearing_deg)
    even = np.sqrt(scan * track)
    weights = np.zeros(256)
    weights[list(cover.weights)] = list(cover.weights.values())
    weights[sorted(cover.empty)] = np.nan
    found: Shares = loops.shares_of(
        np.ascontiguousarray(pixels["lon"], np.float64),
        np.ascontiguousarray(pixels["lat"], np.float64),
        np.where(round_, even, scan) * np.float32(500.0),
        np.where(round_, even, track) * np.float32(500.0),
        np.radians(np.where(round_, 0.0, bearing_deg)).astype(np.float32),
        metres_per_degree(np.arange(-90.0, 90.0, 0.25) + 0.125),
        np.ascontiguousarray(cover.codes),
        weights,
        cover.west,
        cover.north,
        cover.cell,
        cover.cell_m,
        rule.least_known,
    )
    return found
