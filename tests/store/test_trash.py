"""What was deleted: put back whole, gone for good after its days, and never in two places."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Thread

import pytest

from geoaq.errors import NotFoundError, NotReadyError
from geoaq.store.place import alone, new_id
from geoaq.store.screenings import Screenings, subject_of
from geoaq.store.trash import Trash

NOW = datetime(2026, 11, 21, 8, 30, tzinfo=UTC)


@pytest.fixture
def screenings(tmp_path):
    return Screenings(tmp_path)


@pytest.fixture
def trash(tmp_path):
    return Trash(tmp_path)


def put(screenings, tmp_path, *, followed=False):
    made = tmp_path / "made"
    made.mkdir()
    (made / "summary.json").write_text("{}")
    screening_id = new_id()
    screenings.put(screening_id, made, filename="清单.xlsx", created=NOW)
    screenings.describe(screening_id, title="十一月", notes="第一次")
    if followed:
        (tmp_path / "screenings-meta" / screening_id).mkdir()
        (tmp_path / "screenings-meta" / screening_id / "followups.jsonl").write_text("{}\n")
    return screening_id


def everything(tmp_path):
    """Return what lies in the three folders, without the identities that are random."""
    return sorted(
        path.relative_to(tmp_path).as_posix()
        for name in ("screenings", "screenings-meta", "trash")
        for path in (tmp_path / name).rglob("*")
        if path.name != ".lock"
    )


def test_a_deleted_screening_lies_in_the_trash_and_comes_back_with_what_was_written(
    screenings, trash, tmp_path
):
    screening_id = put(screenings, tmp_path, followed=True)
    before, one = everything(tmp_path), screenings.get(screening_id)
    gone = trash.put(screening_id, now=NOW)
    assert (gone.title, gone.notes, gone.filename, gone.deleted) == ("十一月", "第一次", "清单.xlsx", NOW)
    assert not screenings.has(screening_id)
    assert list((tmp_path / "screenings-meta").iterdir()) == []
    assert trash.deleted() == (gone,)
    assert trash.restore(gone.id) == screening_id
    assert (screenings.get(screening_id), everything(tmp_path)) == (one, before)
    assert trash.deleted() == ()


def test_what_a_list_holds_is_told_again_after_its_screening_came_back(screenings, trash, tmp_path):
    one = screenings.get(put(screenings, tmp_path))
    gone = trash.put(one.id, now=NOW)
    assert subject_of(one.folder) == ""
    (gone.folder / "summary.json").write_text('{"subject": "boiler"}')
    trash.restore(gone.id)
    assert subject_of(one.folder) == "boiler"


def test_who_writes_beside_a_screening_waits_for_its_deletion_and_leaves_nothing_in_its_way(
    screenings, trash, tmp_path
):
    screening_id, told = put(screenings, tmp_path), []

    def describe():
        with pytest.raises(NotFoundError) as caught:
            screenings.describe(screening_id, title="十二月", notes="")
        told.append(caught.value.code)

    writer = Thread(target=describe)
    with alone(tmp_path / "trash"):
        writer.start()
        (tmp_path / "screenings" / screening_id).rename(tmp_path / "gone")
        assert told == []
    writer.join()
    assert told == ["no_screening"]
    (tmp_path / "gone").rename(tmp_path / "screenings" / screening_id)
    gone = trash.put(screening_id, now=NOW)
    assert trash.restore(gone.id) == screening_id


def test_of_two_who_delete_or_restore_the_same_the_second_is_told(screenings, trash, tmp_path):
    screening_id = put(screenings, tmp_path)
    gone = trash.put(screening_id, now=NOW)
    with pytest.raises(NotFoundError):
        trash.put(screening_id, now=NOW)
    assert len(trash.deleted()) == 1
    trash.restore(gone.id)
    for ask in (trash.restore, trash.remove, trash.get):
        with pytest.raises(NotFoundError):
            ask(gone.id)


def test_restoring_refuses_where_something_stands_and_changes_nothing(screenings, trash, tmp_path):
    screening_id = put(screenings, tmp_path, followed=True)
    gone = trash.put(screening_id, now=NOW)
    for place in (
        tmp_path / "screenings" / screening_id,
        tmp_path / "screenings-meta" / screening_id,
        tmp_path / "screenings-meta" / f"{screening_id}.json",
    ):
        place.mkdir()
        before = everything(tmp_path)
        with pytest.raises(NotReadyError):
            trash.restore(gone.id)
        assert everything(tmp_path) == before
        place.rmdir()
    trash.restore(gone.id)
    assert screenings.get(screening_id).notes == "第一次"


@pytest.mark.parametrize("at", range(4))
@pytest.mark.parametrize("deed", ["put", "restore"])
def test_killed_in_between_leaves_either_place_whole(screenings, trash, tmp_path, monkeypatch, deed, at):
    screening_id = put(screenings, tmp_path, followed=True)
    in_place = everything(tmp_path)
    gone = None if deed == "put" else trash.put(screening_id, now=NOW)
    moves, rename = iter(range(99)), Path.rename

    def killed(self, target):
        if self.name.startswith("."):
            return rename(self, target)
        if next(moves) == at:
            raise KeyboardInterrupt
        return rename(self, target)

    monkeypatch.setattr(Path, "rename", killed)
    with suppress(KeyboardInterrupt):
        trash.put(screening_id, now=NOW) if gone is None else trash.restore(gone.id)
    monkeypatch.undo()
    again = Trash(tmp_path)
    again.mend()
    if screenings.has(screening_id):
        assert everything(tmp_path) == in_place
        assert again.deleted() == ()
    else:
        assert list((tmp_path / "screenings-meta").iterdir()) == []
        (entry,) = again.deleted()
        assert (entry.title, entry.deleted) == ("十一月", NOW)
        again.restore(entry.id)
        assert everything(tmp_path) == in_place


def test_only_what_is_older_than_its_days_is_purged_and_nothing_else(screenings, trash, tmp_path):
    old, young = (put(screenings, tmp_path) for _ in range(2))
    kept = put(screenings, tmp_path)
    trash.put(old, now=NOW - timedelta(days=30, seconds=1))
    gone = trash.put(young, now=NOW - timedelta(days=30))
    (tmp_path / "trash" / "by-hand").mkdir()
    (tmp_path / "trash" / f"{new_id()}.0123abcd").symlink_to(tmp_path / "screenings" / kept)
    assert trash.purge(now=NOW, days=30) == 1
    assert [one.id for one in trash.deleted()] == [gone.id]
    assert (tmp_path / "trash" / "by-hand").is_dir()
    assert screenings.has(kept)
    assert trash.empty() == 1
    assert (tmp_path / "trash" / "by-hand").is_dir()


def test_a_removal_that_was_killed_is_ended_at_the_next_start(screenings, trash, tmp_path, monkeypatch):
    gone = trash.put(put(screenings, tmp_path, followed=True), now=NOW)
    monkeypatch.setattr("geoaq.store.trash.shutil.rmtree", lambda _: (_ for _ in ()).throw(KeyboardInterrupt))
    with pytest.raises(KeyboardInterrupt):
        trash.remove(gone.id)
    monkeypatch.undo()
    assert trash.deleted() == ()
    Trash(tmp_path).mend()
    assert everything(tmp_path) == []


def test_an_entry_of_an_older_version_is_dated_by_its_folder(screenings, trash, tmp_path):
    gone = trash.put(put(screenings, tmp_path), now=NOW)
    (tmp_path / "trash" / gone.id / "deleted.json").unlink()
    (one,) = trash.deleted()
    assert one.deleted == datetime.fromtimestamp((tmp_path / "trash" / gone.id).stat().st_mtime, UTC)
    trash.restore(one.id)
    assert not any(path.startswith("trash/") for path in everything(tmp_path))


@pytest.mark.parametrize("wrong", ["", "..", "by-hand", f"{'0' * 32}", f"{'0' * 32}.{'0' * 8}\n"])
def test_what_is_no_identity_is_not_found_before_any_path_is_built(trash, wrong):
    for ask in (trash.get, trash.restore, trash.remove):
        with pytest.raises(NotFoundError):
            ask(wrong)
    with pytest.raises(NotFoundError):
        trash.put(wrong, now=NOW)
