"""What the two maps of a sheet draw around one project, cut to what they show."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geoaq.cards.projects import province
from geoaq.flows.border.kept_lines import AREA_DEG, AROUND_DEG, LINES_FILE, PROVINCES_FILE
from geoaq.io.built import LayerSet
from geoaq.report.sheet import Area, Dot, Line, Shapes, Words, named
from geoaq.zones.border.downwind import City, Downwind, sector_polygon

# The outline of a site keeps to a decimetre: it is measured again when the sheet is compared.
_SITE_DEG = 0.000001
Path2 = tuple[tuple[float, float], ...]


def sheet_shapes(
    folder: Path,
    built: LayerSet,
    subject: Mapping[str, Any],
    pairs: pd.DataFrame,
    *,
    cities: Sequence[City] = (),
    winds: Sequence[Downwind] = (),
    near: Iterable[tuple[str, float, float]] = (),
) -> Shapes:
    """Return provinces, lines, strip, site, sectors and named places around one project.

    Parameters
    ----------
    folder
        The screening: its lines, strips and sites as they were drawn.
    built
        The built layers: provinces, where the office gave none of its own.
    subject
        One row of ``subjects.parquet``.
    pairs
        Its rows of ``consultees.parquet``.
    cities
        Places that are named where they lie in the picture.
    winds
        What lies downwind, for the sectors; those with wind are drawn.
    near
        Name and position of other projects.
    """
    frame = _frame(subject, pairs)
    own = pairs[(pairs["kind"] == "land").to_numpy(bool)]
    ends = {tuple(sorted((str(a), str(b)))) for a, b in zip(own["home"], own["neighbour"], strict=True)}
    return Shapes(
        provinces=tuple(_provinces(folder, built, frame)),
        borders=tuple(_lines(folder, ends, frame)),
        strip=tuple(_strip(folder, frame)),
        site=tuple(_site(folder, subject)),
        sectors=tuple(_sectors(subject, winds)),
        cities=tuple(
            Dot(name=named(one.name), at=(one.lon, one.lat))
            for one in cities
            if shapely.intersects_xy(frame, one.lon, one.lat)
        ),
        near=tuple(
            Dot(name=named(name), at=(lon, lat))
            for name, lon, lat in near
            if shapely.intersects_xy(frame, lon, lat)
        ),
    )


def _frame(subject: Mapping[str, Any], pairs: pd.DataFrame) -> shapely.Polygon:
    """Return the box that is cut out: the project, its nearest foot, those in question, and room around."""
    own = pairs[(pairs["kind"] != "other_line").to_numpy(bool)]
    asked = own[(own["truth"] != "outside").to_numpy(bool) | (np.arange(len(own)) == 0)]
    lon = np.append(asked["foot_lon"].to_numpy(float), subject["lon"])
    lat = np.append(asked["foot_lat"].to_numpy(float), subject["lat"])
    wide = AROUND_DEG / np.cos(np.radians(subject["lat"]))
    return shapely.box(
        np.nanmin(lon) - wide,
        np.nanmin(lat) - AROUND_DEG,
        np.nanmax(lon) + wide,
        np.nanmax(lat) + AROUND_DEG,
    )


def _provinces(folder: Path, built: LayerSet, frame: shapely.Polygon) -> Iterable[Area]:
    """Return the provinces of the office's own boundaries, and the shipped ones of which it has none."""
    own = _features(folder / PROVINCES_FILE)
    known = {feature["properties"]["adcode"] for feature in own}
    shipped = _features(built.display("provinces"))
    for feature in (*own, *(one for one in shipped if one["properties"]["adcode"] not in known)):
        shape = shapely.from_geojson(json.dumps(feature["geometry"]))
        rings = tuple(_rings(shape, frame, AREA_DEG))
        if rings:
            code = str(feature["properties"]["adcode"])
            yield Area(adcode=code, name=province_words(code), rings=rings)


def _lines(folder: Path, ends: Collection[tuple[str, ...]], frame: shapely.Polygon) -> Iterable[Line]:
    """Return the lines of the screening between these provinces, as far as the frame shows them."""
    for feature in _features(folder / LINES_FILE):
        a, b = feature["properties"]["pair"].split("-")
        if (a, b) in ends:
            line = shapely.from_geojson(json.dumps(feature["geometry"]))
            cut = shapely.get_parts(shapely.line_merge(shapely.intersection(line, frame)))
            drawn = [_path(one) for one in cut if one.geom_type == "LineString" and not one.is_empty]
            if drawn:
                yield Line(pair=(a, b), pieces=tuple(drawn))


def _features(path: Path) -> list[dict[str, Any]]:
    if not path.is_file():
        return []
    found: list[dict[str, Any]] = json.loads(path.read_text("utf-8"))["features"]
    return found


def _site(folder: Path, subject: Mapping[str, Any]) -> Iterable[Path2]:
    for feature in _features(folder / "sites.geojson"):
        own = feature["properties"]
        if (own["row"], own["part"]) == (subject["row"], subject["part"]):
            shape = shapely.from_geojson(json.dumps(feature["geometry"]))
            yield from _rings(shapely.simplify(shape, _SITE_DEG), None, 0.0)


def _sectors(subject: Mapping[str, Any], winds: Sequence[Downwind]) -> Iterable[Path2]:
    for one in winds:
        for begin, end in one.arcs if one.share > 0.0 else ():
            if end - begin < 360:
                sector = sector_polygon(subject["lon"], subject["lat"], from_deg=begin, to_deg=end)
                yield _path(shapely.simplify(sector, AREA_DEG).exterior)


def _strip(folder: Path, frame: shapely.Polygon) -> Iterable[Path2]:
    """Return the strips as one area: where two overlap, an even-odd fill would leave a hole."""
    features = _features(folder / "strips.geojson")
    shapes = shapely.from_geojson([json.dumps(one["geometry"]) for one in features])
    cut = shapely.make_valid(shapely.clip_by_rect(shapes, *frame.bounds))
    yield from _rings(shapely.union_all(cut), frame, AREA_DEG)


def _rings(shape: shapely.Geometry, frame: shapely.Polygon | None, tolerance: float) -> Iterable[Path2]:
    if frame is not None:
        if not shapely.intersects(shape, frame):
            return
        shape = shapely.simplify(shapely.clip_by_rect(shape, *frame.bounds), tolerance)
    parts = shapely.get_parts(shape)
    for polygon in parts[shapely.get_type_id(parts) == shapely.GeometryType.POLYGON]:
        for ring in shapely.get_rings(polygon):
            yield _path(ring)


def _path(line: shapely.Geometry) -> Path2:
    return tuple((round(float(x), 6), round(float(y), 6)) for x, y in shapely.get_coordinates(line))


def province_words(code: str) -> Words:
    """Return the name of a province in both languages."""
    return Words(zh=province(code, "zh"), en=province(code, "en"))
