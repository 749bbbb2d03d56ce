from __future__ import annotations

import re
from io import BytesIO
from xml.etree import ElementTree as ET

import pytest

from geoaq.errors import InputError
from geoaq.report.fire_bulletin import (
    Pass,
    bulletin_html,
    bulletin_json,
    bulletin_page,
    bulletin_pdf,
    bulletin_xlsx,
    map_svg,
    read_bulletin,
)
from geoaq.report.sheet.words import named
from tests.report.fire_bulletin.sample import HOSTILE, bulletin, detection, unit

SENTENCES = (
    "本通报不包括云覆盖下的火点信息。",
    "未观测不等于无火。",
    "仅供内部筛查，不作审批、处罚、问责依据。",
)


def said(data, lang: str = "zh") -> str:
    page = bulletin_page(data, lang, most=40)
    return "\n".join(text for part in page["parts"] for text in part["paragraphs"])


def table(data, key: str, lang: str = "zh") -> dict:
    page = bulletin_page(data, lang, most=40)
    return next(one for part in page["parts"] for one in part["tables"] if one["key"] == key)


def book(data, lang: str = "zh"):
    import openpyxl

    return openpyxl.load_workbook(BytesIO(bulletin_xlsx(data, lang)))


def test_what_must_be_said_is_said_in_every_form() -> None:
    data = bulletin()
    cells = [
        str(cell) for sheet in book(data) for row in sheet.iter_rows(values_only=True) for cell in row if cell
    ]
    for sentence in SENTENCES:
        assert sentence in bulletin_html(data, most=40)
        assert any(sentence in cell for cell in cells)


def test_the_same_bulletin_gives_the_same_bytes_from_its_json() -> None:
    data = bulletin()
    again = read_bulletin(bulletin_json(data))
    for write in (bulletin_json, bulletin_xlsx, lambda one: bulletin_pdf(one, most=40)):
        assert write(data) == write(again)


def test_what_is_no_bulletin_is_refused_with_its_place() -> None:
    with pytest.raises(InputError) as refused:
        read_bulletin(b'{"kind": "year"}')
    assert refused.value.params["place"] == "kind"


def test_words_of_others_stay_words() -> None:
    html = bulletin_html(bulletin(), most=40)
    assert "<script>" not in html
    assert HOSTILE.replace("<", "&lt;").replace(">", "&gt;") in html
    sheet = book(bulletin())["上级推送"]
    bitten = [cell for row in sheet.iter_rows() for cell in row if cell.value == HOSTILE]
    assert bitten
    assert all(cell.data_type == "s" and cell.quotePrefix for cell in bitten)
    assert b"/JS" not in bulletin_pdf(bulletin(), most=40)


def test_the_kinds_add_up_to_all_records() -> None:
    rows = table(bulletin(), "ledger")["rows"]
    sums = [[int(cell) for cell in row[1:]] for row in rows]
    assert sums[-1] == [sum(column) for column in zip(*sums[:-1], strict=True)]
    assert sums[-1][-1] == bulletin().total


def test_unknown_is_never_a_number() -> None:
    rows = {row[1].split("\n")[0]: row for row in table(bulletin(), "units_county")["rows"]}
    assert rows["萧县"][0] == "未排名"
    assert rows["萧县"][7:] == ["未知", "无资料", "无资料", "未知"]
    assert rows["埇桥区"][0] == "1"
    assert rows["埇桥区"][-3:] == ["无资料", "4", "35%"]


def test_a_period_without_data_is_not_compared_and_a_partial_one_only_with_a_word() -> None:
    told = said(bulletin())
    assert "上期（2025-06-10至2025-06-10）未观测或无资料，不作比较。" in told
    assert "减少4个（50.0%）" in told
    assert "资料不全（应有5颗次、实有2颗次）" in told
    assert "NOAA-21缺2025-06-11" in told


def test_no_fire_detected_is_not_said_to_be_no_fire() -> None:
    from geoaq.report.fire_bulletin import Ledger

    nothing = tuple(Ledger(group=one.group, satellite=0, other=0, push=0) for one in bulletin().ledger)
    data = bulletin(ledger=nothing, total=0, units=(), points=(), events=0, events_verified=0)
    assert "本期未监测到疑似秸秆焚烧火点。未观测不等于无火。" in said(data)
    waiting = said(data.model_copy(update={"unjudged": 2}))
    assert "未监测到疑似秸秆焚烧火点" not in waiting
    assert "研判完成前不能说明有无秸秆焚烧" in waiting
    unseen = tuple(one.model_copy(update={"seen": 0}) for one in data.passes)
    assert "不能说明有无火点" in said(data.model_copy(update={"passes": unseen}))


def test_a_period_that_nobody_observed_is_not_compared_with_another() -> None:
    unseen = bulletin(passes=(Pass(satellite="snpp", expected=True, days=1, seen=0, missing=()),))
    assert "2024-06-11" not in said(unseen)
    assert "2024-06-11" in said(bulletin())


def test_areas_are_named_as_highest_by_verified_points_alone() -> None:
    many = unit(adcode="341322", name=named("萧县"), straw=90, verified=1, suspected=89, intensity=0.9,
                intensity_verified=0.0102, rank=2, rank_intensity=2)  # fmt: skip
    only = unit(adcode="341324", name=named("泗县"), straw=70, verified=0, suspected=70, intensity=0.8,
                intensity_verified=0.0, rank=0, rank_intensity=0)  # fmt: skip
    told = said(bulletin(units=(only, many, unit())))
    assert "\n已核实火点数较多的县（市、区）：埇桥区2个、萧县1个。" in told
    assert "每千公顷耕地已核实火点数较高的县（市、区）：埇桥区0.0131、萧县0.0102。" in told


def test_where_nothing_is_verified_no_area_is_named_as_highest() -> None:
    units = tuple(
        unit(adcode=code, name=named(name), verified=0, suspected=3, intensity_verified=0.0, rank=0,
             rank_intensity=0)
        for code, name in (("341302", "埇桥区"), ("341322", "萧县"))
    )  # fmt: skip
    data = bulletin(units=units)
    told = said(data)
    assert "较多" not in told
    assert "较高" not in told
    assert "各县（市、区）火点均为疑似，待核实，不作排名。" in told
    assert {row[0] for row in table(data, "units_county")["rows"]} == {"未排名"}


def test_long_lists_are_cut_on_pages_and_counted_and_whole_in_the_workbook() -> None:
    many = tuple(detection(number=at + 1) for at in range(60))
    data = bulletin(points=many, points_left_out=0)
    points = table(data, "points")
    assert len(points["rows"]) == 40
    assert "另有20条见工作簿。" in points["notes"]
    assert book(data)["疑似火点清单"].max_row >= 64


def test_the_workbook_has_the_columns_of_the_authorities() -> None:
    heads = [cell.value for cell in book(bulletin())["疑似火点清单"][4]]
    wanted = (
        "设区市", "县（市、区）", "乡镇", "中心经度", "中心纬度", "中心经度（度分秒）",
        "卫星过境时间（北京时间）", "卫星过境时间（UTC）", "卫星", "传感器",
        "像元尺寸（公里）", "置信度", "辐射功率（兆瓦）", "耕地比例",
        "是否禁烧区（哪一类）", "判别结果", "依据",
    )  # fmt: skip
    assert set(wanted) <= set(heads)


def test_official_pushes_and_other_detections_stand_apart() -> None:
    data = bulletin()
    assert len(table(data, "pushes")["rows"]) == 1
    assert len(table(data, "aside")["rows"]) == 1
    assert "上级推送1条，单列" in said(data)


def test_an_estimate_of_arable_land_says_that_it_is_one() -> None:
    notes = "".join(table(bulletin(arable="land_cover"), "units_county")["notes"])
    assert "粗略推算" in notes
    assert "不作强度排名" in notes


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_map_is_whole_svg_with_every_sign_and_nothing_from_outside(lang: str) -> None:
    drawing = map_svg(bulletin(), lang)
    ET.fromstring(drawing)
    assert drawing.count("#7a1507") == 2  # one point and the legend
    assert not re.search(r"href|url\((?!#)", drawing)


def test_a_map_without_points_says_so() -> None:
    empty = bulletin().shapes.model_copy(update={"dots": ()})
    assert "本期无火点可绘" in map_svg(bulletin(shapes=empty))


def test_english_pages_hold_no_chinese_sentence() -> None:
    page = bulletin_page(bulletin(area=unit().name), "en", most=40)
    told = [text for part in page["parts"] for text in part["paragraphs"]]
    names = "埇桥区|萧县|宿州市"
    assert [text for text in told if re.search(r"[\u4e00-\u9fff]", re.sub(names, "", text))] == []


def test_the_pdf_prints_its_words() -> None:
    assert bulletin_pdf(bulletin(), most=40).startswith(b"%PDF-")
    assert bulletin_pdf(bulletin(), "en", most=40).startswith(b"%PDF-")
