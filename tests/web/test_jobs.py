"""Screenings run in processes of their own, and leave all or nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from geoaq.store.attempts import Attempts
from tests.web.door import client_of, outcome, rooms_of, token_of, upload, wait_for


def files_under(data: Path) -> set[str]:
    """Return every file and folder of screenings, done or under way."""
    kept = (data / "screenings", data / "staging")
    found = (
        Path(folder) / name
        for top in kept
        for folder, folders, files in os.walk(top)  # what vanishes meanwhile is no error to it
        for name in (*folders, *files)
    )
    return {str(path.relative_to(data)) for path in found if ".servers" not in path.parts}


def processes_in(folder: Path) -> list[int]:
    """Return the processes whose working folder lies in ``folder``."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if (process / "cwd").readlink().is_relative_to(folder):
                found.append(int(process.name))
        except OSError:
            continue
    return found


def test_a_screening_that_ends_well_is_moved_into_place_whole(app, client):
    started = upload(client, b"fine", as_of="2026-01-31", datum="GCJ-02", complete_for="330000，330481")
    assert started.status_code == 202
    answer = outcome(client, started.json["progress"])
    assert answer["state"] == "done"
    assert answer["page"] == started.json["page"]

    data = rooms_of(app).settings.data
    screening_id = started.json["id"]
    whole = {
        f"screenings/{screening_id}",
        f"screenings/{screening_id}/findings.csv",
        f"screenings/{screening_id}/summary.json",
    }
    wait_for(lambda: files_under(data) == whole)
    one = rooms_of(app).screenings.get(screening_id)
    assert (one.title, one.filename) == ("锅炉清单", "锅炉清单.csv")


def test_the_command_gets_what_the_form_says_and_no_secret(app, client, monkeypatch):
    monkeypatch.setenv("GEOAQ_TIANDITU_KEY", "secret")
    fields = {"as_of": "2026-01-31", "datum": "GCJ-02", "complete_for": "330000，330481", "lang": "zh"}
    started = upload(client, b"fine", "../../--out=x.csv", **fields)
    assert outcome(client, started.json["progress"])["state"] == "done"
    told = rooms_of(app).screenings.get(started.json["id"]).folder.joinpath("summary.json").read_text("utf-8")
    for word in ("--as-of=2026-01-31", "--datum=GCJ-02", "--complete-for=330000", "--complete-for=330481"):
        assert f'"{word}"' in told
    assert '"--out=x.csv"' not in told
    assert '"--plants-only"' not in told
    assert "GEOAQ_TIANDITU_KEY" not in told
    assert "HTTP_PROXY" not in told


def test_an_office_may_set_the_shipped_plants_aside(app, client):
    started = upload(client, b"fine", plants=(b"fine", "电厂.csv"), plants_only="1", complete_for="330000")
    assert outcome(client, started.json["progress"])["state"] == "done"
    told = rooms_of(app).screenings.get(started.json["id"]).folder.joinpath("summary.json").read_text("utf-8")
    assert '"--plants-only"' in told
    assert '"--complete-for=330000"' in told


@pytest.mark.parametrize(
    ("deed", "limits", "code"),
    [
        ("mend", {}, "bad_option"),
        ("crash", {}, "job_crashed"),
        ("empty", {}, "job_crashed"),
        ("memory", {"job_memory_mb": 512}, "job_memory_limit"),
        ("spin", {"job_cpu_s": 1}, "job_time_limit"),
        ("sleep", {"job_wall_s": 1.0}, "job_time_limit"),
        ("flood", {"job_file_mb": 8}, "job_file_limit"),
    ],
)
def test_a_screening_that_fails_says_why_and_leaves_nothing_half_written(make_app, deed, limits, code):
    app = make_app(**limits)
    client = client_of(app)
    started = upload(client, deed.encode())
    answer = outcome(client, started.json["progress"])
    assert (answer["state"], answer["error"]["code"]) == ("failed", code)

    staging = f"staging/{started.json['id']}"
    data = rooms_of(app).settings.data
    wait_for(lambda: len(files_under(data)) == 3)
    assert files_under(data) == {staging, f"{staging}/attempt.json", f"{staging}/failure.json"}
    assert processes_in(data) == []
    assert client.get("/healthz").status_code == 200


def test_the_page_of_a_failure_shows_the_reason_escaped(client):
    started = upload(client, b"mend")
    outcome(client, started.json["progress"])
    page = client.get(started.json["page"])
    assert page.status_code == 422
    assert "&lt;b&gt;54&lt;/b&gt;" in page.text
    assert "<b>54</b>" not in page.text


def test_a_cancelled_screening_ends_with_all_its_processes_and_leaves_no_folder(app, client):
    started = upload(client, b"sleep")
    data = rooms_of(app).settings.data
    wait_for(lambda: len(processes_in(data)) == 2)
    token = token_of(client)
    stopped = client.post(f"{started.json['page']}/cancel", headers={"X-CSRFToken": token})
    assert stopped.status_code == 204
    wait_for(lambda: processes_in(data) == [])
    wait_for(lambda: files_under(data) == set())
    assert client.get(started.json["progress"]).status_code == 404


def test_a_screening_that_waits_can_be_cancelled_and_the_next_one_runs(make_app):
    app = make_app(job_slots=1)
    client = client_of(app)
    first, second, third = (upload(client, deed) for deed in (b"sleep", b"sleep", b"fine"))
    token = token_of(client)
    assert client.get(second.json["progress"]).json["state"] == "queued"
    for started in (second, first):
        client.post(f"{started.json['page']}/cancel", headers={"X-CSRFToken": token})
    assert outcome(client, third.json["progress"])["state"] == "done"


def test_more_screenings_than_may_wait_are_refused_before_they_are_kept(make_app):
    app = make_app(job_slots=1, job_queue=1)
    client = client_of(app)
    assert [upload(client, b"sleep").status_code for _ in range(3)] == [202, 202, 429]
    assert len(list((rooms_of(app).settings.data / "staging").glob("[0-9a-f]*"))) == 2


def test_what_a_dead_server_left_becomes_a_plain_failure(make_app, tmp_path):
    data = tmp_path / "data"
    lines = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC",
        "from geoaq.store.attempts import Attempts",
        "attempts = Attempts(Path(sys.argv[1]))",
        "one = attempts.begin(filename='a.csv', now=datetime.now(UTC))",
        "(one.folder / 'half.parquet').write_text('x'); print(one.id, flush=True); input()",
    )
    command = [sys.executable, "-c", "\n".join(lines), str(data)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        screening_id = server.stdout.readline().strip()
        living = make_app()
        assert rooms_of(living).attempts.get(screening_id).state == "queued"
        server.kill()
    fresh = make_app()
    left = rooms_of(fresh).attempts.get(screening_id)
    assert (left.state, left.code) == ("failed", "job_interrupted")
    assert sorted(path.name for path in left.folder.iterdir()) == ["attempt.json", "failure.json"]


def test_a_screening_dies_with_its_server(tmp_path):
    lines = (
        "import sys; from pathlib import Path",
        "from tests.web.door import client_of, upload; from web import create_app",
        "app = create_app({'data': Path(sys.argv[1]), 'job_command': [sys.executable, sys.argv[2]]})",
        "upload(client_of(app), b'sleep'); print('ready', flush=True); input()",
    )
    pretender = Path(__file__).with_name("pretender.py")
    command = [sys.executable, "-c", "\n".join(lines), str(tmp_path), str(pretender)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        assert server.stdout.readline().strip() == "ready"
        wait_for(lambda: len(processes_in(tmp_path)) == 2)
        started = processes_in(tmp_path)
        server.kill()
    try:
        wait_for(lambda: len(processes_in(tmp_path)) <= 1)
    finally:
        for process in set(processes_in(tmp_path)) & set(started):
            os.kill(process, signal.SIGKILL)


def test_old_failures_are_forgotten(tmp_path):
    from datetime import UTC, datetime, timedelta

    attempts = Attempts(tmp_path)
    now = datetime.now(UTC)
    old = attempts.begin(filename="a.csv", now=now - timedelta(days=8))
    new = attempts.begin(filename="b.csv", now=now)
    for one in (old, new):
        attempts.fail(one.id, "job_crashed", {})
    attempts.begin(filename="c.csv", now=now)
    assert not old.folder.exists()
    attempts.clean(now=now)
    assert attempts.get(new.id).state == "failed"
    attempts.close()
