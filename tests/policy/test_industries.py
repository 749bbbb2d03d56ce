"""Codes of GB/T 4754 against the lists: what is listed, what is a candidate, and what nobody can decide."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.policy import Pack

WIDER, PROCESS = "R industry_wider", "R industry_process"
EDITION = "R missing_attribute:industry_edition"
_LETTERS = {TRUE: "A", FALSE: "N", UNKNOWN: "R"}


def told(pack: Pack, code: str, edition: str = "2017", words: str = "", name: str = "guide39") -> str:
    truth, reason = pack.industries.verdict(name, code, edition, words)
    return f"{_LETTERS[truth]} {reason}".strip()


def test_the_guide_has_39_industries_each_with_a_code(pack: Pack) -> None:
    entries = pack.industries.lists["guide39"].entries
    assert [entry.no for entry in entries] == list(range(1, 40))
    assert pack.industries.lists["guide39"].number == "环办大气函〔2020〕340号"


@pytest.mark.shared
def test_the_reading_names_the_same_industries(pack: Pack, shared: Path) -> None:
    text = (shared / "policy" / "READING.md").read_text("utf-8")
    listed = text[text.index("1 长流程联合钢铁") : text.index("Rules: thermal power")]
    for entry in pack.industries.lists["guide39"].entries:
        assert f"{entry.no} {entry.name}" in listed, entry


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("3011", "A"),
        ("3021", "N"),
        ("3110", "A"),
        ("3120", "A"),
        ("3130", WIDER),
        ("3140", "A"),
        ("2521", "A"),
        ("3012", WIDER),
        ("3391", "A"),
        ("3216", "A"),
        ("3231", WIDER),
        ("3252", "A"),
        ("3031", WIDER),
        ("3071", "A"),
        ("3075", WIDER),
        ("3081", WIDER),
        ("3089", "A"),
        ("3041", "A"),
        ("3055", WIDER),
        ("3033", "A"),
        ("3034", WIDER),
        ("2511", "A"),
        ("2614", WIDER),
        ("2621", WIDER),
        ("2710", "A"),
        ("2770", "N"),
        ("2319", WIDER),
        ("2021", "A"),
        ("2110", "A"),
        ("3611", "A"),
        ("3514", WIDER),
        ("3434", PROCESS),
        ("3360", PROCESS),
        ("4411", "N industry_flagged"),
        ("4412", "N industry_flagged"),
        ("4417", "N industry_flagged"),
        ("4430", "N"),
        ("1310", "N"),
        ("2624", "N"),
        ("", "R missing_attribute:industry_code"),
        ("30", "R industry_incomplete"),
        ("301", "R industry_incomplete"),
        ("325", "A"),
        ("45", "N"),
        ("3013", "R unknown_industry"),
        ("9999", "R unknown_industry"),
        ("30111", "R unknown_industry"),
        ("水泥", "R unknown_industry"),
    ],
)
def test_a_code_falls_as_its_class_meets_the_guide(code: str, expected: str, pack: Pack) -> None:
    assert told(pack, code) == expected


@pytest.mark.parametrize(
    ("code", "of_2017", "of_2011", "unstated"),
    [
        ("3011", "A", "A", "A"),
        ("3021", "N", "N", "N"),
        ("3032", "N", "A", EDITION),  # 2011 建筑陶瓷, 2017 建筑用石加工
        ("3033", "A", "N", EDITION),  # 2017 防水建筑材料, 2011 建筑用石加工
        ("3034", WIDER, "A", EDITION),  # 2011 防水建筑材料, 2017 隔热和隔音材料
        ("3130", WIDER, "A", EDITION),  # 2011 黑色金属铸造, 2017 钢压延加工
        ("3140", "A", WIDER, EDITION),
        ("3391", "A", PROCESS, EDITION),
        ("2521", "A", "R unknown_industry", "A"),  # a class of one edition only speaks for itself
        ("2520", "R unknown_industry", "A", "A"),
        ("3150", "R unknown_industry", "A", "A"),
        ("3250", "R unknown_industry", "A", "A"),
        ("3253", "A", "R unknown_industry", "A"),
        ("4411", "N industry_flagged", "N industry_flagged", "N industry_flagged"),
        ("4412", "N industry_flagged", "N", "N industry_flagged"),  # 2011 水力发电
    ],
)
def test_a_code_that_moved_asks_for_its_edition(
    code: str, of_2017: str, of_2011: str, unstated: str, pack: Pack
) -> None:
    assert [told(pack, code, edition) for edition in ("2017", "2011", "")] == [of_2017, of_2011, unstated]


@pytest.mark.parametrize(
    ("name", "code", "words", "expected"),
    [
        ("guide39", "3034", "年产5万吨岩棉生产线", "A"),
        ("guide39", "3034", "挤塑保温板", WIDER),
        ("guide39", "7820", "生活垃圾焚烧厂", "N industry_flagged"),
        ("guide39", "7724", "危险废物焚烧处置中心", "N industry_flagged"),
        ("guide39", "7724", "危险废物填埋场", "N"),
        ("guide39", "3031", "烧结砖生产线", "A"),
        ("guide39", "2669", "炭黑", "A"),
        ("guide39", "2916", "运动场地用塑胶制造", WIDER),
        ("guide39", "2039", "木制品喷涂", PROCESS),
        ("guide39", "3011", "喷涂", "A"),
        ("js_capacity", "3011", "日产5000吨熟料", "A"),
        ("js_capacity", "3011", "水泥制造", WIDER),
        ("js_capacity", "3011", "粉磨站（外购熟料）", WIDER),
        ("js_capacity", "3216", "电解铝", "A"),
        ("js_capacity", "3041", "平板玻璃制造", "A"),
        ("js_capacity", "3041", "光伏压延玻璃", WIDER),
        ("js_capacity", "2511", "炼化一体化", WIDER),
        ("js_capacity", "3089", "", "N"),
        ("steel", "3120", "", "A"),
        ("steel", "3130", "", WIDER),
        ("steel", "3011", "", "N"),
    ],
)
def test_what_the_row_says_confirms_or_doubts_a_class(
    name: str, code: str, words: str, expected: str, pack: Pack
) -> None:
    assert told(pack, code, words=words, name=name) == expected


def test_a_long_list_with_a_name_a_row_is_judged_like_its_rows_one_by_one(
    pack: Pack, screen: Any, example: Any
) -> None:
    from geoaq.policy import evaluate

    codes = ["3034", "3011", "2039", "4411", ""] * 40
    names = [
        f"第{k}号项目{'岩棉' if k % 3 == 0 else '喷涂' if k % 3 == 1 else ''}" for k in range(len(codes))
    ]
    subjects = [
        example.project("TS", industry_code=code, name=name, industry_text="")
        for code, name in zip(codes, names, strict=True)
    ]
    long = evaluate(pack, example.columns(subjects), subject="project", as_of=example.as_of)
    rows = long[long["rule_id"] == "gf.border20"]
    alone = [screen(subject, "project")["gf.border20"] for subject in subjects[:15]]
    assert rows["outcome"].astype(str).tolist()[:15] == [one.outcome for one in alone]
    assert rows["reasons"].astype(str).tolist()[:15] == [one.reasons for one in alone]


def test_every_listed_class_of_the_known_divisions_exists_in_its_edition(pack: Pack) -> None:
    wrong = [
        (name, code, edition)
        for name, listed in pack.industries.lists.items()
        for entry in listed.entries
        for edition in ("2017", "2011")
        for how, code in entry.codes(edition)
        if not pack.industries.known(code, edition) and how != "process"
    ]
    assert wrong == [], json.dumps(wrong, ensure_ascii=False)


@pytest.mark.parametrize(
    ("code", "edition", "expected"),
    [
        ("1399", "2017", True),
        ("13", "2017", False),
        ("3011", "2017", False),
        ("9999", "2017", False),
        ("", "", False),
    ],
)
def test_a_code_whose_class_nobody_listed_is_known_by_its_division_only(
    pack: Pack, code: str, edition: str, expected: bool
) -> None:
    assert pack.industries.by_division(code, edition) is expected
