"""The printed sheet and the letter: one page, every glyph, plain text, the same bytes."""

from __future__ import annotations

import hashlib
import io
import re
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import docx
import pytest

from geoaq.errors import ConfigError, NotFoundError
from geoaq.report.sheet import LetterFields, letter_docx, map_png, sheet_html, sheet_pdf
from geoaq.report.sheet.fonts import FILES, drawable, font_dir
from geoaq.report.sheet.page import sheet_page
from geoaq.wording import catalogue
from tests.report.sheet.example import example
from tests.report.sheet.hard import HOSTILE, crowded, letter

ROOT = Path(__file__).resolve().parents[3]


LETTER_SAYS = (
    "关于商请开展示例水泥熟料生产线项目省际环评会商的函",
    "安徽省生态环境厅：",
    "最近距离为19.60公里（误差±203米）",
    "《空气质量持续改善行动计划》（国发〔2023〕24号）（二十六）、《浙江省空气质量持续改善行动计划》八（二）规定",
    "发函前须先核实",
    "氮氧化物120吨/年",
    "区域削减氮氧化物240吨/年",
    "宣城市敬亭山站，距厂址95公里",
    "某镇中心小学",
    "四、商请事项",
    "请于2026年12月18日前函复。",
    "联系人：经办人甲；联系电话：0571-00000000",
    "附件：1. 项目与省界线距离示意图",
    "2. 环境影响报告书（送审稿）",
)


def pages(pdf: bytes) -> int:
    return int(re.search(rb"/Type\s*/Pages\s*/Count (\d+)", pdf)[1])


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_usual_sheet_is_one_a4_page(lang):
    pdf = sheet_pdf(example(), lang)
    assert pages(pdf) == 1
    width, height = (float(one) for one in re.search(rb"/MediaBox\[0 0 ([\d.]+) ([\d.]+)\]", pdf).groups())
    assert (round(width), round(height)) == (595, 842)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_sheet_that_no_page_holds_is_one_page_too(lang):
    assert pages(sheet_pdf(crowded(), lang)) == 1


def test_a_sheet_that_even_the_shortest_telling_does_not_fit_is_scaled_onto_one_page():
    base = example()
    endless = base.lead.model_copy(update={"zh": "甲" * 60})
    many = base.limbs[0].clauses[0].model_copy(update={"contested": (endless,) * 3})
    clauses = tuple(
        many.model_copy(update={"quote": f"{n}" + "乙" * 68, "document": "丙" * 400}) for n in range(3)
    )
    limbs = tuple(limb.model_copy(update={"clauses": clauses, "verdict": endless}) for limb in base.limbs)
    reasons = tuple(
        one.model_copy(update={"name": endless, "adcode": f"{n}", "outcome": "needs_review"})
        for n, one in enumerate(base.neighbours)
    )
    assert pages(sheet_pdf(example(limbs=limbs, neighbours=reasons))) == 1


def test_what_a_list_holds_is_never_markup_of_the_printed_sheet():
    base = example()
    named = example(
        project=base.project.model_copy(update={"name": HOSTILE, "applicant": "#panic()", "remark": HOSTILE})
    )
    assert pages(sheet_pdf(named)) == 1


def test_no_font_of_the_machine_and_no_date_gets_into_the_printed_sheet():
    pdf = sheet_pdf(example())
    fonts = set(re.findall(rb"/BaseFont/[A-Z]{6}\+([\w-]+)", pdf))
    assert fonts == {b"NotoSansSC-Regular", b"NotoSansSC-SemiBold"}
    assert b"CreationDate" not in pdf
    assert b"ModDate" not in pdf


def test_the_fonts_hold_every_character_of_the_sheet_and_of_common_chinese():
    said = "".join(entry[lang] for code, entry in catalogue().items() for lang in entry)
    said += "".join(str(sheet_page(example(), lang)) for lang in ("zh", "en"))
    hanzi = "".join(chr(code) for code in range(0x4E00, 0x9FA6)) + "䶮㮾〇"
    printable = "".join(one for one in said if one.isprintable())
    missing = sorted({one for one in printable + hanzi if drawable(one) != one})
    assert missing == []


def test_the_characters_of_the_fonts_are_read_as_the_font_tools_read_them():
    ttlib = pytest.importorskip("fontTools.ttLib")
    from geoaq.report.sheet.fonts import _code_points

    for name in FILES:
        with ttlib.TTFont(font_dir() / name) as font:
            assert _code_points((font_dir() / name).read_bytes()) == set(font.getBestCmap())


def test_a_character_that_no_font_holds_is_spelled_out():
    assert drawable("甲\U00020bb7乙") == "甲[U+20BB7]乙"
    base = example()
    rare = example(project=base.project.model_copy(update={"name": "\U00020bb7\ue000厂"}))
    assert pages(sheet_pdf(rare)) == 1
    assert "\U00020bb7[U+E000]厂" in sheet_html(rare)


def test_missing_fonts_say_what_set_up_forgot(tmp_path, monkeypatch):
    monkeypatch.setenv("GEOAQ_STATIC", str(tmp_path))
    with pytest.raises(ConfigError) as error:
        sheet_pdf(example())
    assert error.value.code == "front_end_missing"


def test_a_map_for_a_letter_is_a_picture():
    assert map_png(example()).startswith(b"\x89PNG")


def paragraphs(content: bytes) -> list[str]:
    return [one.text for one in docx.Document(io.BytesIO(content)).paragraphs]


def test_the_letter_holds_every_part_that_is_asked_of_it():
    said = "\n".join(paragraphs(letter_docx(example(), letter())))
    for part in LETTER_SAYS:
        assert part in said, part
    document = docx.Document(io.BytesIO(letter_docx(example(), letter())))
    assert len(document.inline_shapes) == 2
    assert "草稿" in document.sections[0].header.paragraphs[0].text


def test_emissions_of_a_list_are_written_in_words():
    base = example()
    listed = "SO2 89.5 t/a；NOx 412.3 t/a；PM 约3；氨 3吨"
    data = example(project=base.project.model_copy(update={"emissions": listed}))
    zh, en = (
        "\n".join(paragraphs(letter_docx(data, LetterFields(adcode="340000"), one))) for one in ("zh", "en")
    )
    assert "排放情况：二氧化硫 89.5 吨/年；氮氧化物 412.3 吨/年；颗粒物 约3；氨 3吨" in zh
    assert "SO2 89.5 t/a; NOx 412.3 t/a" in en
    assert "二氧化硫 89.5 吨/年" in str(sheet_page(data))


def test_sender_and_day_stand_together_and_both_maps_on_a_page_of_their_own():
    lines = docx.Document(io.BytesIO(letter_docx(example(), letter()))).paragraphs
    said = [one.text for one in lines]
    sender = said.index("〔发函单位〕")
    assert all(lines[at].paragraph_format.keep_with_next for at in (sender - 3, sender, sender + 1))
    assert said[sender + 2] == "（联系人：经办人甲；联系电话：0571-00000000）"
    starts = [one.text for one in lines if one.paragraph_format.page_break_before]
    assert starts == ["附件1　项目与省界线距离示意图"]
    document = docx.Document(io.BytesIO(letter_docx(example(), letter())))
    assert sum(one.height.mm for one in document.inline_shapes) < 170


def test_the_letter_says_that_its_signs_are_chinese():
    xml = zipfile.ZipFile(io.BytesIO(letter_docx(example(), letter()))).read("word/styles.xml").decode()
    assert 'w:eastAsia="zh-CN"' in xml


@pytest.mark.parametrize(
    ("name", "writer", "bureau"),
    [
        ("安徽省", "province", "安徽省生态环境厅："),
        ("安徽省", "city", "安徽省相关设区的市生态环境局："),
        ("上海市", "province", "上海市生态环境局："),
        ("上海市", "city", "上海市生态环境局："),
        ("内蒙古自治区", "province", "内蒙古自治区生态环境厅："),
    ],
)
def test_the_letter_goes_to_the_bureau_that_the_writer_chose(name, writer, bureau):
    base = example()
    one = base.neighbours[0]
    data = example(neighbours=(one.model_copy(update={"name": one.name.model_copy(update={"zh": name})}),))
    assert bureau in paragraphs(letter_docx(data, LetterFields(adcode="340000", writer=writer)))


def test_a_field_that_the_office_left_empty_stands_as_a_gap():
    said = "\n".join(paragraphs(letter_docx(example(), LetterFields(adcode="320000"))))
    assert said.count("〔待建设单位补充〕") == 3
    assert "联系人：〔　　　〕；联系电话：〔　　　〕" in said
    assert "请于〔　　　　年　　月　　日〕前函复。" in said


def test_a_province_out_of_the_strip_is_written_to_for_the_stack_alone():
    said = "\n".join(paragraphs(letter_docx(example(), LetterFields(adcode="310000"))))
    assert "新建高架源" in said
    assert "对省界两侧20公里" not in said


def test_a_letter_to_a_province_that_is_not_on_the_sheet_is_refused():
    with pytest.raises(NotFoundError) as error:
        letter_docx(example(), LetterFields(adcode="650000"))
    assert error.value.code == "no_consultee"


def test_what_an_office_typed_is_plain_text_of_the_letter():
    content = letter_docx(example(), LetterFields(adcode="340000", reductions=HOSTILE + "\x00\x0b\n二"))
    xml = zipfile.ZipFile(io.BytesIO(content)).read("word/document.xml").decode()
    assert "<script>" not in xml
    assert any("<script>alert(1)</script>" in one for one in paragraphs(content))


def test_two_processes_seconds_apart_write_the_same_bytes_in_every_file(tmp_path):
    hashes = []
    for name in ("a", "b"):
        folder = tmp_path / name
        command = [sys.executable, "-W", "error", "-m", "tests.report.sheet.written", str(folder)]
        subprocess.run(command, cwd=ROOT, check=True)
        hashes.append({path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()})
        time.sleep(2.1 if name == "a" else 0)
    assert hashes[0] == hashes[1]
    assert hashes[0]["sheet.json"] == hashes[0]["again.json"]
    assert len(hashes[0]) == 8


@pytest.mark.parametrize(
    ("name", "yours"), [("安徽省", "贵省"), ("上海市", "贵市"), ("宁夏回族自治区", "贵区")]
)
def test_the_letter_addresses_a_province_as_what_it_is(name, yours):
    near = example().neighbours[0]
    data = example(neighbours=(near.model_copy(update={"name": near.name.model_copy(update={"zh": name})}),))
    said = "\n".join(paragraphs(letter_docx(data, LetterFields(adcode=near.adcode))))
    assert f"与{yours}省界线的最近距离" in said
    assert "所在省份待核" not in said
