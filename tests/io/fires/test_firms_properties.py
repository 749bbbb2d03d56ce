"""What holds of any table of FIRMS."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from geoaq.errors import InputError
from geoaq.frames import NRT, RT, SATELLITES, SP, URT
from tests.io.fires.conftest import ROW

CELL = st.one_of(
    st.text(st.characters(exclude_categories=["C", "Zl", "Zp"], exclude_characters=',";'), max_size=8),
    st.sampled_from([*ROW.values(), "", " ", "1e999", "-999", "nan", "latitude", "٣", "１２"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.dictionaries(st.sampled_from(list(ROW)), CELL, max_size=4), min_size=1, max_size=6))
def test_whatever_stands_in_the_cells_rows_and_errors_add_up(
    firms: Callable[..., Any], rows: list[dict[str, str]]
) -> None:
    try:
        found = firms({}, *rows)
    except InputError as error:
        # The first cell of a row says that it is another header.
        if error.code != "firms_headers_differ":
            raise
        return
    errors = found.issues[found.issues["severity"] == "error"]["row"]
    assert found.rows_read == len(found.frame) + errors.nunique()
    assert np.isfinite(found.frame[["lon", "lat"]].to_numpy()).all()


DETECTIONS = st.fixed_dictionaries(
    {
        "latitude": st.integers(-9_000_000, 9_000_000).map(lambda n: f"{n / 1e5:.5f}"),
        "longitude": st.integers(1, 18_000_000).map(lambda n: f"{n / 1e5:.5f}"),
        "bright_ti4": st.integers(21_001, 36_700).map(lambda n: f"{n / 100:g}"),
        "acq_date": st.dates(date(2012, 1, 20), date(2099, 12, 31)).map(str),
        "acq_time": st.tuples(st.integers(0, 23), st.integers(0, 59)).map(lambda t: f"{t[0]:02d}{t[1]:02d}"),
        "satellite": st.sampled_from(["N", "N20", "N21"]),
        "confidence": st.sampled_from(["low", "nominal", "high"]),
        "version": st.sampled_from(["2.0URT", "2.0RT", "2.0NRT", "2"]),
        "frp": st.integers(0, 99_999).map(lambda n: f"{n / 100:g}"),
        "daynight": st.sampled_from("DN"),
    }
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(DETECTIONS, min_size=1, max_size=12))
def test_what_was_written_as_firms_is_read_back(
    firms: Callable[..., Any], rows: list[dict[str, str]]
) -> None:
    frame = firms(*rows).frame
    names = dict(zip(("snpp", "noaa20", "noaa21"), ("N", "N20", "N21"), strict=True))
    endings = {URT: "2.0URT", RT: "2.0RT", NRT: "2.0NRT", SP: "2"}
    back = [
        {
            "latitude": f"{row.lat:.5f}",
            "longitude": f"{row.lon:.5f}",
            "bright_ti4": f"{row.t4_k:.6g}",
            "acq_date": str(np.datetime64(row.acquired, "s"))[:10],
            "acq_time": str(np.datetime64(row.acquired, "s"))[11:16].replace(":", ""),
            "satellite": names[row.satellite],
            "confidence": ["low", "nominal", "high"][row.confidence],
            "version": endings[row.level],
            "frp": f"{row.frp_mw:.6g}",
            "daynight": "ND"[row.daynight],
        }
        for row in frame.itertuples()
    ]
    assert back == [row | {"latitude": f"{float(row['latitude']):.5f}"} for row in rows]
    assert set(frame["satellite"].cat.categories) == set(SATELLITES)
