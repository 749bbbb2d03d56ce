"""The fire map: what it counts, lists and sends is what the store holds, and changes are seen at once."""

from __future__ import annotations

from datetime import UTC, datetime

import mapbox_vector_tile
import pytest

from geoaq.store.fires.judged import judged_table
from geoaq.store.fires.judging import Judgement, judging
from geoaq.store.fires.rows import DAY_S
from geoaq.store.fires.store import FireStore
from geoaq.tiles.fire_codes import pixel_numbers
from tests.store.fires.judgements import events, judged
from tests.store.fires.rows import DAY0, about, fires, given

WHERE = {"lon": 117.0, "lat": 33.6}
ROWS = (
    {**WHERE, "acquired": DAY0 + 20_000, "frp_mw": 12.0, "scan_km": 0.5, "track_km": 0.4, "confidence": 1},
    {"lon": 117.3, "lat": 33.7, "acquired": DAY0 + 20_000, "frp_mw": 3.0, "confidence": 2},
    {"lon": 125.6, "lat": 44.1, "acquired": DAY0 + 60_000, "satellite": "terra", "frp_mw": 80.0,
     "confidence": 0},
)  # fmt: skip
CLASSES = ("straw_likely", "static", "straw_likely")
ADCODES = ("341302", "341302", "220122")
SPAN = {"from": "2024-03-01", "to": "2024-03-03"}


@pytest.fixture
def app(fire_app):
    return fire_app


def take(store: FireStore, name: str, *rows) -> None:
    store.ingest(given(fires(*rows)), **about(name))


def judge(store: FireStore) -> None:
    """Judge the rows of `ROWS` that the store holds."""
    rows = [
        row | {"class": name, "adcode": code, "event": "" if name == "static" else f"e{at}"}
        for at, (row, name, code) in enumerate(zip(ROWS, CLASSES, ADCODES, strict=True))
    ]
    seen = [
        {"event": f"e{at}", "first_seen": ROWS[at]["acquired"], "last_seen": ROWS[at]["acquired"]}
        | {"adcode": ADCODES[at]}
        for at in (0, 2)
    ]
    found = events(*seen)
    frame = judged(*rows)
    with judging(store.folder, store.engine):
        judgement = Judgement(store.folder, store.engine)
        for place, mark in store.visible_marks().items():
            some = frame[frame["satellite"] == place.satellite]
            judgement.add(place, judged_table(some), made_from=mark.made_from, judged_by="j")
        judgement.commit(found, (), verdict_by="v", at=DAY0)


def key_of(row) -> str:
    frame = fires(row)
    return f"{frame['acquired'].iloc[0] // DAY_S}-{pixel_numbers(frame['key'].to_numpy())[0]}"


def points(client, **filters) -> list[dict]:
    answer = client.get("/fires/tiles/2/3/1.mvt", query_string=SPAN | filters)
    if answer.status_code == 204:
        return []
    return mapbox_vector_tile.decode(answer.data)["points"]["features"]


def test_an_empty_store_says_so_and_sends_nothing(client):
    state = client.get("/fires/state").json
    assert (state["pixels"], state["whole"], state["newest"], state["demonstration"]) == (0, True, [], "")
    assert client.get("/fires/head.json").json["total"] == 0
    assert client.get("/fires/pixels.json").json["rows"] == []
    assert client.get("/fires/events.json").json["rows"] == []
    assert not client.get("/fires/events.json").json["judged"]
    assert client.get("/fires/tiles/2/3/1.mvt").status_code == 204
    assert client.get("/fires").status_code == 200


def test_what_was_taken_in_is_seen_at_once_and_the_state_is_another(client, store):
    before = client.get("/fires/state").json["state"]
    take(store, "a", *ROWS)
    state = client.get("/fires/state").json
    assert state["state"] != before
    assert not state["judged"]
    assert state["pixels"] == 3
    assert len(points(client)) == 3
    later = {**WHERE, "acquired": DAY0 + 70_000}
    take(store, "b", later)
    assert client.get("/fires/state").json["state"] != state["state"]
    assert len(points(client)) == 4


def test_a_late_feed_never_claims_to_be_live(client, store):
    take(store, "a", *ROWS)
    state = client.get("/fires/state").json
    assert not state["live"]
    assert state["newest"][0] == {"value": "terra", "text": "Terra", "at": DAY0 + 60_000}
    # Shown is the last day that has data, to its midnight in Beijing.
    assert state["end"] == DAY0 + 16 * 3600 + DAY_S
    now = int(datetime.now(UTC).timestamp())
    take(store, "b", {**WHERE, "acquired": now - 3600})
    state = client.get("/fires/state").json
    assert state["live"]
    assert state["newest"][0]["at"] == now - 3600


def test_counts_are_those_of_what_is_asked_for(client, store):
    take(store, "a", *ROWS)
    judge(store)
    assert client.get("/fires/state").json["judged"]
    head = client.get("/fires/head.json", query_string=SPAN | {"class": "straw_likely", "bounds": "1"}).json
    assert head["total"] == 2
    assert head["classes"] == {"straw_likely": 2, "static": 1}  # a class that is not chosen keeps its number
    assert [(one["value"], one["count"]) for one in head["counties"]] == [("220122", 1), ("341302", 1)]
    assert [(one["value"], one["text"]) for one in head["provinces"]] == [
        ("220000", "吉林省"),
        ("340000", "安徽省"),
    ]
    assert head["days"]["counts"] == [1, 1]  # the second is past midnight in Beijing
    assert head["bounds"] == pytest.approx([117.0, 33.6, 125.6, 44.1], abs=1e-6)


def test_what_lies_in_no_county_is_listed_last_and_never_widens_the_map(client, store):
    take(store, "a", *ROWS)
    judge(store)
    take(store, "b", {"lon": -30.0, "lat": -60.0, "acquired": DAY0 + 70_000, "satellite": "himawari9"})
    head = client.get("/fires/head.json", query_string=SPAN | {"bounds": "1"}).json
    assert head["total"] == 4
    assert head["bounds"] == pytest.approx([117.0, 33.6, 125.6, 44.1], abs=1e-6)
    rows = client.get("/fires/pixels.json", query_string=SPAN | {"sort": "time", "dir": "desc"}).json["rows"]
    assert [row["lon"] < 0 for row in rows] == [False, False, False, True]
    for where, count in (("inside", 3), ("outside", 1)):
        asked = SPAN | {"region": where}
        assert client.get("/fires/head.json", query_string=asked).json["total"] == count
        assert client.get("/fires/pixels.json", query_string=asked).json["total"] == count
    assert len(points(client, region="inside")) == 3
    assert points(client, region="outside") == []
    events_of = [client.get("/fires/events.json", query_string=SPAN | {"region": where}).json["total"]
                 for where in ("inside", "outside")]  # fmt: skip
    assert events_of == [2, 0]


@pytest.mark.parametrize(
    ("filters", "wanted"),
    [
        ({}, 3),
        ({"class": "static"}, 1),
        ({"satellite": "terra"}, 1),
        ({"region": "340000"}, 2),
        ({"region": "341302", "class": "straw_likely,mixed"}, 1),
        ({"confidence": "nominal,high"}, 2),
        ({"from": "2024-03-02"}, 1),
        ({"from": "2024-03-03"}, 0),
        ({"from": "2024-03-01T09:00:00Z", "to": "2024-03-02T00:00:00Z"}, 1),
    ],
)
def test_map_list_and_counts_agree_on_every_filter(client, store, filters, wanted):
    take(store, "a", *ROWS)
    judge(store)
    client.get("/fires/state")
    asked = ({} if "from" in filters else SPAN) | filters
    assert client.get("/fires/head.json", query_string=asked).json["total"] == wanted
    assert len(client.get("/fires/pixels.json", query_string=asked).json["rows"]) == wanted
    answer = client.get("/fires/tiles/2/3/1.mvt", query_string=asked)
    found = mapbox_vector_tile.decode(answer.data)["points"]["features"] if answer.data else []
    assert len(found) == wanted


def test_a_tile_tells_what_each_pixel_covers(client, store):
    take(store, "a", ROWS[0])
    client.get("/fires/state")
    (feature,) = points(client)
    said = feature["properties"]
    assert (said["scan"], said["track"], said["satellite"], said["time"]) == (
        "0.50",
        "0.40",
        "snpp",
        DAY0 + 20_000,
    )
    assert -90 <= float(said["bearing"]) <= 90
    assert f"{said['time'] // DAY_S}-{feature['id']}" == key_of(ROWS[0])


def test_the_list_is_sorted_over_all_pages(client, store):
    take(store, "a", *ROWS)
    judge(store)
    rows = client.get("/fires/pixels.json?sort=frp&dir=desc").json["rows"]
    assert [row["frp"] for row in rows] == ["80.0", "12.0", "3.0"]
    rows = client.get("/fires/pixels.json?sort=time&dir=asc").json["rows"]
    assert rows[-1]["satellite"] == "Terra"
    assert rows[-1]["place"] == "农安县"
    assert rows[-1]["time"] == "2024-03-02 00:40"


def test_the_card_of_a_pixel_names_both_datums_its_county_and_its_event(client, store):
    take(store, "a", *ROWS)
    judge(store)
    card = client.get(f"/fires/pixels/{key_of(ROWS[0])}.json").json
    assert [one["label"] for one in card["positions"]] == ["WGS 84", "GCJ-02"]
    assert card["positions"][0]["text"] == "117.00000, 33.60000"
    assert card["positions"][1]["text"] != card["positions"][0]["text"]
    assert card["event"]["href"] == "/fires/events/e0"
    assert any("埇桥区" in fact["text"] for fact in card["facts"])
    assert client.get(f"/fires/pixels/{key_of(ROWS[1])}.json").json["event"] is None
    for key in ("19783-1", "1", "x-y", "19783-99999999999999999999"):
        assert client.get(f"/fires/pixels/{key}.json").status_code == 404


def test_a_day_that_changed_since_it_was_judged_is_shown_as_it_came(client, store):
    take(store, "a", *ROWS)
    judge(store)
    assert client.get("/fires/head.json").json["classes"] == {"straw_likely": 2, "static": 1}
    take(store, "b", {**WHERE, "acquired": DAY0 + 21_000})
    # The other satellite's day is as it was judged.
    assert client.get("/fires/head.json").json["classes"] == {"straw_likely": 1, "unknown": 3}


def test_events_are_listed_with_the_way_to_their_card(client, store):
    take(store, "a", *ROWS)
    judge(store)
    found = client.get("/fires/events.json", query_string=SPAN | {"region": "340000"}).json
    assert [row["href"] for row in found["rows"]] == ["/fires/events/e0"]
    assert client.get("/fires/events.json?sort=pixels").status_code == 200


def test_the_browser_keeps_what_did_not_change(client, store):
    take(store, "a", *ROWS)
    client.get("/fires/state")
    for address in ("/fires/head.json?class=unknown", "/fires/pixels.json", "/fires/tiles/2/3/1.mvt"):
        first = client.get(address)
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
    tag = client.get("/fires/tiles/2/3/1.mvt").headers["ETag"]
    take(store, "b", {**WHERE, "acquired": DAY0 + 70_000})
    client.get("/fires/state")
    assert client.get("/fires/tiles/2/3/1.mvt", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/fires/head.json?colour=red",
        "/fires/head.json?from=yesterday",
        "/fires/pixels.json?sort=key",
        "/fires/events.json?region=340000,220000",
        "/fires/position.json?lon=x&lat=1",
        "/fires/position.json?lon=nan&lat=1",
        "/fires/tiles/2/3/1.mvt?scan=1",
    ],
)
def test_what_cannot_be_asked_is_refused_in_words(client, address):
    answer = client.get(address, headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json["error"]["text"]


def test_an_address_that_is_too_long_is_refused(client):
    assert client.get("/fires/head.json?class=" + "x," * 5000).status_code == 413
    assert client.get("/fires/tiles/2/9/1.mvt").status_code == 404


def test_a_position_is_told_in_both_datums(client):
    found = client.get("/fires/position.json?lon=117&lat=33.6").json["positions"]
    assert [one["label"] for one in found] == ["WGS 84", "GCJ-02"]


def test_the_third_job_stands_in_the_head_of_every_page(client):
    for path in ("/heating", "/policy", "/fires"):
        assert 'href="/fires"' in client.get(path).text
    assert '<a href="/fires" aria-current="page">' in client.get("/fires").text
    assert "Straw fires" in client.get("/fires?lang=en").text


def test_a_page_behind_the_last_is_the_last(client, store):
    take(store, "a", *ROWS)
    judge(store)
    for door, rows in (("pixels", 3), ("events", 2)):
        answer = client.get(f"/fires/{door}.json", query_string=SPAN | {"page": 99}).json
        assert (answer["page"], answer["pages"], len(answer["rows"])) == (1, 1, rows)
