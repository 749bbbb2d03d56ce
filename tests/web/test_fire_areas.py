"""Townships, villages and grid cells on the cards of a pixel and of an event."""

from __future__ import annotations

from typing import Any

import pandas as pd

from geoaq.cards.fire_areas import across_townships, event_areas, pixel_areas

PIXEL: dict[str, Any] = {
    "township": "夹沟镇", "township_share": 0.62, "township_others": "符离镇=0.300;曹村镇=0.080",
    "village": "夹沟村", "grid": "",
}  # fmt: skip
EVENT: dict[str, Any] = {
    "townships": "夹沟镇=3;符离镇=1", "villages": "夹沟村=2", "grids": "", "disputed_township": True,
}  # fmt: skip


def test_a_pixel_tells_the_share_of_every_township_that_it_covers() -> None:
    assert pixel_areas(PIXEL, "zh") == [
        {"label": "乡镇（街道）", "text": "夹沟镇 62%；其余：符离镇 30%; 曹村镇 8%"},
        {"label": "行政村", "text": "夹沟村"},
    ]
    outside = PIXEL | {"township": "", "township_share": 0.0, "village": ""}
    assert pixel_areas(outside, "en")[0]["text"].startswith("in none of the townships given 0%")
    assert pixel_areas({"satellite": "terra"}, "zh") == []


def test_an_event_lists_its_areas_and_names_all_townships_that_it_may_belong_to() -> None:
    assert event_areas(EVENT, "en") == [
        {"level": "Township", "name": "夹沟镇", "pixels": 3},
        {"level": "Township", "name": "符离镇", "pixels": 1},
        {"level": "Village", "name": "夹沟村", "pixels": 2},
    ]
    assert across_townships(EVENT, pd.DataFrame([PIXEL])) == ["夹沟镇", "符离镇", "曹村镇"]
    assert across_townships(EVENT | {"disputed_township": False}, pd.DataFrame([PIXEL])) == []
