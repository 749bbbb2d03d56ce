"""Deleting on the page, taking it back, and the limits of storage."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.web.door import client_of, put_screening, rooms_of, token_of, upload
from tests.web.toy import NASTY, write_screening


@pytest.fixture(scope="module")
def toy(tmp_path_factory):
    return write_screening(tmp_path_factory.mktemp("toy") / "screening")


@pytest.fixture
def screening_id(app, toy):
    return put_screening(app, toy, f"{NASTY}.xlsx")


def press(client, address):
    return client.post(address, data={"csrf_token": token_of(client, "/about")}, follow_redirects=True)


def test_a_deletion_is_taken_back_by_the_button_that_the_next_page_shows_once(app, client, screening_id):
    rooms_of(app).screenings.describe(screening_id, title="十一月", notes="第一次")
    page = press(client, f"/screenings/{screening_id}/delete").text
    undo = re.search(r'action="(/screenings/trash/[0-9a-f.]+/restore)"', page)
    assert "已删除“十一月”" in page
    assert "撤销" in page
    assert "撤销" not in client.get("/screenings").text
    page = press(client, undo[1]).text
    assert "已恢复“十一月”" in page
    assert "第一次" in page
    assert press(client, undo[1]).status_code == 404


def test_a_reader_who_deleted_nothing_is_offered_nothing(app, client, screening_id):
    press(client, f"/screenings/{screening_id}/delete")
    assert "撤销" not in client_of(app).get("/screenings").text


def test_the_trash_lists_restores_and_removes(app, client, toy):
    first, second = (put_screening(app, toy, f"{name}.xlsx") for name in ("甲", NASTY))
    for one in (first, second):
        press(client, f"/screenings/{one}/delete")
    page = client.get("/screenings/trash").text
    assert "<script>alert" not in page
    assert page.count("<article") == 2
    (place,) = re.findall(rf"/screenings/trash/({first}\.[0-9a-f]{{8}})/restore", page)
    press(client, f"/screenings/trash/{place}/restore")
    assert client.get(f"/screenings/{first}").status_code == 200
    (place,) = re.findall(rf"/screenings/trash/({second}\.[0-9a-f]{{8}})/remove", page)
    assert "彻底删除" in press(client, f"/screenings/trash/{place}/remove").text
    assert "回收区是空的" in client.get("/screenings/trash").text
    assert "The trash is empty" in client.get("/screenings/trash?lang=en").text


def test_the_trash_is_emptied_at_once(app, client, screening_id):
    press(client, f"/screenings/{screening_id}/delete")
    assert "彻底删除 1 项" in press(client, "/screenings/trash/empty").text
    assert rooms_of(app).trash.deleted() == ()


def test_what_is_restored_onto_something_else_is_refused(app, client, screening_id):
    gone = rooms_of(app).trash.put(screening_id, now=datetime.now(UTC))
    (rooms_of(app).settings.data / "screenings" / screening_id).mkdir()
    answer = press(client, f"/screenings/trash/{gone.id}/restore")
    assert (answer.status_code, "无法恢复" in answer.text) == (409, True)


def test_old_entries_go_at_the_start_and_at_a_deletion(make_app, toy):
    app = make_app(trash_days=3)
    room, day = rooms_of(app), timedelta(days=1)
    now = datetime.now(UTC)
    old, young, last = (put_screening(app, toy) for _ in range(3))
    room.trash.put(old, now=now - 4 * day)
    room.trash.put(young, now=now - 2 * day)
    press(client_of(app), f"/screenings/{last}/delete")
    assert {one.screening_id for one in room.trash.deleted()} == {young, last}
    assert rooms_of(make_app(trash_days=1)).trash.deleted()[0].screening_id == last


@pytest.mark.parametrize("deed", ["restore", "remove"])
def test_a_write_needs_the_token_of_the_page(app, client, screening_id, deed):
    gone = rooms_of(app).trash.put(screening_id, now=datetime.now(UTC))
    client.get("/screenings")
    assert client.post(f"/screenings/trash/{gone.id}/{deed}").status_code == 403
    assert client.post("/screenings/trash/empty").status_code == 403
    assert len(rooms_of(app).trash.deleted()) == 1


def test_an_upload_is_refused_before_it_is_kept_when_storage_is_full(make_app, toy):
    app = make_app(storage_gb=0.000001)
    client = client_of(app)
    put_screening(app, toy)
    refused = upload(client, b"succeed")
    assert (refused.status_code, refused.json["error"]["code"]) == (507, "storage_full")
    assert "回收区" in refused.json["error"]["text"]
    assert [path for path in (rooms_of(app).settings.data / "staging").iterdir() if path.name[0] != "."] == []
    page = client.get("/screenings").text
    assert "上限 1 kB" in page
    assert "暂不接收新清单" in page


def test_an_upload_is_refused_when_the_disk_is_nearly_full(make_app):
    app = make_app(disk_spare_mb=10**12)
    refused = upload(client_of(app), b"succeed")
    assert (refused.status_code, refused.json["error"]["code"]) == (507, "disk_nearly_full")


def test_without_a_limit_the_page_says_what_is_used(make_app, toy):
    app = make_app(storage_gb=0)
    put_screening(app, toy)
    page = client_of(app).get("/screenings").text
    assert "存储空间：已用" in page
    assert "上限" not in page


def test_room_that_a_deletion_for_good_makes_is_there_at_once(make_app, toy):
    app = make_app(storage_gb=0.00001)
    client, one = client_of(app), put_screening(app, toy)
    assert upload(client, b"succeed").status_code == 507
    press(client, f"/screenings/{one}/delete")
    assert upload(client, b"succeed").status_code == 507
    press(client, "/screenings/trash/empty")
    assert upload(client, b"succeed").status_code == 202
