"""A result is read as soon as its tables are whole, and is no result when its documents come to nothing."""

from __future__ import annotations

import pytest

from tests.web.door import JSON, client_of, outcome, rooms_of, token_of, upload, wait_for
from tests.web.test_jobs import files_under
from tests.web.toy import write_screening

PENDING = {"findings.xlsx", "findings.geojson", "findings.gpkg", "map.html"}


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    return write_screening(tmp_path_factory.mktemp("toy") / "toy")


@pytest.fixture
def start(app, client, toy):
    """Return a function that starts a screening and waits until its tables can be read."""

    def begin(deed="tables"):
        started = upload(client, f"{deed} {toy}".encode()).json
        wait_for(lambda: client.get(started["progress"]).json["readable"])
        return started

    return begin


def go_on(app, started) -> None:
    """Let the documents be written."""
    (rooms_of(app).attempts.get(started["id"]).folder / "go").touch()


def status(client, path) -> int:
    with client.get(path) as answer:
        return int(answer.status_code)


def ready(client, started) -> dict[str, bool]:
    files = client.get(f"{started['page']}/screening.json").json["files"]
    return {file["name"]: file["ready"] for file in files}


def test_the_result_is_shown_while_documents_are_written(app, client, start):
    started = start()
    page = started["page"]
    progress = client.get(started["progress"]).json
    assert (progress["state"], progress["text"]) == ("running", "生成文件")
    assert 'data-state="ready"' in client.get(page).text
    head = client.get(f"{page}/screening.json").json
    assert (head["counts"]["subjects"], head["progress"]) == (7, started["progress"])
    assert head["layers"]["chp_anchors"] == f"{page}/layers/plants.geojson"
    for path in ("points.json", "subjects/2-0.json", "issues.json", "issues", "layers/plants.geojson"):
        assert status(client, f"{page}/{path}") == 200, path
    assert client.get(f"{page}/subjects.json").json["total"] == 7
    go_on(app, started)
    assert outcome(client, started["progress"])["state"] == "done"
    head = client.get(f"{page}/screening.json").json
    assert (head["counts"]["subjects"], head["progress"]) == (7, None)


def test_tables_can_be_taken_home_at_once_and_documents_when_all_are_there(app, client, start):
    started = start()
    page = started["page"]
    assert {name for name, there in ready(client, started).items() if not there} == PENDING
    assert status(client, f"{page}/files/findings.csv") == 200
    refused = client.get(f"{page}/files/map.html", headers=JSON)
    assert (refused.status_code, refused.json["error"]["code"]) == (409, "file_under_way")
    assert "map.html" in client.get(f"{page}/files/map.html").text
    go_on(app, started)
    outcome(client, started["progress"])
    assert all(ready(client, started).values())
    assert status(client, f"{page}/files/map.html") == 200


def test_name_and_notes_wait_for_the_files_and_so_does_deleting(app, client, start):
    started = start()
    page, token = started["page"], {"csrf_token": token_of(client)}
    listed = client.get("/screenings").text
    assert "文件生成中" in listed
    assert f"{page}/describe" not in listed
    assert "文件生成中" in client.get("/heating").text
    for deed in ("describe", "delete"):
        answer = client.post(f"{page}/{deed}", data={**token, "title": "x"}, headers=JSON)
        assert (answer.status_code, answer.json["error"]["code"]) == (409, "not_in_place")
    go_on(app, started)
    outcome(client, started["progress"])
    assert client.post(f"{page}/describe", data={**token, "title": "十一月"}).status_code == 303
    listed = client.get("/screenings").text
    assert "十一月" in listed
    assert "文件生成中" not in listed


def test_a_result_whose_documents_fail_is_no_result_and_says_why(app, client, start):
    started = start("torn")
    page = started["page"]
    go_on(app, started)
    answer = outcome(client, started["progress"])
    assert (answer["state"], answer["error"]["code"]) == ("failed", "job_crashed")
    assert answer["readable"] is False
    for path in ("subjects.json", "screening.json", "files/findings.csv"):
        gone = client.get(f"{page}/{path}", headers=JSON)
        assert (gone.status_code, gone.json["error"]["code"]) == (404, "job_crashed")
    shown = client.get(page)
    assert shown.status_code == 422
    assert answer["error"]["text"] in shown.text
    assert page not in client.get("/screenings").text
    staging = f"staging/{started['id']}"
    assert files_under(rooms_of(app).settings.data) == {
        staging,
        f"{staging}/attempt.json",
        f"{staging}/failure.json",
    }


def test_a_screening_is_cancelled_also_while_its_documents_are_written(app, client, start):
    started = start()
    stopped = client.post(f"{started['page']}/cancel", headers={"X-CSRFToken": token_of(client)})
    assert stopped.status_code == 204
    wait_for(lambda: files_under(rooms_of(app).settings.data) == set())
    for path in ("", "/progress", "/subjects.json"):
        assert client.get(started["page"] + path).status_code == 404


def test_documents_that_take_too_long_leave_nothing(make_app, toy):
    app = make_app(job_wall_s=1.0)
    client = client_of(app)
    started = upload(client, f"tables {toy}".encode()).json
    assert outcome(client, started["progress"])["error"]["code"] == "job_time_limit"
    wait_for(lambda: len(files_under(rooms_of(app).settings.data)) == 3)


def test_before_the_tables_are_whole_nothing_can_be_read(app, client):
    started = upload(client, b"sleep").json
    page = started["page"]
    assert client.get(started["progress"]).json["readable"] is False
    assert 'data-state="running"' in client.get(page).text
    for path in ("subjects.json", "screening.json", "files/findings.csv"):
        early = client.get(f"{page}/{path}", headers=JSON)
        assert (early.status_code, early.json["error"]["code"]) == (409, "still_running")
    assert page not in client.get("/screenings").text
