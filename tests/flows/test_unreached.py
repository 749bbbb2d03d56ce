"""Subjects that no document in force reaches: said apart from those that meet no clause, and counted."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd
import pytest

from geoaq.cards import heads, lists
from geoaq.cards.why import why_card
from geoaq.catalog import Catalog
from geoaq.flows import ScreeningRequest, screen, summary_lines
from geoaq.store import reading
from tests.flows.places import boiler, write_rows

SENTENCE = "政策基准日无现行文件，或该地区不在文件范围内"
HONG_KONG = {"经度": "114.170000", "纬度": "22.300000"}


@pytest.mark.parametrize(
    ("as_of", "none"), [(date(2026, 11, 21), 1), (date(2022, 1, 1), 2)], ids=["Hong Kong", "before any issue"]
)
def test_they_have_a_sign_a_sentence_and_a_count_of_their_own(built_layers, root, tmp_path, as_of, none):
    out, catalog = tmp_path / "out", Catalog.load(root / "layers")
    request = ScreeningRequest(
        path=write_rows(tmp_path / "list.csv", [boiler("NJ"), boiler("NJ", **HONG_KONG)]),
        as_of=as_of,
        layers_dir=built_layers.path.parent,
        catalog=catalog,
        formats=("parquet", "geojson"),
    )
    summary = screen(request, out)
    verdicts = summary.counts.verdicts
    assert (verdicts.none.count, verdicts.not_.count, verdicts.all.count) == (none, 0, 2)
    assert pd.read_parquet(out / "subjects.parquet")["lead"].tolist()[2 - none :] == ["none"] * none
    assert any(f"{none} 台" in line and "无现行文件" in line for line in summary_lines(summary, "zh"))
    features = json.loads((out / "findings.geojson").read_text("utf-8"))["features"]
    assert [one["properties"]["sentence"] for one in features].count(SENTENCE) == none
    assert heads.head(catalog, out, "zh")["counts"]["none"] == none
    card = why_card(catalog, out, 3, 0, "zh")
    assert (card["sign"], card["tags"][0]["text"], card["rules"]) == ("none", SENTENCE, [])
    assert lists.line(catalog, reading.subject(out, 3, 0), "zh")["tag"] == SENTENCE
