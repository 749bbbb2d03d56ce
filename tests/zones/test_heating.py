"""The heating radius: who decides, in which order, with what margin."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from geoaq.errors import InputError
from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.zones.heating import screen
from tests.zones.heating_toy import CONFIRMED, GEOD, at, judge, outcome, plant


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
    unknown = plant("unknown", installed_mw=np.nan, largest_unit_mw=np.nan)
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
        ({"installed_mw": np.nan, "largest_unit_mw": 150.0}, "chp_capacity_missing;inside_margin"),
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
