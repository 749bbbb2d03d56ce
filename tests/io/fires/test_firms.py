"""The oddities of the cells of FIRMS, one by one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from geoaq.frames import NRT, RT, SP, URT
from tests.io.fires.conftest import AT


@pytest.mark.parametrize("clock", ["0532", "532", "05:32", "5:32", "532.0"])
def test_a_time_is_the_same_however_it_is_printed(firms: Callable[..., Any], clock: str) -> None:
    assert firms({"acq_time": clock}).one()["acquired"] == AT


@pytest.mark.parametrize(
    ("printed", "name"),
    [
        ("T", "terra"), ("Terra", "terra"), ("A", "aqua"), ("Aqua", "aqua"), ("N", "snpp"),
        ("Suomi NPP", "snpp"), ("1", "noaa20"), ("N20", "noaa20"), ("NOAA-20", "noaa20"), ("N21", "noaa21"),
        ("L8", "landsat8"), ("L9", "landsat9"),
    ],
)  # fmt: skip
def test_a_satellite_has_one_name(firms: Callable[..., Any], printed: str, name: str) -> None:
    assert firms({"satellite": printed}).one()["satellite"] == name


@pytest.mark.parametrize(
    ("printed", "grade", "per_cent"),
    [
        ("l", 0, -1),
        ("nominal", 1, -1),
        ("HIGH", 2, -1),
        ("M", 1, -1),
        ("29", 0, 29),
        ("80", 2, 80),
        ("", -1, -1),
    ],
)
def test_confidence_comes_in_words_letters_and_numbers(
    firms: Callable[..., Any], printed: str, grade: int, per_cent: int
) -> None:
    one = firms({"confidence": printed}).one()
    assert (one["confidence"], one["confidence_pct"]) == (grade, per_cent)


@pytest.mark.parametrize(
    ("version", "level"), [("2.0URT", URT), ("6.1RT", RT), ("2.0NRT", NRT), ("2", SP), ("61.03", SP)]
)
def test_the_ending_of_the_version_is_the_level(firms: Callable[..., Any], version: str, level: int) -> None:
    assert firms({"version": version}).one()["level"] == level


def test_a_file_without_versions_says_so_once(tmp_path: Path, read: Callable[..., Any]) -> None:
    path = tmp_path / "a.csv"
    path.write_text(
        "latitude,longitude,acq_date,acq_time,satellite\n30,120,2025-06-11,0532,N\n31,120,2025-06-11,0532,N\n"
    )
    found = read(path)
    assert (found.codes, set(found.frame["level"])) == (["fire_version_missing"], {NRT})


def test_a_saturated_pixel_and_a_folded_one_are_told_apart(firms: Callable[..., Any]) -> None:
    found = firms(
        {"bright_ti4": "367"}, {"bright_ti4": "207.38"}, {"bright_ti4": "207.38", "satellite": "Aqua"}
    )
    assert found.frame["saturated"].tolist() == [True, False, False]
    assert np.isnan(found.frame["t4_k"][1])
    assert found.frame["t4_k"][2] == np.float32(207.38)
    assert found.issues[["row", "value", "code"]].to_numpy().tolist() == [[3, "207.38", "fire_folded"]]


@pytest.mark.parametrize(
    ("cells", "field", "code"),
    [
        ({"latitude": "91"}, "latitude", "fire_degrees"),
        ({"longitude": ""}, "longitude", "coordinate_missing"),
        ({"longitude": "12o.5"}, "longitude", "coordinate_unreadable"),
        ({"latitude": "0", "longitude": "0.0"}, "longitude", "coordinate_zero"),
        ({"acq_date": "11/06/2025"}, "acq_date", "fire_day"),
        ({"acq_date": "2025-02-30"}, "acq_date", "fire_day"),
        ({"acq_time": "2460"}, "acq_time", "fire_minute"),
        ({"acq_time": ""}, "acq_time", "fire_minute"),
        ({"satellite": "X"}, "satellite", "fire_satellite"),
    ],
)
def test_a_row_that_cannot_be_used_says_which_cell_and_goes_out(
    firms: Callable[..., Any], cells: dict[str, str], field: str, code: str
) -> None:
    found = firms({}, cells, {"latitude": "31"})
    assert (found.rows_read, len(found.frame)) == (3, 2)
    issue = found.issues.iloc[0]
    assert (issue["row"], issue["field"], issue["code"], issue["severity"]) == (3, field, code, "error")
    assert issue["value"] == cells[field]


@pytest.mark.parametrize(
    ("cells", "code"),
    [
        ({"frp": "many"}, "fire_number"),
        ({"bright_ti5": "12"}, "fire_number"),
        ({"confidence": "101"}, "fire_confidence"),
        ({"version": "new"}, "fire_version"),
        ({"daynight": "X"}, "fire_code"),
        ({"type": "9"}, "fire_code"),
    ],
)
def test_a_doubt_leaves_the_row_in_and_the_value_unknown(
    firms: Callable[..., Any], cells: dict[str, str], code: str
) -> None:
    found = firms(cells)
    assert (len(found.frame), found.codes) == (1, [code])


def test_what_is_not_measured_is_unknown_without_a_word(firms: Callable[..., Any]) -> None:
    found = firms({"frp": "", "bright_ti4": "nan", "scan": "-999"})
    assert np.isnan([found.one()[name] for name in ("frp_mw", "t4_k", "scan_km")]).all()
    assert found.codes == []


def test_the_key_of_a_detection_is_its_satellite_minute_and_place(firms: Callable[..., Any]) -> None:
    keys = firms(
        {}, {"frp": "1", "version": "2"}, {"latitude": "30.83892"}, {"satellite": "N21"}, {"acq_time": "0533"}
    )
    found = keys.frame["key"].tolist()
    assert found[0] == found[1]
    assert len(set(found)) == 4
    # The same on every machine and in every release: files are told apart by it for years.
    assert found[0] == 12046563034931048689
