"""The why of a finding, in both languages and in careful words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from geoaq.findings import TRUE
from geoaq.policy import Pack, evaluate, explain, verdict
from geoaq.policy.explain import reason_note
from geoaq.policy.notes import Measure, Note, Word
from geoaq.policy.sources import Title

KNOWN = {
    "fuel": "coal",
    "boiler_class": "steam",
    "purpose": "industrial",
    "status": "operating",
    "capacity_tph": 75.0,
    "distance_km": 28.314,
    "anchor_name": "甲热电厂",
}


def why(pack: Pack, rule: str, truth: str, as_of: date, **more: Any) -> Any:
    return explain(pack, rule, truth, as_of=as_of, values=KNOWN, **more)


def test_each_condition_says_what_was_measured_and_the_limit(pack: Pack, example: Any) -> None:
    told = why(pack, "zj.boiler.chp30", "TTTTT", example.as_of, contested_by="largest_unit")
    assert told.verdict.text("zh") == "符合关停整合条款（待核实）"
    assert told.timing.text("zh") == "浙江未设期限；国家：到2025年"
    distance = told.conditions[-1]
    assert (distance.id, distance.truth) == ("anchor_30km", "true")
    assert distance.note.text("zh") == (
        "距甲热电厂28.31公里（直线）；条款：30公里范围内、30万千瓦及以上热电联产电厂（全厂装机口径）"
    )
    assert "300 MW" in distance.note.text("en")
    assert [note.text("zh") for note in told.contested] == ["若采用“按单机口径”，结果不同"]
    assert told.brakes == ("heating_plan_zj",)
    assert told.responsible[0] == "省发展改革委"


def test_what_would_flip_a_failed_condition_is_said(pack: Pack, example: Any) -> None:
    told = why(pack, "zj.boiler.lt35", "TTTTF", example.as_of)
    assert told.verdict.text("zh") == "不符合条款情形"
    assert [note.text("zh") for note in told.flips] == ["若满足“35蒸吨/小时以下（不含）”，结果可能改变"]
    assert "容量：75蒸吨/小时" in told.conditions[-1].note.text("zh")


def test_what_is_missing_is_asked_for(pack: Pack, example: Any) -> None:
    told = why(pack, "gf.boiler.heatnet", "TTTU", example.as_of, reasons="missing_layer:heat_network")
    assert told.verdict.text("zh") == "资料不全"
    assert [note.text("zh") for note in told.reasons] == ["缺少图层“供热管网覆盖范围”"]
    assert [note.text("zh") for note in told.flips] == ["待核实：位于供热管网覆盖范围内"]


@pytest.mark.parametrize(
    ("outcome", "reasons", "sentence"),
    [
        ("applies", "", "符合“立即淘汰”条款（待核实）"),
        ("does_not_apply", "", "不符合条款情形"),
        ("does_not_apply", "eliminated", "已淘汰（有佐证），不符合条款情形"),
        ("needs_review", "inside_margin", "距离临界，需实测"),
        ("needs_review", "missing_attribute:fuel;inside_margin", "资料不全"),
        ("needs_review", "conflicting_sources", "数据互相矛盾，待核"),
        ("needs_review", "elimination_evidence", "停用待佐证"),
        ("needs_review", "chp_status;inside_margin", "距离临界，需实测"),
        ("needs_review", "chp_list_not_declared", "热电联产电厂待确认"),
        ("needs_review", "undefined_term:space_heating", "条款口径待明确"),
    ],
)
def test_an_outcome_is_worded_with_care(outcome: str, reasons: str, sentence: str, pack: Pack) -> None:
    assert verdict(pack, "zj.boiler.lt35", outcome, reasons).text("zh") == sentence


def test_an_encouraging_word_is_not_painted_as_a_duty(pack: Pack) -> None:
    assert verdict(pack, "zj.boiler.lt65", "applies").text("zh").startswith("鼓励类")


def test_timing_past_its_date_does_not_say_that_the_rule_ended(pack: Pack, example: Any) -> None:
    told = why(pack, "gf.boiler.le35.key", "TTTTT", example.as_of)
    assert told.timing.text("zh") == "文件时限已过，后续要求待核"
    early = why(pack, "gf.boiler.le35.key", "TTTTT", date(2024, 6, 1))
    assert early.timing.text("zh") == "未到文件时限"


def test_a_second_limb_is_shown_beside_the_rule(pack: Pack, example: Any) -> None:
    told = why(pack, "gf.boiler.biomass", "TTT", example.as_of)
    assert told.limbs[0].text("zh").startswith("另：位于城市建成区内——“积极引导")


def test_every_condition_of_every_rule_can_be_said_in_both_languages(pack: Pack, example: Any) -> None:
    for rule in pack.rules.values():
        for subject in rule.when:
            for letter in "TFU":
                truth = letter * len(rule.conditions(subject))
                told = why(pack, rule.id, truth, example.as_of, subject=subject)
                notes = [
                    told.verdict,
                    told.timing,
                    *told.flips,
                    *told.limbs,
                    *(c.note for c in told.conditions),
                ]
                texts = [note.text(lang) for note in notes for lang in ("zh", "en")]
                assert all(texts)
                assert not [text for text in texts if "terms." in text or "policy." in text]


def test_every_reason_that_can_come_up_has_its_sentence(pack: Pack, example: Any) -> None:
    bare = {name: example.columns([example.boiler("HZ")])[name] for name in ("adcode", "province_adcode")}
    seen: set[str] = set()
    for subject in ("boiler", "unit"):
        seen |= set(evaluate(pack, bare, subject=subject, as_of=example.as_of)["reasons"])
    seen |= {
        f"undefined_term:{term}" for term in ("boiler_word", "space_heating", "city_built_up", "loose_coal")
    }
    seen |= {
        "chp_status",
        "chp_list_not_declared",
        "other_clause",
        "cross_province",
        "contested",
        "eliminated",
    }
    seen |= {"stated_inside:built_up", "stated_outside:heat_network", "undefined_term:attainment"}
    for reason in {one for joined in seen for one in joined.split(";") if one}:
        for lang in ("zh", "en"):
            text = reason_note(reason).text(lang)
            assert "terms." not in text
            assert "{" not in text


def test_values_are_shown_as_they_are_never_as_templates(pack: Pack, example: Any) -> None:
    told = explain(
        pack, "gf.boiler.chp30", "TTTTT", as_of=example.as_of, values={**KNOWN, "anchor_name": "{x}<b>&"}
    )
    assert "{x}<b>&" in told.conditions[-1].note.text("zh")


def test_a_unit_flag_that_is_no_is_told_apart_from_one_not_stated(pack: Pack, example: Any) -> None:
    facts = {"backward_listed": 0, "chp": TRUE}
    told = explain(pack, "zj.chpsmall.chp30", "TTTTFT", as_of=example.as_of, subject="unit", values=facts)
    sentences = {c.id: c.note.text("zh") for c in told.conditions}
    assert sentences["backward"] == "是否列入落后机组清单：否；条款要求：是"
    assert sentences["coal"] == "燃料种类：未填；条款针对：煤"


def test_numbers_are_printed_in_the_units_of_the_language() -> None:
    assert Measure(300.0, "mw").text("zh") == "30万千瓦"
    assert Measure(299.9, "mw").text("en") == "299.9 MW"
    assert Measure(24.5 / 0.7, "tph").text("zh") == "35蒸吨/小时"
    assert Measure(29 / 0.7, "tph").text("en") == "41.4286 t/h"
    assert Measure(float("nan"), "km").text("zh") == "未填"
    assert Note("policy.contested", {"n": 1}).text("zh") == "条款口径待明确 1处"
    assert Word("terms.fuel_peat", "泥炭").text("en") == "泥炭"
    note = Note("policy.asked_region", {"region": (Title(zh="甲", en="A"), Title(zh="乙", en="B"))})
    assert (note.text("zh"), note.text("en")) == ("位于甲、乙", "it lies in A, B")
