"""Writes a scene as a GeoTIFF in the sensor's own rows and columns, one band a quantity, named so.

So a scene from a station's own decoder, or a simulated one, becomes a file that the detector reads again.
"""

from __future__ import annotations

import warnings
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from geoaq.frames.scenes import Scene, ScenePlaces, SceneRows

_BLOCK_ROWS = 128
_STRIP_ROWS = 16


def write_stack(path: Path, scene: Scene, *, detector: str) -> int:
    """Write a scene of a swath as a stack and return the file's size in bytes; always the same bytes.

    Parameters
    ----------
    path
        The GeoTIFF to write; its folder exists.
    scene
        The scene; coarse pixels are two by two.
    detector
        Identity of the table of thresholds that takes it.

    Notes
    -----
    Numbers are single precision: longitudes keep about a metre. Times are kept as start and end, rows evenly
    between. Rows are written in blocks, so that memory does not grow with the scene.
    """
    import rasterio

    first = scene.bands(0, min(1, scene.rows))
    names = [name for name in SceneRows._fields if getattr(first, name) is not None]
    names += ScenePlaces._fields
    names += ["moderate"] if scene.frp_band else []
    form = {
        "driver": "GTiff", "height": scene.rows, "width": scene.columns, "count": len(names),
        "dtype": "float32", "nodata": np.nan, "interleave": "band", "blockysize": _STRIP_ROWS,
        "compress": "deflate", "predictor": 3, "zlevel": 1, "bigtiff": "if_safer",
    }  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", rasterio.errors.NotGeoreferencedWarning)
        with rasterio.open(path, "w", **form) as raster:
            raster.descriptions = names
            raster.update_tags(SATELLITE=scene.satellite, DETECTOR=detector, **_span(scene))
            for start in range(0, scene.rows, _BLOCK_ROWS):
                stop = min(scene.rows, start + _BLOCK_ROWS)
                arrays = _arrays(scene, start, stop)
                for number, name in enumerate(names, 1):
                    block = arrays[name].astype(np.float32, copy=False)
                    raster.write(block, number, window=((start, stop), (0, scene.columns)))
    return path.stat().st_size


def _arrays(scene: Scene, start: int, stop: int) -> dict[str, np.ndarray]:
    arrays = {**scene.bands(start, stop)._asdict(), **scene.places(start, stop)._asdict()}
    coarse = scene.moderate(start, stop)
    if coarse is not None:
        fine = np.repeat(np.repeat(coarse, 2, axis=0), 2, axis=1)
        arrays["moderate"] = fine[: stop - start, : scene.columns]
    return arrays


def _span(scene: Scene) -> dict[str, str]:
    times = scene.times(0, scene.rows)
    half = (times[-1] - times[0]) / max(1, 2 * (scene.rows - 1))
    moments = {"START_UTC": times[0] - half, "END_UTC": times[-1] + half}
    return {tag: datetime.fromtimestamp(float(one), UTC).isoformat() for tag, one in moments.items()}
