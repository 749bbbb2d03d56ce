"""Reading and writing built layers: the folder that a build leaves behind and everything else reads.

``root/current.json`` names the set in use; each set is an immutable folder ``root/<key>/`` whose key is the
hash of everything it was made from. Reading is lazy: grids are mapped, polygons are parsed one county at a
time.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from geoaq.errors import ConfigError, NotFoundError

COUNTY_COLUMNS = (
    "adcode",
    "county",
    "city_adcode",
    "city",
    "province_adcode",
    "province",
    "equals_adcode",
    "aliases",
)
_CURRENT = "current.json"
_BORDER_FACTS = "borders.json"


@dataclass(frozen=True)
class LayerSet:
    """One built set: its folder, its key, and the report that the build wrote."""

    path: Path
    key: str
    report: Mapping[str, Any]

    def display(self, layer_id: str) -> Path:
        """Return the GeoJSON that draws a layer (``provinces``, ``counties/330000`` …).

        Raises
        ------
        NotFoundError
            No such layer among the built ones; the names allowed are those of the report.
        """
        if layer_id not in self.report["display"]:
            raise NotFoundError("not_found", what="layer", name=layer_id)
        return self.path / "display" / f"{layer_id}.geojson"

    @property
    def places(self) -> Path:
        """Return the index of place names (JSON)."""
        return self.path / "places.json"

    @property
    def names(self) -> Path:
        """Return where the names of areas stand on the map (JSON)."""
        return self.path / "names.json"


class AdminParts(NamedTuple):
    """What `geoaq.zones.admin.AdminIndex` is made of, in its order."""

    counties: pd.DataFrame
    codes: npt.NDArray[np.uint16] | npt.NDArray[np.uint32]
    set_start: npt.NDArray[np.int32]
    set_member: npt.NDArray[np.int32]
    polygons: Callable[[npt.NDArray[np.int32]], npt.NDArray[np.object_]]


def open_layers(root: Path) -> LayerSet:
    """Return the set in use under ``root`` (``GEOAQ_DATA/layers``).

    Raises
    ------
    ConfigError
        ``layers_not_built``: there is none.
    """
    try:
        key = str(json.loads((root / _CURRENT).read_text("utf-8"))["key"])
        report = json.loads((root / key / "build.json").read_text("utf-8"))
    except FileNotFoundError as error:
        raise ConfigError("layers_not_built") from error
    return LayerSet(root / key, key, report)


def set_current(root: Path, key: str) -> None:
    """Make ``key`` the set in use; readers see the old one or the new one."""
    fresh = root / f".{_CURRENT}.{key}"
    fresh.write_text(json.dumps({"key": key}), "utf-8")
    fresh.replace(root / _CURRENT)


def load_admin(folder: Path, source: str = "amap") -> AdminParts:
    """Return the counties of ``source`` (``amap`` decides, ``tianditu`` is the second opinion).

    Parameters
    ----------
    folder
        A built set (`LayerSet.path`).

    Returns
    -------
    AdminParts
        To be given to ``AdminIndex(*parts)``.
    """
    import pyarrow as pa

    place = folder / source
    with pa.memory_map(str(place / "counties.arrow")) as mapped:
        table = pa.ipc.open_file(mapped).read_all()
    counties = table.select(list(COUNTY_COLUMNS)).to_pandas().astype(object)
    shapes = table.column("geometry").combine_chunks()

    def polygons(positions: npt.NDArray[np.int32]) -> npt.NDArray[np.object_]:
        import shapely

        found: npt.NDArray[np.object_] = shapely.from_wkb(
            [shapes[int(position)].as_py() for position in positions]
        )
        return found

    return AdminParts(
        counties,
        np.load(place / "codes.npy", mmap_mode="r"),
        np.load(place / "set_start.npy"),
        np.load(place / "set_member.npy"),
        polygons,
    )


def save_admin(
    folder: Path,
    counties: pd.DataFrame,
    polygons: npt.NDArray[np.object_],
    grid: Mapping[str, npt.NDArray[Any]],
) -> None:
    """Write the counties of one source: table and polygons (Arrow file, GeoArrow WKB), grid (npy)."""
    import pyarrow as pa
    import shapely

    folder.mkdir(parents=True)
    arrays = [pa.array(counties[name].tolist(), pa.string()) for name in COUNTY_COLUMNS]
    arrays.append(pa.array(shapely.to_wkb(polygons).tolist(), pa.binary()))
    geo = {
        "primary_column": "geometry",
        "version": "1.0.0",
        "columns": {
            "geometry": {"encoding": "WKB", "geometry_types": ["Polygon", "MultiPolygon"], "crs": None}
        },
    }
    table = pa.Table.from_arrays(arrays, names=[*COUNTY_COLUMNS, "geometry"])
    table = table.replace_schema_metadata({"geo": json.dumps(geo)})
    with pa.OSFile(str(folder / "counties.arrow"), "wb") as sink, pa.ipc.new_file(sink, table.schema) as out:
        out.write_table(table)
    for name, array in grid.items():
        np.save(folder / f"{name}.npy", array)


class BorderParts(NamedTuple):
    """What `geoaq.zones.border.Borders` is made of: recorded facts, and the folders of two indexes.

    ``facts`` is what ``borders.json`` says (source, name, version, hash, pairs, lengths, leftovers);
    ``lines`` holds the lines that two provinces share, ``coast`` the edges that one province owns.
    """

    facts: Mapping[str, Any]
    lines: Path
    coast: Path


def load_borders(folder: Path, source: str = "amap") -> BorderParts:
    """Return the province lines of ``source`` in a built set (`LayerSet.path`).

    Raises
    ------
    ConfigError
        ``layers_stale``: the set was built before it held province lines.
    """
    parts = _border_parts(folder, source, {})
    try:
        facts = json.loads((parts.lines.parent / _BORDER_FACTS).read_text("utf-8"))
    except FileNotFoundError as error:
        raise ConfigError("layers_stale") from error
    return parts._replace(facts=facts)


def save_border_facts(folder: Path, source: str, facts: Mapping[str, Any]) -> BorderParts:
    """Write what is recorded of the province lines of a source; return where their indexes belong."""
    parts = _border_parts(folder, source, facts)
    save_json(parts.lines.parent / _BORDER_FACTS, dict(facts))
    return parts


def _border_parts(folder: Path, source: str, facts: Mapping[str, Any]) -> BorderParts:
    return BorderParts(facts, folder / source / "borders" / "index", folder / source / "coast" / "index")


def read_facts(path: Path) -> pd.DataFrame:
    """Read a small table of facts that ships with the product (UTF-8 csv); blank words are ''."""
    frame = pd.read_csv(path, encoding="utf-8")
    for name in frame.select_dtypes(exclude="number"):
        frame[name] = frame[name].astype(object).fillna("")
    return frame


def load_plants(folder: Path) -> pd.DataFrame:
    """Return the shipped plants of a built set, columns of `geoaq.frames.PLANTS`."""
    return pd.read_parquet(folder / "plants.parquet")


def save_plants(folder: Path, plants: pd.DataFrame) -> None:
    """Write the shipped plants."""
    plants.to_parquet(folder / "plants.parquet", index=False)


def save_json(path: Path, content: object) -> int:
    """Write compact JSON with sorted keys, always the same bytes, and return their number."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":")) + "\n"
    return path.write_bytes(text.encode("utf-8"))
