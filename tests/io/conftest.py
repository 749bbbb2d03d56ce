"""Small lists made on the spot, each with the oddity that its test is about."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from openpyxl import Workbook

from geoaq.catalog import Catalog, Product
from geoaq.io.lists import Intake, read_boilers

Rows = Sequence[Sequence[object]]
HEADER = ("单位名称", "经度", "纬度", "额定蒸发量（t/h）", "使用登记证编号", "燃料种类", "运行状态")
PLAIN = ("甲印染厂", "120.921735", "30.838912", "10", "锅10浙F00001(24)", "燃煤", "在用")


@pytest.fixture(scope="session")
def catalog() -> Catalog:
    return Catalog.load()


@pytest.fixture(scope="session")
def boiler_list(catalog: Catalog) -> Product:
    return catalog.products["boiler_list"]


@pytest.fixture
def as_csv(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as csv; returns the path."""

    def write(rows: Rows, name: str = "锅炉.csv", encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
        text = io.StringIO()
        csv.writer(text, delimiter=delimiter).writerows(rows)
        path = tmp_path / name
        path.write_bytes(text.getvalue().encode(encoding))
        return path

    return write


@pytest.fixture
def as_xlsx(tmp_path: Path) -> Callable[..., Path]:
    """Write rows as xlsx, with merged ranges; returns the path."""

    def write(rows: Rows, merged: Sequence[str] = (), name: str = "锅炉.xlsx", sheet: str = "Sheet1") -> Path:
        book = Workbook()
        page = book.active
        assert page is not None
        page.title = sheet
        for row in rows:
            page.append(list(row))
        for cells in merged:
            page.merge_cells(cells)
        path = tmp_path / name
        book.save(path)
        return path

    return write


@pytest.fixture
def boilers(as_csv: Callable[..., Path], boiler_list: Product) -> Callable[..., Intake]:
    """Read rows under the usual header, or under one of their own."""

    def read(
        rows: Rows, header: Sequence[str] = HEADER, datum: str | None = None, name: str = "清单.csv"
    ) -> Intake:
        return read_boilers(as_csv([header, *rows], name=name), product=boiler_list, datum=datum)

    return read


def codes(intake: Intake, row: int | None = None) -> list[str]:
    """Return the codes of the issues of a row, or of all."""
    issues = intake.issues.frame()
    return issues["code"].tolist() if row is None else issues[issues["row"] == row]["code"].tolist()


def with_cells(**cells: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return header and row of a plain boiler with cells changed or added (keys are headers)."""
    row = dict(zip(HEADER, PLAIN, strict=True)) | cells
    return tuple(row), tuple(row.values())
