"""The index of counties that fire pixels are put to, its edges by cell made once for a set."""

from __future__ import annotations

import hashlib
import inspect
from pathlib import Path

import numpy as np

from geoaq.errors import ConfigError
from geoaq.io.built import LayerSet, load_admin, open_layers
from geoaq.io.county_edges import load_edges, save_edges
from geoaq.zones.admin import AdminIndex, CellEdges, edges, make_edges

# What the edges follow from, in the folder of a source.
_PARTS = ("codes.npy", "counties.arrow", "set_member.npy", "set_start.npy")


def county_index(layers_dir: Path, cache_dir: Path, source: str = "amap") -> AdminIndex:
    """Return the counties of a source, quick for millions of points.

    Parameters
    ----------
    layers_dir
        Where the built sets are (``GEOAQ_DATA/layers``).
    cache_dir
        Where the edges are kept (``GEOAQ_DATA/cache/counties``): by the hash of boundaries and of the code
        that makes edges, so that neither other boundaries nor another program meet them.
    source
        ``amap`` decides, ``tianditu`` is the second opinion.

    Raises
    ------
    ConfigError
        ``layers_not_built``: there is no built set.
    """
    built = open_layers(layers_dir)
    parts = load_admin(built.path, source)
    folder = cache_dir / f"{_edges_key(built, source)}.{source}"
    kept = load_edges(folder, CellEdges._fields)
    if kept is None:
        polygons = parts.polygons(np.arange(len(parts.counties), dtype=np.int32))
        made = make_edges(polygons, parts.codes, parts.set_start, parts.set_member)
        save_edges(folder, made._asdict())
        kept = made
    return AdminIndex(*parts, CellEdges(*kept))


def _edges_key(built: LayerSet, source: str) -> str:
    files = built.report["files"]
    told = [str(files[f"{source}/{part}"]) for part in _PARTS] + [inspect.getsource(edges)]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def boundaries_key(layers_dir: Path) -> bytes:
    """Return what changes with the boundaries that decide or the second opinion, and with no other layer.

    ``b""`` where nothing is built yet: then nothing can be judged either.
    """
    built, found = _built(layers_dir), b""
    if built is None:
        return found
    for source in ("amap", "tianditu"):
        with (built.path / source / "counties.arrow").open("rb") as file:
            found += hashlib.file_digest(file, "sha256").digest()
    return found


def county_codes(layers_dir: Path) -> frozenset[str]:
    """Return the codes of the counties that decide; none where nothing is built yet."""
    built = _built(layers_dir)
    return frozenset() if built is None else frozenset(load_admin(built.path).counties["adcode"])


def plain_counties(layers_dir: Path) -> AdminIndex:
    """Return the counties that decide, for hundreds of points: at once, without edges by cell.

    Raises
    ------
    ConfigError
        ``layers_not_built``: there is no built set.
    """
    return AdminIndex(*load_admin(open_layers(layers_dir).path, "amap"))


def _built(layers_dir: Path) -> LayerSet | None:
    try:
        return open_layers(layers_dir)
    except ConfigError as error:
        if error.code != "layers_not_built":
            raise
        return None
