from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from geoaq.fires.footprints import footprints
from geoaq.fires.quality import REASONS, classify, event_class, event_classes
from geoaq.frames import FIRE_CLASSES, FIRE_KINDS
from geoaq.wording import catalogue
from tests.fires.quality.toy import NO_PLACES, NO_SOURCES, RULE, pixels, seconds, source

APRIL, JULY = seconds(date(2025, 4, 20)), seconds(date(2025, 7, 20))
NIGHT = {"daynight": 0}
LOW = {"confidence": 0}


def judged(
    rows: list[dict[str, Any]],
    share: float = 0.8,
    sources: pd.DataFrame = NO_SOURCES,
    polygons: pd.DataFrame = NO_PLACES,
    **options: Any,
) -> pd.DataFrame:
    table = pixels(rows)
    shares = np.full(len(table), share, np.float32)
    shapes = footprints(table, np.zeros(len(table)))
    return classify(
        table, shapes, crop_share=shares, sources=sources, polygons=polygons, rule=RULE, **options
    )


def one(row: dict[str, Any], **options: Any) -> tuple[str, str]:
    frame = judged([{"acquired": APRIL} | row], **options)
    return str(frame["class"].iloc[0]), str(frame["reasons"].iloc[0])


@pytest.mark.parametrize(
    ("row", "share", "said", "why"),
    [
        ({}, 0.8, "straw_likely", "cropland;window"),
        (NIGHT, 0.8, "straw_likely", "cropland;window;night"),
        (NIGHT | {"frp_mw": 0.9}, 0.8, "mixed", "weak_night;cropland;window;night"),
        ({"acquired": JULY}, 0.8, "mixed", "cropland;off_window"),
        ({"adcode": "652301"}, 0.8, "straw_likely", "cropland;no_window"),
        ({"adcode": "652301"} | NIGHT, 0.8, "mixed", "cropland;no_window;night"),
        ({}, 0.3, "mixed", "cropland_part;window"),
        (LOW, 0.8, "mixed", "low_confidence;cropland;window"),
        (LOW | {"acquired": JULY}, 0.8, "suspect", "low_confidence;cropland;off_window"),
        (LOW | NIGHT, 0.8, "straw_likely", "cropland;window;night"),
        ({}, 0.1, "not_cropland", "no_cropland;window"),
        (LOW, 0.1, "suspect", "low_confidence;no_cropland;window"),
        ({}, np.nan, "unknown", "cropland_unknown;window"),
        ({"fire_type": 2}, 0.8, "static", "firms_static;cropland;window"),
        ({"fire_type": 1}, 0.8, "static", "firms_volcano;cropland;window"),
        ({"fire_type": 3}, 0.8, "not_cropland", "firms_offshore;cropland;window"),
        ({"fire_type": 0}, 0.8, "straw_likely", "cropland;window"),
        ({"kind": "drone"}, 0.1, "unknown", "seen_nearby;no_cropland;window"),
        ({"kind": "report"}, 0.8, "straw_likely", "seen_nearby;cropland;window"),
    ],
)
def test_land_cover_calendar_and_doubts_make_the_class(
    row: dict[str, Any], share: float, said: str, why: str
) -> None:
    assert one(row, share=share, coarse=False) == (said, why)


def test_a_coarse_land_cover_without_crops_proves_nothing_inside_a_window() -> None:
    assert one({}, share=0.0) == ("unknown", "no_cropland;coarse_cover;window")
    assert one({"acquired": JULY}, share=0.0) == ("not_cropland", "no_cropland;off_window")


def test_what_lies_in_reach_of_a_source_is_static_and_names_it() -> None:
    degree = 111_150.0  # of the meridian at 46° N, about
    for sensor, size, reach in (("snpp", 0.4, 700.0), ("terra", 2.0, 2200.0)):
        rows = [
            {"satellite": sensor, "scan_km": size, "track_km": size, "lat": 46.0 + away / degree}
            | {"acquired": APRIL}
            for away in (reach - 20.0, reach + 20.0)
        ]
        frame = judged(rows, sources=source())
        assert frame["class"].tolist() == ["static", "straw_likely"]
        assert frame["static_source"].tolist() == ["static-a", ""]
        assert frame["reasons"].iloc[0] == "static_register;cropland;window"


def test_what_was_pushed_stays_an_event_though_a_static_source_burns_there() -> None:
    for row, options in (({}, {"sources": source()}), ({"fire_type": 2}, {})):
        assert one(row, **options)[0] == "static"
        named, why = one(row | {"kind": "push", "satellite": "mee"}, **options)
        assert named == "suspect"
        assert why == one(row, **options)[1]


def test_a_burst_inside_a_source_s_reach_is_not_swallowed_inside_a_window() -> None:
    said = judged([{"acquired": APRIL, "frp_mw": 9.1}, {"acquired": APRIL, "frp_mw": 8.9}], sources=source())
    assert said["class"].tolist() == ["straw_likely", "static"]
    assert said["reasons"].iloc[0] == "static_register;burst;cropland;window"
    assert said["static_source"].tolist() == ["static-a"] * 2
    assert one({"acquired": JULY, "frp_mw": 50.0}, sources=source())[0] == "static"
    assert one({"frp_mw": np.nan}, sources=source())[0] == "static"
    assert one({"frp_mw": 50.0}, sources=source(frp_p95_mw=np.nan))[0] == "static"


def test_of_two_sources_the_stronger_decides_what_a_burst_is() -> None:
    both = pd.concat([source(), source(source="static-b", lat=46.001, frp_p95_mw=30.0)], ignore_index=True)
    assert one({"frp_mw": 50.0}, sources=both)[0] == "static"


def test_a_source_counts_from_when_it_was_learned_until_it_expires() -> None:
    assert one({}, sources=source(learned_as_of=APRIL + 1))[0] == "straw_likely"
    assert one({}, sources=source(learned_as_of=APRIL))[0] == "static"
    assert one({}, sources=source(expires=APRIL))[0] == "straw_likely"


def test_neither_register_nor_land_cover_contradicts_who_saw_it_nearby() -> None:
    said = one({"kind": "camera"}, sources=source())
    assert said == ("straw_likely", "static_register;seen_nearby;cropland;window")


def square(lon: float, lat: float, side: float) -> shapely.Polygon:
    return shapely.box(lon - side, lat - side, lon + side, lat + side)


def places(kinds: list[str], shapes: list[Any], begin: int = 0, end: int = 1 << 62) -> pd.DataFrame:
    """Return users' places that count for some time."""
    return pd.DataFrame({"kind": kinds, "geometry": shapes}).assign(begin=begin, end=end)


@pytest.mark.parametrize(
    ("kind", "shape", "said"),
    [
        ("steel", square(126.0, 46.0, 0.003), "static"),
        ("steel", square(126.002, 46.0, 0.001), "mixed"),
        ("steel", shapely.Point(126.0, 46.0), "mixed"),
        ("photovoltaic", square(126.0, 46.0, 0.003), "suspect"),
    ],
)
def test_a_place_counts_only_in_its_own_time(kind: str, shape: Any, said: str) -> None:
    when = APRIL
    for begin, end, counts in (
        (when, when + 1, True), (when + 1, when + 9, False), (0, when, False), (when + 9, 0, False)
    ):  # fmt: skip
        found = one({}, polygons=places([kind], [shape], begin, end))[0]
        assert found == (said if counts else "straw_likely")


def test_users_polygons_hold_touch_or_glint() -> None:
    steel = places(["steel"], [square(126.0, 46.0, 0.003)])
    assert one({}, polygons=steel) == ("static", "user_polygon;cropland;window")
    assert one({"lon": 126.005}, polygons=steel) == ("mixed", "near_plant;cropland;window")
    assert one({"lon": 126.03}, polygons=steel) == ("straw_likely", "cropland;window")
    roof = steel.assign(kind="photovoltaic")
    assert one({}, polygons=roof) == ("suspect", "roof_polygon;cropland;window")
    assert one(NIGHT, polygons=roof)[0] == "straw_likely"
    assert one({}, polygons=steel.assign(kind="school"))[0] == "straw_likely"


def test_a_plant_s_point_casts_a_doubt_and_never_makes_static() -> None:
    plant = places(["power"], [shapely.Point(126.0, 46.0)])
    assert one({}, polygons=plant) == ("mixed", "near_plant;cropland;window")
    assert one({"acquired": JULY}, polygons=plant)[0] == "suspect"
    assert one({}, share=0.0, coarse=False, polygons=plant)[0] == "suspect"
    assert one({"lat": 46.02}, polygons=plant)[0] == "straw_likely"


def test_day_and_night_go_by_the_sun_where_they_are_not_printed() -> None:
    dark = seconds(date(2025, 4, 20), 18)
    assert one({"daynight": -1, "acquired": dark})[1] == "cropland;window;night"
    assert one({"daynight": -1})[1] == "cropland;window"


def test_the_class_of_an_event_is_that_of_its_best_supported_pixel() -> None:
    order = ["straw_likely", "mixed", "unknown", "not_cropland", "suspect", "static"]
    assert sorted(order) == sorted(FIRE_CLASSES)
    for k, best in enumerate(order):
        assert event_class(pd.Series(order[k:][::-1])) == best
    classes = pd.Series(["static", "mixed", "suspect", "unknown"], dtype="category")
    labels = np.array([0, 1, 0, 1], np.int32)
    assert event_classes(classes, labels).tolist() == ["suspect", "mixed"]


def test_every_class_and_reason_has_its_words() -> None:
    words = {code.split(".", 1)[1] for code in catalogue() if code.startswith("fire_quality.")}
    assert words == set(REASONS) | {f"class_{name}" for name in FIRE_CLASSES}


ANY = st.fixed_dictionaries(
    {
        "satellite": st.sampled_from(["snpp", "terra", "himawari9"]),
        "kind": st.sampled_from(FIRE_KINDS),
        "acquired": st.integers(APRIL - 10**7, APRIL + 10**7),
        "lon": st.floats(125.98, 126.02),
        "lat": st.floats(45.98, 46.02),
        "scan_km": st.sampled_from([0.4, 1.0, 4.8, np.nan]),
        "track_km": st.sampled_from([0.4, 2.0, np.nan]),
        "frp_mw": st.sampled_from([0.5, 4.0, 60.0, np.nan]),
        "confidence": st.sampled_from([-1, 0, 1, 2]),
        "daynight": st.sampled_from([-1, 0, 1]),
        "fire_type": st.sampled_from([-1, 0, 1, 2, 3]),
        "adcode": st.sampled_from(["", "230112", "411321", "652301"]),
    }
)
SHARE = st.sampled_from([0.0, 0.2, 0.5, 1.0, np.nan])


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(ANY, SHARE), min_size=1, max_size=25), st.randoms(use_true_random=False))
def test_each_pixel_is_judged_by_itself_and_none_is_dropped(rows: list[Any], random: Any) -> None:
    table = pixels([row for row, _ in rows])
    shares = np.array([share for _, share in rows], np.float32)
    shapes = footprints(table, np.zeros(len(table)))
    sources = pd.concat([source(), source(source="static-b", lon=126.01, radius_m=900.0)], ignore_index=True)
    given_places = places(["steel", "roof"], [square(126.01, 46.01, 0.004)] * 2)

    def said(order: list[int]) -> pd.DataFrame:
        some = table.iloc[order]
        found = classify(
            some, shapes[order], crop_share=shares[order], sources=sources, polygons=given_places, rule=RULE
        )
        assert found.index.equals(some.index)
        return found.astype(dict.fromkeys(("class", "reasons", "static_source"), object))

    whole = said(list(range(len(table))))
    assert whole["class"].isin(FIRE_CLASSES).all()
    assert whole["reasons"].map(lambda text: set(text.split(";")) <= set(REASONS)).all()
    order = random.sample(range(len(table)), random.randint(1, len(table)))
    pd.testing.assert_frame_equal(said(order), whole.iloc[order])
