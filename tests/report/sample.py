"""A list made by hand: seven rows of a synthetic sheet, and what a screening finds of them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
from openpyxl.styles import Border, Font, PatternFill, Side

from geoaq import report

AS_OF = date(2026, 11, 21)
PHONE, CONTACT = "13800138000", "张三"
FORMULA = '=HYPERLINK("http://example.invalid","点这里")'

CITATIONS = {
    "gf.boiler.chp30": {
        "quote": "对其供热半径30公里范围内的燃煤锅炉",
        "document": "空气质量持续改善行动计划",
        "article": "（十一）",
        "title": "30公里范围内燃煤锅炉关停或整合",
        "applies": "符合关停整合条款（待核实）",
    },
    "zj.boiler.lt65": {
        "quote": "鼓励65蒸吨/小时以下燃煤锅炉",
        "document": "浙江省空气质量持续改善行动计划",
        "article": "三（三）",
        "title": "65蒸吨/小时以下燃煤锅炉清洁能源替代",
    },
    "gf.boiler.heatnet": {
        "quote": "淘汰管网覆盖范围内的燃煤锅炉和散煤",
        "document": "空气质量持续改善行动计划",
        "article": "（十一）",
        "title": "管网覆盖范围内燃煤锅炉淘汰",
    },
}

HEADER = [
    ["2026年燃煤锅炉清单（合成示例）", "", "", "", "", "", ""],
    ["序号", "使用单位", "经度", "纬度", "容量（蒸吨/小时）", "联系人", "联系电话"],
]
BODY = [
    ["1", "甲纺织有限公司", "120.1", "30.2", "20", CONTACT, PHONE],
    ["2", FORMULA, "120.3", "30.4", "10", CONTACT, PHONE],
    ["3", "丙印染有限公司", "120.5", "30.3", "2×35", CONTACT, PHONE],
    ["4", "丁公司", "东经", "30.3", "6", CONTACT, PHONE],
    ["5", "戊公司", "118.1", "28.2", "", CONTACT, PHONE],
]


def subjects() -> pd.DataFrame:
    """Return five subjects of four rows, with personal columns that must not leave."""
    frame = pd.DataFrame(
        {
            "row": [3, 4, 5, 5, 7],
            "part": [0, 0, 1, 2, 0],
            "subject_id": ["A1", "A2", "A3-1", "A3-2", "-5"],
            "name": ["甲纺织有限公司", FORMULA, "丙印染有限公司", "丙印染有限公司", "戊公司"],
            "lon": [120.1, 120.3, 120.5, 120.5, 118.1000004],
            "lat": [30.2, 30.4, 30.3, 30.3, 28.2],
            "province": ["浙江省"] * 5,
            "city": ["杭州市"] * 4 + ["衢州市"],
            "county": ["余杭区", "余杭区", "海宁市", "海宁市", "江山市"],
            "adcode": ["330110", "330110", "330481", "330481", "330881"],
            "fuel": ["coal"] * 5,
            "boiler_class": ["steam"] * 5,
            "purpose": ["industrial"] * 5,
            "status": ["operating"] * 5,
            "capacity_tph": [20.0, 10.0, 35.0, 35.0, np.nan],
            "capacity_text": ["20", "10", "2×35", "2×35", ""],
            "datum": ["wgs84"] * 5,
            "u_m": [15.0, 600.0, 15.0, 15.0, 15.0],
            "distance_u_m": [25.0, 600.5, 25.0, 25.0, np.nan],
            "lead": ["applies", "review", "applies", "encouraged", "not"],
            "lead_rule": ["gf.boiler.chp30", "gf.boiler.chp30", "gf.boiler.chp30", "zj.boiler.lt65", ""],
            "lead_outcome": ["applies", "needs_review", "applies", "applies", ""],
            "lead_timing": ["overdue", "overdue", "overdue", "no_date", ""],
            "anchor_id": ["P1", "P1", "P1", "P1", None],
            "anchor_name": ["@某电厂", "@某电厂", "@某电厂", "@某电厂", None],
            "distance_km": [28.3104567, 29.7, 12.0, 12.0, np.nan],
            "margin_m": [1689.5433, 300.0, 18000.0, 18000.0, np.nan],
            "chp_outcome": ["applies", "needs_review", "applies", "applies", "needs_review"],
            "review_reasons": [
                "missing_layer:heat_network",
                "inside_margin;chp_status",
                "",
                "",
                "chp_list_not_declared",
            ],
            "lead_contested_by": ["largest_unit", "", "", "", ""],
        }
    )
    return frame.assign(contact=CONTACT, phone=PHONE)


def findings() -> pd.DataFrame:
    """Return the long findings, rule by rule: not in the order of the subjects."""
    chp = {"rule_id": "gf.boiler.chp30", "strength": "must", "timing": "overdue", "basis": "direct"}
    net = {"rule_id": "gf.boiler.heatnet", "strength": "must", "timing": "no_date", "basis": "direct"}
    rows = [
        {**chp, "subject": 0, "outcome": "applies", "truth": "TTT", "quantity": "distance_km",
         "measured": 28.3104567, "limit": 30.0, "margin": 1.6895433, "contested_by": "largest_unit"},
        {**chp, "subject": 1, "outcome": "needs_review", "truth": "TTU", "quantity": "distance_km",
         "measured": 30.3, "limit": 30.0, "margin": -0.3, "reasons": "inside_margin;chp_status"},
        {**chp, "subject": 2, "outcome": "applies", "truth": "TTT", "quantity": "distance_km",
         "measured": 12.0, "limit": 30.0, "margin": 18.0},
        {**chp, "subject": 4, "outcome": "needs_review", "truth": "TTU", "reasons": "chp_list_not_declared"},
        {**net, "subject": 0, "outcome": "needs_review", "truth": "TU",
         "reasons": "missing_layer:heat_network"},
        {**net, "subject": 1, "outcome": "does_not_apply", "truth": "TF", "failed_condition": "heat_network"},
        {"rule_id": "zj.boiler.lt65", "strength": "encourage", "timing": "no_date", "basis": "direct",
         "subject": 3, "outcome": "applies", "truth": "TT", "quantity": "capacity_tph", "measured": 35.0,
         "limit": 65.0, "margin": 30.0},
    ]  # fmt: skip
    frame = pd.DataFrame(rows)
    words = ("outcome", "reasons", "failed_condition", "truth", "strength", "timing", "basis", "contested_by",
             "quantity", "rule_id")  # fmt: skip
    for name in words:
        frame[name] = frame[name].fillna("").astype("category")
    return frame


def pairs() -> pd.DataFrame:
    """Return the plants in reach, as the heating zone gives them."""
    return pd.DataFrame(
        {
            "subject": [0, 1, 2],
            "plant_id": ["P1", "P1", "P1"],
            "plant_name": ["@某电厂"] * 3,
            "distance_m": [28310.4567, 30300.0, 12000.0],
            "u_m": [25.0, 600.5, 25.0],
            "truth": np.array([1, 2, 1], np.int8),
            "confirmed": [True, False, True],
        }
    )


def issues() -> pd.DataFrame:
    """Return issues that have their sentences."""
    rows = [
        (3, "capacity_tph", "20蒸吨", "repair", "unit_in_cell", "{}", "单元格带单位，按20蒸吨读取", "Unit"),
        (6, "lon", "东经", "error", "not_a_number", "{}", "经度不是数字，应为十进制度", "Not a number"),
        (7, "capacity_tph", "", "warning", "blank", "{}", "缺容量", "No capacity"),
    ]
    names = ["row", "field", "value", "severity", "code", "params", "message_zh", "message_en"]
    return pd.DataFrame(rows, columns=names)


def office(source: Path | None = None, sheet: str = "") -> report.OfficeList:
    """Return where the list stands in the office's file."""
    lines = [*HEADER, *BODY]
    return report.OfficeList(
        sheet=sheet,
        header_row=2,
        width=7,
        fields={"subject_id": 1, "name": 2, "lon": 3, "lat": 4, "capacity_tph": 5},
        rows=list(enumerate(lines, 1)),
        source=source,
    )


def write_office_xlsx(path: Path) -> None:
    """Write the workbook as an office keeps it: two sheets, a merged title, borders, a formula, a width."""
    book = openpyxl.Workbook()
    notes = book.active
    notes.title = "填表说明"
    notes["A1"] = "容量按铭牌填写"
    page = book.create_sheet("锅炉清单")
    for number, cells in enumerate([*HEADER, *BODY], 1):
        for column, text in enumerate(cells, 1):
            if text:
                number_like = text.replace(".", "", 1).isdigit() and text != PHONE
                page.cell(number, column).value = float(text) if number_like else text
                page.cell(number, column).data_type = "n" if number_like else "s"
                page.cell(number, column).border = Border(left=Side("thin", color="FF00B050"))
    page.merge_cells("A1:G1")
    page["B3"].font = Font(name="宋体", size=14, bold=True, color="FFFF0000")
    page["B3"].fill = PatternFill("solid", fgColor="FFFFFF00")
    page["C3"].number_format = "0.000000"
    page["G7"] = "=1+1"
    page.column_dimensions["B"].width = 33
    page.row_dimensions[1].height = 30
    book.save(path)


def summary() -> report.Summary:
    """Return the summary of the screening."""
    tally = report.Tally("boiler")
    tally.count(subjects(), findings())
    return report.Summary(
        subject="boiler",
        as_of=AS_OF,
        rows=report.Rows(read=5, with_results=4, unusable=1, to_check=1),
        issues={"error": 1, "repair": 1, "warning": 1},
        issue_codes={"blank": 1, "not_a_number": 1, "unit_in_cell": 1},
        counts=tally.counts(),
        datum=report.DatumReport(used="wgs84"),
        inputs=(report.Input(role="list", sha256="0" * 64, size_bytes=1),),
        policy=report.Policy(id="cn-air", version="2026.1", sha256="1" * 64, readings={"chp": "plant_total"}),
        layers={"counties": "2" * 64},
        complete_for=(),
        rules_not_in_force=(report.NotInForce(rule_id="qd.boiler.new", document="QD", reason="draft"),),
        brakes=(),
        code=report.code_record(),
    )


def discs() -> object:
    """Return the disc of the one plant."""
    import geopandas as gpd
    from shapely.geometry import Point

    return gpd.GeoDataFrame({"plant_id": ["P1"]}, geometry=[Point(120.2, 30.3).buffer(0.3)], crs="EPSG:4326")


def plants() -> pd.DataFrame:
    """Return the one plant."""
    return pd.DataFrame(
        {
            "plant_id": ["P1"],
            "name": ["@某电厂"],
            "lon": [120.2],
            "lat": [30.3],
            "installed_mw": [600.0],
            "confirmed_document": ["浙发改〔2020〕1号"],
        }
    )


def write_everything(folder: Path, source: Path | None = None) -> None:
    """Write every file that the report room makes."""
    with report.FindingsWriter(folder, CITATIONS) as writer:
        writer.write(subjects(), findings(), pairs())
    report.write_issues(folder / "issues.csv", issues())
    report.write_workbook(
        folder / "findings.xlsx",
        subjects=subjects(),
        issues=issues(),
        citations=CITATIONS,
        summary=summary(),
        office=office(source, "锅炉清单"),
    )
    report.write_geojson(folder / "findings.geojson", subjects(), CITATIONS)
    layers = (report.plant_layer(plants()), report.disc_layer(discs()))
    report.write_geopackage(folder / "findings.gpkg", subjects(), layers, CITATIONS, as_of=AS_OF)
    report.write_summary(folder / "summary.json", summary())


if __name__ == "__main__":
    import sys

    write_everything(Path(sys.argv[1]), Path(sys.argv[2]))
