"""Examples 3 and 6 of the policy reading, through real boundaries, from an office's list to the tables."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from geoaq.catalog import Catalog
from geoaq.flows.border import ProjectRequest, screen_projects
from tests.flows.border.sites import Places, project, write_projects

# Name of the place (SP 四平, NY 南阳): its province, the pair whose line is near.
SITES = {
    "TS": ("130000", ("120000", "130000")),
    "HZ": ("330000", ("330000", "340000")),
    "WZ": ("330000", ("330000", "350000")),
    "NJ": ("320000", ("320000", "340000")),
    "SP": ("220000", ("210000", "220000")),
    "NY": ("410000", ("410000", "420000")),
}
ACROSS = {"TS": "120000", "HZ": "340000", "WZ": "350000", "NJ": "340000", "SP": "210000", "NY": "420000"}
OUTCOME = {"applies": "A", "does_not_apply": "N", "needs_review": "R"}
WASTE = {"国民经济行业类别及代码": "4417", "排气筒高度（米）": "80"}


@pytest.fixture(scope="module")
def rows(built_layers) -> dict[str, dict[str, str]]:
    """Return every site and variant by name: example 3 at 19.6 km, example 6 at 45 km from any line."""
    places = Places(built_layers)
    near = {name: places.off(pair, home, 19_600, clear=25_000) for name, (home, pair) in SITES.items()}
    far = {name: places.off(pair, home, 45_000, clear=46_000) for name, (home, pair) in SITES.items()}
    edge = places.off(SITES["HZ"][1], "330000", 20_100, clear=25_000)
    found = {f"3 {name}": project(place) for name, place in near.items()}
    found |= {f"6 {name}": project(place, **WASTE) for name, place in far.items()}
    hz = near["HZ"]
    return found | {
        "3 rebuild": project(hz, 建设性质="改建"),
        "3 relocation": project(hz, 建设性质="迁建"),
        "3 edge": project(edge),
        "3 products": project(hz, 国民经济行业类别及代码="3021"),
        "3 no code": project(hz, 国民经济行业类别及代码=""),
        "3 NJ unsaid": project(near["NJ"], 是否新增产能=""),
        "6 40 m": project(far["HZ"], **WASTE | {"排气筒高度（米）": "40"}),
        "6 45 m": project(far["HZ"], **WASTE | {"排气筒高度（米）": "45"}),
        "6 unsaid": project(far["HZ"], **WASTE | {"排气筒高度（米）": ""}),
        "6 model": project(far["HZ"], **WASTE, 下风向最大贡献浓度="0.9"),
        "6 rebuild": project(far["HZ"], **WASTE, 建设性质="改建"),
    }


@pytest.fixture(scope="module")
def screened(built_layers, root, rows, tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("examples")
    request = ProjectRequest(
        path=write_projects(folder / "list.csv", [row | {"项目编号": name} for name, row in rows.items()]),
        as_of=date(2026, 11, 21),
        layers_dir=built_layers.path.parent,
        catalog=Catalog.load(root / "layers"),
        boundary_error_m=200.0,
        formats=("csv", "parquet"),
    )
    screen_projects(request, folder / "out")
    screen_projects(replace(request, downwind_threshold_ug_m3=0.5), folder / "threshold")
    return folder


@pytest.fixture(scope="module")
def findings(screened) -> pd.DataFrame:
    return pd.read_parquet(screened / "out" / "findings.parquet").set_index(["subject_id", "rule_id"])


@pytest.fixture(scope="module")
def subjects(screened) -> pd.DataFrame:
    return pd.read_parquet(screened / "out" / "subjects.parquet").set_index("subject_id")


def outcome(findings: pd.DataFrame, name: str, rule: str) -> str:
    if (name, rule) not in findings.index:
        return "–"
    return OUTCOME[str(findings.loc[(name, rule), "outcome"])]


@pytest.mark.parametrize("name", SITES)
def test_a_new_clinker_line_at_19_6_km_is_reached_and_its_neighbour_is_named(findings, subjects, name):
    one = subjects.loc[f"3 {name}"]
    assert outcome(findings, f"3 {name}", "gf.border20") == "A"
    assert outcome(findings, f"3 {name}", "zj.border20") == ("A" if name in ("HZ", "WZ") else "–")
    assert one["consultees"] == ACROSS[name]
    assert one["distance_km"] == pytest.approx(19.6, abs=0.001)
    assert one["lead"] == "applies"
    assert one["limb_a"] == "applies"


@pytest.mark.parametrize("name", ["NJ", "SP"])
def test_the_national_sentence_reaches_a_province_whose_text_is_silent(findings, name):
    assert findings.loc[(f"3 {name}", "gf.border20"), "basis"] == "national_only"


def test_the_ban_on_new_capacity_of_jiangsu_stands_beside_the_consultation(findings, subjects):
    assert outcome(findings, "3 NJ", "js.newcap") == "A"
    assert outcome(findings, "3 NJ unsaid", "js.newcap") == "R"
    assert outcome(findings, "3 HZ", "js.newcap") == "–"
    assert "js.newcap" in subjects.loc["3 NJ", "vetoes"]
    assert "js.newcap" in subjects.loc["3 NJ unsaid", "vetoes_to_check"]


def test_rebuilding_is_not_reached_by_the_letter_and_relocation_is(findings):
    assert outcome(findings, "3 rebuild", "gf.border20") == "N"
    assert outcome(findings, "3 relocation", "gf.border20") == "A"
    assert "literal_xinjian" in findings.loc[("3 relocation", "gf.border20"), "contested_by"]


def test_inside_the_error_and_without_a_code_it_is_to_be_reviewed(findings, subjects):
    assert outcome(findings, "3 edge", "gf.border20") == "R"
    assert "inside_margin" in findings.loc[("3 edge", "gf.border20"), "reasons"]
    assert subjects.loc["3 edge", "margin_m"] == pytest.approx(-100.0, abs=1.5)
    assert outcome(findings, "3 no code", "gf.border20") == "R"
    assert "industry_code" in subjects.loc["3 no code", "to_ask"]


def test_cement_products_are_not_listed_and_another_reading_would_list_them(findings):
    assert outcome(findings, "3 products", "gf.border20") == "N"
    assert findings.loc[("3 products", "gf.border20"), "contested_by"]


@pytest.mark.parametrize("name", SITES)
def test_a_high_stack_45_km_away_needs_review_and_is_never_clear(findings, subjects, name):
    assert outcome(findings, f"6 {name}", "gf.border20") == "N"
    assert outcome(findings, f"6 {name}", "gf.highstack") == "R"
    zhejiang = ("R", "N") if name in ("HZ", "WZ") else ("–", "–")
    assert outcome(findings, f"6 {name}", "zj.highstack") == zhejiang[0]
    assert outcome(findings, f"6 {name}", "zj.border20") == zhejiang[1]
    assert "missing_attribute:dispersion_ug_m3" in findings.loc[(f"6 {name}", "gf.highstack"), "reasons"]
    assert subjects.loc[f"6 {name}", ["limb_a", "limb_b"]].tolist() == ["does_not_apply", "needs_review"]


def test_the_height_of_the_stack_decides_what_is_a_high_stack(findings):
    assert outcome(findings, "6 40 m", "gf.highstack") == "N"
    assert outcome(findings, "6 45 m", "gf.highstack") == "N"
    assert findings.loc[("6 45 m", "gf.highstack"), "contested_by"]
    assert outcome(findings, "6 unsaid", "gf.highstack") == "R"
    assert outcome(findings, "6 rebuild", "gf.highstack") != "A"


def test_a_modelled_result_decides_only_with_the_threshold_that_the_office_adopted(findings, screened):
    assert outcome(findings, "6 model", "gf.highstack") == "R"
    with_threshold = pd.read_parquet(screened / "threshold" / "findings.parquet")
    with_threshold = with_threshold.set_index(["subject_id", "rule_id"])
    assert outcome(with_threshold, "6 model", "gf.highstack") == "A"
    assert outcome(with_threshold, "6 HZ", "gf.highstack") == "R"
