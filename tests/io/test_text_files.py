"""Text files: encoding, delimiter and row numbers found; what is no table refused with a clear word."""

from __future__ import annotations

import random
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from geoaq.errors import InputError
from geoaq.io.tables import DEFAULT_LIMITS, Grid, Limits, open_table


def read(path: Path, limits: Limits = DEFAULT_LIMITS) -> Grid:
    with open_table(path, limits) as table:
        return table.grid(table.sheets[0])


def refusal(path: Path, limits: Limits = DEFAULT_LIMITS) -> str:
    with pytest.raises(InputError) as caught:
        read(path, limits)
    assert caught.value.message("zh")
    return caught.value.code


def test_binary_noise_under_the_name_of_a_csv_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "noise.csv"
    for seed in range(20):
        path.write_bytes(random.Random(seed).randbytes(5000))
        assert refusal(path) in {"not_a_table", "encoding_unknown"}


def test_noise_under_the_name_of_a_table_is_told_in_the_readers_language(tmp_path: Path) -> None:
    path = tmp_path / "noise.csv"
    path.write_bytes(b"a,b\n\x00\x01\x02,1\n")
    with pytest.raises(InputError) as caught, open_table(path, DEFAULT_LIMITS):
        pass
    assert "（内容为二进制数据）" in caught.value.message("zh")


def test_a_csv_of_a_million_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_bytes(b"a," * 1_000_000 + b"\n")
    assert refusal(path) == "too_many_columns"


def test_a_csv_with_too_many_rows_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "long.csv"
    path.write_bytes(b"a,b\n" * 50)
    assert refusal(path, Limits(csv_rows=49)) == "too_many_rows"
    path.write_bytes(b"a,b\n\n" * 50)
    assert refusal(path, Limits(csv_rows=49)) == "too_many_rows"


def test_an_endless_cell_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'a,b\n1,"' + b"x" * 200_000)
    assert refusal(path) == "cell_too_long"


HEADER = "序号,单位名称,锅炉编号,省,市,县,经度,纬度,容量(t/h),燃料\n".encode()


@pytest.mark.parametrize(
    "content",
    [
        HEADER + b'"' + b"x\n" * 200_000,
        b'"' + b"x\n" * 200_000,
        b'"' + (b"x" * 120_000 + b"\n") * 20,
        HEADER + b'1,"' + (b"y" * 30_000 + b"\n") * 6 + b'",B,,,,1,2,3,4\n',
        HEADER + b'1,"' + b"y" * 33_000 + b'",B,,,,1,2,3,4\n\n2,,,,,,,,,\n',
    ],
    ids=["open quote", "open quote at once", "long lines", "long field", "long field, blank line"],
)
def test_a_quote_that_never_closes_is_refused_in_words(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)
    assert refusal(path) == "cell_too_long"


def test_reading_one_file_changes_nothing_for_the_next(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n\n1,2\n")
    read(path, Limits(cell_chars=1))
    path.write_bytes(b'a,b\n\n1,"' + b"x" * 30_000 + b'"\n')
    assert read(path).cells.num_rows == 3


def test_a_file_larger_than_the_limit_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b"a,b\n" * 300_000)
    assert refusal(path, Limits(file_mb=1)) == "file_too_large"


def test_an_empty_file_and_a_blank_one_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    for content in (b"", b"\n\n", b"\xef\xbb\xbf  \n"):
        path.write_bytes(content)
        assert refusal(path) == "file_empty"
    assert refusal(tmp_path / "absent.csv") == "file_missing"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"<html><table><tr><td>a</td></tr></table></html>", "web_page_as_table"),
        (b'<?xml version="1.0"?><Workbook/>', "web_page_as_table"),
        (b"%PDF-1.7 ...", "not_a_table"),
        (b"\x89PNG\r\n\x1a\n", "not_a_table"),
    ],
)
def test_another_kind_of_file_under_the_name_of_a_workbook_is_named(
    tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "导出.xls"
    path.write_bytes(content)
    assert refusal(path) == code


def test_a_zip_that_is_no_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr("word/document.xml", "<a/>")
    assert refusal(path) == "not_a_table"


def test_the_content_decides_and_a_wrong_extension_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xls"
    path.write_text("名称,经度\n甲,120\n", "utf-8")
    with open_table(path, DEFAULT_LIMITS) as table:
        assert (table.kind, table.renamed) == ("csv", True)


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("gb18030", "gb18030"),
        ("gbk", "gb18030"),
        ("utf-16", "utf-16"),
    ],
)
def test_the_encoding_of_a_csv_is_found(as_csv: Callable[..., Path], encoding: str, found: str) -> None:
    grid = read(as_csv([["单位名称", "经度"], ["嘉善县甲厂", "120.5"]], encoding=encoding))
    assert grid.encoding == found
    assert grid.row(1) == ["嘉善县甲厂", "120.5"]


def test_text_in_no_known_encoding_is_refused_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes("名称,经度\n甲,1\n".encode() + b"\xff\xff\xff,2\n")
    with pytest.raises(InputError) as caught:
        read(path)
    assert (caught.value.code, caught.value.params["line"]) == ("encoding_unknown", 3)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_the_delimiter_is_found(as_csv: Callable[..., Path], delimiter: str) -> None:
    grid = read(as_csv([["名称", "经度", "备注"], ["甲", "120.5", "a,b;c"]], delimiter=delimiter))
    assert grid.row(1) == ["甲", "120.5", "a,b;c"]


def test_row_numbers_count_blank_lines_and_not_the_lines_of_a_quoted_cell(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('a,b\n"x\ny",1\n\n\nz,2\n', "utf-8")
    grid = read(path)
    assert grid.row_numbers.tolist() == [1, 2, 3, 4, 5]
    assert grid.row(4) == ["z", "2"]
    path.write_text('a,b\n"x\ny",1\nz,2\n', "utf-8")
    assert read(path).row(2) == ["z", "2"]


def test_ragged_records_keep_their_place(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("某县锅炉清单\na,b,c\n1,2,3\n4,5\n", "utf-8")
    assert read(path).top(4) == [["某县锅炉清单", "", ""], ["a", "b", "c"], ["1", "2", "3"], ["4", "5", ""]]
