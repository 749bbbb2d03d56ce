"""What two people do to one screening at the same moment: one outcome, decided once."""

from __future__ import annotations

import errno
import os
import signal
import threading
from pathlib import Path

import pytest

from geoaq.errors import NotFoundError
from tests.web.door import client_of, outcome, rooms_of, token_of, upload, wait_for
from tests.web.test_jobs import files_under, processes_in
from web.connections import NO_ROOM
from web.jobs import BusyError


def cancel(client, started):
    return client.post(f"{started.json['page']}/cancel", headers={"X-CSRFToken": token_of(client)})


def test_a_screening_that_is_being_put_into_place_cannot_be_cancelled(app, client, monkeypatch):
    screenings = rooms_of(app).screenings
    begun, go_on = threading.Event(), threading.Event()
    put = screenings.put

    def held(*args, **words):
        begun.set()
        assert go_on.wait(60)
        return put(*args, **words)

    monkeypatch.setattr(screenings, "put", held)
    started = upload(client, b"fine")
    assert begun.wait(60)
    try:
        assert cancel(client, started).status_code == 404
        folder = rooms_of(app).attempts.get(started.json["id"]).folder
        assert {"findings.csv", "summary.json"} == {path.name for path in (folder / "out").iterdir()}
    finally:
        go_on.set()
    assert outcome(client, started.json["progress"])["state"] == "done"
    assert screenings.get(started.json["id"]).title == "锅炉清单"
    wait_for(lambda: not folder.exists())


def test_a_screening_that_is_cancelled_as_its_process_ends_is_not_published(app, client, monkeypatch):
    jobs = rooms_of(app).jobs
    begun, go_on = threading.Event(), threading.Event()
    watch = jobs._watch

    def held(*args):
        ended = watch(*args)
        begun.set()
        assert go_on.wait(60)
        return ended

    monkeypatch.setattr(jobs, "_watch", held)
    started = upload(client, b"fine")
    assert begun.wait(60)
    answers = []
    asking = threading.Thread(target=lambda: answers.append(cancel(client_of(app), started).status_code))
    asking.start()
    wait_for(lambda: jobs._jobs[started.json["id"]].stopped)
    go_on.set()
    asking.join(60)
    assert answers == [204]
    assert files_under(rooms_of(app).settings.data) == set()
    assert client.get(started.json["progress"]).status_code == 404


def test_a_failure_cannot_be_cancelled(client):
    started = upload(client, b"crash")
    assert outcome(client, started.json["progress"])["state"] == "failed"
    assert cancel(client, started).status_code == 404
    assert client.get(started.json["progress"]).json["state"] == "failed"


def test_two_uploads_for_the_last_place_leave_one_folder(make_app, monkeypatch):
    app = make_app(job_slots=1, job_queue=0)
    jobs = rooms_of(app).jobs
    monkeypatch.setattr(jobs, "require_room", lambda: None)  # both looked while there was room
    client = client_of(app)
    assert [upload(client, b"sleep").status_code for _ in range(2)] == [202, 429]
    assert len(list((rooms_of(app).settings.data / "staging").glob("[0-9a-f]*"))) == 1


def test_a_closed_server_takes_nothing_in_and_leaves_plain_failures(app, client):
    started = upload(client, b"sleep")
    data = rooms_of(app).settings.data
    wait_for(lambda: len(processes_in(data)) == 2)
    rooms_of(app).jobs.close()
    assert processes_in(data) == []
    staging = f"staging/{started.json['id']}"
    assert files_under(data) == {staging, f"{staging}/attempt.json", f"{staging}/failure.json"}
    assert client.get(started.json["progress"]).json["error"]["code"] == "job_interrupted"
    with pytest.raises(BusyError):
        rooms_of(app).jobs.require_room()
    with pytest.raises(NotFoundError):
        rooms_of(app).jobs.cancel("0" * 32)


def test_a_full_disk_is_said_and_leaves_nothing(app, client, monkeypatch):
    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    refused = upload(client, b"fine", environ={NO_ROOM: "1"})
    assert (refused.status_code, refused.json["error"]["code"]) == (507, "no_room")
    monkeypatch.setattr(Path, "replace", full)
    refused = upload(client, b"fine")
    assert (refused.status_code, refused.json["error"]["code"]) == (507, "no_room")
    staging = rooms_of(app).settings.data / "staging"
    assert [path.name for path in staging.iterdir()] == [".servers"]


def test_a_failure_for_which_the_disk_has_no_room_does_not_hold_the_next_one_up(make_app, monkeypatch):
    app = make_app(job_slots=1)
    client = client_of(app)
    attempts, fail = rooms_of(app).attempts, rooms_of(app).attempts.fail

    def full(*_):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(attempts, "fail", full)
    started = upload(client, b"crash").json
    wait_for(lambda: client.get(started["progress"]).status_code == 404)
    monkeypatch.setattr(attempts, "fail", fail)
    assert outcome(client, upload(client, b"fine").json["progress"])["state"] == "done"


def test_a_process_that_the_system_ends_is_not_said_to_have_passed_a_limit(app, client):
    started = upload(client, b"sleep")
    data = rooms_of(app).settings.data
    wait_for(lambda: len(processes_in(data)) == 2)
    for process in processes_in(data):
        os.kill(process, signal.SIGKILL)
    assert outcome(client, started.json["progress"])["error"]["code"] == "job_killed"
