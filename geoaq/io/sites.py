"""Sites of projects as an office draws them: areas or points, brought to WGS 84, repaired only where sure."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from geoaq.errors import InputError
from geoaq.io.lists.intake import Sheet
from geoaq.io.lists.positions import LAT, LON, UNSTATED, Positions, northing_first, row_datums
from geoaq.io.vectors.features import Features

Floats = npt.NDArray[np.float64]

_FIELD = "site"
_DEGREES = 180.0
_FINEST = 9
# Kilometres in a degree of latitude, good enough to ask about a site; nothing is decided with it.
_KM_PER_DEGREE = 111.2
_LARGE_SQUARE_KM = 200.0
_SMALLEST_SQUARE_KM = 1e-6
_SHIFTED = {"gcj02": "GCJ-02", "bd09": "BD-09"}


@dataclass(frozen=True)
class Sites:
    """Where the features of a file are.

    Parameters
    ----------
    positions
        The point, or a point inside the area; bad features have an error.
    shapes
        Valid shapely Polygon or MultiPolygon in WGS 84, None for a point; shape (n,).
    """

    positions: Positions
    shapes: npt.NDArray[np.object_]


def read_sites(features: Features, sheet: Sheet, datum: str | None) -> Sites:
    """Bring the features of a file to WGS 84; every repair and every unusable feature is noted.

    Parameters
    ----------
    features
        The shapes as they stand.
    sheet
        Their attributes as rows; a column 坐标系 states the datum of a row.
    datum
        What the office states of the whole file. GCJ-02 and BD-09 have no code of their own, so that files
        drawn on Amap or Baidu call themselves WGS 84: the statement goes before the file's. It does not go
        before a projection that the file states.

    Raises
    ------
    InputError
        Neither file nor office states a datum (``crs_missing``); it is refused or unknown.
    """
    from geoaq.crs import parse_datum

    size = sheet.size
    bad = np.zeros(size, bool)
    stated = row_datums(sheet, datum, bad)
    frame = _frame_of(features)
    unstated = bool((stated[~bad] == UNSTATED).all() and not bad.all())
    if frame.label == "" and unstated:
        raise InputError("crs_missing")
    if features.by_format and unstated:
        sheet.log.add(0, "datum", "", "site_datum_by_format", "warning")
    given = parse_datum(datum) if datum not in {None, "", UNSTATED} else ""
    if given in _SHIFTED and not frame.plane:
        sheet.log.add(0, "datum", str(datum), "site_shifted", "repair", datum=_SHIFTED[given])
    lon, lat = np.full(size, np.nan), np.full(size, np.nan)
    decimals = np.zeros(size, np.int64)
    shapes = np.full(size, None, object)
    printed = [""] * size
    drawn = _unprojected(features) if frame.plane else features.shapes
    for place, shape in enumerate(drawn):
        row = _Row(int(sheet.numbers[place]), sheet, str(stated[place]))
        if bad[place]:
            continue
        bare = _outline(shape, row)
        if bare is None:
            bad[place] = True
            continue
        printed[place] = hashlib.sha256(features.shapes[place].wkb).hexdigest()[:16]
        brought = _brought(bare, frame, row)
        usable = None if brought is None else _usable(brought, row)
        if usable is None:
            bad[place] = True
            continue
        lon[place], lat[place] = _inside(usable)
        shapes[place] = usable if usable.geom_type != "Point" else None
        stated[place], decimals[place] = row.datum, row.decimals
    positions = Positions(lon, lat, decimals, stated, pa.array(printed, pa.string()), bad)
    return Sites(positions, shapes)


@dataclass(frozen=True)
class _Frame:
    """The coordinate system of a file: its short name (``""`` none), plane or not, of web maps or not."""

    label: str
    plane: bool = False
    mercator: bool = False


@dataclass
class _Row:
    """One feature under way: where its issues go, its datum and the places of its degrees."""

    number: int
    sheet: Sheet
    datum: str
    decimals: int = -1

    def note(self, shape: Any, code: str, severity: Any, **params: object) -> None:
        """Note an issue of this feature."""
        value = "" if shape is None else str(shape.geom_type)
        self.sheet.log.add(self.number, _FIELD, value, code, severity, **params)


def _frame_of(features: Features) -> _Frame:
    from geoaq.crs import GAUSS_KRUGER, require_crs

    crs = features.crs
    if crs is None:
        return _Frame("")
    import geopandas as gpd

    # Beijing 1954 and Xian 1980 are refused here, before anything is brought anywhere.
    require_crs(gpd.GeoDataFrame(geometry=gpd.GeoSeries([], crs=crs)))
    code = crs.to_epsg() or 0
    chinese = "2000" in str(crs.geodetic_crs.name if crs.geodetic_crs is not None else crs.name)
    label = f"gk:{code}" if code in GAUSS_KRUGER else "cgcs2000" if chinese else "wgs84"
    return _Frame(label, not crs.is_geographic, code == 3857)


def _outline(shape: Any, row: _Row) -> Any:
    """Return the area or the point of a feature in two dimensions, None where it has none."""
    import shapely

    if shape is None or shape.is_empty:
        row.note(shape, "site_missing", "error")
        return None
    if shape.has_z:
        row.note(shape, "site_z_dropped", "repair")
        shape = shapely.force_2d(shape)
    if not np.isfinite(shapely.get_coordinates(shape)).all():
        row.note(shape, "site_missing", "error")
        return None
    parts = _parts(shape)
    areas = [part for part in parts if part.geom_type == "Polygon"]
    if areas:
        if len(areas) < len(parts):
            row.note(shape, "site_collection", "warning")
        return areas[0] if len(areas) == 1 else shapely.multipolygons(areas)
    lines = [part for part in parts if part.geom_type != "Point"]
    if lines:
        if all(line.is_closed and len(line.coords) > 3 for line in lines):
            row.note(shape, "site_line_closed", "warning")
            rings = [shapely.polygons(line.coords) for line in lines]
            return rings[0] if len(rings) == 1 else shapely.multipolygons(rings)
        row.note(shape, "site_line", "error")
        return None
    if len({point.coords[0] for point in parts}) > 1:
        row.note(shape, "site_points", "error")
        return None
    return parts[0]


def _parts(shape: Any) -> list[Any]:
    """Return the single shapes of a collection, however deep."""
    if not hasattr(shape, "geoms"):
        return [shape]
    return [part for inner in shape.geoms for part in _parts(inner) if not part.is_empty]


def _brought(shape: Any, frame: _Frame, row: _Row) -> Any:
    """Return the shape in WGS 84, or None with its error noted."""
    import shapely

    from geoaq.crs import to_wgs84

    if frame.plane:
        if row.datum in _SHIFTED and not frame.mercator:
            row.note(shape, "datum_not_plane", "error")
            return None
        if row.datum not in _SHIFTED:
            row.datum = frame.label
            return shape
        x, y = shapely.get_coordinates(shape).T
    else:
        x, y = shapely.get_coordinates(shape).T
        if np.abs(x).max() > _DEGREES or np.abs(y).max() > _DEGREES:
            return _from_plane(shape, x, y, row)
        row.decimals = _places(np.concatenate([x, y]))
        if row.datum == UNSTATED and not frame.label:
            row.note(shape, "site_datum_missing", "error")
            return None
        row.datum = frame.label if row.datum == UNSTATED or row.datum.startswith("gk") else row.datum
        row.datum = row.datum or "cgcs2000"
        if x.min() >= LAT[0] and x.max() <= LAT[1] and y.min() >= LON[0] and y.max() <= LON[1]:
            row.note(shape, "coordinates_swapped", "repair")
            x, y = y, x
    lon, lat = to_wgs84(x, y, row.datum) if row.datum in _SHIFTED else (x, y)
    return shapely.set_coordinates(shape, np.column_stack([lon, lat]))


def _unprojected(features: Features) -> npt.NDArray[np.object_]:
    import geopandas as gpd

    shapes: npt.NDArray[np.object_] = gpd.GeoSeries(features.shapes, crs=features.crs).to_crs(4326).to_numpy()
    return shapes


def _from_plane(shape: Any, x: Floats, y: Floats, row: _Row) -> Any:
    """Return a shape in plane coordinates whose file states no projection, by the datum of its row."""
    import shapely

    from geoaq.crs import gk_zones, to_wgs84

    if row.datum in _SHIFTED:
        row.note(shape, "datum_not_plane", "error")
        return None
    if northing_first(x[:1], y[:1])[0]:
        row.note(shape, "axes_swapped", "repair")
        x, y = y, x
    zones = gk_zones(x)
    if not row.datum.startswith("gk:") and (zones <= 0).any():
        row.note(shape, "site_not_degrees", "error")
        return None
    lon, lat = to_wgs84(x, y, row.datum if row.datum.startswith("gk:") else "gk")
    if not np.isfinite(lon).all():
        row.note(shape, "projected_unusable", "error")
        return None
    row.note(shape, "projected_converted", "repair")
    row.datum = row.datum if row.datum.startswith("gk:") else f"gk:{int(zones[0])}"
    return shapely.set_coordinates(shape, np.column_stack([lon, lat]))


def _usable(shape: Any, row: _Row) -> Any:
    """Return the shape where it lies in China, its area valid; else None with its error noted."""
    import shapely

    west, south, east, north = shape.bounds
    if not (west >= LON[0] and east <= LON[1] and south >= LAT[0] and north <= LAT[1]):
        row.note(shape, "coordinate_outside_china", "error")
        return None
    if shape.geom_type == "Point":
        return shape
    if not shape.is_valid:
        mended = shapely.make_valid(shape, method="structure", keep_collapsed=False)
        areas = [part for part in _parts(mended) if part.geom_type == "Polygon" and part.area > 0]
        if not areas:
            row.note(shape, "site_no_area", "error")
            return None
        mended = areas[0] if len(areas) == 1 else shapely.multipolygons(areas)
        row.note(shape, "site_repaired", "warning", hectares=round(100 * _square_km(mended), 1))
        shape = mended
    if _square_km(shape) < _SMALLEST_SQUARE_KM:
        row.note(shape, "site_no_area", "error")
        return None
    if _square_km(shape) > _LARGE_SQUARE_KM:
        row.note(shape, "site_large", "warning", square_km=round(_square_km(shape)))
    return shape


def _square_km(shape: Any) -> float:
    south, north = shape.bounds[1::2]
    return float(shape.area * _KM_PER_DEGREE**2 * np.cos(np.radians((south + north) / 2)))


def _inside(shape: Any) -> tuple[float, float]:
    """Return the point, or a point inside the largest part: its centroid where that lies in it."""
    if shape.geom_type == "Point":
        return float(shape.x), float(shape.y)
    largest = max(_parts(shape), key=lambda part: part.area)
    point = largest.centroid
    if not largest.contains(point):
        point = largest.representative_point()
    return float(point.x), float(point.y)


def _places(degrees: Floats) -> int:
    """Return the decimals of a degree that the finest coordinate needs, at most nine."""
    for places in range(_FINEST):
        if np.abs(degrees - np.round(degrees, places)).max() < 0.5 * 10.0**-_FINEST:
            return places
    return _FINEST
