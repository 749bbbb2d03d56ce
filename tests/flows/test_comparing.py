"""Two screenings side by side: who is who, what changed, and what is said of the reason."""

from __future__ import annotations

import json
import shutil

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from geoaq.cards import comparing, comparing_files
from geoaq.catalog import Catalog
from geoaq.cli import main
from geoaq.errors import InputError
from geoaq.flows.comparing import CAUSES, KINDS, compare_screenings
from geoaq.flows.comparing.matching import match
from tests.web.toy import write_screening


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    return write_screening(tmp_path_factory.mktemp("toy") / "screening")


@pytest.fixture
def pair(toy, tmp_path):
    """Return two copies of one screening, to be changed."""
    for name in ("old", "new"):
        shutil.copytree(toy, tmp_path / name)
    return tmp_path / "old", tmp_path / "new"


def change(folder, name, deed):
    """Let ``deed`` change the frame of one table, and write it back under its schema."""
    path = folder / f"{name}.parquet"
    table = pq.read_table(path)
    frame = deed(table.to_pandas().astype({"name": object} if name == "subjects" else {}))
    pq.write_table(pa.Table.from_pandas(frame, table.schema, preserve_index=False), path)


def state(folder, **values):
    """Write something else into the summary; a dotted key is one inside another."""
    path = folder / "summary.json"
    summary = json.loads(path.read_text("utf-8"))
    for key, value in values.items():
        place, _, inner = key.partition("__")
        if inner:
            summary[place][inner] = value
        else:
            summary[place] = value
    path.write_text(json.dumps(summary, indent=2), "utf-8")


def at_row(column, value, row=2, **where):
    """Return a deed: the cells of one row, and of one rule where stated, become something else."""

    def deed(frame):
        mask = frame["row"] == row
        for name, word in where.items():
            mask &= frame[name].astype(str) == word
        frame = frame.astype({column: object}) if frame[column].dtype.kind not in "fi" else frame
        frame.loc[mask, column] = value
        return frame

    return deed


def told(found):
    """Return the lines in words, by subject."""
    catalog = Catalog.load()
    lines = [comparing.line(catalog, found, at, "zh") for at in range(len(found.lines))]
    return {line["subject_id"]: line for line in lines}


def the_list(digest):
    return [{"role": "list", "sha256": digest, "size_bytes": 1}]


def test_a_screening_is_the_same_as_itself(toy):
    found = compare_screenings(toy, toy)
    assert (found.counts["unchanged"], found.counts["changed"], len(found.lines)) == (7, 0, 0)
    assert (found.runs, dict(found.causes)) == ((), {})


def test_subjects_are_matched_by_number_whatever_their_row(pair):
    change(pair[1], "subjects", lambda frame: frame.iloc[::-1].reset_index(drop=True))
    assert compare_screenings(*pair).counts["unchanged"] == 7


def test_new_and_gone_subjects_are_told_apart(pair):
    change(pair[1], "subjects", at_row("subject_id", "GL-9999"))
    change(pair[1], "findings", at_row("subject_id", "GL-9999"))
    found = compare_screenings(*pair)
    assert (found.counts["new"], found.counts["gone"], found.counts["matched"]) == (1, 1, 6)
    lines = told(found)
    assert (lines["GL-9999"]["kinds"], lines["GL-9999"]["old"]) == (["new"], None)
    assert (lines["GL-0002"]["kinds"], lines["GL-0002"]["new"]) == (["gone"], None)


def test_a_changed_cell_is_named_with_its_values_and_is_the_reason(pair):
    change(pair[1], "subjects", at_row("capacity_tph", 75.0))
    change(pair[1], "subjects", at_row("lead", "not"))
    state(pair[1], inputs=the_list("b" * 64))
    state(pair[0], inputs=the_list("a" * 64))
    found = compare_screenings(*pair)
    line = told(found)["GL-0002"]
    assert line["kinds"] == ["verdict"]
    assert line["data"] == ["额定容量（蒸吨/小时）：35 → 75"]
    assert line["why"] == "原因：清单数据（两次筛查仅此不同）"
    assert dict(found.causes) == {"data": {"shown": 1, "maybe": 0}}
    assert dict(found.leads) == {("applies", "not"): 1}


def test_of_a_row_that_keeps_its_columns_others_of_the_list_are_the_reason(pair):
    change(pair[1], "subjects", at_row("lead", "not"))
    state(pair[0], inputs=the_list("a" * 64))
    state(pair[1], inputs=the_list("b" * 64))
    assert "清单其他列" in told(compare_screenings(*pair))["GL-0002"]["why"]


def test_another_outline_of_a_project_is_told_among_what_differs(pair):
    change(pair[1], "subjects", at_row("distance_km", 20.0))
    for folder, digest in zip(pair, "ab", strict=True):
        state(folder, inputs=[*the_list("c" * 64), {"role": "site", "sha256": digest * 64, "size_bytes": 1}])
    assert told(compare_screenings(*pair))["GL-0002"]["why"] == "原因：清单数据（两次筛查仅此不同）"
    state(pair[1], as_of="2024-11-21")
    found = compare_screenings(*pair)
    assert told(found)["GL-0002"]["why"] == "原因未能确定，可能是：清单数据、政策基准日"
    head = comparing.head(Catalog.load(), found, "zh")
    assert "项目范围文件：文件不同（aaaaaaaaaaaa → bbbbbbbbbbbb）" in str(head)


def test_a_time_limit_that_passed_is_of_the_day_even_when_the_plants_differ_too(pair):
    change(pair[1], "subjects", at_row("lead_timing", "not_yet"))
    state(pair[1], as_of="2024-11-21", plants="own")
    line = told(compare_screenings(*pair))["GL-0002"]
    assert (line["kinds"], line["why"]) == (
        ["timing"],
        "原因：政策基准日（依据测算值）；两次筛查还有不同：电厂名录",
    )


def test_a_distance_that_moved_within_its_error_is_no_change(pair):
    change(pair[1], "subjects", lambda frame: frame.assign(distance_u_m=50.0))
    change(pair[0], "subjects", lambda frame: frame.assign(distance_u_m=50.0))
    change(pair[1], "subjects", at_row("distance_km", 27.46 + 0.070))
    assert compare_screenings(*pair).counts["distance"] == 0
    change(pair[1], "subjects", at_row("distance_km", 27.46 + 0.072))
    assert compare_screenings(*pair).counts["distance"] == 1


def test_a_distance_that_moved_though_the_row_stands_is_of_the_plants(pair):
    change(pair[1], "subjects", at_row("distance_km", 20.0))
    change(pair[1], "anchors", at_row("lon", 121.0))
    state(pair[1], as_of="2024-11-21", plants="own")
    line = told(compare_screenings(*pair))["GL-0002"]
    assert line["kinds"] == ["distance"]
    assert line["why"] == "原因：电厂名录（依据测算值）；两次筛查还有不同：政策基准日"
    assert line["changes"][0].startswith("距离 27.46 → 20 公里")


def test_without_evidence_all_that_differs_may_be_the_reason(pair):
    change(pair[1], "subjects", at_row("lead", "not"))
    state(pair[1], plants="own", as_of="2024-11-21")
    found = compare_screenings(*pair)
    assert told(found)["GL-0002"]["why"] == "原因未能确定，可能是：政策基准日、电厂名录"
    assert found.causes["plants"] == {"shown": 0, "maybe": 1}


def test_another_limit_is_of_the_policy(pair):
    rule = "js.boiler.le35"
    change(pair[1], "findings", at_row("outcome", "does_not_apply", rule_id=rule))
    change(pair[1], "findings", at_row("limit", 20.0, rule_id=rule))
    state(pair[1], policy__version="2027.1", policy__sha256="f" * 64, as_of="2024-11-21")
    found = compare_screenings(*pair)
    line = told(found)["GL-0002"]
    assert line["kinds"] == ["rules"]
    assert line["why"].startswith("原因：政策条款（依据测算值）")
    assert dict(found.rules) == {(rule, "applies", "does_not_apply"): 1}


def test_a_rule_that_is_in_force_on_one_day_only_is_of_the_day(pair):
    rule = "js.boiler.le35"
    change(pair[1], "findings", lambda frame: frame[frame["rule_id"].astype(str) != rule])
    state(
        pair[1],
        as_of="2024-01-01",
        plants="own",
        rules_not_in_force=[{"rule_id": rule, "document": "x", "reason": "not_yet"}],
    )
    line = told(compare_screenings(*pair))["GL-0002"]
    assert line["why"].startswith("原因：政策基准日（依据测算值）")
    assert line["changes"] == ["江苏：淘汰35蒸吨/小时及以下燃煤锅炉 · 江苏（七）：符合条款情形 → 未涉及"]


def test_another_county_at_the_same_place_is_of_the_boundary(pair):
    change(pair[1], "subjects", at_row("adcode", "320282"))
    change(pair[1], "subjects", at_row("lead", "not"))
    state(pair[0], layers={"amap/codes.npy": "a" * 64})
    state(pair[1], layers={"amap/codes.npy": "b" * 64}, as_of="2024-11-21")
    assert told(compare_screenings(*pair))["GL-0002"]["why"].startswith("原因：边界（依据测算值）")


def subjects(*rows):
    frame = pd.DataFrame(rows, columns=["subject_id", "name", "lon"])
    return frame.assign(part=0, lat=30.0, capacity_text="2")


def test_a_content_key_that_changed_is_matched_by_a_name_that_stands_once():
    old = subjects(("k-1", "甲", 120.0), ("k-2", "乙", 120.0), ("k-3", "乙", 120.1), ("N1", "丙", 120.0))
    new = subjects(("k-9", "甲", 120.5), ("k-8", "乙", 120.6), ("N2", "丙", 120.0))
    found = match(old, new)
    assert (found.old.tolist(), found.new.tolist(), found.by_name.tolist()) == ([0], [0], [True])
    assert (found.lost.tolist(), found.unclear.tolist()) == ([1, 2], [1])
    assert (found.gone.tolist(), found.added.tolist()) == ([3], [2])


def test_rows_of_one_number_are_matched_where_they_can_be_told_apart():
    old = subjects(("N1", "甲", 120.0), ("N1", "乙", 120.0), ("N1", "丙", 120.0))
    new = subjects(("N1", "乙", 120.0), ("N1", "甲", 120.0), ("N1", "丁", 120.0))
    found = match(old, new)
    assert sorted(zip(found.old.tolist(), found.new.tolist(), strict=True)) == [(0, 1), (1, 0)]
    assert (found.lost.tolist(), found.unclear.tolist()) == ([2], [2])


def test_every_subject_is_counted_once(pair):
    change(pair[1], "subjects", at_row("subject_id", "GL-0003"))
    found = compare_screenings(*pair)
    lines = found.lines
    single = lines["bits"].isin([1 << KINDS.index(kind) for kind in ("new", "gone", "unmatched")])
    assert found.counts["old"] == found.counts["matched"] + int((lines["row_new"].isna() & single).sum())
    assert found.counts["new_list"] == found.counts["matched"] + int((lines["row_old"].isna() & single).sum())
    assert found.counts["matched"] == found.counts["changed"] + found.counts["unchanged"]


def test_screenings_of_different_lists_and_without_tables_are_refused(pair):
    (pair[1] / "findings.parquet").unlink()
    with pytest.raises(InputError, match=r"findings\.parquet"):
        compare_screenings(*pair)
    state(pair[1], subject="unit")
    with pytest.raises(InputError, match="different kinds"):
        compare_screenings(*pair)


def test_lines_are_chosen_by_kind_cause_and_text(pair):
    change(pair[1], "subjects", at_row("lead", "not"))
    change(pair[1], "subjects", at_row("lead_timing", "not_yet", row=3))
    state(pair[1], as_of="2024-11-21")
    found = compare_screenings(*pair)
    assert len(comparing.chosen(found)) == 2
    assert len(comparing.chosen(found, kind="timing")) == 1
    assert len(comparing.chosen(found, cause="as_of")) == 2
    assert len(comparing.chosen(found, text="gl-0002")) == 1
    assert {one for one in CAUSES if len(comparing.chosen(found, cause=one))} == {"as_of"}


def test_the_command_prints_the_counts_and_writes_a_table_without_formulas(pair, capsys):
    change(pair[1], "subjects", at_row("lead", "not", row=4))  # its name is =1+1印染
    out = pair[0].parent / "changes.csv"
    assert main(["compare", str(pair[0]), str(pair[1]), "--out", str(out)]) == 0
    assert "有变化 1" in capsys.readouterr().out
    text = out.read_text("utf-8-sig")
    assert "'=1+1印染" in text
    assert text.splitlines()[0].split(",")[0] == "变化"
    assert main(["compare", str(pair[0]), str(pair[1]), "--out", str(out)]) == 2
    assert main(["compare", str(pair[0]), str(pair[1]), "--out", "x.pdf"]) == 2
    book = out.with_suffix(".xlsx")
    assert main(["compare", str(pair[0]), str(pair[1]), "--out", str(book), "--lang", "en"]) == 0
    sheet = pd.read_excel(book, sheet_name="Changes", engine="openpyxl")
    assert sheet["Name"].tolist() == ["=1+1印染"]
    assert len(sheet.columns) == len(comparing_files.HEADS)


def test_the_counts_of_a_cause_never_exceed_what_changed(pair):
    change(pair[1], "subjects", lambda frame: frame.assign(lead=np.array(["not"] * len(frame), object)))
    state(pair[1], plants="own", as_of="2024-11-21", policy__version="9")
    found = compare_screenings(*pair)
    assert all(sum(one.values()) <= found.counts["changed"] for one in found.causes.values())
