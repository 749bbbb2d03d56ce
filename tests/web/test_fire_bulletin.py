"""The page of bulletins without a browser: what it asks the command for, what it keeps, what it refuses."""

from __future__ import annotations

from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
import shapely
from flask.testing import FlaskClient

from geoaq.cli.fires_bulletin import table
from geoaq.store.fires.store import FireStore
from geoaq.store.zones import KeptPermit, ZoneStore
from tests.store.fires.judgements import events, judged, keep
from tests.store.fires.rows import about, given
from tests.web.door import client_of, rooms_of, token_of

QUERY = "kind=day&day=2025-06-11&area=341300"
NOON = 1_749_618_000


@pytest.fixture
def asked(make_app, tmp_path: Path, built_layers, monkeypatch):
    """Return a client of an office with one fire, and what was asked of the command."""
    data = tmp_path / "data"
    data.mkdir()
    (data / "layers").symlink_to(built_layers.path.parent)
    with FireStore(data) as store:
        pixels = judged({"acquired": NOON, "satellite": "noaa21"})
        store.ingest(given(pixels.iloc[:, :19]), **about("office"))
        keep(store, pixels, events({"first_seen": NOON, "last_seen": NOON}))
    app = make_app(data=data)
    commands: list[list[str]] = []

    def run(arguments, place, **_):
        commands.append(list(arguments))
        (place / "out").mkdir()
        (place / "out" / "made").write_bytes(b"<article>" + str(len(commands)).encode() + b"</article>")

    monkeypatch.setattr(rooms_of(app).workshop, "run", run)
    return client_of(app), commands, data


def test_without_judged_fires_the_page_says_what_to_do(client: FlaskClient, built_layers, app) -> None:
    (rooms_of(app).settings.data / "layers").symlink_to(built_layers.path.parent)
    page = client.get("/fires/bulletin").get_data(as_text=True)
    assert "没有资料不等于无火" in page
    assert "<form" not in page.split("</header>")[1]


def test_the_form_comes_first_with_the_last_day_that_has_fires(asked) -> None:
    client, commands, _ = asked
    page = client.get("/fires/bulletin").get_data(as_text=True)
    assert 'value="2025-06-11"' in page
    assert commands == []


def test_days_are_those_of_beijing_and_the_one_asked_for_is_the_day_of_report(asked) -> None:
    """18:30 in Beijing on 11 June is 10:30 UTC: of the 11th, and in the report of the 12th."""
    client, _, data = asked
    with FireStore(data) as store:
        late = judged({"acquired": NOON + 5 * 3600 + 1800, "satellite": "noaa21"})
        store.ingest(given(late.iloc[:, :19]), **about("late"))
        early = judged({"acquired": NOON - 10 * 3600 - 1800, "satellite": "snpp"})
        store.ingest(given(early.iloc[:, :19]), **about("early"))
    page = client.get("/fires/bulletin").get_data(as_text=True)
    assert 'name="day" value="2025-06-12"' in page
    assert "库中火点：2025-06-11至2025-06-11（北京时间）" in page


def test_the_page_holds_what_the_command_made_and_keeps_it_for_the_next(asked) -> None:
    client, commands, _ = asked
    for _ in range(2):
        answer = client.get(f"/fires/bulletin?{QUERY}")
        assert "<article>1</article>" in answer.get_data(as_text=True)
        assert answer.headers["Cache-Control"] == "private, no-store"
    (command,) = commands
    assert command[:4] == ["fires", "bulletin", "--area=341300", "--day=2025-06-11"]
    assert "--only=article" in command
    assert "宿州市" in client.get(f"/fires/bulletin?{QUERY}").get_data(as_text=True)


def test_files_are_sent_with_a_name_of_their_own(asked) -> None:
    client, commands, _ = asked
    answer = client.get("/fires/bulletin.pdf?kind=range&day=2025-06-10&last=2025-06-11&area=340000")
    assert answer.mimetype == "application/pdf"
    assert "fire-bulletin-340000-2025-06-10_2025-06-11.pdf" in answer.headers["Content-Disposition"]
    assert {"--from=2025-06-10", "--to=2025-06-11", "--only=pdf"} <= set(commands[0])
    assert client.get(f"/fires/bulletin.exe?{QUERY}").status_code == 404


def test_a_bulletin_is_made_anew_when_the_offices_tables_change(asked) -> None:
    client, commands, data = asked
    client.get(f"/fires/bulletin?{QUERY}")
    (data / "fires" / "office").mkdir()
    (data / "fires" / "office" / "checks.csv").write_text("火情编号,核查结果\ne1,属实\n")
    client.get(f"/fires/bulletin?{QUERY}")
    assert len(commands) == 2


def test_a_bulletin_is_made_anew_when_a_zone_is_kept(asked) -> None:
    client, commands, data = asked
    client.get(f"/fires/bulletin?{QUERY}")
    with FireStore(data) as store:
        here = shapely.to_wkb(shapely.box(116.0, 33.0, 117.0, 34.0))
        stated = {"name": "", "number": "1", "issuer": "县政府", "day": "2025-06-01", "shape": here}
        permit = KeptPermit(**stated, begin=0, end=NOON)
        ZoneStore(store.engine).add_permits([permit], by="局", now=1)
    client.get(f"/fires/bulletin?{QUERY}")
    assert len(commands) == 2


@pytest.mark.parametrize(
    "query", ["kind=year&day=2025-06-11", "day=<b>&area=340000", "day=2025-06-11&area=34", "day=2025-13-01"]
)
def test_what_cannot_be_asked_is_refused_and_nothing_is_run(asked, query: str) -> None:
    client, commands, _ = asked
    answer = client.get(f"/fires/bulletin?{query}")
    assert answer.status_code == 400
    assert "<b>" not in answer.get_data(as_text=True)
    assert commands == []


def test_the_style_is_served_with_the_pages_own_policy(asked) -> None:
    client, _, _ = asked
    answer = client.get("/fires/bulletin.css")
    assert answer.mimetype == "text/css"
    assert b".bulletin" in answer.data


@pytest.fixture
def tables(asked, monkeypatch):
    """Return a client whose server reads tables by the same command here, and the folder of its tables."""
    client, _, data = asked

    def run(_self, arguments, _place, **_limits) -> None:
        assert arguments[:2] == ["fires", "table"]
        table(arguments[2], Path(arguments[3]), Path(arguments[4].partition("=")[2]))

    monkeypatch.setattr(rooms_of(client.application).workshop, "run", partial(run, None))
    return client, data / "fires" / "office"


def given_table(client: FlaskClient, body: str, what: str = "arable", name: str = "耕地.csv"):
    fields = {"table": what, "file": (BytesIO(body.encode()), name), "csrf_token": token_of(client)}
    return client.post("/fires/bulletin/tables", data=fields, content_type="multipart/form-data")


def test_a_table_of_the_office_is_read_then_kept_and_the_one_before_put_aside(tables) -> None:
    client, folder = tables
    answer = given_table(client, "代码,耕地面积（千公顷）\n341302,150\n3413,1\n")
    assert answer.status_code == 201
    assert "可用 1 行，不能用 1 行" in answer.text
    assert "第 3 行" in answer.text
    assert [path.name for path in folder.iterdir() if path.is_file()] == ["arable.csv"]
    again = given_table(client, "代码,耕地面积（公顷）\n341302,150000\n", name="<b>新.CSV")
    assert again.status_code == 201
    assert "公顷" in (folder / "arable.csv").read_text("utf-8")
    assert [path.name for path in (folder / "earlier").iterdir()] == ["arable-0001.csv"]
    refused = given_table(client, "a,b\n1,2\n")
    assert refused.status_code == 400
    assert "原有资料表照旧使用" in refused.text
    assert "150000" in (folder / "arable.csv").read_text("utf-8")
    page = client.get("/fires/bulletin").text
    assert "/templates/arable_list.xlsx" in page
    dropped = client.post(
        "/fires/bulletin/tables/drop", data={"table": "arable", "csrf_token": token_of(client)}
    )
    assert dropped.status_code == 303
    assert [path for path in folder.iterdir() if path.is_file()] == []


def test_no_other_table_and_no_other_kind_of_file_is_taken(tables) -> None:
    client, folder = tables
    assert given_table(client, "x", what="../arable").status_code == 404
    assert given_table(client, "x", name="耕地.exe").status_code == 400
    assert (
        client.post(
            "/fires/bulletin/tables/drop", data={"table": "..", "csrf_token": token_of(client)}
        ).status_code
        == 404
    )
    assert not folder.exists()
