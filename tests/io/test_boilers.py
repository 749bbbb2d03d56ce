"""A list of boilers becomes the frame of the contract; nothing is dropped silently."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from geoaq.catalog import Product
from geoaq.frames import BOILERS
from geoaq.io.lists import Intake, read_boilers
from geoaq.io.samples import PLACES, SYNTHETIC, write_sample
from geoaq.wording import catalogue, say
from tests.io.conftest import HEADER, PLAIN, codes, with_cells

KINDS = {"str": "str", "int": "int64", "float": "float64", "bool": "bool", "tri": "int8"}


def test_the_frame_follows_the_contract(boilers: Callable[..., Intake]) -> None:
    frame = boilers([PLAIN]).frame
    assert tuple(frame.columns) == BOILERS.names
    assert {column.name: str(frame[column.name].dtype) for column in BOILERS.columns} == {
        column.name: KINDS[column.kind] for column in BOILERS.columns
    }


def test_a_list_without_a_usable_row_gives_an_empty_frame_of_the_contract(
    boilers: Callable[..., Intake],
) -> None:
    header, row = with_cells(经度="")
    intake = boilers([row], header)
    assert tuple(intake.frame.columns) == BOILERS.names
    assert (len(intake.frame), intake.rows_unusable) == (0, 1)


def test_fuel_and_model_that_contradict_are_a_warning(boilers: Callable[..., Intake]) -> None:
    header, row = with_cells(燃料种类="天然气", 锅炉型号="SZL10-1.25-AII")
    assert codes(boilers([row], header), 2) == ["model_fuel_differs"]


def test_missing_columns_are_assumed_or_asked_for_once(boilers: Callable[..., Intake]) -> None:
    rows = [("甲", 120.5, 30.5, "10"), ("乙", 120.6, 30.5, "20")]
    header = ("单位名称", "经度", "纬度", "吨位")
    intake = boilers(rows, header)
    assert codes(intake, 0) == ["datum_unstated", "status_assumed", "fuel_missing"]
    assert intake.frame["status"].tolist() == ["operating"] * 2
    titled = boilers(rows, header, name="某县燃煤锅炉.csv")
    assert titled.frame["fuel"].tolist() == ["coal"] * 2
    assert "fuel_from_title" in codes(titled, 0)


def test_industry_codes_are_taken_from_their_cells(boilers: Callable[..., Intake]) -> None:
    header, row = with_cells(行业类别="C1713 棉印染精加工")
    assert boilers([row], header).frame["industry_code"].tolist() == ["1713"]


def test_a_long_number_in_scientific_notation_is_a_warning(boilers: Callable[..., Intake]) -> None:
    header, row = with_cells(使用登记证编号="9.13E+17", 统一社会信用代码="9.13304E+17")
    intake = boilers([row], header)
    assert codes(intake, 2) == ["digits_lost", "digits_lost"]
    assert intake.frame["subject_id"][0].startswith("k-")


def test_the_offices_own_number_is_the_identity_but_one_hash_is_not(boilers: Callable[..., Intake]) -> None:
    header, row = with_cells(锅炉编号="1#")
    assert boilers([row], header).frame["subject_id"].tolist() == ["锅10浙F00001(24)"]
    header, row = with_cells(使用登记证编号="无", 锅炉编号="1#")
    assert boilers([row], header).frame["subject_id"][0].startswith("k-")
    header, row = with_cells(使用登记证编号="", 锅炉编号="GL330421001")
    assert boilers([row], header).frame["subject_id"].tolist() == ["GL330421001"]


def test_a_short_number_is_the_identity_where_the_list_has_it_once(boilers: Callable[..., Intake]) -> None:
    header, row = with_cells(使用登记证编号="", 锅炉编号="GL-17")
    _, other = with_cells(使用登记证编号="", 锅炉编号="GL-18", 单位名称="乙厂")
    _, again = with_cells(使用登记证编号="", 锅炉编号="GL-17", 单位名称="丙厂")
    assert boilers([row, other], header).frame["subject_id"].tolist() == ["GL-17", "GL-18"]
    mixed = boilers([row, other, again], header).frame["subject_id"].tolist()
    assert [ident.startswith("k-") for ident in mixed] == [True, False, True]


def test_the_content_key_survives_reordering_and_full_width_letters(boilers: Callable[..., Intake]) -> None:
    header = ("单位名称", "锅炉编号", "经度", "纬度", "吨位")
    rows = [(f"厂{n}", "1#", f"{120 + n / 10:.6f}", "30.500000", "10") for n in range(8)]
    first = boilers(rows, header).frame.set_index("name")["subject_id"].to_dict()
    random.Random(1).shuffle(rows)
    again = boilers(rows, header).frame.set_index("name")["subject_id"].to_dict()
    assert first == again
    assert len(set(first.values())) == 8
    wide = boilers([("厂０", "１＃", "120.000000", "30.500000", "１０")], header).frame
    assert wide["subject_id"].tolist() == [first["厂0"]]


def test_rows_that_cannot_be_told_apart_are_counted_and_asked_about(boilers: Callable[..., Intake]) -> None:
    header = ("单位名称", "经度", "纬度", "吨位")
    intake = boilers([("甲", "120.5", "30.5", "10")] * 3, header)
    ids = intake.frame["subject_id"].tolist()
    assert ids == [ids[0], f"{ids[0]}-2", f"{ids[0]}-3"]
    assert [codes(intake, row) for row in (2, 3, 4)] == [[], ["row_repeated"], ["row_repeated"]]


def test_a_number_that_stands_twice_is_kept_unless_the_whole_row_is_the_same(
    boilers: Callable[..., Intake],
) -> None:
    other = ("乙厂", *PLAIN[1:])
    intake = boilers([PLAIN, other, PLAIN])
    assert intake.frame["row"].tolist() == [2, 3]
    assert codes(intake, 3) == ["duplicate_number"]
    assert codes(intake, 4) == ["duplicate_row"]
    assert intake.issues.frame().query("row == 4")["params"].tolist() == ['{"first": 2}']
    assert (intake.rows_read, intake.rows_used, intake.rows_unusable) == (3, 2, 1)


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_a_synthetic_list_is_read_and_its_counts_sum(tmp_path: Path, boiler_list: Product, name: str) -> None:
    write_sample(tmp_path / name, 300, seed=7)
    intake = read_boilers(tmp_path / name, product=boiler_list)
    issues = intake.issues.frame()
    bad = set(issues.query("severity == 'error'")["row"])
    assert intake.rows_read == 300
    assert intake.rows_unusable == len(bad)
    assert bad.isdisjoint(intake.frame["row"])
    assert bad | set(intake.frame["row"]) == set(intake.raw.index)
    assert (intake.raw["备注"] == SYNTHETIC).all()
    assert intake.frame["name"].str.startswith("合成示例").all()
    seats = {place.county: (place.lon, place.lat) for place in PLACES}
    away = intake.frame[["lon", "lat"]].to_numpy() - np.array(
        [seats[c] for c in intake.frame["county_stated"]]
    )
    assert np.abs(away).max() < 0.2


def test_a_workbook_and_a_csv_of_one_list_are_read_alike(tmp_path: Path, boiler_list: Product) -> None:
    frames = []
    for name in ("a.xlsx", "a.csv"):
        write_sample(tmp_path / name, 80, seed=3)
        frames.append(read_boilers(tmp_path / name, product=boiler_list).frame)
    columns = [name for name in BOILERS.names if name not in {"subject_id", "decimals", "capacity_text"}]
    assert frames[0][columns].equals(frames[1][columns])


def test_every_issue_code_has_a_sentence_that_its_parameters_fill(
    tmp_path: Path, boiler_list: Product
) -> None:
    import json

    write_sample(tmp_path / "a.csv", 300, seed=7)
    issues = read_boilers(tmp_path / "a.csv", product=boiler_list).issues.frame()
    assert set(issues["code"]) <= {code.removeprefix("issues.") for code in catalogue()}
    for code, params in set(zip(issues["code"], issues["params"], strict=True)):
        for lang in ("zh", "en"):
            assert say(f"issues.{code}", lang, **json.loads(params))


def test_issues_keep_the_original_cell_and_the_column_of_the_layout(boilers: Callable[..., Intake]) -> None:
    header, row = with_cells(经度="E120°55′18″", **{"额定蒸发量（t/h）": "２×３５"})
    intake = boilers([row], header)
    issues = intake.issues.frame().query("row == 2")
    assert issues[["field", "value", "code"]].to_numpy().tolist() == [
        ["lon", "E120°55′18″", "coordinate_dms"],
        ["capacity", "２×３５", "capacity_parts"],
    ]
    assert set(issues["field"]) <= set(intake.layout.columns)
    assert [intake.layout.headers[intake.layout.columns[name]] for name in issues["field"]] == [
        "经度",
        "额定蒸发量（t/h）",
    ]
    assert list(intake.raw.columns) == list(HEADER)
