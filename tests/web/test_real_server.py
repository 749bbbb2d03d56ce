"""The server itself, with its threads: who stalls, how it stops, whose files they are."""

from __future__ import annotations

import json
import signal
import stat
from datetime import UTC, datetime

import pytest

from geoaq.store.place import new_id
from geoaq.store.screenings import Screenings
from tests.web.door import wait_for
from tests.web.real_server import running
from tests.web.test_jobs import files_under, processes_in
from tests.web.toy import write_screening
from web.pace import DOWNLOADS, UPLOADS

STALLED_UPLOAD = (
    "POST /heating/screenings HTTP/1.1",
    "Content-Type: multipart/form-data; boundary=b",
    "Content-Length: 1000000",
)


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def put_large_screening(data, tmp_path):
    made = write_screening(tmp_path / "toy")
    (made / "map.html").write_bytes(bytes(20_000_000))
    screening_id = new_id()
    Screenings(data).put(screening_id, made, filename="a.csv", created=datetime.now(UTC))
    return screening_id


def test_pages_are_answered_while_uploads_and_downloads_stand_still(data, tmp_path):
    screening_id = put_large_screening(data, tmp_path)
    large = f"/screenings/{screening_id}/files/map.html"
    with running(data) as server:
        for _ in range(UPLOADS):
            server.stall(*STALLED_UPLOAD)
        for _ in range(DOWNLOADS // 2):
            server.stall(f"GET {large} HTTP/1.1")
        for _ in range(5):
            assert server.ask("GET", "/healthz")[0] == 200
        wait_for(lambda: server.upload(bytes(100_000))[0] == 429)
        assert server.ask("GET", "/screenings")[0] == 200
        assert len(server.ask("GET", large)[1]) == 20_000_000
        assert server.ask("POST", f"/screenings/{new_id()}/cancel", b"")[0] == 404


def test_uploads_that_stand_still_make_room_for_others(data):
    with running(data, GEOAQ_UPLOAD_PATIENCE_S="0.5") as server:
        for _ in range(UPLOADS + 1):
            server.stall(*STALLED_UPLOAD)
        wait_for(lambda: server.upload(b"fine" + bytes(100_000))[0] == 202)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_stopped_leaves_no_list_and_no_process(data, how):
    with running(data, GEOAQ_JOB_SLOTS="1") as server:
        ids = [json.loads(server.upload(b"sleep")[1])["id"] for _ in range(2)]
        wait_for(lambda: len(processes_in(data)) == 2)
        server.process.send_signal(how)
        server.process.wait(60)
        assert processes_in(data) == []
        folders = {f"staging/{one}" for one in ids}
        records = {f"{one}/{name}" for one in folders for name in ("attempt.json", "failure.json")}
        assert files_under(data) == folders | records


def test_a_server_with_stalled_clients_stops_all_the_same(data):
    with running(data) as server:
        server.stall(*STALLED_UPLOAD)
        server.upload(b"sleep")
        wait_for(lambda: len(processes_in(data)) == 2)
        server.process.send_signal(signal.SIGTERM)
        server.process.wait(60)
        assert processes_in(data) == []
        assert {path.name for path in (data / "staging").glob("[0-9a-f]*/*")} == {
            "attempt.json",
            "failure.json",
        }


def test_what_the_server_keeps_is_its_owners_alone(data):
    with running(data) as server:
        started = json.loads(server.upload(b"fine")[1])
        wait_for(lambda: json.loads(server.ask("GET", started["progress"])[1])["state"] == "done")
        server.upload(b"sleep")
        wait_for(lambda: len(processes_in(data)) == 2)
        rooms = [data / name for name in ("staging", "screenings", "screenings-meta", "trash")]
        for path in [*rooms, *(path for room in rooms for path in room.rglob("*"))]:
            assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
