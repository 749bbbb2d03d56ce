"""The five sites of the worked examples, far inside their counties, and lists as offices write them."""

from __future__ import annotations

import csv
from pathlib import Path

from pyproj import Geod

GEOD = Geod(ellps="WGS84")
# Longitude, latitude, code of the province: real places, each well inside its county.
SITES = {
    "TS": (118.20, 39.70, "130000"),
    "HZ": (119.72, 30.23, "330000"),
    "WZ": (120.55, 27.75, "330000"),
    "NJ": (118.85, 31.85, "320000"),
    "CC": (125.20, 43.90, "220000"),
}
HEAD = (
    "内部编号", "单位名称", "经度", "纬度", "坐标系", "坐标来源", "额定容量（t/h）", "燃料种类", "锅炉类型",
    "用途", "运行状态",
)  # fmt: skip


def boiler(site: str, **cells: str) -> dict[str, str]:
    """Return the row of an existing industrial coal boiler of 35 t/h at a site, with some cells changed."""
    lon, lat, _ = SITES[site]
    place = (f"{lon:.6f}", f"{lat:.6f}", "WGS84", "现场GPS")
    row = ("", f"{site}厂", *place, "35", "燃煤", "蒸汽", "工业生产", "在用")
    return dict(zip(HEAD, row, strict=True)) | cells


def at(site: str, azimuth: float, metres: float) -> dict[str, str]:
    """Return the coordinate cells of a point so far from a site, placed by pyproj, 8 decimals."""
    lon, lat, _ = GEOD.fwd(*SITES[site][:2], azimuth, metres)
    return {"经度": f"{lon:.8f}", "纬度": f"{lat:.8f}"}


def write_rows(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write rows as a csv."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def write_plants(path: Path, plants: list[tuple[str, str, float, float]], *, confirmed: bool = True) -> Path:
    """Write plants (id, site, installed MW, largest unit MW), surveyed, confirmed as CHP by a document."""
    head = "电厂编号,电厂名称,经度,纬度,坐标系,坐标来源,"
    head += "装机容量（MW）,最大单机容量（MW）,燃料,确认文号,发文机关"
    word = "能源〔2025〕1号,能源局" if confirmed else ","
    lines = [
        f"{ident},{ident}热电厂,{SITES[site][0]:.6f},{SITES[site][1]:.6f},WGS84,现场GPS,{mw},{unit},煤,{word}"
        for ident, site, mw, unit in plants
    ]
    path.write_text("\n".join([head, *lines]) + "\n", "utf-8")
    return path
