"""The strip decides: margin, sides, sea, two sources, homes in doubt, sites with an outline."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import shapely

from geoaq.errors import InputError
from geoaq.findings import FALSE, TRUE, UNKNOWN
from geoaq.zones.border import screen
from tests.zones.border.toy import GEOD, A, B, C, D, E, beside_middle, borders, judge, outcome, polygons

U_M = float(np.hypot(10.0, 200.0))


def site(west: float, south: float, east: float, north: float) -> np.ndarray:
    return np.array([shapely.box(west, south, east, north)], object)


@pytest.mark.parametrize(
    ("distance_m", "expected"),
    [
        (19_600.0, (TRUE, "")),
        (20_000.0 - U_M - 0.01, (TRUE, "")),
        (20_000.0 - U_M + 0.01, (UNKNOWN, "inside_margin")),
        (20_000.0, (UNKNOWN, "inside_margin")),
        (20_000.0 + U_M - 0.01, (UNKNOWN, "inside_margin")),
        (20_000.0 + U_M + 0.01, (FALSE, "")),
        (45_000.0, (FALSE, "")),
    ],
)
def test_inside_the_budget_of_position_and_line_the_answer_is_open(
    distance_m: float, expected: tuple[int, str]
) -> None:
    assert outcome(beside_middle(distance_m / 1000.0)) == expected


def test_the_pair_tells_distance_foot_bearing_and_both_budgets() -> None:
    found = judge([beside_middle(19.0)])
    row, pair = found.per_subject.iloc[0], found.pairs.iloc[0]

    assert row["distance_m"] == pytest.approx(19_000.0, abs=0.01)
    assert (row["neighbour"], row["consultees"], row["across"], row["home_unsure"]) == (B, B, False, False)
    assert row["u_m"] == pair["u_m"] == pytest.approx(U_M)
    assert (pair["home"], pair["neighbour"], pair["kind"], pair["truth"]) == (A, B, "land", TRUE)
    azimuth, _, metres = GEOD.inv(
        beside_middle(19.0)["lon"], beside_middle(19.0)["lat"], pair["foot_lon"], pair["foot_lat"]
    )
    assert metres == pytest.approx(pair["distance_m"], abs=1e-6)
    assert pair["bearing_deg"] == pytest.approx(azimuth % 360.0, abs=1e-4)


@pytest.mark.parametrize(("inclusive", "expected"), [(True, TRUE), (False, FALSE)])
def test_the_end_of_the_strip_is_in_or_out_as_the_clause_says(inclusive: bool, expected: int) -> None:
    there = beside_middle(20.0, u_m=0.0)
    metres = judge([there], border_budget_m=0.0).per_subject["distance_m"].iloc[0]
    truth, _ = outcome(there, strip_km=metres / 1000.0, inclusive=inclusive, border_budget_m=0.0)

    assert truth == expected


def test_a_site_near_the_meeting_of_four_provinces_names_its_own_neighbours_only() -> None:
    found = judge([beside_middle(5.0, lat=32.1)])

    assert found.per_subject["consultees"].iloc[0] == f"{B};{C}"
    other = found.pairs[found.pairs["kind"] == "other_line"]
    assert set(zip(other["home"], other["neighbour"], strict=True)) == {(B, D), (D, C)}
    assert (other["truth"] == FALSE).all()


def test_coast_and_outer_lines_never_count() -> None:
    coast = {"lon": 120.95, "lat": 33.2, "u_m": 10.0, "province_adcode": B, "alternatives": ""}
    row = judge([coast]).per_subject.iloc[0]

    assert (row["truth"], row["reasons"], row["consultees"]) == (FALSE, "", "")
    assert row["distance_m"] > 100_000.0  # the line is there at any distance
    assert row["neighbour"] == D


def test_another_provinces_coast_across_the_sea_is_for_review() -> None:
    shore = {"lon": 120.99, "lat": 30.5, "u_m": 10.0, "province_adcode": D, "alternatives": ""}
    found = judge([shore])

    assert (found.per_subject["truth"].iloc[0], found.per_subject["reasons"].iloc[0]) == (UNKNOWN, "sea")
    assert found.per_subject["consultees"].iloc[0] == E
    sea = found.pairs[found.pairs["kind"] == "sea"].iloc[0]
    assert (sea["home"], sea["neighbour"], sea["truth"]) == (D, E, UNKNOWN)
    assert sea["distance_m"] == pytest.approx(15_300, abs=100)


def test_an_island_without_a_line_has_no_distance_and_no_strip() -> None:
    far = {"lon": 121.8, "lat": 30.5, "u_m": 10.0, "province_adcode": E, "alternatives": ""}
    row = judge([far]).per_subject.iloc[0]

    assert (row["truth"], row["neighbour"]) == (FALSE, "")
    assert np.isnan(row["distance_m"])


def test_two_sources_that_say_yes_and_no_leave_it_open_and_tell_the_metres() -> None:
    second = borders(polygons(119.2), "tianditu")  # its line lies 18.7 km farther east
    found = judge([beside_middle(15.0), beside_middle(1.0)], None, second)
    row = found.per_subject.iloc[0]

    assert (row["truth"], row["reasons"], row["consultees"]) == (UNKNOWN, "conflicting_boundaries", B)
    moved = GEOD.inv(119.0, 33.0, 119.2, 33.0)[2]
    assert row["sources_m"] == pytest.approx(moved, abs=5.0)
    assert row["second_distance_m"] == pytest.approx(15_000.0 + moved, abs=5.0)
    # 1 km and 19.7 km: both inside, but the second within its budget only.
    agreed = found.per_subject.iloc[1]
    assert (agreed["truth"], agreed["reasons"]) == (TRUE, "")


def test_a_line_that_only_the_second_source_has_near_is_not_overlooked() -> None:
    second = borders(polygons(118.8), "tianditu")
    row = judge([beside_middle(60.0)], None, second, reach_km=30.0).per_subject.iloc[0]
    assert (row["truth"], row["reasons"]) == (FALSE, "")

    second = borders(polygons(118.4), "tianditu")
    found = judge([beside_middle(60.0)], None, second, reach_km=30.0)
    row = found.per_subject.iloc[0]
    assert (row["truth"], row["reasons"]) == (UNKNOWN, "conflicting_boundaries")
    assert found.pairs["distance_m"].iloc[0] == pytest.approx(60_000.0, abs=0.1)


def test_a_pair_that_the_first_source_lacks_altogether_is_open_too() -> None:
    only = {code: area for code, area in polygons().items() if code in {A, C}}
    found = judge([beside_middle(15.0)], borders(only, "user"), borders())
    row = found.per_subject.iloc[0]

    assert (row["truth"], row["reasons"], row["consultees"]) == (UNKNOWN, "conflicting_boundaries", B)
    assert np.isnan(found.pairs.set_index("neighbour").loc[B, "distance_m"])


def test_a_line_that_the_first_source_lacks_is_no_no_where_the_second_cannot_say() -> None:
    only = {code: area for code, area in polygons().items() if code in {A, C}}
    found = judge([beside_middle(20.05)], borders(only, "user"), borders())
    row = found.per_subject.iloc[0]
    assert (row["truth"], row["reasons"], row["consultees"]) == (UNKNOWN, "conflicting_boundaries", B)

    # Part of a line is missing in the first source: it is 60 km off, and 20.05 km by the second.
    far = judge([beside_middle(20.05)], borders(polygons(119.43), "user"), borders()).per_subject.iloc[0]
    assert (far["truth"], far["reasons"]) == (UNKNOWN, "conflicting_boundaries")
    near = judge([beside_middle(20.05)], borders(polygons(119.001), "user"), borders()).per_subject.iloc[0]
    assert (near["truth"], near["reasons"]) == (UNKNOWN, "inside_margin")


def test_a_position_vaguer_than_its_distance_to_the_line_may_stand_on_either_side() -> None:
    row = judge([beside_middle(0.5, u_m=1000.0)]).per_subject.iloc[0]

    assert (row["truth"], row["reasons"], row["home_unsure"]) == (TRUE, "", True)
    assert set(row["consultees"].split(";")) == {A, B}


def test_a_row_that_states_the_place_found_settles_on_which_side_it_stands() -> None:
    agreed = judge([beside_middle(0.5, u_m=1000.0, stated_ok=TRUE)]).per_subject.iloc[0]
    assert (agreed["truth"], agreed["home_unsure"], agreed["consultees"]) == (TRUE, False, B)

    silent = judge([beside_middle(0.5, u_m=1000.0, stated_ok=UNKNOWN)]).per_subject.iloc[0]
    assert silent["home_unsure"]


def test_what_holds_for_one_home_only_is_open() -> None:
    # 15 km from the line of A and B, but another source puts the place into C, whose lines are 100 km off.
    row = judge([beside_middle(15.0, alternatives="340100")]).per_subject.iloc[0]
    assert (row["truth"], row["reasons"], row["home_unsure"]) == (UNKNOWN, "home_unsure", True)
    # Near the line of A and C both homes lie in the strip of that line.
    row = judge([beside_middle(90.0, lat=32.05, alternatives="340100")]).per_subject.iloc[0]
    assert (row["truth"], row["reasons"]) == (TRUE, "")


def test_a_place_in_no_province_is_open_and_the_lines_about_it_are_told() -> None:
    row = judge([beside_middle(15.0, province_adcode="")]).per_subject.iloc[0]
    assert (row["truth"], row["reasons"]) == (UNKNOWN, "home_unknown")


def test_hong_kong_and_macao_are_never_decided_here() -> None:
    areas = polygons()
    renamed = {"440000": areas[A], "810000": areas[B], "820000": areas[C]}
    lines = borders(renamed)

    assert outcome(beside_middle(15.0, province_adcode="440000"), lines) == (UNKNOWN, "hk_macao")
    assert outcome(beside_middle(30.0, province_adcode="440000"), lines) == (FALSE, "")
    assert outcome(beside_middle(90.0, province_adcode="810000"), lines) == (UNKNOWN, "hk_macao")


def test_a_site_is_measured_from_its_nearest_part() -> None:
    east, _, _ = GEOD.fwd(119.0, 33.0, 270.0, 19_000.0)
    outline = site(east - 0.1, 32.98, east, 33.02)
    found = judge([beside_middle(24.0)], sites=outline)

    assert found.per_subject["distance_m"].iloc[0] == pytest.approx(19_000.0, abs=5.0)
    assert not found.per_subject["across"].iloc[0]
    far = judge([beside_middle(80.0)], sites=site(117.9, 32.95, 118.0, 33.05))
    assert far.per_subject["distance_m"].iloc[0] == pytest.approx(
        GEOD.inv(118.0, 33.05, 119.0, 33.05)[2], abs=60
    )


def test_a_site_across_a_line_stands_in_both_provinces() -> None:
    found = judge([beside_middle(2.0)], sites=site(118.9, 32.9, 119.1, 33.1))
    row = found.per_subject.iloc[0]

    assert (row["truth"], row["across"], row["home_unsure"], row["distance_m"]) == (TRUE, True, False, 0.0)
    assert set(row["consultees"].split(";")) == {A, B}


def test_parts_of_a_site_in_two_provinces_stand_in_both_though_none_meets_the_line() -> None:
    parts = shapely.MultiPolygon(
        [shapely.box(118.0, 33.5, 118.1, 33.6), shapely.box(119.5, 32.05, 119.6, 32.1)]
    )
    first = borders()
    found = judge(
        [beside_middle(80.0, 33.55)], first, sites=np.array([parts], object), province_of=first.locate
    )
    row = found.per_subject.iloc[0]

    # The part in B is 5 km from D, which the part in A alone would not have to consult.
    assert (row["truth"], row["across"], row["home_unsure"], row["consultees"]) == (TRUE, True, False, D)
    assert row["distance_m"] == pytest.approx(GEOD.inv(119.55, 32.05, 119.55, 32.0)[2], abs=5.0)


def test_points_and_sites_of_one_list_keep_their_places() -> None:
    subjects = [beside_middle(15.0), beside_middle(24.0), beside_middle(45.0, u_m=8000.0)]
    outlines = np.array([None, shapely.box(118.7, 32.98, 118.8, 33.02), None], object)
    found = judge(subjects, sites=outlines)

    assert found.per_subject["truth"].tolist() == [TRUE, TRUE, FALSE]
    land = found.pairs[found.pairs["kind"] == "land"]
    assert land["subject"].tolist() == sorted(land["subject"])
    assert found.per_subject.index.equals(pd.RangeIndex(3))


def test_an_empty_list_gives_empty_tables() -> None:
    empty = pd.DataFrame(columns=["lon", "lat", "u_m", "province_adcode", "alternatives"])
    found = screen(
        empty, borders(), borders(), strip_km=20.0, inclusive=True, border_budget_m=1.0, reach_km=50.0
    )
    assert (len(found.per_subject), len(found.pairs)) == (0, 0)


def test_a_position_that_cannot_be_used_is_named() -> None:
    with pytest.raises(InputError) as caught:
        judge([beside_middle(15.0, lon=float("nan"))])
    assert caught.value.code == "position_unusable"
    with pytest.raises(ValueError, match="u_m"):
        judge([beside_middle(15.0, u_m=float("nan"))])
