from __future__ import annotations

import hashlib
import subprocess
import sys
import time
from pathlib import Path

from tests.report import sample

ROOT = Path(__file__).resolve().parents[2]
FILES = {
    "findings.csv", "findings.parquet", "subjects.parquet", "anchors.parquet", "issues.csv", "findings.xlsx",
    "findings.geojson", "findings.gpkg", "summary.json",
}  # fmt: skip


def written(folder: Path, source: Path) -> dict[str, str]:
    folder.mkdir(parents=True)
    subprocess.run(
        [sys.executable, "-W", "error", "-m", "tests.report.sample", str(folder), str(source)],
        cwd=ROOT,
        check=True,
    )
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def test_two_processes_seconds_apart_write_the_same_bytes_in_every_file(tmp_path: Path) -> None:
    source = tmp_path / "source.xlsx"
    sample.write_office_xlsx(source)
    first = written(tmp_path / "a", source)
    time.sleep(2.1)
    assert written(tmp_path / "somewhere" / "else", source) == first
    assert set(first) == FILES


def test_no_file_but_the_offices_own_workbook_holds_a_telephone_number_or_a_contact(tmp_path: Path) -> None:
    sample.write_everything(tmp_path)
    for path in tmp_path.iterdir():
        if path.name == "findings.xlsx" or path.suffix == ".parquet":
            continue
        content = path.read_bytes()
        assert sample.PHONE.encode() not in content, path.name
        assert sample.CONTACT.encode() not in content, path.name


def test_no_file_holds_the_path_that_it_was_written_to(tmp_path: Path) -> None:
    sample.write_everything(tmp_path)
    for path in tmp_path.iterdir():
        assert str(tmp_path).encode() not in path.read_bytes(), path.name
