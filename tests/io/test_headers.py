"""Headers as they stand in offices: titles above, merged and two-row headers, units and remarks inside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from geoaq.catalog import Product
from geoaq.errors import InputError
from geoaq.io.lists import Intake, read_boilers
from geoaq.io.lists.synonyms import Synonyms
from tests.io.conftest import HEADER, PLAIN, codes

LEDGER_HEADERS = """
序号 设区市 地市 县（市、区） 乡镇（街道） 单位名称 企业名称 使用单位 统一社会信用代码 单位地址 经度 纬度
坐标系 行业类别 行业代码 锅炉编号 内部编号 设备代码 使用登记证编号 锅炉型号 锅炉类型（蒸汽/热水/导热油）
额定容量 额定蒸发量 额定热功率 吨位（蒸吨/小时） 数量（台）
燃料种类（燃煤/生物质/燃气/燃油/煤粉/水煤浆/型煤） 年耗煤量（吨）
用途（工业生产/集中供暖/生活/农产品加工） 投运时间 投产日期 运行状态（在用/备用/停用/拆除）
脱硫/脱硝/除尘工艺 排气筒高度 排污许可证编号 是否在管网覆盖范围内 是否在建成区
整治方式（淘汰/清洁能源替代/超低/集中供热替代/物理切断） 计划完成时间 完成情况 责任单位 联系人 联系电话
备注
"""


@pytest.mark.parametrize("header", LEDGER_HEADERS.split())
def test_every_header_of_the_ledgers_is_known(boiler_list: Product, header: str) -> None:
    assert Synonyms(boiler_list).match(header) is not None


@pytest.mark.parametrize(
    ("header", "column", "unit"),
    [
        ("额定蒸发量（t/h）", "capacity", "t/h"),
        ("额定蒸发量(蒸吨/小时)", "capacity", "t/h"),
        ("额定热功率（MW）", "capacity", "MW"),
        ("额定热功率", "capacity", "MW"),
        ("锅炉吨位", "capacity", "t/h"),
        ("额定蒸发量（t/h）或热功率（MW）", "capacity", "t/h|MW"),
        ("额定容量t/h", "capacity", "t/h"),
        ("额 定\n容 量", "capacity", ""),
        ("capacity_mw", "capacity", "MW"),
        ("*经度（°）", "lon", "°"),
        ("经度（十进制）", "lon", "°"),
        ("中心纬度", "lat", ""),
        ("Longitude", "lon", ""),
        ("数量（台）", "quantity", "台"),
    ],
)
def test_a_header_tells_its_column_and_unit(
    boiler_list: Product, header: str, column: str, unit: str
) -> None:
    match = Synonyms(boiler_list).match(header)
    assert match is not None
    assert (match.column, match.unit if column != "quantity" else unit) == (column, unit)


def test_titles_above_the_header_are_passed_over_and_rows_keep_their_numbers(
    as_xlsx: Callable[..., Path], boiler_list: Product
) -> None:
    rows = [("嘉善县燃煤锅炉清单",), ("填报单位：某局", "", "2025年10月"), (), HEADER, PLAIN]
    intake = read_boilers(as_xlsx(rows, merged=["A1:G1"]), product=boiler_list)
    assert intake.layout.header_rows == (4,)
    assert intake.layout.first_data_row == 5
    assert intake.frame["row"].tolist() == [5]


TWO_ROWS = (
    ("序号", "单位名称", "地理坐标", None, "锅炉", None, None, "燃料", None),
    (None, None, "经度", "纬度", "型号", "额定容量", "数量", "名称", "年用量"),
    (None, None, None, None, None, "t/h", "台", None, "吨"),
    (1, 2, 3, 4, 5, 6, 7, 8, 9),
    (1, "甲厂", 120.921735, 30.838912, "SZL10-1.25-AII", 10, 2, "燃煤", 900),
)


@pytest.mark.parametrize("kind", ["xlsx", "csv"])
def test_a_two_row_header_with_a_row_of_units_and_one_of_numbers_is_understood(
    as_xlsx: Callable[..., Path], as_csv: Callable[..., Path], boiler_list: Product, kind: str
) -> None:
    merged = ["A1:A2", "B1:B2", "C1:D1", "E1:G1", "H1:I1"]
    path = as_xlsx(TWO_ROWS, merged) if kind == "xlsx" else as_csv(TWO_ROWS)
    intake = read_boilers(path, product=boiler_list)
    assert intake.layout.header_rows == (1, 2, 3, 4)
    assert intake.frame[["capacity_tph", "fuel", "part"]].to_numpy().tolist() == [
        [10, "coal", 1],
        [10, "coal", 2],
    ]
    assert intake.layout.columns["fuel"] == 7
    assert "capacity_unit_assumed" not in codes(intake)


def test_two_capacity_columns_with_their_units_below_are_both_read(
    as_csv: Callable[..., Path], boiler_list: Product
) -> None:
    rows = [
        ("单位名称", "经度", "纬度", "额定容量", ""),
        ("", "", "", "t/h", "MW"),
        ("甲", "120.5", "30.5", "35", "29"),
        ("乙", "120.6", "30.5", "", "24.5"),
    ]
    intake = read_boilers(as_csv(rows), product=boiler_list)
    assert intake.frame[["capacity_tph", "capacity_conflict"]].to_numpy().tolist() == [
        [35, True],
        [35, False],
    ]
    assert codes(intake, 3) == ["capacity_conflict"]


def test_rows_that_are_no_data_are_noted_and_not_counted(
    as_csv: Callable[..., Path], boiler_list: Product
) -> None:
    second = (*PLAIN[:4], "锅10浙F00002(24)", *PLAIN[5:])
    rows = [
        HEADER,
        ("一、嘉善县", *[""] * 6),
        PLAIN,
        ("小计", "", "", "10", "", "", ""),
        ("", "", "", "", "", "", ""),
        HEADER,
        second,
        ("合  计", "", "", "20", "", "", ""),
        ("注：1.数据截至10月底", *[""] * 6),
        ("填表人：张某", "", "", "审核人：李某", "", "", ""),
    ]
    intake = read_boilers(as_csv(rows), product=boiler_list)
    assert intake.frame["row"].tolist() == [3, 7]
    assert (intake.rows_read, intake.rows_used, intake.rows_unusable) == (2, 2, 0)
    issues = intake.issues.frame().query("row > 0")
    assert dict(zip(issues["row"], issues["code"], strict=True)) == {
        2: "section_skipped",
        4: "total_skipped",
        6: "header_repeated",
        8: "total_skipped",
        9: "footnote_skipped",
        10: "footnote_skipped",
    }
    assert set(issues["severity"]) == {"repair"}


def test_cells_merged_downwards_are_filled_but_never_a_number_of_boilers(
    as_xlsx: Callable[..., Path], boiler_list: Product
) -> None:
    rows = [
        ("单位名称", "经度", "纬度", "吨位", "数量", "使用登记证编号"),
        ("甲厂", 120.5, 30.5, 10, 2, "锅10浙F00001(24)"),
        (None, 120.5, 30.6, 20, None, "锅10浙F00002(24)"),
    ]
    intake = read_boilers(as_xlsx(rows, merged=["A2:A3", "E2:E3"]), product=boiler_list)
    assert intake.frame["name"].tolist() == ["甲厂"] * 3
    assert intake.frame["capacity_tph"].tolist() == [10, 10, 20]
    assert codes(intake, 3) == ["merged_filled"]


def test_the_sheet_that_looks_most_like_the_list_is_read(tmp_path: Path, boiler_list: Product) -> None:
    from openpyxl import Workbook

    book = Workbook()
    cover = book.active
    assert cover is not None
    cover.append(["说明", "经度", "名称"])
    hidden = book.create_sheet("旧锅炉清单")
    hidden.append(list(HEADER))
    hidden.sheet_state = "hidden"
    for name, owner in (("锅炉清单", "甲厂"), ("汇总", "乙厂")):
        page = book.create_sheet(name)
        page.append(list(HEADER))
        page.append([owner, *PLAIN[1:]])
    book.save(tmp_path / "a.xlsx")
    intake = read_boilers(tmp_path / "a.xlsx", product=boiler_list)
    assert intake.layout.sheet == "锅炉清单"
    assert intake.frame["name"].tolist() == ["甲厂"]
    others = intake.issues.frame().query("code == 'other_sheets'")
    assert others["params"].str.contains("汇总").tolist() == [True]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([("a", "b", "c"), ("1", "2", "3")], "header_not_found"),
        ([("单位名称", "额定容量", "燃料种类"), ("甲", "10", "煤")], "columns_missing"),
        ([HEADER], "no_rows"),
        ([HEADER, ("合计", *[""] * 6)], "no_rows"),
    ],
)
def test_a_table_that_is_no_list_is_refused(
    as_csv: Callable[..., Path], boiler_list: Product, rows: list[tuple[str, ...]], code: str
) -> None:
    with pytest.raises(InputError) as caught:
        read_boilers(as_csv(rows), product=boiler_list)
    assert caught.value.code == code


def test_a_second_column_of_the_same_meaning_is_named(boilers: Callable[..., Intake]) -> None:
    intake = boilers([(*PLAIN, "乙")], (*HEADER, "企业名称"))
    assert "column_doubled" in codes(intake, 0)
    assert intake.frame["name"].tolist() == ["甲印染厂"]


def test_personal_columns_are_marked_and_never_in_the_frame(boilers: Callable[..., Intake]) -> None:
    header = (*HEADER, "联系人", "联系电话", "企业负责人及手机号", "填报人身份证号", "手机号码")
    intake = boilers([(*PLAIN, "张三", "13800000000", "李四", "33042119", "139")], header)
    assert intake.layout.personal == (7, 8, 9, 10, 11)
    text = intake.frame.to_csv()
    assert not any(word in text for word in ("张三", "13800000000", "李四", "33042119"))
    assert intake.raw.loc[2, "联系电话"] == "13800000000"


def test_unknown_columns_stay_in_the_original_cells_alone(boilers: Callable[..., Intake]) -> None:
    intake = boilers([(*PLAIN, "内容")], (*HEADER, "某自定义列"))
    assert intake.raw.loc[2, "某自定义列"] == "内容"
    assert "某自定义列" not in intake.layout.columns


def test_a_column_of_units_is_not_taken_for_the_name_of_a_works(boilers: Callable[..., Intake]) -> None:
    header = ("单位名称", "经度", "纬度", "锅炉规模", "单位")
    intake = boilers([("甲", "120.5", "30.5", "7", "MW"), ("乙", "120.6", "30.5", "10", "t/h")], header)
    assert intake.frame["capacity_tph"].tolist() == [10, 10]
    assert intake.frame["name"].tolist() == ["甲", "乙"]
    assert "column_doubled" not in codes(intake)


def test_who_filled_the_list_in_is_not_repeated_in_the_issues(boilers: Callable[..., Intake]) -> None:
    rest = [""] * (len(HEADER) - 1)
    intake = boilers([PLAIN, ("填表人：张三 电话：13800000000", *rest), ("注：截至10月", *rest)])
    assert intake.issues.frame().query("row > 2")["value"].tolist() == ["填表人：…", "注：截至10月"]
