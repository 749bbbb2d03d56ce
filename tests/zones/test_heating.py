"""The heating radius: who decides, in which order, with what margin."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from geoaq import geodesy
from geoaq.errors import InputError
from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.zones.heating import HeatingScreen, delineate, screen

GEOD = Geod(ellps="WGS84")
BUDGET_M = {"surveyed": 10.0, "exact": 300.0, "unstated": 1000.0}
HANGZHOU = {"adcode": "330106", "city_adcode": "330100", "province_adcode": "330000"}
CONFIRMED = {"confirmed_document": "浙能源〔2025〕1号", "confirmed_issuer": "浙江省能源局"}


def plant(plant_id: str = "P", lon: float = 120.0, lat: float = 30.0, **more: object) -> dict[str, object]:
    return {
        "plant_id": plant_id, "name": f"{plant_id}电厂", "lon": lon, "lat": lat,
        "position_quality": "surveyed", "installed_mw": 600.0, "largest_unit_mw": 300.0, "fuel": "coal",
        "dispatched": 0, "heat_evidence": "name", "confirmed_document": "", "confirmed_issuer": "",
        "province_adcode": "330000",
    } | more  # fmt: skip


def at(distance_km: float, azimuth: float = 40.0, u_m: float = 10.0, **more: object) -> dict[str, object]:
    """Place a subject at a distance from (120, 30) by Geod.fwd."""
    lon, lat, _ = GEOD.fwd(120.0, 30.0, azimuth, distance_km * 1000.0)
    return {"lon": lon, "lat": lat, "u_m": u_m} | HANGZHOU | more


def judge(
    subjects: list[dict[str, object]], plants: list[dict[str, object]], **more: object
) -> HeatingScreen:
    frame = pd.DataFrame(subjects, columns=None if subjects else ["lon", "lat", "u_m", *HANGZHOU])
    given_plants = pd.DataFrame(plants, columns=list(plant()))
    settled = {"radius_km": 30.0, "min_mw": 300.0, "reading": "plant_total", "complete_for": ["330000"]}
    return screen(frame, given_plants, plant_budget_m=BUDGET_M, **{**settled, **more})  # type: ignore[arg-type]


def outcome(subject: dict[str, object], *plants: dict[str, object], **more: object) -> tuple[int, str]:
    row = judge([subject], list(plants), **more).per_subject.iloc[0]
    return int(row["truth"]), str(row["reasons"])


def test_a_confirmed_anchor_within_the_radius_applies_and_is_named_with_its_distance() -> None:
    found = judge([at(28.0)], [plant(**CONFIRMED)])
    row = found.per_subject.iloc[0]
    assert (row["truth"], row["reasons"], row["anchor_id"], row["within"]) == (TRUE, "", "P", 1)
    assert row["distance_m"] == pytest.approx(28_000.0, abs=1e-6)
    assert row["u_m"] == pytest.approx(np.hypot(10.0, 10.0))
    assert found.pairs.iloc[0].to_dict() == {
        "subject": 0, "plant_id": "P", "distance_m": row["distance_m"], "u_m": row["u_m"], "truth": TRUE,
        "confirmed": True,
    }  # fmt: skip


@pytest.mark.parametrize("azimuth", [-170.0, -90.0, 0.0, 33.0, 90.0, 145.0])
@pytest.mark.parametrize(
    ("distance_m", "expected"),
    [
        (29_985.0, (TRUE, "")),  # the budget is √(10² + 10²) = 14.14 m
        (29_986.5, (UNKNOWN, "inside_margin")),
        (30_000.0, (UNKNOWN, "inside_margin")),
        (30_013.5, (UNKNOWN, "inside_margin")),
        (30_015.0, (FALSE, "")),
        (30_400.0, (FALSE, "")),
    ],
)
def test_inside_the_budget_of_both_positions_the_answer_is_open(
    azimuth: float, distance_m: float, expected: tuple[int, str]
) -> None:
    assert outcome(at(distance_m / 1000.0, azimuth), plant(**CONFIRMED)) == expected


def test_without_any_budget_the_radius_includes_its_end_as_geod_measures_it() -> None:
    # Placed at 30 km, rounding puts some a nanometre inside and some outside: the arbiter's word holds.
    subjects = [at(30.0, azimuth, u_m=0.0) for azimuth in np.arange(-180.0, 180.0, 2.0)]
    lon, lat = (np.array([subject[name] for subject in subjects]) for name in ("lon", "lat"))
    distance = np.asarray(GEOD.inv(lon, lat, np.full(lon.size, 120.0), np.full(lon.size, 30.0))[2])
    found = screen(
        pd.DataFrame(subjects),
        pd.DataFrame([plant(**CONFIRMED)]),
        radius_km=30.0,
        min_mw=300.0,
        reading="plant_total",
        complete_for=["330000"],
        plant_budget_m={"surveyed": 0.0},
    )
    inside = distance <= 30_000.0
    assert 0 < inside.sum() < inside.size
    assert np.array_equal(found.per_subject["truth"].to_numpy() == TRUE, inside)


def test_the_order_of_reasons_is_confirmed_then_borderline_then_other_clause_then_unconfirmed() -> None:
    sure, margin = (
        plant("sure", **CONFIRMED),
        plant("margin", *GEOD.fwd(120.0, 30.0, 40.0, -2000.0)[:2], **CONFIRMED),
    )
    other, guess = plant("other", fuel="nuclear", **CONFIRMED), plant("guess")
    unknown = plant("unknown", installed_mw=np.nan)
    here = at(28.0)
    table = [
        ([unknown, guess, other, margin, sure], (TRUE, ""), "sure"),
        ([unknown, guess, other, margin], (UNKNOWN, "inside_margin"), "margin"),
        ([unknown, guess, other], (UNKNOWN, "other_clause"), "other"),
        ([unknown, guess], (UNKNOWN, "chp_status"), "guess"),
        ([unknown], (UNKNOWN, "chp_capacity_missing"), "unknown"),
        ([], (FALSE, ""), ""),
    ]
    for plants, expected, anchor_id in table:
        row = judge([here], plants).per_subject.iloc[0]
        assert ((row["truth"], row["reasons"]), row["anchor_id"]) == (expected, anchor_id)
        assert row["within"] == len(plants)


@pytest.mark.parametrize(
    ("more", "reason"),
    [
        ({}, "chp_status;inside_margin"),
        ({"installed_mw": np.nan}, "chp_capacity_missing;inside_margin"),
        (CONFIRMED, "inside_margin"),
        (CONFIRMED | {"dispatched": 1}, "other_clause;inside_margin"),
    ],
)
def test_what_is_borderline_only_says_so(more: dict[str, object], reason: str) -> None:
    assert outcome(at(30.005), plant(**more)) == (UNKNOWN, reason)


def test_nothing_in_reach_is_a_no_only_where_the_list_is_declared_complete() -> None:
    far = at(45.0)
    for declared in (["330000"], ["330100"], ["330106"], ["110000", "330106"]):
        assert outcome(far, plant(), complete_for=declared) == (FALSE, "")
    for declared in ([], ["330105"], ["320000"]):
        assert outcome(far, plant(), complete_for=declared) == (UNKNOWN, "chp_list_not_declared")


def test_a_no_still_shows_the_nearest_plant_that_is_large_enough() -> None:
    plants = [
        plant("large"),
        plant("small", 120.3, 30.3, installed_mw=299.9),
        plant("blank", 121.5, installed_mw=np.nan),
    ]
    row = judge([at(45.0, 90.0)], plants).per_subject.iloc[0]
    assert (row["anchor_id"], row["within"]) == ("large", 0)
    assert row["distance_m"] == pytest.approx(45_000.0, abs=1e-6)


def test_no_plant_at_all_leaves_the_distance_blank() -> None:
    row = judge([at(10.0)], []).per_subject.iloc[0]
    assert (row["truth"], row["anchor_id"], row["within"]) == (FALSE, "", 0)
    assert np.isnan(row["distance_m"])
    assert np.isnan(row["u_m"])


@pytest.mark.parametrize("missing", ["confirmed_document", "confirmed_issuer"])
def test_confirmation_needs_both_the_document_and_its_issuer(missing: str) -> None:
    assert outcome(at(10.0), plant(**CONFIRMED | {missing: ""})) == (UNKNOWN, "chp_status")


# --- capacity and its readings


@pytest.mark.parametrize(("mw", "anchor"), [(300.0, True), (299.9, False), (3000.0, True)])
def test_the_least_capacity_includes_itself(mw: float, anchor: bool) -> None:
    expected = (TRUE, "") if anchor else (FALSE, "")
    assert outcome(at(10.0), plant(installed_mw=mw, **CONFIRMED)) == expected


def test_two_units_of_150_mw_are_an_anchor_as_a_plant_and_none_by_the_largest_unit() -> None:
    anchor = plant(installed_mw=300.0, largest_unit_mw=150.0, **CONFIRMED)
    assert outcome(at(28.0), anchor, reading="plant_total") == (TRUE, "")
    assert outcome(at(28.0), anchor, reading="largest_unit") == (FALSE, "")


def test_an_unknown_largest_unit_is_open_only_where_the_plant_is_large_enough() -> None:
    for mw, expected in ((600.0, (UNKNOWN, "chp_capacity_missing")), (250.0, (FALSE, ""))):
        anchor = plant(installed_mw=mw, largest_unit_mw=np.nan, **CONFIRMED)
        assert outcome(at(28.0), anchor, reading="largest_unit") == expected


# --- Zhejiang's other sentence


@pytest.mark.parametrize("more", [{"fuel": "nuclear"}, {"dispatched": 1}])
def test_a_nuclear_or_dispatched_plant_of_zhejiang_never_applies_on_its_own(more: dict[str, object]) -> None:
    anchor = plant(**CONFIRMED, **more)
    assert outcome(at(10.0), anchor) == (UNKNOWN, "other_clause")
    assert outcome(at(10.0), anchor | {"province_adcode": "320000"}) == (TRUE, "")
    assert outcome(at(10.0), anchor, plant("Q", **CONFIRMED)) == (TRUE, "")


def test_whether_a_plant_is_dispatched_may_be_unknown() -> None:
    assert outcome(at(10.0), plant(**CONFIRMED, dispatched=UNKNOWN)) == (TRUE, "")


# --- provinces


def test_an_anchor_across_the_province_border_counts_and_is_flagged() -> None:
    shanghai = plant("沪", province_adcode="310000", **CONFIRMED)
    row = judge([at(28.0)], [shanghai]).per_subject.iloc[0]
    assert (row["truth"], row["cross_province"]) == (TRUE, True)
    row = judge([at(28.0)], [shanghai, plant("浙", 120.2, 30.2, **CONFIRMED)]).per_subject.iloc[0]
    assert not row["cross_province"]
    row = judge([at(28.0)], [shanghai | {"province_adcode": ""}]).per_subject.iloc[0]
    assert not row["cross_province"]


# --- subjects that are plants themselves


def test_an_anchor_never_screens_itself_and_shows_the_nearest_other_one() -> None:
    plants = [plant("P", **CONFIRMED), plant("Q", 121.0, 30.0, **CONFIRMED)]
    own = at(0.0, plant_id="P")
    stranger = at(0.0, plant_id="")
    unlisted = at(0.0, plant_id="elsewhere")
    table = judge([own, stranger, unlisted], plants).per_subject
    assert table["truth"].tolist() == [FALSE, TRUE, TRUE]
    assert table["anchor_id"].tolist() == ["Q", "P", "P"]
    assert table["distance_m"].iloc[0] == pytest.approx(float(GEOD.inv(120, 30, 121, 30)[2]), abs=1e-6)


# --- budgets


def test_a_vague_position_is_never_sure_and_never_widens_the_others() -> None:
    anchor = plant(**CONFIRMED)
    subjects = [at(28.0, u_m=78_700.0), at(29.0), at(100.0, u_m=78_700.0), at(100.0), at(29.0, u_m=5_000.0)]
    table = judge(subjects, [anchor]).per_subject
    assert table["truth"].tolist() == [UNKNOWN, TRUE, UNKNOWN, FALSE, UNKNOWN]
    assert judge(subjects, [anchor]).pairs["subject"].tolist() == [0, 1, 2, 4]


def test_a_plant_takes_the_budget_of_its_position_quality() -> None:
    subject = at(29.5, u_m=0.0)
    for quality, budget in (("exact", 300.0), ("", 1000.0), ("never heard of", 1000.0)):
        row = judge([subject], [plant(**CONFIRMED) | {"position_quality": quality}]).per_subject.iloc[0]
        assert row["u_m"] == budget
        assert row["truth"] == (TRUE if budget < 500 else UNKNOWN)


def test_a_position_without_a_budget_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="finite"):
        judge([at(10.0, u_m=np.nan)], [plant()])


def test_a_subject_without_a_position_is_refused() -> None:
    with pytest.raises(InputError) as caught:
        judge([at(10.0), at(10.0, lon=np.nan)], [plant()])
    assert caught.value.params["index"] == 1


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
    kinds = [{}, CONFIRMED, CONFIRMED | {"dispatched": 1}, {"installed_mw": np.nan}, {"installed_mw": 10.0}]
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
        best = (9, 0.0)
        for one in plants:
            if one["installed_mw"] < 300.0:
                continue
            d = float(GEOD.inv(subject["lon"], subject["lat"], one["lon"], one["lat"])[2])
            u = float(np.hypot(subject["u_m"], 10.0))
            if d > radius_km * 1000 + u:
                continue
            kind = (
                6
                if np.isnan(one["installed_mw"])
                else 4
                if not one["confirmed_issuer"]
                else 2 * one["dispatched"]
            )
            best = min(best, (kind + (d > radius_km * 1000 - u), d))
        rank, distance = best
        assert row["truth"] == (FALSE if rank == 9 else TRUE if rank == 0 else UNKNOWN)
        if rank < 9:
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
