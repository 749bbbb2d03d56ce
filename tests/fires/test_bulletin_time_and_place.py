from __future__ import annotations

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pytest
from pyproj import Geod

from geoaq.errors import ConfigError
from geoaq.fires.bulletin import (
    BulletinRule,
    Period,
    arable_by_county,
    beside,
    cells,
    change,
    clouds,
    day_period,
    passes,
    patrols,
    report_day,
    seasons,
    state_of,
    week_period,
)
from geoaq.fires.bulletin.points import beijing, dms, footprint, utc

DAY = day_period(date(2025, 6, 11), ends_at=17)


def moment(*parts: int) -> int:
    """Return a moment of Beijing time as seconds."""
    return int(datetime(*parts, tzinfo=UTC).timestamp()) - 8 * 3600


def due(*names: str) -> dict[str, date]:
    """Return satellites that pass every day."""
    return dict.fromkeys(names, date(2000, 1, 1))


def test_a_satellite_lacks_no_pass_before_it_flew() -> None:
    week = week_period(date(2024, 1, 17), ends_at=17)
    found = passes(week, {"noaa21": date(2024, 1, 17)}, {"noaa21": {date(2024, 1, 19)}})
    assert found.loc[0, ["days", "seen"]].tolist() == [5, 1]
    assert passes(week.before(), {"noaa21": date(2024, 1, 17)}, {}).empty


def test_a_day_of_report_runs_from_seventeen_to_seventeen() -> None:
    assert (DAY.since, DAY.until) == (moment(2025, 6, 10, 17), moment(2025, 6, 11, 17))
    assert report_day(DAY.since, ends_at=17) == date(2025, 6, 11)
    assert report_day(DAY.since - 1, ends_at=17) == date(2025, 6, 10)
    assert report_day(DAY.until - 1, ends_at=17) == date(2025, 6, 11)


def test_at_twenty_four_it_is_the_calendar_day() -> None:
    plain = day_period(date(2025, 6, 11), ends_at=24)
    assert (plain.since, plain.until) == (moment(2025, 6, 11), moment(2025, 6, 12))
    assert report_day(plain.since, ends_at=24) == date(2025, 6, 11)


def test_periods_join_without_gap_or_overlap() -> None:
    week = week_period(date(2025, 6, 11), ends_at=17)
    assert week.before().until == week.since
    assert [week.span(day)[0] for day in week.days] == [week.since + 86_400 * n for n in range(7)]


def test_the_same_days_of_last_year_keep_their_length_over_a_leap_day() -> None:
    leap = Period("range", date(2024, 2, 29), date(2024, 3, 2), 17)
    assert leap.year_before() == Period("range", date(2023, 2, 28), date(2023, 3, 2), 17)
    assert len(leap.year_before().days) == len(leap.days)
    assert week_period(date(2025, 6, 11), ends_at=17).year_before().first == date(2024, 6, 9)


def test_a_period_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(ValueError, match="2025-06-11"):
        Period("range", date(2025, 6, 12), date(2025, 6, 11), 17)


def test_a_satellite_without_any_row_is_a_missing_pass() -> None:
    found = passes(DAY, due("snpp", "terra"), {"snpp": {date(2025, 6, 11)}, "himawari9": {date(2025, 6, 11)}})
    assert found["satellite"].tolist() == ["snpp", "terra", "himawari9"]
    assert found["missing"].tolist() == [(), (date(2025, 6, 11),), ()]
    assert state_of(found) == "partial"
    assert state_of(passes(DAY, due("snpp"), {"snpp": {date(2025, 6, 11)}})) == "whole"
    assert state_of(passes(DAY, due("snpp"), {"snpp": {date(2025, 6, 9)}})) == "none"


def test_a_period_without_data_is_never_one_without_fires() -> None:
    now, then = pd.Series({"341302": 5}), pd.Series(dtype=np.int64)
    nothing = passes(DAY.before(), due("snpp"), {})
    found = change(now, then, nothing, DAY.before())
    assert (found.points, found.difference, found.percent, found.new, found.gone) == (
        None,
        None,
        None,
        (),
        (),
    )
    assert beside(now, then, "none").isna().all()
    seen = passes(DAY.before(), due("snpp"), {"snpp": set(DAY.before().days)})
    found = change(now, then, seen, DAY.before())
    assert (found.points, found.difference, found.percent, found.new) == (0, 5, None, ("341302",))
    assert beside(now, then, "whole").tolist() == [0.0]
    unseen = change(now * 0, then, seen, DAY.before(), observed="none")
    assert (unseen.points, unseen.difference, unseen.percent) == (int(then.sum()), None, None)
    assert (unseen.new, unseen.gone) == ((), ())


def test_clouds_are_known_only_where_the_office_states_them() -> None:
    week = week_period(date(2025, 6, 11), ends_at=17)
    table = pd.DataFrame(
        {
            "adcode": ["341302", "341302", "341302", "341322"],
            "day": [date(2025, 6, 11), date(2025, 6, 12), date(2025, 6, 30), date(2025, 6, 11)],
            "share": [0.8, 0.2, 1.0, 0.0],
        }
    )
    found = clouds(table, week)
    assert found.loc["341302"].tolist() == [0.5, 2]
    assert found.loc["341322"].tolist() == [0.0, 1]
    assert len(found) == 2


def test_patrols_name_townships_where_known_and_else_cells() -> None:
    past = pd.DataFrame(
        {
            "adcode": "341302",
            "place": ["夹沟镇", "夹沟镇", "", ""],
            "lon": [117.01, 117.03, 116.975, 116.975],
            "lat": [33.90, 33.92, 33.625, 33.625],
            "year": [2023, 2024, 2024, 2024],
        }
    )
    present = past.drop(columns="year").iloc[[2]]
    found = patrols(past, present)
    assert found["place"].tolist() == ["夹沟镇", ""]
    assert found[["years", "points", "last_year", "now"]].to_numpy().tolist() == [
        [2, 2, 2024, 0],
        [1, 2, 2024, 1],
    ]
    assert found.loc[0, "lon"] == pytest.approx(117.02)
    assert found.loc[1, ["lon", "lat"]].tolist() == pytest.approx([116.975, 33.625])


def test_patrols_of_a_first_season_hold_what_burns_now() -> None:
    now = pd.DataFrame({"adcode": ["341302"], "place": [""], "lon": [116.975], "lat": [33.625]})
    found = patrols(now.iloc[:0].assign(year=pd.Series(dtype=np.int64)), now)
    assert found[["years", "points", "last_year", "now"]].to_numpy().tolist() == [[0, 0, 0, 1]]


def test_a_value_on_an_edge_lies_in_the_cell_that_begins_there() -> None:
    lon, lat = cells(np.array([125.3, 0.15, -0.01]), np.array([44.85, 0.3, -0.05]), cell_deg=0.05)
    assert lon.tolist() == [125.325, 0.175, -0.025]
    assert lat.tolist() == [44.875, 0.325, -0.025]


def test_seasons_are_the_same_weeks_of_the_years_before() -> None:
    found = seasons(DAY, years=2, margin_days=21)
    assert [(one.first, one.last) for one in found] == [
        (date(2024, 5, 21), date(2024, 7, 2)),
        (date(2023, 5, 21), date(2023, 7, 2)),
    ]


def test_arable_land_of_a_cell_is_its_area_on_the_ellipsoid() -> None:
    classes = np.array([[12, 14, 10]], np.uint8)

    def locate(lon, lat):
        return np.where(lon < 110.05, 0, np.where(lon < 110.1, 1, -1)).astype(np.int32)

    found = arable_by_county(
        classes, west=110.0, north=35.0, cell=0.05, weights={12: 0.6, 14: 0.4}, locate=locate, counties=2
    )
    corners = [110.0, 110.05, 110.05, 110.0], [34.95, 34.95, 35.0, 35.0]
    area, _ = Geod(ellps="WGS84").polygon_area_perimeter(*corners)
    assert found[0] == pytest.approx(0.6 * abs(area) / 10_000, rel=1e-6)
    assert found[1] == pytest.approx(0.4 * abs(area) / 10_000, rel=1e-6)


def test_degrees_are_printed_as_minutes_and_seconds_that_carry_over() -> None:
    assert dms(116.24369139, "lon") == "116°14′37.289″E"
    assert dms(34.9999999999, "lat") == "35°00′00.000″N"
    assert dms(-0.5, "lon") == "0°30′00.000″W"


def test_times_are_printed_in_beijing_time_and_in_utc() -> None:
    assert (beijing(DAY.until), utc(DAY.until)) == ("2025-06-11 17:00", "2025-06-11T09:00Z")
    assert footprint(1.0, float("nan")) == ""


def test_a_rule_that_cannot_be_is_refused(root) -> None:
    import tomllib

    table = tomllib.loads((root / "layers" / "policy" / "fire_bulletin.toml").read_text("utf-8"))
    assert BulletinRule.from_table(table).ends_at == 17
    for part, key, value in (
        ("day", "ends_at", 0),
        ("passes", "expected", {"sputnik": date(1957, 10, 4)}),
        ("rows", "pages", 0),
        ("points", "beside", ["terra"]),
    ):
        broken = {**table, part: {**table[part], key: value}}
        with pytest.raises(ConfigError):
            BulletinRule.from_table(broken)
    with pytest.raises(ConfigError):
        BulletinRule.from_table({})
