from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from openpyxl.worksheet.worksheet import Worksheet
from python_calamine import CalamineWorkbook

from geoaq import report
from geoaq.report.added import ADDED, care_texts
from geoaq.report.workbook import _comments
from tests.report import sample

ROOT = Path(__file__).resolve().parents[2]
HEADS = [
    "筛查结果", "最近电厂", "距离（公里）", "误差（±米）", "距界线（米）", "政策依据（原文）", "文件条款",
    "时限", "待核原因", "条款口径", "定位县（市、区）", "注意事项", "数据待核",
]  # fmt: skip


def hand_back(folder: Path, source: Path | None, sheet: str = "锅炉清单", **changed: object) -> Path:
    path = folder / "findings.xlsx"
    given = {"subjects": sample.subjects(), "issues": sample.issues(), "citations": sample.CITATIONS,
             "summary": sample.summary(), "office": sample.office(source, sheet)}  # fmt: skip
    report.write_workbook(path, **(given | changed))
    return path


@pytest.fixture
def source(tmp_path: Path) -> Path:
    path = tmp_path / "source.xlsx"
    sample.write_office_xlsx(path)
    return path


@pytest.fixture
def page(tmp_path: Path, source: Path) -> Worksheet:
    return openpyxl.load_workbook(hand_back(tmp_path, source))["锅炉清单"]


def added(page: Worksheet, row: int) -> dict[str, object]:
    return {name: page.cell(row, 8 + at).value for at, name in enumerate(ADDED)}


def test_the_offices_sheets_keep_their_order_and_two_follow(tmp_path: Path, source: Path) -> None:
    book = openpyxl.load_workbook(hand_back(tmp_path, source))
    assert book.sheetnames == ["填表说明", "锅炉清单", "数据待核", "说明"]


def test_own_columns_values_and_look_come_back(page: Worksheet) -> None:
    for number, cells in enumerate([*sample.HEADER, *sample.BODY], 1):
        for column, text in enumerate(cells, 1):
            if (number, column) == (7, 7):
                continue
            value = page.cell(number, column).value
            assert (str(value) if value is not None else "") in {text, f"{text}.0"}, (number, column)
    assert page["B3"].font.name == "宋体"
    assert page["B3"].font.color.rgb == "FFFF0000"
    assert page["B3"].fill.fgColor.rgb == "FFFFFF00"
    assert page["B5"].border.left.style == "thin"
    assert page["C3"].number_format == "0.000000"
    assert page.column_dimensions["B"].width == pytest.approx(33, abs=1)
    assert page.row_dimensions[1].height == 30
    assert [str(area) for area in page.merged_cells.ranges] == ["A1:G1"]


def test_the_results_stand_beside_in_official_words(page: Worksheet) -> None:
    assert [page.cell(2, 8 + at).value for at in range(len(HEADS))] == HEADS
    assert added(page, 3) == {
        "result": "符合关停整合条款（待核实）",
        "anchor": "@某电厂",
        "distance": 28.31,
        "error": 25,
        "margin": 1690,
        "quote": "对其供热半径30公里范围内的燃煤锅炉",
        "article": "空气质量持续改善行动计划（十一）",
        "timing": "文件时限已过，后续要求待核",
        "review": "资料不全：缺“供热管网覆盖范围”图层",
        "contested": "条款口径待明确 1处",
        "place": "浙江省杭州市余杭区",
        "care": None,
        "issues": "单元格带单位，按20蒸吨读取",
    }
    assert added(page, 4)["result"] == "距离临界，需实测"
    assert str(added(page, 4)["review"]).startswith("距离临界，需实测；范围内电厂是否为热电联产")
    assert added(page, 7)["result"] == "不符合条款情形"
    assert added(page, 7)["distance"] is None


def test_a_row_of_two_boilers_gets_both_results(page: Worksheet) -> None:
    row = added(page, 5)
    assert row["result"] == (
        "第1台：符合关停整合条款（待核实）\n第2台：鼓励类：65蒸吨/小时以下燃煤锅炉清洁能源替代"
    )
    assert row["distance"] == 12
    assert row["place"] == "浙江省嘉兴市海宁市".replace("嘉兴市", "杭州市")


def test_a_row_that_cannot_be_used_says_so(page: Worksheet) -> None:
    row = added(page, 6)
    assert row["result"] == "数据待核，未能筛查"
    assert row["issues"] == "经度不是数字，应为十进制度"
    assert row["distance"] is None


def test_bad_cells_are_coloured_by_gravity_with_a_comment(page: Worksheet) -> None:
    assert page["C6"].fill.fgColor.rgb == "FFF8CBAD"
    assert page["C6"].comment is not None
    assert "经度不是数字" in page["C6"].comment.text
    assert page["E7"].fill.fgColor.rgb == "FFFFE699"
    assert page["E3"].fill.fgColor.rgb == "FFDDEBF7"
    assert page["E5"].comment is None


def test_a_comment_on_a_covered_cell_stands_at_the_corner_of_its_merged_range() -> None:
    pending = [(4, 2, "a"), (5, 2, "b"), (5, 2, "a"), (9, 3, "c")]
    assert _comments(pending, [(4, 2, 6, 2), (1, 1, 1, 9)]) == {(4, 2): "a\nb", (9, 3): "c"}
    assert _comments(pending, []) == {(4, 2): "a", (5, 2): "b\na", (9, 3): "c"}


def test_what_holds_a_closure_back_stands_beside_the_boiler() -> None:
    cited = {"brake.warm": {"quote": "确保群众温暖过冬", "document": "《计划》", "article": "（十三）"}}
    boilers = pd.DataFrame({"brakes": ["warm", ""]})
    assert care_texts(boilers, cited) == ["确保群众温暖过冬 《计划》（十三）", None]


def test_no_cell_is_a_formula_whatever_the_list_held(tmp_path: Path, source: Path) -> None:
    book = openpyxl.load_workbook(hand_back(tmp_path, source))
    cells = [cell for page in book for line in page.iter_rows() for cell in line]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    assert book["锅炉清单"]["B4"].value == sample.FORMULA
    assert book["锅炉清单"]["B4"].quotePrefix
    assert book["锅炉清单"]["I3"].quotePrefix
    assert not book["锅炉清单"]["B3"].quotePrefix


def test_macros_links_and_embedded_parts_stay_behind(tmp_path: Path, source: Path) -> None:
    with zipfile.ZipFile(source, "a") as packed:
        packed.writestr("xl/vbaProject.bin", b"macro")
        packed.writestr("xl/embeddings/oleObject1.bin", b"object")
        packed.writestr("xl/externalLinks/externalLink1.xml", b"<externalLink/>")
    with zipfile.ZipFile(hand_back(tmp_path, source)) as packed:
        names = packed.namelist()
    assert not [name for name in names if "vba" in name or "embed" in name or "external" in name.lower()]


def test_calamine_reads_the_same_sheets(tmp_path: Path, source: Path) -> None:
    book = CalamineWorkbook.from_path(str(hand_back(tmp_path, source)))
    rows = book.get_sheet_by_name("锅炉清单").to_python()
    assert rows[1][7:] == HEADS
    assert rows[2][9] == 28.31


def test_a_csv_comes_back_as_a_new_workbook_with_its_rows(tmp_path: Path) -> None:
    page = openpyxl.load_workbook(hand_back(tmp_path, None, sheet=""))["清单"]
    assert [cell.value for cell in page[3]][:5] == [1, "甲纺织有限公司", 120.1, 30.2, 20]
    assert page["E5"].value == "2×35"
    assert added(page, 3)["result"] == "符合关停整合条款（待核实）"


def test_a_workbook_that_openpyxl_cannot_take_comes_back_plain(tmp_path: Path, source: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, b"<styleSheet><nonsense" if name == "xl/styles.xml" else content)
    page = openpyxl.load_workbook(hand_back(tmp_path, broken))["锅炉清单"]
    assert added(page, 3)["distance"] == 28.31


def test_entities_in_a_workbook_are_refused_and_nothing_of_them_is_written(
    tmp_path: Path, source: Path
) -> None:
    bomb = tmp_path / "bomb.xlsx"
    name_space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strings = b'<!DOCTYPE s [<!ENTITY a "PWNED">]><sst xmlns="%s"><si><t>&a;</t></si></sst>' % name_space
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(bomb, "w") as new:
        for name in old.namelist():
            new.writestr(name, strings if name == "xl/sharedStrings.xml" else old.read(name))
    path = hand_back(tmp_path, bomb)
    with zipfile.ZipFile(path) as packed:
        assert not any(b"PWNED" in packed.read(name) for name in packed.namelist())


@pytest.mark.parametrize("member", ["xl/styles.xml", "xl/workbook.xml", "xl/worksheets/sheet1.xml"])
@pytest.mark.parametrize("entity", ['"PWNED"', 'SYSTEM "{secret}"'], ids=["internal", "external"])
def test_no_part_of_a_workbook_has_its_entities_resolved_whichever_parser_reads_it(
    tmp_path: Path, source: Path, member: str, entity: str
) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("PWNED", "utf-8")
    kind = f"<!DOCTYPE s [<!ENTITY a {entity.format(secret=secret.as_uri())}>]>".encode()
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(bomb, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == member:
                start = content.index(b"?>") + 2 if content.startswith(b"<?xml") else 0
                end = content.rindex(b"</")
                content = content[:start] + kind + content[start:end] + b"&a;" + content[end:]
            new.writestr(name, content)
    with zipfile.ZipFile(hand_back(tmp_path, bomb)) as packed:
        assert not any(b"PWNED" in packed.read(name) for name in packed.namelist())


def test_the_issue_sheet_lists_every_issue(tmp_path: Path, source: Path) -> None:
    page = openpyxl.load_workbook(hand_back(tmp_path, source))["数据待核"]
    rows = [[cell.value for cell in line] for line in page.iter_rows()]
    assert rows[0] == ["行号", "栏目", "原值", "级别", "说明"]
    assert rows[2] == [6, "经度", "东经", "无法使用", "经度不是数字，应为十进制度"]


def test_the_notes_say_what_the_result_is_good_for_and_count_in_both_units(
    tmp_path: Path, source: Path
) -> None:
    page = openpyxl.load_workbook(hand_back(tmp_path, source))["说明"]
    rows = [[cell.value for cell in line if cell.value is not None] for line in page.iter_rows()]
    assert rows[1] == ["仅供内部筛查，不作审批、处罚、问责依据"]
    assert ["政策基准日", "2026-11-21"] in rows
    assert ["筛查结果", "台", "蒸吨", "其中缺容量（台）"] in rows
    assert ["符合条款情形（待核实）", 2, 55, 0] in rows
    assert ["合计", 5, 100, 1] in rows
    assert ["另计：热电联产电厂名单未确认完整", 1, 0, 1] in rows
    [jiangshan] = [row for row in rows if row and row[0] == "浙江省衢州市江山市"]
    assert jiangshan[1:3] == [1, 0]


def test_a_sheet_of_the_office_that_has_our_name_keeps_it(tmp_path: Path, source: Path) -> None:
    book = openpyxl.load_workbook(source)
    book["填表说明"].title = "说明"
    book.save(source)
    back = openpyxl.load_workbook(hand_back(tmp_path, source))
    assert back.sheetnames == ["说明", "锅炉清单", "数据待核", "说明 2"]
    assert back["说明"]["A1"].value == "容量按铭牌填写"


def test_english_is_written_on_request(tmp_path: Path, source: Path) -> None:
    path = hand_back(tmp_path, source, lang="en")
    book = openpyxl.load_workbook(path)
    assert book.sheetnames[2:] == ["Data to check", "Notes"]
    assert added(book["锅炉清单"], 7)["result"] == "Does not meet the clause"


def test_a_sheet_that_breaks_off_comes_back_plain(tmp_path: Path, source: Path) -> None:
    broken = tmp_path / "broken.xlsx"
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(broken, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            new.writestr(name, content[:-90] if name == "xl/worksheets/sheet2.xml" else content)
    book = openpyxl.load_workbook(hand_back(tmp_path, broken))
    assert book.sheetnames == ["锅炉清单", "数据待核", "说明"]
    assert added(book["锅炉清单"], 3)["distance"] == 28.31


MEMORY = """
import resource, sys
from pathlib import Path
import numpy as np, pandas as pd
from geoaq import report
from tests.report import sample
n = 20_000
many = pd.concat([sample.subjects()[:1]] * n, ignore_index=True).assign(row=np.arange(n) + 3)
lines = ((at, [str(at), "甲", "120.1", "30.2", "20", "", ""]) for at in range(1, n + 3))
office = report.OfficeList("", 2, 7, {}, lines)
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
report.write_workbook(Path(sys.argv[1]), subjects=many, issues=sample.issues(), citations=sample.CITATIONS,
                      summary=sample.summary(), office=office)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before)
"""


def test_twenty_thousand_rows_need_little_memory(tmp_path: Path) -> None:
    path = tmp_path / "findings.xlsx"
    ran = subprocess.run(
        [sys.executable, "-c", MEMORY, str(path)], cwd=ROOT, check=True, capture_output=True, text=True
    )
    assert int(ran.stdout) < 100_000  # kB
    assert len(CalamineWorkbook.from_path(str(path)).get_sheet_by_index(0).to_python()) == 20_002


def test_a_workbook_read_ahead_is_handed_back_the_same_twice(tmp_path: Path, source: Path) -> None:
    report.read_ahead(source)
    first, second = tmp_path / "first", tmp_path / "second"
    first.mkdir()
    second.mkdir()
    assert hand_back(first, source).read_bytes() == hand_back(second, source).read_bytes()
    assert openpyxl.load_workbook(hand_back(first, source))["锅炉清单"].row_dimensions[1].height == 30
