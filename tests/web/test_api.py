"""What the page's script asks for, against docs/reference/web-endpoints.md."""

from __future__ import annotations

import gzip
import json
import re

import numpy as np
import pytest

from geoaq.store.reading import SIGNS
from tests.web.door import client_of, put_screening
from tests.web.toy import NASTY, write_screening


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    return write_screening(tmp_path_factory.mktemp("toy") / "screening")


@pytest.fixture
def base(app, toy):
    return f"/screenings/{put_screening(app, toy)}"


def rows_of(answer):
    return [row["row"] for row in answer.json["rows"]]


def test_the_head_counts_adds_up_and_says_what_can_be_filtered(client, base):
    head = client.get(f"{base}/screening.json").json
    counts = head["counts"]
    assert sum(counts[sign] for sign in SIGNS) == counts["subjects"] == 7
    assert (counts["rows_read"], counts["unusable_rows"], counts["issues"]) == (9, 2, 121)
    assert counts["tph_text"] == "209"
    assert head["as_of"] == "2026-11-21"
    assert head["synthetic"] is True
    assert (counts["repairs"], head["plants"]) == (0, "shipped")
    assert head["layers"] == {"chp_anchors": f"{base}/layers/plants.geojson"}
    assert head["bounds"] == [120.2, 31.9, 120.26, 31.96]
    assert {entry["value"] for entry in head["filters"]["county"]} == {"320281", "320581"}
    assert head["files"][0]["name"] == "findings.csv"
    for file in head["files"]:
        with client.get(file["href"]) as answer:
            assert answer.status_code == 200


def test_every_filter_of_the_head_gives_as_many_subjects_as_it_says(client, base):
    head = client.get(f"{base}/screening.json").json
    for name, entries in head["filters"].items():
        assert entries, name
        for entry in entries:
            answer = client.get(f"{base}/subjects.json", query_string={name: entry["value"]})
            assert answer.json["total"] == entry["count"], entry
            points = client.get(f"{base}/points.json", query_string={name: entry["value"]})
            assert points.json["count"] == entry["count"]


def test_filters_work_together_and_totals_follow_them(client, base):
    answer = client.get(f"{base}/subjects.json?verdict=applies&county=320281&q=纺织")
    assert rows_of(answer) == [2]
    assert answer.json["totals"]["tph_text"] == "35"
    both = client.get(f"{base}/subjects.json?verdict=applies&verdict=not")
    assert both.json["total"] == 7


@pytest.mark.parametrize("query", ["verdict=x", "rule=x", "county=999999", "timing=x", "q=<script>x"])
def test_an_unknown_value_gives_an_empty_list(client, base, query):
    answer = client.get(f"{base}/subjects.json?{query}")
    assert (answer.status_code, answer.json["rows"], answer.json["pages"]) == (200, [], 1)
    assert client.get(f"{base}/points.json?{query}").json["count"] == 0


@pytest.mark.parametrize(
    "query",
    [
        "page=x", "page=0", "page=-1", "page_size=0", "page_size=201", "page_size=1e9", "sort=lon",
        "sort=;drop", "dir=up", "area=1,2", "area=a,b;c,d;e,f", "find=abc",
        f"rule={'x' * 101}", f"q={'x' * 101}",
    ],
)  # fmt: skip
def test_a_malformed_question_is_refused(client, base, query):
    answer = client.get(f"{base}/subjects.json?{query}")
    assert answer.status_code in {400, 404}
    assert answer.json["error"]["text"]


def test_the_list_is_sorted_with_blanks_last_and_paged(client, base):
    assert rows_of(client.get(f"{base}/subjects.json?sort=distance"))[:3] == [3, 8, 2]
    assert rows_of(client.get(f"{base}/subjects.json?sort=capacity")) == [5, 8, 3, 2, 6, 4, 7]
    assert rows_of(client.get(f"{base}/subjects.json?sort=capacity&dir=desc")) == [4, 6, 2, 3, 8, 5, 7]
    assert rows_of(client.get(f"{base}/subjects.json?sort=row&dir=desc")) == [8, 7, 6, 5, 4, 3, 2]
    assert rows_of(client.get(f"{base}/subjects.json?sort=verdict"))[-1] == 8
    assert rows_of(client.get(f"{base}/subjects.json?sort=verdict&dir=desc"))[0] == 8
    second = client.get(f"{base}/subjects.json?page_size=3&page=2")
    assert (rows_of(second), second.json["pages"], second.json["page"]) == ([5, 6, 7], 3, 2)
    assert client.get(f"{base}/subjects.json?page_size=3&page=99").json["page"] == 3


def test_the_page_that_holds_a_subject_can_be_asked_for(client, base):
    answer = client.get(f"{base}/subjects.json?page_size=2&sort=distance&find=7-0")
    assert 7 in rows_of(answer)
    assert answer.json["page"] == 2
    assert client.get(f"{base}/subjects.json?page_size=2&find=999-0").json["page"] == 1


def test_a_drawn_area_chooses_points_and_lines_alike(client, base):
    area = "120.19,31.89;120.215,31.89;120.215,31.915;120.19,31.915"
    assert rows_of(client.get(f"{base}/subjects.json", query_string={"area": area})) == [2, 3]
    points = client.get(f"{base}/points.json", query_string={"area": area}).json
    assert points["key"] == ["2-0", "3-0"]


def test_a_line_shows_text_and_a_distance_that_never_rounds_across_the_bound(client, base):
    row = client.get(f"{base}/subjects.json?q=印染").json["rows"][0]
    assert row == {
        "key": "4-0", "row": 4, "subject_id": "GL-0004", "name": "=1+1印染", "county": "江阴市",
        "capacity": "75", "anchor": "国电江阴苏龙热电", "distance": "29.9996",
        "sign": row["sign"], "tag": row["tag"], "lon": 120.22, "lat": 31.92,
    }  # fmt: skip


def test_the_card_explains_every_rule_the_leading_one_first(client, base):
    card = client.get(f"{base}/subjects/2-0.json").json
    assert card["headline"] == {"value": "35", "unit": "蒸吨/小时", "detail": "恰为界限35蒸吨/小时"}
    plant = ("国电江阴苏龙热电", "121.5 万千瓦", "27.46 公里 ± 0.05 公里", "已确认为热电联产 能源〔2025〕1号")
    plant += (f"编号 {card['anchor']['id']}",)
    assert card["facts"][0] == {"label": "电厂", "text": " · ".join(plant)}
    assert card["rules"][0]["rule_id"] == "js.boiler.le35"
    assert card["rules"][0]["quote"] == card["quote"]["text"] == "到2025年，淘汰35蒸吨/小时及以下燃煤锅炉"
    assert [rule["sign"] for rule in card["rules"]] == sorted(
        (rule["sign"] for rule in card["rules"]), key=SIGNS.index
    )
    chp30 = next(rule for rule in card["rules"] if rule["rule_id"] == "js.boiler.chp30")
    measured = [one for one in chp30["conditions"] if one["measured"]]
    assert [(one["measured"], one["limit"], one["margin"]) for one in measured] == [
        ("27.46公里", "30公里", "2.54公里")
    ]
    assert chp30["timing"] == "江苏未设期限；国家：到2025年"
    assert all(rule["conditions"] for rule in card["rules"])
    assert card["anchor"]["name"] == "国电江阴苏龙热电"


def test_the_distance_stands_in_front_where_the_leading_rule_is_one_of_distance(client, base):
    card = client.get(f"{base}/subjects/7-0.json").json
    assert card["rules"][0]["rule_id"] == "js.boiler.chp30"
    detail = "± 0.05 公里 · 距 30 公里线 1.00 公里"
    assert card["headline"] == {"value": "29.00", "unit": "公里", "detail": detail}


def test_no_number_stands_in_front_where_none_decides(client, base):
    card = client.get(f"{base}/subjects/8-0.json").json
    assert (card["sign"], card["headline"]) == ("not", None)


def test_a_rule_that_waits_for_a_layer_says_where_to_add_it(client, base):
    card = client.get(f"{base}/subjects/2-0.json").json
    waiting = next(rule for rule in card["rules"] if rule["rule_id"] == "gf.boiler.heatnet")
    assert waiting["sign"] == "review"
    assert waiting["action"] == {"text": "添加", "href": "/heating?layer=heat_network"}


def test_the_card_of_a_row_with_doubts_shows_them(client, base):
    card = client.get(f"{base}/subjects/7-0.json").json
    assert len(card["issues"]) == 1
    assert card["issues"][0].startswith("县（市、区）：")
    assert "常熟市" in card["issues"][0]


def test_the_brakes_are_shown_on_a_boiler_that_heats_homes(client, base):
    card = client.get(f"{base}/subjects/6-0.json").json
    quotes = {brake["text"]: brake["source"] for brake in card["brakes"]}
    assert "现行规定" in quotes["确保群众温暖过冬"]
    assert client.get(f"{base}/subjects/2-0.json").json["brakes"] == []


def test_what_a_user_typed_travels_as_text(client, base):
    card = client.get(f"{base}/subjects/3-0.json")
    assert card.mimetype == "application/json"
    assert card.json["title"].startswith(NASTY)


def test_the_card_speaks_english(client, base):
    card = client.get(f"{base}/subjects/2-0.json?lang=en").json
    assert card["headline"]["detail"] == "exactly at 35 t/h"
    shown = {key: value for key, value in card["rules"][0].items() if key in {"tag", "title", "strength"}}
    assert all(text.isascii() for text in json.dumps(shown, ensure_ascii=False).split("“"))


@pytest.mark.parametrize("key", ["99-0", "2-1", "2", "a-b", "-1-0", "2-0-0", "９-0"])
def test_a_subject_that_is_not_there_is_not_found(client, base, key):
    assert client.get(f"{base}/subjects/{key}.json").status_code == 404


def test_points_are_columns_of_one_length(client, base):
    points = client.get(f"{base}/points.json").json
    assert points["kind"] == "points"
    lengths = {len(points[name]) for name in ("lon", "lat", "sign", "key", "label")}
    assert lengths == {7}


def test_the_map_has_the_same_points_as_columns_of_bytes(client, base):
    points = client.get(f"{base}/points.json").json
    answer = client.get(f"{base}/points.bin")
    assert answer.mimetype == "application/octet-stream"
    n = points["count"]
    assert len(answer.data) == 17 * n
    number = np.frombuffer(answer.data, "<f8", n).astype(int)
    assert [f"{one // 4096}-{one % 4096}" for one in number] == points["key"]
    for name, at in (("lon", 8), ("lat", 12)):
        assert (np.frombuffer(answer.data, "<i4", n, at * n) / 1e6).tolist() == points[name]
    assert "".join(map(str, answer.data[16 * n :])) == points["sign"]
    assert client.get(f"{base}/labels.json").json == {"label": points["label"]}
    chosen = client.get(f"{base}/points.json?verdict=review").json["label"]
    assert client.get(f"{base}/labels.json?verdict=review").json["label"] == chosen
    assert len(client.get(f"{base}/points.bin?verdict=review").data) == 17 * len(chosen)


def test_a_page_names_early_what_its_client_asks_for_first(client, base):
    text = client.get(base).text
    early = re.findall(r'<link rel="preload" as="fetch" crossorigin href="([^"]+)">', text)
    drawn = [one for one in client.get(f"{base}/screening.json").json["layers"].values() if one]
    assert early == [f"{base}/screening.json", f"{base}/points.bin", *drawn, "/layers/names.json"]
    assert text.index("client.js") < text.index('as="fetch"')


def test_issues_come_counted_and_paged(client, base):
    answer = client.get(f"{base}/issues.json?page_size=50&page=3").json
    assert (answer["total"], answer["pages"], len(answer["rows"])) == (121, 3, 21)
    assert answer["counts"][0]["count"] == 121
    assert (answer["rows_to_check"], answer["repairs"]) == (121, 0)
    assert answer["rows"][0]["severity"] == "warning"
    assert answer["download"].endswith("/files/issues.csv")


def test_json_is_packed_for_whoever_takes_it(client, base):
    plain = client.get(f"{base}/issues.json")
    packed = client.get(f"{base}/issues.json", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert gzip.decompress(packed.data) == plain.data
    assert "Accept-Encoding" in packed.headers["Vary"]


def test_layers_that_are_not_built_and_names_that_are_no_layer_are_said_so(make_app):
    client = client_of(make_app())
    for address in ("/layers/provinces.geojson", "/layers/counties/330000.geojson", "/layers/..%2fx.geojson"):
        answer = client.get(address, headers={"Accept": "application/json"})
        assert answer.status_code in {404, 500}
        assert answer.json["error"]["text"]
