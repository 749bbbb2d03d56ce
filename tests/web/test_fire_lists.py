"""Lists of events on the fire map, counted and filtered; and the row of links of every page of fires."""

from __future__ import annotations

import pytest

from tests.store.fires.judgements import events, judged, keep
from tests.store.fires.rows import DAY0, about, fires, given

SPAN = {"from": "2024-03-01", "to": "2024-03-03"}


@pytest.fixture
def app(fire_app):
    return fire_app


def test_events_are_counted_and_filtered_as_pixels_are(client, store):
    pixel = {"acquired": DAY0 + 20_000, "event": ""}
    seen = {"first_seen": DAY0 + 20_000, "last_seen": DAY0 + 20_000}
    found = events(
        *({"event": f"e{at:03}", "satellites": "noaa20;snpp", "confidence": 1} | seen for at in range(60)),
        {"event": "t1", "satellites": "terra", "confidence": 2} | seen,
        {"event": "t2", "satellites": "terra_x", "confidence": -1} | seen,
        {"event": "gone", "satellites": "terra", "alive": False} | seen,
    )
    keep(store, judged(pixel), found)

    def total(**filters) -> int:
        answer = client.get("/fires/events.json", query_string=SPAN | filters).json
        assert len(answer["rows"]) == min(50, answer["total"])
        return answer["total"]

    assert total() == 62
    assert total(satellite="snpp") == 60
    assert total(satellite="terra") == 1
    assert total(satellite="snpp,terra") == 61
    assert total(satellite="%") == total(satellite="ter") == 0
    assert [total(confidence=one) for one in ("high", "nominal,high", "low", "unknown")] == [1, 61, 0, 1]
    assert client.get("/fires/events.json?kind=push").status_code == 400


def test_events_name_their_township_where_the_office_has_given_any_and_none_in_question(
    client, store, monkeypatch
):
    seen = {"first_seen": DAY0 + 20_000, "last_seen": DAY0 + 20_000}
    found = events(
        {"event": "e1", "township": "夹沟镇", "townships": "夹沟镇=1"} | seen,
        {"event": "e2", "township": "夹沟镇", "townships": "夹沟镇=2;符离镇=2", "disputed_township": True}
        | seen,
    )
    keep(store, judged({"acquired": DAY0 + 20_000, "event": ""}), found)
    answer = client.get("/fires/events.json", query_string=SPAN).json
    assert not answer["townships"]
    monkeypatch.setattr("web.fire_map.version_of", lambda data, level: level)
    answer = client.get("/fires/events.json", query_string=SPAN).json
    assert answer["townships"]
    told = {one["id"]: (one["township"], one["township_note"]) for one in answer["rows"]}
    assert told["e1"] == ("夹沟镇", "夹沟镇=1")
    assert told["e2"] == ("跨乡镇，归属待核", "夹沟镇=2、符离镇=2")


def test_what_could_not_be_judged_is_said_on_the_map(app, client, store):
    feed = app.extensions["geoaq_fire_feed"]
    assert client.get("/fires/state").json["failed"] == ""
    feed.failing["demonstration"] = "layers_not_built"
    feed.failing["judge"] = "status -9: Killed"
    said = client.get("/fires/state").json["failed"]
    assert "演示数据未能准备好（" in said
    assert "最近一次研判未能完成（" in said
    assert "Killed" not in said
    store.ingest(given(fires({"acquired": DAY0 + 20_000})), **about("own"))
    client.get("/fires/head.json")
    own = client.get("/fires/state?lang=en").json["failed"]
    assert own.startswith("The last judging did not end (")


def test_each_page_of_fires_leads_to_the_others_and_marks_itself(app, client):
    pages = ("/fires", "/fires/bulletin", "/fires/static", "/fires/zones")
    for page in pages:
        links = client.get(page).text.split('<nav class="places"')[1].split("</nav>")[0]
        assert [link in links for link in map('href="{}"'.format, pages)] == [True] * 4
        assert links.count("aria-current") == 1
        assert f'href="{page}" aria-current="page"' in links
    card = client.get("/fires/events/nothing").text
    assert '<nav class="places"' in card
    assert "火情通报" in card
    assert '<nav class="places"' not in client.get("/heating").text
