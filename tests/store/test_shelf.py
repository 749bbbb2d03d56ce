"""Where a screening can be read, and what a reader gets while its folder moves."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from geoaq.errors import NotFoundError, NotReadyError
from geoaq.store.attempts import Attempts
from geoaq.store.place import new_id, write_json
from geoaq.store.screenings import DOCUMENTS, Screenings
from geoaq.store.shelf import Shelf
from geoaq.store.staging import TABLES_ARE_WHOLE

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


@pytest.fixture
def attempts(tmp_path):
    attempts = Attempts(tmp_path)
    yield attempts
    attempts.close()


@pytest.fixture
def screenings(tmp_path):
    return Screenings(tmp_path)


@pytest.fixture
def shelf(screenings, attempts):
    return Shelf(screenings, attempts)


def begin(attempts, *, step=TABLES_ARE_WHOLE, created=NOW, **summary):
    """Make an attempt whose process is at ``step``; return it with its staged folder."""
    attempt = attempts.begin(filename="清单.xlsx", now=created)
    staged = attempt.folder / ".out.0123"
    staged.mkdir()
    write_json(staged / "summary.json", summary)
    for name in ("findings.csv", "findings.xlsx"):
        (staged / name).write_text("x")
    write_json(attempt.progress_file, {"step": step, "done": 0, "total": 4})
    return attempts.get(attempt.id), staged


def put(screenings, attempt):
    screenings.put(attempt.id, attempt.out, filename=attempt.filename, created=attempt.created)


def test_tables_are_read_from_the_staged_folder_and_documents_are_pending(shelf, attempts):
    attempt, staged = begin(attempts)
    one = shelf.get(attempt.id)
    assert (one.folder, one.title, one.in_place, one.pending) == (staged, "清单", False, DOCUMENTS)
    assert one.files == ("findings.csv", "summary.json")
    with pytest.raises(NotReadyError, match=r"findings\.xlsx"):
        one.file("findings.xlsx")


def test_what_is_left_out_is_not_waited_for(shelf, attempts):
    left_out = dict.fromkeys(("xlsx", "geojson", "gpkg"), "too_many_subjects")
    attempt, _ = begin(attempts, left_out=left_out)
    assert shelf.get(attempt.id).pending == ("map.html",)


def test_the_place_of_a_screening_comes_before_its_staging(shelf, attempts, screenings):
    attempt, staged = begin(attempts)
    staged.rename(attempt.out)
    assert shelf.get(attempt.id).folder == attempt.out
    put(screenings, attempt)
    one = shelf.get(attempt.id)
    assert (one.in_place, one.pending) == (True, ())
    assert one.file("findings.xlsx").read_text() == "x"


@pytest.mark.parametrize("step", ["reading", "screening"])
def test_before_its_tables_are_whole_a_screening_cannot_be_read(shelf, attempts, step):
    attempt, _ = begin(attempts, step=step)
    with pytest.raises(NotReadyError):
        shelf.get(attempt.id)
    assert shelf.list() == ()


def test_of_a_failure_the_reason_is_said(shelf, attempts):
    attempt, _ = begin(attempts)
    attempts.fail(attempt.id, "job_time_limit", {"limit_s": 9})
    with pytest.raises(NotFoundError, match="9 s"):
        shelf.get(attempt.id)
    with pytest.raises(NotFoundError):
        shelf.get(new_id())


def test_a_reader_whose_folder_moves_twice_reads_it_where_it_ends(shelf, attempts, screenings):
    attempt, staged = begin(attempts)
    moves = [lambda: staged.rename(attempt.out), lambda: put(screenings, attempt)]
    seen = []

    def work(one):
        seen.append(one.in_place)
        if moves:
            moves.pop(0)()
        return (one.folder / "findings.csv").read_text()

    assert shelf.read(attempt.id, work) == "x"
    assert seen == [False, False, True]


def test_what_a_reader_missed_because_the_folder_had_gone_is_looked_up_again(shelf, attempts, screenings):
    attempt, staged = begin(attempts)

    def work(one):
        if not one.in_place:
            staged.rename(attempt.out)
            put(screenings, attempt)
        return one.files

    assert "findings.xlsx" in shelf.read(attempt.id, work)


def test_what_is_missing_in_a_folder_that_stays_is_missing(shelf, attempts):
    attempt, _ = begin(attempts)
    asked = []

    def work(one):
        asked.append(one)
        return one.file("other.txt")

    with pytest.raises(NotFoundError):
        shelf.read(attempt.id, work)
    assert len(asked) == 1


def test_screenings_are_listed_with_those_whose_documents_are_written(shelf, attempts, screenings):
    done, staged = begin(attempts, created=NOW - timedelta(days=1))
    staged.rename(done.out)
    put(screenings, done)
    under_way, _ = begin(attempts)
    assert [(one.id, one.in_place) for one in shelf.list()] == [(under_way.id, False), (done.id, True)]
    assert len(shelf.list(limit=1)) == 1
    with pytest.raises(NotReadyError):
        shelf.require_in_place(under_way.id)
    assert shelf.require_in_place(done.id).id == done.id
