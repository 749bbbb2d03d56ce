"""Tiny scenes as an office's receiving station could write them: stacks of a swath, with fires put in."""

from __future__ import annotations

import warnings
from pathlib import Path

import numpy as np

ROWS, COLUMNS = 96, 128
#: Line and sample of the fires: one not saturated, one at the ceiling, two side by side.
FIRES = {(20, 30): 345.0, (50, 100): 367.0, (70, 64): 352.0, (70, 65): 349.0}
START, END = "2025-04-07T05:30:00Z", "2025-04-07T05:30:17Z"


def places(lon0: float = 116.9, lat0: float = 33.6) -> tuple[np.ndarray, np.ndarray]:
    """Return longitudes and latitudes of a swath that is turned by 12°."""
    line, sample = np.mgrid[0:ROWS, 0:COLUMNS]
    east, north = (sample - COLUMNS / 2) * 0.38, (ROWS / 2 - line) * 0.38
    angle = np.radians(12.0)
    x, y = east * np.cos(angle) - north * np.sin(angle), east * np.sin(angle) + north * np.cos(angle)
    return lon0 + x / (111.195 * np.cos(np.radians(lat0))), lat0 + y / 111.195


def bands(fires: dict[tuple[int, int], float] = FIRES) -> dict[str, np.ndarray]:
    """Return the bands of a clear day over fields, with a strip of cloud."""
    rng = np.random.default_rng(5)
    shape = (ROWS, COLUMNS)
    found = {
        "t4": 303.0 + rng.normal(0, 0.6, shape),
        "t11": 298.0 + rng.normal(0, 0.4, shape),
        "red": 0.11 + rng.normal(0, 0.005, shape),
        "nir": 0.24 + rng.normal(0, 0.005, shape),
        "swir": 0.22 + rng.normal(0, 0.005, shape),
        "sun_zenith": np.full(shape, 32.0),
        "sun_azimuth": np.full(shape, 190.0),
        "view_zenith": np.full(shape, 25.0),
        "view_azimuth": np.full(shape, 80.0),
        "water": np.zeros(shape),
    }
    found["t11"][:6], found["t4"][:6], found["red"][:6], found["nir"][:6] = 250.0, 262.0, 0.6, 0.62
    for (line, sample), t4 in fires.items():
        found["t4"][line, sample], found["t11"][line, sample] = t4, 301.0
    found["q4"] = np.where(found["t4"] >= 367.0, 1.0, 0.0)
    found["lon"], found["lat"] = places()
    return found


def write_stack(
    path: Path, layers: dict[str, np.ndarray] | None = None, *, satellite: str = "noaa21", **tags: str
) -> Path:
    """Write a stack of a swath as `docs/reference/scene-files.md` describes it."""
    import rasterio
    from rasterio.errors import NotGeoreferencedWarning

    layers = bands() if layers is None else layers
    rows, columns = next(iter(layers.values())).shape
    form = {"driver": "GTiff", "height": rows, "width": columns, "count": len(layers), "dtype": "float64"}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", NotGeoreferencedWarning)
        with rasterio.open(path, "w", **form) as stack:
            for number, (name, values) in enumerate(layers.items(), start=1):
                stack.write(values.astype("float64"), number)
                stack.set_band_description(number, name)
            stack.update_tags(**({"SATELLITE": satellite, "START_UTC": START, "END_UTC": END} | tags))
    return path
