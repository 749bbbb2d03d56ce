"""Projects taken in: a form or a list becomes files and arguments, and a wrong field is named."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.web.door import client_of, outcome, post, put_screening, rooms_of, token_of, upload, wait_for
from tests.web.toy import NASTY, write_screening

PROJECT = {
    "project.name": "示例熟料/生产线",
    "project.lonlat": "119°31′12.0″E 31°03′36.0″N",
    "project.nature": "new",
    "project.industry": "C3011 水泥制造",
    "project.stack": "80",
}
WINDY = "时间,风向,风速\n2025-01-01 00:00,90,3\n".encode()


def told(app, answer):
    """Return what the command was told: its arguments, and the list that it was to read."""
    assert answer.status_code == 202, answer.text
    done = outcome(client_of(app), answer.json["progress"])
    assert done["state"] == "done", done
    folder = rooms_of(app).screenings.get(answer.json["id"]).folder
    return json.loads((folder / "summary.json").read_text("utf-8"))["arguments"]


@pytest.fixture
def kept(app, monkeypatch):
    """Return the text of the list of an attempt, read before the attempt is cleared away."""
    texts = []
    begin = rooms_of(app).jobs.start

    def start(attempt, arguments):
        texts.append(Path(arguments[2]).read_text("utf-8-sig"))
        begin(attempt, arguments)

    monkeypatch.setattr(rooms_of(app).jobs, "start", start)
    return texts


def test_a_form_becomes_a_list_of_one_row_for_the_same_command(app, client, kept):
    answer = post(client, "/border/projects", {**PROJECT, "as_of": "2026-11-21", "boundary_error": "500"})
    arguments = told(app, answer)
    assert arguments[:2] == ["screen", "projects"]
    assert {"--as-of=2026-11-21", "--boundary-error=500", "--lang=zh"} <= set(arguments)
    rows = list(csv.DictReader(kept[0].splitlines()))
    assert len(rows) == 1
    assert rows[0]["经纬度"] == PROJECT["project.lonlat"]
    assert rows[0]["项目名称"] == "示例熟料/生产线"
    assert rooms_of(app).screenings.get(answer.json["id"]).title == "示例熟料／生产线"


def test_a_site_that_was_drawn_becomes_a_polygon_in_wgs_84(app, client, kept):
    site = "119.5,31.0;119.51,31.0;119.51,31.01"
    told(app, post(client, "/border/projects", {**PROJECT, "project.lonlat": "", "project.site": site}))
    (feature,) = json.loads(kept[0])["features"]
    assert feature["geometry"]["coordinates"] == [
        [[119.5, 31.0], [119.51, 31.0], [119.51, 31.01], [119.5, 31.0]]
    ]
    assert feature["properties"]["坐标系"] == "WGS84"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"project.name": " "}, "project.name"),
        ({"project.lonlat": ""}, "project.lonlat"),
        ({"project.lonlat": "somewhere"}, "project.lonlat"),
        ({"project.lonlat": "10.5, 20.5"}, "project.lonlat"),
        ({"project.datum": "北京54"}, "project.datum"),
        ({"project.remark": "x" * 501}, "project.remark"),
        ({"as_of": "yesterday"}, "as_of"),
        ({"boundary_error": "far"}, "boundary_error"),
        ({"downwind_threshold": "-1"}, "downwind_threshold"),
        ({"wind": (b"x", "wind.exe")}, "wind"),
        ({"boundaries": (b"x", "line.docx")}, "boundaries"),
        ({"boundaries": (b"", "line.gpkg")}, "boundaries"),
    ],
)
def test_a_field_that_cannot_be_used_is_named_with_a_sentence(app, client, change, field):
    answer = post(client, "/border/projects", {**PROJECT, **change})
    assert answer.status_code in {400, 413}
    error = answer.json["error"]
    assert error["field"] == field
    assert error["text"]
    assert list(rooms_of(app).attempts.known()) == []


def test_a_site_of_two_corners_is_refused(client):
    answer = post(client, "/border/projects", {**PROJECT, "project.site": "119.5,31.0;119.6,31.0"})
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "area_invalid")


def test_a_list_of_projects_may_be_a_file_of_sites_and_one_of_boilers_not(app, client):
    arguments = told(
        app, upload(client, b"fine", "用地.gpkg", address="/border/screenings", wind=(WINDY, "风.csv"))
    )
    assert arguments[2].endswith("用地.gpkg")
    assert any(word.startswith("--wind=") for word in arguments)
    assert upload(client, b"fine", "用地.gpkg").json["error"]["field"] == "list"


def test_other_screenings_of_projects_go_along_and_nothing_else_does(app, client, tmp_path):
    boilers = put_screening(app, write_screening(tmp_path / "toy"))
    for named in (boilers, "0" * 32, "../../etc"):
        answer = post(client, "/border/projects", {**PROJECT, "beside": named})
        assert (answer.status_code, answer.json["error"]["code"]) == (404, "no_screening")


def test_what_fails_is_told_on_the_page_of_its_job(app, client):
    answer = upload(client, b"mend", address="/border/screenings")
    assert outcome(client, answer.json["progress"])["state"] == "failed"
    page = client.get(answer.json["page"])
    assert page.status_code == 422
    assert 'id="project-form"' in page.text
    assert "&lt;b&gt;54&lt;/b&gt;" in page.text


def test_who_cancels_without_script_comes_back_to_the_page_of_the_job(app, client):
    answer = upload(client, b"sleep", address="/border/screenings")
    wait_for(lambda: client.get(answer.json["progress"]).json["state"] == "running")
    back = client.post(f"{answer.json['page']}/cancel", data={"csrf_token": token_of(client)})
    assert (back.status_code, back.location) == (303, "/border")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_page_offers_both_ways_and_names_every_field(app, lang):
    client = client_of(app)
    page = client.get(f"/border?lang={lang}").text
    assert 'action="/border/projects"' in page
    assert 'action="/border/screenings"' in page
    for name in ("project.name", "project.lonlat", "project.nature", "project.stack", "boundaries", "wind"):
        assert f'name="{name}"' in page
    assert 'href="/templates/projects.xlsx"' in page
    assert " style=" not in page
    assert NASTY not in page


def test_each_job_has_its_own_map(client):
    border, heating = (client.get(f"/map/{view}.js").text for view in ("border", "heating"))
    assert "add_site" in border
    assert "border_strips" in border
    assert "add_site" not in heating
    assert client.get("/map/nowhere.js").status_code == 404


RING = [[119.5, 31.0], [119.51, 31.0], [119.51, 31.01], [119.5, 31.0]]
SITE = json.dumps({"type": "Polygon", "coordinates": [RING]})


def test_a_file_of_the_outline_goes_with_the_form_in_place_of_coordinates(app, client, kept):
    fields = {**PROJECT, "project.lonlat": "", "project.datum": "GCJ-02"}
    answer = post(
        client, "/border/projects", {**fields, "project.site_file": (SITE.encode(), "红线.geojson")}
    )
    arguments = told(app, answer)
    site = next(one for one in arguments if one.startswith("--site="))
    assert site.endswith("红线.geojson")
    row = next(iter(csv.DictReader(kept[0].splitlines())))
    assert row["经纬度"] == ""
    assert row["坐标系"] == "GCJ-02"


def test_an_outline_is_either_drawn_or_a_file(client):
    drawn = {"project.site": "119.5,31.0;119.51,31.0;119.51,31.01"}
    file = {"project.site_file": (SITE.encode(), "site.geojson")}
    answer = post(client, "/border/projects", {**PROJECT, **drawn, **file})
    assert answer.status_code == 400
    assert answer.json["error"]["code"] == "site_twice"
    assert answer.json["error"]["field"] == "project.site_file"
    answer = post(client, "/border/projects", {**PROJECT, "project.site_file": (b"x", "site.docx")})
    assert answer.json["error"]["code"] == "bad_file_kind"


def test_a_form_with_an_outline_still_needs_a_name(client):
    fields = {**PROJECT, "project.name": "", "project.site_file": (SITE.encode(), "site.geojson")}
    answer = post(client, "/border/projects", fields)
    assert answer.json["error"]["field"] == "project.name"
