"""Files that nobody should have to open: each is made here, small on disk whatever it pretends to be."""

from __future__ import annotations

import io
import random
import zipfile
from functools import cache

SHEET = "xl/worksheets/sheet1.xml"
_NS = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_PARTS = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-'
    'officedocument.spreadsheetml.worksheet+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    '<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
    'officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook {_NS} xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships"><sheets><sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/'
    'relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/'
    'relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}


def workbook(sheet: bytes) -> bytes:
    """Return an xlsx whose only sheet is the XML given."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, text)
        archive.writestr(SHEET, sheet)
    return buffer.getvalue()


def two_far_cells() -> bytes:
    """Return a workbook of 1.4 kB whose two cells are the first and the last that a sheet can have."""
    cells = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>2</v></c></row>'
    return workbook(f"<worksheet {_NS}><sheetData>{cells}</sheetData></worksheet>".encode())


@cache
def zip_bomb(megabytes: int = 1200) -> bytes:
    """Return a workbook whose sheet unfolds to many megabytes."""
    row = b'<row><c t="inlineStr"><is><t>' + b"A" * 1_000_000 + b"</t></is></c></row>"
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        for name, text in _PARTS.items():
            archive.writestr(name, text)
        with archive.open(SHEET, "w") as sheet:
            sheet.write(f"<worksheet {_NS}><sheetData>".encode())
            for _ in range(megabytes):
                sheet.write(row)
            sheet.write(b"</sheetData></worksheet>")
    return buffer.getvalue()


def broken_workbook() -> bytes:
    """Return the first half of a workbook."""
    whole = two_far_cells()
    return whole[: len(whole) // 2]


def noise() -> bytes:
    """Return bytes of chance."""
    return random.Random(20261121).randbytes(300_000)


def million_columns() -> bytes:
    """Return a csv of one header and one row with a million columns each."""
    return b",".join(b"%d" % number for number in range(1_000_000)) + b"\n" + b"1," * 999_999 + b"1\n"


def open_quote() -> bytes:
    """Return a csv that is one endless cell."""
    return b'"' + b"x\n" * 200_000


def vrt() -> bytes:
    """Return a GDAL virtual layer that would read a file of the machine."""
    return (
        b'<OGRVRTDataSource><OGRVRTLayer name="passwd"><SrcDataSource>/etc/passwd</SrcDataSource>'
        b"<SrcLayer>passwd</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"
    )


def billion_laughs() -> bytes:
    """Return a KML whose entities unfold without end."""
    more = "".join(f'<!ENTITY a{n} "' + f"&a{n - 1};" * 10 + '">' for n in range(1, 12))
    head = f"<?xml version='1.0'?><!DOCTYPE kml [<!ENTITY a0 'laugh'>{more}]>"
    return f"{head}<kml><Document><name>&a11;</name></Document></kml>".encode()
