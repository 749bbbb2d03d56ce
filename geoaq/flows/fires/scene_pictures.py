"""The pictures of a scene: the mask in the swath, mask and 4 µm on the map, and a quick look."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np

from geoaq.catalog import Layer
from geoaq.fires.detection.gridding import (
    EMPTY,
    T4_FROM_K,
    T4_STEP_K,
    Extent,
    MapCanvas,
    row_blocks,
)
from geoaq.flows.fires.watching import WatchedScene
from geoaq.frames.scenes import BOW_TIE, CLOUD, HIGH, LOW, Doubles, Marks
from geoaq.io.indexed_png import indexed_png, palette_chunks
from geoaq.io.rasters import Grid
from geoaq.io.scene_rasters import Tie, write_scene_map, write_swath_mask

# Rows that are drawn at once, the longest side of the quick look, and ties along a side of the mask.
ROWS = 64
_QUICK_SIDE = 1600
_TIES = 21
# Shares of the pixels that are left at the dark and at the bright end of the greys, and the least range, K.
_DARK, _BRIGHT, _RANGE_K = 0.01, 0.995, 15.0


class Greys(NamedTuple):
    """The brightness temperatures, K, that are drawn black and white."""

    low: float
    high: float


class Codes(NamedTuple):
    """Colour and title of each code of the mask."""

    colours: Mapping[int, str]
    titles: Mapping[int, str]


def codes_of(layer: Layer, lang: str) -> Codes:
    """Return colours and titles of the mask's codes as its layer declares them."""
    lines = {int(str(line.when["class"])): line for line in layer.legend}
    return Codes(
        {code: line.style.fill for code, line in lines.items() if line.style.fill},
        {code: line.title.say(lang) for code, line in lines.items()},
    )


def greys_of(t4: Marks, mask: Marks) -> Greys:
    """Return the range of temperatures that tells most pixels of a scene apart, clouds left aside."""
    counts = np.zeros(256, np.int64)
    for start, stop, _, _ in row_blocks(len(t4), ROWS):
        codes = mask[start:stop]
        counts += np.bincount(t4[start:stop][(codes > BOW_TIE) & (codes != CLOUD)], minlength=256)
    counts = counts[:EMPTY]
    if not counts.any():
        return Greys(T4_FROM_K, T4_FROM_K + (EMPTY - 1) * T4_STEP_K)
    share = np.cumsum(counts) / counts.sum()
    low, high = (T4_FROM_K + T4_STEP_K * int(np.searchsorted(share, part)) for part in (_DARK, _BRIGHT))
    lack = max(_RANGE_K - (high - low), 0.0)
    return Greys(low - lack / 2, high + lack / 2)


def draw_swath(path: Path, scene: WatchedScene, mask: Marks, codes: Codes) -> None:
    """Write the mask as the sensor saw it, with ties for whoever wants to place it."""
    lines, samples = (np.unique(np.linspace(0, side - 1, _TIES).round().astype(int)) for side in mask.shape)
    ties = []
    for line in lines.tolist():
        lons, lats = scene.lon_lat(line, line + 1)
        for sample in samples.tolist():
            lon, lat = float(lons[0, sample]), float(lats[0, sample])
            if np.isfinite(lon) and np.isfinite(lat):
                ties.append(Tie(line + 0.5, sample + 0.5, lon, lat))
    write_swath_mask(path, mask, ties, colours=codes.colours, titles=codes.titles)


def draw_map(
    scene: WatchedScene, mask: Marks, extent: Extent, progress: Callable[[int, int], None]
) -> MapCanvas:
    """Return mask and 4 µm of a scene laid out in degrees, drawn block by block."""
    canvas = MapCanvas(extent.grid(), extent)
    fires: list[tuple[Doubles, Doubles, Marks, Marks]] = []
    for start, stop, low, high in row_blocks(scene.rows, ROWS):
        lon, lat = scene.lon_lat(low, high)
        codes, t4 = mask[low:high], scene.t4[low:high]
        inner = slice(start - low, stop - low)
        canvas.draw(lon, lat, codes, t4, inner)
        burning = (codes >= LOW) & (codes <= HIGH) & np.isfinite(lon) & np.isfinite(lat)
        burning[: inner.start] = burning[inner.stop :] = False
        fires.append((lon[burning], lat[burning], codes[burning], t4[burning]))
        progress(stop, scene.rows)
    for lon, lat, codes, t4 in fires:
        canvas.keep_fires(lon, lat, codes, t4)
    canvas.finish()
    return canvas


def write_maps(folder: Path, canvas: MapCanvas, codes: Codes) -> None:
    """Write both pictures of the map as GeoTIFF."""
    grid = Grid(canvas.grid.west, canvas.grid.north, canvas.grid.cell)
    write_scene_map(folder / "mask.tif", canvas.mask, grid, colours=codes.colours)
    write_scene_map(folder / "t4.tif", canvas.t4, grid, scale=(T4_STEP_K, T4_FROM_K))


def quick_look(canvas: MapCanvas, greys: Greys, codes: Codes) -> bytes:
    """Return a small picture as PNG: 4 µm in greys, fires in colour and larger than they are."""
    factor = -(-max(canvas.mask.shape) // _QUICK_SIDE)
    rows, columns = (-(-side // factor) for side in canvas.mask.shape)
    picture = np.full((rows, columns), EMPTY, np.uint8)
    fires = np.zeros((rows + 2, columns + 2), np.uint8)
    for row in range(rows):
        t4 = _cells(canvas.t4[row * factor : (row + 1) * factor], columns, factor)
        there = t4 != EMPTY
        seen = there.sum(axis=(0, 2))
        total = np.where(there, t4, 0).sum(axis=(0, 2), dtype=np.int64)
        kelvin = T4_FROM_K + T4_STEP_K * total / np.maximum(seen, 1)
        shade = np.clip((kelvin - greys.low) / (greys.high - greys.low), 0, 1) * _GREYS
        picture[row] = np.where(seen > 0, shade.round(), EMPTY)
        mask = _cells(canvas.mask[row * factor : (row + 1) * factor], columns, factor)
        fires[row + 1, 1:-1] = np.where((mask >= LOW) & (mask <= HIGH), mask, 0).max(axis=(0, 2))
    # Each fire with its eight neighbours, the surest on top.
    near = [fires[down : down + rows, right : right + columns] for down in range(3) for right in range(3)]
    surest = np.max(near, axis=0)
    picture = np.where(surest > 0, surest - LOW + _GREYS + 1, picture).astype(np.uint8)
    palette = {shade: f"#{round(255 * shade / _GREYS):02x}" + f"{round(255 * shade / _GREYS):02x}" * 2
               for shade in range(_GREYS + 1)}  # fmt: skip
    palette |= {_GREYS + 1 + code - LOW: codes.colours[code] for code in range(LOW, HIGH + 1)}
    return indexed_png(picture, palette_chunks(palette))


_GREYS = 250


def _cells(strip: Marks, columns: int, factor: int) -> Marks:
    """Return rows of cells as blocks: shape (rows, columns, factor), the last block filled up."""
    lack = columns * factor - strip.shape[1]
    return np.pad(strip, ((0, 0), (0, lack)), constant_values=EMPTY).reshape(len(strip), columns, factor)
