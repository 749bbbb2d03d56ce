"""Every row inside its error budget needs review, in every direction, and none outside it does."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pandas as pd
import pytest

from geoaq.catalog import Catalog
from geoaq.flows import ScreeningRequest, screen
from tests.flows.places import SITES, at, boiler, write_plants, write_rows

# The budgets of layers/policy/budgets.toml in quadrature: position, datum and eight printed decimals of the
# boiler, and the surveyed plant.
POSITIONS_M = {"现场GPS": 10.0, "排气筒": 100.0, "大门": 500.0}
DATUM_M, DECIMALS_M, PLANT_M = 1.0, 0.1, 10.0


@pytest.mark.parametrize("source", POSITIONS_M)
def test_exactly_the_rows_within_their_error_of_30_km_need_review(built_layers, root, tmp_path, source):
    u_m = float(np.sqrt(POSITIONS_M[source] ** 2 + DATUM_M**2 + DECIMALS_M**2 + PLANT_M**2))
    offsets = [-3 * u_m, -u_m - 0.5, -u_m + 0.5, -0.001, 0.001, u_m - 0.5, u_m + 0.5, 3 * u_m]
    azimuths = range(0, 360, 30)
    rows = [
        boiler("CC", **at("CC", azimuth, 30_000 + offset), 坐标来源=source)
        for azimuth in azimuths
        for offset in offsets
    ]
    request = ScreeningRequest(
        path=write_rows(tmp_path / "list.csv", rows),
        as_of=date(2026, 11, 21),
        layers_dir=built_layers.path.parent,
        catalog=Catalog.load(root / "layers"),
        plants=write_plants(tmp_path / "plants.csv", [("P", "CC", 300.0, 300.0)]),
        plants_only=True,
        complete_for=(SITES["CC"][2],),
        formats=("parquet",),
    )
    screen(request, tmp_path / "out")
    anchors = pd.read_parquet(tmp_path / "out" / "anchors.parquet").set_index("row")
    subjects = pd.read_parquet(tmp_path / "out" / "subjects.parquet")
    expected = ["inside", "inside", *["borderline"] * 4, None, None] * len(azimuths)
    found = [anchors["truth"].get(row) for row in subjects["row"]]
    assert [None if word == "outside" else word for word in found] == expected


def test_a_list_without_a_datum_is_reviewed_more_widely(built_layers, root, tmp_path):
    rows = [boiler("CC", **at("CC", 45, 29_600), 坐标系=datum) for datum in ("WGS84", "")]
    request = ScreeningRequest(
        path=write_rows(tmp_path / "list.csv", rows),
        as_of=date(2026, 11, 21),
        layers_dir=built_layers.path.parent,
        catalog=Catalog.load(root / "layers"),
        plants=write_plants(tmp_path / "plants.csv", [("P", "CC", 300.0, 300.0)]),
        plants_only=True,
        formats=("parquet",),
    )
    screen(request, tmp_path / "one")
    assert pd.read_parquet(tmp_path / "one" / "anchors.parquet")["truth"].tolist() == ["inside", "borderline"]
    screen(replace(request, datum="WGS84"), tmp_path / "two")
    assert pd.read_parquet(tmp_path / "two" / "anchors.parquet")["truth"].tolist() == ["inside", "inside"]
