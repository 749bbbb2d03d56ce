"""Slow clients hold what is meant for them, and no more."""

from __future__ import annotations

import io
import threading

import pytest
from flask import Flask, Response
from werkzeug.wsgi import FileWrapper

from tests.web.door import JSON, client_of, put_screening, token_of, upload
from tests.web.toy import write_screening
from web.pace import DOWNLOADS, PacedBody, TooManyTransfers, TooSlow


class Stalled:
    """A body that gives its pieces and then nothing, until the connection ends."""

    def __init__(self, *pieces: bytes) -> None:
        self.pieces = list(pieces)
        self.ended = threading.Event()

    def read(self, size: int) -> bytes:
        if self.pieces:
            return self.pieces.pop(0)[:size]
        self.ended.wait(60)
        return b""


def test_a_body_is_read_to_its_end_and_its_place_is_free_again():
    slots = threading.BoundedSemaphore(1)
    body = PacedBody(io.BytesIO(bytes(200_000)), slots, 60)
    assert sum(len(piece) for piece in iter(lambda: body.read(100_000), b"")) == 200_000
    assert slots.acquire(blocking=False)
    body.close()


def test_a_body_that_stands_still_is_given_up_and_its_place_is_free_again():
    slots, source = threading.BoundedSemaphore(1), Stalled(b"begin")
    body = PacedBody(source, slots, 0.05)
    assert body.read(5) == b"begin"
    with pytest.raises(TooSlow):
        body.read(5)
    assert slots.acquire(blocking=False)
    assert body.read(5) == b""
    source.ended.set()


def test_a_body_that_trickles_is_given_up_too():
    slots = threading.BoundedSemaphore(1)
    trickle = Stalled(*[b"x"] * 3)
    body = PacedBody(trickle, slots, 0.05, pace=1e9)
    with pytest.raises(TooSlow):
        list(iter(lambda: body.read(1), b""))
    trickle.ended.set()


def test_no_more_bodies_are_read_at_a_time_than_there_are_places():
    slots, source = threading.BoundedSemaphore(1), Stalled(b"one")
    first, second = PacedBody(source, slots, 60), PacedBody(io.BytesIO(b"two"), slots, 60)
    assert first.read(3) == b"one"
    with pytest.raises(TooManyTransfers):
        second.read(3)
    first.close()
    assert second.read(3) == b"two"
    second.close()
    source.ended.set()


def test_a_body_that_breaks_off_says_so_where_it_is_read():
    class Broken:
        def read(self, size: int) -> bytes:
            raise ConnectionResetError(size)

    slots = threading.BoundedSemaphore(1)
    with pytest.raises(ConnectionResetError):
        PacedBody(Broken(), slots, 60).read(5)
    assert slots.acquire(blocking=False)


def test_an_upload_that_stands_still_is_answered_in_words_and_leaves_nothing(make_app):
    app = make_app(upload_patience_s=0.05)
    source = Stalled()
    answer = upload(client_of(app), b"fine", environ={"wsgi.input": source})
    source.ended.set()
    assert (answer.status_code, answer.json["error"]["code"]) == (408, "too_slow")
    assert upload(client_of(app), b"fine").status_code == 202


def large(app: Flask) -> None:
    def send() -> Response:
        pieces = FileWrapper(io.BytesIO(bytes(2_000_000)))
        return Response(pieces, mimetype="application/zip", direct_passthrough=True)

    app.add_url_rule("/large", view_func=send)


def test_more_large_answers_than_there_are_places_wait_outside(app, client):
    large(app)
    taken = [client.get("/large", buffered=False) for _ in range(DOWNLOADS)]
    refused = client.get("/large", headers=JSON)
    assert (refused.status_code, refused.json["error"]["code"]) == (429, "too_many_transfers")
    assert refused.headers["Content-Security-Policy"]
    assert client.get("/healthz").status_code == 200
    assert client.head("/large").status_code == 200
    taken[0].close()
    assert len(client.get("/large").data) == 2_000_000  # and what was read to its end is free again
    assert client.get("/large", buffered=True).status_code == 200
    for answer in taken[1:]:
        answer.close()


def test_a_small_file_is_handed_over_in_one_piece(app, client, tmp_path):
    screening_id = put_screening(app, write_screening(tmp_path / "toy"))
    address = f"/screenings/{screening_id}/files/summary.json"
    with client.get(address, buffered=False) as answer:
        assert len(list(answer.response)) == 1
    with client.get(address, headers={"Range": "bytes=1-9"}) as answer:
        assert (answer.status_code, len(answer.data)) == (206, 9)
    with client.get(address, headers={"If-None-Match": answer.headers["ETag"]}) as unchanged:
        assert unchanged.status_code == 304


def test_a_short_form_is_read_while_uploads_stand_still(make_app):
    app = make_app()
    client = client_of(app)
    pace = app.wsgi_app
    while pace._uploads.acquire(blocking=False):
        pass
    token = {"X-CSRFToken": token_of(client)}
    assert upload(client, bytes(100_000)).json["error"]["code"] == "too_many_transfers"
    assert client.post(f"/screenings/{'0' * 32}/cancel", headers=token).status_code == 404
