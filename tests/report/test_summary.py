from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from pydantic import ValidationError

import geoaq
from geoaq import report
from tests.report import sample

FIVE = ("applies", "encouraged", "review", "not_", "none")


def amount(count: int, capacity: float, without_capacity: int = 0) -> report.Amount:
    return report.Amount(count=count, capacity=capacity, without_capacity=without_capacity)


@pytest.fixture
def counts() -> report.Counts:
    return sample.summary().counts


def test_verdicts_are_counted_in_units_and_tons_and_add_up(counts: report.Counts) -> None:
    verdicts = counts.verdicts
    assert verdicts.applies == amount(2, 55.0)
    assert verdicts.encouraged == amount(1, 35.0)
    assert verdicts.review == amount(1, 10.0)
    assert verdicts.not_ == amount(1, 0.0, 1)
    assert verdicts.none == amount(0, 0.0)
    assert verdicts.all == amount(5, 100.0, 1)


def test_subjects_that_no_document_reaches_are_a_count_of_their_own_and_the_sum_holds() -> None:
    subjects = sample.subjects().assign(lead=["applies", "none", "review", "none", "not"])
    tally = report.Tally("boiler")
    tally.count(subjects, sample.findings())
    verdicts = tally.counts().verdicts
    assert verdicts.none == amount(2, 45.0)
    assert verdicts.all.count == 5 == sum(getattr(verdicts, name).count for name in FIVE)
    assert sum(county.verdicts.none.count for county in tally.counts().by_county) == 2


def test_a_summary_written_before_that_count_is_still_read(counts: report.Counts) -> None:
    before = counts.verdicts.model_dump(by_alias=True)
    del before["none"]
    assert report.Verdicts.model_validate(before) == counts.verdicts


def test_what_waits_for_the_offices_word_is_kept_apart_in_every_count(counts: report.Counts) -> None:
    assert counts.verdicts.chp_status == amount(1, 10.0)
    assert counts.verdicts.chp_list_not_declared == amount(1, 0.0, 1)
    by_county = {county.adcode: county.verdicts for county in counts.by_county}
    assert by_county["330110"].chp_status.count == 1
    assert by_county["330110"].chp_list_not_declared.count == 0
    assert by_county["330881"].chp_list_not_declared.count == 1


def test_counties_add_up_to_the_whole(counts: report.Counts) -> None:
    for name in (*FIVE, "chp_status", "chp_list_not_declared", "all"):
        total = sum(getattr(county.verdicts, name).count for county in counts.by_county)
        assert total == getattr(counts.verdicts, name).count


def test_rules_are_counted_by_outcome_and_reasons_once_a_subject(counts: report.Counts) -> None:
    assert counts.by_rule["gf.boiler.chp30"] == {
        "applies": amount(2, 55.0),
        "needs_review": amount(2, 10.0, 1),
    }
    assert counts.by_review_reason == {
        "chp_list_not_declared": amount(1, 0.0, 1),
        "chp_status": amount(1, 10.0),
        "inside_margin": amount(1, 10.0),
        "missing_layer": amount(1, 20.0),
    }
    assert counts.by_timing == {"no_date": amount(1, 35.0), "overdue": amount(2, 55.0)}


def test_chunks_count_like_the_whole(counts: report.Counts) -> None:
    tally = report.Tally()
    subjects, findings = sample.subjects(), sample.findings()
    for at in range(len(subjects)):
        own = findings[findings["subject"] == at]
        tally.count(subjects.iloc[at : at + 1], own.assign(subject=0))
    assert tally.counts() == counts


def test_categories_and_texts_count_alike(counts: report.Counts) -> None:
    subjects = sample.subjects()
    for name in ("lead", "lead_rule", "lead_timing", "review_reasons", "county", "datum"):
        subjects[name] = subjects[name].astype("category")
    tally = report.Tally()
    tally.count(subjects, sample.findings())
    assert tally.counts() == counts


def test_units_are_counted_in_megawatts() -> None:
    tally = report.Tally("unit")
    tally.count(sample.subjects().assign(capacity_mw=12.0), sample.findings())
    found = tally.counts()
    assert (found.capacity_unit, found.verdicts.all) == ("MW", amount(5, 60.0))


def test_a_subject_that_is_nowhere_counts_in_a_county_without_a_name() -> None:
    subjects = sample.subjects()[:1].assign(adcode=None, county=np.nan, city=None, province=None)
    tally = report.Tally()
    tally.count(subjects, pd.DataFrame(sample.findings()[:1]))
    [county] = tally.counts().by_county
    assert (county.adcode, county.county, county.verdicts.applies.count) == ("", "", 1)


def test_the_summary_reads_back_as_it_was_written(tmp_path: Path) -> None:
    path = tmp_path / "summary.json"
    report.write_summary(path, sample.summary())
    assert report.read_summary(path) == sample.summary()
    found = json.loads(path.read_text("utf-8"))
    assert found["format"] == "geoaq-screening/1"
    assert set(found["counts"]["verdicts"]) == {
        "all", "applies", "encouraged", "review", "not", "none", "chp_status", "chp_list_not_declared",
    }  # fmt: skip
    assert found["as_of"] == "2026-11-21"


def test_an_unknown_key_is_refused() -> None:
    given = json.loads(sample.summary().model_dump_json(by_alias=True)) | {"host": "here"}
    with pytest.raises(ValidationError):
        report.Summary.model_validate(given)


def test_rows_must_sum_up() -> None:
    with pytest.raises(ValidationError, match="rows read must be"):
        report.Rows(read=5, with_results=4, unusable=0, to_check=0)


def test_an_input_is_known_by_its_hash_and_keeps_its_name_only_on_request(tmp_path: Path) -> None:
    path = tmp_path / "某局内部清单.csv"
    path.write_bytes(b"abc")
    found = report.file_input(path, "list")
    assert found.sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert (found.size_bytes, found.name) == (3, None)


def test_the_code_is_known_by_its_version_and_source(tmp_path: Path) -> None:
    lock = tmp_path / "lock.txt"
    lock.write_text("a==1\n", "utf-8")
    found = report.code_record(lock)
    assert found.version == geoaq.__version__
    assert found.lock_sha256 != report.code_record().lock_sha256 is None
    assert len(found.source_sha256) == 64


def test_the_hash_of_files_depends_on_names_and_contents_not_on_order(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_bytes(b"x")
    second.write_bytes(b"")
    known = report.files_sha256(tmp_path, [first, second])
    assert report.files_sha256(tmp_path, [second, first]) == known
    first.write_bytes(b"")
    second.write_bytes(b"x")
    assert report.files_sha256(tmp_path, [first, second]) != known
