"""What burned, and what FIRMS says of it: each sensor saw some detections a day; the server tells them."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

from tests.io.fires.conftest import BULK, ROW

TODAY = date(2025, 6, 12)
NOON = int(datetime(2025, 6, 12, 12, tzinfo=UTC).timestamp())
DAY_S = 86_400
A_DAY = 3
_NAMES = {"snpp": "N", "noaa20": "N20", "noaa21": "N21", "modis": "Terra"}
_OF_PRODUCT = {
    "MODIS_NRT": "modis", "VIIRS_SNPP_NRT": "snpp", "VIIRS_NOAA20_NRT": "noaa20",
    "VIIRS_NOAA21_NRT": "noaa21",
}  # fmt: skip
_OF_BULK = {"MODIS_C6_1": "modis", "SUOMI_VIIRS_C2": "snpp", "J1_VIIRS_C2": "noaa20", "J2_VIIRS_C2": "noaa21"}
_AREA = re.compile(r"/api/area/csv/\w+/(\w+)/[-\d.,]+/(\d+)/([-\d]+)")
_BULK = re.compile(r"/csv/(\w+?)_(Russia_Asia|SouthEast_Asia)_(24h|48h|7d)\.csv")
_SPANS = {"24h": 1, "48h": 2, "7d": 7}


def rows_of(sensor: str, first: date, days: int) -> str:
    """Return the table of a sensor: three detections on each day, the same at every question."""
    lines = [
        ",".join(
            (
                ROW
                | {
                    "acq_date": (first + timedelta(days=number)).isoformat(),
                    "latitude": f"30.{n:05d}",
                    "satellite": _NAMES[sensor],
                }
            ).values()
        )
        for number in range(days)
        for n in range(A_DAY)
    ]
    return "\n".join([BULK, *lines]) + "\n"


def told_by_firms(today: Callable[[], date]) -> Callable[[str], str]:
    """Return what answers a path of FIRMS; nothing is known of days after ``today``."""

    def body(path: str) -> str:
        area, bulk = _AREA.search(path), _BULK.search(path)
        if area:
            first, days = date.fromisoformat(area[3]), int(area[2])
            return rows_of(_OF_PRODUCT[area[1]], first, min(days, (today() - first).days + 1))
        assert bulk, path
        # The south of China is in both regions; these detections are in the north.
        days = _SPANS[bulk[3]] if bulk[2] == "Russia_Asia" else 0
        return rows_of(_OF_BULK[bulk[1]], today() - timedelta(days=days - 1), days)

    return body
