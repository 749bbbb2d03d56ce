"""Sites of projects at known distances from real province lines, and lists as offices write them."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

import numpy as np
from pyproj import Geod

from geoaq.io.built import LayerSet, load_admin, load_borders
from geoaq.zones.admin import AdminIndex
from geoaq.zones.border import Borders

GEOD = Geod(ellps="WGS84")
HEAD = (
    "项目编号", "项目名称", "建设单位", "经度", "纬度", "坐标系", "坐标来源", "国民经济行业类别及代码",
    "行业代码版本", "建设性质", "环评类别", "排气筒高度（米）", "是否新增产能", "下风向最大贡献浓度",
)  # fmt: skip


class Places:
    """Finds points at a distance from the line of a pair, on one side, with no other line nearer."""

    def __init__(self, layers: LayerSet) -> None:
        self.borders = Borders.from_parts(load_borders(layers.path, "amap"))
        self.admin = AdminIndex(*load_admin(layers.path, "amap"))

    def off(
        self, pair: tuple[str, str], home: str, metres: float, *, clear: float = 0.0
    ) -> tuple[float, float]:
        """Return longitude and latitude at ``metres`` from the line of ``pair``, in the province ``home``.

        The distance is measured by ``Geod`` alone, to points every 50 m of the whole line; no other line of
        ``home`` lies within ``clear`` metres.
        """
        group = self.borders.pairs.index((min(pair), max(pair)))
        line = dense(*self.borders.lines(group)[:2])
        others = [
            dense(*self.borders.lines(k)[:2])
            for k, ends in enumerate(self.borders.pairs)
            if home in ends and k != group
        ]
        for at in range(len(line) // 4, len(line), 97):
            for azimuth in range(0, 360, 30):
                lon, lat, _ = GEOD.fwd(*line[at], azimuth, metres)
                place = self._settle(lon, lat, line, metres)
                if place is None or self.province(*place) != home:
                    continue
                if clear and any(nearest(*place, other)[0] < clear for other in others):
                    continue
                return place
        raise LookupError(f"no such place: {pair} {home} {metres}")

    def province(self, lon: float, lat: float) -> str:
        """Return the province of a point."""
        at = int(self.admin.locate(np.array([lon]), np.array([lat]))[0])
        return "" if at < 0 else str(self.admin.counties["province_adcode"].iloc[at])

    def _settle(self, lon: float, lat: float, line: Any, metres: float) -> tuple[float, float] | None:
        """Move a point away from its nearest point of the line until it lies at ``metres`` from it."""
        for _ in range(12):
            found, place = nearest(lon, lat, line)
            if abs(found - metres) < 1.0:
                return lon, lat
            back = GEOD.inv(place[0], place[1], lon, lat)[0]
            lon, lat, _ = GEOD.fwd(place[0], place[1], back, metres)
        return None


def dense(start: Any, end: Any) -> Any:
    """Return points along edges that are straight in longitude and latitude, at most 50 m apart."""
    length = np.asarray(GEOD.inv(start[:, 0], start[:, 1], end[:, 0], end[:, 1])[2])
    steps = np.maximum(np.ceil(length / 50.0).astype(int), 1)
    edge = np.repeat(np.arange(len(start)), steps)
    nth = np.arange(len(edge)) - np.repeat(np.cumsum(steps) - steps, steps)
    part = (nth / steps[edge])[:, None]
    return np.concatenate([start[edge] + part * (end[edge] - start[edge]), end])


def nearest(lon: float, lat: float, line: Any) -> tuple[float, Any]:
    """Return the least ``Geod`` distance to points, and the nearest of them."""
    near = np.flatnonzero(np.abs(line[:, 1] - lat) + np.abs(line[:, 0] - lon) < 1.5)
    if not len(near):
        return float("inf"), None
    metres = GEOD.inv(np.full(len(near), lon), np.full(len(near), lat), line[near, 0], line[near, 1])[2]
    return float(np.min(metres)), line[near[int(np.argmin(metres))]]


def project(place: tuple[float, float], **cells: str) -> dict[str, str]:
    """Return the row of a new cement-clinker line at a surveyed place, with some cells changed."""
    lon, lat = place
    row = (
        "", "示例熟料生产线", "示例建材公司", f"{lon:.8f}", f"{lat:.8f}", "WGS84", "现场GPS",
        "C3011 水泥制造", "2017", "新建", "报告书", "0", "是", "",
    )  # fmt: skip
    return dict(zip(HEAD, row, strict=True)) | cells


def write_projects(path: Path, rows: list[dict[str, str]]) -> Path:
    """Write rows as a csv; rows without a number are numbered P1, P2, …"""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, HEAD)
        writer.writeheader()
        for number, row in enumerate(rows, 1):
            writer.writerow({**row, "项目编号": row["项目编号"] or f"P{number}"})
    return path
