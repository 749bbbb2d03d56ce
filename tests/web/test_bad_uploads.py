"""What nobody should have to open ends in a clear error; the server lives, nothing is half written."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.web import bad_files
from tests.web.door import client_of, outcome, rooms_of, upload
from tests.web.test_jobs import files_under

pytestmark = pytest.mark.slow
REAL = (sys.executable, "-m", "geoaq")
HEADER = "单位名称,经度,纬度,燃料,锅炉类型,状态,容量（蒸吨/小时）"
GOOD = f"{HEADER}\n江阴纺织,120.28,31.91,煤,蒸汽,在用,35\n".encode()
# codes that say "it broke", not what is wrong with the file
UNCLEAR = {"job_crashed", "job_interrupted", "server_error", "job_memory_limit", "job_time_limit"}


@pytest.fixture
def app(make_app, built_layers, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "layers").symlink_to(built_layers.path.parent)
    return make_app(job_command=REAL)


def assert_refused_in_words(app, started):
    assert started.status_code == 202, started.json
    client = client_of(app)
    answer = outcome(client, started.json["progress"])
    assert answer["state"] == "failed"
    assert answer["error"]["code"] not in UNCLEAR
    page = client.get(started.json["page"])
    assert page.status_code == 422
    data = rooms_of(app).settings.data
    staging = f"staging/{started.json['id']}"
    assert files_under(data) == {staging, f"{staging}/attempt.json", f"{staging}/failure.json"}
    assert client.get("/healthz").json["status"] == "ok"
    return answer["error"]


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (bad_files.zip_bomb, "bomb.xlsx"),
        (bad_files.broken_workbook, "broken.xlsx"),
        (bad_files.two_far_cells, "far.xlsx"),
        (bad_files.noise, "noise.csv"),
        (bad_files.noise, "noise.xls"),
        (bad_files.million_columns, "columns.csv"),
        (bad_files.open_quote, "quote.csv"),
        (lambda: b"\n\n", "blank.csv"),
        (lambda: b"a,b\n1,2\n", "no-header.csv"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_list_that_cannot_be_read_is_refused_in_words(app, make, name):
    error = assert_refused_in_words(app, upload(client_of(app), make(), name))
    assert name in error["text"]
    assert str(Path.cwd()) not in error["text"]


@pytest.mark.parametrize(
    ("make", "name"),
    [
        (bad_files.vrt, "vrt.geojson"),
        (bad_files.vrt, "vrt.gpkg"),
        (bad_files.billion_laughs, "laughs.kml"),
        (bad_files.zip_bomb, "bomb.zip"),
        (bad_files.noise, "noise.geojson"),
        (lambda: b'{"type": "Point", "coordinates": [120, 31]}', "point.geojson"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_layer_that_cannot_be_opened_is_refused_in_words(app, make, name):
    layer = {"layer.heat_network": (make(), name)}
    assert_refused_in_words(app, upload(client_of(app), GOOD, **layer))


def test_a_good_list_gets_through_the_same_door(app):
    client = client_of(app)
    started = upload(client, GOOD, as_of="2026-11-21", datum="WGS84")
    assert outcome(client, started.json["progress"])["state"] == "done"
    head = client.get(f"{started.json['page']}/screening.json").json
    assert head["counts"]["subjects"] == 1
    (row,) = client.get(f"{started.json['page']}/subjects.json").json["rows"]
    card = client.get(f"{started.json['page']}/subjects/{row['key']}.json").json
    assert card["headline"]["unit"] == "蒸吨/小时"
