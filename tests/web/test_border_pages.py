"""The result of a screening of projects: list, card, sheet, letter and follow-up."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from geoaq.report.sheet import read_sheet_json
from geoaq.store.reading import SIGNS
from tests.web.door import client_of, post, put_screening, rooms_of, token_of
from tests.web.project_screening import write_project_screening
from tests.web.toy import NASTY, write_screening
from web.language import today

LEAD = "2-0"


@pytest.fixture(scope="module")
def made(built_layers, tmp_path_factory):
    return write_project_screening(tmp_path_factory.mktemp("projects"), built_layers)


@pytest.fixture
def app(make_app, built_layers, tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "layers").symlink_to(built_layers.path.parent)
    return make_app(job_command=(sys.executable, "-m", "geoaq"))


@pytest.fixture
def base(app, made):
    return f"/screenings/{put_screening(app, made)}"


def test_the_head_counts_both_limbs_apart_and_filters_by_province(client, base):
    head = client.get(f"{base}/screening.json").json
    assert sum(head["counts"][sign] for sign in SIGNS) == head["counts"]["subjects"] == 4
    assert head["counts"]["unusable_rows"] == 1
    assert head["columns"][-3:] == ["limb_a", "limb_b", "verdict"]
    assert [line[:2] for line in head["limbs"]] == ["两侧", "高架"]
    assert head["layers"]["border_strips"] == f"{base}/layers/strips.geojson"
    assert head["filters"]["consultee"]
    for name, entries in head["filters"].items():
        for entry in entries:
            found = client.get(f"{base}/subjects.json", query_string={name: entry["value"]}).json
            assert found["total"] == entry["count"], entry
    for layer in head["layers"].values():
        with client.get(layer) as answer:
            assert answer.status_code == 200


@pytest.mark.parametrize(
    "column", ["name", "neighbour", "distance", "consultees", "limb_a", "limb_b", "verdict"]
)
def test_the_list_sorts_by_each_of_its_columns(client, base, column):
    for direction in ("asc", "desc"):
        answer = client.get(f"{base}/subjects.json?sort={column}&dir={direction}")
        assert answer.status_code == 200
        assert answer.json["total"] == 4


def test_a_line_says_whom_to_consult_and_how_both_limbs_fell(client, base):
    lines = {row["name"]: row for row in client.get(f"{base}/subjects.json").json["rows"]}
    line = lines["甲熟料线"]
    assert set(line["consultees"].split("、")) == {"浙江省", "江苏省"}
    assert (line["limb_a"]["sign"], line["limb_b"]["sign"]) == ("applies", "review")
    assert lines["远离省界项目"]["consultees"] == ""
    assert client.get(f"{base}/subjects.json?sort=capacity").status_code == 200
    assert client.get(f"{base}/subjects.json?sort=anchor").status_code == 400


def test_the_card_shows_both_limbs_with_sentence_and_article_and_the_other_rules_apart(client, base):
    card = client.get(f"{base}/subjects/{LEAD}.json").json
    strip, stack = card["project"]["limbs"]
    for limb in (strip, stack):
        assert limb["rules"][0]["quote"]
        assert "（二十六）" in limb["rules"][0]["article"]
    assert strip["rules"][0]["conditions"][0]["margin"]
    assert any("80" in one["measured"] for one in stack["rules"][0]["conditions"])
    consulted = {rule["rule_id"] for limb in (strip, stack) for rule in limb["rules"]}
    assert not consulted & {rule["rule_id"] for rule in card["rules"]}
    assert card["headline"]["unit"] == "公里"
    assert "±" in card["headline"]["detail"]


def test_the_card_names_every_province_with_distance_and_foot_and_what_to_ask(client, base):
    card = client.get(f"{base}/subjects/{LEAD}.json").json["project"]
    land = [one for one in card["consultees"] if one["kind"] == "land"]
    assert [one["name"] for one in land[:2]] == ["浙江省", "江苏省"]
    assert [float(one["distance"]) for one in land] == sorted(float(one["distance"]) for one in land)
    assert all(one["foot"]["text"] for one in land)
    assert any("—" in one["name"] for one in card["consultees"] if one["kind"] == "other_line")
    assert ["大于误差" in one["second"] for one in land[:2]] == [False, True]
    assert any("贡献浓度" in words for words in card["asked"]["applicant"])
    assert card["near"]["count"] == 2
    assert {one["key"] for one in card["near"]["projects"]} == {"3-0", "5-0"}


def test_the_wind_on_a_card_is_context(client, base):
    wind = client.get(f"{base}/subjects/{LEAD}.json").json["project"]["wind"]
    assert len(wind["petals"]) == 16
    assert {one["name"] for one in wind["provinces"]} >= {"浙江省", "江苏省"}
    assert wind["sectors"]["features"]
    assert client.get(f"{base}/screening.json").json["counts"]["applies"] == 1


def test_the_card_speaks_the_language_of_its_reader(client, base):
    card = client.get(f"{base}/subjects/{LEAD}.json?lang=en").json
    said = [one["text"] for limb in card["project"]["limbs"] for one in limb["rules"][0]["conditions"]]
    assert "Zhejiang" in said[0]
    assert card["project"]["consultees"][0]["name"] == "Zhejiang"


def test_the_page_of_a_result_brings_the_map_of_its_job(client, base, app, tmp_path):
    assert "/map/border.js" in client.get(base).text
    boilers = put_screening(app, write_screening(tmp_path / "toy"))
    assert "/map/heating.js" in client.get(f"/screenings/{boilers}").text
    listed = client.get("/screenings").text
    assert "省际环评会商" in listed
    assert "4 个项目" in listed


def test_a_sheet_comes_as_json_as_a_page_and_as_one_sheet_of_paper(client, base):
    data = client.get(f"{base}/subjects/{LEAD}/sheet.json")
    sheet = read_sheet_json(data.data)
    assert sheet.project.name == "甲熟料线"
    assert client.get(f"{base}/subjects/{LEAD}/sheet.json").data == data.data
    paper = client.get(f"{base}/subjects/{LEAD}/sheet.pdf")
    assert paper.data.startswith(b"%PDF")
    assert "attachment" in paper.headers["Content-Disposition"]
    page = client.get(f"{base}/subjects/{LEAD}/sheet.html")
    assert "甲熟料线" in page.text
    assert "<style" not in page.text
    assert not re.search(r"<script|\son\w+=|\sstyle=", page.text)
    with client.get("/sheet.css") as style:
        assert style.mimetype == "text/css"


def test_a_project_is_held_against_the_present_policy_and_lines(client, base):
    card = client.get(f"{base}/subjects/{LEAD}.json").json
    link = next(one for one in card["links"] if one["text"] == "按现行政策和省界重新核对")
    page = client.get(link["href"])
    assert page.status_code == 200
    assert "筛查结果不变" in page.text
    assert "甲熟料线" in page.text
    assert "2026-11-21" in page.text
    assert page.headers["Cache-Control"] == "private, no-store"
    assert client.get(f"{base}/subjects/99-0/recheck").status_code == 404


def test_what_other_lines_would_change_is_listed_with_both_versions(client, app, made, tmp_path):
    folder = tmp_path / "earlier"
    shutil.copytree(made, folder)
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    summary["borders"] |= {"version": "0.0.9", "sha256": "9" * 64}
    (folder / "summary.json").write_text(json.dumps(summary), "utf-8")
    base = f"/screenings/{put_screening(app, folder)}"
    page = client.get(f"{base}/subjects/{LEAD}/recheck").text
    assert "变化1项" in page
    assert "0.0.9 (999999999999)" in page
    english = client.get(f"{base}/subjects/{LEAD}/recheck?lang=en").text
    assert "1 change" in english


@pytest.mark.parametrize(
    "path",
    ["subjects/99-0/sheet.pdf", "subjects/x/sheet.pdf", "subjects/2-0/sheet.exe", "subjects/99-0/letter"],
)
def test_what_there_is_no_sheet_of_is_not_found(client, base, path):
    assert client.get(f"{base}/{path}").status_code == 404


def test_a_screening_of_boilers_has_no_sheets(app, client, tmp_path):
    boilers = put_screening(app, write_screening(tmp_path / "toy"))
    for page in ("sheet.pdf", "letter", "follow-up"):
        assert client.get(f"/screenings/{boilers}/subjects/2-0/{page}").status_code == 404


def test_a_sheet_that_takes_too_long_is_given_up(make_app, made):
    app = make_app(job_command=(sys.executable, "-c", "import time; time.sleep(60)"), sheet_wall_s=0.5)
    client = client_of(app)
    answer = client.get(f"/screenings/{put_screening(app, made)}/subjects/{LEAD}/sheet.json")
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "job_time_limit")


def test_who_finds_too_many_waiting_for_a_sheet_is_told_at_once(make_app, made):
    app = make_app(job_command=(sys.executable, "-c", "import time; time.sleep(60)"), sheet_slots=1)
    path = f"/screenings/{put_screening(app, made)}/subjects/{LEAD}/sheet.json"
    workshop = rooms_of(app).workshop
    while workshop._door.acquire(blocking=False):
        pass
    assert client_of(app).get(path).status_code == 429


def test_what_a_killed_server_left_of_a_sheet_is_removed(make_app, made, tmp_path):
    app = make_app()
    left = rooms_of(app).settings.data / "cache" / "sheets" / "left"
    left.mkdir(parents=True)
    os.utime(left, (0, 0))
    make_app()
    assert not left.exists()


def test_a_name_is_text_on_every_page_of_a_project(client, base):
    for page in ("letter", "follow-up"):
        text = client.get(f"{base}/subjects/3-0/{page}").text
        assert "<script>alert(1)" not in text
        assert "&lt;script&gt;" in text
    assert NASTY in read_sheet_json(client.get(f"{base}/subjects/3-0/sheet.json").data).project.name
    assert "<script>alert(1)" not in client.get(f"{base}/subjects/3-0/sheet.html").text


def test_a_letter_holds_what_the_form_gives(client, base):
    import docx

    form = client.get(f"{base}/subjects/{LEAD}/letter").text
    assert '<option value="330000">浙江省</option>' in form
    fields = {
        "adcode": "330000",
        "contact": "张三",
        "due_on": "2026-12-31",
        "attachments": "报告书简本\n监测报告",
    }
    answer = post(client, f"{base}/subjects/{LEAD}/letter", fields)
    words = "\n".join(line.text for line in docx.Document(io.BytesIO(answer.data)).paragraphs)
    assert all(text in words for text in ("浙江", "张三", "监测报告", "2026年12月31日"))


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"adcode": "440000"}, 404),
        ({"adcode": "330000", "due_on": "soon"}, 400),
        ({"adcode": "330000", "emissions": "x" * 2001}, 413),
        ({"adcode": "330000", "writer": "nobody"}, 400),
    ],
)
def test_a_letter_that_cannot_be_is_refused(client, base, fields, status):
    assert post(client, f"{base}/subjects/{LEAD}/letter", fields).status_code == status


def note(client, base, **fields):
    words = {"csrf_token": token_of(client), "consultee": "330000", "bureau": "province", **fields}
    return client.post(f"{base}/subjects/{LEAD}/follow-up", data=words)


def test_a_consultation_is_followed_from_letter_to_answer(client, base):
    day = today() - timedelta(days=40)
    sent = note(client, base, event="sent", day=str(day), deadline=str(day + timedelta(days=30)), note=NASTY)
    assert sent.status_code == 303
    page = client.get(f"{base}/subjects/{LEAD}/follow-up").text
    assert "到期未复" in page
    assert "<script>alert(1)" not in page
    assert "到期未复" in client.get("/border/follow-ups").text
    first = client.get(f"{base}/subjects/{LEAD}.json").json["project"]["consultees"][0]
    assert first["follow_up"]["overdue"] is True
    assert note(client, base, event="answered", day=str(day + timedelta(days=35))).status_code == 303
    assert "到期未复 0 项" in client.get("/border/follow-ups").text
    sheet = read_sheet_json(client.get(f"{base}/subjects/{LEAD}/sheet.json").data)
    assert [(one.adcode, one.state) for one in sheet.follow_up] == [("330000", "answered")]


def test_what_cannot_have_happened_is_refused_in_words(client, base):
    answer = note(client, base, event="answered", day=str(date(2026, 10, 1)))
    assert answer.status_code == 400
    assert "“已复函”" in answer.text
    assert note(client, base, event="sent", day="").status_code == 400
    assert note(client, base, event="sent", day="2026-10-01", consultee="440000").status_code == 404
    assert "尚未发函" in client.get(f"{base}/subjects/{LEAD}/follow-up").text


def test_a_note_needs_the_token_of_the_page(client, base):
    client.get("/screenings")
    answer = client.post(f"{base}/subjects/{LEAD}/follow-up", data={"event": "sent"})
    assert answer.status_code == 403


def test_a_deleted_screening_leaves_the_list_of_consultations(app, client, base):
    note(client, base, event="sent", day="2026-10-01")
    rooms_of(app).trash.put(base.rsplit("/", 1)[1], now=datetime.now(UTC))
    assert "甲熟料线" not in client.get("/border/follow-ups").text
