"""What the product hands out to be filled in is what it understands best."""

from __future__ import annotations

from pathlib import Path

import pytest
from openpyxl import load_workbook

from geoaq.catalog import Catalog
from geoaq.errors import InputError
from geoaq.io.lists import read_boilers, read_plants, read_projects, read_units
from geoaq.io.lists.synonyms import Synonyms
from geoaq.io.sample_projects import TITLE as PROJECT_TITLE
from geoaq.io.sample_projects import sample_project_rows, write_project_sample
from geoaq.io.samples import SYNTHETIC, TITLE, sample_rows, write_sample
from geoaq.io.templates import write_template

READERS = {
    "boiler_list": read_boilers,
    "plant_list": read_plants,
    "project_list": read_projects,
    "unit_list": read_units,
}


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("name", READERS)
def test_a_template_holds_no_data_until_it_is_filled_in(
    tmp_path: Path, catalog: Catalog, name: str, lang: str
) -> None:
    product, path = catalog.products[name], tmp_path / "t.xlsx"
    write_template(path, product, lang)
    with pytest.raises(InputError) as caught:
        READERS[name](path, product=product)
    assert caught.value.code == "no_rows"
    book = load_workbook(path)
    sheet = book.worksheets[0]
    titles = [str(cell.value) for cell in sheet[1]]
    known = Synonyms(product)
    assert all(known.match(title) for title in titles)
    assert not any(known.is_personal(title, known.match(title)) for title in titles)
    for column, cell in enumerate(sheet[2], start=1):
        sheet.cell(3, column, "2" if column == 1 else cell.value)
    book.save(path)
    intake = READERS[name](path, product=product)
    assert intake.rows_used == 1
    errors = intake.issues.frame().query("row > 2 and severity != 'repair'")
    assert errors["code"].tolist() == []


def test_a_template_is_the_same_bytes_whenever_it_is_written(tmp_path: Path, catalog: Catalog) -> None:
    for name in ("a.xlsx", "b.xlsx"):
        write_template(tmp_path / name, catalog.products["boiler_list"])
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_a_sample_says_on_every_row_that_it_is_synthetic(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    write_sample(path, 50, seed=1)
    sheet = load_workbook(path).worksheets[0]
    assert sheet["A1"].value == TITLE
    assert "合成" in sheet.title
    rows = sample_rows(50, 1)
    assert {row[-1] for row in rows} == {SYNTHETIC}
    assert all(row[4].startswith("合成示例") for row in rows)
    assert rows == sample_rows(50, 1)
    assert rows != sample_rows(50, 2)


@pytest.mark.parametrize("name", ["a.xlsx", "a.csv"])
def test_a_sample_of_projects_is_synthetic_and_is_read_whole(
    tmp_path: Path, catalog: Catalog, name: str
) -> None:
    path = tmp_path / name
    write_project_sample(path, 60, seed=1)
    intake = read_projects(path, product=catalog.products["project_list"])
    assert (intake.rows_read, intake.rows_used) == (60, 60)
    assert set(intake.frame["remark"]) == {SYNTHETIC}
    assert intake.frame["name"].str.startswith("合成示例").all()
    assert set(intake.frame["nature"]) == {"new", "relocation", "rebuild", "expansion", "technical", ""}
    assert not (intake.issues.frame()["severity"] == "error").any()
    if name == "a.xlsx":
        assert load_workbook(path).worksheets[0]["A1"].value == PROJECT_TITLE
    assert sample_project_rows(20, 1) == sample_project_rows(20, 1)
    assert sample_project_rows(20, 1) != sample_project_rows(20, 2)
