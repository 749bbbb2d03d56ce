"""What the list shows of a choice and what the map's tiles show are the same subjects."""

from __future__ import annotations

import gzip
from urllib.parse import urlencode

import mapbox_vector_tile
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.web.door import JSON, client_of, put_screening
from tests.web.toy import write_screening
from web import api

COPIES = 40
_LON = st.sampled_from([118.0, 119.5, 120.3, 121.9, 123.0])
_LAT = st.sampled_from([29.0, 31.2, 31.95, 33.0])
WORDS = {
    "verdict": st.lists(st.sampled_from(["applies", "review", "not", "none", "x"]), max_size=3),
    "rule": st.sampled_from(["gf.boiler.chp30", "js.boiler.le35", "nothing"]),
    "county": st.sampled_from(["320281", "320581", "999999"]),
    "timing": st.sampled_from(["overdue", "no_date", "due"]),
    "consultee": st.just("330000"),
    "q": st.sampled_from(["江阴", "GL-0004", " ", "no such name"]),
    "area": st.tuples(_LON, _LAT, _LON, _LAT).map(
        lambda box: f"{box[0]},{box[1]};{box[2]},{box[1]};{box[2]},{box[3]};{box[0]},{box[3]}"
    ),
    "years": st.sampled_from(["1990-2005", "2006-2024", "0000-9999", "2024-1990"]),
}


def many(folder):
    """Write forty times the seven boilers, scattered, some without a position, into their tables."""
    random = np.random.default_rng(3)
    tables = {name: pq.read_table(folder / f"{name}.parquet") for name in ("subjects", "findings")}
    for name, table in tables.items():
        frames = []
        for copy in range(COPIES):
            frame = table.to_pandas()
            frames.append(frame.assign(row=frame["row"] + 10 * copy, part=frame["row"] % 3))
        frame = pd.concat(frames, ignore_index=True)
        if name == "subjects":
            placed = random.random(len(frame)) < 0.9
            frame["lon"] = np.where(placed, random.uniform(118, 123, len(frame)), np.nan)
            frame["lat"] = np.where(placed, random.uniform(29, 33, len(frame)), np.nan)
            stated = random.random(len(frame)) < 0.8
            frame["commissioned_year"] = np.where(stated, random.integers(1985, 2025, len(frame)), np.nan)
            table = pa.Table.from_pandas(frame, preserve_index=False)
        else:
            table = pa.Table.from_pandas(frame, schema=table.schema, preserve_index=False)
        pq.write_table(table, folder / f"{name}.parquet")
    return folder


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    return many(write_screening(tmp_path_factory.mktemp("choices") / "toy"))


@pytest.fixture(scope="module")
def asked(place, make_module_app):
    """Return a client, and the address of a screening of 280 boilers."""
    client = client_of(make_module_app())
    return client, f"/screenings/{put_screening(client.application, place)}"


def listed(client, base, query):
    rows = []
    for page in range(1, 3):
        answer = client.get(f"{base}/subjects.json?page_size=200&page={page}&{query}", headers=JSON).json
        rows += answer["rows"] if answer["page"] == page else []
    assert len(rows) == answer["total"]
    return sorted(row["key"] for row in rows if row["lon"] is not None)


def drawn(client, base, query, zoom):
    found = []
    for x in range(int(298 / 360 * 2**zoom), int(303 / 360 * 2**zoom) + 1):
        for y in range(int(0.40 * 2**zoom), int(0.42 * 2**zoom) + 1):
            answer = client.get(
                f"{base}/tiles/{zoom}/{x}/{y}.mvt?{query}", headers={"Accept-Encoding": "gzip"}
            )
            if answer.status_code == 200:
                (layer,) = mapbox_vector_tile.decode(gzip.decompress(answer.data)).values()
                found += [f"{one['id'] // 4096}-{one['id'] % 4096}" for one in layer["features"]]
    return sorted(found)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(values=st.fixed_dictionaries({}, optional=WORDS), zoom=st.sampled_from([0, 5, 7]))
def test_the_tiles_of_any_choice_hold_what_the_list_shows(asked, values, zoom):
    query = urlencode(values, doseq=True)
    client, base = asked
    shown = listed(client, base, query)
    assert drawn(client, base, query, zoom) == shown
    table = client.get(f"{base}/points.json?{query}").json
    assert sorted(table["key"]) == shown


def test_a_choice_of_years_leaves_out_whose_list_does_not_say(asked, place):
    client, base = asked
    subjects = pq.read_table(place / "subjects.parquet").to_pandas()
    year = subjects["commissioned_year"]
    total = client.get(f"{base}/subjects.json?years=1990-2005").json["total"]
    assert total == year.between(1990, 2005).sum() > 0
    head = client.get(f"{base}/screening.json").json["years"]
    assert head["unknown"] == year.isna().sum() > 0
    assert (head["first"], head["last"]) == (year.min(), year.max())
    assert head["counts"] == [int((year == one).sum()) for one in range(head["first"], head["last"] + 1)]


def test_very_many_subjects_are_drawn_from_tiles(asked, monkeypatch):
    client, base = asked
    placed = len(client.get(f"{base}/points.json").json["key"])
    monkeypatch.setattr("web.api.MAX_POINTS", placed - 1)
    for kept in (api._points, api._columns, api._labels):
        kept.cache_clear()
    for name in ("points.json", "points.bin"):
        assert client.get(f"{base}/{name}").json == {"kind": "tiles", "count": placed}
    assert client.get(f"{base}/labels.json").json == {"label": []}
    assert client.get(f"{base}/points.json?verdict=review").json["kind"] == "points"
    for kept in (api._points, api._columns, api._labels):
        kept.cache_clear()
