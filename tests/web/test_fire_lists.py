"""Lists of events on the fire map, counted and filtered; and the row of links of every page of fires."""

from __future__ import annotations

import pytest

from tests.store.fires.judgements import events, judged, keep
from tests.store.fires.rows import DAY0

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
