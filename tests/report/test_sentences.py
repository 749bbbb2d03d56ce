from __future__ import annotations

import pytest

from geoaq import report
from geoaq.wording import catalogue
from tests.report import sample


@pytest.mark.parametrize(
    ("lead", "rule", "reasons", "sentence"),
    [
        ("applies", "gf.boiler.chp30", "", "符合关停整合条款（待核实）"),
        ("applies", "zj.boiler.chp30", "", "符合关停整合条款（待核实）"),
        ("applies", "zj.boiler.lt35", "", "符合“立即淘汰”条款（待核实）"),
        ("applies", "gf.boiler.heatnet", "", "符合“甲”条款（待核实）"),
        ("encouraged", "zj.boiler.lt65", "", "鼓励类：甲"),
        ("review", "gf.boiler.chp30", "inside_margin", "距离临界，需实测"),
        ("review", "gf.boiler.heatnet", "missing_layer:heat_network", "资料不全：缺管网图层"),
        ("review", "gf.boiler.heatnet", "missing_layer", "资料不全：缺图层"),
        ("review", "gf.boiler.le35.key", "a_new_code", "待核实"),
        ("review", "gf.boiler.le35.key", "", "待核实"),
        ("not", "", "", "不符合条款情形"),
    ],
)
def test_the_lead_is_said_in_official_words(lead: str, rule: str, reasons: str, sentence: str) -> None:
    assert report.lead_sentence(lead, rule, reasons, "甲") == sentence


def test_reasons_are_said_once_and_what_can_be_measured_comes_first() -> None:
    reasons = "chp_list_not_declared;missing_layer:built_up;missing_layer:heat_network;inside_margin"
    assert report.why(reasons) == (
        "距离临界，需实测；本地热电联产电厂名单未确认完整；资料不全：缺建成区图层、管网图层"
    )


def test_the_same_is_said_in_english() -> None:
    assert report.why("missing_attribute:capacity_tph", "en") == "Data incomplete: no capacity (t/h)"
    assert report.lead_sentence("applies", "js.boiler.le35", "", "≤ 35 t/h", "en") == (
        "Meets the clause “≤ 35 t/h” (to be verified)"
    )


def test_every_subject_gets_its_sentence() -> None:
    assert report.lead_sentences(sample.subjects(), sample.CITATIONS) == [
        "符合关停整合条款（待核实）",
        "距离临界，需实测；范围内电厂是否为热电联产待确认",
        "符合关停整合条款（待核实）",
        "鼓励类：65蒸吨/小时以下燃煤锅炉清洁能源替代",
        "不符合条款情形",
    ]


def test_a_passed_deadline_never_reads_as_a_breach() -> None:
    assert report.timing_sentence("overdue", "gf.boiler.chp30") == "文件时限已过，后续要求待核"
    assert report.timing_sentence("no_date", "zj.boiler.chp30") == "浙江未设期限；国家：到2025年"
    assert report.timing_sentence("no_date", "gf.boiler.heatnet") == "本条未设期限"
    assert report.timing_sentence("", "") == ""


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
