"""A layer that an office adds, looked through before it is kept: what is in the file, and its picture."""

from __future__ import annotations

import json
import re
import shutil
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq import report
from geoaq.catalog import Catalog, Layer
from geoaq.errors import InputError
from geoaq.flows.fires.areas import LAYERS, check_areas, keep_areas
from geoaq.flows.fires.static_places import LAYER as STATIC_PLACES
from geoaq.flows.fires.static_places import check_static_places
from geoaq.flows.shifted import coinciding
from geoaq.io.built import load_admin, open_layers
from geoaq.io.tables import DEFAULT_LIMITS, Limits
from geoaq.io.vectors import one_file, read_areas, read_vector
from geoaq.store.staging import staged
from geoaq.zones import areas
from geoaq.zones.admin import OUTSIDE, AdminIndex

Shapes = npt.NDArray[np.object_]
Told = Callable[[str, int, int], None]
# A layer of the office's own making is a picture: it needs no more than this.
FREE_LIMITS = Limits(file_mb=20, unpacked_mb=200, features=20_000, vertices=1_000_000)
LIMITS = replace(DEFAULT_LIMITS, file_mb=200, unpacked_mb=500)
GEOMETRIES = ("point", "line", "polygon")
_MOST_NAMED, _MOST_MENDED = 20, 5
# Columns that hold what a feature is called, as exports title them.
_NAME = re.compile(r"(?:.*名称|name|mc|.*_name|项目|标注|label|title)", re.IGNORECASE)
_NAME_LENGTH = 80
_OTHER_DATUM = re.compile(r"GCJ-?0?2|火星|高德|BD-?09|百度", re.IGNORECASE)
_PLACE = re.compile(r"^(.*?)\[([-\d.e]+) ([-\d.e]+)\]$")


def check(
    layer: Layer | None,
    paths: Sequence[Path],
    out: Path,
    *,
    catalog: Catalog,
    layers_dir: Path,
    progress: Told,
) -> dict[str, Any]:
    """Look a file through for a layer, and write what is to be kept of it into the folder ``out``.

    Parameters
    ----------
    layer
        The layer of the catalogue that it is for, None for one of the office's own making.
    paths
        The file, or the loose parts of one shapefile.
    out
        A folder that must not exist; it appears whole or not at all, with ``file/<name>`` (the bytes as they
        were given), ``checked/report.json`` and, of shapes, ``checked/display.geojson``.
    catalog, layers_dir
        The declared and the built layers.
    progress
        Called with (step, done, total).

    Returns
    -------
    dict
        The report: codes, names and numbers. Of shapes ``kind``, ``layer``, ``other_layers``, ``encoding``,
        ``crs``, ``crs_by_format``, ``geometry`` (point, line or polygon), ``features``, ``used``, ``empty``,
        ``other_geometry``, ``mended`` and ``mended_at`` (number, reason, longitude, latitude), ``outside``,
        ``vertices``, ``bounds`` (degrees), ``counties``, ``county_count``, ``attributes``, ``name_column``,
        ``datum_word`` and ``coinciding`` (see `geoaq.flows.shifted`), ``tolerance_m`` and ``left_out`` of the
        picture, of townships, villages and grid cells ``areas`` (`geoaq.flows.fires.areas`). Of a table
        ``kind``, ``cities``, ``years`` and ``issues``.

    Raises
    ------
    InputError
        The file cannot be used for this layer; ``office_layer_outside``: nothing of it lies in China;
        ``static_place_days``: of a place's days (`geoaq.flows.fires.static_places`).
    LimitError
        Too large.
    ConfigError
        The layers are not built.
    """
    with staged(out) as folder:
        (folder / "file").mkdir()
        (folder / "checked").mkdir()
        progress("checking", 0, 3)
        given = one_file(paths, folder / "file")
        kept = folder / "file" / given.name
        if given != kept:
            shutil.copyfile(given, kept)
        if layer is not None and layer.geometry == "table":
            found, drawn = _table(kept, catalog), None
        else:
            found, drawn = _shapes(layer, kept, layers_dir, progress)
            if layer is not None and layer.id in LAYERS:
                found["areas"] = _areas(layer.id, kept, folder / "checked", catalog, layers_dir)
            if layer is not None and layer.id == STATIC_PLACES:
                check_static_places(kept, limits=LIMITS)
        if drawn is not None:
            report.write_features(folder / "checked" / "display.geojson", drawn)
        text = json.dumps(found, ensure_ascii=False, sort_keys=True, indent=1, allow_nan=False)
        (folder / "checked" / "report.json").write_text(text + "\n", "utf-8")
    return found


def _table(path: Path, catalog: Catalog) -> dict[str, Any]:
    from geoaq.io.lists.attainment import read_attainment

    table = read_attainment(path, product=catalog.products["attainment_list"])
    years = table.frame["pm25_year"]
    codes = Counter(table.issues.frame()["code"].astype(str))
    return {
        "kind": path.suffix.lstrip(".").lower(),
        "cities": len(table.frame),
        "years": [int(years.min()), int(years.max())],
        "issues": dict(sorted(codes.items())),
    }


def _shapes(
    layer: Layer | None, path: Path, layers_dir: Path, progress: Told
) -> tuple[dict[str, Any], dict[str, Any]]:
    import shapely

    limits = FREE_LIMITS if layer is None else LIMITS
    found = _as_given(path, limits)
    progress("checking", 1, 3)
    if layer is None:
        frame = read_vector(path, limits=limits)
        geometry, rows = _one_kind(np.asarray(frame.geometry.to_numpy(), object))
        frame = frame[rows].reset_index(drop=True)
    else:
        frame, geometry = read_areas(path, limits=limits), "polygon"
    shapes = np.asarray(frame.geometry.to_numpy(), object)
    attributes = pd.DataFrame(frame.drop(columns=frame.geometry.name))
    admin = AdminIndex(*load_admin(open_layers(layers_dir).path, "amap"))
    progress("checking", 2, 3)
    placed = _placed(shapes, admin, path.name)
    lon, lat = shapely.get_coordinates(shapes).T
    column = next((str(name) for name in attributes if _NAME.fullmatch(str(name).strip())), "")
    records = [{"name": name} if name else {} for name in _called(attributes, column)]
    drawn = report.picture_features(shapes, records)
    word = _OTHER_DATUM.search(" ".join([path.name, found["layer"], *_words(attributes)]))
    found |= placed | {
        "geometry": geometry,
        "used": len(shapes),
        "other_geometry": found["features"] - found["empty"] - len(shapes),
        "vertices": len(lon),
        "bounds": [round(float(edge), 5) for edge in shapely.total_bounds(shapes)],
        "name_column": column,
        "datum_word": word[0] if word else "",
        "coinciding": coinciding(lon, lat, admin),
        "tolerance_m": drawn["tolerance_m"],
        "left_out": drawn["left_out"],
    }
    return found, drawn


def _areas(layer: str, path: Path, folder: Path, catalog: Catalog, layers_dir: Path) -> dict[str, Any]:
    """Look through areas that fires are put to, and write what judging needs of them."""
    admin = AdminIndex(*load_admin(open_layers(layers_dir).path, "amap"))
    product, level = catalog.products["area_list"], LAYERS[layer]
    checked = check_areas(path, level=level, product=product, counties=admin, limits=LIMITS)
    keep_areas(checked, folder)
    return checked.told(level)


def _as_given(path: Path, limits: Limits) -> dict[str, Any]:
    """Return what the file says before anything is mended in it."""
    import shapely

    from geoaq.io.vectors.features import read_features

    features = read_features(path, limits=limits)
    empty = np.array([shape is None or shape.is_empty for shape in features.shapes], bool)
    broken = np.flatnonzero(~empty)[~shapely.is_valid(features.shapes[~empty])]
    return {
        "kind": features.kind,
        "layer": features.layer,
        "other_layers": list(features.others),
        "encoding": features.encoding,
        "crs": "" if features.crs is None else str(features.crs.name),
        "crs_by_format": features.by_format,
        "features": len(features.shapes),
        "empty": int(empty.sum()),
        "mended": len(broken),
        "mended_at": [_reason(int(place), features.shapes[place]) for place in broken[:_MOST_MENDED]],
        "attributes": [str(name)[:_NAME_LENGTH] for name in features.attributes.columns][:_MOST_NAMED],
    }


def _reason(place: int, shape: Any) -> dict[str, Any]:
    """Return the number of a feature that is not valid and GEOS's word for why; the place as it is given."""
    import shapely

    said = str(shapely.is_valid_reason(shape))
    found = _PLACE.match(said)
    if not found:
        return {"feature": place + 1, "reason": said, "x": None, "y": None}
    return {"feature": place + 1, "reason": found[1], "x": float(found[2]), "y": float(found[3])}


def _one_kind(shapes: Shapes) -> tuple[str, npt.NDArray[np.bool_]]:
    """Return what most of the shapes are, and which of them are that."""
    import shapely

    dimensions = shapely.get_dimensions(shapes)
    mixed = shapely.get_type_id(shapes) == shapely.GeometryType.GEOMETRYCOLLECTION
    counted = np.bincount(dimensions[~mixed], minlength=len(GEOMETRIES))
    kind = int(counted.argmax())
    return GEOMETRIES[kind], (dimensions == kind) & ~mixed


def _placed(shapes: Shapes, admin: AdminIndex, name: str) -> dict[str, Any]:
    """Return how many shapes lie outside China, and the counties in which the others do."""
    import shapely

    inner = shapely.get_coordinates(shapely.point_on_surface(shapes))
    first = shapely.get_coordinates(shapes)
    _, start = np.unique(shapely.get_coordinates(shapes, return_index=True)[1], return_index=True)
    here = admin.locate(inner[:, 0], inner[:, 1])
    corner = admin.locate(first[start, 0], first[start, 1])
    outside = (here == OUTSIDE) & (corner == OUTSIDE)
    if outside.all():
        west, south, east, north = (f"{edge:.3f}" for edge in shapely.total_bounds(shapes))
        raise InputError("office_layer_outside", name=name, where=f"{west}, {south} – {east}, {north}")
    # The same question as the flow asks of a layer: it speaks of the counties that it touches.
    everywhere = admin.polygons(np.arange(len(admin.counties), dtype=np.int32))
    counties = np.flatnonzero(areas.touched(everywhere, shapes))
    named = admin.names(counties[:_MOST_NAMED].astype(here.dtype))
    return {
        "outside": int(outside.sum()),
        "county_count": len(counties),
        "counties": [
            " ".join(dict.fromkeys(filter(None, map(str, words))))
            for words in zip(named["province"], named["city"], named["county"], strict=True)
        ],
    }


def _called(attributes: pd.DataFrame, column: str) -> list[str]:
    if not column:
        return [""] * len(attributes)
    return [
        "" if value is None or value != value else str(value)[:_NAME_LENGTH] for value in attributes[column]
    ]


def _words(attributes: pd.DataFrame) -> list[str]:
    """Return the titles of the columns, and the texts of their first rows."""
    rows = attributes.head(_MOST_NAMED)
    return [str(name) for name in attributes] + [str(cell) for name in rows for cell in rows[name]]
