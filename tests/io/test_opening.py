"""Files that are no lists, or are meant to break the reader, are refused with a clear word."""

from __future__ import annotations

import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
import xlwt
from xlwt.CompoundDoc import XlsDoc

from geoaq.errors import InputError, LimitError
from geoaq.io.tables import DEFAULT_LIMITS, Grid, Limits, open_table

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET = f'<worksheet xmlns="{MAIN}"><sheetData>{{}}</sheetData></worksheet>'
PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets>'
    '<sheet name="a" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def workbook(path: Path, sheet: str | bytes) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in PARTS.items():
            packed.writestr(name, text)
        packed.writestr("xl/worksheets/sheet1.xml", sheet)
    return path


def read(path: Path, limits: Limits = DEFAULT_LIMITS) -> Grid:
    with open_table(path, limits) as table:
        return table.grid(table.sheets[0])


def refusal(path: Path, limits: Limits = DEFAULT_LIMITS) -> str:
    with pytest.raises(InputError) as caught:
        read(path, limits)
    assert path.name in caught.value.message("zh") or isinstance(caught.value, LimitError)
    assert caught.value.message("en")
    return caught.value.code


FAR_CELLS = {
    "as Excel writes it": '<row r="1"><c r="A1"><v>1</v></c></row>'
    '<row r="1048576"><c r="XFD1048576"><v>2</v></c></row>',
    "with an odd attribute before": '<row><c foo="/>" r="XFD1048576"><v>2</v></c></row>',
    "in single quotes": "<row><c r='XFD1048576' ><v>2</v></c></row>",
    "by the number of its row alone": '<row r="1048576"><c><v>2</v></c></row>',
}


@pytest.mark.parametrize("cells", FAR_CELLS.values(), ids=FAR_CELLS)
def test_a_tiny_workbook_that_claims_a_giant_grid_is_refused_before_it_is_read(
    tmp_path: Path, cells: str
) -> None:
    path = workbook(tmp_path / "远.xlsx", SHEET.format(cells))
    assert path.stat().st_size < 2000
    assert refusal(path) == "too_many_rows"


def test_a_far_cell_that_is_only_formatted_holds_nothing_and_is_no_reason_to_refuse(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1"><v>7</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert read(workbook(tmp_path / "a.xlsx", SHEET.format(cells))).top(2) == [["7"]]


def test_a_grid_within_rows_and_columns_may_still_be_too_large(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="100000"><c r="IV100000"><v>2</v></c></row>'
    assert refusal(workbook(tmp_path / "a.xlsx", SHEET.format(cells))) == "too_many_cells"


def test_a_million_columns_in_a_workbook_are_refused(tmp_path: Path) -> None:
    cells = '<row r="1"><c r="A1"><v>1</v></c><c r="XFD1"><v>2</v></c></row>'
    assert refusal(workbook(tmp_path / "a.xlsx", SHEET.format(cells))) == "too_many_columns"


def test_a_zip_bomb_is_refused_by_what_it_unpacks_to(tmp_path: Path) -> None:
    assert refusal(workbook(tmp_path / "bomb.xlsx", b"<a>" + b" " * 40_000_000)) == "unpacks_too_large"


def test_a_member_that_states_a_smaller_size_than_it_has_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "lie.xlsx", SHEET.format(" " * 5000))
    data = bytearray(path.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 100)
    path.write_bytes(data)
    assert refusal(path) == "workbook_broken"


def test_too_many_members_are_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", SHEET.format(""))
    assert refusal(path, Limits(members=3)) == "too_many_members"


@pytest.mark.parametrize(
    "markup",
    [
        '<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "&b;&b;&b;&b;">]><a>&c;</a>',
        SHEET.format("").encode("utf-16"),
    ],
    ids=["entities", "utf-16"],
)
def test_markup_that_no_office_program_writes_is_refused(tmp_path: Path, markup: str | bytes) -> None:
    assert refusal(workbook(tmp_path / "a.xlsx", markup)) == "workbook_markup"


def test_a_broken_workbook_is_refused(tmp_path: Path) -> None:
    path = workbook(tmp_path / "a.xlsx", SHEET.format("<row>"))
    whole = path.read_bytes()
    for cut in (200, len(whole) // 2, len(whole) - 10):
        path.write_bytes(whole[:cut])
        assert refusal(path) == "workbook_broken"


def old_workbook(path: Path) -> Path:
    book = xlwt.Workbook()
    page = book.add_sheet("锅炉")
    for row, cells in enumerate((("单位名称", "经度"), ("甲厂", 120.5))):
        for column, cell in enumerate(cells):
            page.write(row, column, cell)
    book.save(str(path))
    return path


@pytest.mark.parametrize("name", ["a.xls", "a.et"])
def test_an_old_workbook_is_read(tmp_path: Path, name: str) -> None:
    assert read(old_workbook(tmp_path / name)).top(2) == [["单位名称", "经度"], ["甲厂", "120.5"]]


def test_a_workbook_on_which_the_reader_stumbles_is_broken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    panic = type("PanicException", (BaseException,), {})

    def stumble(*_: object) -> None:
        raise panic

    monkeypatch.setattr("geoaq.io.tables.opening.read_sheet", stumble)
    assert refusal(old_workbook(tmp_path / "a.xls")) == "workbook_broken"


def test_an_encrypted_workbook_is_told_by_its_name(tmp_path: Path) -> None:
    path = old_workbook(tmp_path / "a.xlsx")
    data = bytearray(path.read_bytes())
    entry = data.find("Workbook".encode("utf-16-le"))
    name = "EncryptedPackage".encode("utf-16-le")
    data[entry : entry + 64] = name.ljust(64, b"\0")
    data[entry + 64 : entry + 66] = struct.pack("<H", len(name) + 2)
    path.write_bytes(data)
    assert refusal(path) == "workbook_protected"


def biff(path: Path, *records: tuple[int, bytes]) -> Path:
    start = (0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 1997, 0, 0))
    stream = b"".join(
        struct.pack("<HH", kind, len(data)) + data for kind, data in (start, *records, (0x0A, b""))
    )
    XlsDoc().save(str(path), stream)
    return path


def test_an_old_workbook_with_a_password_is_refused(tmp_path: Path) -> None:
    assert refusal(biff(tmp_path / "a.xls", (0x002F, b"\0" * 6))) == "workbook_protected"


def test_an_old_workbook_that_claims_a_giant_grid_is_refused(tmp_path: Path) -> None:
    cells = [(0x0203, struct.pack("<HHHd", row, column, 0, 1.0)) for row, column in ((0, 0), (65535, 255))]
    assert refusal(biff(tmp_path / "a.xls", *cells)) == "too_many_cells"


def ods(path: Path, body: str) -> Path:
    spaces = (
        'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        packed.writestr(
            "content.xml",
            f"<office:document-content {spaces}><office:body><office:spreadsheet><table:table table:name='a'>"
            f"{body}</table:table></office:spreadsheet></office:body></office:document-content>",
        )
        packed.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>',
        )
    return path


CELL = '<table:table-cell office:value-type="string" {}><text:p>甲</text:p></table:table-cell>'


def test_an_open_document_sheet_is_read(tmp_path: Path) -> None:
    body = f"<table:table-row>{CELL.format('')}{CELL.format('')}</table:table-row>"
    assert read(ods(tmp_path / "a.ods", body)).top(1) == [["甲", "甲"]]


def test_repeated_cells_of_an_open_document_sheet_count(tmp_path: Path) -> None:
    cell = CELL.format('table:number-columns-repeated="250"')
    body = f'<table:table-row table:number-rows-repeated="100000">{cell}</table:table-row>'
    assert refusal(ods(tmp_path / "a.ods", body)) == "too_many_cells"


def test_numbers_of_a_workbook_are_printed_as_their_user_sees_them(as_xlsx: Callable[..., Path]) -> None:
    cells = [35.0, 24.5, 120.1234567, 0.1 + 0.2, 913304210001234567, True, None, 1e-7]
    assert read(as_xlsx([cells])).row(0) == [
        "35", "24.5", "120.1234567", "0.3", "9.13304210001235E+17", "TRUE", "", "0.0000001",
    ]  # fmt: skip
