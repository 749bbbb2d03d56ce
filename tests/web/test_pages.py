"""The pages: what they show, in two languages, with everything that a user typed escaped."""

from __future__ import annotations

import json
import re

import pytest

from tests.web.door import client_of, outcome, put_screening, rooms_of, token_of, upload, wait_for
from tests.web.toy import NASTY, write_screening

PAGES = ("/heating", "/screenings", "/policy", "/about", "/nowhere")


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    return write_screening(tmp_path_factory.mktemp("toy") / "screening")


@pytest.fixture
def screening_id(app, toy):
    return put_screening(app, toy, f"{NASTY}.xlsx")


def test_the_root_leads_to_the_heating_job(client):
    answer = client.get("/")
    assert (answer.status_code, answer.headers["Location"]) == (302, "/heating")


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_chinese_first_and_english_by_a_switch_that_is_kept(client, page):
    assert '<html lang="zh-CN">' in client.get(page).text
    english = client.get(f"{page}?lang=en")
    assert '<html lang="en">' in english.text
    assert "lang=en" in english.headers["Set-Cookie"]
    assert '<html lang="en">' in client.get(page).text
    assert '<html lang="zh-CN">' in client.get(f"{page}?lang=zh").text


def test_an_unknown_language_is_chinese(client):
    answer = client.get("/about?lang=<b>")
    assert '<html lang="zh-CN">' in answer.text
    assert "<b>" not in answer.text
    assert "lang=" not in answer.headers.get("Set-Cookie", "").replace("geoaq=", "")


@pytest.mark.parametrize("page", PAGES)
def test_a_chinese_page_has_no_english_sentence_and_an_english_one_no_chinese_heading(client, page):
    english = re.sub(
        r"<nav.*?</nav>|<title>.*?</title>", "", client.get(f"{page}?lang=en").text, flags=re.DOTALL
    )
    for heading in re.findall(r"<h1>(.*?)</h1>", english):
        assert not re.search(r"[\u4e00-\u9fff]", heading), heading
    chinese = client.get(f"{page}?lang=zh").text
    for heading in re.findall(r"<h1>(.*?)</h1>", chinese):
        assert re.search(r"[\u4e00-\u9fff]", heading), heading


def test_the_heating_page_takes_a_list_in(client):
    page = client.get("/heating").text
    for part in (
        'id="map"',
        'id="layers"',
        'id="upload-form"',
        'name="list"',
        'name="as_of"',
        'name="datum"',
    ):
        assert part in page
    for part in (
        'name="plants"',
        'name="complete_for"',
        'name="plants_only"',
        'name="layer.heat_network"',
        'name="layer.attainment"',
    ):
        assert part in page
    assert 'data-state="none"' in page
    assert "50 MB" in page


def test_the_page_of_a_screening_has_the_room_that_the_script_fills(client, screening_id):
    page = client.get(f"/screenings/{screening_id}").text
    assert f'data-screening-id="{screening_id}"' in page
    assert 'data-state="ready"' in page
    assert 'id="list"' in page
    assert "政策基准日 2026-11-21" in page


def test_whatever_a_user_typed_is_escaped_on_every_page(app, client, screening_id):
    rooms_of(app).screenings.describe(screening_id, title=NASTY, notes=NASTY)
    pages = ("/heating", "/screenings", f"/screenings/{screening_id}", f"/screenings/{screening_id}/issues")
    for page in pages:
        text = client.get(page).text
        assert "alert(1)" in text, page
        assert "<script>" not in text, page
        assert "49" not in text.split("alert(1)")[1][:60], page


def test_counts_come_before_everything_else_in_the_list(client, screening_id):
    page = client.get("/screenings").text
    assert "7 台" in page
    assert "符合 6" in page
    assert "121行数据待核" in page
    assert page.index("7 台") < page.index("121行数据待核") < page.index('name="title"')


@pytest.mark.parametrize(("noted", "link"), [({"error": 0, "repair": 0}, False), ({"repair": 3}, True)])
def test_issues_are_a_link_only_where_something_was_noted(app, client, tmp_path, noted, link):
    folder = write_screening(tmp_path / "clean")
    summary = json.loads((folder / "summary.json").read_text("utf-8"))
    summary["rows"]["to_check"], summary["issues"] = 0, noted
    (folder / "summary.json").write_text(json.dumps(summary), "utf-8")
    page = client.get(f"/screenings/{put_screening(app, folder)}/screening.json").json
    assert page["counts"]["noted"] == sum(noted.values())
    listed = client.get("/screenings").text
    assert "0行数据待核" in listed
    assert bool(re.search(r"<a [^>]*>0行数据待核</a>", listed)) is link


@pytest.mark.parametrize("view", ["heating", "border"])
def test_how_many_rows_a_list_may_have_stands_beside_its_field(client, view):
    chinese = client.get(f"/{view}").text
    assert "工作簿不超过 110\u202f000 行，csv 不超过 1\u202f100\u202f000 行" in chinese
    assert "workbooks up to 110\u202f000 rows" in client.get(f"/{view}?lang=en").text


def test_title_and_notes_are_changed_by_the_form(app, client, screening_id):
    form = {"title": "十一月", "notes": "两\n行", "csrf_token": token_of(client)}
    answer = client.post(f"/screenings/{screening_id}/describe", data=form)
    assert (answer.status_code, answer.headers["Location"]) == (303, f"/screenings#s-{screening_id}")
    page = client.get("/screenings").text
    assert "十一月" in page
    assert "已保存" in page
    assert rooms_of(app).screenings.get(screening_id).notes == "两\n行"


def test_a_deleted_screening_is_gone_from_the_pages(app, client, screening_id):
    token = token_of(client)
    client.post(f"/screenings/{screening_id}/delete", data={"csrf_token": token})
    assert client.get(f"/screenings/{screening_id}").status_code == 404
    assert f'id="s-{screening_id}"' not in client.get("/screenings").text


def test_issues_are_paged_and_filtered(client, screening_id):
    here = f"/screenings/{screening_id}/issues"
    first = client.get(here).text
    assert "第 1 / 2 页" in first
    assert first.count("<tr><td") == 100
    assert client.get(f"{here}?page=2").text.count("<tr><td") == 21
    assert "没有待核数据" in client.get(f"{here}?code=nothing").text
    assert client.get(f"{here}?page=0").status_code == 400


def test_every_rule_stands_on_the_policy_page_with_its_sentence_and_article(client):
    page = client.get("/policy").text
    assert 'id="gf.boiler.chp30"' in page
    assert "对其供热半径30公里范围内的燃煤锅炉" in page
    assert "（十一）" in page
    assert "征求意见稿，仅作提示" in page


def test_every_layer_stands_on_the_page_of_sources(client):
    page = client.get("/about").text
    for layer in ("provinces", "chp_anchors", "heat_network"):
        assert f'id="layer-{layer}"' in page
    assert "未添加" in page


def test_a_download_is_named_after_the_screening_in_chinese(app, client, screening_id):
    rooms_of(app).screenings.describe(screening_id, title='../江阴"\r\n清单<b>', notes="")
    with client.get(f"/screenings/{screening_id}/files/issues.csv") as answer:
        sent = answer.headers["Content-Disposition"]
    assert sent.startswith("attachment;")
    assert "filename*=UTF-8''%E6%B1%9F%E9%98%B4_%E6%B8%85%E5%8D%95_b-issues.csv" in sent


def test_a_map_leaves_as_a_file_and_never_runs_here(client, screening_id):
    with client.get(f"/screenings/{screening_id}/files/map.html") as answer:
        assert answer.headers["Content-Disposition"].startswith("attachment;")


def test_static_files_are_kept_for_ever_under_their_hash_and_asked_for_otherwise(client):
    page = client.get("/about").text
    address = re.search(r'href="(/static/pages/mark\.svg\?v=[0-9a-f]{12})"', page)
    assert address is not None
    with client.get(address[1]) as answer:
        assert "immutable" in answer.headers["Cache-Control"]
    for other in ("/static/pages/pages.css", "/static/pages/pages.css?v=000000000000"):
        with client.get(other) as answer:
            assert answer.headers["Cache-Control"] == "no-cache"
    with client.get("/static/pages/pages.css", headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["Content-Encoding"] == "gzip"
        tag = answer.headers["ETag"]
    again = {"Accept-Encoding": "gzip", "If-None-Match": tag}
    with client.get("/static/pages/pages.css", headers=again) as answer:
        assert answer.status_code == 304


def test_the_page_of_a_running_screening_watches_it(app, client):
    started = upload(client, b"sleep", "<script>1.csv")
    page = client.get(started.json["page"])
    assert page.status_code == 200
    assert 'data-state="running"' in page.text
    assert f'data-progress-url="{started.json["progress"]}"' in page.text
    assert "<script>" not in page.text
    wait_for(lambda: client.get(started.json["progress"]).json["step"] == "reading")
    assert client.get(started.json["progress"]).json["text"] == "读取清单"
    client.post(f"{started.json['page']}/cancel", data={"csrf_token": token_of(client)})
    assert "已取消" in client.get("/heating").text


def test_a_form_without_script_leads_to_the_page_of_the_screening(client):
    from io import BytesIO

    form = {"list": (BytesIO(b"fine"), "a.csv"), "csrf_token": token_of(client)}
    answer = client.post("/heating/screenings", data=form)
    assert answer.status_code == 303
    assert re.fullmatch(r"/screenings/[0-9a-f]{32}", answer.headers["Location"])
    outcome(client, f"{answer.headers['Location']}/progress")


@pytest.mark.parametrize(
    ("name", "fields", "code"),
    [
        ("", {}, "no_file_chosen"),
        ("a.exe", {}, "bad_file_kind"),
        ("a.csv", {"as_of": "yesterday"}, "bad_option"),
        ("a.csv", {"datum": "--out=/etc"}, "bad_option"),
        ("a.csv", {"complete_for": "33"}, "bad_option"),
        ("a.csv", {"plants_only": "1"}, "plants_only_without_list"),
    ],
)
def test_a_form_that_cannot_be_used_is_refused_with_the_reason(app, client, name, fields, code):
    answer = upload(client, b"fine", name, **fields)
    assert (answer.status_code, answer.json["error"]["code"]) == (400, code)
    assert list((rooms_of(app).settings.data / "staging").glob("[0-9a-f]*")) == []


def test_an_empty_file_is_refused_and_not_kept(app, client):
    assert upload(client, b"").json["error"]["code"] == "empty_file"
    assert list((rooms_of(app).settings.data / "staging").glob("[0-9a-f]*")) == []


def test_errors_are_pages_for_people_and_objects_for_scripts(app):
    client = client_of(app)
    page = client.get("/nowhere", headers={"Accept": "text/html"})
    assert (page.status_code, page.mimetype) == (404, "text/html")
    answer = client.get("/nowhere", headers={"Accept": "application/json"})
    assert answer.json == {"error": {"code": "no_page", "text": "没有这个页面。"}}
    assert client.put("/heating", headers={"Accept": "application/json"}).status_code == 405


def test_an_issue_names_its_field_as_the_list_does(client, screening_id):
    assert "<td>县（市、区）</td>" in client.get(f"/screenings/{screening_id}/issues").text
    assert "<td>County" in client.get(f"/screenings/{screening_id}/issues?lang=en").text


def test_a_long_list_of_screenings_is_paged_and_says_what_is_left(app, client, tmp_path, monkeypatch):
    monkeypatch.setattr("web.screenings.PAGE_SIZE", 2)
    made = write_screening(tmp_path / "toy")
    for number in range(5):
        put_screening(app, made, f"清单{number}.xlsx")
    first, last = client.get("/screenings").text, client.get("/screenings?page=3").text
    assert (first.count('class="entry"'), last.count('class="entry"')) == (2, 1)
    assert "另有 3 项更早的记录" in first
    assert "更早的记录" not in last
    assert "前面有 4 项较新的记录" in last
    assert client.get("/screenings?page=9").text.count('class="entry"') == 1


def test_a_table_is_no_area(client):
    answer = upload(client, b"fine", **{"layer.heat_network": (b"x", "管网.csv")})
    assert (answer.status_code, answer.json["error"]["code"]) == (400, "bad_file_kind")
    assert ".csv" not in answer.json["error"]["text"].replace("管网.csv", "")
