"""Writes SYNTHETIC lists of projects, as untidy as real ones, for demonstrations and tests.

Every row says 示例数据（合成） and so does the title: no real project is meant. Only the places are real:
points in counties near provincial borders.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from geoaq.io.samples import SYNTHETIC, Place, dms, write_rows
from geoaq.io.templates import WRITTEN

TITLE = "合成示例：建设项目清单（非真实数据）"
HEADER = (
    "序号", "项目编号", "项目名称", "建设单位", "省份", "设区市", "县（市、区）", "经度", "纬度", "坐标系",
    "国民经济行业类别及代码", "行业代码版本", "建设性质", "环评类别", "排气筒高度（米）", "是否新建排气筒",
    "是否用煤", "煤炭替代方案", "是否新增产能", "产能置换", "区域削减方案", "新建锅炉容量（t/h）",
    "新建锅炉燃料", "新建锅炉用途", "二氧化硫排放量（t/a）", "氮氧化物排放量（t/a）", "联系人", "联系电话",
    "备注",
)  # fmt: skip
PLACES = (
    Place("浙江省", "嘉兴市", "嘉善县", 120.93, 30.90),
    Place("浙江省", "湖州市", "长兴县", 119.75, 30.95),
    Place("江苏省", "徐州市", "丰县", 116.55, 34.70),
    Place("江苏省", "苏州市", "昆山市", 121.05, 31.33),
    Place("安徽省", "宣城市", "广德市", 119.50, 30.90),
    Place("河北省", "廊坊市", "三河市", 117.05, 39.98),
    Place("天津市", "天津市", "蓟州区", 117.35, 39.95),
    Place("河南省", "南阳市", "邓州市", 112.10, 32.60),
    Place("吉林省", "四平市", "梨树县", 124.40, 43.15),
    Place("山东省", "青岛市", "即墨区", 120.60, 36.40),
)
# Name of the trade, its cell, and how often each occurs, in percent.
_TRADES: dict[tuple[str, str], int] = {
    ("水泥熟料", "C3011 水泥制造"): 15,
    ("水泥制品", "C3021 水泥制品制造"): 10,
    ("平板玻璃", "3041"): 10,
    ("铸造", "C3391 黑色金属铸造"): 15,
    ("家具", "C2110 木质家具制造"): 10,
    ("热电联产", "D4412 热电联产"): 10,
    ("生活垃圾焚烧", "N7820"): 10,
    ("工业涂装", "金属表面处理"): 10,
    ("化学药品", "C2710化学药品原料药制造（GB/T 4754-2017）"): 10,
}
_WORDS: dict[str, dict[str, int]] = {
    "datum": {"CGCS2000": 60, "WGS84": 20, "GCJ-02": 10, "": 10},
    "edition": {"2017": 60, "2011": 5, "": 35},
    "nature": {"新建": 50, "新建（迁建）": 8, "迁建": 7, "改建": 10, "扩建": 12, "技术改造": 10, "": 3},
    "eia": {"报告书": 50, "报告表": 45, "登记表": 5},
    "stack": {
        "15": 25, "30米": 15, "45": 8, "60m": 12, "80": 10, "DA001：80；DA002：45": 10, "": 8, "无": 4,
        "/": 3, "依托现有60m": 5,
    },
    "tri": {"是": 40, "否": 40, "": 20},
    "boiler": {"": 75, "10": 10, "2×35": 8, "75": 7},
    "spelling": {"plain": 80, "dms": 15, "swapped": 5},
}  # fmt: skip


def sample_project_rows(rows: int, seed: int, places: Sequence[Place] = PLACES) -> list[list[str]]:
    """Return the rows of a synthetic list of projects as text, without header.

    Parameters
    ----------
    rows
        Number of rows.
    seed
        Same seed, same rows.
    places
        Counties to scatter them around (about 6 km standard deviation).
    """
    chance = np.random.default_rng(seed)

    def drawn(words: dict[str, int]) -> str:
        return str(chance.choice(list(words), p=np.array(list(words.values())) / 100))

    trades = list(_TRADES)
    found = []
    for number in range(1, rows + 1):
        trade, industry = trades[int(chance.choice(len(trades), p=np.array(list(_TRADES.values())) / 100))]
        place = places[int(chance.integers(len(places)))]
        lon, lat = place.lon + 0.06 * chance.standard_normal(), place.lat + 0.05 * chance.standard_normal()
        boiler = drawn(_WORDS["boiler"])
        nature = drawn(_WORDS["nature"])
        found.append([
            str(number), f"示例项{number:06d}",
            f"合成示例{place.county[:-1]}{trade}{nature[:2]}项目{number}号",
            f"合成示例{trade}公司{number}号", place.province, place.city, place.county,
            *_cells(lon, lat, drawn(_WORDS["spelling"])), drawn(_WORDS["datum"]), industry,
            drawn(_WORDS["edition"]), nature, drawn(_WORDS["eia"]), drawn(_WORDS["stack"]),
            *(drawn(_WORDS["tri"]) for _ in range(6)), boiler, "燃煤" if boiler else "",
            "园区供热" if boiler else "", f"{100 * chance.random():.1f}", f"{200 * chance.random():.1f}",
            "示例", "000-00000000", SYNTHETIC,
        ])  # fmt: skip
    return found


def _cells(lon: float, lat: float, spelling: str) -> tuple[str, str]:
    plain = f"{lon:.6f}", f"{lat:.6f}"
    return {"plain": plain, "dms": (dms(lon), dms(lat)), "swapped": (plain[1], plain[0])}[spelling]


def write_project_sample(path: Path, rows: int, *, seed: int, places: Sequence[Place] = PLACES) -> None:
    """Write a synthetic list of projects: csv (GB18030) by that extension, else xlsx."""
    body = sample_project_rows(rows, seed, places)
    if path.suffix.lower() == ".csv":
        top = [TITLE, *[""] * (len(HEADER) - 1)]
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows([top, HEADER, *body])
        return
    from xlsxwriter import Workbook

    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": TITLE, "created": WRITTEN.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "border": 1, "text_wrap": True})
        sheet = book.add_worksheet("合成示例")
        sheet.merge_range(0, 0, 0, len(HEADER) - 1, TITLE, bold)
        for at, title in enumerate(HEADER):
            sheet.write_string(1, at, title, bold)
        write_rows(sheet, 2, body)
