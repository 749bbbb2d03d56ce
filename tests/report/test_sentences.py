from __future__ import annotations

import pytest

from geoaq import report
from geoaq.wording import catalogue
from tests.report import sample


@pytest.mark.parametrize(
    ("lead", "reasons", "sentence"),
    [
        ("applies", "inside_margin", "符合“甲”条款（待核实）"),
        ("encouraged", "", "鼓励类：甲"),
        ("review", "inside_margin", "距离临界，需实测"),
        ("review", "missing_layer:heat_network", "资料不全：缺“供热管网覆盖范围”图层"),
        ("review", "missing_attribute:capacity_tph", "资料不全：缺“额定容量”"),
        ("review", "a_new_code", "待核"),
        ("review", "", "待核"),
        ("not", "", "不符合条款情形"),
        ("none", "", "政策基准日无现行文件，或该地区不在文件范围内"),
    ],
)
def test_the_lead_is_said_in_official_words(lead: str, reasons: str, sentence: str) -> None:
    assert report.lead_sentence(lead, "gf.boiler.heatnet", reasons, "甲") == sentence


def test_a_rule_that_has_its_own_sentence_says_it() -> None:
    own = "符合“立即淘汰”条款（待核实）"
    assert report.lead_sentence("applies", "zj.boiler.lt35", "", "甲", applies=own) == own


def test_reasons_are_said_once_and_what_can_be_measured_comes_first() -> None:
    reasons = "chp_list_not_declared;missing_layer:built_up;missing_layer:heat_network;inside_margin;"
    assert report.why(reasons + "inside_margin") == (
        "距离临界，需实测；资料不全：缺“城市建成区”图层、“供热管网覆盖范围”图层；本地热电联产电厂名单未确认完整"
    )


@pytest.mark.parametrize("code", sorted(code for code in catalogue() if code.startswith("reasons.")))
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_reason_of_the_policy_can_be_said(code: str, lang: str) -> None:
    assert report.why(code.removeprefix("reasons.") + ":capacity_tph", lang)


def test_the_same_is_said_in_english() -> None:
    assert report.why("missing_attribute:capacity_tph;inside_margin", "en").startswith("within the error")
    assert report.lead_sentence("applies", "js.boiler.le35", "", "≤ 35 t/h", "en") == (
        "Meets the clause “≤ 35 t/h” (to be verified)"
    )


def test_every_subject_gets_its_sentence() -> None:
    assert report.lead_sentences(sample.subjects(), sample.CITATIONS) == [
        "符合关停整合条款（待核实）",
        "距离临界，需实测",
        "符合关停整合条款（待核实）",
        "鼓励类：65蒸吨/小时以下燃煤锅炉清洁能源替代",
        "不符合条款情形",
    ]


def test_a_passed_deadline_never_reads_as_a_breach() -> None:
    assert report.timing_sentence("overdue", {}) == "文件时限已过，后续要求待核"
    assert report.timing_sentence("no_date", {"timing": "浙江未设期限；国家：到2025年"}) == (
        "浙江未设期限；国家：到2025年"
    )
    assert report.timing_sentence("", {}) == ""


def test_no_sentence_of_the_exports_uses_a_word_that_the_official_table_replaces() -> None:
    refused = ("适用", "应关停", "需复核", "已逾期", "无期限", "争议", "结论", "有问题", "基准日：")
    wrong = [
        (code, word)
        for code, entry in catalogue().items()
        if code.startswith("reports.")
        for word in refused
        if word in entry["zh"]
    ]
    assert wrong == []
