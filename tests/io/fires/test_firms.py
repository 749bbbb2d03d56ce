"""The oddities of FIRMS, one by one."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from geoaq.errors import InputError, LimitError
from geoaq.frames import NRT, RT, SATELLITES, SP, URT
from geoaq.io.fires import read_fire_chunks
from geoaq.io.tables import Limits
from tests.io.fires.conftest import BULK, ROW

# 11 June 2025, 05:32 UTC
AT = 1_749_619_920


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


def test_a_country_id_in_front_changes_nothing_and_is_kept(tmp_path: Path, read: Callable[..., Any]) -> None:
    path = tmp_path / "country.csv"
    path.write_text(f"country_id,{BULK}\nCHN,{','.join(ROW.values())}\n")
    found = read(path)
    assert found.one()["acquired"] == AT
    assert json.loads(found.extra["data"].iloc[0]) == {"country_id": "CHN"}


@pytest.mark.parametrize("ending", ["\n", "", "\r\n"])
def test_a_header_alone_means_no_fires(tmp_path: Path, read: Callable[..., Any], ending: str) -> None:
    path = tmp_path / "none.csv"
    path.write_bytes((BULK + ending).encode())
    found = read(path)
    assert (found.rows_read, len(found.frame), found.codes) == (0, 0, [])


@pytest.mark.parametrize(
    ("body", "code"),
    [("Invalid MAP_KEY.", "firms_key_invalid"), ("Exceeding allowed transaction limit.", "firms_quota")],
)
def test_a_refusal_that_was_saved_as_a_table_is_understood(
    tmp_path: Path, read: Callable[..., Any], body: str, code: str
) -> None:
    path = tmp_path / "VIIRS.csv"
    path.write_text(body)
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.code == code


def test_blank_lines_short_rows_and_a_second_header_keep_their_place(
    tmp_path: Path, read: Callable[..., Any]
) -> None:
    row = ",".join(ROW.values())
    lines = [
        BULK,
        row,
        "",
        BULK.replace("bright_ti4", "brightness"),
        "1,2,3",
        row,
        ",,,,,,,,,,,,",
        row + ",7",
        "30.8",
    ]
    path = tmp_path / "joined.csv"
    path.write_text("\n".join(lines))
    found = read(path)
    assert (found.rows_read, len(found.frame)) == (5, 2)
    noted = found.issues.sort_values("row")[["row", "code"]].to_numpy().tolist()
    assert noted == [[4, "header_repeated"], *([row, "fire_row_ragged"] for row in (5, 8, 9))]


def test_rows_keep_their_numbers_over_the_borders_of_blocks(tmp_path: Path, fire_list: Any) -> None:
    rows = [",".join((ROW | {"latitude": f"{30 + place / 1000:.5f}"}).values()) for place in range(400)]
    rows[57], rows[233], rows[234] = "cut", rows[233].replace("N20", "X1"), ""
    path = tmp_path / "long.csv"
    path.write_text("\n".join([BULK, *rows]) + "\n")
    chunks = list(read_fire_chunks(path, product=fire_list, block_bytes=2048))
    assert len(chunks) > 10
    issues = [each for chunk in chunks for each in chunk.issues.frame()[["row", "code"]].to_numpy().tolist()]
    assert issues == [[59, "fire_row_ragged"], [235, "fire_satellite"]]
    assert sum(chunk.rows_read for chunk in chunks) == 399
    assert sum(len(chunk.frame) for chunk in chunks) == 397


def test_files_with_other_columns_that_were_joined_are_refused(
    tmp_path: Path, read: Callable[..., Any]
) -> None:
    path = tmp_path / "joined.csv"
    other = BULK.replace("scan,track", "track,scan")
    path.write_text("\n".join([BULK, ",".join(ROW.values()), other, ",".join(ROW.values())]))
    with pytest.raises(InputError) as caught:
        read(path)
    assert (caught.value.code, caught.value.params["row"]) == ("firms_headers_differ", 3)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030", "utf-16"])
def test_a_table_that_went_through_an_office_program_is_still_read(
    tmp_path: Path, read: Callable[..., Any], encoding: str
) -> None:
    path = tmp_path / "表.csv"
    path.write_bytes(f"{BULK},省\n{','.join(ROW.values())},吉林省\n".replace(",", ";").encode(encoding))
    assert json.loads(read(path).extra["data"].iloc[0]) == {"省": "吉林省"}


def test_a_workbook_with_the_columns_of_firms_is_read_as_firms(
    tmp_path: Path, read: Callable[..., Any]
) -> None:
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(list(ROW))
    sheet.append(
        [
            float(v) if n in {"latitude", "longitude"} else 532 if n == "acq_time" else v
            for n, v in ROW.items()
        ]
    )
    book.save(tmp_path / "firms.xlsx")
    found = read(tmp_path / "firms.xlsx")
    assert (found.layouts, found.one()["acquired"]) == ({"firms"}, AT)


def test_an_order_is_read_straight_out_of_its_zip(tmp_path: Path, read: Callable[..., Any]) -> None:
    path = tmp_path / "DL_FIRE_SV-C2_1.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("Readme.txt", "Please read")
        for name, version in (("fire_archive_SV-C2_1.csv", "2"), ("fire_nrt_SV-C2_1.csv", "2.0NRT")):
            packed.writestr(name, f"{BULK}\n{','.join((ROW | {'version': version}).values())}\n")
    assert read(path).frame["level"].tolist() == [SP, NRT]


def test_a_zip_that_swells_up_is_refused(tmp_path: Path, read: Callable[..., Any]) -> None:
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("fire.csv", BULK + "\n" + "0" * 5_000_000)
    with pytest.raises(InputError) as caught:
        read(path)
    assert caught.value.code == "firms_broken"


def test_a_shapefile_with_upper_case_names_is_read_as_firms(tmp_path: Path, read: Callable[..., Any]) -> None:
    import geopandas as gpd
    import pandas as pd
    from shapely.geometry import Point

    cells = {name.upper(): [value] for name, value in ROW.items()}
    cells |= {"LATITUDE": [30.83891], "LONGITUDE": [120.92173], "FRP": [12.4]}  # type: ignore[dict-item]
    # As FIRMS has it: a field of the kind Date.
    cells["ACQ_DATE"] = pd.Series([date(2025, 6, 11)], dtype=pd.ArrowDtype(pa.date32()))  # type: ignore[assignment]
    frame = gpd.GeoDataFrame(cells, geometry=[Point(120.92173, 30.83891)], crs=4326)
    frame.to_file(tmp_path / "fire_nrt.shp", use_arrow=True)
    one = read(tmp_path / "fire_nrt.shp").one()
    assert (one["acquired"], one["satellite"], one["frp_mw"]) == (AT, "noaa20", np.float32(12.4))


@pytest.mark.parametrize("numbers", [True, False])
@pytest.mark.parametrize("shape", ["list", "features", "shapes alone"])
def test_json_may_hold_numbers_or_text_and_the_position_in_the_shape(
    tmp_path: Path, read: Callable[..., Any], shape: str, *, numbers: bool
) -> None:
    record: dict[str, Any] = dict(ROW)
    if numbers:
        record |= {name: float(record[name]) for name in ("latitude", "longitude", "frp")}
        record |= {"acq_time": 532, "version": 2.0}
    feature = {"type": "Feature", "geometry": {"type": "Point", "coordinates": [120.92173, 30.83891]}}
    if shape == "shapes alone":
        record = {name: value for name, value in record.items() if name not in {"latitude", "longitude"}}
    text = (
        [record]
        if shape == "list"
        else {"type": "FeatureCollection", "features": [feature | {"properties": record}]}
    )
    path = tmp_path / "fires.json"
    path.write_text(json.dumps(text))
    one = read(path).one()
    assert (one["acquired"], one["lon"], one["lat"]) == (AT, 120.92173, 30.83891)


def test_json_that_breaks_off_gives_what_was_there_and_says_so(
    tmp_path: Path, read: Callable[..., Any]
) -> None:
    path = tmp_path / "fires.json"
    path.write_text(json.dumps([ROW, ROW | {"latitude": "31"}])[:-40])
    found = read(path)
    assert (found.rows_read, len(found.frame), found.codes) == (1, 1, ["fire_file_cut"])


@pytest.mark.parametrize("body", ["[]", '{"type": "FeatureCollection", "features": [] , "x": "acq_date"}'])
def test_what_holds_no_detections_and_no_names_is_not_guessed_at(
    tmp_path: Path, read: Callable[..., Any], body: str
) -> None:
    path = tmp_path / "fires.json"
    path.write_text(body)
    with pytest.raises(InputError):
        read(path)


def test_a_file_with_too_many_columns_is_refused(tmp_path: Path, fire_list: Any) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(BULK + "".join(f",c{place}" for place in range(300)) + "\n")
    with pytest.raises(LimitError):
        list(read_fire_chunks(path, product=fire_list, limits=Limits(columns=300)))


def test_the_key_of_a_detection_is_its_satellite_minute_and_place(firms: Callable[..., Any]) -> None:
    keys = firms(
        {}, {"frp": "1", "version": "2"}, {"latitude": "30.83892"}, {"satellite": "N21"}, {"acq_time": "0533"}
    )
    found = keys.frame["key"].tolist()
    assert found[0] == found[1]
    assert len(set(found)) == 4
    # The same on every machine and in every release: files are told apart by it for years.
    assert found[0] == 12046563034931048689


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
