"""The office's own hot and glinting places, as fires are judged by them."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pandas as pd
import pytest

from geoaq.errors import InputError
from geoaq.flows.fires.static_places import check_static_places, own_static_places
from geoaq.flows.office_layers import LIMITS
from geoaq.store.fires.store import FireStore
from geoaq.store.office_layers import OfficeLayers
from tests.flows.fires.book import book, judged
from tests.store.fires import rows as made
from tests.store.fires.rows import about, fires


def square(lon: float, **properties: str) -> dict[str, object]:
    ring = [[lon, 33.0], [lon + 0.1, 33.0], [lon + 0.1, 33.1], [lon, 33.1], [lon, 33.0]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def given(folder: Path, features: list[dict[str, object]]) -> Path:
    """Write a file of places."""
    path = folder / "热源.geojson"
    text = json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)
    path.write_text(text, "utf-8")
    return path


def kept(folder: Path, features: list[dict[str, object]]) -> pd.DataFrame:
    """Add a file on 1 November 2026 and return its places."""
    path, checked = given(folder, features), folder / "checked"
    checked.mkdir()
    (checked / "report.json").write_text("{}", "utf-8")
    OfficeLayers(folder).put("static_places", path, checked, now=datetime(2026, 11, 1, 9, 30, tzinfo=UTC))
    return own_static_places(folder, limits=LIMITS)


def moment(year: int, month: int, day: int, hour: int = 0) -> int:
    return int(datetime(year, month, day, hour, tzinfo=UTC).timestamp())


def test_kinds_are_read_in_chinese_and_in_the_words_of_the_policy(tmp_path: Path) -> None:
    assert own_static_places(tmp_path, limits=LIMITS).empty
    kinds = ["钢铁", "photovoltaic", "Steel", "不明", ""]
    places = kept(tmp_path, [square(116.0 + at, 类型=kind) for at, kind in enumerate(kinds)])
    assert places["kind"].tolist() == ["steel", "photovoltaic", "steel", "不明", ""]
    assert [shape.bounds[0] for shape in places["geometry"]] == [116.0, 117.0, 118.0, 119.0, 120.0]


def test_a_place_counts_from_its_first_day_or_from_the_day_it_was_added_on(tmp_path: Path) -> None:
    days = [("", ""), ("2020-03-01", ""), ("2020年3月1日", "2021-05-31"), ("", "2026-12-31"), ("不详", "")]
    features = [square(116.0 + at, 类型="钢铁", 起始日期=a, 终止日期=b) for at, (a, b) in enumerate(days)]
    places = kept(tmp_path, features)
    added, first = moment(2026, 11, 1), moment(2020, 2, 29, 16)
    assert places["begin"].tolist()[:4] == [added, first, first, added]
    assert places["end"].tolist()[2:4] == [moment(2021, 5, 31, 16), moment(2026, 12, 31, 16)]
    assert places["end"].tolist()[0] > moment(9000, 1, 1)
    assert places["begin"].tolist()[4] > places["end"].tolist()[4]


@pytest.mark.parametrize("days", [("不详", ""), ("", "2025-02-30"), ("2025-03-02", "2025-03-01")])
def test_days_that_cannot_be_used_are_refused_when_the_file_comes(
    tmp_path: Path, days: tuple[str, str]
) -> None:
    good = square(116.0, 类型="钢铁", first="2025-03-01", last="2025-03-01")
    check_static_places(given(tmp_path, [good]), limits=LIMITS)
    wrong = square(117.0, 类型="钢铁", first=days[0], last=days[1])
    with pytest.raises(InputError) as refused:
        check_static_places(given(tmp_path, [good, wrong]), limits=LIMITS)
    assert refused.value.code == "static_place_days"
    assert refused.value.params["feature"] == 2


@pytest.mark.parametrize(("first", "events"), [("", 1), ("2020-03-01", 0)])
def test_a_place_that_is_added_today_leaves_the_events_of_earlier_days(
    tmp_path: Path, first: str, events: int
) -> None:
    places = kept(tmp_path, [square(116.5, 类型="钢铁", 起始日期=first)])
    with FireStore(tmp_path / "data") as store:
        sides = {"scan_km": 0.4, "track_km": 0.4, "daynight": 1}
        store.ingest(made.given(fires({"lon": 116.55, "lat": 33.05, **sides})), **about("a"))
        judged(store, book=replace(book(), places=places))
        assert store.count_events() == events
