"""Lists of projects: what stands in their cells, and what is asked about."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from geoaq.catalog import Catalog, Product
from geoaq.errors import InputError
from geoaq.frames import PROJECTS
from geoaq.io.lists import ProjectIntake, read_projects
from tests.io.conftest import codes
from tests.io.project_rows import HEADER, PLAIN, with_cells


@pytest.fixture(scope="session")
def project_list(catalog: Catalog) -> Product:
    return catalog.products["project_list"]


@pytest.fixture
def project(as_csv: Callable[..., Path], project_list: Product) -> Callable[..., ProjectIntake]:
    """Read a plain project with cells changed or added."""

    def read(datum: str | None = None, **cells: str) -> ProjectIntake:
        return read_projects(as_csv(with_cells(**cells)), product=project_list, datum=datum)

    return read


def test_a_plain_project_follows_the_contract_without_an_issue(
    project: Callable[..., ProjectIntake],
) -> None:
    intake = project()
    assert tuple(intake.frame.columns) == PROJECTS.names
    row = intake.frame.iloc[0]
    assert row[["name", "applicant", "industry_code", "nature", "geometry_kind"]].tolist() == [
        "甲水泥熟料线", "甲建材", "3011", "new", "point",
    ]  # fmt: skip
    assert (row["stack_m"], row["new_stack"], row["datum"], row["decimals"]) == (80.0, 1, "cgcs2000", 6)
    assert intake.sites.tolist() == [None]
    assert codes(intake) == []


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_workbooks_and_csv_read_the_same(
    as_xlsx: Callable[..., Path], as_csv: Callable[..., Path], project_list: Product, name: str
) -> None:
    write = as_xlsx if name.endswith("xlsx") else as_csv
    intake = read_projects(write([HEADER, PLAIN], name=name), product=project_list)
    assert intake.frame["lon"].tolist() == [120.921735]
    assert intake.layout.columns["industry"] == 5


@pytest.mark.parametrize(
    ("text", "nature"),
    [
        ("新建", "new"),
        ("拟新建", "new"),
        ("迁建", "relocation"),
        ("异地迁建", "relocation"),
        ("改建", "rebuild"),
        ("扩建", "expansion"),
        ("改扩建", "expansion"),
        ("技改", "technical"),
        ("技术改造", "technical"),
    ],
)
def test_the_words_of_construction_nature_are_known(
    project: Callable[..., ProjectIntake], text: str, nature: str
) -> None:
    intake = project(建设性质=text)
    assert intake.frame["nature"].tolist() == [nature]
    assert codes(intake) == []


@pytest.mark.parametrize(
    ("text", "nature", "code"),
    [
        ("新建（迁建）", "new", "nature_form_box"),
        ("新建、技改", "new", "word_mixed"),
        ("非新建", "", "word_denied"),
        ("其他", "", "word_unknown"),
        ("", "", "nature_missing"),
    ],
)
def test_a_construction_nature_that_is_not_certain_is_asked_about(
    project: Callable[..., ProjectIntake], text: str, nature: str, code: str
) -> None:
    intake = project(建设性质=text)
    assert intake.frame["nature"].tolist() == [nature]
    assert code in codes(intake)


@pytest.mark.parametrize(
    ("cells", "new_stack"),
    [
        ({}, 1),
        ({"建设性质": "迁建"}, 1),
        ({"建设性质": "扩建"}, 2),
        ({"建设性质": "扩建", "是否新建排气筒": "是"}, 1),
        ({"建设性质": "改建", "是否新建排气筒": "否"}, 0),
        ({"排气筒高度（m）": ""}, 2),
        ({"排气筒高度（m）": "0"}, 0),
        ({"排气筒高度（m）": "依托现有80m"}, 0),
    ],
)
def test_a_new_project_builds_the_stack_that_it_states_and_others_must_say_so(
    project: Callable[..., ProjectIntake], cells: dict[str, str], new_stack: int
) -> None:
    assert project(**cells).frame["new_stack"].tolist() == [new_stack]


@pytest.mark.parametrize(
    ("cells", "edition", "code"),
    [
        ({"行业代码版本": "2017"}, "2017", None),
        ({"行业代码": "C3011（GB/T 4754-2011）"}, "2011", None),
        ({"行业代码": "C3011（GB/T 4754-2011）", "行业代码版本": "2017"}, "", "industry_edition_differs"),
        ({"行业代码版本": "2002"}, "", "industry_edition_unknown"),
        ({}, "", None),
    ],
)
def test_the_edition_of_the_code_is_kept_where_it_is_stated(
    project: Callable[..., ProjectIntake], cells: dict[str, str], edition: str, code: str | None
) -> None:
    intake = project(**cells)
    assert intake.frame["industry_edition"].tolist() == [edition]
    assert codes(intake) == ([code] if code else [])


def test_the_header_may_state_the_edition_for_all(as_csv: Callable[..., Path], project_list: Product) -> None:
    header = tuple(h if h != "行业代码" else "国民经济行业代码（GB/T 4754-2017）" for h in HEADER)
    frame = read_projects(as_csv([header, PLAIN]), product=project_list).frame
    assert frame["industry_edition"].tolist() == ["2017"]


def test_an_unknown_industry_code_is_kept_with_a_warning(project: Callable[..., ProjectIntake]) -> None:
    intake = project(行业代码="C9999")
    assert intake.frame["industry_code"].tolist() == ["9999"]
    assert codes(intake) == ["industry_code_unknown"]


def test_degrees_minutes_and_seconds_of_the_form_are_read(project: Callable[..., ProjectIntake]) -> None:
    intake = project(经度="东经120°55′18.2″", 纬度="30度50分20.1秒")
    assert intake.frame["lon"][0] == pytest.approx(120.9217222, abs=1e-6)
    assert intake.frame["lat"][0] == pytest.approx(30.8389167, abs=1e-6)
    assert set(codes(intake)) == {"coordinate_dms"}


@pytest.mark.parametrize(
    ("header", "text", "value", "code"),
    [
        ("下风向最大贡献浓度（μg/m³）", "12.5", 12.5, None),
        ("下风向最大贡献浓度（mg/m³）", "0.0125", 12.5, "dispersion_converted"),
        ("下风向最大贡献浓度", "0.0125 mg/m³", 12.5, "dispersion_converted"),
        ("下风向最大贡献浓度", "<0.1", np.nan, "dispersion_unreadable"),
        ("下风向最大贡献浓度", "/", np.nan, None),
    ],
)
def test_a_dispersion_result_comes_in_micrograms(
    project: Callable[..., ProjectIntake], header: str, text: str, value: float, code: str | None
) -> None:
    intake = project(**{header: text})
    np.testing.assert_allclose(intake.frame["dispersion_ug_m3"], [value])
    assert codes(intake) == ([code] if code else [])


def test_what_else_the_clauses_ask_is_read_in_three_values(project: Callable[..., ProjectIntake]) -> None:
    frame = project(
        环评类别="环境影响报告书", 是否用煤="是", 煤炭替代方案="编制中", 是否新增产能="不涉及",
        产能置换="已落实", 区域削减方案="否", 新建自备机组="是", 锅炉燃料="燃煤", 锅炉用途="园区供热",
        **{"新建锅炉容量（t/h）": "2×35+75"},
    ).frame  # fmt: skip
    facts = ["eia_kind", "uses_coal", "coal_replacement", "adds_capacity", "capacity_swap",
             "regional_reduction", "new_captive_unit", "new_boiler_tph", "new_boiler_fuel",
             "boiler_purpose"]  # fmt: skip
    assert frame.iloc[0][facts].tolist() == [
        "report_book", 1, 2, 0, 1, 0, 1, 75.0, "coal", "central_steam",
    ]  # fmt: skip


def test_a_blank_project_knows_nothing_that_it_does_not_state(project: Callable[..., ProjectIntake]) -> None:
    intake = project(行业代码="", 建设性质="", **{"排气筒高度（m）": "无"})
    row = intake.frame.iloc[0]
    assert row[["industry_code", "industry_edition", "nature", "eia_kind"]].tolist() == [""] * 4
    assert np.isnan(row[["stack_m", "new_boiler_tph", "dispersion_ug_m3"]].astype(float)).all()
    tri = ["new_stack", "uses_coal", "coal_replacement", "adds_capacity", "capacity_swap"]
    assert row[tri].tolist() == [2] * 5
    assert set(codes(intake)) == {"industry_missing", "nature_missing", "stack_missing"}


def test_emissions_are_kept_as_the_row_gives_them(project: Callable[..., ProjectIntake]) -> None:
    cells = {"SO2排放量（t/a）": "12.5", "氮氧化物排放量（t/a）": "80", "污染物排放量": "氨 3 t/a"}
    frame = project(**cells).frame
    assert frame["emissions_text"].tolist() == ["SO2 12.5 t/a；NOx 80 t/a；氨 3 t/a"]


def test_a_row_that_is_there_twice_counts_once(as_csv: Callable[..., Path], project_list: Product) -> None:
    header, row = with_cells(项目编号="2301-330421-04-01-000001")
    intake = read_projects(as_csv([header, row, row]), product=project_list)
    assert (intake.rows_read, intake.rows_used, len(intake.sites)) == (2, 1, 1)
    assert codes(intake, 3) == ["duplicate_row"]
    assert intake.frame["subject_id"].tolist() == ["2301-330421-04-01-000001"]


def test_contacts_stay_in_the_sheet(project: Callable[..., ProjectIntake]) -> None:
    intake = project(联系人="张三", 联系电话="13800000000")
    assert len(intake.layout.personal) == 2
    assert "13800000000" not in intake.frame.to_csv() + intake.issues.frame().to_csv()


def test_a_file_that_is_neither_list_nor_layer_is_refused(tmp_path: Path, project_list: Product) -> None:
    path = tmp_path / "a.geojson"
    path.write_bytes(b"%PDF-1.7 ...")
    with pytest.raises(InputError) as caught:
        read_projects(path, product=project_list)
    assert caught.value.code == "not_a_table"


def test_a_project_entered_twice_is_told_in_words_of_projects(
    as_csv: Callable[..., Path], project_list: Product
) -> None:
    plain = [cell if HEADER[k] != "项目编号" else "" for k, cell in enumerate(PLAIN)]
    intake = read_projects(as_csv([HEADER, plain, plain]), product=project_list)
    assert codes(intake) == ["project_repeated"]
    assert intake.frame["subject_id"].str.startswith("k-").all()
