"""Examples 1, 2 and 5 of the policy reading, through real boundaries, from an office's list to the csv."""

from __future__ import annotations

import csv
from datetime import date
from pathlib import Path

import pytest

from geoaq.catalog import Catalog
from geoaq.flows import ScreeningRequest, screen
from tests.flows.places import SITES, at, boiler, write_plants, write_rows

Outcomes = dict[str, dict[str, dict[str, str]]]
FAR = [("P", "NJ", 300.0, 150.0)]


@pytest.fixture
def ruled(built_layers, root, tmp_path):
    """Return a function: rows in, findings by number of the boiler (GL-1 is the first row) and rule out."""

    def run(rows, plants=FAR, *, complete: bool = True, confirmed: bool = True) -> Outcomes:
        request = ScreeningRequest(
            path=write_rows(tmp_path / "list.csv", rows),
            as_of=date(2026, 11, 21),
            layers_dir=built_layers.path.parent,
            catalog=Catalog.load(root / "layers"),
            plants=write_plants(tmp_path / "plants.csv", plants, confirmed=confirmed),
            plants_only=True,
            complete_for=tuple({code for *_, code in SITES.values()}) if complete else (),
            formats=("csv", "parquet"),
        )
        out = tmp_path / f"out{len(list(tmp_path.glob('out*')))}"
        screen(request, out)
        return _findings(out)

    return run


def _findings(out: Path) -> Outcomes:
    found: Outcomes = {}
    with (out / "findings.csv").open(encoding="utf-8-sig", newline="") as file:
        for row in csv.DictReader(file):
            found.setdefault(f"GL-{int(row['row']) - 1}", {})[row["rule_id"]] = row
    return found


def test_an_existing_35_tph_boiler_meets_the_rule_of_each_place(ruled):
    # TS and NJ: a plant 40 km away or more for each, so that only capacity speaks.
    plants = [("P", "CC", 300.0, 150.0)]
    found = ruled([boiler(site) for site in ("TS", "HZ", "WZ", "NJ")], plants)
    ts, hz, wz, nj = (found[f"GL-{number}"] for number in (1, 2, 3, 4))
    for site in (ts, hz, wz, nj):
        assert site["gf.boiler.le35.key"]["outcome"] == "applies"
        assert site["gf.boiler.le35.key"]["timing"] == "overdue"
        assert site["gf.boiler.le35.key"]["strength"] == "basic"
    assert wz["gf.boiler.le35.key"]["basis"] == "reference"
    for site in (hz, wz):
        assert "zj.boiler.lt35" not in site
        assert site["zj.boiler.eq35"]["outcome"] == "applies"
        assert site["zj.boiler.lt65"]["strength"] == "encourage"
    assert nj["js.boiler.le35"]["strength"] == "must"
    assert "zj.boiler.eq35" not in ts | nj


def test_a_boiler_28_km_from_a_plant_of_exactly_300_mw_is_reached_and_the_unit_reading_contests_it(ruled):
    rows = [boiler("NJ", **at("NJ", 60, 28_000), **{"额定容量（t/h）": "75"})]
    finding = ruled(rows)["GL-1"]["js.boiler.chp30"]
    assert finding["outcome"] == "applies"
    assert finding["timing"] == "no_date"
    assert float(finding["distance_km"]) == pytest.approx(28.0, abs=1e-5)
    assert float(finding["margin_m"]) == pytest.approx(2000.0, abs=0.1)
    assert "largest_unit" in finding["contested_by"]


@pytest.mark.parametrize(
    ("metres", "mw", "outcome"),
    [
        (28_000, 299.9, None),
        (30_400, 300.0, None),
        (30_000, 300.0, "needs_review"),
    ],
    ids=["299.9 MW is no anchor", "30.4 km is outside", "30.000 km lies within the error"],
)
def test_the_bounds_of_the_clause_decide(ruled, metres, mw, outcome):
    rows = [boiler("NJ", **at("NJ", 60, metres), **{"额定容量（t/h）": "75"})]
    finding = ruled(rows, [("P", "NJ", mw, 150.0)])["GL-1"].get("js.boiler.chp30")
    assert (finding and finding["outcome"]) == outcome
    if outcome:
        assert "inside_margin" in finding["reasons"]


def test_an_unconfirmed_plant_in_reach_and_an_undeclared_list_are_told_apart(ruled):
    near = boiler("NJ", **at("NJ", 60, 10_000))
    far = boiler("NJ", **at("NJ", 60, 45_000))
    found = ruled([near, far], confirmed=False, complete=False)
    assert found["GL-1"]["js.boiler.chp30"]["reasons"] == "chp_status"
    assert found["GL-2"]["js.boiler.chp30"]["reasons"] == "chp_list_not_declared"


def test_a_planned_boiler_meets_the_bans_on_new_ones_and_space_heating_is_exempt_from_the_regional_one(ruled):
    planned = {"运行状态": "拟建", "额定容量（t/h）": "75"}
    found = ruled(
        [
            boiler("HZ", **planned, 用途="集中供暖"),
            boiler("HZ", **planned, 用途="工业生产"),
            boiler("HZ", **planned, 用途="集中供热"),
            boiler("CC", **planned, 用途="工业生产"),
        ]
    )
    assert not {"zj.boiler.new", "gf.boiler.new.key"} & set(found.get("GL-1", {}))
    assert found["GL-2"]["zj.boiler.new"]["outcome"] == "applies"
    assert found["GL-2"]["gf.boiler.new.key"]["outcome"] == "applies"
    assert found["GL-3"]["zj.boiler.new"]["outcome"] == "needs_review"
    assert "gf.boiler.new.key" not in found.get("GL-4", {})
