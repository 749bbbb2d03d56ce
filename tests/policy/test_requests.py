"""What is asked before a project can be decided, of the applicant and of the office; and the words of it."""

from __future__ import annotations

from typing import Any

from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.policy import Pack, boundary_budget, explain, requests


def asked(pack: Pack, screen: Any, facts: dict[str, Any]) -> Any:
    rows = [row._asdict() for row in screen(facts, "project").values()]
    return requests(pack, rows, facts)


def test_the_clauses_of_consultation_ask_first_and_each_thing_once(
    pack: Pack, screen: Any, example: Any
) -> None:
    found = asked(pack, screen, example.project("HZ", nature="", industry_code=""))
    codes = [(one.code, one.to) for one in found]
    assert codes[:5] == [
        ("nature", "applicant"),
        ("industry_code", "applicant"),
        ("dispersion_ug_m3", "applicant"),
        ("undefined_term_large_downwind", "office"),
        ("stack_m", "applicant"),
    ]
    assert len(codes) == len(set(codes))
    assert found[0].rules == ("zj.border20", "zj.highstack", "gf.border20", "gf.highstack")
    assert found[0].note.text("zh") == "请明确建设性质（新建、迁建、改建、扩建、技术改造）"


def test_a_rule_that_applies_asks_for_what_shows_its_duty_met(pack: Pack, screen: Any, example: Any) -> None:
    bare = {one.code for one in asked(pack, screen, example.project("HZ", uses_coal=TRUE))}
    assert {"coal_replacement", "regional_reduction", "capacity_swap"} <= bare
    shown = example.project(
        "HZ", uses_coal=TRUE, coal_replacement=TRUE, regional_reduction=FALSE, capacity_swap=TRUE
    )
    told = {one.code for one in asked(pack, screen, shown)}
    assert not {"coal_replacement", "regional_reduction", "capacity_swap"} & told


def test_what_the_office_settles_is_not_asked_of_the_applicant(pack: Pack, screen: Any, example: Any) -> None:
    for reason, code in (
        ("conflicting_boundaries", "official_line"),
        ("sea", "sea"),
        ("hk_macao", "hk_macao"),
    ):
        found = asked(pack, screen, example.project("TS", **example.border(UNKNOWN, 12.0, reason)))
        assert found[0].code == code
        assert found[0].to == "office"
    near = asked(pack, screen, example.project("TS", **example.border(UNKNOWN, 20.1, "inside_margin")))
    assert (near[0].code, near[0].to) == ("position", "applicant")


def test_a_missing_layer_and_an_open_word_are_asked_of_the_office_by_name(
    pack: Pack, screen: Any, example: Any
) -> None:
    boiler = {"new_boiler_fuel": "coal", "new_boiler_tph": 20.0, "boiler_purpose": "central_steam"}
    found = asked(pack, screen, example.project("TS", **boiler, **{"within.built_up": None}))
    notes = {one.code: one.note.text("zh") for one in found if one.to == "office"}
    assert notes["missing_layer_built_up"] == "请提供图层“城市建成区”"
    assert "集中供暖" in notes["undefined_term_space_heating"]


def test_nothing_is_asked_of_what_is_decided(pack: Pack, screen: Any, example: Any) -> None:
    cleared = example.project(
        "NY", **example.border(FALSE, 60.0), stack_m=20.0, uses_coal=FALSE, adds_capacity=FALSE,
        capacity_swap=TRUE, regional_reduction=TRUE, new_boiler_tph=0.0,
    )  # fmt: skip
    assert asked(pack, screen, cleared) == ()


def test_every_request_is_said_in_both_languages(pack: Pack, screen: Any, example: Any) -> None:
    for changes in (
        {},
        {"nature": "rebuild"},
        {"nature": "", "industry_code": "", "uses_coal": TRUE},
        {"industry_code": "3034", "industry_edition": ""},
        {"industry_code": "30"},
        {"eia_kind": "registration"},
    ):
        for one in asked(pack, screen, example.project("HZ", **changes)):
            for lang in ("zh", "en"):
                text = one.note.text(lang)
                assert "{" not in text
                assert "terms." not in text


KNOWN = {
    "distance_km": 19.6, "neighbour_name": "安徽", "nature": "rebuild", "industry_code": "3011",
    "industry_edition": "2017", "eia_kind": "report_book", "coal_replacement": False,
}  # fmt: skip


def test_the_why_of_a_clause_says_distance_neighbour_and_listed_industry(pack: Pack, example: Any) -> None:
    told = explain(
        pack, "gf.border20", "TFTT", as_of=example.as_of, subject="project", reasons="altering_literal",
        values=KNOWN,
    )  # fmt: skip
    texts = [condition.note.text("zh") for condition in told.conditions]
    assert texts[0] == "距安徽省界线19.60公里（最近点）；条款：省界两侧20公里以内（含本数）"
    assert "建设性质：改建" in texts[1]
    assert texts[2].startswith("行业代码：3011（版本：GB/T 4754—2017），对应：水泥；条款针对：涉气重点行业")
    assert "未含补充说明" in texts[2]
    assert told.verdict.text("zh") == "不符合条款情形"
    assert "常被要求会商" in told.reasons[0].text("zh")


def test_what_the_applicant_states_of_a_duty_is_shown_beside_the_rule(pack: Pack, example: Any) -> None:
    told = explain(pack, "gf.coal.replace.key", "TTT", as_of=example.as_of, subject="project", values=KNOWN)
    assert [note.text("zh") for note in told.shown_by] == ["煤炭替代方案是否完善：否（申报）"]
    assert told.verdict.text("zh") == "符合煤炭替代条款（待核实）"


def test_a_boundary_layer_may_be_a_kilometre_off(pack: Pack) -> None:
    assert boundary_budget(pack) == boundary_budget(pack, "amap") == 1000.0
