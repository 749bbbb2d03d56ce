from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from geoaq.catalog import Catalog
from geoaq.errors import InputError
from geoaq.io.fires.office_tables import read_arable, read_checks, read_clouds

PRODUCTS = Catalog.load().products


def written(folder: Path, text: str) -> Path:
    path = folder / "表.csv"
    path.write_text(text, "utf-8-sig")
    return path


@pytest.mark.parametrize(
    ("header", "cell"),
    [
        ("耕地面积（公顷）", "152,300"),
        ("耕地面积（千公顷）", "152.3"),
        ("耕地面积（万亩）", "228.45"),
        ("耕地面积/亩", "2284500"),
        ("耕地面积(平方公里)", "1523"),
        ("arable_ha", "152300"),
    ],
)
def test_arable_land_is_read_in_the_unit_of_its_header(tmp_path: Path, header: str, cell: str) -> None:
    path = written(tmp_path, f'宿州市耕地\n行政区划代码,名称,{header}\n341302,埇桥区,"{cell}"\n')
    found = read_arable(path, product=PRODUCTS["arable_list"])
    assert found.frame["adcode"].tolist() == ["341302"]
    assert found.frame["arable_ha"].tolist() == pytest.approx([152_300])


def test_an_area_without_a_unit_is_refused(tmp_path: Path) -> None:
    path = written(tmp_path, "行政区划代码,耕地面积\n341302,152300\n")
    with pytest.raises(InputError, match="耕地面积（公顷）"):
        read_arable(path, product=PRODUCTS["arable_list"])


def test_rows_used_and_rows_with_an_error_are_the_rows_read(tmp_path: Path) -> None:
    lines = "341302,1\n341322,\n3413,5\n341302,2\n341323,-4\n"
    path = written(tmp_path, "代码,耕地面积（千公顷）\n" + lines)
    found = read_arable(path, product=PRODUCTS["arable_list"])
    issues = found.issues.frame()
    assert found.rows_read == 5
    assert found.frame.to_numpy().tolist() == [["341302", 2000.0]]
    assert issues["code"].tolist() == [
        "bulletin_row_twice", "bad_bulletin_arable", "bad_bulletin_adcode", "bad_bulletin_arable",
    ]  # fmt: skip


def test_shares_of_cloud_are_decimals_or_per_cent(tmp_path: Path) -> None:
    text = "行政区划代码,日期,云覆盖比例\n341302,2025-06-11,{}\n341322,2025年6月11日,{}\n341302,6月,1\n"
    product = PRODUCTS["cloud_list"]
    plain = read_clouds(written(tmp_path, text.format("0.35", "1")), product=product)
    assert plain.frame["share"].tolist() == [0.35, 1.0]
    assert set(plain.frame["day"]) == {date(2025, 6, 11)}
    assert plain.issues.frame()["code"].tolist() == ["bad_bulletin_day"]
    marked = read_clouds(written(tmp_path, text.format("35%", "0.5％")), product=product)
    assert marked.frame["share"].tolist() == [0.35, 0.005]
    whole = read_clouds(written(tmp_path, text.format("35", "0")), product=product)
    assert whole.frame["share"].tolist() == [0.35, 0.0]


def test_checks_are_read_by_the_offices_words_and_beijing_time(tmp_path: Path) -> None:
    text = (
        "火情编号,核查结果,核查地县代码,核查时间\nE1,属实,341302,2025-06-11 14:20\nE2,非秸秆焚烧,,\n"
        "E3,未见痕迹,,2025-06-11\nE4,也许,,\n,属实,,\n"
    )
    found = read_checks(written(tmp_path, text), product=PRODUCTS["check_list"])
    assert found.frame["result"].tolist() == ["straw", "not_straw", "no_trace"]
    assert found.frame["adcode"].tolist() == ["341302", "", ""]
    # A day without a clock is meant to its end.
    assert found.frame["checked_at"].tolist() == [1_749_622_800, -1, 1_749_657_599]
    assert found.issues.frame()["code"].tolist() == ["bad_bulletin_result", "bad_bulletin_event"]


def test_a_table_without_its_columns_says_which(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_checks(written(tmp_path, "甲,乙\n1,2\n"), product=PRODUCTS["check_list"])
    assert refused.value.params["columns"] == "火情编号、核查结果"


def test_a_table_without_a_usable_row_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError) as refused:
        read_checks(written(tmp_path, "火情编号,核查结果\n,属实\n"), product=PRODUCTS["check_list"])
    assert refused.value.code == "no_rows"
