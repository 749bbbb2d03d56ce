"""The files that tables of FIRMS come in, and what happens to them on the way."""

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
from openpyxl import Workbook

from geoaq.errors import InputError, LimitError
from geoaq.frames import NRT, SP
from geoaq.io.fires import read_fire_chunks
from geoaq.io.tables import Limits
from tests.io.fires.conftest import AT, BULK, ROW


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


def test_landsat_has_no_temperature_power_or_version(tmp_path: Path, read: Callable[..., Any]) -> None:
    path = tmp_path / "landsat.csv"
    header = "latitude,longitude,path,row,scan,track,acq_date,acq_time,satellite,confidence,daynight"
    path.write_text(f"{header}\n30.8,120.9,118,39,0.03,0.03,2025-06-11,0226,L8,H,D\n")
    found = read(path)
    one = found.one()
    assert (one["satellite"], one["confidence"], one["level"], one["daynight"]) == ("landsat8", 2, NRT, 1)
    assert np.isnan([one["t4_k"], one["frp_mw"]]).all()
    assert found.codes == []
    assert json.loads(found.extra["data"].iloc[0]) == {"path": "118", "row": "39"}
