"""Lists of platforms, cameras and patrols, and official pushes, as offices keep them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from openpyxl import Workbook

from geoaq.catalog import Catalog
from geoaq.crs.shifted import wgs84_to_gcj02
from geoaq.errors import InputError
from geoaq.io.fires import read_fire_chunks
from geoaq.io.templates import write_template

HEADER = ("火点编号", "经度", "纬度", "过境时间", "卫星", "亮温", "FRP", "置信度")
PLAIN = ("HD001", "120.921735", "30.838912", "2025-06-11 13:32", "NOAA-20", "341.2", "12.4", "高")
# 13:32 in Beijing is 05:32 UTC.
AT = 1_749_619_920


def changed(**cells: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return header and row of a plain detection with cells changed or added (keys are headers)."""
    row = dict(zip(HEADER, PLAIN, strict=True)) | cells
    return tuple(row), tuple(row.values())


def beside(reading: Any) -> dict[str, str]:
    return dict(json.loads(reading.extra["data"].iloc[0]))


def test_a_plain_list_of_a_platform_is_read(listed: Callable[..., Any]) -> None:
    found = listed(HEADER, PLAIN, source="吉林省平台")
    one = found.one()
    assert (one["satellite"], one["kind"], one["acquired"]) == ("platform:吉林省平台", "platform", AT)
    assert (one["t4_k"], one["frp_mw"]) == (np.float32(341.2), np.float32(12.4))
    assert (one["confidence"], one["number"], one["deadline"]) == (2, "", -1)
    assert beside(found) == {"fire_no": "HD001", "satellite": "noaa20"}
    assert found.codes == ["datum_unstated"]


@pytest.mark.parametrize(
    "printed",
    [
        "2025/6/11 13:32", "2025年6月11日13时32分", "2025-06-11T05:32:00Z", "2025/6/11 下午 1:32",
        "202506111332", "45819.563888889", "2025-06-11 13:32:00（北京时间）", "2025-06-11 05:32 UTC",
        "2025.6.11 13:32",
    ],
)  # fmt: skip
def test_a_time_is_beijing_time_unless_it_says_otherwise(listed: Callable[..., Any], printed: str) -> None:
    assert listed(*changed(过境时间=printed)).one()["acquired"] == AT


def test_a_header_may_state_utc(listed: Callable[..., Any]) -> None:
    header = [name if name != "过境时间" else "过境时间（UTC）" for name in HEADER]
    assert listed(header, PLAIN).one()["acquired"] == AT + 8 * 3600


@pytest.mark.parametrize("cell", ["12.1 MW", "12.1兆瓦", "12.1mw", " 12.1 "])
def test_a_power_may_bear_its_unit(listed: Callable[..., Any], cell: str) -> None:
    found = listed(*changed(FRP=cell))
    assert found.one()["frp_mw"] == np.float32(12.1)
    assert "fire_number" not in found.codes


@pytest.mark.parametrize("cell", ["12.1 kW", "12.1万千瓦", "1.2.1 MW", "MW"])
def test_a_power_in_another_unit_is_not_guessed(listed: Callable[..., Any], cell: str) -> None:
    found = listed(*changed(FRP=cell))
    assert np.isnan(found.one()["frp_mw"])
    assert "fire_number" in found.codes


def test_a_day_and_a_clock_may_stand_in_two_columns(listed: Callable[..., Any]) -> None:
    header = ("编号", "经度", "纬度", "日期", "时刻")
    assert listed(header, ("1", "120.9", "30.8", "2025-06-11", "13:32")).one()["acquired"] == AT


@pytest.mark.parametrize("time", ["13:32", "13时32分", "下午1:32", "2025-06-11 13:32"])
def test_a_time_beside_a_day_may_be_a_clock_alone(listed: Callable[..., Any], time: str) -> None:
    header = ("编号", "经度", "纬度", "日期", "时间")
    assert listed(header, ("1", "120.9", "30.8", "2025-06-11", time)).one()["acquired"] == AT


def test_a_workbook_may_hold_its_days_and_clocks_as_such(tmp_path: Path, read: Callable[..., Any]) -> None:
    from datetime import date, time

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["编号", "经度", "纬度", "日期", "时间"])
    sheet.append(["1", 120.9, 30.8, date(2025, 6, 11), time(13, 32)])
    book.save(tmp_path / "火点.xlsx")
    assert read(tmp_path / "火点.xlsx").one()["acquired"] == AT


def test_a_day_alone_is_kept_as_noon_and_said(listed: Callable[..., Any]) -> None:
    header = ("编号", "中心经度", "中心纬度", "卫星过境日期")
    found = listed(header, ("1", "120.9", "30.8", "2025年6月11日"))
    assert found.one()["acquired"] == AT - 92 * 60
    assert beside(found)["time_precision"] == "day"
    assert "fire_time_day" in found.codes


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"过境时间": "昨天"}, "fire_time"),
        ({"过境时间": ""}, "fire_time_missing"),
        ({"过境时间": "2025-13-11 13:32"}, "fire_time"),
        ({"经度": ""}, "coordinate_missing"),
        ({"经度": "12.9", "纬度": "30.8"}, "coordinate_outside_china"),
        ({"坐标系": "北京54"}, "datum_refused"),
    ],
)
def test_a_row_that_cannot_be_used_goes_out_with_its_reason(
    listed: Callable[..., Any], cells: dict[str, str], code: str
) -> None:
    header, row = changed(**cells)
    good = changed(**{name: "" for name in cells if name not in HEADER})[1]
    found = listed(header, row, good)
    assert (found.rows_read, len(found.frame)) == (2, 1)
    errors = found.issues[found.issues["severity"] == "error"]
    assert errors[["row", "code"]].to_numpy().tolist() == [[2, code]]


@pytest.mark.parametrize("lon", ["120°55′18.2″", "东经120度55分18.2秒", "120:55:18.2"])
def test_positions_may_be_degrees_minutes_and_seconds(listed: Callable[..., Any], lon: str) -> None:
    one = listed(*changed(经度=lon, 纬度="30°50′20″")).one()
    assert abs(one["lon"] - (120 + 55 / 60 + 18.2 / 3600)) < 1e-9


def test_positions_in_another_datum_are_brought_to_wgs_84(listed: Callable[..., Any]) -> None:
    lon, lat = wgs84_to_gcj02(np.array([120.921735]), np.array([30.838912]))
    by_column = listed(*changed(经度=f"{lon[0]:.8f}", 纬度=f"{lat[0]:.8f}", 坐标系="GCJ-02")).one()
    told = listed(*changed(经度=f"{lon[0]:.8f}", 纬度=f"{lat[0]:.8f}"), datum="gcj02").one()
    for one in (by_column, told):
        assert abs(one["lon"] - 120.921735) < 1e-6
        assert abs(one["lat"] - 30.838912) < 1e-6


def test_cameras_towers_drones_and_patrols_are_kinds_of_their_own(listed: Callable[..., Any]) -> None:
    header = ("编号", "经度", "纬度", "发现时间", "来源", "设备编号", "照片", "上报人", "联系电话")
    words = (("视频监控", "K12"), ("瞭望塔", "塔3"), ("无人机", ""), ("群众举报", ""), ("卫星遥感", ""))
    place = ("1", "120.9", "30.8", "2025-06-11 13:32")
    rows = [(*place, word, device, "a.jpg", "张三", "13800000000") for word, device in words]
    found = listed(header, *rows, source="嘉善县")
    assert found.frame["kind"].tolist() == ["camera", "tower", "drone", "report", "platform"]
    assert found.frame["satellite"].tolist() == [
        "camera:K12", "tower:塔3", "drone:嘉善县", "report:嘉善县", "platform:嘉善县",
    ]  # fmt: skip
    assert beside(found)["picture"] == "a.jpg"
    assert "张三" not in " ".join(found.extra["data"])
    assert "13800000000" not in " ".join(found.extra["data"])


def test_a_list_of_devices_without_a_kind_says_what_was_assumed(listed: Callable[..., Any]) -> None:
    header, row = changed(设备名称="一号塔")
    assumed = listed(header, row)
    assert assumed.one()["kind"] == "platform"
    assert "fire_kind_assumed" in assumed.codes
    told = listed(header, row, kind="tower")
    assert told.one()["satellite"] == "tower:一号塔"
    assert "fire_kind_assumed" not in told.codes
    assert "fire_kind_assumed" not in listed(*changed(设备名称="一号塔", 监测方式="瞭望塔")).codes


def test_an_official_push_keeps_its_number_and_deadline(listed: Callable[..., Any]) -> None:
    header = (*HEADER, "推送编号", "推送时间", "办结时限")
    rows = [
        (*PLAIN, "JSH2025-17", "2025-06-11 14:00", "2025-06-11 16:00"),
        (*PLAIN, "JSH2025-18", "2025-06-11 14:00", "2小时内"),
        (*PLAIN, "JSH2025-19", "", "尽快"),
        # A platform sets deadlines for what it found itself, too.
        (*PLAIN, "", "", "2025-06-11 16:00"),
    ]
    found = listed(header, *rows)
    assert found.frame["kind"].tolist() == ["push", "push", "push", "platform"]
    assert found.frame["number"].tolist() == ["JSH2025-17", "JSH2025-18", "JSH2025-19", ""]
    # 16:00 in Beijing is 08:00 UTC.
    assert found.frame["deadline"].tolist() == [AT + 148 * 60, AT + 148 * 60, -1, -1]
    assert found.issues[["row", "code"]].to_numpy().tolist() == [[0, "datum_unstated"], [4, "fire_deadline"]]
    assert found.frame["satellite"].tolist() == ["push", "push", "push", "platform"]


def test_a_whole_list_may_be_told_to_be_pushes(listed: Callable[..., Any]) -> None:
    one = listed(HEADER, PLAIN, kind="push", source="省厅").one()
    assert (one["kind"], one["number"], one["satellite"]) == ("push", "HD001", "push:省厅")


def test_an_unknown_kind_is_refused(listed: Callable[..., Any]) -> None:
    with pytest.raises(InputError):
        listed(HEADER, PLAIN, kind="dragon")


def test_units_in_a_header_are_heeded(listed: Callable[..., Any]) -> None:
    header = ["亮温（℃）" if name == "亮温" else "FRP（W/m²）" if name == "FRP" else name for name in HEADER]
    found = listed(header, [cell if cell != "341.2" else "68.05" for cell in PLAIN])
    assert found.one()["t4_k"] == np.float32(341.2)
    assert np.isnan(found.one()["frp_mw"])
    assert "fire_power_unit" in found.codes


def test_confidence_in_per_cent_is_told_from_grades(listed: Callable[..., Any]) -> None:
    per_cent = listed(HEADER, *(changed(置信度=text)[1] for text in ("85%", "40", "")))
    assert per_cent.frame["confidence_pct"].tolist() == [85, 40, -1]
    assert per_cent.frame["confidence"].tolist() == [2, 1, -1]
    grades = listed(HEADER, *(changed(置信度=text)[1] for text in ("1", "3", "2")))
    assert grades.frame["confidence"].tolist() == [-1, -1, -1]
    assert "fire_confidence_grades" in grades.codes


def test_a_workbook_with_a_title_and_real_dates_is_read(tmp_path: Path, read: Callable[..., Any]) -> None:
    from datetime import datetime

    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["2025年6月秸秆焚烧火点清单"])
    sheet.append(HEADER)
    seen = datetime(2025, 6, 11, 13, 32)  # noqa: DTZ001
    sheet.append(["HD001", 120.921735, 30.838912, seen, "NOAA-20", 341.2, 12.4, "高"])
    sheet.append(["合计", 1])
    book.save(tmp_path / "火点.xlsx")
    found = read(tmp_path / "火点.xlsx")
    assert (found.one()["acquired"], found.rows_read) == (AT, 1)


def test_the_template_is_read_by_its_own_reader(tmp_path: Path, read: Callable[..., Any]) -> None:
    from openpyxl import load_workbook

    write_template(tmp_path / "t.xlsx", Catalog.load().products["fire_list"])
    book = load_workbook(tmp_path / "t.xlsx")
    sheet = book.worksheets[0]
    for column, cell in enumerate(sheet[2], start=1):
        sheet.cell(3, column, "2" if column == 1 else cell.value)
    book.save(tmp_path / "t.xlsx")
    found = read(tmp_path / "t.xlsx")
    assert (len(found.frame), found.one()["acquired"]) == (1, AT)
    assert not (found.issues["severity"] == "error").any()


@pytest.mark.parametrize(
    ("name", "body"),
    [
        ("evil.kml", '<kml xmlns="http://www.opengis.net/kml/2.2"><Document><NetworkLink/></Document></kml>'),
        ("layer.json", "<OGRVRTDataSource></OGRVRTDataSource>"),
        ("page.csv", "<!doctype html><html></html>"),
        ("text.csv", "nothing to see\nhere\n"),
        ("list.csv", "名称,经度,纬度\n甲,120.9,30.8\n"),
        ("empty.csv", ""),
    ],
)
def test_what_is_no_list_of_detections_is_refused(
    tmp_path: Path, fire_list: Any, name: str, body: str
) -> None:
    path = tmp_path / name
    path.write_text(body, "utf-8")
    with pytest.raises(InputError) as caught:
        list(read_fire_chunks(path, product=fire_list))
    assert caught.value.message("zh")


def test_a_table_without_a_header_is_told_what_a_list_of_detections_needs(
    tmp_path: Path, fire_list: Any
) -> None:
    path = tmp_path / "锅炉.csv"
    path.write_text("锅炉吨位,燃料种类\n35,煤\n", "utf-8")
    with pytest.raises(InputError) as caught:
        list(read_fire_chunks(path, product=fire_list))
    assert "过境时间" in caught.value.message("zh")
