"""The land cover that footprints are put to: the built layer, or a finer raster of the office's own."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.errors import ConfigError
from geoaq.fires.quality import Cover, QualityRule, crop_shares
from geoaq.io.land_cover import ClassWindows
from geoaq.io.rasters import NO_CLASS
from geoaq.settings import land_cover

# Cells along a side that are in memory at once, and how far a footprint may reach beyond its square, degrees.
_MOST_CELLS = 4000
_BEYOND_DEG = 0.06


@dataclass(frozen=True)
class LandCover:
    """A raster of land cover and how its classes are read.

    Parameters
    ----------
    raster
        Its windows.
    legend
        A key of ``[cropland.classes]`` in ``fire_quality.toml``.
    key
        Of its content and legend.
    """

    raster: ClassWindows
    legend: str
    key: str

    def coarse(self, rule: QualityRule) -> bool:
        """Say whether its cells are wider than the rule takes for fine."""
        return self.raster.grid.cell * 111_195.0 > rule.coarse_cell_m

    def shares(
        self, pixels: pd.DataFrame, bearing_deg: npt.NDArray[np.float64], rule: QualityRule
    ) -> npt.NDArray[np.float32]:
        """Return the share of each footprint under crops, as `geoaq.fires.quality.crop_shares` does.

        The raster is read square by square, each once, so that a fine one of a whole country fits.
        """
        found = np.full(len(pixels), np.nan, np.float32)
        for rows, box in self._squares(pixels):
            window = self.raster.window(box)
            if window is None:
                continue
            codes, grid = window
            cover = Cover(codes, *grid, rule.crop_classes[self.legend], frozenset({NO_CLASS}))
            found[rows] = crop_shares(pixels.iloc[rows], bearing_deg[rows], cover, rule=rule)
        return found

    def _squares(
        self, pixels: pd.DataFrame
    ) -> Iterator[tuple[npt.NDArray[np.intp], tuple[float, float, float, float]]]:
        """Yield pixels by squares of the raster, and what of it their footprints can touch."""
        if not len(pixels):
            return
        side = _MOST_CELLS * self.raster.grid.cell
        lon, lat = (pixels[name].to_numpy(np.float64) for name in ("lon", "lat"))
        column, row = (np.floor((x + 180.0) / side).astype(np.int64) for x in (lon, lat))
        square = row * 1_000_000 + column
        order = np.argsort(square, kind="stable")
        edges = np.flatnonzero(np.diff(square[order])) + 1
        for rows in np.split(order, edges):
            beyond = _BEYOND_DEG / max(0.01, float(np.cos(np.radians(np.abs(lat[rows]).max()))))
            yield (
                rows,
                (
                    float(lon[rows].min()) - beyond,
                    float(lat[rows].min()) - _BEYOND_DEG,
                    float(lon[rows].max()) + beyond,
                    float(lat[rows].max()) + _BEYOND_DEG,
                ),
            )


def open_land_cover(path: Path, legend: str, rule: QualityRule) -> LandCover:
    """Open a raster of land cover.

    Parameters
    ----------
    path
        The built layer's ``rasters/land_cover.tif``, or a user's GeoTIFF or Erdas raster.
    legend
        How its classes are read: ``igbp``, ``binary`` (1 is crops), or another key of ``[cropland.classes]``.
    rule
        For the legends known.

    Raises
    ------
    ConfigError
        ``land_cover_legend``: no such legend.
    InputError
        ``raster_unreadable``, ``raster_unplaced``, ``raster_no_classes``.
    """
    if legend not in rule.crop_classes:
        raise ConfigError("land_cover_legend", legend=legend, known=", ".join(sorted(rule.crop_classes)))
    raster = ClassWindows(path)
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    return LandCover(raster, legend, f"{content}.{legend}")


def chosen_land_cover(built: Path, rule: QualityRule) -> LandCover | None:
    """Open the land cover of this installation: ``GEOAQ_LAND_COVER``, else the built layer, else None.

    Parameters
    ----------
    built
        ``rasters/land_cover.tif`` of the built set.
    rule
        For the legends known.

    Raises
    ------
    ConfigError, InputError
        As `open_land_cover`.
    """
    own = land_cover()
    if own is not None:
        return open_land_cover(*own, rule)
    return open_land_cover(built, "igbp", rule) if built.exists() else None
