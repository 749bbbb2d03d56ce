from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest

from geoaq import report
from geoaq.findings import FINDINGS_SCHEMA
from geoaq.report import issues as issue_room
from geoaq.report.columns import ANCHORS_SCHEMA
from tests.report import sample

HEADER = (
    "row,subject_id,name,lon,lat,province,city,county,adcode,rule_id,outcome,strength,timing,basis,"
    "distance_km,margin_m,anchor_id,anchor_name,contested_by,reasons,quote,document,article"
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    with report.FindingsWriter(tmp_path, sample.CITATIONS) as writer:
        writer.write(sample.subjects(), sample.findings(), sample.pairs())
    return tmp_path


def csv_rows(folder: Path, name: str = "findings.csv") -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO((folder / name).read_bytes().decode("utf-8-sig"), newline="")))


def test_the_csv_opens_in_excel_and_has_exactly_the_promised_columns(folder: Path) -> None:
    content = (folder / "findings.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf" + HEADER.encode() + b"\n")
    assert b"\r" not in content


def test_the_csv_holds_what_applies_or_needs_review_ordered_by_row(folder: Path) -> None:
    rows = csv_rows(folder)
    assert [(row["row"], row["rule_id"], row["outcome"]) for row in rows] == [
        ("3", "gf.boiler.chp30", "applies"),
        ("3", "gf.boiler.heatnet", "needs_review"),
        ("4", "gf.boiler.chp30", "needs_review"),
        ("5", "gf.boiler.chp30", "applies"),
        ("5", "zj.boiler.lt65", "applies"),
        ("7", "gf.boiler.chp30", "needs_review"),
    ]


def test_numbers_have_fixed_decimals_and_a_negative_margin_stays_a_number(folder: Path) -> None:
    rows = csv_rows(folder)
    assert (rows[0]["lon"], rows[0]["lat"]) == ("120.100000", "30.200000")
    assert (rows[0]["distance_km"], rows[0]["margin_m"]) == ("28.31046", "1689.5")
    assert (rows[2]["distance_km"], rows[2]["margin_m"]) == ("30.30000", "-300.0")
    assert rows[5]["lon"] == "118.100000"


def test_distance_and_anchor_stand_only_where_the_rule_measures_a_distance(folder: Path) -> None:
    rows = csv_rows(folder)
    assert (rows[1]["distance_km"], rows[1]["margin_m"], rows[1]["anchor_id"]) == ("", "", "")
    assert (rows[4]["distance_km"], rows[4]["anchor_name"]) == ("", "")
    assert rows[0]["anchor_id"] == "P1"


def test_text_that_looks_like_a_formula_gets_an_apostrophe(folder: Path) -> None:
    rows = csv_rows(folder)
    assert rows[2]["name"] == "'" + sample.FORMULA
    assert rows[0]["anchor_name"] == "'@某电厂"
    assert rows[5]["subject_id"] == "'-5"


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_every_start_of_a_formula_is_neutralised(start: str, tmp_path: Path) -> None:
    subjects = sample.subjects().assign(name=f"{start}cmd|' /C calc'!A0")
    with report.FindingsWriter(tmp_path, sample.CITATIONS, formats=("csv",)) as writer:
        writer.write(subjects, sample.findings())
    assert all(row["name"] == f"'{start}cmd|' /C calc'!A0" for row in csv_rows(tmp_path))


def test_the_sentence_of_the_policy_stands_in_every_row(folder: Path) -> None:
    for row in csv_rows(folder):
        cited = sample.CITATIONS[row["rule_id"]]
        assert [row[name] for name in ("quote", "document", "article")] == [
            cited[name] for name in ("quote", "document", "article")
        ]


def test_parquet_holds_every_rule_with_its_first_failed_condition(folder: Path) -> None:
    table = pq.read_table(folder / "findings.parquet")
    assert table.schema.equals(FINDINGS_SCHEMA)
    rows = table.to_pylist()
    assert len(rows) == 7
    [failed] = [row for row in rows if row["outcome"] == "does_not_apply"]
    assert (failed["row"], failed["failed_condition"], failed["truth"]) == (4, "heat_network", "TF")
    assert failed["measured"] is None


def test_subjects_leave_without_personal_columns_and_unknown_numbers_as_null(folder: Path) -> None:
    table = pq.read_table(folder / "subjects.parquet")
    assert table.schema.equals(report.subjects_schema("boiler"))
    assert not {"contact", "phone"} & set(table.column_names)
    assert table["capacity_tph"].to_pylist() == [20.0, 10.0, 35.0, 35.0, None]
    assert table["name"][1].as_py() == sample.FORMULA


def test_anchors_hold_every_plant_in_reach(folder: Path) -> None:
    table = pq.read_table(folder / "anchors.parquet")
    assert table.schema.equals(ANCHORS_SCHEMA)
    assert table["truth"].to_pylist() == ["inside", "borderline", "inside"]
    assert table["distance_km"][0].as_py() == 28.3104567


def test_chunks_follow_one_another(tmp_path: Path, folder: Path) -> None:
    again = tmp_path / "again"
    again.mkdir()
    subjects, findings = sample.subjects(), sample.findings()
    first = findings["subject"] < 2
    with report.FindingsWriter(again, sample.CITATIONS) as writer:
        writer.write(subjects[:2], findings[first])
        writer.write(subjects[2:], findings[~first].assign(subject=findings["subject"][~first] - 2))
    assert (again / "findings.csv").read_bytes() == (folder / "findings.csv").read_bytes()
    assert (
        pq.read_table(again / "findings.parquet").to_pylist()
        == pq.read_table(folder / "findings.parquet").to_pylist()
    )


def test_a_chunk_without_findings_or_pairs_writes_readable_files(tmp_path: Path) -> None:
    with report.FindingsWriter(tmp_path, sample.CITATIONS) as writer:
        writer.write(sample.subjects()[:0], sample.findings()[:0], sample.pairs()[:0])
    assert csv_rows(tmp_path) == []
    assert pq.read_table(tmp_path / "findings.parquet").num_rows == 0


def test_units_have_their_own_columns(tmp_path: Path) -> None:
    units = sample.subjects().assign(capacity_mw=12.0, unit_type="backpressure")
    with report.FindingsWriter(tmp_path, sample.CITATIONS, subject="unit", formats=("parquet",)) as writer:
        writer.write(units, sample.findings())
    table = pq.read_table(tmp_path / "subjects.parquet")
    assert table["capacity_mw"].to_pylist() == [12.0] * 5
    assert "capacity_tph" not in table.column_names
    assert not (tmp_path / "findings.csv").exists()


def test_the_csv_reads_back_with_the_numbers_that_were_written(tmp_path: Path) -> None:
    rng = np.random.default_rng(7)
    n = 500
    subjects = pd.concat([sample.subjects()[:1]] * n, ignore_index=True)
    subjects["row"] = np.arange(n) + 2
    subjects["lon"] = rng.uniform(73, 135, n)
    subjects["name"] = ['他说"好",\n' + str(number) for number in range(n)]
    findings = pd.concat([sample.findings()[:1]] * n, ignore_index=True).assign(subject=np.arange(n))
    findings["measured"] = rng.uniform(0, 60, n)
    findings["margin"] = 30.0 - findings["measured"]
    with report.FindingsWriter(tmp_path, sample.CITATIONS, formats=("csv",)) as writer:
        writer.write(subjects, findings)
    back = pd.read_csv(tmp_path / "findings.csv", encoding="utf-8-sig")
    assert back["name"].tolist() == subjects["name"].tolist()
    assert np.abs(back["lon"] - subjects["lon"]).max() <= 0.5000001e-6
    assert np.abs(back["distance_km"] - findings["measured"]).max() <= 0.5000001e-5
    assert np.abs(back["margin_m"] - findings["margin"] * 1000).max() <= 0.0500001


def test_issues_are_written_in_both_languages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issue_room, "say", lambda code, lang, **params: f"{lang}:{code}:{params}")
    log = pd.DataFrame(
        [
            (6, "lon", "=东经", "error", "not_a_number", '{"unit": "度"}'),
            (0, "", "", "warning", "whole", "{}"),
        ],
        columns=["row", "field", "value", "severity", "code", "params"],
    )
    report.write_issues(tmp_path / "issues.csv", log)
    first, second = csv_rows(tmp_path, "issues.csv")
    assert list(first) == ["row", "field", "value", "severity", "code", "message_zh", "message_en"]
    assert first["value"] == "'=东经"
    assert first["message_en"] == "en:issues.not_a_number:{'unit': '度'}"
    assert (second["row"], second["message_zh"]) == ("0", "zh:issues.whole:{}")


def test_no_issue_at_all_is_a_file_with_its_heading(tmp_path: Path) -> None:
    empty = pd.DataFrame(columns=["row", "field", "value", "severity", "code", "params"])
    report.write_issues(tmp_path / "issues.csv", empty)
    assert csv_rows(tmp_path, "issues.csv") == []
