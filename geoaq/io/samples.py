"""Writes SYNTHETIC boiler lists, as untidy as real ones, for demonstrations and tests.

Every row says 示例数据（合成） and so does the title: no real works is meant. Only the places are real:
points near the seats of a few counties.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from geoaq.io.templates import WRITTEN

SYNTHETIC = "示例数据（合成）"
TITLE = "合成示例：燃煤锅炉清单（非真实数据）"
# Upper and lower row of the header; a column with one text spans both.
HEADER = (
    ("序号", ""), ("省份", ""), ("设区市", ""), ("县（市、区）", ""), ("单位名称", ""), ("地理坐标", "经度"),
    ("", "纬度"), ("坐标系", ""), ("使用登记证编号", ""), ("锅炉型号", ""), ("锅炉类型", ""),
    ("额定容量", "蒸吨/小时"), ("数量（台）", ""), ("燃料种类", ""), ("用途", ""), ("运行状态", ""),
    ("是否在管网覆盖范围内", ""), ("是否在建成区", ""), ("整治方式", ""), ("完成情况", ""), ("投运时间", ""),
    ("联系人", ""), ("联系电话", ""), ("备注", ""),
)  # fmt: skip
_SIZES = ("1", "2", "4", "6", "10", "10", "15", "20", "20", "25", "35", "35", "40", "65", "75")
_TRADES = ("印染", "纸业", "食品", "化工", "木业", "供热", "粮油", "制药", "酒业", "橡胶")
# Fuel marks of model codes: bituminous coal AII, gas Q; T is sold for biomass.
_MARKS = {"燃煤": "AII", "烟煤": "AII", "煤、生物质": "AII", "天然气": "Q"}
_WIDE = str.maketrans("0123456789.", "０１２３４５６７８９．")
_OPENING_UNKNOWN = 0.1
# Column → words and how often each occurs, in percent.
_WORDS: dict[str, dict[str, int]] = {
    "datum": {"CGCS2000": 50, "WGS84": 25, "国家2000": 10, "GCJ-02": 5, "": 10},
    "kind": {"蒸汽": 80, "热水": 20},
    "quantity": {"1": 80, "": 15, "2": 5},
    "fuel": {"燃煤": 70, "烟煤": 10, "生物质": 10, "天然气": 8, "煤、生物质": 2},
    "purpose": {"工业生产": 55, "集中供暖": 25, "生活": 10, "农产品加工": 10},
    "status": {"在用": 75, "备用": 10, "停用": 12, "已拆除": 3},
    "network": {"否": 60, "是": 20, "": 15, "无": 5},
    "built_up": {"否": 70, "是": 20, "": 10},
    "retrofit": {"": 40, "清洁能源替代": 30, "集中供热替代": 30},
    "spelling": {"plain": 70, "dms": 12, "named": 6, "swapped": 5, "wide": 5, "none": 1, "half": 1},
    "size_spelling": {"plain": 85, "twice": 5, "mw": 5, "unit": 5},
}


@dataclass(frozen=True)
class Place:
    """A county and a point near its seat (degrees, WGS 84)."""

    province: str
    city: str
    county: str
    lon: float
    lat: float


PLACES = (
    Place("浙江省", "嘉兴市", "嘉善县", 120.93, 30.83),
    Place("浙江省", "嘉兴市", "桐乡市", 120.56, 30.63),
    Place("浙江省", "湖州市", "长兴县", 119.91, 31.03),
    Place("江苏省", "徐州市", "沛县", 116.93, 34.73),
    Place("江苏省", "徐州市", "邳州市", 117.96, 34.34),
    Place("江苏省", "盐城市", "射阳县", 120.26, 33.77),
    Place("吉林省", "长春市", "农安县", 125.18, 44.43),
    Place("吉林省", "长春市", "德惠市", 125.72, 44.54),
    Place("河南省", "济源市", "济源市", 112.60, 35.07),
    Place("河北省", "邯郸市", "武安市", 114.20, 36.70),
    Place("陕西省", "渭南市", "韩城市", 110.44, 35.48),
)


def sample_rows(rows: int, seed: int, places: Sequence[Place] = PLACES) -> list[list[str]]:
    """Return the rows of a synthetic list as text, without header.

    About one row in three has an oddity that real lists have: degrees-minutes-seconds, full-width digits,
    longitude and latitude exchanged, ``2×10``, MW, 无, a missing coordinate.

    Parameters
    ----------
    rows
        Number of rows.
    seed
        Same seed, same rows.
    places
        Counties to scatter them around (about 3 km standard deviation).
    """
    chance = np.random.default_rng(seed)
    draw: dict[str, list[str]] = {
        name: chance.choice(list(words), rows, p=np.array(list(words.values())) / 100).tolist()
        for name, words in _WORDS.items()
    }
    draw["size"] = chance.choice(_SIZES, rows).tolist()
    draw["trade"] = chance.choice(_TRADES, rows).tolist()
    # drawn by itself, so that the other columns of a seed stay what they were
    opening = np.random.default_rng([seed, 1])
    months = opening.integers(1985 * 12, 2025 * 12, rows).tolist()
    draw["opening"] = [
        "" if unknown else f"{month // 12}年{month % 12 + 1}月"
        for month, unknown in zip(months, (opening.random(rows) < _OPENING_UNKNOWN).tolist(), strict=True)
    ]
    at = chance.integers(0, len(places), rows).tolist()
    east, north = (
        (0.03 * chance.standard_normal(rows)).tolist(),
        (0.025 * chance.standard_normal(rows)).tolist(),
    )
    return [
        _row(
            number,
            {name: drawn[number] for name, drawn in draw.items()},
            places[at[number]],
            (east[number], north[number]),
        )
        for number in range(rows)
    ]


def _row(number: int, draw: dict[str, str], place: Place, offset: tuple[float, float]) -> list[str]:
    x, y = _cells(place.lon + offset[0], place.lat + offset[1], draw["spelling"])
    gone = draw["status"] == "已拆除"
    size = draw["size"]
    mark = _MARKS.get(draw["fuel"], "T")
    model = f"SZL{size}-1.25-{mark}"
    if draw["kind"] == "热水":
        model = f"SZL{float(size) * 0.7:g}-1.0/115/70-{mark}"
    return [
        str(number + 1), place.province, place.city, place.county,
        f"合成示例{place.county[:-1]}{draw['trade']}{number + 1}号", x, y, draw["datum"],
        f"示例锅{number + 1:06d}", model, draw["kind"],
        _size(size, draw["size_spelling"]), draw["quantity"], draw["fuel"], draw["purpose"], draw["status"],
        draw["network"], draw["built_up"], "拆除取缔" if gone else draw["retrofit"], "已完成" if gone else "",
        draw["opening"], "示例", "000-00000000", SYNTHETIC,
    ]  # fmt: skip


def _cells(lon: float, lat: float, spelling: str) -> tuple[str, str]:
    plain = f"{lon:.6f}", f"{lat:.6f}"
    ways = {
        "plain": plain,
        "dms": (dms(lon), dms(lat)),
        "named": (f"E{dms(lon)}", f"N{dms(lat)}"),
        "swapped": (plain[1], plain[0]),
        "wide": (plain[0].translate(_WIDE), plain[1].translate(_WIDE)),
        "none": ("无", "无"),
        "half": ("", plain[1]),
    }
    return ways[spelling]


def dms(angle: float) -> str:
    """Return an angle as degrees, minutes and seconds with one decimal."""
    seconds = round(angle * 36_000)
    degrees, rest = divmod(seconds, 36_000)
    minutes, tenths = divmod(rest, 600)
    return f"{degrees}°{minutes:02d}′{tenths / 10:04.1f}″"


def _size(size: str, spelling: str) -> str:
    ways = {"plain": size, "twice": f"2×{size}", "mw": f"{float(size) * 0.7:g}MW", "unit": f"{size}蒸吨"}
    return ways[spelling]


def write_sample(path: Path, rows: int, *, seed: int, places: Sequence[Place] = PLACES) -> None:
    """Write a synthetic boiler list: csv (GB18030, as Excel in China saves it) by that extension, else xlsx.

    It has a title, a two-row header with merged cells, a row of totals and a footnote.
    """
    body = sample_rows(rows, seed, places)
    rest = [""] * (len(HEADER) - 1)
    foot = [["合计", *rest], [f"注：本表为合成示例，共{rows}行，不对应任何真实单位。", *rest]]
    if path.suffix.lower() == ".csv":
        upper, lower = zip(*HEADER, strict=True)
        with path.open("w", encoding="gb18030", newline="") as file:
            csv.writer(file).writerows([[TITLE, *rest], upper, lower, *body, *foot])
        return
    _write_workbook(path, body, foot)


def _write_workbook(path: Path, body: list[list[str]], foot: list[list[str]]) -> None:
    from xlsxwriter import Workbook

    with Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False}) as book:
        book.set_properties({"title": TITLE, "created": WRITTEN.replace(tzinfo=None)})
        bold = book.add_format({"bold": True, "align": "center", "valign": "vcenter", "border": 1})
        sheet = book.add_worksheet("合成示例")
        sheet.merge_range(0, 0, 0, len(HEADER) - 1, TITLE, bold)
        for place, (upper, lower) in enumerate(HEADER):
            if upper == "地理坐标":
                sheet.merge_range(1, place, 1, place + 1, upper, bold)
            elif upper and not lower:
                sheet.merge_range(1, place, 2, place, upper, bold)
            elif upper:
                sheet.write_string(1, place, upper, bold)
            if lower:
                sheet.write_string(2, place, lower, bold)
        write_rows(sheet, 3, [*body, *foot])


def write_rows(sheet: object, first: int, rows: Sequence[Sequence[str]]) -> None:
    """Write text from row ``first`` on (from 0), a number as one where Excel would have made it one."""
    for row, cells in enumerate(rows, start=first):
        for place, text in enumerate(cells):
            if text:
                write = getattr(sheet, "write_number" if _is_number(text) else "write_string")
                write(row, place, float(text) if _is_number(text) else text)


def _is_number(text: str) -> bool:
    return text.isascii() and text.replace(".", "", 1).isdigit()
