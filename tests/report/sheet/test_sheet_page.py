"""What a sheet says: every line that is asked of it, and nothing that a cell of a list smuggles in."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree as ET

import pytest

from geoaq.report.second import second_remark
from geoaq.report.sheet import Words, detail_svg, named, overview_svg, rose_svg, sheet_css, sheet_html
from geoaq.report.sheet.page import sheet_page
from geoaq.report.sheet.pdf import LEVELS
from geoaq.report.sheet.writer import Detail
from tests.report.sheet.example import example
from tests.report.sheet.hard import HOSTILE, crowded

ASKED = [
    "示例水泥熟料生产线项目",
    "示例建材有限公司",
    "3011（GB/T 4754—2017）",
    "新建",
    "报告书",
    "DA001：80米；DA002：45米",
    "东经119.800000°，北纬31.000000°",
    "点位 东经119.800000°，北纬31.000000°（WGS 84）",
    "119°48′00.0″E 31°00′00.0″N",
    "CGCS2000",
    "小数6位",
    "位置误差±200米",
    "安徽省",
    "19.60",
    "203",
    "带内400米",
    "119.59500, 31.01000",
    "西273°",
    "19.35（差248米）",
    "20公里内",
    "江苏省",
    "20.10",
    "距离临界，需实测",
    "带外100米",
    "20公里外",
    "带外72.0公里",
    "情形一：省界两侧20公里内涉气重点行业新建项目",
    "情形二：下风向影响大的新建高架源（排气筒高于45米），不限距离",
    "“对省界两侧20公里内的涉气重点行业新建项目”",
    "“以及对下风向空气质量影响大的新建高架源项目”",
    "《空气质量持续改善行动计划》（国发〔2023〕24号）（二十六）、《浙江省空气质量持续改善行动计划》八（二）",
    "AERMOD或CALPUFF大气预测结果（下风向最大贡献浓度）",
    "需请建设单位补充的资料",
    "条款口径待明确",
    "本单位待核实",
    "替代方案不完善的不予审批",
    "同一场址的其他条款",
    "背景信息（不作判定）",
    "吹向安徽省的小时占23.1%",
    "宣城市（96公里）",
    "HZ-2026-009 示例铸造项目，相距6.4公里，符合",
    "省厅发函；已发函 2026-11-18；请于2026-12-18前复函；浙环函〔2026〕0号",
    "未发函",
    "仅供内部筛查，不作审批、处罚、问责依据；不属于审批意见。",
    "合成示例数据",
    "政策基准日：2026-11-21",
    "cn-air-2023 2026.2",
    *(digit * 64 for digit in "1237"),
]


class Seen(HTMLParser):
    """The text of a page, and every tag with its attributes."""

    def __init__(self, page):
        super().__init__()
        self.texts, self.tags = [], []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.texts.append(data)


def leaves(value):
    if isinstance(value, str):
        return [value]
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else []
    return [leaf for part in parts for leaf in leaves(part)]


@pytest.mark.parametrize("line", ASKED)
def test_the_page_says_every_line_that_is_asked_of_a_sheet(line):
    assert line in "".join(Seen(sheet_html(example())).texts)


def test_everything_on_the_page_is_said_in_english_too():
    texts = leaves(sheet_page(example(), "en"))
    assert "Screening sheet: consultation between provinces" in texts
    assert "For internal screening only; no basis for approval" in texts[texts.index("No. HZ-2026-014") + 2]
    own = [one for one in leaves(sheet_page(example(), "en")["labels"]) if re.search(r"[\u4e00-\u9fff]", one)]
    assert own == []


def test_the_linked_page_holds_no_script_no_style_and_nothing_from_outside():
    page = Seen(sheet_html(example(), stylesheet="/static/sheet.css"))
    tags = {tag for tag, _ in page.tags}
    assert not tags & {"script", "style", "img", "iframe", "object", "base", "form"}
    for _, attributes in page.tags:
        assert not any(name == "style" or name.startswith("on") for name in attributes)
        outside = [v for k, v in attributes.items() if k in {"href", "src"} and v != "/static/sheet.css"]
        assert outside == []


def test_the_page_that_stands_alone_carries_its_style_and_no_address():
    page = sheet_html(example())
    assert sheet_css() in page
    assert not re.search(r"(?:href|src)=|url\((?!#)|@import", page)


def test_what_a_list_holds_is_text_on_the_page():
    page = sheet_html(crowded())
    assert "<script>alert" not in page
    assert "alert(1)" in "".join(Seen(page).texts)
    assert not any(tag == "script" for tag, _ in Seen(page).tags)


def test_drawings_are_xml_whatever_a_name_holds():
    base = example()
    area = base.shapes.provinces[0].model_copy(
        update={"name": base.lead.model_copy(update={"zh": HOSTILE + "\x00\x0b"})}
    )
    near = base.neighbours[0].model_copy(update={"name": area.name})
    shapes = base.shapes.model_copy(update={"provinces": (area,)})
    data = example(shapes=shapes, neighbours=(near,))
    for drawing in (overview_svg(data), detail_svg(data), rose_svg(data.wind)):
        root = ET.fromstring(drawing)
        assert {one.tag.split("}")[1] for one in root.iter()} <= {
            "svg", "defs", "clipPath", "rect", "g", "path", "circle", "text",
        }  # fmt: skip


def test_the_way_of_a_drawn_site_starts_at_its_nearest_part():
    base = example()
    ring = ((119.7, 30.95), (119.9, 30.95), (119.9, 31.05), (119.7, 31.05), (119.7, 30.95))
    drawn = example(shapes=base.shapes.model_copy(update={"site": (ring,)}), neighbours=base.neighbours[:1])
    drawing = detail_svg(drawn)
    ways = re.findall(r'<path d="M([\d.]+) [\d.]+L[\d.]+ [\d.]+" fill="none"', drawing)
    centres = re.findall(r'<circle cx="([\d.]+)"', drawing)
    assert float(ways[0]) < float(centres[0]) - 10
    assert float(ways[0]) < float(centres[0]) - 10


def test_a_sheet_without_a_site_shape_wind_or_foot_is_drawn():
    measured = ("foot", "distance_m", "u_m", "bearing_deg", "second_distance_m")
    unmeasured = example().neighbours[0].model_copy(update=dict.fromkeys(measured))
    empty = ("near", "vetoes", "missing", "questions", "office", "follow_up")
    bare = example(neighbours=(unmeasured,), shapes={}, wind=None, **dict.fromkeys(empty, ()))
    ET.fromstring(overview_svg(bare))
    ET.fromstring(detail_svg(bare))
    assert sheet_html(bare).count("<svg") == 2


def test_what_a_short_sheet_leaves_out_is_counted():
    page = sheet_page(crowded(), "zh", Detail(entries=3, signs=70))
    assert page["office"][-1] == "另有27项，见同编号网页版和数据文件"
    assert page["context"][-1]["lines"][-1] == "另有397项，见同编号网页版和数据文件"
    assert "截短" in page["labels"]["foot"]
    assert all(len(one) <= 90 for one in leaves(page["limbs"]))


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_decides_is_cut_at_no_length(lang):
    data = example(
        lead=Words(zh="符合：" + "某某省、" * 60, en="Meets: " + "Some Province, " * 60),
        neighbours=tuple(
            example().neighbours[1].model_copy(update={"adcode": f"{n}0000", "name": named(f"第{n}省" * 30)})
            for n in range(11, 18)
        ),
        missing=tuple(named(f"第{n}项资料" * 30) for n in range(15)),
    )
    whole = sheet_page(data, lang)
    for _, _, detail in LEVELS:
        told = sheet_page(data, lang, detail)
        assert told["head"]["lead"] == whole["head"]["lead"]
        assert told["missing"] == whole["missing"]
        rows, all_rows = (page["neighbours"]["rows"] for page in (told, whole))
        assert [row["cells"][:-1] for row in rows] == [row["cells"][:-1] for row in all_rows]
        assert told["neighbours"]["notes"] == whole["neighbours"]["notes"]
        assert [limb["verdict"] for limb in told["limbs"]] == [limb["verdict"] for limb in whole["limbs"]]


def test_lines_that_decide_nothing_are_cut_and_counted():
    far = example().neighbours[2]
    many = tuple(far.model_copy(update={"adcode": f"{n}0000"}) for n in range(11, 20))
    page = sheet_page(example(neighbours=(example().neighbours[0], *many)), "zh", Detail(entries=2))
    assert len(page["neighbours"]["rows"]) == 3
    assert page["neighbours"]["more"] == "另有7项，见同编号网页版和数据文件"


def test_a_bare_height_of_a_stack_has_its_unit():
    base = example()
    page = sheet_page(example(project=base.project.model_copy(update={"stack_text": "80"})))
    assert "80米" in leaves(page["project"])


def test_where_the_second_boundaries_disagree_the_sheet_says_so():
    near = example().neighbours[0]
    said = second_remark(7_000.0, 9_449.0, 1_001.0, strip_km=20.0, lang="zh")
    assert "2449米" in said
    data = example(neighbours=(near.model_copy(update={"second_remark": named(said)}),))
    assert sheet_page(data)["neighbours"]["notes"] == [f"安徽省：{said}"]
    assert f"安徽省：{said}" in "".join(Seen(sheet_html(data)).texts)


@pytest.mark.parametrize(
    ("first", "second", "error", "said"),
    [
        (7_000.0, 7_900.0, 1_001.0, ""),
        (7_000.0, None, 1_001.0, ""),
        (None, 12_000.0, 1_001.0, "仅第二边界来源"),
        (18_000.0, 22_000.0, 1_001.0, "20公里外"),
        (18_900.0, 19_500.0, 1_001.0, "临界"),
        (20_500.0, 18_900.0, 1_001.0, "20公里内"),
        (95_000.0, 98_000.0, 1_001.0, "相差3000米"),
    ],
)
def test_the_second_boundaries_disagree_by_verdict_or_by_more_than_the_error(first, second, error, said):
    told = second_remark(first, second, error, strip_km=20.0, lang="zh")
    assert said in told
    assert bool(told) == bool(said)


def test_consultees_stand_first_and_lines_of_others_last():
    base = example()
    other = base.neighbours[2].model_copy(update={"adcode": "360000", "kind": "other_line"})
    page = sheet_page(example(neighbours=(other, *reversed(base.neighbours))))
    assert [row["cells"][0] for row in page["neighbours"]["rows"]] == ["安徽省", "江苏省", "上海市", "上海市"]
    assert page["neighbours"]["rows"][-1]["cells"][-2:] == ["他省界线，不作判定", "–"]


def test_a_line_of_two_others_has_no_state_of_consultation():
    base = example()
    other = base.neighbours[0].model_copy(update={"kind": "other_line"})
    page = sheet_page(example(neighbours=(*base.neighbours, other)))
    first, last = (page["neighbours"]["rows"][at]["cells"] for at in (0, -1))
    assert first[0] == last[0] == "安徽省"
    assert "2026-11-18" in first[-1]
    assert last[-1] == "–"


def test_a_class_that_was_judged_by_its_division_is_said_to_be_so():
    data = example()
    wide = data.model_copy(update={"project": data.project.model_copy(update={"industry_by_division": True})})
    assert "按大类判断，未核对小类" in sheet_html(wide, "zh")
    assert "按大类判断" not in sheet_html(data, "zh")


def test_a_key_made_from_the_row_is_no_number_of_the_office():
    data = example()
    update = {
        "project": data.project.model_copy(update={"own_number": False}),
        "number": "k-df4b62ca7574c8e3",
    }
    assert "编号：无编号" in sheet_html(data.model_copy(update=update), "zh")
