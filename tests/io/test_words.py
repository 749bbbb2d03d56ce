"""What the words of cells mean: fuel, status and evidence of elimination, purpose, class of boiler."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from geoaq.io.lists import Intake
from tests.io.conftest import codes, with_cells


@pytest.mark.parametrize(
    ("text", "fuel", "issue"),
    [
        ("燃煤", "coal", None),
        ("煤（二类烟煤）", "coal", None),
        ("水煤浆", "coal", None),
        ("型煤", "coal", None),
        ("生物质成型燃料", "biomass", None),
        ("天然气", "gas", None),
        ("焦炉煤气", "gas", None),
        ("煤层气", "gas", None),
        ("煤矿瓦斯", "gas", None),
        ("瓦斯", "gas", None),
        ("煤气", "gas", None),
        ("高炉煤气", "gas", None),
        ("水煤气", "gas", None),
        ("煤制气", "gas", None),
        ("煤油", "oil", None),
        ("煤焦油", "oil", None),
        ("重油", "oil", None),
        ("煤粉", "coal", None),
        ("煤矸石", "coal", None),
        ("褐煤", "coal", None),
        ("煤泥", "coal", None),
        ("气煤", "coal", None),
        ("洗精煤", "coal", None),
        ("兰炭", "other", "fuel_like_coal"),
        ("焦炭", "other", "fuel_like_coal"),
        ("燃煤（计划改天然气）", "coal", "word_mixed"),
        ("不燃煤", "", "word_denied"),
        ("柴油", "oil", None),
        ("电", "electric", None),
        ("石油焦", "other", None),
        ("煤、生物质", "coal", "word_mixed"),
        ("生物质/煤", "coal", "word_mixed"),
        ("不明物", "", "word_unknown"),
        ("无", "", None),
    ],
)
def test_fuel_words_are_understood_and_any_coal_counts_as_coal(
    boilers: Callable[..., Intake], text: str, fuel: str, issue: str | None
) -> None:
    header, row = with_cells(燃料种类=text)
    intake = boilers([row], header)
    assert intake.frame["fuel"].tolist() == [fuel]
    assert codes(intake, 2) == ([issue] if issue else [])


@pytest.mark.parametrize(
    ("status", "way", "done", "expected"),
    [
        ("在用", "", "", ("operating", "")),
        ("正常使用", "", "", ("operating", "")),
        ("备用", "", "", ("standby", "")),
        ("停用", "", "", ("stopped", "")),
        ("未使用", "", "", ("stopped", "")),
        ("已淘汰", "", "", ("stopped", "")),
        ("拆除", "", "", ("demolished", "demolished")),
        ("已拆除", "", "", ("demolished", "demolished")),
        ("停用", "拆除取缔", "已完成", ("stopped", "demolished")),
        ("停用", "清洁能源替代", "已完成", ("stopped", "clean_energy")),
        ("停用", "烟道物理切断", "是", ("stopped", "flue_cut")),
        ("停用", "清洁能源替代", "未完成", ("stopped", "")),
        ("停用", "淘汰", "已完成", ("stopped", "")),
        ("在用", "清洁能源替代", "", ("operating", "")),
        ("停用（已物理切断）", "", "", ("stopped", "flue_cut")),
        ("在用，拟拆除", "", "", ("operating", "")),
        ("在建", "", "", ("planned", "")),
        ("计划2027年拆除", "", "", ("", "")),
        ("2026年底前拆除", "", "", ("", "")),
        ("2027年拆除", "", "", ("", "")),
        ("应拆除", "", "", ("", "")),
        ("计划于2026年底，拆除", "", "", ("", "")),
        ("停用，拟于2027年拆除", "", "", ("stopped", "")),
        ("停用待拆除", "", "", ("stopped", "")),
        ("停用，已列入拆除计划", "", "", ("stopped", "")),
        ("拆除（计划2027年）", "", "", ("", "")),
        ("停用，煤改气，计划2027年完成", "", "", ("stopped", "")),
        ("停用，部分拆除", "", "", ("stopped", "")),
        ("停用，正在拆除", "", "", ("stopped", "")),
        ("已拆除，计划新建燃气锅炉", "", "", ("planned", "demolished")),
        ("在用（计划今年底煤改气）", "", "", ("operating", "")),
        ("在用，尚未完成拆除", "", "", ("operating", "")),
        ("已于2024年6月底前拆除", "", "", ("demolished", "demolished")),
        ("2025年底前已拆除", "", "", ("demolished", "demolished")),
        ("目前已拆除", "", "", ("demolished", "demolished")),
        ("停止运行", "", "", ("stopped", "")),
        ("暂停运行", "", "", ("stopped", "")),
        ("已退出运行", "", "", ("stopped", "")),
        ("退出运行", "", "", ("stopped", "")),
        ("不再使用", "", "", ("stopped", "")),
        ("不再运行", "", "", ("stopped", "")),
        ("停产，设备正常", "", "", ("stopped", "")),
        ("未停用", "", "", ("operating", "")),
        ("在用，计划2027年停用", "", "", ("operating", "")),
        ("2020年投运", "", "", ("operating", "")),
        ("新建", "", "", ("planned", "")),
        ("拟新建", "", "", ("planned", "")),
        ("在建，预计2027年投运", "", "", ("planned", "")),
        ("迁建", "", "", ("relocating", "")),
        ("拟迁建", "", "", ("relocating", "")),
        ("扩建", "", "", ("altering", "")),
        ("改建", "", "", ("altering", "")),
        ("停用", "拆除", "2023年已完成验收", ("stopped", "demolished")),
        ("停用", "拆除", "计划2026年完成", ("stopped", "")),
        ("停用", "拆除", "尚未全部完成", ("stopped", "")),
        ("停用", "拆除", "基本完成", ("stopped", "")),
        ("停用", "拆除", "部分完成", ("stopped", "")),
        ("停用", "拆除", "2027年完成", ("stopped", "")),
        ("停用", "拟拆除", "已完成", ("stopped", "")),
        ("停用", "2025年底前煤改气", "已完成", ("stopped", "clean_energy")),
    ],
)
def test_stopped_is_no_evidence_of_elimination_and_a_plan_is_none_either(
    boilers: Callable[..., Intake], status: str, way: str, done: str, expected: tuple[str, str]
) -> None:
    header, row = with_cells(运行状态=status, 整治方式=way, 完成情况=done)
    frame = boilers([row], header).frame
    assert (frame["status"][0], frame["eliminated_by"][0]) == expected


@pytest.mark.parametrize("status", ["计划2027年拆除", "应拆除", "停用，拟于2027年拆除", "在用，拟拆除"])
def test_a_plan_to_demolish_is_a_warning(boilers: Callable[..., Intake], status: str) -> None:
    header, row = with_cells(运行状态=status)
    assert codes(boilers([row], header), 2) == ["word_denied"]


@pytest.mark.parametrize(
    ("done", "expected"),
    [
        ("已完成", []),
        ("2023年12月已完成", []),
        ("未完成", []),
        ("尚未全部完成", []),
        ("", []),
        ("基本完成", ["completion_unclear"]),
        ("部分完成", ["completion_unclear"]),
        ("计划2026年完成", ["completion_unclear"]),
        ("甲乙丙", ["completion_unclear"]),
    ],
)
def test_a_completion_that_is_not_certain_is_a_warning(
    boilers: Callable[..., Intake], done: str, expected: list[str]
) -> None:
    header, row = with_cells(运行状态="停用", 整治方式="拆除", 完成情况=done)
    assert codes(boilers([row], header), 2) == expected


@pytest.mark.parametrize(
    ("text", "purpose"),
    [
        ("集中供暖", "space_heating"),
        ("集中采暖", "space_heating"),
        ("城镇集中供暖", "space_heating"),
        ("供暖", "heating_unstated"),
        ("采暖", "heating_unstated"),
        ("取暖", "heating_unstated"),
        ("居民采暖", "heating_unstated"),
        ("冬季采暖", "heating_unstated"),
        ("职工宿舍采暖", "domestic"),
        ("宿舍采暖", "domestic"),
        ("自用取暖", "domestic"),
        ("员工食堂", "domestic"),
        ("供热", "central_steam"),
        ("集中供热", "central_steam"),
        ("园区供热", "central_steam"),
        ("供汽", "central_steam"),
        ("集中供暖、工业生产", "industrial"),
        ("集中供暖、供汽", "central_steam"),
    ],
)
def test_central_heating_alone_is_the_exempt_purpose(
    boilers: Callable[..., Intake], text: str, purpose: str
) -> None:
    header, row = with_cells(用途=text)
    assert boilers([row], header).frame["purpose"].tolist() == [purpose]


@pytest.mark.parametrize(
    "kind", ["水管锅炉", "火管锅炉", "水火管锅炉", "链条炉", "循环流化床", "循环流化床锅炉"]
)
def test_how_a_boiler_is_built_says_nothing_about_its_class(
    boilers: Callable[..., Intake], kind: str
) -> None:
    header, row = with_cells(锅炉类型=kind)
    intake = boilers([row], header)
    assert intake.frame["boiler_class"].tolist() == [""]
    assert codes(intake, 2) == []


@pytest.mark.parametrize(
    ("kind", "expected"), [("水", "hot_water"), ("汽", "steam"), ("链条炉（蒸汽）", "steam")]
)
def test_a_single_character_is_a_class_as_the_whole_cell(
    boilers: Callable[..., Intake], kind: str, expected: str
) -> None:
    header, row = with_cells(锅炉类型=kind)
    assert boilers([row], header).frame["boiler_class"].tolist() == [expected]


@pytest.mark.parametrize(
    ("text", "value"),
    [("是", 1), ("否", 0), ("√", 1), ("不在", 0), ("", 2), ("/", 2), ("建成区外", 0), ("在", 1)],
)
def test_yes_no_and_not_said_are_three_things(boilers: Callable[..., Intake], text: str, value: int) -> None:
    header, row = with_cells(是否在建成区=text, 是否在管网覆盖范围内=text)
    frame = boilers([row], header).frame
    assert (frame["built_up_stated"][0], frame["heat_network_stated"][0]) == (value, value)


@pytest.mark.parametrize(
    ("kind", "model", "expected"),
    [
        ("蒸汽", "", "steam"),
        ("热水锅炉", "", "hot_water"),
        ("导热油炉", "", "thermal_oil"),
        ("热风炉", "", "hot_air"),
        ("电站锅炉", "", "power_station"),
        ("茶浴炉", "", "facility"),
        ("", "DZL7-1.0/115/70-AII", "hot_water"),
        ("", "SZL10-1.25-AII", "steam"),
        ("", "", ""),
    ],
)
def test_the_class_of_boiler_is_stated_or_in_the_model_code(
    boilers: Callable[..., Intake], kind: str, model: str, expected: str
) -> None:
    header, row = with_cells(锅炉类型=kind, 锅炉型号=model)
    assert boilers([row], header).frame["boiler_class"].tolist() == [expected]
