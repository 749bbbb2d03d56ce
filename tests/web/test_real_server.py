"""The server itself, with its threads: who stalls, how it stops, whose files they are."""

from __future__ import annotations

import gzip
import http.client
import json
import signal
import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from geoaq.store.place import new_id
from geoaq.store.screenings import Screenings
from tests.web.door import JSON, wait_for
from tests.web.real_server import running
from tests.web.test_jobs import files_under, processes_in
from tests.web.toy import write_screening

MANY = 40
STALLED_UPLOAD = (
    "POST /heating/screenings HTTP/1.1",
    "Content-Type: multipart/form-data; boundary=b",
    "Content-Length: 1000000",
)
LARGE = bytes(range(256)) * 80_000


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


def put_large_screening(data, tmp_path):
    made = write_screening(tmp_path / "toy")
    (made / "map.html").write_bytes(LARGE)
    screening_id = new_id()
    Screenings(data).put(screening_id, made, filename="a.csv", created=datetime.now(UTC))
    return f"/screenings/{screening_id}/files/map.html"


def test_everything_is_answered_while_many_uploads_and_downloads_stand_still(data, tmp_path):
    large = put_large_screening(data, tmp_path)
    with running(data) as server:
        for _ in range(MANY):
            server.stall(*STALLED_UPLOAD, body=b"--b\r\n")
        for _ in range(MANY // 2):
            server.stall(f"GET {large} HTTP/1.1")
            server.stall(f"GET {large} HTTP/1.1", "Range: bytes=1-")
        assert server.ask("GET", "/healthz")[0] == 200
        assert server.ask("GET", "/screenings")[0] == 200
        assert server.ask("GET", large)[1] == LARGE
        assert server.ask("POST", f"/screenings/{new_id()}/cancel", b"")[0] == 404
        assert server.upload(b"fine" + bytes(1_000_000))[0] == 202


def test_an_upload_that_stands_still_is_dropped_and_leaves_nothing(data):
    with running(data, GEOAQ_UPLOAD_PATIENCE_S="0.5") as server:
        client = server.stall(*STALLED_UPLOAD, body=b"--b\r\n")
        client.settimeout(60)
        assert client.recv(1) == b""
        assert list((data / "staging").glob("[0-9a-f]*")) == []


def test_a_large_file_can_be_asked_for_in_parts_and_is_not_sent_again_unchanged(data, tmp_path):
    large = put_large_screening(data, tmp_path)
    with running(data) as server:
        for stated, part in (
            ("1-", LARGE[1:]),
            ("5-17000000", LARGE[5:17_000_001]),
            ("-9", LARGE[-9:]),
        ):
            status, body, headers = server.ask("GET", large, Range=f"bytes={stated}")
            assert (status, headers["Content-Length"]) == (206, str(len(part)))
            assert body == part
        assert server.ask("GET", large, Range="bytes=30000000-")[0] == 416
        status, body, headers = server.ask("HEAD", large)
        assert (status, body, headers["Content-Length"]) == (200, b"", str(len(LARGE)))
        assert server.ask("GET", large, **{"If-None-Match": headers["ETag"]})[:2] == (304, b"")


def test_files_of_the_front_end_travel_packed(data):
    with running(data) as server:
        address = "/static/geoaq/room.js"
        plain, packed = server.ask("GET", address), server.ask("GET", address, **{"Accept-Encoding": "gzip"})
        assert packed[2]["Content-Encoding"] == "gzip"
        assert gzip.decompress(packed[1]) == plain[1]


def test_an_upload_that_is_too_large_is_refused_in_words(data):
    with running(data, GEOAQ_UPLOAD_MB="1") as server:
        status, body, _ = server.upload(bytes(1_400_000))
        assert (status, json.loads(body)["error"]["code"]) == (413, "upload_too_large")
        lines = (*STALLED_UPLOAD[:2], "Content-Length: 1000000000000", f"Accept: {JSON['Accept']}")
        with http.client.HTTPResponse(server.stall(*lines)) as answer:
            answer.begin()
            code = json.loads(answer.read())["error"]["code"]
            assert (answer.status, code) == (413, "upload_too_large")


def test_a_body_in_chunks_is_refused_in_words(data):
    with running(data) as server:
        lines = (*STALLED_UPLOAD[:2], "Transfer-Encoding: chunked", f"Accept: {JSON['Accept']}")
        with http.client.HTTPResponse(server.stall(*lines)) as answer:
            answer.begin()
            assert (answer.status, json.loads(answer.read())["error"]["code"]) == (411, "no_length")


def test_the_start_says_where_and_nothing_else(data):
    with running(data) as server:
        said = (data.parent / "server.log").read_text("utf-8")
        assert said == f"Serving at http://127.0.0.1:{server.port} (Ctrl-C stops it)\n"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_stopped_leaves_no_list_and_no_process(data, how):
    with running(data, GEOAQ_JOB_SLOTS="1") as server:
        ids = [json.loads(server.upload(b"sleep")[1])["id"] for _ in range(2)]
        wait_for(lambda: len(processes_in(data)) == 2)
        server.process.send_signal(how)
        assert server.process.wait(60) == 0
        assert processes_in(data) == []
        folders = {f"staging/{one}" for one in ids}
        records = {f"{one}/{name}" for one in folders for name in ("attempt.json", "failure.json")}
        assert files_under(data) == folders | records


def test_a_server_with_stalled_clients_stops_all_the_same(data):
    with running(data) as server:
        server.stall(*STALLED_UPLOAD, body=b"--b\r\n")
        server.upload(b"sleep")
        wait_for(lambda: len(processes_in(data)) == 2)
        server.process.send_signal(signal.SIGTERM)
        assert server.process.wait(60) == 0
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


def test_screenings_end_with_a_server_that_is_killed(data):
    alone = json.dumps([sys.executable, "-c", "import time; time.sleep(600)"])
    with running(data, GEOAQ_JOB_COMMAND=alone) as server:
        server.upload(b"fine")
        wait_for(lambda: len(processes_in(data)) == 1)
        server.process.kill()
        server.process.wait(60)
        wait_for(lambda: processes_in(data) == [])


def test_a_body_on_its_way_has_no_name_on_the_disk(data, tmp_path):
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    with running(data, TMPDIR=str(scratch)) as server:
        server.stall(*STALLED_UPLOAD, body=b"--b\r\n" + bytes(900_000))
        handles = Path(f"/proc/{server.process.pid}/fd")

        def bodies():
            return [path for path in handles.iterdir() if path.readlink().is_relative_to(scratch)]

        wait_for(lambda: len(bodies()) == 1)
        assert bodies()[0].readlink().name.endswith("(deleted)")
        assert stat.S_IMODE(bodies()[0].stat().st_mode) & 0o077 == 0
        assert list(scratch.iterdir()) == []
