"""The tables and discs of the heating radius, and that no loop over all pairs says otherwise."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaq import geodesy
from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.zones.heating import delineate, screen
from tests.zones.heating_toy import BUDGET_M, CONFIRMED, GEOD, HANGZHOU, at, judge, plant

# --- shape


def test_an_empty_list_gives_empty_tables_of_the_same_columns() -> None:
    empty, full = judge([], [plant()]), judge([at(10.0)], [plant()])
    assert list(empty.per_subject.columns) == list(full.per_subject.columns)
    assert list(empty.pairs.columns) == list(full.pairs.columns)
    assert (len(empty.per_subject), len(empty.pairs)) == (0, 0)


def test_the_table_keeps_the_index_and_the_pairs_keep_positions() -> None:
    subjects = pd.DataFrame([at(45.0), at(28.0)], index=[70, 8])
    found = screen(
        subjects,
        pd.DataFrame([plant(**CONFIRMED)]),
        radius_km=30.0,
        min_mw=300.0,
        reading="plant_total",
        complete_for=[],
        plant_budget_m=BUDGET_M,
    )
    assert found.per_subject.index.tolist() == [70, 8]
    assert found.pairs["subject"].tolist() == [1]
    assert found.per_subject["truth"].dtype == np.int8


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 10_000), radius_km=st.floats(1.0, 200.0))
def test_every_subject_gets_what_a_loop_over_all_pairs_gives(seed: int, radius_km: float) -> None:
    random = np.random.default_rng(seed)
    unknown = {"installed_mw": np.nan, "largest_unit_mw": np.nan}
    kinds = [{}, CONFIRMED, CONFIRMED | {"dispatched": 1}, unknown, {"installed_mw": 10.0}]
    plants = [
        plant(str(k), random.uniform(119, 121), random.uniform(29, 31), **kinds[random.integers(5)])
        for k in range(random.integers(1, 9))
    ]
    subjects = [
        at(
            random.uniform(0, 150),
            random.uniform(-180, 180),
            u_m=float(random.choice([5.0, 900.0, 30_000.0])),
        )
        for _ in range(15)
    ]
    table = judge(subjects, plants, radius_km=radius_km).per_subject
    for subject, (_, row) in zip(subjects, table.iterrows(), strict=True):
        best = (11, 0.0)
        for one in plants:
            if one["installed_mw"] < 300.0:
                continue
            d = float(GEOD.inv(subject["lon"], subject["lat"], one["lon"], one["lat"])[2])
            u = float(np.hypot(subject["u_m"], 10.0))
            if d > radius_km * 1000 + u:
                continue
            kind = (
                8
                if np.isnan(one["installed_mw"])
                else 6
                if not one["confirmed_issuer"]
                else 4 * one["dispatched"]
            )
            if kind == 0 and d <= min(u, radius_km * 1000 - u):
                kind = 2  # it may stand at its own plant
            best = min(best, (kind + (d > radius_km * 1000 - u), d))
        rank, distance = best
        assert row["truth"] == (FALSE if rank == 11 else TRUE if rank == 0 else UNKNOWN)
        if rank < 11:
            assert row["distance_m"] == pytest.approx(distance, abs=1e-6)
            assert row["reasons"].endswith("inside_margin") == bool(rank % 2)


def test_short_and_long_ways_give_the_same_tables(root, monkeypatch: pytest.MonkeyPatch) -> None:
    plants = pd.read_csv(root / "layers" / "data" / "coal-power-plants.csv").assign(
        confirmed_document=lambda frame: np.where(frame.index % 3 == 0, "x", ""),
        confirmed_issuer="y",
        province_adcode="",
    )
    random = np.random.default_rng(0)
    near = random.integers(0, len(plants), 500)
    subjects = pd.DataFrame(
        {
            "lon": plants["lon"].to_numpy()[near] + random.normal(0, 0.4, 500),
            "lat": plants["lat"].to_numpy()[near] + random.normal(0, 0.4, 500),
            "u_m": random.choice([10.0, 600.0, 5000.0], 500),
        }
        | HANGZHOU
    )
    tables = []
    for compiled_from in (0, 10**9):
        monkeypatch.setattr(geodesy, "COMPILED_FROM", compiled_from)
        tables.append(
            screen(
                subjects,
                plants,
                radius_km=30.0,
                min_mw=300.0,
                reading="plant_total",
                complete_for=[],
                plant_budget_m=BUDGET_M,
            )
        )
    for one, other in zip(*tables, strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=False, rtol=0, atol=1e-7)


# --- the picture


def test_discs_are_drawn_for_the_plants_that_are_large_enough_and_say_by_which_reading() -> None:
    plants = pd.DataFrame(
        [
            plant("P", **CONFIRMED),
            plant("Q", 121.0, 31.0, installed_mw=299.0, largest_unit_mw=150.0),
            plant("R", 122.0, 30.0, largest_unit_mw=200.0),
        ]
    )
    discs = delineate(plants, radius_km=30.0, min_mw=300.0, reading="plant_total")
    assert discs["plant_id"].tolist() == ["P", "R"]
    assert discs["confirmed"].tolist() == [True, False]
    assert discs["anchor_mw"].tolist() == [600.0, 600.0]
    assert discs.crs.to_epsg() == 4326
    assert delineate(plants, radius_km=30.0, min_mw=300.0, reading="largest_unit")["plant_id"].tolist() == [
        "P"
    ]
    assert delineate(plants[:0], radius_km=30.0, min_mw=300.0, reading="plant_total").empty


def test_a_subject_is_in_the_disc_if_and_only_if_it_is_sure_to_be_within() -> None:
    shape = delineate(
        pd.DataFrame([plant()]), radius_km=30.0, min_mw=300.0, reading="plant_total"
    ).geometry.iloc[0]
    subjects = [at(km, azimuth) for km in (29.95, 30.05) for azimuth in np.arange(-180.0, 180.0, 5.0)]
    truth = judge(subjects, [plant(**CONFIRMED)]).per_subject["truth"].to_numpy()
    seen = shapely.contains_xy(shape, [s["lon"] for s in subjects], [s["lat"] for s in subjects])
    assert np.array_equal(seen, truth == TRUE)
